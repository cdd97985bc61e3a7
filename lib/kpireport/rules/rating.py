"""RAG status against a target, or against the comparator while only an increase or decrease is asked for.

The scheme is `target-tolerance-v1`; its source is the rating contract, part 2. Everything here judges one result by itself:
whether a result is there to be judged is for `availability` to say.
"""

import numpy as np
import pandas as pd

from kpireport.errors import Finding
from kpireport.rules.figures import minus, percent_of
from kpireport.rules.figures import round_half_away as round_half_away
from kpireport.vocabulary import Basis, Kind, Polarity, Rag, TargetType, ToleranceType

SCHEME = "target-tolerance-v1"

_GOOD_WAY = {
    (TargetType.VALUE, Polarity.HIGHER_IS_BETTER): 1.0,
    (TargetType.VALUE, Polarity.LOWER_IS_BETTER): -1.0,
    **{(TargetType.INCREASE, polarity): 1.0 for polarity in Polarity},
    **{(TargetType.DECREASE, polarity): -1.0 for polarity in Polarity},
}
"""By target type and polarity: 1 where more is better, -1 where less is. An interim target says itself which way is good."""


def rate(results: pd.DataFrame) -> pd.DataFrame:
    """Rate each result on its printed figures: green at or beyond the target, amber within tolerance of it, else red.

    Parameters
    ----------
    results
        One row is one result, with `value`, `target`, `upper`, `comparator_value` and the columns `kind`, `decimals`,
        `polarity`, `target_type`, `tolerance`, `tolerance_type` and `dead_band` of its KPI.

    Returns
    -------
    pd.DataFrame
        One row is one result, indexed alike: `rag` ("" when there is nothing to judge it by), `basis`, `unrounded_rag`
        (what the figures before rounding would give), `tolerance_size` and `floor` (the edge of amber; for a range its lower
        one) in the KPI's unit, `is_tolerance_missing`, `gap_to_target` in the KPI's unit (favourable when positive) and
        `gap_in_tolerances` (missing without an amber band).

    Notes
    -----
    A figure is rounded to the KPI's decimals before it is compared, so that a colour never contradicts the figures beside it.
    """
    printed = _printed(results)
    rag, basis = _colours(printed), _basis(results)
    size = tolerance_size(printed)
    on_target = basis == Basis.TARGET
    gap = -_shortfall(printed).where(on_target & (rag != ""))
    return pd.DataFrame(
        {
            "rag": rag,
            "basis": basis.where(rag != "", Basis.NONE.value),
            "unrounded_rag": _colours(results),
            "tolerance_size": size,
            "floor": _floor(printed, size),
            "is_tolerance_missing": on_target & (rag != "") & results["tolerance"].isna(),
            "gap_to_target": gap + 0.0,
            "gap_in_tolerances": (gap / size.where(size > 0)) + 0.0,
        },
        index=results.index,
    )


def tolerance_size(results: pd.DataFrame) -> pd.Series:
    """Return the size of the amber band in the KPI's unit; missing where none is agreed or there is no target.

    A percentage is taken of the target's size; of a range, of its lower end.
    """
    by_percent = results["tolerance_type"] == ToleranceType.PERCENT_OF_TARGET
    share = percent_of(results["target"], results["tolerance"].where(by_percent))
    has_target = results["target"].notna() & (_basis(results) == Basis.TARGET)
    return share.where(by_percent, results["tolerance"]).where(has_target)


