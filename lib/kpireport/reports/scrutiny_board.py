"""The report to one Scrutiny Board, open to the public: every KPI in its remit in plain words, with history and comparisons."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from kpireport.errors import DataError, ParameterError
from kpireport.periods import parse_quarter
from kpireport.presentation import narrative
from kpireport.rules import availability, counts, highlight_items, highlights, performance, public_edition, rating
from kpireport.rules.highlight_items import Highlight
from kpireport.rules.performance import Performance
from kpireport.sources import council as councils
from kpireport.sources import register as registers
from kpireport.sources.council import Council
from kpireport.sources.register import Register
from kpireport.vocabulary import ILLUSTRATIVE, BoardOrder, BoardPart, Edition

OCCASION = "scrutiny"
USUAL_YEARS = 10
"""Years of history where a board has not chosen."""


@dataclass(frozen=True)
class Group:
    """The KPIs that stand together under one heading of the report."""

    code: str
    name: str
    items: tuple[Highlight, ...]
    """Each KPI with its history, benchmarks, wards and groups of people."""


@dataclass(frozen=True)
class ScrutinyBoard:
    """What a Scrutiny Board and the public read twice a year."""

    council: Council
    title: str
    subtitle: str
    date: str
    """The last day whose results the report uses (ISO)."""
    scheme: str
    """Name and version of the rating scheme."""
    edition: Edition
    board: pd.Series
    """The board's row of the boards table."""
    order_by: BoardOrder
    history_years: int
    shows: frozenset[BoardPart]
    """What is shown of each KPI beside its latest result."""
    performance: Performance
    """Only the KPIs in the board's remit; a public edition's without hidden figures and contacts."""
    counts: pd.DataFrame
    """One row is one basis and rating, with `count` and the denominator `of`."""
    groups: tuple[Group, ...]
    """Every KPI once, in the board's order."""
    highlights: tuple[Highlight, ...]
    """The team's highlight items among them, in order of rank."""
    directorates: pd.DataFrame
    comparators: pd.DataFrame
    """One row is one other area of one comparator set, in the council's order: `comparator_set_name`, `area_name`."""
    with_hidden_figures: frozenset[str]
    """KPIs of which a figure is hidden, in any area, group or period."""
    without_commentary: frozenset[str]
    """KPIs whose commentary a public edition leaves out, because it might tell what is hidden."""
    illustrative: int
    """How many of the KPIs shown have a sample value that no producer published."""


def variants(register: Register) -> dict[str, dict[str, str]]:
    """Return one report for each board: the ending of its file name, and the parameters that make it."""
    names = zip(register.boards["board_name"], register.boards["scrutiny_board"], strict=True)
    return {re.sub("[^a-z0-9]+", "-", name.lower()).strip("-"): {"board": code} for name, code in names}


