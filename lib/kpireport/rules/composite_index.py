"""A composite index: indicators brought to one scale and together, stage by stage, by a hierarchy that is data.

`index_hierarchy` says how a hierarchy is written. The Social Progress Index of Leeds is such a table: an index, 3 dimensions, 12
components and their indicators. Every stage is a frame of its own, so that any score can be followed down to the figures it is
made of. Source: OECD and Joint Research Centre, Handbook on Constructing Composite Indicators (2008), steps 5 and 6; issue 3.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kpireport.errors import DataError
from kpireport.rules.benchmarking import rank
from kpireport.rules.index_hierarchy import SIGN, check_hierarchy, levels_of
from kpireport.vocabulary import Aggregation, Normalisation, Polarity

_ROW = ["area", "period"]
_DUST = 9


@dataclass(frozen=True, eq=False)
class CompositeIndex:
    """An index with all its stages."""

    oriented: pd.DataFrame
    """One row is one area, period and indicator: `value`, and `oriented`, the same with more always better."""
    normalised: pd.DataFrame
    """One row is one area, period and indicator: `low`, `high` (the ends of the scale, oriented), `score`, `is_clipped`."""
    scores: pd.DataFrame
    """One row is one area, period and node: `parent`, `level` (0 is the index), `score`, `share_present`."""
    parts: pd.DataFrame
    """One row is one area, period and node below the index: `parent`, `weight`, `weight_used`, `score`."""
    ranks: pd.DataFrame
    """One row is one area, period and node: `score`, `rank`, `of`, `is_tied`, `rank_label`, 1 being the best."""


def oriented(values: pd.DataFrame, hierarchy: pd.DataFrame) -> pd.DataFrame:
    """Return the values turned so that more is always better: x, or -x where lower is better; missing stays missing.

    Raises
    ------
    ValueError
        When a value is of no indicator of the hierarchy, or there are two of one area, period and indicator.
    """
    leaves = hierarchy[~hierarchy["node"].isin(hierarchy["parent"])]
    unknown = sorted(set(values["node"]) - set(leaves["node"]))
    if unknown or values.duplicated([*_ROW, "node"]).any():
        raise ValueError(f"values of no indicator: {unknown}" if unknown else "two values of one area, period and indicator")
    signs = values["node"].map(leaves.set_index("node")["polarity"]).map(SIGN)
    return values[[*_ROW, "node", "value"]].assign(oriented=values["value"] * signs + 0.0)


def normalised(
    turned: pd.DataFrame,
    hierarchy: pd.DataFrame,
    *,
    method: Normalisation,
    bounds: pd.DataFrame | None = None,
    limit: float = 3.0,
) -> pd.DataFrame:
    """Return the indicators on one scale.

    `min_max`: 100 (x - low) / (high - low), cut off at 0 and 100, where `bounds` declares the ends of an indicator (`node`,
    `low`, `high`, in the indicator's own unit, low below high whichever way is good); undeclared ends are the least and the
    greatest of all areas and periods given, so that years can be compared with each other. `z`: (x - mean) / standard deviation
    of all areas and periods given (divided by n), cut off at -`limit` and `limit`; `low` and `high` are where it is cut off.

    An indicator that tells no area from another (all equal, one value, or ends that are equal) has no scores; a missing value has
    none either. `is_clipped` marks the scores that were cut off.
    """
    figures = turned["oriented"].groupby(turned["node"], sort=False)
    if method is Normalisation.Z:
        mean, deviation = figures.transform("mean"), figures.transform("std", ddof=0)
        tells = figures.transform("nunique") > 1
        deviation = deviation.where(tells)
        low, high = mean - limit * deviation, mean + limit * deviation
        raw, ends = (turned["oriented"] - mean) / deviation, (-limit, limit)
    else:
        declared = _declared(turned, hierarchy, bounds)
        low = declared["low"].fillna(figures.transform("min"))
        high = declared["high"].fillna(figures.transform("max"))
        raw, ends = 100 * (turned["oriented"] - low) / (high - low).where(high > low), (0.0, 100.0)
    score = raw.clip(*ends)
    is_clipped = (raw - score).abs() > 10**-_DUST
    return turned[[*_ROW, "node"]].assign(low=low, high=high, score=score, is_clipped=is_clipped)


def scores(
    scaled: pd.DataFrame, hierarchy: pd.DataFrame, *, aggregation: Aggregation, minimum_share: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the score of every node, and the parts it is made of (`CompositeIndex.scores` and `.parts`).

    A node's score is the weighted mean of its parts': arithmetic, sum w s / sum w, or geometric, exp(sum w ln s / sum w), which
    is 0 when a part that weighs is 0 and missing when one is negative. Parts without a score are left out and their weight goes
    to the others in proportion (`weight_used` sums to 1), as long as the parts present have at least `minimum_share` of the
    weight; otherwise the node's score is missing. `share_present` is that share, at an indicator 1 or 0. An indicator without a
    row is missing. Weights need not sum to 1.
    """
    wide = scaled.set_index([*_ROW, "node"])["score"].unstack("node")  # noqa: PD010
    levels = levels_of(hierarchy)
    table = {node: wide[node].to_numpy() if node in wide else np.full(len(wide), np.nan) for node in levels}
    share = {node: (~np.isnan(figures)).astype(float) for node, figures in table.items()}
    used: dict[str, np.ndarray] = {}
    weights = hierarchy.set_index("node")["weight"]
    for parent in sorted(set(hierarchy["parent"]) - {""}, key=lambda node: -levels[node]):
        children = hierarchy.loc[hierarchy["parent"] == parent, "node"].tolist()
        parts = np.column_stack([table[child] for child in children])
        present = np.where(np.isnan(parts), 0.0, weights[children].to_numpy(dtype=float))
        total = present.sum(axis=1)
        share[parent] = total / weights[children].sum()
        enough = (total > 0) & (share[parent] >= minimum_share - 10**-_DUST)
        effective = present / np.where(total > 0, total, np.nan)[:, None]
        table[parent] = np.where(enough, _mean(parts, effective, aggregation), np.nan)
        used |= {child: effective[:, place] for place, child in enumerate(children)}
    parents = hierarchy.set_index("node")["parent"]
    everything = _long(table, wide.index, "score").assign(share_present=_long(share, wide.index, "share")["share"])
    everything = everything.assign(parent=everything["node"].map(parents), level=everything["node"].map(levels))
    below = everything[everything["parent"] != ""]
    weight_used = _long(used, wide.index, "weight_used") if used else below.assign(weight_used=np.nan)
    made_of = below[[*_ROW, "node", "parent", "score"]].merge(
        weight_used[[*_ROW, "node", "weight_used"]], on=[*_ROW, "node"], how="left", validate="one_to_one"
    )
    return (
        everything[[*_ROW, "node", "parent", "level", "score", "share_present"]],
        made_of.assign(weight=made_of["node"].map(weights))[[*_ROW, "node", "parent", "weight", "weight_used", "score"]],
    )


def build(
    values: pd.DataFrame,
    hierarchy: pd.DataFrame,
    *,
    normalisation: Normalisation,
    aggregation: Aggregation = Aggregation.ARITHMETIC,
    minimum_share: float,
    bounds: pd.DataFrame | None = None,
    limit: float = 3.0,
) -> CompositeIndex:
    """Return the index of every area and period, with all its stages.

    Parameters
    ----------
    values
        One row is one area, period and indicator: `area`, `period`, `node`, `value` in the indicator's unit.
    minimum_share
        The least share (0 to 1) of a node's weight that must be present for it to have a score.

    Raises
    ------
    DataError
        With every fault of the hierarchy.
    ValueError
        When scores of mean 0 are to be brought together geometrically, or values do not fit the hierarchy.
    """
    if faults := check_hierarchy(hierarchy):
        raise DataError(faults)
    if normalisation is Normalisation.Z and aggregation is Aggregation.GEOMETRIC:
        raise ValueError("a geometric mean needs scores that are not negative: normalise by min_max")
    turned = oriented(values, hierarchy)
    scaled = normalised(turned, hierarchy, method=normalisation, bounds=bounds, limit=limit)
    every, parts = scores(scaled, hierarchy, aggregation=aggregation, minimum_share=minimum_share)
    ranked = every[[*_ROW, "node", "score"]]
    places = rank(ranked.assign(value=ranked["score"].round(_DUST), polarity=str(Polarity.HIGHER_IS_BETTER)), ["period", "node"])
    return CompositeIndex(turned, scaled, every, parts, ranked.join(places))


def _declared(turned: pd.DataFrame, hierarchy: pd.DataFrame, bounds: pd.DataFrame | None) -> pd.DataFrame:
    """Return the declared ends of each row's indicator, turned like its values; missing where none are declared."""
    if bounds is None:
        return pd.DataFrame({"low": np.nan, "high": np.nan}, index=turned.index)
    if not (bounds["low"] < bounds["high"]).all():
        raise ValueError("bounds: low must be below high, in the indicator's own unit")
    ends = bounds.set_index("node")
    low, high = (turned["node"].map(ends[name].astype(float)) for name in ("low", "high"))
    lower_is_better = turned["node"].map(hierarchy.set_index("node")["polarity"]) == Polarity.LOWER_IS_BETTER
    return pd.DataFrame({"low": low.where(~lower_is_better, -high), "high": high.where(~lower_is_better, -low)})


def _mean(parts: np.ndarray, weights: np.ndarray, aggregation: Aggregation) -> np.ndarray:
    """Return the weighted mean of each row's parts; weights sum to 1 and are 0 for missing parts."""
    weighs = weights > 0
    if aggregation is Aggregation.ARITHMETIC:
        total: np.ndarray = np.where(weighs, parts * weights, 0.0).sum(axis=1)
        return total
    with np.errstate(divide="ignore"):
        logs = np.where(weighs, np.log(np.where(weighs & (parts >= 0), parts, 1.0)) * weights, 0.0)
    mean: np.ndarray = np.where((weighs & (parts < 0)).any(axis=1), np.nan, np.exp(logs.sum(axis=1)))
    return mean


def _long(table: dict[str, np.ndarray], index: pd.Index, name: str) -> pd.DataFrame:
    """Return one row for each area, period and node of the table, node after node."""
    rows = pd.concat([index.to_frame(index=False)] * len(table), ignore_index=True)
    return rows.assign(**{"node": np.repeat(list(table), len(index)), name: np.concatenate(list(table.values()))})
