"""What services owe: the periods that each KPI is asked for, the quarter in which each fell due, and how late it is.

Lateness is measured here alone: reminders to services and the annual assurance report give the same days.
"""

from datetime import date

import numpy as np
import pandas as pd

from kpireport import periods
from kpireport.periods import Period, PeriodKind
from kpireport.rules import availability, working_days
from kpireport.vocabulary import Absence, Frequency

MONTHS_BACK = 24
"""A period that ended longer than this before the quarter's end is no longer asked for."""


def fell_due_in(period: Period, lag_months: int) -> Period:
    """Return the quarter in which the result of a period fell due: that of the month `lag_months` after the period's end."""
    month = period.end.year * 12 + period.end.month - 1 + lag_months
    end = periods.month(month // 12, month % 12 + 1).end
    last = periods.last_ended(PeriodKind.QUARTER, end)
    return last if last.end == end else last.shift(3)


def asked(kpis: pd.DataFrame, known: pd.DataFrame, quarter: Period) -> pd.DataFrame:
    """Return the results that services are asked for at the end of a quarter: one row is one KPI and period.

    Asked for is each period up to the one that the quarter's report expects, back to `MONTHS_BACK` months before the quarter's
    end, that has no result and no reason for its absence. One that a national source had not published is asked for again. As
    in `availability.expected`, nothing is owed for periods before the KPI joined the list, unless its service has sent results
    that old.

    Parameters
    ----------
    kpis
        `Performance.kpis` of the quarter.
    known
        The council's own results as known on the day of asking (`availability.of_council`, then `as_known`).

    Returns
    -------
    pd.DataFrame
        `kpi_id`, `period`, `period_end`, `fell_due` (the quarter), `is_new` (it fell due in this quarter), `is_expected` (it
        is the one that the quarter's report expects); in the order of `kpis`, each KPI's latest period first.
    """
    usable = known[known["period_end"] <= pd.Timestamp(quarter.end)]
    settled = usable.loc[usable["value"].notna() | ~usable["absence"].isin(["", Absence.NOT_PUBLISHED]), ["kpi_id", "period"]]
    is_in = set(settled.itertuples(index=False, name=None))
    began = usable.groupby("kpi_id")["period_end"].min()
    since = availability.period_days(kpis["introduced"], of="start").to_numpy()
    first = np.fmin(began.reindex(kpis["kpi_id"]).to_numpy(dtype="datetime64[s]"), since)
    oldest = np.datetime64(quarter.shift(-MONTHS_BACK).end, "s")
    rows = []
    terms = zip(
        *(kpis[name] for name in ("kpi_id", "expected_period", "period_kind", "frequency", "lag_months")), first, strict=True
    )
    for kpi_id, expected, kind, frequency, lag, earliest in terms:
        period = periods.parse(expected) if expected else None
        while period and np.datetime64(period.end, "s") >= max(earliest, oldest + np.timedelta64(1, "D")):
            if (kpi_id, str(period)) not in is_in:
                rows.append((kpi_id, str(period), period.end, str(fell_due_in(period, int(lag))), str(period) == expected))
            period = _before(period, PeriodKind(kind), Frequency(frequency))
    frame = pd.DataFrame(rows, columns=["kpi_id", "period", "period_end", "fell_due", "is_expected"])
    frame = frame.astype(
        {"kpi_id": "str", "period": "str", "period_end": "datetime64[s]", "fell_due": "str", "is_expected": bool}
    )
    return frame.assign(is_new=frame["fell_due"].eq(str(quarter)))


def _before(period: Period, kind: PeriodKind, frequency: Frequency) -> Period:
    if kind is PeriodKind.TERM and frequency is Frequency.TERMLY:
        return period.previous()
    return period.shift(-availability.months_apart(kind, frequency))


def days_late(due_on: pd.Series, done_on: pd.Series, *, on: date | None = None) -> pd.Series:
    """Return how many days after the day it was due each thing was done; 0 or less is on time.

    What is not done yet is measured up to the day `on`; without one it is missing.
    """
    until = done_on if on is None else done_on.fillna(pd.Timestamp(on))
    return (until - due_on).dt.days


def working_days_late(due_on: pd.Series, done_on: pd.Series, *, on: date | None = None) -> pd.Series:
    """Return how many working days after the day it was due each thing was done; 0 is on time, however early.

    Due on a Friday and done on the Monday after is 1. Otherwise as `days_late`.
    """
    until = done_on if on is None else done_on.fillna(pd.Timestamp(on))
    counted = [
        float(max(working_days.counted(due.date(), done.date()), 0)) if pd.notna(due) and pd.notna(done) else float("nan")
        for due, done in zip(due_on, until, strict=True)
    ]
    return pd.Series(counted, index=due_on.index, dtype="float64")
