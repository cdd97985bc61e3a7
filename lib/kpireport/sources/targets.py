"""Check that targets and tolerances fit their KPI, and that a period has one target only.

Source: rating contract part 2, rules 2, 5 and 6.
"""

import pandas as pd

from kpireport.periods import PeriodKind
from kpireport.sources.tables import Findings, Tables
from kpireport.sources.timeline import on_calendar, written
from kpireport.vocabulary import Kind, Polarity, TargetType, ToleranceType

SUSPICIOUS_SHARE = 0.5
"""A tolerance above this share of the target may be the floor, typed where the size of the band belongs."""


def check(tables: Tables) -> Findings:
    """Yield targets and tolerances that cannot be, and tolerances that hardly can."""
    if not (tables["kpis"].is_whole and tables["targets"].is_whole):
        return
    targets = _with_kpi(tables)
    yield from _types(tables, targets)
    yield from _overlaps(tables)
    yield from _tolerances(tables, targets)


def _with_kpi(tables: Tables) -> pd.DataFrame:
    """Return the sound targets with their KPI's definition; the index is the row in the targets sheet."""
    columns = ["kpi_id", "kind", "target_type", "polarity", "tolerance", "tolerance_type", "unit", "decimals"]
    kpis = tables["kpis"].sound
    # A tracker that asks for a target is faulted once, where it is defined.
    is_settled = kpis["kind"].ne(Kind.TRACKER) | kpis["target_type"].eq(TargetType.NONE)
    settled = kpis.loc[is_settled, columns].drop_duplicates("kpi_id")
    return tables["targets"].sound.reset_index().merge(settled, on="kpi_id", how="inner", validate="m:1").set_index("row")


def _types(tables: Tables, targets: pd.DataFrame) -> Findings:
    """Yield targets that do not fit their KPI's target type, or contradict themselves."""
    table, upper = tables["targets"], targets["upper"]
    needless = targets.loc[~targets["target_type"].isin([TargetType.VALUE, TargetType.RANGE])].drop_duplicates("kpi_id")
    what = ('a KPI whose target_type is "' + needless["target_type"] + '"').mask(needless["kind"].eq(Kind.TRACKER), "a tracker")
    remedy = "Delete the KPI's targets, or set its target_type to value or range."
    yield from table.faults("target", "a target of " + what, "no target", remedy)
    is_range = targets["target_type"].eq(TargetType.RANGE)
    found = "upper empty" + targets["profile"].str[:0][is_range & upper.isna()]
    yield from table.faults("upper", found, "the upper end of a range target", "Write the upper end.")
    found = "upper " + written(upper[targets["target_type"].eq(TargetType.VALUE) & upper.notna()]) + " of a value target"
    yield from table.faults("upper", found, "an empty cell", "Clear the cell, or set the KPI's target_type to range.")
    is_below = is_range & (upper < targets["target"])
    found = "upper " + written(upper[is_below]) + " below target " + written(targets.loc[is_below, "target"])
    yield from table.faults("upper", found, "an upper end above the lower", "Exchange or correct the two ends.")
    in_percent = targets["tolerance_type"].eq(ToleranceType.PERCENT_OF_TARGET) & targets["tolerance"].notna()
    found = "target " + written(targets.loc[in_percent & targets["target"].eq(0), "target"])
    found = found + " with a tolerance in percent of the target"
    yield from table.faults("target", found, "a target that is not 0", "Agree an absolute tolerance for this KPI.")


