"""The reporting timetable: the meetings of the council's year, and the deadlines that follow from them by a few rules.

The rounds table is the record of each quarter: where it has a day, that day is shown, whatever the meetings table or a rule says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from kpireport.periods import Period, PeriodKind, financial_year, parse
from kpireport.rules.timetable_rules import OF_MEETING, QUARTER_END, Rule
from kpireport.vocabulary import Body, Reader, Step

ROUNDS, MEETINGS = "reference/rounds", "reference/meetings"
READER_OF_STEP = {
    Step.REQUESTS: Reader.TEAM,
    Step.REMINDER: Reader.TEAM,
    Step.RETURNS: Reader.SERVICES,
    Step.HIGHLIGHTS: Reader.TEAM,
    Step.COMMENTARY: Reader.SERVICES,
    Step.CUT_OFF: Reader.DIRECTORATES,
    Step.PACKS: Reader.TEAM,
    Step.ESCALATIONS: Reader.DIRECTORATES,
    Step.CLT_PAPERS: Reader.TEAM,
    Step.EXECUTIVE_PAPERS: Reader.TEAM,
    Step.SCRUTINY_PAPERS: Reader.TEAM,
    Step.ANNUAL_PAPERS: Reader.TEAM,
    Step.SURVEY_REPORT: Reader.TEAM,
    Step.ASSURANCE_PAPERS: Reader.TEAM,
}
"""Who answers for each deadline."""
READER_OF_BODY = {
    Body.DMT: Reader.DIRECTORATES,
    Body.CLT: Reader.CLT,
    Body.SCRUTINY_BOARD: Reader.MEMBERS,
    Body.EXECUTIVE_BOARD: Reader.MEMBERS,
    Body.AUDIT_COMMITTEE: Reader.MEMBERS,
    Body.SURVEY: Reader.SERVICES,
}
SERVES = {
    **dict.fromkeys((Step.REQUESTS, Step.REMINDER, Step.RETURNS, Step.HIGHLIGHTS, Step.COMMENTARY), Body.DMT),
    Step.CUT_OFF: Body.DMT,
    Step.PACKS: Body.DMT,
    Step.ESCALATIONS: Body.CLT,
    Step.CLT_PAPERS: Body.CLT,
    **OF_MEETING,
}
"""The meeting that each deadline serves."""
COLUMNS = {
    "on": "datetime64[s]",
    "step": "str",
    "body": "str",
    "of": "str",
    "period": "str",
    "reader": "str",
    "rule": "str",
    "expected_on": "datetime64[s]",
    "table": "str",
    "row": "Int64",
    "column": "str",
    "starts_at": "str",
    "producer": "str",
}


@dataclass(frozen=True)
class _Fixed:
    """A day and the cell that fixes it; no table for a quarter's end."""

    on: date
    table: str = ""
    row: int | None = None
    column: str = ""
    producer: str = ""


def entries(meetings: pd.DataFrame, rounds: pd.DataFrame, rules: Mapping[Step, Rule]) -> pd.DataFrame:
    """Return every meeting and deadline that the tables and the rules give, earliest first: one row is one of them.

    Parameters
    ----------
    meetings, rounds
        As the register holds them, with the row in the sheet as index. Either may be empty.
    rules
        As `timetable_rules.parse_all` gives them, in the order in which their days can be found.

    Returns
    -------
    pd.DataFrame
        `on`, `step` ("" for a meeting), `body` (whose meeting it is, or serves), `of` (directorate or board; "" for all),
        `period`, `reader` (who meets, or answers for it), `rule` (that gives the day; "" when it is recorded), `expected_on`
        (what the rule or the meetings table says, which differs where the round has another day), `table`, `row` and `column`
        (the cell that fixes the day), `starts_at` and `producer` (of a meeting).
    """
    found = [*_quarters(meetings, rounds, rules), *_other_meetings(meetings, rules)]
    frame = pd.DataFrame(found, columns=list(COLUMNS)).astype(COLUMNS)
    order = [*map(str, Step), ""]
    return frame.sort_values(
        ["on", "step", "body", "of"], key=lambda cells: cells.map(order.index) if cells.name == "step" else cells
    ).reset_index(drop=True)


def of_year(entries: pd.DataFrame, year: Period) -> pd.DataFrame:
    """Return the entries whose day is in a financial year."""
    is_inside = entries["on"].between(pd.Timestamp(year.start), pd.Timestamp(year.end))
    return entries[is_inside].reset_index(drop=True)


def upcoming(entries: pd.DataFrame, on: date) -> pd.DataFrame:
    """Return the entries that are still to come on a day, that day's included."""
    return entries[entries["on"] >= pd.Timestamp(on)].reset_index(drop=True)


def due_reports(entries: pd.DataFrame) -> dict[tuple[Step, str], date]:
    """Return the day by which each report is due, by the step that issues it and its period; the first board's for them all.

    A directorate pack is due with its quarter: its step stands for the quarter's reports.
    """
    issuing = entries[entries["step"].isin([Step.PACKS, *OF_MEETING])]
    first = issuing.drop_duplicates(["step", "period"])
    keys = zip(first["step"].map(Step), first["period"], strict=True)
    return dict(zip(keys, first["on"].dt.date, strict=True))


