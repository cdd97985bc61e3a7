"""The days of a made-up register: its reporting rounds, the periods that a KPI has results for, and when each was received."""

from calendar import monthrange
from datetime import date, timedelta

import numpy as np
import pandas as pd

from kpireport import periods
from kpireport.periods import Period, PeriodKind
from kpireport.vocabulary import Frequency

LAST_QUARTER = periods.quarter(2024, 3)
"""The latest quarter with results."""
OPEN_QUARTER = LAST_QUARTER.shift(3)
"""The quarter whose round is still open."""
FIRST_ROUND = periods.quarter(2022, 1)
FIRST_DAYS = 8
"""Services return nothing in the first days after a quarter's end."""


def first_quarter(years: int) -> Period:
    """Return the first quarter of a register of so many financial years."""
    return periods.quarter(LAST_QUARTER.financial_year().start.year - years + 1, 1)


def returns_due_on(quarter: Period) -> date:
    """Return the last Friday within four weeks of a quarter's end."""
    day = quarter.end + timedelta(days=28)
    return day - timedelta(days=(day.weekday() - 4) % 7)


def cut_off_on(quarter: Period) -> date:
    """Return the last day whose results a quarter's report uses, two weeks after the returns are due."""
    return returns_due_on(quarter) + timedelta(days=14)


def rounds(years: int) -> pd.DataFrame:
    """Return the table of reporting rounds: one row is one quarter; the last is open and has no cut-off."""
    quarters = [max(first_quarter(years), FIRST_ROUND)]
    while quarters[-1] < OPEN_QUARTER:
        quarters.append(quarters[-1].shift(3))
    cut_offs = [cut_off_on(quarter) for quarter in quarters]
    return pd.DataFrame(
        {
            "quarter": [str(quarter) for quarter in quarters],
            "returns_due_on": [str(returns_due_on(quarter)) for quarter in quarters],
            "cut_off_on": [*(str(day) for day in cut_offs[:-1]), ""],
            "dmt_on": [str(day + timedelta(days=3)) for day in cut_offs],
            "clt_on": [str(day + timedelta(days=18)) for day in cut_offs],
        }
    )


def due_on(period: Period, lag_months: int) -> date:
    """Return the last day of the month in which the result of `period` falls due."""
    years, month = divmod(period.end.year * 12 + period.end.month - 1 + lag_months, 12)
    return date(years, month + 1, monthrange(years, month + 1)[1])


def due_periods(kind: PeriodKind, frequency: Frequency, lag_months: int, *, years: int) -> list[Period]:
    """Return the periods, earliest first, that began within the register's years and whose results have fallen due.

    Pooled years count by the last of their years, so that a short register has some.
    """
    end, start = LAST_QUARTER.end, first_quarter(years).start
    last = periods.last_ended(kind, end)
    found: list[Period] = []
    while (last.start if kind is not PeriodKind.POOLED_YEARS else date(last.end.year, 1, 1)) >= start:
        if due_on(last, lag_months) <= end:
            found.append(last)
        last = last.shift(-12 * (1 + (frequency is Frequency.BIENNIAL))) if _is_yearly(kind) else last.previous()
    return found[::-1]


def _is_yearly(kind: PeriodKind) -> bool:
    return kind not in (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.TERM, PeriodKind.ROLLING_YEAR)


def received_on(rng: np.random.Generator, wanted: list[Period], lag_months: int, size: int) -> np.ndarray:
    """Return a day for each of `size` KPIs (rows) and each period (columns), in the round in which the result was due.

    What falls due with the end of a quarter comes between `FIRST_DAYS` later and the day when returns are due; what is
    published within a quarter comes within the month after it fell due.
    """
    earliest, latest = [], []
    for period in wanted:
        due = due_on(period, lag_months)
        quarter = periods.last_ended(PeriodKind.QUARTER, due)
        is_return = lag_months == 0 or quarter.end == due
        if quarter.end < due:
            quarter = quarter.shift(3)
        earliest.append(quarter.end + timedelta(days=FIRST_DAYS) if is_return else due + timedelta(days=1))
        latest.append(returns_due_on(quarter) if is_return else due + timedelta(days=28))
    first, last = np.array(earliest, dtype="datetime64[D]"), np.array(latest, dtype="datetime64[D]")
    room = (last - first).astype(int) + 1
    days: np.ndarray = first + (rng.random((size, len(wanted))) * room).astype(int).astype("timedelta64[D]")
    return days
