"""What cannot be in a timetable (faults), and what a reader of it should know (warnings): each with its cell and a remedy."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from kpireport.periods import PeriodKind, parse
from kpireport.rules import working_days
from kpireport.rules.timetable import quarter_of
from kpireport.rules.timetable_rules import OF_MEETING, OF_QUARTER
from kpireport.vocabulary import Body, Reader, Step

PARAMETERS = "params/timetable.yaml"
AFTER_CLT = (Step.EXECUTIVE_PAPERS, Step.SCRUTINY_PAPERS, Step.ANNUAL_PAPERS)
"""Papers of members, whose figures the leadership team considers first."""
DIRECTORS = (Body.DMT, Body.CLT, Body.EXECUTIVE_BOARD)
"""Meetings that directors attend: no director is at two of them on one day."""
ORDER: tuple[Step | Body, ...] = (*OF_QUARTER[:7], Body.DMT, *OF_QUARTER[7:], Body.CLT)
"""A quarter from its first request to the leadership team's meeting."""


@dataclass(frozen=True)
class Problem:
    """What is wrong, or worth knowing, about one cell of a table; `table` is "" for a rule that hangs on no cell."""

    table: str
    row: int | None
    column: str
    found: str
    expected: str
    remedy: str


def faults(entries: pd.DataFrame) -> list[Problem]:
    """Return what cannot be: days that are no working days, deadlines out of order, and two things of the same people at once.

    `entries` are as `timetable.entries` gives them.
    """
    return [*_no_working_days(entries), *_out_of_order(entries), *_out_of_turn(entries), *_clashes(entries)]


def warnings(entries: pd.DataFrame) -> list[Problem]:
    """Return where a round has another day than the meetings table or a rule, and days on which the team has two deadlines."""
    return [*_differences(entries), *_busy_days(entries)]


def _no_working_days(entries: pd.DataFrame) -> Iterator[Problem]:
    for entry in _records(entries):
        on = entry["on"].date()
        if why := working_days.why_not(on):
            near = f"{_day(working_days.on_or_before(on))} or {_day(working_days.shifted(on, 1))}"
            yield _problem(
                entry, f"{named(entry)} on {_day(on)}, {why}", "a working day in England", f"Write {near}, or another."
            )


def _out_of_order(entries: pd.DataFrame) -> Iterator[Problem]:
    """Yield what of a quarter comes before what it needs. Nobody's papers are issued on the day of the meeting."""
    is_quarter = [parse(period).kind is PeriodKind.QUARTER for period in entries["period"]]
    of_quarters = entries[pd.Series(is_quarter, entries.index, dtype=bool)]
    for _, own in of_quarters.groupby("period", sort=False):
        line = []
        for stage in ORDER:
            rows = own[own["step"] == stage] if isinstance(stage, Step) else own[(own["body"] == stage) & (own["step"] == "")]
            if len(rows):
                listed = _records(rows)
                line.append((stage, listed[0], listed[-1]))
        for (before, _, last), (after, first, _) in pairwise(line):
            is_strict = isinstance(before, Body) or isinstance(after, Body)
            if first["on"] < last["on"] or (is_strict and first["on"] == last["on"]):
                yield _wrong_order(first, last)


def _out_of_turn(entries: pd.DataFrame) -> Iterator[Problem]:
    """Yield papers of members that come before the leadership team has met, and papers that miss the meeting they serve."""
    meetings = entries[entries["step"] == ""]
    clt = {str(meeting["period"]): meeting for meeting in _records(meetings[meetings["body"] == Body.CLT])}
    for entry in _records(entries[entries["step"].isin(OF_MEETING)]):
        # A paper hangs on the cell of its own meeting.
        meeting = _records(meetings[(meetings["table"] == entry["table"]) & (meetings["row"] == entry["row"])])[0]
        later, earlier = (entry, meeting) if entry["body"] == Body.SURVEY else (meeting, entry)
        if later["on"] <= earlier["on"]:
            yield _wrong_order(later, earlier)
        seen = clt.get(quarter_of(str(entry["period"])))
        if entry["step"] in AFTER_CLT and seen and entry["on"] <= seen["on"]:
            yield _wrong_order(entry, seen)


