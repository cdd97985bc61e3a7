"""The pages of a board's report, for members and the public: plain words, one measure after another.

A measure is a KPI. A public edition's report holds no contacts and no hidden figures; nothing here has to leave them out.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pandas as pd

from kpireport.presentation import charts, kpi_cells, left_out, plain_english, theme, wording
from kpireport.presentation.blocks import Block, Chart, Page, Part
from kpireport.presentation.board_report import BoardReport, Group
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.definitions import link_to
from kpireport.presentation.definitions import name as definition_name
from kpireport.presentation.front_page import count_tiles
from kpireport.presentation.highlight_items import anchor, said
from kpireport.presentation.list_changes import changes_of
from kpireport.presentation.markup import (
    EMPTY,
    bullets,
    facts,
    heading,
    join,
    lines,
    link,
    paragraph,
    quiet,
    rag,
    stack,
    words,
)
from kpireport.presentation.phrases import count, count_in_words, day, in_words, join_some, sentence, share
from kpireport.presentation.report import Highlight
from kpireport.presentation.scorecard import trend
from kpireport.vocabulary import ALL_PEOPLE, Basis, BoardPart, Edition, NotRated, Rag

TILE_LABELS: dict[str, str] = {
    Basis.TARGET: "Measures with a target number",
    Basis.DIRECTIONAL: "Measures with an aim but no target number",
}
PLAIN_RATED = {
    Basis.TARGET: ("measure with a target number", "met it", "just missed it", "missed it by more"),
    Basis.DIRECTIONAL: ("measure with an aim but no target number", "got better", "stayed about the same", "got worse"),
}
WHY_NOT_RATED: dict[str, str] = {
    NotRated.NOT_DUE: "not due yet",
    NotRated.AWAITED: "late",
    NotRated.NOT_PUBLISHED: "not published yet",
    NotRated.SUPPRESSED: "hidden because the numbers are small",
    NotRated.NOT_APPLICABLE: "not applicable now",
    NotRated.NOT_AVAILABLE: "not available",
    NotRated.NOT_RATED: "without a target, or without an older figure to compare with",
}
FROM_WHERE = "Where the figure comes from"
RESULT_COLUMNS = (
    Column("Measure", 5.4),
    Column("Latest figure", 3.4, is_number=True),
    Column("Target", 2.9, is_number=True),
    Column("Colour", 2.2),
    Column("What changed", 5.6),
    Column("Over time", 3.2, is_decorative=True),
)


def at_a_glance(report: BoardReport) -> Page:
    """Return how many measures met their target, what changed, and what to look at first."""
    kpis = report.measures.performance.kpis
    if kpis.empty:
        return Page((paragraph(words("No measure is in this board's remit.")),))
    first, *others = [sentence(text) for text in _messages(report)]
    quarter = str(report.measures.performance.quarter)
    opening = (
        f"This report has {count(len(kpis), 'measure')}. A measure is a figure that shows how well something is going in "
        f"{report.council.place}. The report covers {plain_english.period(quarter)}, which the council calls {quarter}."
    )
    return Page(
        (
            stack(
                [
                    paragraph(words(first), kind="lead"),
                    paragraph(words(opening)),
                    count_tiles(report.measures.counts, labels=TILE_LABELS, noun="measure"),
                    bullets(words(text) for text in others),
                    _first_list(report),
                ]
            ),
        )
    )


def _messages(report: BoardReport) -> Iterator[str]:
    kpis, counts = report.measures.performance.kpis, report.measures.counts
    for basis, (noun, green, amber, red) in PLAIN_RATED.items():
        rows = counts[counts["basis"] == basis].set_index("rating")
        of = int(rows["of"].max())
        if of:
            met, just, missed = (int(rows["count"].get(rating, 0)) for rating in (Rag.GREEN, Rag.AMBER, Rag.RED))
            yield f"{share(met, of, noun)} {green}"
            yield f"of the same {of:,}, {_some(just)} {amber} and {_some(missed)} {red}"
    unrated = counts[(counts["basis"] == Basis.NONE) & (counts["count"] > 0)].set_index("rating")["count"]
    if len(unrated):
        reasons = wording.join(f"{number:,} {WHY_NOT_RATED[str(state)]}" for state, number in unrated.items())
        yield f"{share(int(unrated.sum()), len(kpis), 'measure')} {'has' if unrated.sum() == 1 else 'have'} no colour: {reasons}"
    for move, what in (
        ("newly_red", "turned red"),
        ("worse", "slipped from green to amber"),
        ("better", "moved to a better colour"),
    ):
        rows = kpis[kpis["rating_move"] == move]
        if len(rows):
            yield f"{count_in_words(len(rows), 'measure')} {what} since the last quarter: {join_some(rows['kpi_name'])}"


def _some(number: int) -> str:
    return in_words(number) if number else "none"


def _first_list(report: BoardReport) -> Block:
    opening = heading(3, words("Look at these first"), "look-first")
    if not report.measures.highlights:
        return stack([opening, paragraph(words("No measure was picked out this quarter."))])
    columns = [Column("Measure, and why", 6), Column("Latest figure", 3, is_number=True), Column("Colour", 2)]
    rows = [
        [
            lines([link(anchor(str(item.kpi["kpi_id"])), words(str(item.kpi["kpi_name"]))), quiet(words(_why(item)))]),
            _latest(item.kpi),
            rag(str(item.kpi["rating"])),
        ]
        for item in report.measures.highlights
    ]
    return stack([opening, table(f"{count(len(rows), 'measure')} to look at first", columns, rows)])


def _why(item: Highlight) -> str:
    return plain_english.reasons(item.reasons) if item.reasons else plain_english.REASONS["chosen by the team"]


def looked_at_first(report: BoardReport) -> Page:
    """Return the highlight items with what the service says and does."""
    if not report.measures.highlights:
        return Page((paragraph(words("No measure was picked out this quarter.")),))
    return Page(tuple(part for item in report.measures.highlights for part in _item(item, report, "highlight")))


def measures(report: BoardReport) -> Page:
    """Return every other measure under the board's headings, each in words and pictures."""
    first = {str(item.kpi["kpi_id"]) for item in report.measures.highlights}
    groups = [part for group in report.measures.groups if group.items for part in _group(group, first, report)]
    taken = sum(len(group.items) for group in report.measures.groups)
    total = len(report.measures.performance.kpis)
    return Page((*([] if taken == total else [_what_is_taken(report, taken, total)]), *groups))


