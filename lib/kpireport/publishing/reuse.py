"""Reports that were made before, kept by content, so that a report is made again only when something of its own changed.

A report is made by its notebook from what its `build` assembled. That is assembled anyway before any notebook runs; when it is to
the last bit what it was, and so are the notebook, the parameters, the code, the lock and every version, then the files are what
they were, and are taken from `outputs/.made/reports/`. They are never taken from a published folder, which a person may have
changed. An entry carries a digest of its own: one that is damaged is not used, and the report is made again.
"""

import hashlib
import inspect
import json
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from kpireport import environment
from kpireport.publishing import chart_cache, narration, provenance
from kpireport.publishing.asked import Places
from kpireport.publishing.content_digest import Digests, UnknownKindError, by_kpi, is_of_kpis
from kpireport.publishing.document import Head
from kpireport.publishing.freshness import MADE
from kpireport.publishing.manifest import CODE, sha256
from kpireport.publishing.orders import Produced
from kpireport.publishing.plan import Job, Plan
from kpireport.publishing.source_code import LIBRARY, source_digest
from kpireport.publishing.staging import Staging
from kpireport.publishing.surroundings import Surroundings

FOLDER = f"{MADE}/reports"
"""The folder, in `outputs/`, of what was made."""
LARGEST = 512 * 2**20
"""The size in bytes to which it is kept; what was not used for longest goes first."""
_FORM = 2
"""What an entry looks like, and what its key is made of; another number would make every report again."""
_PATHS = ("data", "council")


@dataclass(frozen=True)
class Making:
    """What a report is made from: everything on which a byte of its files depends."""

    stem: str
    report: str
    parameters: Mapping[str, Any]
    """But for where to read."""
    figures: str
    """The digest of what `build` assembled."""
    notebook: str
    code: str
    """The digest of the package's source, with fonts, style sheets and templates."""
    package: str
    """The digest of the package that reports are in, when it is none of ours; "" otherwise."""
    lock: str
    versions: Mapping[str, str]
    """Of Python, the platform, kpireport and every library of the lock."""
    forms: list[str]
    fields: Mapping[str, str] = field(compare=False)
    """The digest of each part of what was assembled, to tell people what changed."""
    of_kpis: list[str] = field(compare=False)
    """The parts that are about KPIs."""
    kpis: Mapping[str, str] = field(default_factory=dict, compare=False)
    """A digest of what it says of each KPI, likewise; it is worked out only for reports that are made."""

    @property
    def key(self) -> str:
        """The name under which what is made of it is kept."""
        told = {one.name: getattr(self, one.name) for one in fields(self) if one.compare}
        return sha256(json.dumps([_FORM, told], sort_keys=True).encode())


@dataclass(frozen=True)
class Made:
    """A report that was made."""

    making: Making
    head: Head
    attached: Mapping[str, str]
    warnings: tuple[str, ...]
    files: Mapping[str, bytes]


class Keys:
    """Finds out what each report of an occasion is made from, in whichever process the reports are assembled."""

    def __init__(self, plan: Plan, places: Places, now: Surroundings, forms: tuple[str, ...]) -> None:
        self._builds = {report.name: report.build for report, _ in plan.reports}
        self._package = places.package
        self._digests = Digests()
        source = {name: digest for name, digest in now.code.items() if name.startswith(LIBRARY)}
        self._shared: dict[str, Any] = {
            "code": source_digest(source),
            "package": now.package,
            "lock": now.code.get(f"{CODE}{environment.LOCK}", ""),
            "versions": provenance.versions(places.root / environment.LOCK),
            "forms": list(forms),
        }

    def of(self, job: Job, report: Any) -> Making | str:
        """Return what a report is made from; why it must always be run, where that cannot be told.

        Parameters
        ----------
        report
            What was assembled.
        """
        if words := self._beyond(job):
            return f"its notebook does more than show its report ({words})"
        try:
            return self._making(job, report)
        except UnknownKindError as error:
            return f"its report holds a {error}"

    def kpis(self, report: Any) -> dict[str, str]:
        """Return a short digest of what a report says of each KPI."""
        return by_kpi(report, self._digests)

    def _beyond(self, job: Job) -> str:
        taken = inspect.signature(self._builds[job.report]).parameters
        return narration.beyond(job.notebook, report=f"{self._package}.{job.report}", parameters=taken)

    def _making(self, job: Job, report: Any) -> Making:
        parts = {one.name: getattr(report, one.name) for one in fields(report)} if is_dataclass(report) else {}
        return Making(
            stem=job.stem,
            report=job.report,
            parameters={name: value for name, value in job.parameters.items() if name not in _PATHS},
            figures=self._digests.of(report),
            notebook=sha256(job.notebook.read_bytes()),
            fields={name: self._digests.of(part) for name, part in parts.items()},
            of_kpis=[name for name, part in parts.items() if is_of_kpis(part)],
            **self._shared,
        )