def build(*, data: str, council: str, quarter: str, board: str, edition: str, as_known_on: str = "") -> ScrutinyBoard:
    """Assemble the report to `board` (a code of the boards table) for `quarter`.

    Parameters
    ----------
    edition
        "public", without contacts, owners and figures that disclosure control hides; or "internal".
    as_known_on
        The last day (ISO) whose results are used; "" means the round's cut-off, or the whole record while the round is open.

    Raises
    ------
    ParameterError
        When the register has no such board, or there is no such edition.
    DataError
        With every fault of the register, every adverse highlight that lacks its reason, action, owner or date, and, in a public
        edition, every e-mail address in text that it would print.
    """
    register, authority, period = registers.load(Path(data)), councils.load(Path(council)), parse_quarter(quarter)
    own = register.boards[register.boards["scrutiny_board"] == board]
    if own.empty:
        known = ", ".join(register.boards["scrutiny_board"])
        raise ParameterError(f'board: "{board}" is not in the boards table; use one of {known}.')
    if edition not in tuple(Edition):
        raise ParameterError(f'edition: "{edition}" is not one of {", ".join(Edition)}.')
    is_public = edition == Edition.PUBLIC
    day = pd.Timestamp(as_known_on).date() if as_known_on else None
    if is_public and (faults := public_edition.check_no_address(vars(register))):
        raise DataError(faults)
    results = register.results
    if is_public:
        cut_offs = performance.cut_offs(register.rounds, period, day)
        results = public_edition.protected(results, register.kpis, register.areas, area=authority.area, known_on=cut_offs)
    everything = performance.for_quarter(
        register.kpis,
        register.targets,
        results,
        register.rounds,
        quarter=period,
        area=authority.area,
        as_known_on=day,
        rebases=register.rebases,
    )
    everything = performance.with_benchmark(
        everything,
        register.benchmarks,
        register.comparator_sets,
        register.areas,
        area=authority.area,
        comparators=authority.comparators,
    )
    figures = performance.of_kpis(everything, register.kpis.loc[register.kpis["scrutiny_board"] == board, "kpi_id"])
    ids = set(figures.kpis["kpi_id"])
    commentary = register.commentary[register.commentary["quarter"] == quarter]
    choices = register.highlights[register.highlights["quarter"] == quarter]
    candidates = highlights.candidates(everything, register.risks[register.risks["quarter"] == quarter])
    chosen = highlights.chosen(candidates, choices, everything.kpis)
    chosen = chosen[chosen["kpi_id"].isin(ids)]
    if missing := highlights.check_commentary(chosen, commentary, figures.kpis):
        raise DataError(missing)
    breakdowns = availability.as_known(results, figures.known_on)
    in_time = breakdowns[breakdowns["period_end"] <= pd.Timestamp(period.end)]
    hidden = public_edition.with_hidden_figures(in_time) if is_public else set[str]()
    silent = ids & public_edition.newly_hidden(results, register.results) & set(commentary["kpi_id"])
    if is_public:
        figures = replace(figures, kpis=public_edition.without_contacts(figures.kpis))
        commentary = public_edition.public_commentary(commentary, silent)
    commentary = narrative.filled(commentary, ("reason", "action", "narrative"), everything.kpis)
    why = candidates.set_index("kpi_id")["reasons"]
    every = figures.kpis[["kpi_id"]].assign(reasons=figures.kpis["kpi_id"].map(why).fillna(""), is_adverse=False)
    years, shows, order_by = _chosen_by_board(register.board_choices, board)
    items = highlight_items.assemble(
        every,
        figures,
        breakdowns=breakdowns,
        commentary=commentary,
        benchmarks=register.benchmarks,
        areas=register.areas,
        comparator_sets=register.comparator_sets,
        area=authority.area,
        comparators=authority.comparators,
    )
    since = pd.Timestamp(period.end) - pd.DateOffset(years=years)
    by_id = {str(item.kpi["kpi_id"]): _since(item, since) for item in items}
    return ScrutinyBoard(
        council=authority,
        title=str(own["board_name"].iloc[0]),
        subtitle=f"Scrutiny Board performance report, {quarter}",
        date=str(figures.known_on or period.end),
        scheme=rating.SCHEME,
        edition=Edition(edition),
        board=own.iloc[0],
        order_by=order_by,
        history_years=years,
        shows=shows,
        performance=figures,
        counts=counts.count_ratings(figures.kpis),
        groups=_groups(by_id, order_by, register),
        highlights=tuple(by_id[kpi_id] for kpi_id in chosen["kpi_id"]),
        directorates=register.directorates[["directorate", "directorate_name"]],
        comparators=_comparators(register, authority),
        with_hidden_figures=frozenset(hidden & ids),
        without_commentary=frozenset(silent),
        illustrative=int(figures.kpis["producer"].eq(ILLUSTRATIVE).sum()),
    )


def _chosen_by_board(choices: pd.DataFrame, board: str) -> tuple[int, frozenset[BoardPart], BoardOrder]:
    """Return the years of history, what is shown of each KPI, and what groups them: a board's choice, or what is usual."""
    own = choices[choices["scrutiny_board"] == board]
    if own.empty:
        return USUAL_YEARS, frozenset(BoardPart), BoardOrder.DIRECTORATE
    row = own.iloc[0]
    shows = frozenset(BoardPart(part) for part in str(row["shows"]).split("; ") if part)
    return int(row["history_years"]), shows or frozenset(BoardPart), BoardOrder(row["order_by"])


def _comparators(register: Register, authority: Council) -> pd.DataFrame:
    """Return the areas of the comparator sets that the council shows, itself apart."""
    order = {code: place for place, code in enumerate(authority.comparators)}
    sets = register.comparator_sets[register.comparator_sets["comparator_set"].isin(list(order))]
    named = sets.merge(register.areas[["area", "area_name"]], on="area", how="left", validate="many_to_one")
    others = named[named["area"] != authority.area].sort_values(
        "comparator_set", key=lambda codes: codes.map(order), kind="stable"
    )
    return others[["comparator_set_name", "area_name"]].reset_index(drop=True)


def _since(item: Highlight, day: pd.Timestamp) -> Highlight:
    """Return an item with its history, and the history of its groups of people, from a day on."""
    ends = availability.period_days(item.contrast["period"])
    return replace(item, history=item.history[item.history["period_end"] > day], contrast=item.contrast[ends > day])


def _groups(items: dict[str, Highlight], order_by: BoardOrder, register: Register) -> tuple[Group, ...]:
    """Return the items under their headings; a KPI of several pillars stands under the first that it names."""
    column, names = {
        BoardOrder.PILLAR: ("pillars", register.pillars.set_index("pillar")["pillar_name"]),
        BoardOrder.DIRECTORATE: ("directorate", register.directorates.set_index("directorate")["directorate_name"]),
        BoardOrder.THEME: ("plan_theme", register.plan_themes.set_index("plan_theme")["plan_theme_name"]),
    }[order_by]
    found = {code: str(name) for code, name in names.items()} | {"": "Other measures"}
    of = {code: tuple(one for one in items.values() if str(one.kpi[column]).split("; ")[0] == code) for code in found}
    return tuple(Group(str(code) or "other", name, of[code]) for code, name in found.items() if of[code])
