"""The sections of the Annual Performance Report: one function is one section."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from kpireport.presentation import (
    bca_pages,
    charts,
    definitions,
    kpi_cells,
    left_out,
    open_data,
    theme,
    wording,
    year_tables,
    year_wording,
)
from kpireport.presentation.blocks import Block, Page, Part
from kpireport.presentation.data_table import Column, figures, table
from kpireport.presentation.front_page import count_tiles
from kpireport.presentation.headlines import RATED_NOUNS
from kpireport.presentation.highlight_items import said
from kpireport.presentation.list_changes import change_words, what_changed
from kpireport.presentation.markup import EMPTY, bullets, facts, heading, lines, paragraph, quiet, stack, words
from kpireport.presentation.notes import RULES
from kpireport.presentation.phrases import NAMES_IN_A_NOTE
from kpireport.presentation.year_report import Annual
from kpireport.vocabulary import Basis, Rag, TargetState, YearMove

HEADS = {
    Basis.TARGET: "Rated on a target",
    Basis.DIRECTIONAL: "Rated on direction of travel",
}


def year_in_brief(report: Annual) -> Page:
    """Return the year's message: ratings at its end against a year earlier, what changed, targets and the list."""
    first, *others = year_wording.brief(report)
    message = [
        paragraph(words(first), kind="lead"),
        count_tiles(report.counts),
        bullets(words(sentence) for sentence in others),
    ]
    return Page((stack(message), charts.rag_by_year(report.counts_by_year)))


def year_on_year(report: Annual) -> Page:
    """Return how ratings moved between the ends of two years, and which became better or worse."""
    kpis, year = report.review.kpis, report.review.year
    parts = [
        paragraph(
            words(
                f"Ratings as the report of {report.review.performance.quarter} showed them, beside those of the report a year "
                f"earlier. Of the KPIs on the list at the end of {year}, those are counted that were rated at both ends on the "
                "same basis. A rating can move another way than the figure did over the year: its target may have changed, and a "
                "rating on direction of travel may rest on the period before."
            )
        )
    ]
    parts += [_matrix(report.moves, basis) for basis in HEADS]
    for move, rows, word in (
        (YearMove.WORSE, report.printed.worse, "worse"),
        (YearMove.BETTER, report.printed.better, "better"),
    ):
        total = int((kpis["year_move"] == move).sum())
        parts.append(heading(3, words(f"A {word} rating than a year earlier"), f"rating-{word}"))
        if rows.empty:
            parts.append(paragraph(words(f"No KPI has a {word} rating than a year earlier.")))
            continue
        caption = left_out.shown(f"{wording.count(total, 'KPI')} with a {word} rating", len(rows), total)
        parts += [year_tables.brief_table(caption, rows), year_tables.rest(len(rows), total)]
    return Page((stack(parts),))


def _matrix(moves: pd.DataFrame, basis: Basis) -> Block:
    rows = moves[moves["basis"] == basis]
    total = int(rows["count"].sum())
    if not total:
        return EMPTY
    columns: dict[str, list[str] | list[int]] = {"A year earlier": [theme.RATING_WORDS[rag] for rag in Rag]}
    for now in Rag:
        own = rows[rows["rating"] == now].set_index("rating_last_year")["count"]
        columns[f"{theme.RATING_WORDS[now]} now"] = [int(own[then]) for then in Rag]
    return figures(pd.DataFrame(columns), f"{HEADS[basis]} at both ends of the year: {wording.count(total, 'KPI')}")


def highlights_of_the_year(report: Annual) -> Page:
    """Return the year's largest changes, and what was red in all four quarters with what is being done."""
    red, total = report.printed.red_all_year, int(report.review.kpis["is_red_all_year"].sum())
    spoken = report.commentary.set_index("kpi_id")
    told = [
        stack([heading(4, words(str(kpi["kpi_name"])), f"red-{str(kpi['kpi_id']).lower()}"), said(spoken.loc[kpi["kpi_id"]])])
        for _, kpi in red.iterrows()
        if kpi["kpi_id"] in spoken.index
    ]
    return Page(
        (
            year_tables.largest_changes(report.improvements, report.declines),
            *(
                year_tables.brief_table(f"Largest {what}, in proportion to the figure a year before", rows)
                for rows, what in ((report.improvements, "improvements"), (report.declines, "changes for the worse"))
                if len(rows)
            ),
            stack([heading(3, words("Red in all four quarters"), "red-all-year"), year_tables.red_all_year(red, total), *told]),
        )
    )


def by_pillar(report: Annual) -> Page:
    """Return the ratings under each Best City Ambition pillar, how they moved, and the KPIs that are red."""
    if report.by_pillar.empty:
        return Page((paragraph(words("No KPI on the list is under a pillar.")),))
    return Page(tuple(_pillars(report)))