def _wrong_order(later: dict[str, Any], earlier: dict[str, Any]) -> Problem:
    """Return the problem that `later` does not come after `earlier`, at the cell of whichever of the two a rule does not give."""
    by_rule = [entry for entry in (later, earlier) if entry["rule"]]
    remedy = "Correct one of the two days."
    if by_rule:
        rules = " and ".join(f'{entry["step"]} ("{entry["rule"]}")' for entry in by_rule)
        remedy = f"Correct the day, or change {rules} in {PARAMETERS}."
    place = later if later["table"] and (not later["rule"] or not earlier["table"]) else earlier
    when = "on the day of" if later["on"] == earlier["on"] else "before"
    found = f"{named(later)} on {_day(later['on'])}, {when} {named(earlier)} ({_day(earlier['on'])})"
    return _problem(place, found, f"a day after that of {named(earlier)}", remedy)


def _clashes(entries: pd.DataFrame) -> Iterator[Problem]:
    """Yield two meetings, or two deadlines, of the same people on one day; the team's own deadlines are `_busy_days`."""
    for _, own in entries.groupby("on"):
        if len(own) > 1:
            rows = _records(own)
            for place, entry in enumerate(rows):
                met = next((other for other in rows[:place] if _same_people(entry, other)), None)
                if met:
                    found = f"{named(entry)} and {named(met)}, both on {_day(entry['on'])}"
                    rule = next((f", or change {one['step']} in {PARAMETERS}" for one in (entry, met) if one["rule"]), "")
                    yield _problem(entry, found, "one of them on a day for the same people", f"Move one of them{rule}.")


def _same_people(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether the same people are wanted twice. One meeting may consider several periods."""
    if bool(one["step"]) != bool(other["step"]):
        return False
    if one["step"]:
        is_team = Reader.TEAM in (one["reader"], other["reader"])
        return one["reader"] == other["reader"] and not is_team
    if one["body"] == other["body"] and (one["of"] == other["of"] or not (one["of"] and other["of"])):
        return bool(one["starts_at"] != other["starts_at"]) or one["period"] == other["period"]
    return one["body"] in DIRECTORS and other["body"] in DIRECTORS and one["body"] != other["body"]


def _differences(entries: pd.DataFrame) -> Iterator[Problem]:
    rows = entries[entries["expected_on"].notna() & (entries["on"] != entries["expected_on"])]
    for entry in _records(rows.drop_duplicates(["table", "row", "column"])):
        apart = working_days.counted(entry["expected_on"].date(), entry["on"].date())
        way = "later" if entry["on"] > entry["expected_on"] else "earlier"
        far = f"{abs(apart)} working day{'' if abs(apart) == 1 else 's'} {way}"
        source = "the rule gives" if entry["step"] else "the meetings table says"
        yield _problem(
            entry,
            f"{named(entry)} on {_day(entry['on'])}, {far} than {source}",
            _day(entry["expected_on"]),
            "The timetable shows the round's own day. Correct it if it is not meant.",
        )


def _busy_days(entries: pd.DataFrame) -> Iterator[Problem]:
    team = entries[(entries["reader"] == Reader.TEAM) & (entries["step"] != "")].drop_duplicates(["on", "step", "period"])
    for on, own in team.groupby("on"):
        if len(own) > 1:
            what = " and ".join(named({**entry, "of": ""}) for entry in _records(own))
            remedy = f"Change one of the rules in {PARAMETERS} if that is too much for a day."
            yield _problem(_records(own)[0], f"{what}, all on {_day(on)}", "one deadline a day for the team", remedy)


def named(entry: dict[str, Any]) -> str:
    """Return what an entry is, in the words of the tables: "returns 2024-25 Q2", "scrutiny_board CF 2024-25 Q2"."""
    return " ".join(str(word) for word in (entry["step"] or entry["body"], entry["of"], entry["period"]) if word)


def _records(entries: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): cell for name, cell in entry.items()} for entry in entries.to_dict("records")]


def _day(on: Any) -> str:
    return f"{on:%d/%m/%Y}"


def _problem(entry: dict[str, Any], found: str, expected: str, remedy: str) -> Problem:
    row = None if pd.isna(entry["row"]) else int(entry["row"])
    return Problem(str(entry["table"]), row, str(entry["column"]), found, expected, remedy)