def _what_is_taken(report: BoardReport, taken: int, total: int) -> Block:
    """Return which of very many measures follow, and where the others are."""
    told = (
        f"There are {count(total, 'measure')}, too many to look at one by one. Here are {taken:,} that need attention most: they "
        "were picked out, are red, slipped from green to amber, or their figures are late. All the others are in the file "
        f"{report.code}.xlsx, with their history."
    )
    return paragraph(words(told))


def _group(group: Group, first: set[str], report: BoardReport) -> Iterator[Part]:
    taken, total = len(group.items), len(group.kpis)
    number = f"{count(total, 'measure')}." if taken == total else f"{taken:,} of {count(total, 'measure')}."
    yield stack([heading(3, words(group.name), f"group-{group.code.lower()}"), paragraph(words(number), kind="quiet")])
    for item in group.items:
        if str(item.kpi["kpi_id"]) in first:
            kpi_id = str(item.kpi["kpi_id"])
            name_of = link(anchor(kpi_id), words(f"{item.kpi['kpi_name']} ({kpi_id})"))
            yield paragraph(join([name_of, words("has a closer look of its own, above.")], " "))
        else:
            yield from _item(item, report, "measure")


def _item(item: Highlight, report: BoardReport, kind: str) -> Iterator[Part]:
    """Yield what is said of one measure, then its pictures."""
    kpi = item.kpi
    kpi_id = str(kpi["kpi_id"])
    level = 3 if kind == "highlight" else 4
    sentences = list(plain_english.told(kpi, report.council.place))
    hidden = (
        "Some of its figures are hidden, because the numbers are very small."
        if kpi_id in report.measures.with_hidden_figures
        else ""
    )
    if kpi_id in report.measures.without_commentary:
        hidden += " What the service says is left out, so that it does not give them away."
    spoken = EMPTY if item.commentary is None else said(item.commentary)
    yield stack(
        [
            heading(level, words(str(kpi["kpi_name"])), anchor(kpi_id) if kind == "highlight" else f"measure-{kpi_id.lower()}"),
            paragraph(join([words(f"{kpi_id}: {kpi['definition']}"), link_to(kpi, FROM_WHERE)], " "), kind="quiet"),
            paragraph(words(_why(item)), kind="intro") if kind == "highlight" else EMPTY,
            paragraph(join([rag(str(kpi["rating"])), words(" ".join(sentences))], "  "), kind="intro"),
            paragraph(words(hidden), kind="quiet") if hidden else EMPTY,
            spoken,
        ]
    )
    yield from _pictures(item, report)


