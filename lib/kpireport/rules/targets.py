"""Which target applies to a result: targets are dated, and a yearly measure may have one for each point of its year."""

import pandas as pd

from kpireport.rules.availability import period_days
from kpireport.vocabulary import Kind, TargetType


def with_targets(results: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return the results with the `target` and `upper` that applied on the last day of each result's own period.

    Both are missing where no target covers that day, and for KPIs that are not judged by a figure (trackers, interim increase
    or decrease, none). `results` has one row for one KPI and period, with `kpi_id`, `period_end`, `kind` and `target_type`;
    the periods of one KPI's targets do not overlap. The profile is only a label. Rolling and pooled years overlap one another
    by nature: a target that begins with one is in force from that period's end.
    """
    first = targets["from_period"]
    starts = period_days(first, of="start").where(~first.str.contains(" to ", regex=False), period_days(first))
    dated = targets[["kpi_id", "target", "upper"]].assign(target_from=starts, target_to=period_days(targets["to_period"]))
    order = results["period_end"].argsort(kind="stable")
    places = pd.DataFrame({"kpi_id": results["kpi_id"], "period_end": results["period_end"]}).iloc[order]
    found = pd.merge_asof(
        places[places["period_end"].notna()],
        dated.sort_values("target_from", kind="stable"),
        left_on="period_end",
        right_on="target_from",
        by="kpi_id",
    ).set_axis(places.index[places["period_end"].notna()])
    found = found.reindex(results.index)
    judged = results["target_type"].isin([TargetType.VALUE, TargetType.RANGE]) & (results["kind"] == Kind.KPI)
    open_still = found["target_to"].isna() | (found["target_to"] >= results["period_end"])
    in_force = judged & open_still
    ranged = results["target_type"] == TargetType.RANGE
    return results.assign(target=found["target"].where(in_force), upper=found["upper"].where(in_force & ranged))
