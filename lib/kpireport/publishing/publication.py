"""Build every report of one or several occasions and publish them together: of each occasion all of them, or nothing.

An occasion's folder is whole at every moment: what is new is built beside it and changes places with it in one step at the end.
Several occasions are built as one: the register is read once, and one team of processes makes all their reports.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kpireport.environment import LOCK
from kpireport.errors import KpireportError, ParameterError, PublishingError
from kpireport.publishing import catalogue, chart_cache, index, occasion, provenance, surroundings, workers
from kpireport.publishing import plan as plans
from kpireport.publishing.asked import Places, Request
from kpireport.publishing.assembling import Assembling, Part
from kpireport.publishing.occasion import Occasion, Published, Terms
from kpireport.publishing.orders import Order, Produced
from kpireport.publishing.preparation import Loader
from kpireport.publishing.progress import Progress, past_seconds
from kpireport.publishing.staging import refusals_told, removal_told
from kpireport.publishing.workers import Team
from kpireport.sources import register as registers

if TYPE_CHECKING:
    from kpireport.publishing.cluster import ClusterTeam

TIMEOUT = 600
"""Seconds allowed for each cell of a notebook."""
Outcomes = dict[int, Published | KpireportError]
"""What became of each occasion that was asked for, by its place: what was published, or why nothing was."""


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
    ((_, done),) = publish_all(
        [[request]],
        outputs=outputs,
        places=places,
        timeout=timeout,
        say=say,
        load=load,
        scheduler=scheduler,
        is_rebuild=is_rebuild,
    )
    if isinstance(done, KpireportError):
        raise done
    return done


def publish_all(
    groups: Sequence[Sequence[Request]],
    *,
    outputs: Path,
    places: Places | None = None,
    timeout: int = TIMEOUT,
    say: Callable[[str], None] = print,
    load: Loader = registers.load,
    scheduler: str = "",
    is_rebuild: bool = False,
) -> Iterator[tuple[Request, Published | KpireportError]]:
    """Build and publish many occasions as `publish` does one; yield what became of each.

    What goes wrong with one occasion stops none of the others.

    Parameters
    ----------
    groups
        The occasions of a group are built as one, and are published when all their reports are made; one group comes after the
        other. No two occasions of a group may have the same folder.

    Raises
    ------
    ParameterError
        When there is no such cluster.
    """
    places = places or Places()
    now = surroundings.look(places)
    is_running = surroundings.at_start(places).runs_like(now)
    terms = Terms(outputs, places, now, is_running, timeout, is_rebuild, say, provenance.code(places))
    with ExitStack() as all_groups:
        team: Team | ClusterTeam | None = None
        for number, group in enumerate(groups):
            clock, outcomes = time.perf_counter(), Outcomes()
            if len(groups) > 1:
                say(f"Making {'; '.join(request.told for request in group)}.")
            with ExitStack() as held:
                begun: dict[int, Occasion] = {}
                for place, request in enumerate(group):
                    with _told(outcomes, place):
                        plan = plans.make_plan(places, request)
                        begun[place] = held.enter_context(occasion.begun(request, plan, terms))
                if begun:
                    team = team or all_groups.enter_context(_team(begun, groups, places, scheduler, say))
                    try:
                        _publish(begun, outcomes, team, terms, load, clock=clock, is_last=number == len(groups) - 1)
                    except BaseException as error:
                        team.stop()  # before the folders are removed in which it works
                        if not isinstance(error, KpireportError):
                            raise
                        team = None
                        outcomes |= {place: error for place in begun if place not in outcomes}
            yield from ((request, outcomes[place]) for place, request in enumerate(group))


def _publish(
    begun: dict[int, Occasion],
    outcomes: Outcomes,
    team: "Team | ClusterTeam",
    terms: Terms,
    load: Loader,
    *,
    clock: float,
    is_last: bool,
) -> None:
    """Have the reports of a group made by a team, and publish each occasion.

    Raises
    ------
    DeadKernelError
        When the team has failed.
    """
    team.get_ready(
        [one.settings for one in begun.values()], {path.name: path for one in begun.values() for path in one.notebooks()}
    )
    parts: dict[int, Part] = {}
    for place, one in begun.items():
        with _told(outcomes, place):
            parts[place] = one.read(load)
    assembling = Assembling(parts, team)
    chosen = {}
    for place, assembled in assembling.assembled().items():
        with _told(outcomes, place):
            chosen[place] = begun[place].choose(assembled)
    assembling.get_ready(chosen)
    for place in chosen:
        begun[place].gather()
    of_kpis = assembling.of_kpis()
    orders = {place: begun[place].orders(assembling.source(place)) for place in begun if place in chosen}
    ran = _results(team, [order for some in orders.values() for order in some], terms)
    if is_last:
        team.release()
    is_known = terms.is_running and surroundings.look(terms.places) == terms.now
    chart_cache.trim(terms.outputs / chart_cache.NAME)
    for place, some in orders.items():
        own, ran = ran[: len(some)], ran[len(some) :]
        with _told(outcomes, place), refusals_told(terms.outputs), removal_told(begun[place].place):
            seconds = time.perf_counter() - clock
            outcomes[place] = begun[place].publish(own, of_kpis.get(place, {}), seconds=seconds, is_known=is_known)
    if published := {place: done for place in orders if isinstance(done := outcomes[place], Published)}:
        outcomes |= _listed(published, terms.outputs, work=begun[next(iter(published))].place.work)


def _listed(published: Mapping[int, Published], outputs: Path, *, work: Path) -> Outcomes:
    """Write the page over all folders anew; return what is told of each occasion where that cannot be."""
    try:
        catalogue.refresh(outputs, work=work)
    except OSError as error:
        page = f"The page over all folders, {outputs / index.NAME}, is as it was: {error.strerror}."
        return {place: PublishingError(f"{done.folder} was published. {page}") for place, done in published.items()}
    return {}


@contextmanager
def _told(outcomes: Outcomes, number: int) -> Iterator[None]:
    """Write down what stops an occasion, and go on with the others."""
    try:
        yield
    except KpireportError as error:
        outcomes[number] = error


def _team(
    begun: Mapping[int, Occasion],
    groups: Sequence[Sequence[Request]],
    places: Places,
    scheduler: str,
    say: Callable[[str], None],
) -> "AbstractContextManager[Team | ClusterTeam]":
    """Return what makes the reports: processes of this machine, or a cluster."""
    if not scheduler:
        most = [one.plan.most_jobs for one in begun.values()]
        is_known = len(groups) == 1 and None not in most
        settings = next(iter(begun.values())).settings
        return workers.team(settings, size=sum(filter(None, most)) if is_known else None)
    try:
        from kpireport.publishing import cluster
    except ModuleNotFoundError:
        raise ParameterError("scheduler: Dask is not installed. Run this by make, with SCHEDULER=, which installs it.") from None
    return cluster.team(scheduler, lock=places.root / LOCK, say=say)


def _results(team: "Team | ClusterTeam", orders: list[Order], terms: Terms) -> list[Produced]:
    """Return what became of the orders, saying how far they are. Those that took longest before are begun first."""
    if not orders:
        return []
    past = past_seconds(terms.outputs)
    usual = sum(past.values()) / max(len(past), 1)
    turn = sorted(range(len(orders)), key=lambda place: -past.get(orders[place].job.stem, usual))
    team.begin(orders[place] for place in turn)
    with Progress([orders[place].job.stem for place in turn], terms.say, past) as progress:
        ran = team.results(
            when_done=lambda one: progress.done(one.job.stem, one.seconds, one.failure), meanwhile=progress.still_running
        )
    return [one for _, one in sorted(zip(turn, ran, strict=True), key=lambda pair: pair[0])]