def _pictures(item: Highlight, report: BoardReport) -> Iterator[Chart]:
    kpi, shows, place = item.kpi, report.measures.choice.shows, report.council.place
    name = str(kpi["kpi_name"])
    if BoardPart.HISTORY in shows and item.history["value"].notna().sum() > 1:
        yield replace(charts.trend(kpi, item.history, report.council), title=f"{name}: how it has changed")
    others = item.benchmarks[~item.benchmarks["is_council"].astype(bool)] if len(item.benchmarks) else item.benchmarks
    if BoardPart.BENCHMARKS in shows and others["value"].notna().any():
        yield charts.benchmark(kpi, item.benchmarks, report.council)
    if BoardPart.WARDS in shows and item.wards["value"].notna().sum() > 1:
        yield _with_hidden_wards(
            charts.wards(kpi, item.wards, report.council, own=report.measures.choice.own_wards), item.wards, place
        )
    known = item.contrast[item.contrast["value"].notna()]
    if BoardPart.GROUPS in shows and known["group"].ne(ALL_PEOPLE).any():
        yield charts.deprivation_gap(kpi, known, report.council)


def _with_hidden_wards(chart: Chart, wards: pd.DataFrame, place: str) -> Chart:
    """Return the wards' chart; wards that have no figure to show are counted in its source line."""
    missing = int(wards["value"].isna().sum())
    if not missing:
        return chart
    told = sentence(f"{count_in_words(missing, 'ward')} of {place} {'is' if missing == 1 else 'are'} not shown")
    return replace(chart, source=f"{chart.source}. {told}")


def results(report: BoardReport) -> Page:
    """Return every measure in one row of a table, one table for each of the board's headings."""
    known = report.measures.performance.history
    known = known[known["kpi_id"].isin(report.measures.defined["kpi_id"])]
    history = dict(tuple(known.groupby("kpi_id", sort=False)))
    parts = []
    for group in report.measures.groups:
        if group.printed.empty:
            continue
        rows = ([*_cells(kpi), trend(history.get(kpi["kpi_id"]), int(kpi["decimals"]))] for _, kpi in group.printed.iterrows())
        shown, total = len(group.printed), len(group.kpis)
        caption = left_out.shown(f"{group.name}: {count(total, 'measure')}", shown, total)
        parts += [table(caption, RESULT_COLUMNS, rows, kind="wide")]
    parts.append(
        left_out.more(len(report.measures.defined), len(report.measures.performance.kpis), _in_workbook(report, "Results"))
    )
    return Page((stack(parts) if parts else paragraph(words("No measure is in this board's remit.")),))


def _cells(kpi: pd.Series) -> list[Block]:
    changed = " ".join(plain_english.change(kpi)) or "No older figure to compare with."
    return [
        kpi_cells.name_of_figure(kpi),
        _latest(kpi),
        words(plain_english.target(kpi)),
        rag(str(kpi["rating"])),
        words(changed),
    ]


