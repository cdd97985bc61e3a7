"""A quarter's performance: every KPI on the list with the result it can show, its rating, and what moved since last quarter."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from kpireport.errors import DataError
from kpireport.periods import Period
from kpireport.rules import availability, definitions, rating, recent_trend, revisions, significance, variation
from kpireport.rules.assessment import KPI_TERMS, assess
from kpireport.rules.record import Record
from kpireport.rules.targets import with_targets
from kpireport.vocabulary import Basis, NotRated, Rag

ORIGIN = ("source_file", "source_sheet", "source_cell", "source_sha256")
"""Where a result was taken from: a file, its SHA-256, and a cell of it."""
_SHOWN = [
    "period",
    "period_end",
    "value",
    "numerator",
    "denominator",
    "absence",
    "maturity",
    "vintage",
    "received_on",
    "producer",
    *ORIGIN,
    "note",
    "is_revised",
    "expected_period",
    "is_latest_expected",
    "state",
]
_HISTORY = [
    "kpi_id",
    "period",
    "period_end",
    "value",
    "numerator",
    "denominator",
    "absence",
    "maturity",
    "is_revised",
    "target",
    "upper",
    "producer",
]
_SEVERITY = {Rag.GREEN: 0, Rag.AMBER: 1, Rag.RED: 2}


@dataclass(frozen=True)
class Performance:
    """The KPIs of one council as one quarter's report shows them."""

    quarter: Period
    previous_quarter: Period
    known_on: date | None
    """The last day whose results are used; None means the whole record."""
    kpis: pd.DataFrame
    """One row is one KPI on the list in the quarter: the columns of its Supporting Information, then what `for_quarter` adds."""
    restated: pd.DataFrame
    """One row is one result revised since the previous quarter's report (see `revisions.restated`)."""
    received_late: pd.DataFrame
    """One row is one result that had fallen due, was received after `known_on`, and is not used."""
    history: pd.DataFrame
    """One row is one KPI and period of the council's own results, in order of KPI and period, each with its target."""


def for_quarter(
    kpis: pd.DataFrame,
    targets: pd.DataFrame,
    results: pd.DataFrame,
    rounds: pd.DataFrame,
    *,
    quarter: Period,
    area: str,
    as_known_on: date | None = None,
    rebases: pd.DataFrame | None = None,
    changes: pd.DataFrame | None = None,
) -> Performance:
    """Rate every KPI on the list in a quarter, on the results received by the round's cut-off.

    Parameters
    ----------
    kpis, targets, results, rounds
        The tables of the register, as `schemas` describes them.
    area
        GSS code of the council's own area; its results for everyone are the KPIs' results.
    as_known_on
        Last day of which the report knows, instead of the round's cut-off. Without either the whole record is used.
    rebases
        Declared changes of process (the rebases table), at which the limits of variation begin again.
    changes
        Changes to the KPI list (the kpi_changes table). With it each quarter is rated by the definitions and targets of its day,
        as agreed by the last day of which its report knows; without it, by those of today.

    Returns
    -------
    Performance
        `kpis` carries, beside the Supporting Information: the latest available result (`period`, `period_end`, `value`,
        `numerator`, `denominator`, `absence`, `maturity`, `vintage`, `received_on`, `producer`, `note`, `is_revised`), which may
        be older than the one expected; `expected_period`, `is_latest_expected` and `is_new`; `target`, `upper` and the columns
        of `rating.rate`; `rating`, which is red, amber or green only when the expected result is in; `rag`, the same or "";
        `comparator_period`, `comparator_value`, `change` and `direction` of the result shown; `previous_rating`,
        `previous_basis` and `rating_move` against the previous quarter's report; and what the whole series says: the columns of
        `variation.add_variation`, `recent_trend.add_recent_trend` and `significance.add_change_significance`.

    Raises
    ------
    DataError
        When a tolerance is a percentage of a target of 0, or of a series that changes sign.

    Notes
    -----
    The previous quarter's report is worked out again as the record stood at its own cut-off, by the definitions of that quarter.
    What was restated is rated by the definitions of this one, so that only the revision tells. What of the list is dated and what
    is not, `definitions` says.
    """
    previous_quarter = quarter.previous()
    known_on, previous_known_on = cut_offs(rounds, quarter, as_known_on)
    own = availability.of_council(results[results["kpi_id"].isin(kpis["kpi_id"])], area)
    own = own[own["period_end"] <= pd.Timestamp(quarter.end)]
    now, before = (availability.as_known(own, day, key=["kpi_id", "period"]) for day in (known_on, previous_known_on))
    listed, aims = _list_of(kpis, targets, changes, quarter, known_on)
    listed_before, aims_before = _list_of(kpis, targets, changes, previous_quarter, previous_known_on)
    if faults := rating.check_percent_tolerances(listed, aims, now):
        raise DataError(faults)
    previous = _shown(listed_before, aims_before, before, previous_quarter)
    shown = _with_moves(_shown(listed, aims, now, quarter), previous)
    history = _history(listed, aims, now)
    return Performance(
        quarter=quarter,
        previous_quarter=previous_quarter,
        known_on=known_on,
        kpis=_with_series(shown, history, rebases),
        restated=revisions.restated(listed, aims, before, now),
        received_late=_received_late(shown, own, known_on),
        history=history,
    )


