"""What a build would do and why, without doing it: each report is assembled, none is run, nothing is written."""

import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from kpireport.publishing import freshness, surroundings
from kpireport.publishing import plan as plans
from kpireport.publishing.asked import Places, Request
from kpireport.publishing.freshness import Standing
from kpireport.publishing.preparation import Loader, assemble, read
from kpireport.publishing.reuse import Keys, Making, Shelf
from kpireport.publishing.staging import Staging, copy_inputs
from kpireport.sources import register as registers

NAMED = 8
"""How many changed things are named before the rest are counted."""


def foretell(
    request: Request,
    standing: Standing,
    *,
    outputs: Path,
    places: Places | None = None,
    load: Loader = registers.load,
    is_rebuild: bool = False,
) -> list[str]:
    """Return a line for each report of the occasion: whether it would be made, and why; then one on them all.

    Parameters
    ----------
    standing
        How what is asked for is published now (`freshness.standing`); it is not fresh.

    Raises
    ------
    ParameterError, DataError
        As a build would.
    """
    places = places or Places()
    now = surroundings.look(places)
    plan = plans.make_plan(places, request)
    is_open = surroundings.at_start(places).runs_like(now) and not is_rebuild
    shelf = Shelf(outputs, is_open=is_open)
    last = freshness.last_note(outputs, plan.period_folder)
    made_before = last.makings if last else {}
    with tempfile.TemporaryDirectory(prefix="kpireport-dry-run-", ignore_cleanup_errors=True) as name:
        place = Staging(Path(name).resolve())
        place.inputs.mkdir()
        copy_inputs(place, data=plan.data, council=plan.council)
        reading = read(place, plan, load)
        built = assemble(reading, plan)
        keys = Keys(plan, places, now, request.forms)
        to_run = shelf.choose({job.stem: keys.of(job, built[job.stem]) for job in reading.jobs})
    shelf.add_kpis({stem: keys.kpis(built[stem]) for stem in to_run})
    lines = [f"{job.stem}: {_why(job.stem, shelf, made_before.get(job.stem), is_rebuild=is_rebuild)}" for job in reading.jobs]
    total = len(reading.jobs)
    gone = sorted(made_before.keys() - {job.stem for job in reading.jobs})
    lines += [f"{stem}: no longer asked for; its files would go" for stem in gone]
    lines.append(f"{len(to_run)} of {total} report{'' if total == 1 else 's'} would be made. Nothing was written.")
    if not to_run:
        lines.insert(-1, f"{plan.period_folder} would be put together again: {_some(standing.changed)}.")
    return lines


def _why(stem: str, shelf: Shelf, before: Mapping[str, Any] | None, *, is_rebuild: bool) -> str:
    if stem in shelf.taken:
        return "as it was"
    if is_rebuild:
        return "made again, as everything is"
    if stem in shelf.always:
        return f"made each time: {shelf.always[stem]}"
    now = shelf.makings[stem]
    then = _read(before)
    if then is None:
        return "has not been made yet"
    return "; ".join(_differences(then, now)) or "what was made before is no longer kept"


def _read(told: Mapping[str, Any] | None) -> Making | None:
    try:
        return Making(**told) if told else None
    except TypeError:
        return None


def _differences(then: Making, now: Making) -> Iterator[str]:
    """Yield how what a report is made from is not what it was."""
    if now.parameters != then.parameters:
        yield f"its parameters changed: {_some(_changed(then.parameters, now.parameters))}"
    if now.notebook != then.notebook:
        yield "its notebook changed"
    if now.code != then.code or now.package != then.package:
        yield "the code changed"
    if now.lock != then.lock:
        yield "the lock changed"
    if now.versions != then.versions:
        yield f"versions changed: {_some(_changed(then.versions, now.versions))}"
    if now.forms != then.forms:
        yield f"its forms changed: {_some(now.forms)} instead of {_some(then.forms)}"
    if now.figures != then.figures:
        yield _figures(then, now)


def _figures(then: Making, now: Making) -> str:
    kpis = _changed(then.kpis, now.kpis)
    others = [name.replace("_", " ") for name in _changed(then.fields, now.fields) if name not in now.of_kpis]
    if not kpis:
        return f"what it says changed: {_some(others or ['the order or the kind of its figures'])}"
    return f"its figures changed: {_some(kpis)}" + (f"; with them {_some(others)}" if others else "")


def _changed(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))


def _some(words: Collection[str]) -> str:
    shown, more = list(words)[:NAMED], len(words) - NAMED
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
