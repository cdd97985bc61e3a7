"""Whether what is asked for is published already, made from just what lies there now: then nothing need run.

Everything is compared by content, never by time: what was read, the code, the parameters and notebooks, the environment, and the
published files themselves, which a person may have changed. The manifest says what they were; a note beside it, in `.made/`, says
what the manifest does not, such as which words asked for it. When anything is not as it was, reports are made, and making finds
out for each of them whether it is concerned (`reuse`). The standard library only: the answer must come before pandas is imported.
"""

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, get_origin
from urllib.parse import unquote

from kpireport.errors import PublishingError
from kpireport.publishing import evidence, manifest
from kpireport.publishing.asked import Request
from kpireport.publishing.manifest import CODE, INPUTS, MANIFEST, RUN, SIGNATURE, Manifest
from kpireport.publishing.surroundings import Surroundings

MADE = ".made"
"""The folder, in `outputs/`, of what is remembered of earlier builds; without it everything is made again."""
NOTES = f"{MADE}/published"
"""The folder of the notes on what is published."""
_PAGE = "index.html"
_SEAL = "<!-- sha256 of all above: "
"""Begins the last line of the page over all published folders, which is in no manifest."""
_OPEN = 0o644
"""The mode of a published file."""


@dataclass(frozen=True)
class Note:
    """What is written down of a publication beside its manifest."""

    manifest: str
    """The digest of its manifest."""
    data: str
    """The data folder, as the person or the parameters file wrote it."""
    council: str
    """The file of the council's particulars, likewise."""
    has_own_council: bool
    """Whether there is a council.yaml in the data folder."""
    folders: list[str]
    """The folders of the data folder that hold tables."""
    journal: str
    """The name of the file that tells of tables that are just being changed."""
    params: Mapping[str, str]
    notebooks: list[str]
    """The names of all notebooks: another one may be another report."""
    package: str
    others: str
    """Digests of what else the surroundings are, as `Surroundings` has them."""
    always: list[str]
    """The reports that must always be run, as their notebooks do more than show them."""
    makings: Mapping[str, Any]
    """What each report was made from, by stem (`reuse.Making`)."""


@dataclass(frozen=True)
class Standing:
    """Whether what is asked for is published, and what is not as it was."""

    folder: Path | None
    """The published folder; None when there is none that was asked for in these words."""
    changed: tuple[str, ...] = ()
    """What is not as it was, in words."""

    @property
    def is_fresh(self) -> bool:
        """Whether nothing need be done."""
        return self.folder is not None and not self.changed

    @property
    def since(self) -> str:
        """The day (ISO) on which it was published; "" when that is not known."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            told = json.loads(((self.folder or Path()) / RUN).read_bytes())
            return str(told["ended"])[:10]
        return ""


def standing(request: Request, *, outputs: Path, now: Surroundings) -> Standing:
    """Return whether what `request` asks for is published in `outputs`, made from what lies there now.

    Parameters
    ----------
    now
        What the disk holds of code, parameters and notebooks.
    """
    best = Standing(None, ("it has not been made yet",))
    for path in sorted((outputs / NOTES).glob(f"*.{_asked(request)}.json")):
        folder = outputs / path.name.removesuffix(f".{_asked(request)}.json")
        note = _read(path)
        if note is None or not folder.is_dir():
            continue
        found = Standing(folder, tuple(dict.fromkeys(_changed(note, folder, outputs, now))))
        if found.is_fresh:
            return found
        if best.folder is None or len(found.changed) < len(best.changed):
            best = found
    return best


def last_note(outputs: Path, folder: str) -> Note | None:
    """Return the note on what is published in a folder of `outputs`, whatever words asked for it."""
    try:
        digest = manifest.sha256((outputs / folder / MANIFEST).read_bytes())
    except OSError:
        return None
    notes = (note for path in sorted((outputs / NOTES).glob(f"{folder}.*.json")) if (note := _read(path)))
    return next((note for note in notes if note.manifest == digest), None)


def write_note(note: Note, request: Request, *, outputs: Path, folder: str, work: Path) -> None:
    """Put a note in its place, and remove those on what was in the folder before. A full disk costs time, not the reports.

    Parameters
    ----------
    work
        A folder of the caller's own on the same disk, where it is written first.
    """
    path = outputs / NOTES / f"{folder}.{_asked(request)}.json"
    beside = work / path.name
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        for other in path.parent.glob(f"{folder}.*.json"):
            if (found := _read(other)) is None or found.manifest != note.manifest:
                other.unlink(missing_ok=True)
        try:
            beside.write_text(json.dumps(asdict(note)), encoding="utf-8")
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


def _read(path: Path) -> Note | None:
    try:
        note = Note(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    is_note = all(isinstance(getattr(note, one.name), get_origin(one.type) or one.type) for one in fields(Note))  # type: ignore[arg-type]
    return note if is_note else None


def _asked(request: Request) -> str:
    return hashlib.sha256(json.dumps(asdict(request)).encode()).hexdigest()[:16]


def _changed(note: Note, folder: Path, outputs: Path, now: Surroundings) -> Iterator[str]:
    """Yield what is not as it was when `folder` was published, in words."""
    try:
        about = manifest.read(folder)
    except PublishingError:
        yield f"{MANIFEST} was changed or removed"
        return
    if about.sha256 != note.manifest:
        yield "other reports were published in its folder since"
        return
    yield from _changed_inputs(note, about)
    yield from _changed_surroundings(note, about, now)
    yield from (f"{stem} is always run" for stem in note.always)
    yield from _changed_files(folder, about)
    yield from _changed_beside(folder, outputs, about)


def _changed_inputs(note: Note, about: Manifest) -> Iterator[str]:
    data, council = Path(note.data), Path(note.council)
    if (data / "council.yaml").is_file() != note.has_own_council:
        yield "the council's particulars are in another file"
    if (data / note.journal).exists():
        yield "the register is just being changed"
    here = {f"{INPUTS}council.yaml": council} if council.is_file() else {}
    for name in note.folders:
        here |= {f"{INPUTS}data/{path.relative_to(data).as_posix()}": path for path in _files(data / name)}
    yield from _differences({name: evidence.digest(path) for name, path in here.items()}, about.inputs, prefix=INPUTS)


def _files(folder: Path) -> Iterator[Path]:
    """Yield what a build would copy: all but hidden files and those that office programs put beside the files they have open."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith((".", "~$")):
            continue
        if entry.is_dir():
            yield from _files(Path(entry.path))
        elif entry.is_file():
            yield Path(entry.path)


