"""One occasion's reports in the making: from what was asked for to the folder that takes the place of the older one."""

import os
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kpireport.errors import DataError, KpireportError, PublishingError
from kpireport.publishing import (
    audit_tables,
    catalogue,
    evidence,
    failures,
    faults,
    freshness,
    index,
    manifest,
    orders,
    preparation,
    provenance,
    replacement,
)
from kpireport.publishing.asked import Places, Request
from kpireport.publishing.assembling import Part
from kpireport.publishing.freshness import Note
from kpireport.publishing.manifest import EVIDENCE, Resource
from kpireport.publishing.orders import Order, Produced, Settings
from kpireport.publishing.plan import Job, Plan
from kpireport.publishing.preparation import Assembly, Loader, Reading
from kpireport.publishing.provenance import Material
from kpireport.publishing.reuse import Keys, Shelf
from kpireport.publishing.staging import Staging, copy_inputs, copy_notebook, staging
from kpireport.publishing.surroundings import Surroundings
from kpireport.sources import journal


@dataclass(frozen=True)
class Published:
    """What was published."""

    folder: Path
    reports: int
    files: int
    warnings: int
    """How many warnings the data gave; the reports list them."""


@dataclass(frozen=True)
class Terms:
    """What all occasions of a build have in common."""

    outputs: Path
    places: Places
    now: Surroundings
    """What the disk held when the build began."""
    is_running: bool
    """Whether the code that runs is that on the disk."""
    timeout: int
    is_rebuild: bool
    say: Callable[[str], None]
    code: list[Material]
    kept: set[str] = field(default_factory=set)
    """The digests of what the build has put into the evidence store."""


@contextmanager
def begun(request: Request, plan: Plan, terms: Terms) -> Iterator["Occasion"]:
    """Give an occasion with its inputs copied, and its folder locked.

    Raises
    ------
    PublishingError
        When the folder holds what is not ours, or another build has it.
    """
    target = terms.outputs / plan.period_folder
    _check_target(target)
    if request.data and plan.council.parent != plan.data:
        terms.say(f"{plan.data} has no council.yaml of its own: the reports are headed by {plan.council}.")
    with staging(terms.outputs, plan.period_folder) as place:
        copy_inputs(place, data=plan.data, council=plan.council)
        orders.write_kernel(place)
        yield Occasion(request, plan, place, terms)


