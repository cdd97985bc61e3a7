"""Variation and assurance: what an XmR chart of a KPI's series says of its last point and of its target.

Source: NHS England, Making Data Count; the rating contract, part 4. Which points are charted is decided in
`variation_series`, the lines are made in `variation_limits`, the four rules are in `variation_rules`. Where no honest chart can
be drawn there is none, and a word says why.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from kpireport.rules.judgement import good_way
from kpireport.rules.series import ends, starts
from kpireport.rules.variation_limits import ROUNDING, limits
from kpireport.rules.variation_rules import special_causes
from kpireport.rules.variation_series import LEAST_POINTS, chartable
from kpireport.vocabulary import Assurance, Kind, TargetType, Variation, VariationRule

_RULES = np.array([*map(str, VariationRule), ""], dtype=object)
_SIDES = np.array(["", "high", "low"], dtype=object)
_NEUTRAL = np.array([*map(str, (Variation.COMMON_CAUSE, Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW))], dtype=object)
_JUDGED = np.array([*map(str, (Variation.COMMON_CAUSE, Variation.IMPROVEMENT, Variation.CONCERN))], dtype=object)
_LINES = ["mean", "lower_limit", "upper_limit", "lower_line", "upper_line"]
_BLOCK = 500_000
"""Points that are worked on at a time, so that memory does not grow with the number of KPIs."""


def chart_points(
    kpis: pd.DataFrame,
    history: pd.DataFrame,
    rebases: pd.DataFrame | None = None,
    *,
    screen: bool = True,
    baseline_points: int | None = None,
) -> pd.DataFrame:
    """Return every point that an XmR chart shows, with its lines and what kind of variation it is.

    Parameters
    ----------
    kpis
        One row is one KPI, with `kpi_id`, `polarity`, `measure_type`, `frequency`, and `kind` where trackers are among them.
    history
        One row is one KPI and period, with `kpi_id`, `period` and `value`, as in `Performance.history`.
    rebases
        Declared process changes: one row is one change, with `kpi_id`, `from_period` (the first period of the new process) and
        `reason`. Lines begin again there and no rule reaches over it. A change before a KPI's first charted point does nothing.
    screen
        Whether moving ranges of 3.267 x their mean or more are left out, once, of the limits.
    baseline_points
        How many points from the beginning, and from each rebase, set the lines; None means all.

    Returns
    -------
    pd.DataFrame
        One row is one charted point, labelled like its row of `history`, in order of KPI and time: `kpi_id`, `period`, `value`;
        `mean`, `lower_limit`, `upper_limit`, `lower_line`, `upper_line` in the KPI's unit; `stretch`, which counts rebases from
        0; `variation`, a word of `Variation`; `variation_rule`, the first rule that catches it ("" for none); and
        `variation_side`, high, low or "". Points of a stretch of fewer than 12, before a later rebase, have no lines and "".
        KPIs for which there is no chart (see `add_variation`) have no rows; nor have points before the last gap, or without
        a finite value.

    Raises
    ------
    ValueError
        When a KPI has two rows in `kpis`, two values for one period, or a rebase without a reason.
    """
    charted, _ = chartable(kpis, history, rebases)
    blocks = [_judged(block, screen=screen, baseline_points=baseline_points) for block in _blocks(charted)]
    points = pd.concat(blocks, ignore_index=True)
    rows = points["row"].to_numpy()
    words = _words(points, good_way(kpis)[points["place"].to_numpy()])
    named = history[["kpi_id", "period", "value"]].iloc[rows]
    return pd.concat([named, points[[*_LINES, "stretch"]].set_axis(named.index), words.set_axis(named.index)], axis="columns")


def add_variation(
    kpis: pd.DataFrame,
    history: pd.DataFrame,
    rebases: pd.DataFrame | None = None,
    *,
    screen: bool = True,
    baseline_points: int | None = None,
) -> pd.DataFrame:
    """Return what the XmR chart of each KPI says of its last point and of its target, to be joined to `kpis`.

    Parameters are those of `chart_points`; `kpis` also has `target_type`, `target` and `upper`, the target of the last point.

    Returns
    -------
    pd.DataFrame
        One row is one KPI, indexed like `kpis`: `variation`, `variation_rule` and `variation_side` of the last point with a
        value ("" without a chart); `assurance` (see `assure`); `mean`, `lower_limit` and `upper_limit`, in the KPI's unit, of
        the last stretch; `points`, how many there are since the last gap and the last rebase; and `variation_why_not`, "" or
        why there is no chart:

        ========================  ==========================================================================================
        `overlapping_windows`     cumulative figures, or windows that share months: neighbours are not independent
        `too_few_points`          fewer than 12 points with a value, none included
        `gaps`                    12 or more, but fewer than 12 since the last period without a value
        `too_few_since_rebase`    12 or more since the last gap, but fewer than 12 since the last rebase
        ========================  ==========================================================================================

        A series with a gap is charted from its last gap on. All values equal: common cause, every line at their value.
    """
    charted, refusals = chartable(kpis, history, rebases)
    blocks = (_judged(block, screen=screen, baseline_points=baseline_points) for block in _blocks(charted))
    last = pd.concat([block[ends(block["place"].to_numpy())] for block in blocks], ignore_index=True)
    place = last["place"].to_numpy()
    words = _words(last, good_way(kpis)[place]).set_axis(place).reindex(range(len(kpis))).fillna("").set_axis(kpis.index)
    lines = last[["mean", "lower_limit", "upper_limit"]].set_axis(place).reindex(range(len(kpis))).set_axis(kpis.index)
    return words.join(assure(kpis.assign(**lines))).join(lines).join(refusals)


def assure(kpis: pd.DataFrame) -> pd.Series:
    """Return the assurance that a process gives: whether every value that its limits lead to expect meets the target.

    Formula: where more is better, `consistently_passing` if the lower limit is at or above the target, `consistently_failing`
    if the upper limit is below it, `hit_or_miss` between; mirrored where less is better. A range: passing if the limits lie
    inside it, failing if they lie wholly outside. Source: Making Data Count, which leaves open what a target exactly on a limit
    is; here, as in the RAG status, meeting the target is enough.

    `kpis` has one row for one KPI, with `polarity`, `target_type`, `target`, `upper`, `lower_limit` and `upper_limit`, in the
    KPI's unit. "" without limits, without a value or range target (trackers, interim increase or decrease), or where a value
    target has no good way.
    """
    low, high, target, upper = (kpis[name].to_numpy(dtype=float) for name in ("lower_limit", "upper_limit", "target", "upper"))
    way = good_way(kpis)
    is_range = (kpis["target_type"] == TargetType.RANGE).to_numpy() & np.isfinite(upper)
    is_value = (kpis["target_type"] == TargetType.VALUE).to_numpy()
    # Lines are worked out in binary: a target within their rounding is on them.
    rounding = ROUNDING * np.fmax(np.abs(low), np.abs(high))
    above, below = low >= target - rounding, high < target - rounding
    under, over = high <= target + rounding, low > target + rounding
    inside = above & (high <= upper + rounding)
    outside = below | (low > upper + rounding)
    passing = np.select([is_range, is_value & (way > 0), is_value & (way < 0)], [inside, above, under], False)
    failing = np.select([is_range, is_value & (way > 0), is_value & (way < 0)], [outside, below, over], False)
    judged = np.isfinite(low) & np.isfinite(target) & (is_range | (is_value & (way != 0)))
    if "kind" in kpis:
        judged &= (kpis["kind"] != Kind.TRACKER).to_numpy()
    word = np.select(
        [~judged, passing, failing], ["", Assurance.CONSISTENTLY_PASSING, Assurance.CONSISTENTLY_FAILING], Assurance.HIT_OR_MISS
    )
    return pd.Series(word, index=kpis.index, dtype="str", name="assurance")


def _blocks(points: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Give the points of some KPIs at a time; once, if there are none."""
    first = np.flatnonzero(starts(points["place"].to_numpy()))
    cuts = first[np.unique(np.searchsorted(first, np.arange(_BLOCK, len(points), _BLOCK)).clip(max=len(first) - 1))]
    edges = [0, *cuts.tolist(), len(points)]
    for start, end in pairwise(edges):
        if end > start or len(edges) == 2:
            yield points.iloc[start:end]