def _pillars(report: Annual) -> Iterator[Part]:
    kpis = report.review.kpis
    several = int(report.by_pillar["kpi_id"].value_counts().gt(1).sum())
    none = len(kpis) - report.by_pillar["kpi_id"].nunique()
    notes = [f"{wording.count_in_words(several, 'KPI')} under two pillars or more {_counts(several)} in each"] if several else []
    notes += [f"{wording.count_in_words(none, 'KPI')} on the list {'is' if none == 1 else 'are'} under no pillar"] if none else []
    if notes:
        yield paragraph(*(words(wording.sentence("; ".join(notes))),))
    yield charts.rag_by_directorate(report.counts_by_pillar, report.pillars)
    for pillar, name in zip(report.pillars["pillar"], report.pillars["pillar_name"], strict=True):
        own = report.by_pillar[report.by_pillar["pillar"] == pillar]
        if own.empty:
            continue
        rows = report.printed.red_by_pillar[report.printed.red_by_pillar["pillar"] == pillar]
        total = int((own["rag"] == Rag.RED).sum())
        caption = left_out.shown(f"{name}: red at the end of {report.review.year}", len(rows), total)
        yield stack(
            [
                heading(3, words(str(name)), f"pillar-{str(pillar).replace('_', '-')}"),
                paragraph(words(_group_sentence(report.counts_by_pillar, "pillar", str(pillar), own))),
                paragraph(words(wording.sentence(year_wording.moves(own)))),
                year_tables.brief_table(caption, rows)
                if len(rows)
                else paragraph(words(f"None of them was red at the end of {report.review.year}.")),
                year_tables.rest(len(rows), total),
            ]
        )


def _counts(number: int) -> str:
    return "counts" if number == 1 else "count"


def _group_sentence(counts: pd.DataFrame, by: str, code: str, own: pd.DataFrame) -> str:
    parts = [wording.count(len(own), "KPI and tracker")]
    for basis, noun in RATED_NOUNS.items():
        rows = counts[(counts[by] == code) & (counts["basis"] == basis)].set_index("rating")
        number = {rag: int(rows["count"].get(rag, 0)) for rag in Rag}
        if of := sum(number.values()):
            others = wording.join(f"{number[rag]} {rag}" for rag in (Rag.AMBER, Rag.RED))
            parts.append(f"{wording.share(number[Rag.GREEN], of, noun)} green, {others}")
    return wording.sentence("; ".join(parts))


def by_theme(report: Annual) -> Page:
    """Return the KPIs and trackers under their Organisational Plan theme, with outturn, target and ratings.

    Of very many those that need attention are shown.
    """
    kpis = report.review.kpis
    parts: list[Part] = [charts.rag_by_directorate(report.counts_by_theme, report.plan_themes)]
    tables = [paragraph(words("How an outturn is chosen is told under “About these figures”."), kind="quiet")]
    for theme_code, name in zip(report.plan_themes["plan_theme"], report.plan_themes["plan_theme_name"], strict=True):
        own, shown = (rows[rows["plan_theme"] == theme_code] for rows in (kpis, report.printed.kpis))
        if len(own):
            caption = left_out.shown(f"{name}: {wording.count(len(own), 'KPI and tracker')}", len(shown), len(own))
            tables += [
                heading(3, words(str(name)), f"theme-{str(theme_code).replace('_', '-')}"),
                paragraph(words(_group_sentence(report.counts_by_theme, "plan_theme", str(theme_code), own))),
                year_tables.outturn_table(caption, shown, is_whole_list=True) if len(shown) else EMPTY,
                year_tables.rest(len(shown), len(own)),
            ]
    return Page((*parts, stack(tables)))


def by_theme_and_files(report: Annual) -> Page:
    """Return what `by_theme` does, with the open data that holds all of it."""
    return Page((*by_theme(report).parts, *open_data.files(report).parts))


def what_kpis_measure(report: Annual) -> Page:
    """Return what each KPI and each outcome measures of which the report prints a figure."""
    printed, city_outcomes = report.printed, report.scorecard.indicators
    others = city_outcomes[~city_outcomes["kpi_id"].isin(printed.defined["kpi_id"])]
    both = pd.concat([printed.defined, others], ignore_index=True)
    noun = "KPI, tracker and outcome" if len(others) else "KPI and tracker"
    shown = definitions.defined(both, figures=set(printed.kpis["kpi_id"]), noun=noun)
    return Page((definitions.on_screen(shown, is_wide=True),))


def city(report: Annual) -> Page:
    """Return the Best City Ambition Scorecard: its message, outcomes by pillar, the most deprived tenth, and the wards."""
    scorecard, council = report.scorecard, report.council
    first = bca_pages.brief(scorecard, council)
    if scorecard.indicators.empty:
        return first
    return Page(
        (
            *first.parts,
            *bca_pages.outcomes(scorecard, council, is_whole_list=False).parts,
            heading(3, words("The most deprived tenth"), "bca-most-deprived"),
            *bca_pages.deprivation(scorecard, council).parts,
            heading(3, words("Social Progress Index"), "bca-index"),
            *bca_pages.index(scorecard, council).parts,
        )
    )


def targets_and_list(report: Annual) -> Page:
    """Return how far target setting has come in a year, and how the KPI list changed."""
    return Page((stack([*_targets(report), *_list_changes(report)]),))