def check_percent_tolerances(kpis: pd.DataFrame, targets: pd.DataFrame, history: pd.DataFrame) -> list[Finding]:
    """Return a fault for every KPI whose tolerance is a percentage of a target of 0, or of a series that changes sign.

    A percentage of nothing is no band at all, and around nothing it means something else on either side.
    """
    judged = kpis["target_type"].isin([TargetType.VALUE, TargetType.RANGE]) & (kpis["kind"] == Kind.KPI)
    by_percent = kpis[judged & (kpis["tolerance_type"] == ToleranceType.PERCENT_OF_TARGET) & kpis["tolerance"].notna()]
    ends = pd.concat([targets[["kpi_id", "target"]], targets[["kpi_id", "upper"]].rename(columns={"upper": "target"})])
    values = pd.concat([ends.rename(columns={"target": "value"}), history[["kpi_id", "value"]]]).groupby("kpi_id")["value"]
    lowest, highest = by_percent["kpi_id"].map(values.min()), by_percent["kpi_id"].map(values.max())
    is_zero = by_percent["kpi_id"].isin(ends.loc[ends["target"] == 0, "kpi_id"])
    why = np.select([is_zero, (lowest < 0) & (highest > 0)], ["a target of 0", "figures of both signs"], "")
    return [
        Finding(
            file="register/kpis",
            sheet="",
            cell="",
            found=f"{kpi_id} {kpi_name}: a tolerance of percent_of_target, and {reason}",
            expected="a tolerance in the KPI's own unit",
            remedy="Change tolerance_type to absolute and give tolerance in the KPI's unit.",
        )
        for kpi_id, kpi_name, reason in zip(by_percent["kpi_id"], by_percent["kpi_name"], why, strict=True)
        if reason
    ]


def _printed(results: pd.DataFrame) -> pd.DataFrame:
    figures = ["value", "target", "upper", "comparator_value"]
    return results.assign(**{name: round_half_away(results[name], results["decimals"]) for name in figures})


def _basis(results: pd.DataFrame) -> pd.Series:
    on_target = results["target_type"].isin([TargetType.VALUE, TargetType.RANGE])
    directional = results["target_type"].isin([TargetType.INCREASE, TargetType.DECREASE])
    is_tracker = results["kind"] == Kind.TRACKER
    words = np.select([is_tracker, on_target, directional], [Basis.NONE, Basis.TARGET, Basis.DIRECTIONAL], Basis.NONE)
    return pd.Series(words, index=results.index, dtype="str")


def _good_way(results: pd.DataFrame) -> pd.Series:
    pairs = zip(results["target_type"], results["polarity"], strict=True)
    return pd.Series([_GOOD_WAY.get(pair, np.nan) for pair in pairs], index=results.index, dtype=float)


def _shortfall(results: pd.DataFrame) -> pd.Series:
    """Return how far each value is from good, in the KPI's unit: 0 or less is good enough; missing when it cannot be judged."""
    directional = _basis(results) == Basis.DIRECTIONAL
    aim = results["target"].where(~directional, results["comparator_value"])
    one_sided = minus(aim, results["value"]) * _good_way(results)
    below, above = minus(results["target"], results["value"]), minus(results["value"], results["upper"])
    outside = below.where(below > above, above).where(below.notna() & above.notna())
    in_range = results["target_type"] == TargetType.RANGE
    return one_sided.where(~in_range, outside).where(results["kind"] != Kind.TRACKER)


def _colours(results: pd.DataFrame) -> pd.Series:
    shortfall = _shortfall(results)
    directional = _basis(results) == Basis.DIRECTIONAL
    band = tolerance_size(results).fillna(0.0).where(~directional, results["dead_band"].fillna(0.0))
    # On a target, meeting it is green; directionally, only a change beyond the dead band is.
    green = (shortfall <= 0).where(~directional, shortfall < -band)
    colours = np.select([shortfall.isna(), green, shortfall <= band], ["", Rag.GREEN, Rag.AMBER], Rag.RED)
    return pd.Series(colours, index=results.index, dtype="str")


def _floor(results: pd.DataFrame, size: pd.Series) -> pd.Series:
    lower = (results["target_type"] == TargetType.VALUE) & (results["polarity"] == Polarity.LOWER_IS_BETTER)
    return minus(results["target"], size.where(~lower, -size))
