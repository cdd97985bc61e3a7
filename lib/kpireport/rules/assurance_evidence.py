"""Evidence of how performance management works, computed from the register itself, for the annual assurance report.

Each function answers one question of the cycle of internal control with a `Figure`: how many of how many. A figure whose
denominator is 0 was not measured: an empty record is never evidence that all is well. Source: the council's account of its
arrangements (points 15, 18, 36, 50, 54, 56, 65, 78 and 82).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kpireport.periods import Period, parse_quarter
from kpireport.rules import availability, definitions, owed
from kpireport.vocabulary import HighlightChoice, Kind, KpiChange, NotRated, Rag, TargetType

INFORMATION = (
    *("definition", "accountable_officer", "key_contacts", "source", "limitations"),
    *("defined_by", "checked_by", "next_review"),
)
"""The required and recommended columns of the KPI Supporting Information that a person must fill for it to be of use."""
COMMENTARY = ("reason", "action", "owner", "due_on")
"""What the commentary on an adverse highlight item says when it is complete."""
_FIGURES = ["value", "numerator", "denominator"]


@dataclass(frozen=True)
class Figure:
    """One measured figure: a percentage with the counts it is made from, or a plain number."""

    value: float | None
    """The figure as printed: a whole percentage, or a number; None when it was not measured."""
    count: int | None = None
    """How many; None when it must not be shown."""
    of: int | None = None
    """Of how many; None for a plain number, or when it must not be shown."""


NOT_MEASURED = Figure(None)


def share(count: int, of: int) -> Figure:
    """Return a share as a whole percentage, halves up; all but one of many is never 100%, and one of many is never 0%."""
    if not of:
        return Figure(None, 0, 0)
    percent = (200 * count + of) // (2 * of)
    return Figure(float(max(min(percent, 99 if count < of else 100), 1 if count else 0)), count, of)


def number(count: int) -> Figure:
    """Return a plain number."""
    return Figure(float(count), count)


def _share_of(holds: "pd.Series[bool]") -> Figure:
    return share(int(holds.sum()), len(holds))


def targets_set(kpis: pd.DataFrame) -> Figure:
    """Return how many KPIs have a specific target in force; trackers have none and are not counted, nor are interim targets.

    `kpis` is that of a quarter's `Performance`.
    """
    return _share_of(_has_target(kpis)[kpis["kind"] == Kind.KPI])


def tolerances_set(kpis: pd.DataFrame) -> Figure:
    """Return how many of the KPIs with a specific target have a tolerance."""
    return _share_of(kpis.loc[_has_target(kpis) & (kpis["kind"] == Kind.KPI), "tolerance"].notna())


def _has_target(kpis: pd.DataFrame) -> "pd.Series[bool]":
    return kpis["target_type"].isin([TargetType.VALUE, TargetType.RANGE]) & kpis["target"].notna()


def information_gaps(kpis: pd.DataFrame) -> pd.DataFrame:
    """Return the KPIs whose Supporting Information has an empty cell: one row is one KPI, `missing` names the columns."""
    is_empty = pd.DataFrame({name: kpis[name].isna() | kpis[name].eq("") for name in INFORMATION}, index=kpis.index)
    missing = ["; ".join(is_empty.columns[row]) for row in is_empty.to_numpy(dtype=bool)]
    rows = kpis[["kpi_id", "kpi_name", "directorate"]].assign(missing=pd.Series(missing, index=kpis.index, dtype="str"))
    return rows[rows["missing"] != ""].reset_index(drop=True)


def information_by_column(kpis: pd.DataFrame) -> pd.DataFrame:
    """Return how many cells of each column are filled: one row is one `column`, with `filled` and `of`."""
    filled = [int((kpis[name].notna() & kpis[name].ne("")).sum()) for name in INFORMATION]
    return pd.DataFrame({"column": list(INFORMATION), "filled": filled, "of": len(kpis)})


def information_complete(kpis: pd.DataFrame) -> Figure:
    """Return how many KPIs have every column of their Supporting Information filled."""
    return share(len(kpis) - len(information_gaps(kpis)), len(kpis))


def limitations_stated(kpis: pd.DataFrame) -> Figure:
    """Return how many KPIs say what the weaknesses of their data are."""
    return _share_of(kpis["limitations"].ne(""))


def definitions_in_date(kpis: pd.DataFrame, *, on: date) -> Figure:
    """Return how many definitions have a review day that had not passed on a day; a definition without one is not in date."""
    return _share_of(kpis["next_review"] >= pd.Timestamp(on))


def list_changes(kpis: pd.DataFrame, changes: pd.DataFrame, quarters: Sequence[Period]) -> pd.DataFrame:
    """Return the changes to the KPI list that took effect in some quarters: one row is one agreement about one KPI.

    Columns: those of `definitions.agreements`, `kpi_name`, and `is_agreed` (on record by the quarter's end). The KPIs that were
    there when the list began are not changes.
    """
    began = min((parse_quarter(text) for text in kpis["introduced"] if text), default=None)
    is_first = changes["change"].eq(KpiChange.ADDED) & changes["quarter"].eq(str(began))
    rows = definitions.agreements(changes[changes["quarter"].isin([str(quarter) for quarter in quarters]) & ~is_first])
    is_agreed = rows["agreed_on"] <= availability.period_days(rows["quarter"])
    named = rows.assign(kpi_name=rows["kpi_id"].map(kpis.set_index("kpi_id")["kpi_name"]), is_agreed=is_agreed.astype(bool))
    return named.sort_values(["quarter", "kpi_id", "change"], ignore_index=True)


def list_changes_agreed(rows: pd.DataFrame) -> Figure:
    """Return how many of the changes (see `list_changes`) were agreed by the end of their quarter."""
    return _share_of(rows["is_agreed"])


def returns(kpis: pd.DataFrame, results: pd.DataFrame, quarter: Period, *, due_on: date) -> pd.DataFrame:
    """Return the results that fell due in a quarter: one row is one KPI that owed a new result.

    A result that had fallen due by the end of the quarter before is not due again, even of a KPI that joined the list since. A
    reason for absence ("not published") is a return. Columns: `kpi_id`, `directorate`, `period`, `received_on` (of the first
    vintage; missing while there is none), `days_late` (`owed.days_late`), `is_on_time`, `is_missing`.

    Parameters
    ----------
    kpis
        `Performance.kpis` of the quarter.
    results
        The KPI Data Record of the council's own area and everyone in it, with every vintage (`availability.of_council`).
    due_on
        The day by which results were to be returned.
    """
    usable = results[results["period_end"] <= pd.Timestamp(quarter.end)]
    owed_before = availability.expected(kpis, usable, quarter.previous())
    is_owed = kpis["expected_period"].ne("") & kpis["expected_period"].ne(owed_before)
    due = kpis.loc[is_owed, ["kpi_id", "directorate", "expected_period"]].rename(columns={"expected_period": "period"})
    first = results.groupby(["kpi_id", "period"], sort=False)["received_on"].min().reset_index()
    rows = due.merge(first, on=["kpi_id", "period"], how="left", validate="one_to_one")
    late = owed.days_late(pd.Series(pd.Timestamp(due_on), index=rows.index), rows["received_on"])
    return rows.assign(days_late=late, is_on_time=late <= 0, is_missing=late.isna())


def count_returns(by_quarter: Iterable[tuple[Period, pd.DataFrame]]) -> pd.DataFrame:
    """Return the returns of each quarter (see `returns`) counted: one row is one quarter.

    Columns: `quarter`, `due`, `on_time`, `late`, `missing`.
    """
    rows = [(str(quarter), len(due), int(due["is_on_time"].sum()), int(due["is_missing"].sum())) for quarter, due in by_quarter]
    numbers = dict.fromkeys(["due", "on_time", "missing"], "int64")
    counted = pd.DataFrame(rows, columns=["quarter", *numbers]).astype({"quarter": "str", **numbers})
    late = counted["due"] - counted["on_time"] - counted["missing"]
    return counted.assign(late=late)[["quarter", "due", "on_time", "late", "missing"]]


def returns_on_time(counted: pd.DataFrame) -> Figure:
    """Return how many of the results due in the year came by the day they were due (see `count_returns`)."""
    return share(int(counted["on_time"].sum()), int(counted["due"].sum()))


def benchmarks_held(kpis: pd.DataFrame, benchmarks: pd.DataFrame, *, area: str, by: date) -> Figure:
    """Return how many KPIs and trackers have a figure of another area for a period that had ended by a day."""
    others = benchmarks[(benchmarks["area"] != area) & (availability.period_days(benchmarks["period"]) <= pd.Timestamp(by))]
    return _share_of(kpis["kpi_id"].isin(others["kpi_id"]))


def commentary_complete(
    highlights: pd.DataFrame, commentary: pd.DataFrame, kpis_by_quarter: Mapping[str, pd.DataFrame]
) -> Figure:
    """Return how many highlight items of some quarters have the commentary that they need.

    An adverse one (red, or awaited twice running) needs a reason, an action, its owner and its day; another one needs those or a
    narrative. `kpis_by_quarter` has `Performance.kpis` of each quarter.
    """
    whole = []
    for quarter, kpis in kpis_by_quarter.items():
        awaited = kpis["rating"].eq(NotRated.AWAITED) & kpis["previous_rating"].eq(NotRated.AWAITED)
        adverse = kpis.loc[kpis["rag"].eq(Rag.RED) | awaited, "kpi_id"]
        items = highlights[(highlights["choice"] == HighlightChoice.INCLUDE) & (highlights["quarter"] == quarter)]
        said = items[["kpi_id"]].merge(
            commentary[commentary["quarter"] == quarter], on="kpi_id", how="left", validate="one_to_one"
        )
        is_full = pd.Series(True, index=said.index)
        for name in COMMENTARY:
            is_full &= said[name].notna() & said[name].ne("")
        is_told = said["narrative"].notna() & said["narrative"].ne("") & ~said["kpi_id"].isin(adverse)
        whole.append(is_full | is_told)
    return _share_of(pd.concat(whole)) if whole else share(0, 0)


def escalations_raised(escalations: pd.DataFrame, quarters: Sequence[Period]) -> Figure:
    """Return how many matters directorates escalated in some quarters."""
    return number(int(escalations["quarter"].isin([str(quarter) for quarter in quarters]).sum()))


def results_revised(results: pd.DataFrame, *, start: date, end: date) -> Figure:
    """Return how many of the results received from one day to another revised one already given.

    A revision has another value, numerator or denominator than the vintage before it; a provisional value that is confirmed
    is none. `results` is the record of the council's own area, with every vintage.
    """
    rows = results.sort_values(["kpi_id", "period", "vintage"], kind="stable")
    earlier = rows.groupby(["kpi_id", "period"], sort=False)[_FIGURES].shift()
    is_revision = (earlier.notna() & (rows[_FIGURES] != earlier)).any(axis="columns")
    is_received = rows["received_on"].between(pd.Timestamp(start), pd.Timestamp(end))
    return _share_of(is_revision[is_received])


def ratings_restated(restated: Sequence[pd.DataFrame]) -> Figure:
    """Return how many of the results restated in the quarters' reports (`Performance.restated`) changed their rating."""
    return share(int(sum(rows["is_rating_changed"].sum() for rows in restated)), sum(map(len, restated)))
