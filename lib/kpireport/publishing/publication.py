"""Build every report of a period and publish them together: all of them, or nothing.

The period's folder is whole at every moment: what is new is built beside it and changes places with it in one step at the end.
"""

import os
import shutil
import sys
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpireport.environment import LOCK
from kpireport.errors import DataError, ParameterError, PublishingError
from kpireport.publishing import (
    audit_tables,
    catalogue,
    chart_cache,
    evidence,
    failures,
    faults,
    freshness,
    index,
    manifest,
    provenance,
    replacement,
    surroundings,
    workers,
)
from kpireport.publishing import plan as plans
from kpireport.publishing.asked import Places, Request
from kpireport.publishing.freshness import Note
from kpireport.publishing.manifest import EVIDENCE, Resource
from kpireport.publishing.plan import Job, Plan
from kpireport.publishing.preparation import Loader, Prepared, prepare
from kpireport.publishing.progress import Progress, past_seconds
from kpireport.publishing.provenance import Material
from kpireport.publishing.rehearsal import rehearse
from kpireport.publishing.reuse import Shelf
from kpireport.publishing.staging import Staging, copy_inputs, staging
from kpireport.publishing.surroundings import Surroundings
from kpireport.publishing.workers import Produced, Settings, Team
from kpireport.sources import journal
from kpireport.sources import register as registers

if TYPE_CHECKING:
    from kpireport.publishing.cluster import ClusterTeam

TIMEOUT = 600
"""Seconds allowed for each cell of a notebook."""


@dataclass(frozen=True)
class Published:
    """What was published."""

    folder: Path
    reports: int
    files: int
    warnings: int
    """How many warnings the data gave; the reports list them."""


def publish(
    request: Request,
    *,
    outputs: Path,
    places: Places | None = None,
    timeout: int = TIMEOUT,
    say: Callable[[str], None] = print,
    load: Loader = registers.load,
    scheduler: str = "",
    is_rebuild: bool = False,
) -> Published:
    """Build and publish every report of the occasion; what was made before from just the same is taken from there.

    Parameters
    ----------
    outputs
        The folder that holds a folder for each period.
    say
        Takes each line of progress.
    load
        Reads the register from a data folder.
    scheduler
        The address of a Dask cluster's scheduler, which has the reports made there; "" to make them here.
    is_rebuild
        Makes every report and draws every chart, whatever was made before.

    Raises
    ------
    ParameterError, DataError, NotebookError, RenderingError, PublishingError
        As their own words say. In every case the period's folder is as it was, but for `faults.html` and `faults.csv` in it
        after a DataError, and failed notebooks are kept beside it.
    """
    places = places or Places()
    began, clock = manifest.now(), time.perf_counter()
    now = surroundings.look(places)
    is_running = surroundings.at_start(places).runs_like(now)
    plan = plans.make_plan(places, request)
    target = outputs / plan.period_folder
    failed = outputs / f"{plan.period_folder}.failed"
    _check_target(target)
    if request.data and plan.council.parent != plan.data:
        say(f"{plan.data} has no council.yaml of its own: the reports are headed by {plan.council}.")
    with staging(outputs, plan.period_folder) as place:
        copy_inputs(place, data=plan.data, council=plan.council)
        workers.write_kernel(place)
        settings = Settings(place, timeout, _python_path(places), keeps_charts=not is_rebuild)
        shelf = Shelf(outputs, plan, places, now, is_open=is_running and not is_rebuild)
        to_run: list[Job] = []
        with _team(settings, plan, places, scheduler, say) as team:

            def copy_kernels(planned: list[Job], built: Mapping[str, Any]) -> None:
                to_run.extend(shelf.choose(planned, built))
                if to_run:
                    team.copy_kernels_from_here(lambda: rehearse(to_run, built, package=places.package, inputs=place.inputs))

            try:
                ready = prepare(place, plan, load, copy_kernels)
            except DataError as error:
                faults.write(target, error.faults, period=plan.period, work=place.work)
                raise
            jobs = ready.jobs
            materials = _materials(place, places, ready, period=plan.period)
            shelf.prepare_to_keep()  # while there is not yet what kernels are copied from
            team.begin(job for job in jobs if job.stem not in shelf.taken)
            if shelf.taken:
                say(f"{len(shelf.taken)} of {len(jobs)} reports are as they were: nothing of their own changed.")
            ran = _results(team, [job.stem for job in to_run], outputs, say)
            by_stem = {one.job.stem: one for one in [*ran, *(shelf.put(job, place) for job in jobs if job.stem in shelf.taken)]}
            produced = [by_stem[job.stem] for job in jobs]
            is_known = is_running and surroundings.look(places) == now
            if is_known:
                shelf.keep(produced, place, say)
        chart_cache.trim(settings.charts)
        if any(one.failure for one in produced):
            failures.keep(place, produced, failed)
        for one in produced:
            for warning in dict.fromkeys(one.warnings):
                say(f"{one.job.stem}: while it ran, a library warned: {warning}")
        _collect(place, produced)
        (place.published / index.NAME).write_text(
            index.render(produced, place.published, period=plan.period), encoding="utf-8", newline="\n"
        )
        about = provenance.describe(
            place,
            places,
            request,
            jobs,
            period=plan.period,
            scheme=ready.scheme,
            titles={one.job.stem: one.head.title for one in produced if one.head},
            materials=materials,
        )
        provenance.keep(outputs, materials, work=place.work)
        provenance.keep_returns(outputs, audit_tables.returned(ready.register), data=plan.data, work=place.work)
        own = {
            manifest.MANIFEST: manifest.statement(about),
            manifest.RUN: _run(began, time.perf_counter() - clock, produced, taken=shelf.taken),
        }
        for name, content in own.items():
            (place.published / name).write_bytes(manifest.written(content))
        _keep_signature(target, place.published, say)
        _open_to_readers(place.published)
        count = len(list(place.published.iterdir()))
        replacement.replace(place.published, target, aside=place.root / replacement.ASIDE)
        shutil.rmtree(failed, ignore_errors=True)
        try:
            catalogue.refresh(outputs, work=place.work)
        except OSError as error:
            words = f"{target} was published. The page over all folders, {outputs / index.NAME}, is as it was: {error.strerror}."
            raise PublishingError(words) from error
        if is_known:
            freshness.write_note(_note(plan, shelf, now, target), request, outputs=outputs, folder=target.name, work=place.work)
    return Published(target, len(produced), count, len(ready.register.warnings))


