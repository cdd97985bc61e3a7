"""Check the KPI Data Record: each row against its KPI, each vintage against the one before, each value against its neighbours.

Sources: rating contract part 1 (nothing is overwritten: a revision is a new vintage) and part 3 (a cumulative series does not
fall within a year). Loops run over bad rows only: the record may have a million rows.
"""

import pandas as pd

from kpireport.sources import jumps
from kpireport.sources.definitions import is_too_frequent
from kpireport.sources.tables import Findings, Tables
from kpireport.sources.timeline import on_calendar, written, written_days
from kpireport.vocabulary import ALL_PEOPLE, AreaType, MeasureType

STALE_AFTER = 3
"""How many periods running a value may not stay the same without a warning."""
SMALL = 10
"""Values of fewer last digits than this, such as 5 libraries, stay the same often."""

_RESULT = ["series", "period"]
"""What tells one result from another, whatever its vintage."""
REVISED = ["value", "numerator", "denominator", "absence", "maturity"]
"""What a revision may change."""


def check(tables: Tables, results: pd.DataFrame, history: pd.DataFrame) -> Findings:
    """Yield what is wrong with the record.

    `results` is as `timeline.sound_results` makes it, `history` as `timeline.latest`, without the rows that have no value.
    """
    yield from _rows(tables, results)
    yield from _kinds_of_period(tables, results)
    yield from _retired(tables, results)
    yield from _vintages(tables, results)
    found = jumps.find(history)
    yield from jumps.check(tables, history, found)
    yield from _falls(tables, history.drop(index=found.index[found["is_fault"]]))
    yield from _stale(tables, history)


def _rows(tables: Tables, results: pd.DataFrame) -> Findings:
    """Yield rows with both a value and a reason for its absence, or neither, and results older than their period."""
    table, is_missing = tables["results"], results["value"].isna()
    found = 'absence "' + results["absence"][~is_missing & results["absence"].ne("")] + '" beside a value'
    yield from table.faults("absence", found, "a value, or the reason why there is none", "Clear the value or the absence.")
    found = "value empty" + results["absence"][is_missing & results["absence"].eq("")]
    remedy = "Write the value, or in absence why there is none. Leave the row out when the result has not come."
    yield from table.faults("value", found, "a value, or a reason in absence", remedy)
    before = results.loc[results["received_on"] < results["start"]]
    found = "received_on " + written_days(before["received_on"]) + ", before " + before["period"] + " began"
    yield from table.faults("received_on", found, "a day after the period", "Correct the day or the period.")
    is_early = (results["received_on"] < results["end"]) & (results["received_on"] >= results["start"])
    early = results.loc[is_early & results["period_is"].eq(results["period_kind"])].drop_duplicates("kpi_id")
    found = "received_on " + written_days(early["received_on"]) + ", before the end of " + early["period"]
    yield from table.warnings("received_on", found, "a day after the period", "Check the day and the period.")


def _kinds_of_period(tables: Tables, results: pd.DataFrame) -> Findings:
    """Yield results whose period is not of their KPI's kind; one fault where none of a KPI's results is."""
    # Where the definition contradicts itself, that is said there.
    bad = results.loc[results["period_is"].ne(results["period_kind"])]
    bad = bad.loc[~is_too_frequent(bad)]
    wrong = results.index.isin(bad.index)
    is_all = ~bad["kpi_id"].isin(results.loc[results["kpi_id"].isin(bad["kpi_id"]) & ~wrong, "kpi_id"])
    bad = bad.loc[~is_all | ~bad["kpi_id"].duplicated()]
    found = 'period "' + bad["period"] + '", a ' + bad["period_is"].str.replace("_", " ")
    expected = "a period of the KPI's period_kind"
    for kind, rows in found.groupby(bad["period_kind"]):
        yield from tables["results"].faults("period", rows, f"{expected}, {kind}", "Write the period, or correct the definition.")


def _retired(tables: Tables, results: pd.DataFrame) -> Findings:
    """Yield, once for each KPI, results for periods that began when it was off the list."""
    kpis = tables["kpis"].sound.drop_duplicates("kpi_id").set_index("kpi_id")
    left = on_calendar(kpis["retired"])["start"]
    late = results.loc[results["start"] >= results["kpi_id"].map(left)]
    counts = late.groupby("kpi_id")["period"].transform("size")
    first = late.drop_duplicates("kpi_id")
    more = ", and " + (counts[first.index] - 1).astype("str") + " more"
    found = "a result for " + first["period"] + " of a KPI retired from " + first["kpi_id"].map(kpis["retired"])
    found = found + more.mask(counts[first.index].eq(1), "")
    remedy = "Correct kpi_id or period, or the KPI's retirement."
    yield from tables["results"].faults("period", found, "a period before the KPI was retired", remedy)


