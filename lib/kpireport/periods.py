"""Periods of time as values: months, quarters, terms and years, as the register writes them.

The council's year runs from April to March. A period is written so that it cannot be mistaken for another kind:

=================  ==================  =======================================
kind               written             means
=================  ==================  =======================================
`month`            ``Sep 2024``        1 to 30 September 2024
`quarter`          ``2024-25 Q2``      July to September 2024
`term`             ``2023/24 Autumn``  September to December 2023
`financial_year`   ``2024-25``         April 2024 to March 2025
`calendar_year`    ``2023``            January to December 2023
`academic_year`    ``2023/24``         September 2023 to August 2024
`rolling_year`     ``Year to Jun 2024``  July 2023 to June 2024
`pooled_years`     ``2020 to 2022``    January 2020 to December 2022
=================  ==================  =======================================
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from kpireport.errors import ParameterError

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TERMS = {"Autumn": (9, 12, 0), "Spring": (1, 3, 1), "Summer": (4, 7, 1)}
"""First month, last month and years after the academic year's first, of each school term."""
FORMS = (
    "a month (Sep 2024), quarter (2024-25 Q2), term (2023/24 Autumn), financial year (2024-25), calendar year (2023), "
    "academic year (2023/24), rolling year (Year to Jun 2024) or pooled years (2020 to 2022)"
)


