"""Verify a bundle, step by step: is it whole, can its reports be made again, are they the same."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kpireport.errors import ParameterError, PublishingError
from kpireport.publishing import audit_tables, evidence, faults, manifest
from kpireport.publishing.manifest import MANIFEST, RUN, SIGNATURE, Manifest
from kpireport.sources import council as councils
from kpireport.sources import workbook
from kpireport.sources.council import Council
from kpireport.verification import bundle, integrity, reperformance, signature, verdict
from kpireport.verification.bundle import OUTPUTS
from kpireport.verification.comparison import Comparison, compare
from kpireport.verification.integrity import Fault, FaultKind, UnsafeBundleError
from kpireport.verification.reperformance import CannotPrepareError, Departure, Environment, Remade, Say
from kpireport.verification.verdict import Verdict

_OWN = (MANIFEST, RUN, SIGNATURE)
"""What lies in a published folder beside the published files."""


@dataclass(frozen=True)
class Examination:
    """What was verified, what was found, and the verdict."""

    name: str
    """Of the bundle's file, or of the published folder."""
    sha256: str
    """Of the bundle's file; "" for a published folder."""
    about: Manifest
    council: Council | None
    """None where the council's particulars cannot be read."""
    checked: int
    """How many files were held against the manifest."""
    faults: tuple[Fault, ...]
    signature: str
    """Its state, as a sentence."""
    environment: Environment | None
    unprepared: str
    """Why there was no environment to make the reports in; "" when there was."""
    departures: tuple[Departure, ...]
    remade: Remade | None
    comparison: Comparison | None
    verdict: Verdict
    reasons: tuple[str, ...]


def examine(file: Path, work: Path, say: Say, *, signers: Path | None = None) -> Examination:
    """Verify a bundle.

    Parameters
    ----------
    work
        An empty folder of the caller's own.
    signers
        A file of allowed signers (`signature.verify`), of whom one must have signed; None: a signature is not checked.

    Raises
    ------
    UnsafeBundleError
        When it is no bundle, or not one that is safe to open.
    """
    say(f"Opening {file.name}.")
    whole = work / "bundle"
    whole.mkdir()
    integrity.unpack(file, whole)
    if not (whole / MANIFEST).is_file():
        raise UnsafeBundleError(f"{file.name} is no bundle of kpireport: it has no {MANIFEST}.")
    found = _examine(whole, work, say, signers, required=integrity.BESIDE - {SIGNATURE})
    return replace(found, name=file.name, sha256=integrity.digest(file))


def examine_period(outputs: Path, period: str, work: Path, say: Say, *, signers: Path | None = None) -> Examination:
    """Verify a published folder, such as 2024-25-q2, from what the evidence store holds of it; otherwise as `examine`.

    Raises
    ------
    ParameterError
        When there is no such folder.
    """
    folder = bundle.folder_of(outputs, period)
    whole = work / "bundle"
    contents = _held(outputs, folder)
    contents |= {
        f"{OUTPUTS}{name}": folder / name for name in integrity.digests(folder) if name not in (*_OWN, faults.HTML, faults.CSV)
    }
    contents |= {name: folder / name for name in _OWN if (folder / name).is_file()}
    for name, content in contents.items():
        place = whole / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            place.write_bytes(content)
        else:
            shutil.copyfile(content, place, follow_symlinks=False)
    return replace(_examine(whole, work, say, signers), name=period)


def _held(outputs: Path, folder: Path) -> bundle.Contents:
    """Return what a published folder was made from, as far as it is held: what is lost is found to be missing later."""
    try:
        return bundle.gather(outputs, folder.name).contents
    except PublishingError:
        about = manifest.read(folder)
    held = {one.name: evidence.find(outputs, one.sha256) for one in (*about.materials, *about.evidence)}
    return {name: path for name, path in held.items() if path is not None}


def _examine(whole: Path, work: Path, say: Say, signers: Path | None, required: frozenset[str] = frozenset()) -> Examination:
    """Verify an unpacked bundle.

    Files of the code or of the inputs that are not what the manifest says are never run or read: then nothing is made again. Nor
    is it where none of those who must have signed the manifest did: anybody could have written the code and its digests.
    """
    try:
        about = manifest.parse((whole / MANIFEST).read_bytes())
    except PublishingError as error:
        raise UnsafeBundleError(f"{MANIFEST}: {error}") from None
    found = integrity.digests(whole)
    signed, signature_faults = _signature(whole, signers)
    wrong = integrity.check(found, bundle.expected(about) | _returned(whole, about, found), integrity.BESIDE)
    wrong = sorted({*wrong, *_beside(found, required), *signature_faults})
    for fault in wrong:
        say(f"{fault}.")
    say(f"{len(found)} files held against the manifest: {'all whole' if not wrong else f'{len(wrong)} not as it says'}.")
    environment, unprepared, remade, comparison = None, "", None, None
    departures: list[Departure] = []
    if not signature_faults and not any(fault.path.startswith((manifest.CODE, manifest.INPUTS)) for fault in wrong):
        try:
            environment = reperformance.prepare(whole / "code", about, work, say)
        except CannotPrepareError as error:
            unprepared = str(error)
        else:
            departures = reperformance.departures(environment, about)
            say("Making the reports again from their inputs, by their own code.")
            remade = reperformance.perform(whole, about, environment, work, say)
            if remade.folder is not None:
                say("Comparing what was published with what was made again.")
                comparison = compare(_published(whole, about), _remade(remade.folder), kpi_names(whole))
    decided, reasons = verdict.decide(wrong, unprepared=unprepared, remade=remade, departures=departures, comparison=comparison)
    return Examination(
        name="",
        sha256="",
        about=about,
        council=_council(whole, found, about),
        checked=len(found),
        faults=tuple(wrong),
        signature=signed,
        environment=environment,
        unprepared=unprepared,
        departures=tuple(departures),
        remade=remade,
        comparison=comparison,
        verdict=decided,
        reasons=tuple(reasons),
    )