def _team(
    settings: Settings, plan: Plan, places: Places, scheduler: str, say: Callable[[str], None]
) -> "AbstractContextManager[Team | ClusterTeam]":
    """Return what makes the reports: processes of this machine, or a cluster."""
    if not scheduler:
        return workers.team(settings, size=plan.most_jobs)
    try:
        from kpireport.publishing import cluster
    except ModuleNotFoundError:
        raise ParameterError("scheduler: Dask is not installed. Run this by make, with SCHEDULER=, which installs it.") from None
    notebooks = {report.notebook for report, _ in plan.reports}
    return cluster.team(settings, scheduler, notebooks=notebooks, lock=places.root / LOCK, say=say)


def _results(team: "Team | ClusterTeam", stems: list[str], outputs: Path, say: Callable[[str], None]) -> list[Produced]:
    """Return what became of the jobs that were begun, saying how far they are."""
    if not stems:
        return []
    with Progress(stems, say, past_seconds(outputs)) as progress:
        return team.results(
            when_done=lambda one: progress.done(one.job.stem, one.seconds, one.failure), meanwhile=progress.still_running
        )


def _note(plan: Plan, shelf: Shelf, now: Surroundings, target: Path) -> Note:
    """Return what is written down of the publication beside its manifest, by which it is known to be fresh."""
    return Note(
        manifest=evidence.digest(target / manifest.MANIFEST),
        data=str(plan.data),
        council=str(plan.council),
        has_own_council=(plan.data / "council.yaml").is_file(),
        folders=list(journal.FOLDERS),
        journal=journal.JOURNAL,
        params=now.params,
        notebooks=sorted(now.notebooks),
        package=now.package,
        others=now.others,
        always=sorted(shelf.always),
        makings=shelf.noted(),
    )


def _materials(place: Staging, places: Places, ready: Prepared, *, period: str) -> list[Material]:
    rows = {file.path: file.rows for file in ready.register.files}
    made_from = provenance.materials(place, places, ready.jobs, rows)
    tables = audit_tables.tables(ready.register, ready.built, period=period).items()
    return made_from + [Material(Resource(EVIDENCE + name, manifest.sha256(table), len(table)), table) for name, table in tables]


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