class PeriodKind(StrEnum):
    """The kinds of period."""

    MONTH = "month"
    QUARTER = "quarter"
    TERM = "term"
    FINANCIAL_YEAR = "financial_year"
    CALENDAR_YEAR = "calendar_year"
    ACADEMIC_YEAR = "academic_year"
    ROLLING_YEAR = "rolling_year"
    POOLED_YEARS = "pooled_years"


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of whole months. Periods sort by their end, then their start."""

    end: date
    start: date
    kind: PeriodKind

    def __str__(self) -> str:
        """Return the period as the register writes it; `parse` is the inverse."""
        return _WRITERS[self.kind](self)

    @property
    def months(self) -> int:
        """The number of months in the period."""
        return _month_number(self.end) - _month_number(self.start) + 1

    @property
    def quarter_number(self) -> int:
        """The quarter of the financial year, 1 to 4, in which the period ends."""
        return (self.end.month - 4) % 12 // 3 + 1

    def shift(self, months: int) -> "Period":
        """Return the period of the same kind and length, `months` months later (earlier when negative)."""
        return _whole_months(_month_number(self.start) + months, _month_number(self.end) + months, self.kind)

    def previous(self) -> "Period":
        """Return the period before this one.

        A rolling year steps back by a quarter; pooled years step back by their whole length, so that the two share no year.
        """
        if self.kind is PeriodKind.TERM:
            names = list(TERMS)
            place = names.index(_term_name(self))
            year = academic_year_of(self)
            return term(year.start.year - (place == 0), names[place - 1])
        if self.kind is PeriodKind.ROLLING_YEAR:
            return self.shift(-3)
        return self.shift(-self.months)

    def same_last_year(self) -> "Period":
        """Return the same stretch of months a year earlier."""
        return self.shift(-12)

    def financial_year(self) -> "Period":
        """Return the financial year in which the period ends."""
        return financial_year(self.end.year - (self.end.month < 4))


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _whole_months(first: int, last: int, kind: PeriodKind) -> Period:
    end_year, end_month = divmod(last, 12)
    end = date(end_year, end_month + 1, calendar.monthrange(end_year, end_month + 1)[1])
    return Period(end, date(first // 12, first % 12 + 1, 1), kind)


def month(year: int, number: int) -> Period:
    """Return a calendar month; `number` is 1 for January."""
    return _whole_months(year * 12 + number - 1, year * 12 + number - 1, PeriodKind.MONTH)


def quarter(year: int, number: int) -> Period:
    """Return quarter `number` (1 to 4) of the financial year that begins in April of `year`."""
    first = year * 12 + 3 + (number - 1) * 3
    return _whole_months(first, first + 2, PeriodKind.QUARTER)


def term(year: int, name: str) -> Period:
    """Return a school term of the academic year that begins in September of `year`."""
    first, last, later = TERMS[name]
    return _whole_months((year + later) * 12 + first - 1, (year + later) * 12 + last - 1, PeriodKind.TERM)


def financial_year(year: int) -> Period:
    """Return the financial year that begins in April of `year`."""
    return _whole_months(year * 12 + 3, year * 12 + 14, PeriodKind.FINANCIAL_YEAR)


def calendar_year(year: int) -> Period:
    """Return the year from January to December."""
    return _whole_months(year * 12, year * 12 + 11, PeriodKind.CALENDAR_YEAR)


def academic_year(year: int) -> Period:
    """Return the academic year that begins in September of `year`."""
    return _whole_months(year * 12 + 8, year * 12 + 19, PeriodKind.ACADEMIC_YEAR)


def academic_year_of(period: Period) -> Period:
    """Return the academic year in which `period` ends."""
    return academic_year(period.end.year - (period.end.month < 9))


def rolling_year(end_year: int, end_month: int) -> Period:
    """Return the twelve months that end with a month; `end_month` is 1 for January."""
    last = end_year * 12 + end_month - 1
    return _whole_months(last - 11, last, PeriodKind.ROLLING_YEAR)


def pooled_years(first: int, last: int) -> Period:
    """Return the calendar years `first` to `last` taken together."""
    return _whole_months(first * 12, last * 12 + 11, PeriodKind.POOLED_YEARS)


def _term_name(period: Period) -> str:
    return next(name for name, (first, _, _) in TERMS.items() if first == period.start.month)


def _year_pair(period: Period, joiner: str) -> str:
    return f"{period.start.year}{joiner}{(period.start.year + 1) % 100:02d}"


_WRITERS: dict[PeriodKind, Callable[[Period], str]] = {
    PeriodKind.MONTH: lambda p: f"{MONTHS[p.start.month - 1]} {p.start.year}",
    PeriodKind.QUARTER: lambda p: f"{p.financial_year()} Q{p.quarter_number}",
    PeriodKind.TERM: lambda p: f"{academic_year_of(p)} {_term_name(p)}",
    PeriodKind.FINANCIAL_YEAR: lambda p: _year_pair(p, "-"),
    PeriodKind.CALENDAR_YEAR: lambda p: str(p.start.year),
    PeriodKind.ACADEMIC_YEAR: lambda p: _year_pair(p, "/"),
    PeriodKind.ROLLING_YEAR: lambda p: f"Year to {MONTHS[p.end.month - 1]} {p.end.year}",
    PeriodKind.POOLED_YEARS: lambda p: f"{p.start.year} to {p.end.year}",
}

_MONTH = "|".join(MONTHS)
_PATTERN = re.compile(
    rf"(?P<month>{_MONTH}) (?P<month_year>[0-9]{{4}})"
    r"|(?P<financial>[0-9]{4})-(?P<financial_next>[0-9]{2})(?: Q(?P<quarter>[1-4]))?"
    r"|(?P<academic>[0-9]{4})/(?P<academic_next>[0-9]{2})(?: (?P<term>Autumn|Spring|Summer))?"
    rf"|Year to (?P<rolling>{_MONTH}) (?P<rolling_year>[0-9]{{4}})"
    r"|(?P<first>[0-9]{4}) to (?P<last>[0-9]{4})"
    r"|(?P<calendar>[0-9]{4})"
)


@lru_cache(maxsize=4096)
def parse(text: str) -> Period:
    """Return the period written as `text`.

    Raises
    ------
    ValueError
        When `text` is not one of the forms in the module's table, to the letter; years 1900 to 2100 only.
    """
    found = _PATTERN.fullmatch(text)
    if not found or not all(1900 <= int(year) <= 2100 for year in re.findall("[0-9]{4}", text)):
        raise ValueError(f'"{text}" is not a period: write {FORMS}')
    part = found.groupdict()
    for name in ("financial", "academic"):
        if part[name] and (int(part[name]) + 1) % 100 != int(part[f"{name}_next"]):
            raise ValueError(f'"{text}" is not a period: {part[name]} is followed by {(int(part[name]) + 1) % 100:02d}')
    if part["month"]:
        return month(int(part["month_year"]), MONTHS.index(part["month"]) + 1)
    if part["quarter"]:
        return quarter(int(part["financial"]), int(part["quarter"]))
    if part["financial"]:
        return financial_year(int(part["financial"]))
    if part["term"]:
        return term(int(part["academic"]), part["term"])
    if part["academic"]:
        return academic_year(int(part["academic"]))
    if part["rolling"]:
        return rolling_year(int(part["rolling_year"]), MONTHS.index(part["rolling"]) + 1)
    if part["first"]:
        if int(part["last"]) <= int(part["first"]):
            raise ValueError(f'"{text}" is not a period: pooled years run from an earlier year to a later one')
        return pooled_years(int(part["first"]), int(part["last"]))
    return calendar_year(int(part["calendar"]))


def parse_quarter(text: str) -> Period:
    """Return the quarter written as `text`, such as ``2024-25 Q2``; raises ValueError for anything else."""
    period = parse(text)
    if period.kind is not PeriodKind.QUARTER:
        raise ValueError(f'"{text}" is not a quarter: write it like 2024-25 Q2')
    return period


def asked_year(text: str) -> Period:
    """Return the financial year that a person asked for, such as ``2023-24``.

    Raises
    ------
    ParameterError
        When `text` is no financial year.
    """
    try:
        period = parse(text)
    except ValueError as error:
        raise ParameterError(f"year: {error}.") from None
    if period.kind is not PeriodKind.FINANCIAL_YEAR:
        raise ParameterError(f'year: "{text}" is not a financial year: write it like 2023-24.')
    return period


def last_ended(kind: PeriodKind, on: date, *, months_apart: int | None = None) -> Period:
    """Return the latest period of `kind` that has ended by `on` (a period that ends on `on` has ended).

    Rolling years end with a quarter, or with any month when `months_apart` is 1. Pooled years are three years long.
    """
    match kind:
        case PeriodKind.MONTH:
            now = month(on.year, on.month)
            return now if now.end <= on else now.previous()
        case PeriodKind.QUARTER:
            now = quarter(on.year - (on.month < 4), (on.month - 4) % 12 // 3 + 1)
            return now if now.end <= on else now.previous()
        case PeriodKind.ROLLING_YEAR:
            last = last_ended(PeriodKind.MONTH if months_apart == 1 else PeriodKind.QUARTER, on).end
            return rolling_year(last.year, last.month)
        case PeriodKind.POOLED_YEARS:
            return pooled_years(last_ended(PeriodKind.CALENDAR_YEAR, on).end.year - 2, on.year - (on < date(on.year, 12, 31)))
    years = range(on.year - 2, on.year + 1)
    if kind is PeriodKind.TERM:
        return max(one for year in years for name in TERMS if (one := term(year, name)).end <= on)
    make = {
        PeriodKind.FINANCIAL_YEAR: financial_year,
        PeriodKind.CALENDAR_YEAR: calendar_year,
        PeriodKind.ACADEMIC_YEAR: academic_year,
    }[kind]
    return max(one for year in years if (one := make(year)).end <= on)