class Occasion:
    """The reports of one occasion."""

    def __init__(self, request: Request, plan: Plan, place: Staging, terms: Terms) -> None:
        self.plan, self.place = plan, place
        self.settings = Settings(
            place, terms.timeout, _python_path(terms.places), request.forms, keeps_charts=not terms.is_rebuild
        )
        self.began = manifest.now()
        self.to_run: list[Job] = []
        """The jobs that must be run, once the reports were chosen."""
        self._request, self._terms = request, terms
        self._target = terms.outputs / plan.period_folder
        self._failed = terms.outputs / f"{plan.period_folder}.failed"
        self._shelf = Shelf(terms.outputs, is_open=terms.is_running and not terms.is_rebuild)
        self._jobs: list[Job] = []
        self._assembled: Mapping[str, Assembly] = {}
        self._reading = Reading(None, [])

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self._target.name

    def notebooks(self) -> list[Path]:
        """Return the notebooks that its jobs may run, copied."""
        return [copy_notebook(self.place, path) for path in sorted(self.plan.notebooks)]

    def read(self, load: Loader) -> Part:
        """Read the data; return what there is to assemble of it.

        Raises
        ------
        DataError, ParameterError
            With all that is wrong; faults are then told in the occasion's folder as well.
        """
        with self._faults_written():
            self._reading = preparation.read(self.place, self.plan, load)
        keys = Keys(self.plan, self._terms.places, self._terms.now, self._request.forms)
        return Part(self.settings, self.plan, self._reading, keys, self._terms.places.package)

    def choose(self, assembled: Mapping[str, Assembly] | KpireportError) -> list[str]:
        """Return the stems of the reports that must be made; raises what stopped their assembling."""
        with self._faults_written():
            if isinstance(assembled, KpireportError):
                raise assembled
        self._assembled = assembled
        self._jobs = preparation.runnable(self._reading.jobs)
        chosen = set(self._shelf.choose({stem: one.making for stem, one in assembled.items()}))
        self.to_run = [job for job in self._jobs if job.stem in chosen]
        if self._shelf.taken:
            self._terms.say(
                f"{len(self._shelf.taken)} of {len(self._jobs)} reports are as they were: nothing of their own changed."
            )
        return [job.stem for job in self.to_run]

    @contextmanager
    def _faults_written(self) -> Iterator[None]:
        try:
            yield
        except DataError as error:
            faults.write(self._target, error.faults, period=self.plan.period, work=self.place.work)
            with suppress(OSError):  # the faults are what has to be told
                catalogue.renew(self._terms.outputs, work=self.place.work)
            raise

    def orders(self, source: int | None) -> list[Order]:
        """Return what those who make reports are asked for; `source` is whichever process has the reports assembled."""
        return [Order(job, self.settings, source) for job in self.to_run]

    def gather(self) -> None:
        """Gather what the reports are made from, and put it into the evidence store, while they are made."""
        rows = {file.path: file.rows for file in self._reading.register.files}
        made_from = provenance.materials(self.place, self._terms.code, self._jobs, rows)
        lines = {stem: one.audit for stem, one in self._assembled.items()}
        tables = audit_tables.written(self._reading.register, lines, period=self.plan.period).items()
        self._materials = made_from + [
            Material(Resource(EVIDENCE + name, manifest.sha256(table), len(table)), table) for name, table in tables
        ]

    def publish(
        self, ran: Iterable[Produced], of_kpis: Mapping[str, Mapping[str, str]], *, seconds: float, is_known: bool
    ) -> Published:
        """Put the reports that ran together with those that are as they were, in the place of the older folder, in one step.

        Parameters
        ----------
        of_kpis
            What the reports that ran say of each KPI.
        seconds
            How long the build has taken so far.
        is_known
            Whether the code is still what it was when the build began, so that what was made can be known again.

        Raises
        ------
        NotebookError, RenderingError, PublishingError
            As their own words say; the older folder is then as it was.
        """
        terms, place, shelf = self._terms, self.place, self._shelf
        by_stem = {one.job.stem: one for one in ran}
        by_stem |= {job.stem: shelf.put(job, place) for job in self._jobs if job.stem in shelf.taken}
        produced = [by_stem[job.stem] for job in self._jobs]
        shelf.add_kpis(of_kpis)
        if is_known:
            shelf.keep(produced, place, terms.say)
        if any(one.failure for one in produced):
            failures.keep(place, produced, self._failed)
        for one in produced:
            for warning in dict.fromkeys(one.warnings):
                terms.say(f"{one.job.stem}: while it ran, a library warned: {warning}")
        _collect(place, produced)
        (place.published / index.NAME).write_text(
            index.render(produced, place.published, period=self.plan.period), encoding="utf-8", newline="\n"
        )
        about = provenance.describe(
            place,
            terms.places,
            self._request,
            self._jobs,
            period=self.plan.period,
            scheme=", ".join(dict.fromkeys(one.scheme for one in self._assembled.values() if one.scheme)),
            titles={one.job.stem: one.head.title for one in produced if one.head},
            materials=self._materials,
        )
        provenance.keep(terms.outputs, self._materials, work=place.work, kept=terms.kept)
        returned = audit_tables.returned(self._reading.register)
        provenance.keep_returns(terms.outputs, returned, data=self.plan.data, work=place.work)
        own = {
            manifest.MANIFEST: manifest.statement(about),
            manifest.RUN: _run(self.began, seconds, produced, taken=shelf.taken),
        }
        for name, content in own.items():
            (place.published / name).write_bytes(manifest.written(content))
        _keep_signature(self._target, place.published, terms.say)
        _open_to_readers(place.published)
        count = len(list(place.published.iterdir()))
        replacement.replace(place.published, self._target, aside=place.root / replacement.ASIDE)
        shutil.rmtree(self._failed, ignore_errors=True)
        if is_known:
            freshness.write_note(self._note(), self._request, outputs=terms.outputs, folder=self._target.name, work=place.work)
        return Published(self._target, len(produced), count, len(self._reading.register.warnings))

    def _note(self) -> Note:
        """Return what is written down of the publication beside its manifest, by which it is known to be fresh."""
        plan, now = self.plan, self._terms.now
        return Note(
            manifest=evidence.digest(self._target / manifest.MANIFEST),
            data=str(plan.data),
            council=str(plan.council),
            has_own_council=(plan.data / "council.yaml").is_file(),
            folders=list(journal.FOLDERS),
            journal=journal.JOURNAL,
            params=now.params,
            notebooks=sorted(now.notebooks),
            package=now.package,
            others=now.others,
            always=sorted(self._shelf.always),
            makings=self._shelf.noted(),
        )


