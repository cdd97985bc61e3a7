"""The reporting of a quarter step by step, each step with its state as the files show it.

For a colleague who has never run it: nothing is ticked by hand. A step is done when what it leaves behind is there; it is blocked
when a step that it needs is not done; otherwise it is to do, and the list says what to run and where to look.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from kpireport.collection.checklist_states import Made, states
from kpireport.collection.checklist_steps import plans
from kpireport.periods import Period
from kpireport.presentation.phrases import count
from kpireport.rules import performance
from kpireport.sources.council import Council
from kpireport.sources.register import Register
from kpireport.vocabulary import Step


class State(StrEnum):
    """How far a step is."""

    DONE = "done"
    TO_DO = "to do"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Item:
    """One step of the list."""

    key: str
    title: str
    how: str
    """What is done, for someone who has never done it."""
    command: str
    """What to run; "" for a step that is done by hand."""
    look: str
    """Where to see that it is done."""
    state: State
    found: str
    """What the files say."""
    blocked_by: tuple[str, ...] = ()
    """The keys of the steps that must be done first."""
    due_on: date | None = None


@dataclass(frozen=True)
class Checklist:
    """The steps of one quarter."""

    council: Council
    quarter: Period
    items: tuple[Item, ...]

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(item.state is State.DONE for item in self.items)

    @property
    def next(self) -> Item | None:
        """The first step that can be taken now; None when all are done."""
        return next((item for item in self.items if item.state is State.TO_DO), None)

    def number(self, key: str) -> int:
        """Return the place of a step in the list, from 1."""
        return [item.key for item in self.items].index(key) + 1


def checklist(
    register: Register,
    council: Council,
    *,
    data: Path,
    quarter: Period,
    folders: Mapping[str, Made],
    verdict: str = "",
    deadlines: Mapping[Step, date] | None = None,
    places: Mapping[str, str] | None = None,
) -> Checklist:
    """Return the steps of reporting `quarter`, each with its state.

    Parameters
    ----------
    data
        The data folder, in which returns lie.
    folders
        What has been published of the quarter and of its year, by occasion; requests, chase and answers too.
    verdict
        What verification concluded of the quarter's reports as they are; "" when nobody verified them.
    deadlines
        The day by which a step is due, as far as the timetable has one.
    places
        The words of make, DATA and OUT, that say where it reads and writes, where they are not the usual ones.
    """
    figures = performance.for_quarter(
        register.kpis,
        register.targets,
        register.results,
        register.rounds,
        quarter=quarter,
        area=council.area,
        changes=register.kpi_changes,
    )
    steps = plans(quarter, places or {})
    found = states(register, figures, data, quarter, folders, verdict)
    due = deadlines or {}
    items: list[Item] = []
    for key, plan in steps.items():
        needed = tuple(need for need in plan.needs if need in steps and not found[need].is_done)
        state = State.DONE if found[key].is_done else State.BLOCKED if needed else State.TO_DO
        blocked_by = needed if state is State.BLOCKED else ()
        due_on = due.get(plan.deadline) if plan.deadline else None
        items.append(Item(key, plan.title, plan.how, plan.command, plan.look, state, found[key].words, blocked_by, due_on))
    return Checklist(council, quarter, tuple(items))


def unreadable(council: Council, *, quarter: Period, faults: int, places: Mapping[str, str] | None = None) -> Checklist:
    """Return the list of a quarter whose data has faults: they come first, and whatever else there is waits for them."""
    words = f"The data has {count(faults, 'fault')}: nothing can be made before they are put right."
    how = "Put right what is listed: each fault names its file and cell, and says what to do."
    look = "the list that the command prints, or faults.html in the quarter's folder"
    steps = plans(quarter, places or {})
    first = Item("faults", "Put the data right", how, steps["reports"].command, look, State.TO_DO, words)
    unknown = "Not known while the data has faults."
    rest = (
        Item(key, plan.title, plan.how, plan.command, plan.look, State.BLOCKED, unknown, ("faults",))
        for key, plan in steps.items()
    )
    return Checklist(council, quarter, (first, *rest))