def _targets(report: Annual) -> Iterator[Block]:
    progress = report.target_progress
    names = report.directorates.set_index("directorate")["directorate_name"]
    yield heading(3, words("Target setting"), "target-setting")
    yield paragraph(words(wording.sentence(year_wording.targets(progress))))
    yield paragraph(
        words(
            "A KPI without a specific target is judged on an interim one, an increase or a decrease, until its target and "
            "tolerance are agreed. Trackers need none and are not counted here."
        )
    )
    columns = [
        Column("Directorate", 3.4),
        *(Column(head, 1.5, is_number=True) for head in ("KPIs", "With a target", "Target and tolerance", "Interim target")),
        Column("No target", 1.3, is_number=True),
        Column("With a target a year earlier", 2, is_number=True),
    ]
    shown = ("kpis", "with_target", TargetState.TARGET_AND_TOLERANCE, TargetState.INTERIM, TargetState.NONE)
    cells = (
        [
            words(str(names.get(row["directorate"], "All"))),
            *(words(f"{row[column]:,}") for column in shown),
            words(f"{row['with_target_last_year']:,} of {row['kpis_last_year']:,}"),
        ]
        for _, row in progress.iterrows()
    )
    yield table(f"KPIs by how far target setting has come, end of {report.review.year}", columns, cells, kind="figures")
    rows, total = report.printed.newly_specific, len(report.newly_specific)
    if len(rows):
        columns = [Column("KPI", 4.6), Column("A year earlier", 3), Column("Now", 3), Column("Target", 3, is_number=True)]
        cells = (
            [
                kpi_cells.name(kpi),
                words(year_wording.STATE_WORDS[TargetState(kpi["target_state_last_year"])].capitalize()),
                words(year_wording.STATE_WORDS[TargetState(kpi["target_state"])].capitalize()),
                kpi_cells.target(kpi),
            ]
            for _, kpi in rows.iterrows()
        )
        caption = f"{wording.count(total, 'KPI')} with a target or tolerance set in the year"
        yield table(left_out.shown(caption, len(rows), total), columns, cells)
        yield year_tables.rest(len(rows), total)


def _list_changes(report: Annual) -> Iterator[Block]:
    review = report.review
    joined = review.kpis[review.kpis["year_move"] == YearMove.JOINED]
    yield heading(3, words("The KPI list"), "kpi-list")
    yield paragraph(words(wording.sentence(year_wording.the_list(review.kpis, review.left))))
    named = [("Joined in the year", joined), ("Left in the year", review.left)]
    # When there is no earlier list to compare with, the whole list has joined, and says so above.
    shown = [(what, rows) for what, rows in named if 0 < len(rows) < len(review.kpis)]
    yield bullets(words(f"{what}: {wording.join_some(rows['kpi_name'], NAMES_IN_A_NOTE)}.") for what, rows in shown)
    rows, total = report.printed.list_changes, len(report.list_changes)
    if rows.empty:
        yield paragraph(words("No other change to the list is on record for the year."))
        return
    columns = [Column("KPI", 4), Column("Change", 1.6), Column("What changed", 4.4), Column("Quarter", 1.8)]
    cells = (
        [
            kpi_cells.name(row),
            words(change_words(str(row["change"]))),
            what_changed(row),
            lines([words(str(row["quarter"])), quiet(words(str(row["agreed_by"])))]),
        ]
        for _, row in rows.iterrows()
    )
    caption = f"{wording.count(total, 'change')} to the KPI list on record"
    yield table(left_out.shown(caption, len(rows), total), columns, cells)
    yield left_out.more(len(rows), total, "which the quarterly reports of the year list")


def about(report: Annual) -> Page:
    """Return how KPIs are rated, how outturns are chosen, the symbols, and which results are used."""
    kpis = report.review.kpis
    used = [f"Results received up to {wording.day(date.fromisoformat(report.date))} are used."]
    used.append(
        "Ratings of earlier quarters are those that each quarter's report showed, on the results received by then and by the "
        "definitions, targets and tolerances of that quarter."
    )
    used += wording.rounding_sentences(kpis, report.resting_on_rounding)
    if report.illustrative:
        shown = wording.share(report.illustrative, len(kpis), "KPI")
        used.append(
            f"{shown} on this list show an illustrative value: a sample that no producer published, for demonstration only."
        )
    return Page(
        (
            stack(
                [
                    heading(3, words("How KPIs are rated"), "rating-scheme"),
                    paragraph(words(f"Ratings follow the scheme {report.scheme}:")),
                    bullets(words(rule) for rule in RULES),
                    heading(3, words("How outturns are chosen"), "outturn-rules"),
                    bullets(words(rule) for rule in year_wording.OUTTURN_RULES),
                    heading(3, words("Symbols"), "symbols"),
                    facts(((symbol, words(meaning)) for symbol, meaning in theme.SHORTHAND.items()), kind="said"),
                    heading(3, words("Data used"), "data-used"),
                    bullets(words(sentence) for sentence in used),
                ]
            ),
        )
    )