def of_kpis(performance: Performance, kpi_ids: Iterable[str]) -> Performance:
    """Return the performance of some of the KPIs only, such as one directorate's."""
    wanted = set(kpi_ids)

    def only(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["kpi_id"].isin(wanted)].reset_index(drop=True)

    return replace(
        performance,
        kpis=only(performance.kpis),
        restated=only(performance.restated),
        received_late=only(performance.received_late),
        history=only(performance.history),
    )


def reported(
    record: Record, *, quarter: Period, area: str, comparators: tuple[str, ...], as_known_on: date | None = None
) -> Performance:
    """Return a quarter of the register as its reports show it: every KPI rated, and set beside the country."""
    rated = for_quarter(
        record.kpis,
        record.targets,
        record.results,
        record.rounds,
        quarter=quarter,
        area=area,
        as_known_on=as_known_on,
        rebases=record.rebases,
        changes=record.kpi_changes,
    )
    return with_benchmark(rated, record.benchmarks, record.comparator_sets, record.areas, area=area, comparators=comparators)


def defined(record: Record, *, quarter: Period, as_known_on: date | None = None) -> pd.DataFrame:
    """Return every KPI of the register, on the list or not, as the reports of a quarter define it."""
    known_on, _ = cut_offs(record.rounds, quarter, as_known_on)
    return definitions.as_at(record.kpis, record.targets, record.kpi_changes, quarter=quarter, known_on=known_on)[0]


def with_benchmark(
    performance: Performance,
    benchmarks: pd.DataFrame,
    comparator_sets: pd.DataFrame,
    areas: pd.DataFrame,
    *,
    area: str,
    comparators: tuple[str, ...],
) -> Performance:
    """Return the performance with how each KPI stands to the country, in the columns of `significance.add_significance`.

    Significance is judged against the first area of the last of `comparators`, such as England; `benchmark_name` is its name,
    "" where there is none.
    """
    members = comparator_sets.loc[comparator_sets["comparator_set"].isin(comparators[-1:]), "area"]
    against = str(members.iloc[0]) if len(members) else ""
    names = areas.loc[areas["area"] == against, "area_name"]
    told = significance.add_significance(performance.kpis, benchmarks, area=area, against=against)
    return replace(performance, kpis=performance.kpis.join(told).assign(benchmark_name=str(names.iloc[0]) if len(names) else ""))


def cut_offs(rounds: pd.DataFrame, quarter: Period, as_known_on: date | None = None) -> tuple[date | None, date | None]:
    """Return the last day whose results a quarter's report uses, and that of the report before; None is the whole record."""
    known_on = as_known_on or _cut_off(rounds, quarter)
    return known_on, min((day for day in (_cut_off(rounds, quarter.previous()), known_on) if day), default=None)


def _cut_off(rounds: pd.DataFrame, quarter: Period) -> date | None:
    days = rounds.loc[rounds["quarter"] == str(quarter), "cut_off_on"].dropna()
    return None if days.empty else pd.Timestamp(days.iloc[0]).date()


