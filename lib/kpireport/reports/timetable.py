"""The year's reporting timetable: every meeting and deadline from April to March, for those who have to keep to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from kpireport import periods
from kpireport.errors import DataError, Finding, ParameterError
from kpireport.periods import Period, PeriodKind
from kpireport.rules import timetable, timetable_checks, timetable_rules, working_days
from kpireport.rules.timetable_checks import PARAMETERS, Problem
from kpireport.sources import council as councils
from kpireport.sources import register as registers
from kpireport.sources.council import Council
from kpireport.sources.register import Register
from kpireport.vocabulary import ILLUSTRATIVE, Body, Step

OCCASION = "timetable"
Day = date
"""The report has a field `date`, which hides the type of that name."""


@dataclass(frozen=True)
class Timetable:
    """What services, directorates, the team and members keep to."""

    council: Council
    title: str
    subtitle: str
    date: str
    """The day after which what is due next is looked for (ISO)."""
    scheme: str
    """"": nothing is rated here."""
    year: Period
    entries: pd.DataFrame
    """One row is one meeting or deadline of the year, as `rules.timetable.entries` gives it, with the name `of_name` and the day
    `remind_on` on which a calendar reminds."""
    upcoming: pd.DataFrame
    """The entries that are still to come on the report's date."""
    working_days_to_next: int
    """How many working days after the report's date the next of them is; 0 when there is none, or on that day."""
    rules: dict[Step, str]
    bank_holidays: Mapping[Day, str]
    """The year's bank holidays on weekdays."""
    directorates: pd.DataFrame
    boards: pd.DataFrame
    quarters: tuple[str, ...]
    """The quarters that are reported in the year: the last of the year before, and three of its own."""
    undated: tuple[str, ...]
    """Of those, the ones without a date."""
    bodies_missing: tuple[Body, ...]
    """The bodies of whose meetings in the year no date is known."""
    warnings: tuple[Finding, ...]
    illustrative: int
    """How many of the meetings' dates are made up."""


def build(
    *,
    data: str,
    council: str,
    year: str,
    next_from: str = "",
    requests: str,
    reminder: str,
    returns: str,
    highlights: str,
    commentary: str,
    cut_off: str,
    packs: str,
    escalations: str,
    clt_papers: str,
    executive_papers: str,
    scrutiny_papers: str,
    annual_papers: str,
    survey_report: str,
    assurance_papers: str,
    reminder_days: int,
) -> Timetable:
    """Assemble the timetable of the financial year `year`, such as 2024-25, from the register in the folder `data`.

    Parameters
    ----------
    council
        Path of the council's own particulars (YAML).
    next_from
        The day (ISO) after which what is due next is looked for; "" means the last day on which a result was received.
    requests, reminder, ..., assurance_papers
        When what is due, such as "10 working days before returns" (`rules.timetable_rules`).
    reminder_days
        How many working days ahead the calendar file reminds, 0 to 20.

    Raises
    ------
    ParameterError
        When `year` is not a financial year, or with every rule that cannot be read.
    DataError
        With every fault of the register, and every day of the year that cannot be: no working day, out of order, or wanted twice.
    """
    period = periods.parse(year)
    texts = {
        Step.REQUESTS: requests,
        Step.REMINDER: reminder,
        Step.RETURNS: returns,
        Step.HIGHLIGHTS: highlights,
        Step.COMMENTARY: commentary,
        Step.CUT_OFF: cut_off,
        Step.PACKS: packs,
        Step.ESCALATIONS: escalations,
        Step.CLT_PAPERS: clt_papers,
        Step.EXECUTIVE_PAPERS: executive_papers,
        Step.SCRUTINY_PAPERS: scrutiny_papers,
        Step.ANNUAL_PAPERS: annual_papers,
        Step.SURVEY_REPORT: survey_report,
        Step.ASSURANCE_PAPERS: assurance_papers,
    }
    rules, faults = timetable_rules.parse_all({str(step): text for step, text in texts.items()})
    if period.kind is not PeriodKind.FINANCIAL_YEAR:
        faults.append(f'year: "{year}" is not a financial year; write it like 2024-25.')
    if not 0 <= reminder_days <= 20:
        faults.append(f"reminder_days: {reminder_days} is not a number from 0 to 20.")
    if faults:
        raise ParameterError("\n".join(f"{PARAMETERS}: {fault}" for fault in faults))
    register, authority = registers.load(Path(data)), councils.load(Path(council))
    entries = timetable.of_year(timetable.entries(register.meetings, register.rounds, rules), period)
    if wrong := timetable_checks.faults(entries):
        raise DataError(located(Path(data), wrong))
    on = date.fromisoformat(next_from) if next_from else _last_received(register, period)
    reminders = [working_days.shifted(day.date(), -reminder_days) for day in entries["on"]]
    entries = entries.assign(of_name=_names(entries, register), remind_on=pd.Series(reminders, dtype="datetime64[s]"))
    upcoming = timetable.upcoming(entries, on)
    last = periods.parse_quarter(f"{year} Q1").previous()
    quarters = tuple(str(last.shift(3 * ahead)) for ahead in range(4))
    return Timetable(
        council=authority,
        title="Reporting timetable",
        subtitle=f"April {period.start.year} to March {period.end.year}",
        date=str(on),
        scheme="",
        year=period,
        entries=entries,
        upcoming=upcoming,
        working_days_to_next=working_days.counted(on, upcoming["on"].iloc[0].date()) if len(upcoming) else 0,
        rules={step: str(rules[step]) for step in Step},
        bank_holidays=working_days.bank_holidays(period.start, period.end),
        directorates=register.directorates,
        boards=register.boards,
        quarters=quarters,
        undated=tuple(quarter for quarter in quarters if quarter not in set(entries["period"])),
        bodies_missing=tuple(body for body in Body if body not in set(entries.loc[entries["step"] == "", "body"])),
        warnings=tuple(located(Path(data), timetable_checks.warnings(entries))),
        illustrative=int((entries["producer"].eq(ILLUSTRATIVE) & entries["step"].eq("")).sum()),
    )


def located(data: Path, problems: Iterable[Problem]) -> list[Finding]:
    """Return problems with the file and cell of each; one that hangs on no cell is that of the rules."""
    tables = {name: registers.located(data, name) for name in (timetable.ROUNDS, timetable.MEETINGS)}
    findings = []
    for one in problems:
        said = (one.found, one.expected, one.remedy)
        if one.table and one.row is not None:
            findings.append(tables[one.table].finding(one.row, one.column, *said))
        else:
            findings.append(Finding(PARAMETERS, "", "", *said))
    return findings


def _last_received(register: Register, year: Period) -> date:
    """Return the last day on which a result came, but none after the year's end; the year's first day without results."""
    last = register.results["received_on"].max()
    return year.start if pd.isna(last) else min(last.date(), year.end)


def _names(entries: pd.DataFrame, register: Register) -> pd.Series:
    """Return the name of the directorate or board that each entry is of; "" for an entry of all."""
    boards = register.boards.set_index("scrutiny_board")["board_name"]
    directorates = register.directorates.set_index("directorate")["directorate_name"]
    is_board = entries["body"].eq(Body.SCRUTINY_BOARD)
    return entries["of"].map(boards).where(is_board, entries["of"].map(directorates)).fillna("").astype("str")