def _quarters(meetings: pd.DataFrame, rounds: pd.DataFrame, rules: Mapping[Step, Rule]) -> Iterator[dict[str, Any]]:
    """Yield the entries of each quarter that has a round, or a meeting of management teams or the leadership team."""
    management = meetings[meetings["body"].isin([Body.DMT, Body.CLT])]
    named = {*rounds["quarter"], *management["period"]}
    quarters = sorted(period for name in named if (period := parse(name)).kind is PeriodKind.QUARTER)
    for quarter in quarters:
        own_round = rounds[rounds["quarter"] == str(quarter)]
        own_meetings = management[management["period"] == str(quarter)]
        known = {QUARTER_END: _Fixed(quarter.end)}
        for body, column in ((Body.DMT, "dmt_on"), (Body.CLT, "clt_on")):
            shown = list(_meetings_of_round(own_meetings[own_meetings["body"] == body], _cell(own_round, column), body, quarter))
            yield from shown
            if shown:
                first = min(shown, key=lambda entry: entry["on"])
                known[body] = _Fixed(first["on"], first["table"], first["row"], first["column"], first["producer"])
        yield from _deadlines(quarter, known, own_round, rules)
    yearly = management[~management["period"].isin([str(quarter) for quarter in quarters])]
    yield from (_meeting(int(str(row)), meeting) for row, meeting in yearly.iterrows())


def _meetings_of_round(rows: pd.DataFrame, recorded: _Fixed | None, body: Body, quarter: Period) -> Iterator[dict[str, Any]]:
    """Yield a quarter's meetings of one body. The round's day replaces the first one's; alone it stands for all."""
    if rows.empty and recorded:
        yield _entry(recorded, body=body, period=str(quarter), reader=READER_OF_BODY[body])
    for row, meeting in rows.iterrows():
        entry = _meeting(int(str(row)), meeting)
        if recorded and meeting["meeting_on"] == rows["meeting_on"].min():
            entry |= {"on": recorded.on, "table": recorded.table, "row": recorded.row, "column": recorded.column}
        yield entry


def _deadlines(
    quarter: Period, known: dict[str, _Fixed], own_round: pd.DataFrame, rules: Mapping[Step, Rule]
) -> Iterator[dict[str, Any]]:
    recorded = {Step.RETURNS: _cell(own_round, "returns_due_on"), Step.CUT_OFF: _cell(own_round, "cut_off_on")}
    for step, rule in rules.items():
        if step in OF_MEETING or (rule.anchor not in known and not recorded.get(step)):
            continue
        anchor = known.get(rule.anchor)
        expected = rule.day(anchor.on) if anchor else None
        fixed = recorded.get(step)
        if fixed is None and anchor and expected:
            fixed = _Fixed(expected, anchor.table, anchor.row, anchor.column, anchor.producer)
        if fixed is None:
            continue
        known[step] = fixed
        yield _entry(
            fixed,
            step=step,
            body=SERVES[step],
            period=str(quarter),
            reader=READER_OF_STEP[step],
            rule="" if recorded.get(step) else str(rule),
            expected_on=expected,
        )


def _other_meetings(meetings: pd.DataFrame, rules: Mapping[Step, Rule]) -> Iterator[dict[str, Any]]:
    """Yield the meetings of members, and the survey, each with the deadline of its papers."""
    for label, meeting in meetings[~meetings["body"].isin([Body.DMT, Body.CLT])].iterrows():
        row = int(str(label))
        entry = _meeting(row, meeting)
        yield entry
        for step, body in OF_MEETING.items():
            if body == meeting["body"] and step in rules and _takes(step, str(meeting["period"])):
                papers = _Fixed(rules[step].day(entry["on"]), MEETINGS, row, "meeting_on", str(meeting["producer"]))
                yield _entry(
                    papers,
                    step=step,
                    body=body,
                    of=str(meeting["of"]),
                    period=str(meeting["period"]),
                    reader=READER_OF_STEP[step],
                    rule=str(rules[step]),
                    expected_on=papers.on,
                )


def _takes(step: Step, period: str) -> bool:
    """Return whether a meeting about `period` takes the papers of `step`: the Executive Board's are of a quarter or of a year."""
    is_quarter = parse(period).kind is PeriodKind.QUARTER
    return is_quarter if step is Step.EXECUTIVE_PAPERS else not is_quarter if step is Step.ANNUAL_PAPERS else True


def _meeting(row: int, meeting: pd.Series) -> dict[str, Any]:
    on = meeting["meeting_on"].date()
    return _entry(
        _Fixed(on, MEETINGS, row, "meeting_on", str(meeting["producer"])),
        body=Body(meeting["body"]),
        of=str(meeting["of"]),
        period=str(meeting["period"]),
        reader=READER_OF_BODY[Body(meeting["body"])],
        expected_on=on,
        starts_at=str(meeting["starts_at"]),
    )


def _entry(fixed: _Fixed, *, body: Body, period: str, reader: Reader, **others: Any) -> dict[str, Any]:
    place = {"table": fixed.table, "row": fixed.row, "column": fixed.column, "producer": fixed.producer}
    rest = {"step": "", "of": "", "rule": "", "expected_on": None, "starts_at": ""}
    return {"on": fixed.on, "body": body, "period": period, "reader": reader, **place, **rest, **others}


def _cell(own_round: pd.DataFrame, column: str) -> _Fixed | None:
    """Return a day of the round, with its cell; None when the quarter has no round or the cell is empty."""
    days = own_round[column].dropna()
    return _Fixed(days.iloc[0].date(), ROUNDS, int(days.index[0]), column) if len(days) else None


def quarter_of(period: str) -> str:
    """Return the quarter to whose round a report on `period` belongs: itself, or the last of the year that ends in it."""
    parsed = parse(period)
    if parsed.kind is PeriodKind.QUARTER:
        return period
    return str(financial_year(parsed.end.year - 1)) + " Q4"