def _vintages(tables: Tables, results: pd.DataFrame) -> Findings:
    """Yield vintages out of sequence, revisions received before what they revise, and revisions that change nothing."""
    table = tables["results"]
    # A row left out for its own fault would leave a gap here: its KPI is looked at when that is mended.
    unsound = table.frame.loc[list(table.unsound), "kpi_id"].unique()
    rows = results.loc[~results["kpi_id"].isin(unsound)]
    rows = rows.loc[rows["vintage"].gt(1) | rows.duplicated(_RESULT, keep=False)]
    rows = rows.sort_values([*_RESULT, "vintage"], kind="stable")
    place = rows.groupby(_RESULT, sort=False).cumcount() + 1
    broken = rows.loc[rows["vintage"].ne(place)].drop_duplicates(_RESULT)
    found = "vintage " + broken["vintage"].astype("str") + " without vintage " + place[broken.index].astype("str")
    remedy = "Number a period's vintages 1, 2, 3; keep the earlier rows."
    yield from table.faults("vintage", found, "each revision after the value that it revises", remedy)
    earlier = rows.groupby(_RESULT, sort=False)[[*REVISED, "received_on"]].shift()
    expected = "a later day than that of the earlier vintage"
    for severity, is_wrong, words in (
        (table.faults, rows["received_on"] < earlier["received_on"], ", before the vintage that it revises"),
        (table.warnings, rows["received_on"] == earlier["received_on"], ", the same day as the vintage that it revises"),
    ):
        found = "received_on " + written_days(rows.loc[is_wrong, "received_on"]) + words
        yield from severity("received_on", found, expected, "Correct the day or the vintage.")
    is_same = earlier["received_on"].notna()
    for column in REVISED:
        is_same &= rows[column].eq(earlier[column]) | (rows[column].isna() & earlier[column].isna())
    found = "vintage " + rows.loc[is_same, "vintage"].astype("str") + ", which changes nothing"
    yield from table.warnings("value", found, "a revised value, count or maturity", "Delete the row if it is a repetition.")


def _falls(tables: Tables, history: pd.DataFrame) -> Findings:
    """Yield values of cumulative series that are below an earlier one of the same financial year."""
    rows = history.loc[history["measure_type"].eq(MeasureType.CUMULATIVE)]
    year = (rows["month"] - 3) // 12
    before = rows.reset_index().set_index(rows.index).groupby([rows["series"], year], sort=False)[["value", "row"]].shift()
    is_fall = rows["value"] < before["value"]
    earlier = written(before.loc[is_fall, "value"]) + " in row " + written(before.loc[is_fall, "row"])
    found = "value " + written(rows.loc[is_fall, "value"]) + ", below " + earlier + " earlier in the year"
    remedy = "Write the total since April, or correct the earlier value."
    yield from tables["results"].faults("value", found, "a cumulative value that does not fall within a year", remedy)


def _stale(tables: Tables, history: pd.DataFrame) -> Findings:
    """Yield, once for each run, values of a whole area that stay the same for three periods running or more."""
    wards = tables["areas"].frame.loc[tables["areas"].frame["area_type"].eq(AreaType.WARD), "area"]
    slides = history["measure_type"].isin([MeasureType.ROLLING_YEAR, MeasureType.POOLED_YEARS])
    rows = history.loc[history["group"].eq(ALL_PEOPLE) & ~history["area"].isin(wards) & ~slides]
    is_same = rows["series"].eq(rows["series"].shift())
    for column in ("value", "numerator", "denominator"):
        is_same &= rows[column].eq(rows[column].shift()) | (rows[column].isna() & rows[column].shift().isna())
    run = (~is_same).cumsum()
    length = run.map(run.value_counts())
    is_natural = rows["value"].abs() * 10 ** rows["decimals"].astype("float64") < SMALL
    is_natural |= rows["unit"].eq("%") & rows["value"].eq(100)
    last = rows.loc[(length >= STALE_AFTER) & ~is_natural & ~run.duplicated(keep="last")]
    found = "value " + written(last["value"]) + " for " + length[last.index].astype("str")
    remedy = "Check that each is a new result, not the last one sent again."
    yield from tables["results"].warnings("value", found + " periods running", "values that change", remedy)
