"""What of a year's reports is due: which of them the timetable says can be made by a day."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from kpireport.errors import ParameterError
from kpireport.periods import Period, asked_year
from kpireport.publishing.plan import Request

SCRUTINY_QUARTERS = (2, 4)
"""The quarters after which Scrutiny Boards meet on performance (January and June)."""


def due(rounds: pd.DataFrame, *, year: str, by: date | None = None) -> list[Request]:
    """Return what to make for a financial year, in the order of the calendar, each as a request to publish.

    A quarter's reports are due once its round has a cut-off, on or before `by` where one is given: the report to the Corporate
    Leadership Team with the directorate packs and the Executive Board's update, and after the second and the last quarter the
    Scrutiny Boards'. After the last quarter come the year's own: the Annual Performance Report, the scorecard, the Survey of
    Internal Control taken in the calendar year in which it ends, and the assurance report.

    Parameters
    ----------
    rounds
        The rounds table: one row is one quarter's dates.

    Raises
    ------
    ParameterError
        When `year` is not a financial year, or nothing of it is due.
    """
    period = asked_year(year)
    requests = list(_requests(rounds, period, by))
    if not requests:
        raise ParameterError(f"year: no quarter of {year} has a cut-off{f' by {by}' if by else ''} in the rounds table.")
    return requests


def _requests(rounds: pd.DataFrame, year: Period, by: date | None) -> Iterator[Request]:
    closed = {}
    for quarter, cut_off in zip(rounds["quarter"], rounds["cut_off_on"], strict=True):
        if pd.notna(cut_off) and (by is None or cut_off.date() <= by):
            closed[str(quarter)] = cut_off
    for number in (1, 2, 3, 4):
        if f"{year} Q{number}" in closed:
            yield Request("quarter", str(number), str(year))
            yield Request("executive", str(number), str(year))
            if number in SCRUTINY_QUARTERS:
                yield Request("scrutiny", str(number), str(year))
    if f"{year} Q4" in closed:
        yield Request("annual", year=str(year))
        yield Request("bca", year=str(year))
        yield Request("survey", year=str(year.end.year))
        yield Request("assurance", year=str(year))