def _overlaps(tables: Tables) -> Findings:
    """Yield targets that end before they begin, and those that cover a period which an earlier row covers too."""
    table, targets = tables["targets"], tables["targets"].sound
    first, last = on_calendar(targets["from_period"]), on_calendar(targets["to_period"])
    # Rolling and pooled years overlap one another by nature: such a target begins to hold at the end of its first period.
    slides = first["kind"].isin([PeriodKind.ROLLING_YEAR, PeriodKind.POOLED_YEARS])
    runs = targets.assign(begins=first["start"].mask(slides, first["end"]), ends=last["end"])
    is_backward = runs["ends"] < runs["begins"]
    found = ("to_period " + runs["to_period"] + ", before from_period " + runs["from_period"])[is_backward]
    yield from table.faults("to_period", found, "a period that is not earlier", "Exchange or correct the two.")
    runs = runs.loc[~is_backward].sort_values(["kpi_id", "begins"], kind="stable").reset_index()
    reach = runs["ends"].fillna(pd.Timestamp("2999-12-31")).groupby(runs["kpi_id"]).cummax()
    is_same_kpi = runs["kpi_id"].eq(runs["kpi_id"].shift())
    is_covered = is_same_kpi & (runs["begins"] <= reach.shift())
    before = runs["row"].shift()[is_covered].astype("Int64").astype("str")
    until = runs["to_period"].shift()[is_covered]
    until = ("runs to " + until).mask(until.eq(""), "is still open")
    found = "a target from " + runs.loc[is_covered, "from_period"] + " while that of row " + before + " " + until
    remedy = "End the earlier target with to_period, or correct this one."
    yield from table.faults("from_period", found.set_axis(runs.loc[is_covered, "row"]), "one target for each period", remedy)


def _tolerances(tables: Tables, targets: pd.DataFrame) -> Findings:
    """Yield tolerances whose floor no result could pass, those in percent of a series that changes sign, and doubtful ones."""
    table, kpis = tables["kpis"], tables["kpis"].sound
    values = tables["results"].sound.groupby("kpi_id")["value"].agg(["min", "max"])
    falls_below_zero = values.index[values["min"] < 0]
    changes_sign = values.index[(values["min"] < 0) & (values["max"] > 0)]
    in_percent = kpis["tolerance_type"].eq(ToleranceType.PERCENT_OF_TARGET) & kpis["tolerance"].notna()
    found = kpis["tolerance_type"][in_percent & kpis["kpi_id"].isin(changes_sign)] + ", while the results change sign"
    yield from table.faults("tolerance_type", found, str(ToleranceType.ABSOLUTE), "Agree an absolute tolerance for this KPI.")
    rated = targets.loc[targets["target_type"].eq(TargetType.VALUE) & (targets["tolerance"] > 0)]
    target, is_higher = rated["target"], rated["polarity"].eq(Polarity.HIGHER_IS_BETTER)
    is_absolute = rated["tolerance_type"].eq(ToleranceType.ABSOLUTE)
    size = rated["tolerance"].where(is_absolute, target.abs() * rated["tolerance"] / 100)
    floor = (target - size).where(is_higher, target + size)
    is_impossible = is_higher & (target > 0) & (floor < 0) & ~rated["kpi_id"].isin(falls_below_zero)
    is_impossible |= ~is_higher & rated["unit"].eq("%") & target.between(0, 100) & (floor > 100)
    last_digits = target.abs() * 10 ** rated["decimals"].astype("float64")
    is_doubtful = is_absolute & (size > SUSPICIOUS_SHARE * target.abs()) & (last_digits >= 100) & ~is_impossible
    rows = pd.Series(kpis.index, index=kpis["kpi_id"])
    expected, remedy = "the size of the amber band", "If this is the floor of amber, write its distance from the target."
    impossible = rated.loc[is_impossible].drop_duplicates("kpi_id")
    found = (_tolerance(impossible) + ": no result could be red").set_axis(rows.loc[impossible["kpi_id"]])
    yield from table.faults("tolerance", found, expected, remedy)
    doubtful = rated.loc[is_doubtful & ~rated["kpi_id"].isin(impossible["kpi_id"])].drop_duplicates("kpi_id")
    found = (_tolerance(doubtful) + ", a wide band").set_axis(rows.loc[doubtful["kpi_id"]])
    yield from table.warnings("tolerance", found, expected, remedy)


def _tolerance(rated: pd.DataFrame) -> "pd.Series[str]":
    return "tolerance " + written(rated["tolerance"]) + " with target " + written(rated["target"])