class Shelf:
    """What was made before, in an outputs folder, as one build of an occasion sees it."""

    def __init__(self, outputs: Path, *, is_open: bool) -> None:
        self.makings: dict[str, Making] = {}
        """What each report is made from, by stem, once `choose` was called; without those that are always run."""
        self.always: dict[str, str] = {}
        """The reports that are always run, by stem, with the reason."""
        self.taken: dict[str, Made] = {}
        """The reports that need not be made, by stem."""
        self._folder = outputs / FOLDER
        self._is_open = is_open

    def choose(self, makings: Mapping[str, Making | str]) -> list[str]:
        """Return the stems of the reports that must be made; the others are then in `taken`.

        Parameters
        ----------
        makings
            What each report is made from, or why it is always run, by stem (`Keys.of`).
        """
        self.makings = {stem: making for stem, making in makings.items() if isinstance(making, Making)}
        self.always = {stem: why for stem, why in makings.items() if isinstance(why, str)}
        if self._is_open:
            found = {stem: find(self._folder, making) for stem, making in self.makings.items()}
            self.taken = {stem: made for stem, made in found.items() if made}
        return [stem for stem in makings if stem not in self.taken]

    def put(self, job: Job, place: Staging) -> Produced:
        """Put the files of a report that was made before where making it would have put them."""
        made, folder = self.taken[job.stem], place.work / job.stem
        folder.mkdir()
        for name, content in made.files.items():
            (folder / name).write_bytes(content)
        return Produced(job, made.head, dict(made.attached), list(made.warnings), 0.0)

    def keep(self, produced: Iterable[Produced], place: Staging, say: Callable[[str], None]) -> None:
        """Keep the reports that were made, whose files are still where making put them."""
        is_any_kept = False
        for one in produced:
            stem = one.job.stem
            if one.failure or not one.head or stem not in self.makings or stem in self.taken:
                continue
            files = {path.name: path.read_bytes() for path in sorted((place.work / stem).iterdir())}
            making = self.makings[stem]
            made = Made(making, one.head, one.attached, tuple(one.warnings), files)
            before = find(self._folder, making)
            if before and before.files != files:
                say(f"{stem}: made again from the same, it is not what it was. Please tell the maintainers of kpireport.")
            if before != made:
                keep(self._folder, made, work=place.work)
                is_any_kept = True
        if is_any_kept:
            chart_cache.trim(self._folder, LARGEST)

    def add_kpis(self, kpis: Mapping[str, Mapping[str, str]]) -> None:
        """Say of reports, by stem, what they say of each KPI (`content_digest.by_kpi`)."""
        self.makings |= {
            stem: replace(self.makings[stem], kpis=dict(told)) for stem, told in kpis.items() if stem in self.makings
        }

    def noted(self) -> dict[str, Any]:
        """Return what each report was made from, to be written down."""
        return {stem: asdict(self.taken[stem].making if stem in self.taken else making) for stem, making in self.makings.items()}


def find(folder: Path, making: Making) -> Made | None:
    """Return what was made of it; None when nothing that is whole was kept."""
    key = making.key
    path = _place(folder, key)
    try:
        digest, _, rest = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if digest.decode("ascii", "replace") != _digest(key, rest):
        return None
    head, _, content = rest.partition(b"\n")
    told = json.loads(head)
    files, begin = {}, 0
    for name, size in told["files"]:
        files[name] = content[begin : begin + size]
        begin += size
    with suppress(OSError):
        os.utime(path)  # used now: it is among the last to go
    return Made(Making(**told["making"]), Head(**told["head"]), told["attached"], tuple(told["warnings"]), files)


def keep(folder: Path, made: Made, *, work: Path) -> None:
    """Put what was made in its place in one step. A full or read-only disk costs time, not the report.

    Parameters
    ----------
    work
        A folder of the caller's own on the same disk, where it is written first.
    """
    key = made.making.key
    told = {
        "making": asdict(made.making),
        "head": asdict(made.head),
        "attached": dict(made.attached),
        "warnings": list(made.warnings),
        "files": [(name, len(content)) for name, content in made.files.items()],
    }
    rest = b"".join([json.dumps(told).encode(), b"\n", *made.files.values()])
    path = _place(folder, key)
    beside = work / key
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            beside.write_bytes(_digest(key, rest).encode() + b"\n" + rest)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


def _place(folder: Path, key: str) -> Path:
    return folder / key[:2] / key


def _digest(key: str, rest: bytes) -> str:
    return hashlib.sha256(key.encode() + b"\n" + rest).hexdigest()
