"""How far the setting of targets and tolerances has come, now against a year earlier.

Source: the council's account, point 54: KPIs without a target carry an interim increase or decrease until one is agreed with its
tolerance; trackers need none.
"""

import numpy as np
import pandas as pd

from kpireport.vocabulary import Kind, TargetState, TargetType


def target_states(kpis: pd.DataFrame) -> pd.Series:
    """Return how far each KPI's target setting had come in a quarter, as words of `TargetState`, with the index of `kpis`.

    `kpis` is `Performance.kpis` of the quarter, which has the targets and tolerances of its day.
    """
    has_target = kpis["target_type"].isin([TargetType.VALUE, TargetType.RANGE]) & kpis["target"].notna()
    words = np.select(
        [
            kpis["kind"] == Kind.TRACKER,
            has_target & kpis["tolerance"].notna(),
            has_target,
            kpis["target_type"].isin([TargetType.INCREASE, TargetType.DECREASE]),
        ],
        [TargetState.TRACKER, TargetState.TARGET_AND_TOLERANCE, TargetState.TARGET, TargetState.INTERIM],
        TargetState.NONE,
    )
    return pd.Series(words, index=kpis.index, dtype="str")


def count_target_states(states: pd.Series, by: pd.Series) -> pd.DataFrame:
    """Return how many KPIs stand at each state: one row is one value of `by`, in order, and its index.

    Columns: each word of `TargetState`; `kpis`, all but trackers; `with_target`, those with a specific target, whether or not
    it has a tolerance. A last row, index "", is the whole.
    """
    counted = pd.crosstab(by, states).reindex(columns=list(TargetState), fill_value=0)
    counted.loc[""] = counted.sum()
    return counted.assign(
        kpis=counted.drop(columns=TargetState.TRACKER).sum(axis="columns"),
        with_target=counted[TargetState.TARGET_AND_TOLERANCE] + counted[TargetState.TARGET],
    )
