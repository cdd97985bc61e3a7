"""A financial year of the KPI list: outturns, ratings at its end against a year before, and what stood out.

Every rating is the one that the quarter's report showed: worked out by `performance.for_quarter` on the record as it stood at
that quarter's cut-off. Source: the reports' calendar (Annual Performance Report; annual review of a directorate).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from kpireport import periods
from kpireport.periods import Period
from kpireport.rules import counts, outturn, performance, target_setting
from kpireport.rules.performance import Performance
from kpireport.vocabulary import Basis, Direction, Kind, Rag, TargetState, YearMove

MOST = 5
"""How many KPIs are named as the year's largest improvements, and as its largest declines."""
_SEVERITY = {Rag.GREEN: 0, Rag.AMBER: 1, Rag.RED: 2}


@dataclass(frozen=True)
class YearReview:
    """The KPIs of one council over one financial year."""

    year: Period
    performance: Performance
    """As the report of the year's last quarter shows it."""
    kpis: pd.DataFrame
    """One row is one KPI on the list at the year's end: the columns of `Performance.kpis`, then what `for_year` adds."""
    previous: pd.DataFrame
    """`Performance.kpis` of the last quarter of the year before, with `target_state`."""
    left: pd.DataFrame
    """The rows of `previous` whose KPI is no longer on the list."""


def for_year(
    kpis: pd.DataFrame,
    targets: pd.DataFrame,
    results: pd.DataFrame,
    rounds: pd.DataFrame,
    changes: pd.DataFrame,
    *,
    year: Period,
    area: str,
    as_known_on: date | None = None,
    rebases: pd.DataFrame | None = None,
) -> YearReview:
    """Review a financial year on the results received by the cut-off of its last quarter, or by `as_known_on`.

    Returns
    -------
    YearReview
        `kpis` carries, beside the columns of `Performance.kpis`: those of `outturn.outturns` and `outturn.compare`;
        `rating_last_year` and `basis_last_year` ("" for a KPI that was not on the list then); `year_move`, a word of `YearMove`;
        `rating_q1` to `rating_q4` ("" while not on the list); `is_red_all_year`; `target_state`, a word of `TargetState`.
    """
    first = periods.quarter(year.start.year, 1)

    def rated(quarter: Period, day: date | None) -> Performance:
        return performance.for_quarter(
            kpis, targets, results, rounds, quarter=quarter, area=area, as_known_on=day, rebases=rebases, changes=changes
        )

    final = rated(first.shift(9), as_known_on)

    def reported(quarter: Period) -> pd.DataFrame:
        """Return a quarter as its own report showed it, which never knows more than the year's."""
        own = rated(quarter, None)
        is_later = final.known_on is not None and (own.known_on is None or own.known_on > final.known_on)
        return (rated(quarter, final.known_on) if is_later else own).kpis

    before = reported(first.shift(-3))
    before = before.assign(target_state=target_setting.target_states(before))
    quarters = [*(reported(first.shift(months)) for months in (0, 3, 6)), final.kpis]
    listed = final.kpis
    now = outturn.outturns(listed, final.history, year=year)
    joined = listed.join(now).join(outturn.compare(listed, now, final.history, year=year)).join(_since(listed, before))
    for number, frame in enumerate(quarters, start=1):
        joined = joined.assign(**{f"rating_q{number}": _mapped(listed, frame, "rating")})
    joined = joined.assign(
        is_red_all_year=(joined[[f"rating_q{number}" for number in (1, 2, 3, 4)]] == Rag.RED).all(axis="columns"),
        target_state=target_setting.target_states(listed),
    )
    return YearReview(year, final, joined, before, before[~before["kpi_id"].isin(listed["kpi_id"])].reset_index(drop=True))


@dataclass(frozen=True)
class YearSummary:
    """A year's review with what is told of it."""

    review: YearReview
    counts_by_year: pd.DataFrame
    """One row is one year's end (column `year`: the year before, then the year), basis and rating."""
    improvements: pd.DataFrame
    declines: pd.DataFrame
    """One row is one of the year's largest changes for the better, or for the worse."""


def summarise(review: YearReview) -> YearSummary:
    """Return the review with its counts at the end of both years and its largest changes."""
    return YearSummary(review, count_by_year(review), improvements(review), declines(review))


def of_kpis(review: YearReview, kpi_ids: Iterable[str]) -> YearReview:
    """Return the review of some of the KPIs only, such as one directorate's."""
    wanted = set(kpi_ids)

    def only(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["kpi_id"].isin(wanted)].reset_index(drop=True)

    return replace(
        review,
        performance=performance.of_kpis(review.performance, wanted),
        kpis=only(review.kpis),
        previous=only(review.previous),
        left=only(review.left),
    )


def _mapped(kpis: pd.DataFrame, frame: pd.DataFrame, column: str) -> pd.Series:
    return kpis["kpi_id"].map(frame.set_index("kpi_id")[column]).fillna("").astype("str")


