"""Series of results in order of time: where they are unbroken, and whether their windows overlap.

Long frames of many KPIs at once; time is counted in months, so that a gap or an overlap is a comparison of whole numbers.
"""

import numpy as np
import pandas as pd

from kpireport import periods
from kpireport.vocabulary import Frequency, MeasureType

_LONGEST_STEP = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.TERMLY: 5, Frequency.ANNUAL: 12, Frequency.BIENNIAL: 24}
"""The most months between the ends of two neighbouring periods; school terms end in December, March and July."""


def in_time_order(kpis: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Return the points of some KPIs in order of KPI and time.

    Parameters
    ----------
    kpis
        One row is one KPI, with `kpi_id`, `measure_type` and `frequency`.
    history
        One row is one KPI and period, with `kpi_id`, `period` and `value`.

    Returns
    -------
    pd.DataFrame
        One row is one point: `place`, the position of its KPI in `kpis`; `row`, its position in `history`; `first_month` and
        `last_month` of the time that its value describes, counted from the year 0; `value`; `is_gap_before`, where an earlier
        point is further back than the KPI's frequency explains; and `is_overlapping`, where its window shares months with the
        point before it. Rows without a finite value, and KPIs that are not in `kpis`, are left out. A rolling year describes
        twelve months, whatever its period is called.

    Raises
    ------
    ValueError
        When a KPI has two rows in `kpis`, or two values for one period.
    """
    if not kpis["kpi_id"].is_unique:
        raise ValueError("kpis has one row for each KPI, and here a kpi_id occurs twice")
    place = pd.Index(kpis["kpi_id"]).get_indexer(pd.Index(history["kpi_id"]))
    value = history["value"].to_numpy(dtype=float)
    row = np.flatnonzero((place >= 0) & np.isfinite(value))
    codes, unique = pd.factorize(history["period"])
    spans = [periods.parse(text) for text in unique]
    first = np.array([span.start.year * 12 + span.start.month - 1 for span in spans], dtype=np.int32)[codes[row]]
    last = np.array([span.end.year * 12 + span.end.month - 1 for span in spans], dtype=np.int32)[codes[row]]
    place = place[row]
    # One number orders KPIs and months together. A record is mostly in order already, and millions of rows are not moved then.
    key = place * np.int64(1_000_000) + last
    if (key[1:] < key[:-1]).any():
        order = np.argsort(key, kind="stable")
        place, first, last, row = place[order], first[order], last[order], row[order]
    rolling = (kpis["measure_type"] == MeasureType.ROLLING_YEAR).to_numpy()[place]
    first = np.where(rolling, np.minimum(first, last - 11), first)
    follows = np.zeros(len(row), dtype=bool)
    follows[1:] = place[1:] == place[:-1]
    step = np.diff(last, prepend=0)
    if (follows & (step == 0)).any():
        raise ValueError("history has one row for each KPI and period, and here a KPI has two values for one period")
    longest = kpis["frequency"].map(_LONGEST_STEP).fillna(12).to_numpy(dtype=np.int32)[place]
    return pd.DataFrame(
        {
            "place": place,
            "row": row,
            "first_month": first,
            "last_month": last,
            "value": value[row],
            "is_gap_before": follows & (step > np.maximum(longest, last - first + 1)),
            "is_overlapping": follows & (first <= np.roll(last, 1)),
        },
        copy=False,
    )


def latest_run(points: pd.DataFrame) -> pd.DataFrame:
    """Return the points since each KPI's last gap. `points` is what `in_time_order` gives."""
    place = points["place"].to_numpy()
    run = np.cumsum(points["is_gap_before"].to_numpy() | starts(place))
    length = np.diff(np.append(np.flatnonzero(starts(place)), len(place)))
    kept = np.flatnonzero(run == np.repeat(run[ends(place)], length))
    return points.iloc[kept]


def starts(groups: np.ndarray) -> np.ndarray:
    """Return which elements begin a group, of group numbers in order."""
    change = np.ones(len(groups), dtype=bool)
    change[1:] = groups[1:] != groups[:-1]
    return change


def ends(groups: np.ndarray) -> np.ndarray:
    """Return which elements end a group, of group numbers in order."""
    change = np.ones(len(groups), dtype=bool)
    change[:-1] = groups[1:] != groups[:-1]
    return change
