"""Reads the register and assembles every report before any kernel starts, so that whatever is wrong is known in time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kpireport.errors import DataError
from kpireport.publishing import audit_tables
from kpireport.publishing import plan as plans
from kpireport.publishing.asked import Places, Request
from kpireport.publishing.plan import Job, Plan
from kpireport.publishing.staging import Staging, copy_inputs, copy_notebook
from kpireport.sources import register as registers

Loader = Callable[[Path], Any]
"""Reads the register from a data folder."""


@dataclass(frozen=True)
class Prepared:
    """What is known before any kernel starts."""

    register: Any
    jobs: list[Job]
    """Their paths are those of the copied inputs and notebooks."""
    scheme: str
    """Name and version of the rating scheme."""
    built: Mapping[str, Any]
    """What each job's report was assembled to, by stem."""


def prepare(
    place: Staging,
    plan: Plan,
    load: Loader,
    when_built: Callable[[list[Job], Mapping[str, Any]], None] = lambda planned, built: None,
) -> Prepared:
    """Read the data and assemble every report once, so that what is wrong is known before any kernel starts.

    `when_built` is then called, with the jobs and their reports by stem.
    """
    register = load(place.inputs / "data")
    jobs, schemes, wrong, built = [], [], [], {}
    builds = {report.name: report.build for report, _ in plan.reports}
    here = {"data": str(place.inputs / "data"), "council": str(place.inputs / "council.yaml")}
    planned = [
        replace(job, parameters={**job.parameters, **here}, notebook=copy_notebook(place, job.notebook))
        for job in plans.jobs(plan, register)
    ]
    for job in planned:
        try:
            report = builds[job.report](**job.parameters)
        except DataError as error:
            wrong += error.faults
            continue
        schemes += [str(report.scheme)] if report.scheme else []
        built[job.stem] = report
        jobs.append(replace(job, parameters={**job.parameters, "data": "data", "council": "council.yaml"}))
    if wrong:
        raise DataError(sorted(set(wrong)))
    when_built(planned, built)
    return Prepared(register, jobs, ", ".join(dict.fromkeys(schemes)), built)


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
    ready = prepare(place, plan, registers.load)
    return dict(audit_tables.tables(ready.register, ready.built, period=plan.period))
