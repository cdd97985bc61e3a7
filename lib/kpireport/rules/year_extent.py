"""How much of a year's long lists the Annual Performance Report and a pack's annual review print; see `extent`."""

from dataclasses import dataclass

import pandas as pd

from kpireport.rules import extent
from kpireport.rules.year_review import YearReview
from kpireport.vocabulary import Rag, YearMove


@dataclass(frozen=True)
class YearPrinted:
    """What a report on a year prints of its lists. Where a list is whole, it is the very list of the report."""

    is_whole: bool
    """Whether every KPI is in the table of outturns."""
    kpis: pd.DataFrame
    """One row is one KPI in the table of outturns."""
    worse: pd.DataFrame
    better: pd.DataFrame
    """One row is one KPI with a worse, or a better, rating than a year earlier."""
    red_all_year: pd.DataFrame
    """One row is one KPI that was red in all four quarters."""
    red_by_pillar: pd.DataFrame
    """One row is one pillar and KPI that is red at the end of the year."""
    newly_specific: pd.DataFrame
    list_changes: pd.DataFrame
    defined: pd.DataFrame
    """One row is one KPI that any of these lists prints: the report says what it measures."""


def of_year(
    review: YearReview, *, by: str, by_pillar: pd.DataFrame, newly_specific: pd.DataFrame, list_changes: pd.DataFrame
) -> YearPrinted:
    """Return what is printed of a year: of very many KPIs those that need attention most, an even share of each group.

    Most pressing is what was red in all four quarters, then as `extent.attention` has it at the end of the year. `by` is the
    column by which the table of outturns is grouped.
    """
    kpis = review.kpis
    number = len(kpis)
    ranked = extent.attention(kpis, chosen=set(kpis.loc[kpis["is_red_all_year"], "kpi_id"]))
    red = by_pillar[by_pillar["rag"] == Rag.RED]
    place = extent.places(red, ranked)
    is_kept = place.groupby(red["pillar"]).rank(method="first") <= (extent.LINES if number > extent.WHOLE else len(red))

    def moved(move: YearMove) -> pd.DataFrame:
        rows = kpis[kpis["year_move"] == move]
        return extent.lines(rows, of=number, by=extent.places(rows, ranked))

    all_year = kpis[kpis["is_red_all_year"]]
    is_whole = number <= extent.WHOLE
    lists = {
        "kpis": kpis if is_whole else extent.spread(ranked, extent.WHOLE, by=by),
        "worse": moved(YearMove.WORSE),
        "better": moved(YearMove.BETTER),
        "red_all_year": extent.lines(all_year, of=number, by=extent.places(all_year, ranked)),
        "red_by_pillar": red[is_kept],
        "newly_specific": extent.lines(newly_specific, of=number),
        "list_changes": extent.lines(list_changes, of=number),
    }
    return YearPrinted(is_whole=is_whole, defined=kpis if is_whole else extent.defined(kpis, lists.values()), **lists)
