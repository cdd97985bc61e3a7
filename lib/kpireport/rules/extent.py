"""How much of a long list a report prints: the whole of a short one; of a long one, what needs attention most.

Some hundreds of lines are read; ten thousand are not, and stand in the files beside a report. What is printed is decided here and
nowhere else, so that a report and its files cannot disagree about what is left out.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from kpireport.errors import Finding
from kpireport.rules.highlight_items import Highlight
from kpireport.rules.performance import Performance
from kpireport.vocabulary import Direction, NotRated, Rag

WHOLE = 250
"""KPIs of which a report prints a whole scorecard, some 25 landscape pages; a report on more prints as many of them."""
LINES = 50
"""Lines of every other list in a report on more KPIs than that, or of a list that is itself longer."""
ITEMS = 50
"""KPIs that a report takes one by one, each under a heading of its own, perhaps with charts."""


@dataclass(frozen=True)
class Printed:
    """What a quarterly report prints of its lists. Where a list is whole, it is the very list of the report."""

    is_whole: bool
    """Whether every KPI is in the scorecard."""
    kpis: pd.DataFrame
    """One row is one KPI of the scorecard, the most pressing first where it is not whole."""
    attention: pd.DataFrame
    """One row is one directorate: how many of its KPIs need attention and why, and how many are printed (`counts`)."""
    risks: pd.DataFrame
    awaited: pd.DataFrame
    restated: pd.DataFrame
    received_late: pd.DataFrame
    list_changes: pd.DataFrame
    reviews_due: pd.DataFrame
    targets_missing: pd.DataFrame
    good_news: pd.DataFrame
    """One row is one KPI that goes well."""
    going_well: int
    """How many go well, printed or not."""
    red: pd.DataFrame
    """One row is one red KPI."""
    defined: pd.DataFrame
    """One row is one KPI that any of these lists prints, or a highlight item: the report says what it measures."""
    contacts: pd.DataFrame
    """One row is one `accountable_officer` with `key_contacts`, and `number`, how many KPIs they have; most KPIs first."""
    warnings: tuple[Finding, ...]


class Lists(Protocol):
    """The lists of a quarterly report, whole."""

    @property
    def performance(self) -> Performance:
        """The report's KPIs, rated."""

    @property
    def directorates(self) -> pd.DataFrame:
        """One row is one directorate, in order."""

    @property
    def highlights(self) -> tuple[Highlight, ...]:
        """The team's highlight items."""

    @property
    def risks(self) -> pd.DataFrame:
        """One row is one key risk indicator."""

    @property
    def awaited(self) -> pd.DataFrame:
        """One row is one KPI whose result is due and missing."""

    @property
    def restated(self) -> pd.DataFrame:
        """One row is one revised result."""

    @property
    def received_late(self) -> pd.DataFrame:
        """One row is one result that came after the cut-off."""

    @property
    def list_changes(self) -> pd.DataFrame:
        """One row is one change to the KPI list."""

    @property
    def reviews_due(self) -> pd.DataFrame:
        """One row is one KPI whose definition is past the day of its review."""

    @property
    def targets_missing(self) -> pd.DataFrame:
        """One row is one KPI without a specific target."""

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What the data raises as questions."""


def of_quarter(report: Lists) -> Printed:
    """Return what a quarterly report prints of its lists.

    Of a long list the lines whose KPIs need attention most are printed; of awaited returns those awaited twice running, and of
    restated results those whose rating changed.
    """
    kpis = report.performance.kpis
    ranked = attention(kpis, chosen={str(item.kpi["kpi_id"]) for item in report.highlights})
    is_whole = len(kpis) <= WHOLE
    scorecard = kpis if is_whole else spread(ranked, WHOLE, by="directorate")
    good, red = kpis[_goes_well(kpis)], kpis[kpis["rag"] == Rag.RED]

    def first(rows: pd.DataFrame, by: "pd.Series[Any] | None" = None) -> pd.DataFrame:
        return lines(rows, of=len(kpis), by=by)

    lists = {
        "risks": first(report.risks, places(report.risks, ranked)),
        "awaited": first(report.awaited, ~report.awaited["is_awaited_twice"].astype(bool)),
        "restated": first(report.restated, ~report.restated["is_rating_changed"].astype(bool)),
        "received_late": first(report.received_late),
        "list_changes": first(report.list_changes),
        "reviews_due": first(report.reviews_due),
        "targets_missing": first(report.targets_missing),
        "good_news": first(good, good["rating_move"] != "better"),
        "red": red if is_whole else ranked[ranked["rag"] == Rag.RED].head(ITEMS),
    }
    return Printed(
        is_whole=is_whole,
        kpis=scorecard,
        attention=counts(kpis, ranked, scorecard, report.directorates),
        going_well=len(good),
        defined=kpis if is_whole else defined(kpis, [scorecard, *lists.values()], report.highlights),
        contacts=_contacts(kpis),
        warnings=report.warnings[: LINES if max(len(kpis), len(report.warnings)) > WHOLE else None],
        **lists,
    )


def defined(kpis: pd.DataFrame, lists: Iterable[pd.DataFrame], highlights: Iterable[Highlight] = ()) -> pd.DataFrame:
    """Return the KPIs that any of `lists` or `highlights` prints, in the order of the register."""
    ids = {kpi_id for rows in lists for kpi_id in rows["kpi_id"]} | {str(item.kpi["kpi_id"]) for item in highlights}
    return kpis[kpis["kpi_id"].isin(list(ids))]


def attention(kpis: pd.DataFrame, *, chosen: Collection[str]) -> pd.DataFrame:
    """Return the KPIs that need attention, the most pressing first: one row is one KPI.

    First those `chosen`, then what is newly red (or red when first reported), then what else is red, then what slipped from
    green to amber, then what has been awaited twice running, then what is awaited. Among each the largest gap to target in
    tolerances comes first.
    """
    is_red, is_awaited = kpis["rag"] == Rag.RED, kpis["rating"] == NotRated.AWAITED
    pressing = [
        kpis["kpi_id"].isin(list(chosen)),
        is_red & kpis["rating_move"].isin(["newly_red", "first_reported"]),
        is_red,
        kpis["rating_move"] == "worse",
        is_awaited & (kpis["previous_rating"] == NotRated.AWAITED),
        is_awaited,
    ]
    place = np.select(pressing, range(len(pressing)), len(pressing))
    rows = kpis.assign(place=place)[place < len(pressing)]
    return rows.sort_values(["place", "gap_in_tolerances", "kpi_id"]).drop(columns="place")


def taken(kpis: pd.DataFrame, ranked: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the KPIs in the order of their list, or of more than `most` the first so many of `ranked`."""
    return kpis if len(kpis) <= most else kpis[kpis["kpi_id"].isin(ranked["kpi_id"].head(most))]


