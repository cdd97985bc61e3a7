"""Which points of a KPI an XmR chart may show: its latest unbroken run, cut at declared process changes; or why it shows none."""

import numpy as np
import pandas as pd

from kpireport import periods
from kpireport.rules.series import ends, in_time_order, latest_run, starts
from kpireport.vocabulary import MeasureType, WhyNot

LEAST_POINTS = 12
"""Points from which limits may be drawn."""
REBASES = ["kpi_id", "from_period", "reason"]
"""Columns of the table of declared process changes: one row is one change, from which a KPI's lines begin again."""


def chartable(kpis: pd.DataFrame, history: pd.DataFrame, rebases: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the points of the KPIs that may be charted, and for every KPI why not.

    The arguments are those of `variation.chart_points`, where the rules are told.

    Returns
    -------
    tuple
        One row is one point, in order of KPI and time: `place` of its KPI in `kpis`, `row` in `history`, `value`, and `stretch`,
        which counts the rebases behind it from 0. And one row is one KPI, indexed like `kpis`: `points` since its last gap and
        rebase, and `variation_why_not`, "" when it may be charted.
    """
    every = in_time_order(kpis, history)
    run = latest_run(every)
    stretch = _stretches(run, kpis, rebases)
    places = len(kpis)
    in_all, in_run = (np.bincount(points["place"], minlength=places) for points in (every, run))
    place = run["place"].to_numpy()
    is_last = stretch == np.repeat(stretch[ends(place)], in_run[in_run > 0])
    since_rebase = np.bincount(place[is_last], minlength=places)
    overlaps = np.bincount(every["place"], weights=every["is_overlapping"], minlength=places) > 0
    why_not = np.select(
        [
            overlaps | (kpis["measure_type"] == MeasureType.CUMULATIVE).to_numpy(),
            in_all < LEAST_POINTS,
            in_run < LEAST_POINTS,
            since_rebase < LEAST_POINTS,
        ],
        [WhyNot.OVERLAPPING_WINDOWS, WhyNot.TOO_FEW_POINTS, WhyNot.GAPS, WhyNot.TOO_FEW_SINCE_REBASE],
        "",
    )
    points = run[["place", "row", "value"]].assign(stretch=stretch).iloc[np.flatnonzero((why_not == "")[place])]
    refusals = {"points": since_rebase, "variation_why_not": pd.Series(why_not, index=kpis.index, dtype="str")}
    return points, pd.DataFrame(refusals, index=kpis.index)


def _stretches(run: pd.DataFrame, kpis: pd.DataFrame, rebases: pd.DataFrame | None) -> np.ndarray:
    """Return how many declared changes lie behind each point, not counting those before its KPI's first point."""
    place, month = run["place"].to_numpy(), run["first_month"].to_numpy()
    if rebases is None or rebases.empty or run.empty:
        return np.zeros(len(run), dtype=np.int64)
    if (rebases["reason"].fillna("").str.strip() == "").any():
        raise ValueError("a rebase without a reason: lines may begin again only at a declared process change")
    spans = [periods.parse(text).start for text in rebases["from_period"]]
    from_month = np.array([day.year * 12 + day.month - 1 for day in spans], dtype=np.int64)
    changed = pd.Index(kpis["kpi_id"]).get_indexer(pd.Index(rebases["kpi_id"])).astype(np.int64)
    # One number orders KPIs and months together; a change of a KPI that is not on the list sorts before everything.
    order_of = 1_000_000
    passed = np.searchsorted(np.sort(changed * order_of + from_month), place * order_of + month, side="right")
    return np.asarray(passed - np.repeat(passed[starts(place)], np.bincount(place)[np.unique(place)]))