def _returned(whole: Path, about: Manifest, found: Mapping[str, str]) -> dict[str, str]:
    """Return the digest of each file that a service sent and that is in the bundle, as the evidence says it."""
    table = f"{manifest.EVIDENCE}{audit_tables.RETURNS}"
    if found.get(table, "") != bundle.expected(about).get(table):
        return {}
    return {name: digest for name, digest in bundle.returned((whole / table).read_bytes()).items() if name in found}


def _beside(found: Mapping[str, str], required: frozenset[str]) -> Iterator[Fault]:
    """Yield what is wrong with files that the manifest cannot name: one is the copy of a file that it does name."""
    yield from (Fault(name, FaultKind.MISSING) for name in required if name not in found)
    if bundle.MAIN in found and bundle.STANDALONE in found and found[bundle.MAIN] != found[bundle.STANDALONE]:
        yield Fault(bundle.MAIN, FaultKind.CHANGED)


def _published(whole: Path, about: Manifest) -> dict[str, bytes]:
    beside = {one.name: (whole / one.name).read_bytes() for one in about.evidence if (whole / one.name).is_file()}
    return _contents(whole / OUTPUTS.rstrip("/")) | beside | {manifest.MANIFEST: _comparable(whole / manifest.MANIFEST)}


def _remade(folder: Path) -> dict[str, bytes]:
    kept = {one.name: evidence.find(folder.parent, one.sha256) for one in manifest.read(folder).evidence}
    beside = {name: path.read_bytes() for name, path in kept.items() if path is not None}
    return _contents(folder) | beside | {manifest.MANIFEST: _comparable(folder / manifest.MANIFEST)}


def _contents(folder: Path) -> dict[str, bytes]:
    """Return the published files of a folder, without what was written about them."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    named = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return {name: content for name, content in named.items() if name not in (manifest.MANIFEST, manifest.RUN, manifest.SIGNATURE)}


def _comparable(path: Path) -> bytes:
    """Return a manifest without the versions of what ran, which are compared as the environment, and without the outputs.

    The outputs themselves are compared, and whether they are what the manifest says was found out before.
    """
    told: dict[str, Any] = json.loads(path.read_bytes())
    told["subject"] = []
    told["predicate"]["runDetails"]["builder"]["version"] = {}
    return json.dumps(told, sort_keys=True).encode()


def kpi_names(whole: Path) -> dict[str, str]:
    """Return the identifier of each KPI of a bundle's register by its name; nothing where the register has none."""
    for path in sorted((whole / "inputs" / "data" / "register").glob("kpis.*")):
        sheet = workbook.read(path.read_bytes(), f"register/{path.name}")
        if {"kpi_id", "kpi_name"} <= set(sheet.header):
            codes, names = (sheet.cells[sheet.header.index(column)] for column in ("kpi_id", "kpi_name"))
            return {name: code for name, code in zip(names, codes, strict=True) if len(name) > 3}
    return {}


def _council(whole: Path, found: Mapping[str, str], about: Manifest) -> Council | None:
    """Return the council's particulars, where they are those that the manifest says."""
    name = f"{manifest.INPUTS}council.yaml"
    if found.get(name, "") != bundle.expected(about).get(name):
        return None
    try:
        return councils.load(whole / name)
    except ParameterError:
        return None


def _signature(whole: Path, signers: Path | None) -> tuple[str, list[Fault]]:
    """Return the state of the manifest's signature as a sentence, and what is wrong with it when somebody must have signed."""
    signed = whole / SIGNATURE
    if not signed.is_file():
        missing = [Fault(SIGNATURE, FaultKind.MISSING)] if signers else []
        return "The manifest is not signed.", missing
    if signers is None:
        return "The manifest is signed. The signature was not checked: nobody said whose it may be.", []
    try:
        who = signature.verify((whole / MANIFEST).read_bytes(), signed.read_bytes(), signers)
    except PublishingError as error:
        return f"The manifest's signature is not good: {error}", [Fault(SIGNATURE, FaultKind.CHANGED)]
    return f"The manifest is signed by {who}, whom the file of allowed signers names.", []