def _latest(kpi: pd.Series) -> Block:
    when = plain_english.period(str(kpi["period"]), str(kpi["measure_type"]))
    return lines([words(wording.result(kpi)), quiet(words(when))])


def definitions(report: BoardReport) -> Page:
    """Return the board's list of measures: what each counts, where its figure comes from and what to bear in mind."""
    is_internal = report.edition == Edition.INTERNAL
    columns = [Column("Measure", 4)]
    columns += [
        Column(head, share, is_prose=True) for head, share in (("What it counts", 6.5), (FROM_WHERE, 3.6), ("Take care", 4))
    ]
    columns += [Column("Whom to ask", 4)] if is_internal else []
    kpis, defined = report.measures.performance.kpis, report.measures.defined
    if kpis.empty:
        return Page((paragraph(words("No measure is in this board's remit.")),))
    rows = (
        [
            definition_name(kpi),
            words(f"{kpi['definition']} {plain_english.good_way(kpi)}"),
            words(str(kpi["source"])),
            words(str(kpi["limitations"]) or "–"),
            *([lines([words(str(kpi["accountable_officer"])), words(str(kpi["key_contacts"]))])] if is_internal else []),
        ]
        for _, kpi in defined.iterrows()
    )
    caption = left_out.shown(f"The board's list of {count(len(kpis), 'measure')}", len(defined), len(kpis))
    rest = left_out.more(len(defined), len(kpis), _in_workbook(report, "Definitions"))
    listed = stack([table(caption, columns, rows, kind="wide"), rest])
    return Page((listed, heading(3, words("What changed in the half-year"), "list-changes"), changes_of(report.measures)))


def _in_workbook(report: BoardReport, sheet: str) -> str:
    return f"in the file {report.code}.xlsx, worksheet {sheet}"


def notes(report: BoardReport) -> Page:
    """Return what the words and symbols mean, and what to bear in mind."""
    return Page((stack(_notes(report)),))


def _notes(report: BoardReport) -> Iterator[Block]:
    yield heading(3, words("What the words mean"), "words")
    yield facts(((term, words(meaning)) for term, meaning in plain_english.GLOSSARY.items()), kind="said")
    if len(report.measures.comparators):
        sets = report.measures.comparators.groupby("comparator_set_name", sort=False)["area_name"]
        yield heading(3, words("Places we compare with"), "places")
        yield facts(((str(name), words(sentence(wording.join(areas)))) for name, areas in sets), kind="said")
    yield heading(3, words("What the symbols mean"), "symbols")
    yield facts(((symbol, words(meaning)) for symbol, meaning in theme.SHORTHAND.items()), kind="said")
    yield heading(3, words("About the figures"), "figures")
    yield bullets(words(text) for text in _about(report))


def _about(report: BoardReport) -> Iterator[str]:
    kpis = report.measures.performance.kpis
    yield f"We used figures that came in by {day(date.fromisoformat(report.date))}."
    yield "Figures are rounded first, and then compared with their targets."
    years = count(report.measures.choice.history_years, "year")
    yield f"Each measure shows its newest figure. Charts go back {years} where there are figures."
    yield f"Colours follow the council's scheme {report.scheme}."
    if report.edition == Edition.PUBLIC:
        yield "Numbers from 1 to 4 that count people are hidden, and some others, so that nobody can work them out."
        names = kpis.loc[kpis["kpi_id"].isin(report.measures.with_hidden_figures), "kpi_name"]
        if len(names):
            yield sentence(f"{count_in_words(len(names), 'measure')} with hidden figures: {join_some(names)}")
        else:
            yield "No figure in this report had to be hidden."
    if report.not_listed:
        yield f"The board asked for {wording.join(report.not_listed)} too. The council's list of this quarter does not hold it."
    if report.illustrative:
        shown = share(report.illustrative, len(kpis), "measure")
        yield f"{shown} show an illustrative figure. It is made up to show how the report works."