def _keep_signature(target: Path, published: Path, say: Callable[[str], None]) -> None:
    """Take the signature of the manifest along when what was made again is what was signed."""
    signature = target / manifest.SIGNATURE
    if not signature.is_file():
        return
    if (target / manifest.MANIFEST).read_bytes() == (published / manifest.MANIFEST).read_bytes():
        shutil.copyfile(signature, published / manifest.SIGNATURE)
    else:
        say(f"{target} was signed; what was made now is not the same, and is not signed.")


def _open_to_readers(folder: Path) -> None:
    """Give published files the same modes whatever the umask of whoever made them."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _check_target(target: Path) -> None:
    """Refuse to replace a folder that is not ours."""
    if target.is_dir() and not (target / manifest.MANIFEST).is_file():
        others = sorted(path.name for path in target.iterdir() if path.name not in {faults.HTML, faults.CSV})
        if others:
            raise PublishingError(
                f"{target} holds files that kpireport did not make, such as {others[0]}. Move them, or choose another --out."
            )
    elif target.exists() and not target.is_dir():
        raise PublishingError(f"{target} is a file. Move it, or choose another --out.")


def _python_path(places: Places) -> str:
    """Return the PYTHONPATH with which a kernel finds our package and that of the reports."""
    found = [find_spec(name) for name in ("kpireport", places.package.split(".", 1)[0])]
    folders = [Path(folder).parent for spec in found if spec for folder in spec.submodule_search_locations or ()]
    return os.pathsep.join(dict.fromkeys(str(folder.resolve()) for folder in folders))


def _collect(place: Staging, produced: list[Produced]) -> None:
    """Move every report's files into one folder.

    Raises
    ------
    PublishingError
        When two reports make different files of one name.
    """
    reserved = {index.NAME, manifest.MANIFEST, manifest.RUN, manifest.SIGNATURE, faults.HTML, faults.CSV}
    for one in produced:
        for file in sorted((place.work / one.job.stem).iterdir()):
            there = place.published / file.name
            if file.name in reserved or (there.exists() and there.read_bytes() != file.read_bytes()):
                raise PublishingError(
                    f"{one.job.stem} makes a file named {file.name}, which is another file's name. Nothing was published."
                )
            file.replace(there)


def _run(began: str, seconds: float, produced: list[Produced], *, taken: Collection[str]) -> dict[str, Any]:
    return {
        "began": began,
        "ended": manifest.now(),
        "seconds": round(seconds, 1),
        "platform": sys.platform,
        "reports": {
            one.job.stem: {"seconds": round(one.seconds, 1), "kernel_start_seconds": round(one.kernel_seconds, 2)}
            if one.job.stem not in taken
            else {"is_as_made_before": True}
            for one in produced
        },
    }
