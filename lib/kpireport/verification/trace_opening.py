"""Opens what is to be traced: the published folders of a period with what they were made from, or a bundle.

Only files that are what the manifest says are read; the register is that of the publication, not today's.
"""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from kpireport.errors import ParameterError, PublishingError
from kpireport.publishing import evidence, manifest
from kpireport.publishing.manifest import INPUTS, MANIFEST, Manifest
from kpireport.verification import bundle, integrity
from kpireport.verification.bundle import OUTPUTS, RETURNS
from kpireport.verification.trace_source import Source

_QUARTER = re.compile("([0-9]{4}-[0-9]{2})-q([1-4])")


def of_period(outputs: Path, period: str, work: Path, *, data: Path | None) -> list[Source]:
    """Return the published folders of a period: the one of that name, and the others of the same quarter or year.

    Parameters
    ----------
    period
        The name of a published folder, such as 2024-25-q2 or 2023-24-annual.
    work
        An empty folder of the caller's own.
    data
        Today's register, where it is the same council's.

    Raises
    ------
    ParameterError
        When nothing of that name is published.
    PublishingError
        When what a folder was made from is no longer held.
    """
    abouts = {}
    for path in sorted(outputs.glob(f"*/{MANIFEST}")):
        try:
            abouts[path.parent.name] = manifest.read(path.parent)
        except PublishingError:
            if path.parent.name == period:
                raise
    if period in abouts:
        wanted, known = abouts[period].period, abouts[period].settings.get("as_known_on", "")
    elif (found := _QUARTER.fullmatch(period)) and any(one.period == f"{found[1]} Q{found[2]}" for one in abouts.values()):
        wanted, known = f"{found[1]} Q{found[2]}", ""
    else:
        bundle.folder_of(outputs, period)  # which says what is published
        raise ParameterError(f"period: {outputs} has no published folder {period}.")
    same = {name: one for name, one in abouts.items() if one.period == wanted and one.settings.get("as_known_on", "") == known}
    ordered = sorted(same, key=lambda name: (name != period, name))
    return [_published(outputs, name, same[name], work / name, data) for name in ordered]


def _published(outputs: Path, name: str, about: Manifest, work: Path, data: Path | None) -> Source:
    folder = outputs / name
    files: dict[str, Path] = {}
    altered = set()
    for one in about.outputs:
        path = folder / one.name
        if path.is_file():
            files[f"{OUTPUTS}{one.name}"] = path
        if not path.is_file() or evidence.digest(path) != one.sha256:
            altered.add(f"{OUTPUTS}{one.name}")
    lost = []
    for one in (*about.inputs, *about.evidence):
        found = evidence.find(outputs, one.sha256) or _today(one, data)
        if found:
            files[one.name] = found
        elif one.name.startswith(INPUTS):
            lost.append(one.name)
    if lost:
        told = ", ".join(lost[:3]) + (f" and {len(lost) - 3} more" if len(lost) > 3 else "")
        raise PublishingError(
            f"{name} cannot be traced: {told} is no longer held as it was read. Make the reports again, or trace their bundle."
        )
    return Source(name, about, files, frozenset(altered), _laid_out(about, files, work), outputs, data)


def _today(one: manifest.Resource, data: Path | None) -> Path | None:
    path = data / one.name.removeprefix(f"{INPUTS}data/") if data and one.name.startswith(f"{INPUTS}data/") else None
    return path if path and path.is_file() and evidence.digest(path) == one.sha256 else None


def of_bundle(file: Path, work: Path, *, data: Path | None = None) -> list[Source]:
    """Return what a bundle holds; the parameters are those of `of_period`.

    Raises
    ------
    UnsafeBundleError
        When it is no bundle, or not one that is safe to open.
    PublishingError
        When a file of its inputs is not what its manifest says.
    """
    whole = work / "bundle"
    whole.mkdir(parents=True)
    integrity.unpack(file, whole)
    if not (whole / MANIFEST).is_file():
        raise integrity.UnsafeBundleError(f"{file.name} is no bundle of kpireport: it has no {MANIFEST}.")
    about = manifest.read(whole)
    expected, found = bundle.expected(about), integrity.digests(whole)
    bad = [fault for fault in integrity.check(found, expected) if fault.path.startswith(INPUTS)]
    if bad:
        raise PublishingError(f"{file.name} cannot be traced: {bad[0]}. Verify it first: make verify BUNDLE={file.name}")
    is_whole = {name for name, digest in expected.items() if found.get(name) == digest}
    published = {f"{OUTPUTS}{one.name}" for one in about.outputs}
    shown = is_whole | (published & found.keys()) | {name for name in found if name.startswith(RETURNS)}
    files = {name: whole / name for name in shown if found[name]}  # a link has no digest, and is not followed
    altered = frozenset((published | {one.name for one in about.evidence if one.name in found}) - is_whole)
    return [Source(about.folder, about, files, altered, _laid_out(about, files, work / "read"), None, data)]


def _laid_out(about: Manifest, files: Mapping[str, Path], work: Path) -> Path:
    """Copy the inputs to a folder as the reports read them."""
    for one in about.inputs:
        there = work / one.name.removeprefix(INPUTS)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(files[one.name], there)
    return work
