"""One KPI's row, as `Performance.kpis` has it, that a test changes by what it is about."""

from types import SimpleNamespace
from typing import Any

import pandas as pd

LEEDS = SimpleNamespace(name="Leeds City Council", place="Leeds", area="E08000035", pandemic=("Apr 2020", "Jun 2021"))

_ROW: dict[str, Any] = {
    "kpi_id": "CH-01",
    "kpi_name": "Repairs completed on time",
    "directorate": "CHE",
    "scrutiny_board": "EHC",
    "purpose": "council_service",
    "kind": "kpi",
    "unit": "%",
    "decimals": 1,
    "polarity": "higher_is_better",
    "measure_type": "in_period",
    "frequency": "quarterly",
    "period_kind": "quarter",
    "target_type": "value",
    "tolerance": 2.0,
    "tolerance_type": "absolute",
    "source": "Housing system",
    "risk_ref": "",
    "period": "2024-25 Q2",
    "value": 87.3,
    "numerator": 873.0,
    "denominator": 1000.0,
    "absence": "",
    "maturity": "final",
    "vintage": 1,
    "is_revised": False,
    "received_on": pd.Timestamp("2024-10-10"),
    "producer": "illustrative",
    "source_file": "returns/2024-25-q2/x.xlsx",
    "source_sheet": "Results",
    "source_cell": "I5",
    "source_sha256": "",
    "note": "",
    "expected_period": "2024-25 Q2",
    "is_latest_expected": True,
    "is_new": True,
    "target": 95.0,
    "upper": float("nan"),
    "tolerance_size": 2.0,
    "floor": 93.0,
    "is_tolerance_missing": False,
    "comparator_period": "2023-24 Q2",
    "comparator_value": 91.0,
    "change": -3.7,
    "direction": "worsening",
    "rating": "red",
    "basis": "target",
    "rag": "red",
    "unrounded_rag": "red",
    "gap_to_target": -7.7,
    "gap_in_tolerances": -3.85,
    "previous_rating": "amber",
    "previous_basis": "target",
    "rating_move": "newly_red",
    "variation": "concern",
    "variation_rule": "one_side",
    "variation_side": "low",
    "assurance": "hit_or_miss",
    "mean": 91.24,
    "lower_limit": 85.31,
    "upper_limit": 97.17,
    "points": 20,
    "variation_why_not": "",
    "recent_trend": "no_significant_change",
    "trend_chi_squared": 1.2,
    "trend_slope": -0.4,
    "trend_why_not": "",
    "change_significance": "worse",
    "change_lower_95": -6.0,
    "change_upper_95": -1.4,
    "change_why_not": "",
    "benchmark_name": "England",
    "benchmark_period": "2024-25 Q2",
    "benchmark_value": 88.0,
    "significance": "similar",
    "significance_method": "interval",
    "lower_95": 85.1,
    "upper_95": 89.3,
    "significance_why_not": "",
}


def kpi(**changes: Any) -> pd.Series:
    """Return the row of a red KPI with some of its columns changed."""
    if unknown := set(changes) - set(_ROW):
        raise KeyError(f"not columns of a KPI's row: {sorted(unknown)}")
    return pd.Series(_ROW | changes, dtype=object)


def history(*values: float | None, first: int = 0, targets: Any = 95.0, **changes: Any) -> pd.DataFrame:
    """Return quarterly results from 2019-20 Q1 (or `first` quarters later), one a value."""
    quarters = [f"{2019 + n // 4}-{(20 + n // 4):02d} Q{n % 4 + 1}" for n in range(first, first + len(values))]
    return pd.DataFrame(
        {
            "kpi_id": "CH-01",
            "period": quarters,
            "value": pd.Series([float("nan") if value is None else value for value in values], dtype=float),
            "absence": ["not_available" if value is None else "" for value in values],
            "maturity": "final",
            "is_revised": False,
            "target": targets,
            "upper": float("nan"),
            "producer": "illustrative",
        }
        | changes
    )
