"""What of a year's reports is due: which of them the timetable, or the record of the rounds, says can be made by a day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kpireport.errors import ParameterError
from kpireport.periods import Period, PeriodKind, parse
from kpireport.publishing.asked import Request
from kpireport.vocabulary import Step

SCRUTINY_QUARTERS = (2, 4)
"""The quarters after which Scrutiny Boards meet on performance (January and June)."""
OCCASIONS = {
    Step.PACKS: ("quarter",),
    Step.EXECUTIVE_PAPERS: ("executive",),
    Step.SCRUTINY_PAPERS: ("scrutiny",),
    Step.ANNUAL_PAPERS: ("annual", "bca"),
    Step.SURVEY_REPORT: ("survey",),
    Step.ASSURANCE_PAPERS: ("assurance",),
}
"""The reports that are made for each deadline of the timetable; the scorecard goes with the Annual Performance Report."""
Deadlines = Mapping[tuple[Step, str], date]
"""The day by which a report on a period is due (`rules.timetable.due_reports`)."""


@dataclass(frozen=True)
class _Report:
    step: Step
    period: Period
    quarter: str
    """The quarter whose round must be closed before it is made."""
    due_on: date | None
    """Its deadline, or its quarter's cut-off where the timetable has none; None while that round is open."""
    closed_on: date | None


def due(rounds: pd.DataFrame, *, year: str, by: date | None = None, deadlines: Deadlines | None = None) -> list[Request]:
    """Return what to make for a financial year, in the order of the calendar, each as a request to publish.

    A quarter's reports are made once its round has a cut-off: the report to the Corporate Leadership Team with the directorate
    packs, the Executive Board's update, and after the second and the last quarter the Scrutiny Boards'. After the last quarter
    come the year's own: the Annual Performance Report, the scorecard, the Survey of Internal Control taken in the calendar year
    in which it ends, and the assurance report. Others that the timetable has a deadline for, such as a board's in another
    quarter, are made too.

    Parameters
    ----------
    rounds
        The rounds table: one row is one quarter's dates.
    by
        Only what is due on or before this day: by the timetable's deadline, or by the cut-off of a report without one.
    deadlines
        The timetable's; nothing where the meetings table is empty.

    Raises
    ------
    ParameterError
        When `year` is not a financial year, or nothing of it is due.
    """
    reports = [report for report in _reports(rounds, _parsed(year), deadlines or {}) if _is_due(report, by) and report.closed_on]
    if not reports:
        raise ParameterError(f"year: no quarter of {year} has a cut-off{f' by {by}' if by else ''} in the rounds table.")
    ordered = sorted(reports, key=lambda report: report.due_on or date.max)
    return [request for report in ordered for request in _requests(report)]


def waiting(rounds: pd.DataFrame, *, year: str, by: date | None, deadlines: Deadlines) -> list[str]:
    """Return a sentence for each report that the timetable wants by a day and whose round is still open."""
    if by is None:
        return []
    return [
        f"Due {report.due_on:%d/%m/%Y}, not made: {' and '.join(OCCASIONS[report.step])}, {report.period}. "
        f"The round of {report.quarter} has no cut-off yet."
        for report in _reports(rounds, _parsed(year), deadlines)
        if report.due_on and report.due_on <= by and not report.closed_on
    ]


def _parsed(year: str) -> Period:
    try:
        period = parse(year)
    except ValueError as error:
        raise ParameterError(f"year: {error}.") from None
    if period.kind is not PeriodKind.FINANCIAL_YEAR:
        raise ParameterError(f'year: "{year}" is not a financial year: write it like 2023-24.')
    return period


def _is_due(report: _Report, by: date | None) -> bool:
    """Return whether a report is due by a day; its round must have closed by then too."""
    days = [day for day in (report.due_on, report.closed_on) if day]
    return by is None or (bool(days) and max(days) <= by)


def _reports(rounds: pd.DataFrame, year: Period, deadlines: Deadlines) -> Iterator[_Report]:
    """Yield every report of a year: those of each year, and what else the timetable has a deadline for."""
    cut_offs = zip(rounds["quarter"], rounds["cut_off_on"], strict=True)
    closed = {str(quarter): cut_off.date() for quarter, cut_off in cut_offs if pd.notna(cut_off)}
    last = f"{year} Q4"
    survey = parse(str(year.end.year))
    usual = [(step, parse(f"{year} Q{number}")) for number in (1, 2, 3, 4) for step in _steps(number)]
    usual += [(Step.ANNUAL_PAPERS, year), (Step.SURVEY_REPORT, survey), (Step.ASSURANCE_PAPERS, year)]
    others = [(step, parse(period)) for step, period in deadlines if step in OCCASIONS]
    for step, period in dict.fromkeys([*usual, *(one for one in others if _is_of(one[1], year))]):
        quarter = str(period) if period.kind is PeriodKind.QUARTER else last
        closed_on = closed.get(quarter)
        yield _Report(step, period, quarter, deadlines.get((step, str(period)), closed_on), closed_on)


def _steps(number: int) -> list[Step]:
    return [Step.PACKS, Step.EXECUTIVE_PAPERS, *([Step.SCRUTINY_PAPERS] if number in SCRUTINY_QUARTERS else [])]


def _is_of(period: Period, year: Period) -> bool:
    """Return whether a report on `period` is one of the year's: a survey is of the year that ends in it."""
    return period.end.year == year.end.year if period.kind is PeriodKind.CALENDAR_YEAR else period.financial_year() == year


def _requests(report: _Report) -> Iterator[Request]:
    for occasion in OCCASIONS[report.step]:
        if report.period.kind is PeriodKind.QUARTER:
            yield Request(occasion, str(report.period.quarter_number), str(report.period.financial_year()))
        else:
            yield Request(occasion, year=str(report.period))
