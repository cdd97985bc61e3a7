"""The head and the first page of a report: the quarter's message, how many are red, what changed, what deserves attention."""

from collections.abc import Iterator, Mapping

import pandas as pd

from kpireport.presentation import charts, kpi_cells, wording
from kpireport.presentation.blocks import Block, Page, Part, Title
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.highlight_items import anchor
from kpireport.presentation.markup import (
    EMPTY,
    bullets,
    heading,
    html_text,
    lines,
    link,
    paragraph,
    quiet,
    stack,
    typst_string,
    typst_text,
    words,
)
from kpireport.presentation.report import Headed, Report, WholeCouncil
from kpireport.presentation.scorecard import attention_table
from kpireport.presentation.theme import BASIS_WORDS, RATING_SHAPES, RATING_WORDS, rating_pair
from kpireport.vocabulary import Basis, Rag

MOVES = {
    "newly_rated": "Rated again or for the first time",
    "no_longer_rated": "No longer rated",
    "first_reported": "New on the list",
}
"""What the message's sentences leave out of what became of ratings (`rating_move` of `Performance.kpis`)."""


def title(report: Headed) -> Page:
    """Return the head of the report."""
    council = report.council
    return Page(
        (
            Title(
                council=council.name,
                title=report.title,
                subtitle=report.subtitle,
                is_illustrative=report.illustrative > 0,
                date=report.date,
                brand_colour=council.brand_colour,
                accent_colour=council.accent_colour,
                logo=council.logo,
            ),
        )
    )


def front_page(report: Report) -> Page:
    """Return the quarter's message: counts by rating and basis, a sentence for each, the highlight items, and what changed.

    A report on a large register adds how many KPIs need attention by directorate, as it cannot show all of them.
    """
    first, *others = wording.headline_sentences(report.counts, report.performance)
    said = [words(sentence) for sentence in others]
    # After the ratings on a target come those on direction, where there are any, and what is not rated; then what changed.
    of_counts = 1 + int((report.counts["basis"].eq(Basis.DIRECTIONAL) & report.counts["count"].gt(0)).any())
    message = [paragraph(words(first), kind="lead"), count_tiles(report.counts), bullets(said[:of_counts])]
    changed = [heading(3, words("What changed"), "what-changed"), bullets([*said[of_counts:], *_other_moves(report)])]
    parts: list[Part] = [stack([*message, highlight_list(report), *changed])]
    if isinstance(report, WholeCouncil) and not report.printed.is_whole:
        parts.append(attention_table(report))
    if isinstance(report, WholeCouncil) and len(report.directorates) > 1:
        parts.append(charts.rag_by_directorate(report.counts_by_directorate, report.directorates))
    return Page(tuple(parts))


def count_tiles(counts: pd.DataFrame, *, labels: Mapping[str, str] = BASIS_WORDS, noun: str = "KPI") -> Block:
    """Return the counts by basis and rating, each with its denominator. The bases stand apart: their ratings share no total.

    `labels` head the bases and `noun` is what is counted, for readers who use other words.
    """
    groups = list(_tile_groups(counts, labels, noun))
    if not groups:
        return EMPTY
    return Block(
        f'<div class="tiles">\n{"".join(group.html for group in groups)}</div>\n',
        f"#tiles({''.join(group.typst for group in groups)})\n\n",
        "".join(group.text for group in groups),
    )


def _tile_groups(counts: pd.DataFrame, labels: Mapping[str, str], noun: str) -> Iterator[Block]:
    for basis in (Basis.TARGET, Basis.DIRECTIONAL):
        rows = counts[(counts["basis"] == basis) & counts["rating"].isin(list(Rag))].set_index("rating")
        if rows["count"].sum():
            yield _tile_group(labels[basis], [(rating, *_number_of(rows, rating)) for rating in Rag], noun)


def _number_of(rows: pd.DataFrame, rating: Rag) -> tuple[int, int]:
    return int(rows["count"].get(rating, 0)), int(rows["of"].max())


def _tile_group(label: str, numbers: list[tuple[Rag, int, int]], noun: str) -> Block:
    html, typst, text = [], [], []
    for rating, count, of in numbers:
        shape, word = RATING_SHAPES[rating], RATING_WORDS[rating]
        share = wording.share(count, of, noun).removeprefix(f"{count:,} ")
        background, ink = rating_pair(rating if count else "")
        html.append(
            f'<li class="tile tile-{rating if count else "none"}">'
            f'<span class="tile-word"><span aria-hidden="true">{shape}</span> {html_text(word)}</span> '
            f'<span class="tile-count">{count:,}</span> <span class="tile-of">{html_text(share)}</span></li>\n'
        )
        values = ", ".join(typst_string(part) for part in (shape, word, f"{count:,}", share))
        typst.append(f'(rgb("{background}"), rgb("{ink}"), {values}), ')
        text.append(f"{word} {count:,} {share}")
    return Block(
        f'<div class="tile-group"><p class="tiles-label">{html_text(label)}</p>\n<ul>\n{"".join(html)}</ul></div>\n',
        f"([{typst_text(label)}], ({''.join(typst)})), ",
        f"{label}: {'; '.join(text)}\n",
    )


def _other_moves(report: Report) -> Iterator[Block]:
    kpis = report.performance.kpis
    for move, label in MOVES.items():
        rows = kpis[kpis["rating_move"] == move]
        if len(rows):
            yield words(f"{label}: {wording.join_some(rows['kpi_name'])}.")


def highlight_list(report: Report) -> Block:
    """Return the highlight items in one line each, with a link to each in full."""
    opening = heading(3, words("What deserves attention"), "attention")
    if not report.highlights:
        return stack([opening, paragraph(words("No highlight item was chosen this quarter."))])
    rows = [
        [
            lines([link(anchor(item.kpi["kpi_id"]), words(item.kpi["kpi_name"])), quiet(words(wording.sentence(item.reasons)))]),
            kpi_cells.latest(item.kpi),
            kpi_cells.rating(item.kpi),
            kpi_cells.direction(item.kpi),
        ]
        for item in report.highlights
    ]
    columns = [
        Column("Highlight item, and why it is here", 7),
        Column("Latest result", 1.7, is_number=True),
        Column("Rating", 1.5),
        Column("Direction of travel", 3.4),
    ]
    return stack([opening, table(f"{wording.count(len(rows), 'highlight item')} this quarter", columns, rows)])