def spread(ranked: pd.DataFrame, most: int, *, by: str) -> pd.DataFrame:
    """Return `most` rows of `ranked`, in its order: an even share of each group first, then the best placed of the others.

    Thus a directorate with few KPIs that need attention sees its own among those of one with many.
    """
    share = most // max(ranked[by].nunique(), 1)
    is_over = ranked.groupby(by, sort=False).cumcount() >= share
    kept = is_over.sort_values(kind="stable").index[:most]
    return ranked[ranked.index.isin(kept)]


def lines(rows: pd.DataFrame, *, of: int, by: "pd.Series[Any] | None" = None) -> pd.DataFrame:
    """Return a list, or the first `LINES` of a long one by the sort key `by` (its own order otherwise), in its own order.

    `of` is the number of KPIs that the report is about.
    """
    if max(of, len(rows)) <= WHOLE or len(rows) <= LINES:
        return rows
    place = np.zeros(len(rows)) if by is None else by.to_numpy(dtype=float)
    return rows.iloc[np.sort(np.argsort(place, kind="stable")[:LINES])]


def _goes_well(kpis: pd.DataFrame) -> "pd.Series[bool]":
    """Return which KPIs go well: their rating has become better, or they are green and improve."""
    is_better: pd.Series[bool] = kpis["rating_move"] == "better"
    return is_better | ((kpis["rag"] == Rag.GREEN) & (kpis["direction"] == Direction.IMPROVING))


def counts(kpis: pd.DataFrame, ranked: pd.DataFrame, printed: pd.DataFrame, directorates: pd.DataFrame) -> pd.DataFrame:
    """Return how many KPIs need attention and why: one row is one directorate that has KPIs, in the order of the table.

    Columns: `directorate`, `directorate_name`, `on_list`, `red`, `newly_red`, `slipped` (from green to amber), `awaited`,
    `needing` (any of these, or a highlight item) and `printed`.
    """
    is_red = kpis["rag"] == Rag.RED
    told = {
        "on_list": kpis["kpi_id"].notna(),
        "red": is_red,
        "newly_red": is_red & kpis["rating_move"].isin(["newly_red", "first_reported"]),
        "slipped": kpis["rating_move"] == "worse",
        "awaited": kpis["rating"] == NotRated.AWAITED,
        "needing": kpis["kpi_id"].isin(ranked["kpi_id"]),
        "printed": kpis["kpi_id"].isin(printed["kpi_id"]),
    }
    number = pd.DataFrame(told).groupby(kpis["directorate"]).sum().astype(int)
    named = directorates[["directorate", "directorate_name"]]
    return named.merge(number, left_on="directorate", right_index=True, how="inner", validate="one_to_one")


def places(rows: pd.DataFrame, ranked: pd.DataFrame) -> "pd.Series[Any]":
    """Return the place of each row's KPI among those that need attention; the others come after them."""
    place = pd.Series(np.arange(len(ranked)), index=ranked["kpi_id"])
    return rows["kpi_id"].map(place).fillna(len(ranked))


def _contacts(kpis: pd.DataFrame) -> pd.DataFrame:
    who = ["accountable_officer", "key_contacts"]
    number = kpis.groupby(who, as_index=False).size().rename(columns={"size": "number"})
    return number.sort_values(["number", *who], ascending=[False, True, True], ignore_index=True).head(LINES)
