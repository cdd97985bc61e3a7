"""What a rating would be by another target or tolerance: the same rule, asked about another aim.

Nothing is published from here: it serves those who are about to propose a target.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kpireport.rules import direction, rating
from kpireport.rules.assessment import KPI_TERMS
from kpireport.vocabulary import Basis, Kind, MeasureType, NotRated, TargetType, ToleranceType


@dataclass(frozen=True)
class Aim:
    """A target that a KPI might have."""

    target: float
    """In the KPI's unit; the lower end of a range."""
    upper: float | None = None
    """The upper end of a range; None for a single target."""
    tolerance: float | None = None
    """The size of the amber band, in the KPI's unit or as a percentage of target, as its tolerance type says; None for none."""


def by_own_targets(history: pd.DataFrame, kpis: pd.DataFrame) -> pd.DataFrame:
    """Return a history with the columns of `rating.rate`: each result rated on the target in force at its time.

    `history` is as in `Performance.history`, and `kpis` has the KPIs' present terms, by which all of it is rated. A result whose
    target is only a direction is compared with its own comparator.
    """
    rows = _with_terms(history, kpis)
    return rows.join(rating.rate(direction.with_comparators(rows, rows)))


def by_aim(history: pd.DataFrame, kpis: pd.DataFrame, aim: Aim) -> pd.DataFrame:
    """Return a history with the columns of `rating.rate`: each result rated as if `aim` had been in force all along.

    A target of a KPI that grows through the year is for one point of it: that of the result which `kpis` shows. Results of other
    points have no target then, and no rating.
    """
    rows = _aimed(_with_terms(history, kpis), aim)
    shown = rows["kpi_id"].map(kpis.set_index("kpi_id")["period_end"]).dt.month
    is_elsewhere = rows["measure_type"].eq(MeasureType.CUMULATIVE) & (rows["period_end"].dt.month != shown)
    judged = rows.assign(**{name: rows[name].mask(is_elsewhere) for name in ("target", "upper")})
    return judged.join(rating.rate(judged))


def with_aim(kpis: pd.DataFrame, aim: Aim) -> pd.DataFrame:
    """Return the KPIs of a quarter, as in `Performance.kpis`, as they would be shown if `aim` were in force.

    A KPI whose result is awaited, or not there for another reason, stays unrated for the same reason.
    """
    asked = _aimed(kpis, aim)
    told = rating.rate(asked)
    rated = kpis["is_latest_expected"].astype(bool) & (told["rag"] != "")
    waits = kpis["rating"].where(~kpis["is_latest_expected"].astype(bool), NotRated.NOT_RATED.value)
    gaps = {name: told[name].where(rated) for name in ("gap_to_target", "gap_in_tolerances")}
    words = {name: told[name].where(rated, "") for name in ("rag", "unrounded_rag")}
    return asked.assign(
        **{name: told[name] for name in ("tolerance_size", "floor")},
        **gaps,
        **words,
        basis=told["basis"].where(rated, Basis.NONE.value),
        is_tolerance_missing=told["is_tolerance_missing"] & rated,
        rating=told["rag"].where(rated, waits),
    )


def _with_terms(history: pd.DataFrame, kpis: pd.DataFrame) -> pd.DataFrame:
    terms = kpis[["kpi_id", *KPI_TERMS]]
    return history.reset_index(drop=True).merge(terms, on="kpi_id", how="inner", validate="many_to_one")


def _aimed(rows: pd.DataFrame, aim: Aim) -> pd.DataFrame:
    """Return the rows with `aim` in place of their own target; a tracker is taken for a KPI that had one."""
    size = np.nan if aim.tolerance is None else aim.tolerance
    by_unit = rows["tolerance_type"].where(rows["tolerance_type"] != "", ToleranceType.ABSOLUTE.value)
    return rows.assign(
        kind=Kind.KPI.value,
        target_type=(TargetType.VALUE if aim.upper is None else TargetType.RANGE).value,
        target=float(aim.target),
        upper=np.nan if aim.upper is None else float(aim.upper),
        tolerance=float(size),
        tolerance_type=by_unit,
        comparator_value=rows.get("comparator_value", np.nan),
    )
