"""Check parts against their whole: wards and groups of people against the area. What is found is a warning, never a fault.

Published parts are rounded or perturbed, wards are merged and renamed, and two of them may well have one value.
"""

import numpy as np
import pandas as pd

from kpireport.sources.tables import Findings, Severity, Tables
from kpireport.sources.timeline import written
from kpireport.vocabulary import ALL_PEOPLE, AreaType

ROUNDED_TO = 5
"""Published counts may be rounded to this: the sum of n parts is then out by about this times the root of n."""
UNPLACED = 0.005
"""The share of a total that may belong to no ward that is known."""
LIKE_A_WHOLE = 0.1
"""Groups whose sum is within this share of the total are taken to be all its parts; others may overlap or leave people out."""
COARSE = 0.75
"""Where fewer than this share of a table's values differ, equal values are usual."""


def check(tables: Tables, latest: pd.DataFrame) -> Findings:
    """Yield what is doubtful about wards and groups. `latest` is as `timeline.latest` makes it."""
    places = tables["areas"].frame.drop_duplicates("area")[["area", "area_type", "area_name", "boundaries"]]
    rows = latest.reset_index().merge(places, on="area", how="inner", validate="m:1").set_index("row")
    unsound = tables["results"].frame.loc[list(tables["results"].unsound), "kpi_id"].unique()
    rows = rows.loc[~rows["kpi_id"].isin(unsound)]
    wards = rows.loc[rows["area_type"].eq(AreaType.WARD) & rows["group"].eq(ALL_PEOPLE)]
    whole = rows.loc[rows["area_type"].eq(AreaType.LOCAL_AUTHORITY) & rows["group"].eq(ALL_PEOPLE)]
    incomplete: set[tuple[str, str]] = set()
    for row, text, key in _missing_wards(wards, places):
        incomplete.add(key)
        finding = tables["results"].finding(row, "area", text, "every ward of one edition", "Add the wards that are missing.")
        yield Severity.WARNING, finding
    yield from _equal_wards(tables, wards)
    complete = wards.loc[~pd.MultiIndex.from_frame(wards[["kpi_id", "period"]]).isin(list(incomplete))]
    yield from _sums(tables, complete.assign(of=""), whole.assign(of=""), are_all_parts=True)
    groups = rows.loc[rows["group"].ne(ALL_PEOPLE) & rows["area_type"].ne(AreaType.WARD)]
    totals = rows.loc[rows["group"].eq(ALL_PEOPLE) & rows["area_type"].ne(AreaType.WARD)]
    yield from _sums(tables, groups.assign(of=groups["area"]), totals.assign(of=totals["area"]), are_all_parts=False)


def _missing_wards(wards: pd.DataFrame, places: pd.DataFrame) -> list[tuple[int, str, tuple[str, str]]]:
    """Return each ward table without all wards of its edition: its first row, what is missing, and its KPI and period."""
    all_wards = places.loc[places["area_type"].eq(AreaType.WARD)]
    expected = all_wards.groupby("boundaries")["area"].nunique()
    counts = wards.groupby(["kpi_id", "period", "boundaries"], sort=False)["area"].nunique().reset_index(name="count")
    # Codes that did not change may stand beside those of an earlier edition: the number of wards tells, not the codes.
    counts["all"] = counts.groupby(["kpi_id", "period"])["count"].transform("sum")
    counts = counts.sort_values("count", ascending=False, kind="stable").drop_duplicates(["kpi_id", "period"])
    short = counts.loc[counts["all"] < counts["boundaries"].map(expected).astype(float)]
    found = []
    for kpi_id, period, edition in short[["kpi_id", "period", "boundaries"]].sort_index().itertuples(index=False):
        table = wards.loc[wards["kpi_id"].eq(kpi_id) & wards["period"].eq(period)]
        of_edition = all_wards.loc[all_wards["boundaries"].eq(edition)]
        names = of_edition.loc[~of_edition["area"].isin(table["area"]), "area_name"].tolist()
        listed = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        text = f"{kpi_id} in {period} for {len(table)} wards, without {listed}"
        found.append((int(table.index.min()), text, (str(kpi_id), str(period))))
    return found


def _equal_wards(tables: Tables, wards: pd.DataFrame) -> Findings:
    """Yield, for each KPI's latest ward table, a ward that repeats another's value and counts."""
    newest = wards.loc[wards["month"].eq(wards.groupby("kpi_id")["month"].transform("max"))]
    of_kpi = newest.groupby("kpi_id")["value"]
    is_coarse = (newest["kpi_id"].map(of_kpi.nunique() / of_kpi.size()) < COARSE) & newest["kpi_id"].map(of_kpi.size()).ge(8)
    shown = newest.loc[~is_coarse & newest["value"].ne(0) & newest["value"].notna()]
    same = ["kpi_id", "value", "numerator", "denominator"]
    again = shown.loc[shown.duplicated(same)].drop_duplicates("kpi_id")
    first = shown.drop_duplicates(same).set_index(same)["area_name"]
    earlier = first.reindex(pd.MultiIndex.from_frame(again[same])).to_numpy()
    value = written(again["value"])
    found = "value " + value + " for " + again["area_name"] + ", the same as for " + pd.Series(earlier, again.index, dtype="str")
    remedy = "Check that it was not copied from the row beside it."
    yield from tables["results"].warnings("value", found, "a value of each ward's own", remedy)


def _sums(tables: Tables, parts: pd.DataFrame, whole: pd.DataFrame, *, are_all_parts: bool) -> Findings:
    """Yield wholes from which the sum of their parts differs by more than rounding explains.

    Counts are summed: values of unit "number", and the numerators of other units where every part has one. `of` names the
    whole that a part belongs to.
    """
    key = ["kpi_id", "period", "of"]
    whole = whole.loc[whole["kpi_id"].isin(parts["kpi_id"].unique())]
    whole = whole.loc[~whole.duplicated(key, keep=False)]
    for column, is_count in (("value", True), ("numerator", False)):
        counted = parts.loc[parts["unit"].eq("number").eq(is_count)]
        sums = counted.groupby(key, sort=False)[column].agg(["sum", "count", "size"])
        sums = sums.loc[(sums["count"] == sums["size"]) & (sums["size"] > 1), ["sum", "size"]].reset_index()
        both = whole.reset_index().merge(sums, on=key, how="inner", validate="1:1").set_index("row")
        gap = (both["sum"] - both[column]).abs()
        total = both[column].abs()
        tolerated = np.maximum(np.minimum(ROUNDED_TO * np.sqrt(both["size"]), LIKE_A_WHOLE * total), UNPLACED * total) + 0.5
        is_out = gap > tolerated
        if not are_all_parts:
            is_out &= gap <= LIKE_A_WHOLE * both[column].abs()
        out = both.loc[is_out]
        found = column + " " + written(out[column]) + ", while the " + out["size"].astype("str")
        found = found + (" wards" if are_all_parts else " groups") + " add up to " + written(out["sum"])
        yield from tables["results"].warnings(column, found, "a total of its parts", "Check the parts and the total.")
