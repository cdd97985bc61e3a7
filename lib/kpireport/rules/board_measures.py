"""What a board reads of its KPIs: each once, under the board's headings, with as much history and comparison as it wants."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import pandas as pd

from kpireport.rules import availability, counts, extent, highlight_items, oversight
from kpireport.rules.highlight_items import Highlight
from kpireport.rules.performance import Performance
from kpireport.rules.quarter_report import QuarterReport
from kpireport.rules.record import Record
from kpireport.vocabulary import ILLUSTRATIVE, BoardOrder, BoardPart


@dataclass(frozen=True)
class BoardChoice:
    """How a board wants its report."""

    order_by: BoardOrder = BoardOrder.DIRECTORATE
    """What groups its KPIs."""
    history_years: int = 10
    """Years of history that charts show, up to the quarter reported on."""
    shows: frozenset[BoardPart] = frozenset(BoardPart)
    """What is shown of each KPI beside its latest result."""
    own_wards: frozenset[str] = frozenset()
    """Wards that its pictures make stand out."""


@dataclass(frozen=True)
class Group:
    """The KPIs that stand together under one heading of the report."""

    code: str
    name: str
    kpis: pd.DataFrame
    """One row is one KPI."""
    printed: pd.DataFrame
    """Those in the report's table of results: all but for a board of very many."""
    items: tuple[Highlight, ...]
    """Those that the report takes one by one, each with its history, benchmarks, wards and groups of people; so too."""


@dataclass(frozen=True)
class BoardMeasures:
    """The KPIs of one board in one quarter."""

    choice: BoardChoice
    performance: Performance
    """Only the board's KPIs; a public edition's without hidden figures and contacts."""
    counts: pd.DataFrame
    """One row is one basis and rating, with `count` and the denominator `of`."""
    groups: tuple[Group, ...]
    """Every KPI once, in the board's order."""
    highlights: tuple[Highlight, ...]
    """The team's highlight items among them, in order of rank."""
    comparators: pd.DataFrame
    """One row is one other area of one comparator set, in the council's order: `comparator_set_name`, `area_name`."""
    list_changes: pd.DataFrame
    """One row is one change to one of the board's KPIs in this quarter or the one before, as its report knows it."""
    changes_printed: pd.DataFrame
    """Those changes that the report lists."""
    defined: pd.DataFrame
    """One row is one KPI whose definition the report prints."""
    with_hidden_figures: frozenset[str]
    """KPIs of which a figure is hidden, in any area, group or period."""
    without_commentary: frozenset[str]
    """KPIs whose commentary a public edition leaves out, because it might tell what is hidden."""
    illustrative: int
    """How many of the KPIs have a sample value that no producer published."""


def assemble(
    told: QuarterReport,
    record: Record,
    *,
    commentary: pd.DataFrame,
    choice: BoardChoice,
    area: str,
    comparators: tuple[str, ...],
    kpi_ids: Collection[str],
) -> BoardMeasures:
    """Return the KPIs of `told` as the board wants them.

    Parameters
    ----------
    commentary
        `told.commentary`, its placeholders filled.
    area, comparators
        The council's own area, and its comparator sets in order (council.yaml).
    kpi_ids
        The board's KPIs, those that have left the list too.
    """
    why = told.candidates.set_index("kpi_id")["reasons"]
    kpis = told.performance.kpis
    ranked = extent.attention(kpis, chosen=set(told.chosen["kpi_id"]))
    one_by_one = extent.taken(kpis, ranked, max(extent.ITEMS, len(told.chosen)))
    printed = extent.taken(kpis, ranked, extent.WHOLE)
    changes = _list_changes(told.performance, record, kpi_ids)
    items = highlight_items.assemble(
        one_by_one[["kpi_id"]].assign(reasons=one_by_one["kpi_id"].map(why).fillna(""), is_adverse=False),
        told.performance,
        record,
        breakdowns=told.breakdowns,
        commentary=commentary,
        area=area,
        comparators=comparators,
    )
    since = pd.Timestamp(told.performance.quarter.end) - pd.DateOffset(years=choice.history_years)
    by_id = {str(item.kpi["kpi_id"]): _since(item, since) for item in items}
    return BoardMeasures(
        choice=choice,
        performance=told.performance,
        counts=counts.count_ratings(kpis),
        groups=_groups(kpis, printed, by_id, choice.order_by, record),
        highlights=tuple(by_id[kpi_id] for kpi_id in told.chosen["kpi_id"]),
        comparators=_comparators(record, area, comparators),
        list_changes=changes,
        changes_printed=extent.lines(changes, of=len(kpis)),
        defined=printed,
        with_hidden_figures=told.with_hidden_figures,
        without_commentary=told.without_commentary,
        illustrative=int(kpis["producer"].eq(ILLUSTRATIVE).sum()),
    )


def _comparators(record: Record, area: str, comparators: tuple[str, ...]) -> pd.DataFrame:
    """Return the areas of the comparator sets that the council shows, itself apart."""
    order = {code: place for place, code in enumerate(comparators)}
    sets = record.comparator_sets[record.comparator_sets["comparator_set"].isin(list(order))]
    named = sets.merge(record.areas[["area", "area_name"]], on="area", how="left", validate="many_to_one")
    others = named[named["area"] != area].sort_values("comparator_set", key=lambda codes: codes.map(order), kind="stable")
    return others[["comparator_set_name", "area_name"]].reset_index(drop=True)


def _list_changes(performance: Performance, record: Record, kpi_ids: Collection[str]) -> pd.DataFrame:
    """Return what changed in the half-year, for boards meet on performance every second quarter."""
    changes = record.kpi_changes[record.kpi_changes["kpi_id"].isin(list(kpi_ids))]
    if performance.known_on is not None:
        changes = changes[changes["agreed_on"] <= pd.Timestamp(performance.known_on)]
    quarters = (performance.previous_quarter, performance.quarter)
    rows = [oversight.list_changes(changes, record.kpis, quarter=quarter) for quarter in quarters]
    return pd.concat(rows, ignore_index=True)


def _since(item: Highlight, day: pd.Timestamp) -> Highlight:
    """Return an item with its history, and the history of its groups of people, from a day on."""
    ends = availability.period_days(item.contrast["period"])
    return replace(item, history=item.history[item.history["period_end"] > day], contrast=item.contrast[ends > day])


def _groups(
    kpis: pd.DataFrame, printed: pd.DataFrame, items: dict[str, Highlight], order_by: BoardOrder, record: Record
) -> tuple[Group, ...]:
    """Return the KPIs under their headings; one of several pillars stands under the first that it names."""
    column, names = {
        BoardOrder.PILLAR: ("pillars", record.pillars.set_index("pillar")["pillar_name"]),
        BoardOrder.DIRECTORATE: ("directorate", record.directorates.set_index("directorate")["directorate_name"]),
        BoardOrder.THEME: ("plan_theme", record.plan_themes.set_index("plan_theme")["plan_theme_name"]),
    }[order_by]
    found = {code: str(name) for code, name in names.items()} | {"": "Other measures"}
    under = kpis[column].str.split("; ").str[0]
    groups = []
    for code, name in found.items():
        own = kpis[under == code]
        if len(own):
            shown = printed[printed["kpi_id"].isin(own["kpi_id"])]
            taken = tuple(items[kpi_id] for kpi_id in own["kpi_id"] if kpi_id in items)
            groups.append(Group(str(code) or "other", name, own, shown, taken))
    return tuple(groups)