def _since(kpis: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return `rating_last_year`, `basis_last_year` and `year_move` of each KPI."""
    rating, basis = _mapped(kpis, before, "rating"), _mapped(kpis, before, "basis")
    now, then = kpis["rag"].map(_SEVERITY).astype(float), rating.map(_SEVERITY).astype(float)
    move = np.select(
        [
            rating == "",
            now.isna() & then.isna(),
            now.isna(),
            then.isna(),
            kpis["basis"] != basis,
            now > then,
            now < then,
        ],
        [
            YearMove.JOINED,
            YearMove.NOT_RATED,
            YearMove.NO_LONGER_RATED,
            YearMove.NEWLY_RATED,
            YearMove.OTHER_BASIS,
            YearMove.WORSE,
            YearMove.BETTER,
        ],
        YearMove.SAME,
    )
    return pd.DataFrame(
        {"rating_last_year": rating, "basis_last_year": basis, "year_move": pd.Series(move, index=kpis.index, dtype="str")}
    )


def count_by_year(review: YearReview) -> pd.DataFrame:
    """Return the ratings at the end of the year before and of the year, as `counts.count_ratings` by `year`."""
    ends = [(review.year.same_last_year(), review.previous), (review.year, review.kpis)]
    both = [frame[["rating", "basis"]].assign(year=str(year)) for year, frame in ends]
    return counts.count_ratings(pd.concat(both, ignore_index=True), by="year")


def count_moves(review: YearReview) -> pd.DataFrame:
    """Return how ratings moved over the year: one row is one basis, rating a year earlier and rating now, with `count`.

    Only KPIs rated at both ends on the same basis are counted, every pair of ratings in order, those that do not occur included.
    """
    both = review.kpis[review.kpis["year_move"].isin([YearMove.BETTER, YearMove.SAME, YearMove.WORSE])]
    pairs = pd.MultiIndex.from_product(
        [[Basis.TARGET, Basis.DIRECTIONAL], list(Rag), list(Rag)], names=["basis", "rating_last_year", "rating"]
    )
    return both.groupby(pairs.names).size().reindex(pairs, fill_value=0).rename("count").reset_index()


def improvements(review: YearReview) -> pd.DataFrame:
    """Return the year's largest improvements, in proportion to the figure a year before: `MOST` rows of `kpis`, largest first.

    Trackers are left out, and figures of periods that ended before the year.
    """
    return _largest(review.kpis, Direction.IMPROVING)


def declines(review: YearReview) -> pd.DataFrame:
    """Return the year's largest changes for the worse, likewise."""
    return _largest(review.kpis, Direction.WORSENING)


def _largest(kpis: pd.DataFrame, way: Direction) -> pd.DataFrame:
    is_change = kpis["is_news"] & kpis["year_direction"].eq(way) & kpis["year_change_share"].notna()
    rows = kpis[is_change & kpis["kind"].eq(Kind.KPI)]
    return rows.sort_values(["year_change_share", "kpi_id"], ascending=[False, True]).head(MOST).reset_index(drop=True)


def count_by_pillar(kpis: pd.DataFrame) -> pd.DataFrame:
    """Return the KPIs once for each pillar that they serve, with `pillar`; a KPI that serves none is left out."""
    rows = kpis.assign(pillar=kpis["pillars"].str.split("; ")).explode("pillar", ignore_index=True)
    return rows[rows["pillar"] != ""].reset_index(drop=True)


def target_progress(review: YearReview) -> pd.DataFrame:
    """Return target setting now against a year earlier: one row is one directorate, then the whole (`directorate` "").

    Columns: those of `target_setting.count_target_states`, and the same with the ending `_last_year`.
    """
    now = target_setting.count_target_states(review.kpis["target_state"], review.kpis["directorate"])
    then = target_setting.count_target_states(review.previous["target_state"], review.previous["directorate"])
    order = [*dict.fromkeys([*now.index[:-1], *then.index[:-1]]), ""]
    both = now.reindex(order).join(then.reindex(order).add_suffix("_last_year"))
    return both.fillna(0).astype(int).rename_axis("directorate").reset_index()


def newly_specific(review: YearReview) -> pd.DataFrame:
    """Return the KPIs whose target or tolerance was set in the year: rows of `kpis`, with `target_state_last_year`."""
    order = {state: place for place, state in enumerate(reversed(TargetState))}
    earlier = review.kpis["kpi_id"].map(review.previous.set_index("kpi_id")["target_state"])
    rows = review.kpis.assign(target_state_last_year=earlier)
    further = rows["target_state"].map(order) > rows["target_state_last_year"].map(order)
    was_kpi = rows["target_state_last_year"].notna() & (rows["target_state_last_year"] != TargetState.TRACKER)
    return rows[further & was_kpi].reset_index(drop=True)
