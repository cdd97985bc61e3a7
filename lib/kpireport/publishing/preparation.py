"""Reads the register and assembles every report before any kernel starts, so that whatever is wrong is known in time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kpireport.errors import DataError
from kpireport.publishing import audit_tables
from kpireport.publishing import plan as plans
from kpireport.publishing.asked import Places, Request
from kpireport.publishing.plan import Job, Plan
from kpireport.publishing.reuse import Keys, Making
from kpireport.publishing.staging import Staging, copy_inputs, copy_notebook
from kpireport.sources import register as registers

Loader = Callable[[Path], Any]
"""Reads the register from a data folder."""


@dataclass(frozen=True)
class Reading:
    """What is known of an occasion before its reports are assembled."""

    register: Any
    jobs: list[Job]
    """Their paths are absolute, of the copied inputs and notebooks."""


@dataclass(frozen=True)
class Assembly:
    """What a build needs to know of a report that was assembled, wherever that was."""

    making: Making | str
    """What it is made from; why it must always be run, where that cannot be told."""
    scheme: str
    """Name and version of the rating scheme; "" for a report without ratings."""
    audit: audit_tables.Lines


def read(place: Staging, plan: Plan, load: Loader) -> Reading:
    """Read the data that was copied, and find out what there is to make of it.

    Raises
    ------
    DataError, ParameterError
        With all that is wrong with the data; when a value asked for is in none of it.
    """
    register = load(place.inputs / "data")
    here = {"data": str(place.inputs / "data"), "council": str(place.inputs / "council.yaml")}
    jobs = [
        replace(job, parameters={**job.parameters, **here}, notebook=copy_notebook(place, job.notebook))
        for job in plans.jobs(plan, register)
    ]
    return Reading(register, jobs)


def runnable(jobs: Iterable[Job]) -> list[Job]:
    """Return the jobs as their notebooks run, in the folder of the copied inputs."""
    return [replace(job, parameters={**job.parameters, "data": "data", "council": "council.yaml"}) for job in jobs]


def assemble(reading: Reading, plan: Plan) -> dict[str, Any]:
    """Return every report, assembled, by stem.

    Raises
    ------
    DataError
        With every fault that stops any of them.
    """
    wrong, built = [], {}
    builds = {report.name: report.build for report, _ in plan.reports}
    for job in reading.jobs:
        try:
            built[job.stem] = builds[job.report](**job.parameters)
        except DataError as error:
            wrong += error.faults
    if wrong:
        raise DataError(sorted(set(wrong)))
    return built


def described(reading: Reading, built: Mapping[str, Any], keys: Keys) -> dict[str, Assembly]:
    """Return what a build needs to know of every report, by stem."""
    return {
        job.stem: Assembly(
            keys.of(job, built[job.stem]),
            str(built[job.stem].scheme or ""),
            audit_tables.of_report(job.stem, built[job.stem], reading.register),
        )
        for job in reading.jobs
    }


def audit_files(inputs: Path, request: Request, *, work: Path, places: Places | None = None) -> dict[str, bytes]:
    """Return the audit tables that a build of `request` would write down, without making a report.

    Parameters
    ----------
    inputs
        A folder with `data/` and `council.yaml`.
    work
        An empty folder.
    """
    places = places or Places()
    asked = replace(request, data=str(inputs / "data"), council=str(inputs / "council.yaml"))
    plan, place = plans.make_plan(places, asked), Staging(work)
    place.inputs.mkdir(parents=True)
    copy_inputs(place, data=plan.data, council=plan.council)
    reading = read(place, plan, registers.load)
    return audit_tables.tables(reading.register, assemble(reading, plan), period=plan.period)
