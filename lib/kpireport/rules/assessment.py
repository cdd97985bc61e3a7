"""Everything that is said of one result by the rules: its target, its comparator, its rating and its direction of travel."""

import pandas as pd

from kpireport.rules import direction, rating, targets

KPI_TERMS = [
    "kind",
    "decimals",
    "polarity",
    "measure_type",
    "frequency",
    "comparator_rule",
    "target_type",
    "tolerance",
    "tolerance_type",
    "dead_band",
    "comparable_from",
]
"""The columns of the KPI Supporting Information on which the assessment of a result rests."""


def assess(results: pd.DataFrame, dated_targets: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return the results with the columns of `targets`, `direction` and `rating`.

    `results` has one row for one KPI and period: `kpi_id`, `period`, `period_end`, `value` and `KPI_TERMS`. `known` holds the
    council's own results, one row for one KPI and period, in which comparators are looked up.
    """
    aimed = targets.with_targets(results, dated_targets)
    compared = direction.with_comparators(aimed, known)
    return compared.join(direction.directions(compared)).join(rating.rate(compared))