def _list_of(
    kpis: pd.DataFrame, targets: pd.DataFrame, changes: pd.DataFrame | None, quarter: Period, known_on: date | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the KPIs on the list in a quarter, and the targets, as they were defined then."""
    if changes is not None:
        kpis, targets = definitions.as_at(kpis, targets, changes, quarter=quarter, known_on=known_on)
    return _on_list(kpis, quarter), targets


def _on_list(kpis: pd.DataFrame, quarter: Period) -> pd.DataFrame:
    day = pd.Timestamp(quarter.end)
    joined, left = availability.period_days(kpis["introduced"]), availability.period_days(kpis["retired"])
    return kpis[(joined <= day) & ~(left <= day)].reset_index(drop=True)


def _shown(kpis: pd.DataFrame, targets: pd.DataFrame, known: pd.DataFrame, quarter: Period) -> pd.DataFrame:
    """Return one quarter's KPIs with the result that each shows and its rating, without what moved."""
    rows = kpis.join(availability.latest(kpis, known, quarter)[_SHOWN])
    # A KPI that shows no result shows the target of the period it owes, or else of the quarter.
    owed_end = availability.period_days(rows["expected_period"]).fillna(pd.Timestamp(quarter.end))
    aimed = rows.assign(period_end=rows["period_end"].fillna(owed_end))
    assessed = assess(aimed, targets, known).assign(period_end=rows["period_end"])
    is_rated = (assessed["state"] == "") & (assessed["rag"] != "")
    unrated = assessed["state"].where(assessed["state"] != "", NotRated.NOT_RATED.value)
    blank = {"rag": "", "unrounded_rag": "", "basis": Basis.NONE.value, "is_tolerance_missing": False}
    kept = {name: assessed[name].where(is_rated, other) for name, other in blank.items()}
    gaps = {name: assessed[name].where(is_rated) for name in ("gap_to_target", "gap_in_tolerances")}
    return assessed.assign(rating=assessed["rag"].where(is_rated, unrated), **kept, **gaps).drop(columns="state")


def _with_moves(shown: pd.DataFrame, previous: pd.DataFrame) -> pd.DataFrame:
    """Return the KPIs with `is_new`, `previous_rating`, `previous_basis` and `rating_move`.

    `newly_red`: red, and on the last list with any other rating or none. `first_reported`: not on the last list. `newly_rated`:
    amber or green, and last time not rated or rated on another basis. `same`, `better`, `worse`: rated both times on one basis.
    """
    earlier = previous[["kpi_id", "rating", "basis", "period"]].rename(
        columns={"rating": "previous_rating", "basis": "previous_basis", "period": "previous_period"}
    )
    both = shown.merge(earlier, on="kpi_id", how="left", validate="one_to_one")
    both = both.assign(**{name: both[name].fillna("") for name in earlier.columns})
    now, then = both["rag"].map(_SEVERITY), both["previous_rating"].map(_SEVERITY)
    rated_now, rated_then = now.notna(), then.notna()
    move = np.select(
        [
            both["previous_rating"] == "",
            (both["rag"] == Rag.RED) & (both["previous_rating"] != Rag.RED),
            rated_now & (~rated_then | (both["basis"] != both["previous_basis"])),
            ~rated_now & rated_then,
            ~rated_now,
            now > then,
            now < then,
        ],
        ["first_reported", "newly_red", "newly_rated", "no_longer_rated", "", "worse", "better"],
        "same",
    )
    return both.assign(
        is_new=both["value"].notna() & (both["period"] != both["previous_period"]),
        rating_move=pd.Series(move, index=both.index, dtype="str"),
    ).drop(columns="previous_period")


def _with_series(shown: pd.DataFrame, history: pd.DataFrame, rebases: pd.DataFrame | None) -> pd.DataFrame:
    """Return the KPIs with what their series say: variation and assurance, recent trend, and whether the change is chance."""
    declared = None if rebases is None else rebases[rebases["kpi_id"].isin(shown["kpi_id"])]
    charted, trend = variation.add_variation(shown, history, declared), recent_trend.add_recent_trend(shown, history)
    return shown.join(charted).join(trend).join(significance.add_change_significance(shown, history))


def _received_late(shown: pd.DataFrame, own: pd.DataFrame, known_on: date | None) -> pd.DataFrame:
    """Return the first vintages that came after the cut-off although their period had fallen due by the quarter's end."""
    late = own.iloc[:0] if known_on is None else own[(own["received_on"] > pd.Timestamp(known_on)) & (own["vintage"] == 1)]
    columns = ["kpi_id", "kpi_name", "directorate", "unit", "decimals", "period", "value", "absence", "vintage", "received_on"]
    named = late.merge(
        shown[["kpi_id", "kpi_name", "directorate", "unit", "decimals", "expected_period"]],
        on="kpi_id",
        how="inner",
        validate="many_to_one",
    )
    was_due = named["period_end"] <= availability.period_days(named["expected_period"])
    return named.loc[was_due, columns].reset_index(drop=True)


def _history(kpis: pd.DataFrame, targets: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    rows = known.merge(kpis[["kpi_id", *KPI_TERMS]], on="kpi_id", how="inner", validate="many_to_one")
    return with_targets(rows, targets)[_HISTORY].reset_index(drop=True)