def _judged(points: pd.DataFrame, *, screen: bool, baseline_points: int | None) -> pd.DataFrame:
    """Return the points of whole KPIs with their lines, `rule`, `side` and `is_long`: whether their stretch may have lines."""
    values, stretch = points["value"].to_numpy(), points["stretch"].to_numpy()
    numbers = np.cumsum(starts(points["place"].to_numpy()) | starts(stretch)) - 1
    lines = limits(values, numbers, screen=screen, baseline_points=baseline_points)
    rule, side = special_causes(values, lines, numbers)
    is_long = np.bincount(numbers)[numbers] >= LEAST_POINTS if len(points) else np.zeros(0, dtype=bool)
    told = {
        "place": points["place"].to_numpy(),
        "row": points["row"].to_numpy(),
        **{name: lines[name].where(is_long).to_numpy() for name in _LINES},
        "stretch": stretch,
        "rule": rule,
        "side": side,
        "is_long": is_long,
    }
    return pd.DataFrame(told, copy=False)


def _words(points: pd.DataFrame, way: np.ndarray) -> pd.DataFrame:
    """Return the words for each point's variation; `way` is 1, -1 or 0 as `good_way` says of its KPI."""
    side, is_long = points["side"].to_numpy(), points["is_long"].to_numpy()
    variation = np.where(way == 0, _NEUTRAL[side], _JUDGED[side * way])
    words = {"variation": variation, "variation_rule": _RULES[points["rule"].to_numpy()], "variation_side": _SIDES[side]}
    return pd.DataFrame({name: pd.Series(np.where(is_long, word, ""), dtype="str") for name, word in words.items()})