def _differences(here: Mapping[str, str], then: Iterable[manifest.Resource], *, prefix: str) -> Iterator[str]:
    before = {one.name: one.sha256 for one in then}
    for name in sorted(here.keys() | before.keys()):
        told = name.removeprefix(prefix)
        if name not in here:
            yield f"{told} was removed"
        elif name not in before:
            yield f"{told} is new"
        elif here[name] != before[name]:
            yield f"{told} was changed"


def _changed_surroundings(note: Note, about: Manifest, now: Surroundings) -> Iterator[str]:
    used = {one.name for one in about.code}
    notebooks = {name: digest for name, digest in now.notebooks.items() if name in used}
    params = {name: digest for name, digest in now.params.items() if name in used}
    yield from _differences({**now.code, **notebooks, **params}, about.code, prefix=CODE)
    if dict(now.params) != dict(note.params) or sorted(now.notebooks) != note.notebooks:
        yield "there are other parameters files or notebooks"  # what was used is compared above; these may be for more reports
    if now.package != note.package:
        yield "the package of the reports was changed"
    if now.others != note.others:
        yield "Python or an installed library is another"


def _changed_files(folder: Path, about: Manifest) -> Iterator[str]:
    """Yield how the published files are not what the manifest says, or not open to readers; others have no place among them."""
    here: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            yield f"{name} is no file"
        elif path.is_file():
            if name not in (MANIFEST, RUN, SIGNATURE):
                here[name] = evidence.digest(path)
            if sys.platform != "win32" and name != SIGNATURE and path.stat().st_mode & 0o777 != _OPEN:
                yield f"{name} has other permissions"
    yield from (f"the published {told}" for told in _differences(here, about.outputs, prefix=""))
    if not (folder / RUN).is_file():
        yield f"the published {RUN} was removed"


def _changed_beside(folder: Path, outputs: Path, about: Manifest) -> Iterator[str]:
    """Yield what is not as it was beside the published folder: the page that leads to it, the evidence, an earlier failure."""
    if not _is_listed(outputs):
        yield f"{_PAGE} over all folders was changed"
    if any(evidence.find(outputs, one.sha256) is None for one in (*about.materials, *about.evidence)):
        yield "the evidence store lacks a file"
    if folder.with_name(f"{folder.name}.failed").exists():
        yield "notebooks have failed since"


def sealed(page: str) -> str:
    """Return the page over all published folders with a last line by which it is known that nobody changed it."""
    return f"{page}{_SEAL}{manifest.sha256(page.encode())} -->\n"


def _is_listed(outputs: Path) -> bool:
    """Whether the page over all published folders is as it was written, and leads to just those that are there."""
    try:
        page = (outputs / _PAGE).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    led_to = {unquote(name) for name in re.findall(rf'href="([^"/#]+)/{_PAGE}"', page)}
    found = (path.parent for path in outputs.glob(f"*/{MANIFEST}") if (path.parent / _PAGE).is_file())
    there = {folder.name for folder in found if not folder.name.startswith(".")}
    unnamed = (outputs / name for name in there - led_to)
    is_whole = sealed(page.rpartition(_SEAL)[0]) == page
    return is_whole and all((outputs / name / _PAGE).is_file() for name in led_to) and not any(map(_is_published, unnamed))


def _is_published(folder: Path) -> bool:
    try:
        manifest.read(folder)
    except PublishingError:
        return False
    return True
