"""The first page of the annual assurance report, and the table of evidence that each aspect of it has."""

from collections.abc import Iterator, Sequence

import pandas as pd

from kpireport.presentation import assurance_wording as said
from kpireport.presentation import theme, wording
from kpireport.presentation.assurance_report import AssuranceReport
from kpireport.presentation.blocks import Block, Page
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import bullets, html_text, lines, paragraph, quiet, stack, typst_string, words
from kpireport.vocabulary import Aspect, Conclusion, Rag

COLOURS: dict[str, Rag] = {Conclusion.NOT_MET: Rag.RED, Conclusion.PARTLY_MET: Rag.AMBER, Conclusion.MET: Rag.GREEN}
OPINION = "This page is the evidence for an opinion on the arrangements. The opinion is for officers and the Committee."
SHORT = (Conclusion.NOT_MET, Conclusion.PARTLY_MET, Conclusion.NOT_MEASURED)
"""What the first page tells measure by measure, in this order."""


def conclusion(word: str) -> Block:
    """Return a conclusion as shape, word and colour."""
    colour = str(COLOURS.get(word, ""))
    background, ink = theme.rating_pair(colour)
    shape, text = theme.RATING_SHAPES.get(colour, "○"), said.CONCLUSION_WORDS[word]
    return Block(
        f'<span class="rag rag-{colour or "none"}"><span aria-hidden="true">{shape}</span> {html_text(text)}</span>',
        f'#rag(rgb("{background}"), rgb("{ink}"), {typst_string(shape)}, {typst_string(text)})',
        text,
    )


def front_page(report: AssuranceReport) -> Page:
    """Return the evidence for the opinion on one page: what is not met first, then what is met in part or not measured."""
    return Page((stack(_front(report)),))


def _front(report: AssuranceReport) -> Iterator[Block]:
    yield paragraph(words(said.lead(report.counts, report.year)), kind="lead")
    ordered = [report.evidence[report.evidence["conclusion"] == one] for one in SHORT]
    rows = [row for group in ordered for _, row in group.iterrows()]
    if rows:
        columns = _columns(report, "Measure", (4.8, 1.9, 1.5, 1.9, 1.9))
        yield table("What is not met, met in part, or not measured", columns, map(_short, rows))
    yield bullets(words(sentence) for sentence in (*said.met(report.evidence), *said.moves(report.evidence)))
    yield paragraph(words(OPINION))
    yield _by_aspect(report.counts_by_aspect)


def _columns(report: AssuranceReport, first: str, shares: Sequence[float]) -> list[Column]:
    heads = (first, report.year, "Expected", report.previous_year, "Conclusion")
    return [Column(head, share) for head, share in zip(heads, shares, strict=True)]


def _short(row: pd.Series) -> list[Block]:
    texts = (said.LABELS[row["measure"]], said.figure(row, is_short=True), said.expected(row), said.last_year(row, is_short=True))
    return [*map(words, texts), conclusion(str(row["conclusion"]))]


def _by_aspect(counts: pd.DataFrame) -> Block:
    shown = (Conclusion.NOT_MET, Conclusion.PARTLY_MET, Conclusion.MET, Conclusion.NOT_MEASURED, Conclusion.FOR_INFORMATION)
    columns = [Column("Aspect", 2.2), *(Column(said.CONCLUSION_WORDS[one], is_number=True) for one in shown)]
    rows = []
    for aspect in Aspect:
        own = counts[counts["aspect"] == aspect].set_index("conclusion")["count"]
        rows.append([words(said.ASPECT_WORDS[aspect]), *(words(str(int(own.get(one, 0)))) for one in shown)])
    return table("Measures in each aspect of the cycle of internal control, by conclusion", columns, rows, kind="figures")


def aspect_table(report: AssuranceReport, aspect: Aspect) -> Block:
    """Return one aspect's evidence: statement and where it comes from, figure, expectation, last year's figure, conclusion."""
    rows = report.evidence[report.evidence["aspect"] == aspect]
    cells = (
        [
            lines([words(said.STATEMENTS[row["measure"]]), quiet(words(wording.sentence(said.PLACES[row["measure"]])))]),
            words(said.figure(row)),
            lines([words(said.expected(row)), quiet(words(said.partly(row)))]),
            words(said.last_year(row)),
            conclusion(str(row["conclusion"])),
        ]
        for _, row in rows.iterrows()
    )
    columns = _columns(report, "Statement, and where the figure comes from", (3.9, 2.6, 1.8, 2.4, 2.2))
    return table(f"{said.ASPECT_WORDS[aspect]}: evidence", columns, cells)
