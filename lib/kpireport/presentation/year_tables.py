"""Tables of a year, which the annual report and packs share: outturns with ratings, largest changes, what was red all year."""

from collections.abc import Iterator

import pandas as pd

from kpireport.presentation import charts, kpi_cells, left_out, wording, year_wording
from kpireport.presentation.blocks import Block, Page, Part
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.front_page import front_page
from kpireport.presentation.markup import bullets, heading, lines, paragraph, quiet, rag, stack, words
from kpireport.presentation.scorecard import scorecard
from kpireport.presentation.year_report import AnnualReview, PackWithReview
from kpireport.vocabulary import Basis

OUTTURN_COLUMNS = (
    Column("KPI", 4.6),
    Column("Outturn", 2.5, is_number=True),
    Column("A year before", 2, is_number=True),
    Column("Change", 3.6),
    Column("Target", 2.8, is_number=True),
    Column("Rating at year end", 2.4),
    Column("Rating a year earlier", 2.3),
)
BRIEF_COLUMNS = (
    Column("KPI", 4.6),
    Column("Outturn", 2.6, is_number=True),
    Column("Rating at year end", 2.2),
    Column("Rating a year earlier", 2.2),
    Column("Change", 3.4),
)


def outturn_table(caption: str, kpis: pd.DataFrame, *, is_whole_list: bool = False) -> Block:
    """Return KPIs with outturn, target and ratings, on landscape pages in the PDF.

    `is_whole_list` says that links to a KPI's figure lead here; once in a report.
    """
    first = kpi_cells.name_of_figure if is_whole_list else name
    rows = (
        [
            first(kpi),
            outturn(kpi),
            _year_before(kpi),
            change(kpi),
            kpi_cells.target(kpi),
            rating(kpi),
            earlier_rating(kpi),
        ]
        for _, kpi in kpis.iterrows()
    )
    return table(caption, OUTTURN_COLUMNS, rows, kind="wide")


def brief_table(caption: str, kpis: pd.DataFrame) -> Block:
    """Return KPIs with outturn, both ratings and the change."""
    rows = ([name(kpi), outturn(kpi), rating(kpi), earlier_rating(kpi), change(kpi)] for _, kpi in kpis.iterrows())
    return table(caption, BRIEF_COLUMNS, rows)


def red_all_year(rows: pd.DataFrame, total: int) -> Block:
    """Return KPIs that were red in all four quarters, with outturn, target and change; a sentence when there are none.

    `rows` are those that are printed of the `total`.
    """
    if rows.empty:
        return paragraph(words("No KPI was red in all four quarterly reports of the year."))
    columns = [
        Column("KPI", 4.6),
        Column("Outturn", 2.6, is_number=True),
        Column("Target", 2.8, is_number=True),
        Column("Change", 3.6),
    ]
    cells = ([name(kpi), outturn(kpi), kpi_cells.target(kpi), change(kpi)] for _, kpi in rows.iterrows())
    caption = f"{wording.count(total, 'KPI')} red in each quarterly report of the year"
    return stack([table(left_out.shown(caption, len(rows), total), columns, cells), rest(len(rows), total)])


def rest(printed: int, total: int) -> Block:
    """Return where the rest of a year's list is."""
    return left_out.more(printed, total, f"in {left_out.OPEN_DATA}")


def name(kpi: pd.Series) -> Block:
    """Return a KPI's name and identifier."""
    return kpi_cells.name(kpi)


def outturn(kpi: pd.Series) -> Block:
    """Return the outturn with its symbols, and its period below it."""
    return lines([words(year_wording.outturn(kpi)), quiet(words(year_wording.outturn_period(kpi)))])


def _year_before(kpi: pd.Series) -> Block:
    return lines([words(year_wording.year_before(kpi)), quiet(words(str(kpi["outturn_last_year_period"])))])


def change(kpi: pd.Series) -> Block:
    """Return the change over the year: an arrow and words."""
    if wording.is_missing(kpi["outturn_last_year"]):
        return words(f"– {year_wording.change(kpi)}")
    return kpi_cells.direction(pd.Series(year_wording.as_outturn(kpi)))


def rating(kpi: pd.Series) -> Block:
    """Return the rating at the year's end, with the result that was rated where the outturn is another."""
    return lines([kpi_cells.rating(kpi), quiet(words(year_wording.rated_on(kpi)))])


def earlier_rating(kpi: pd.Series) -> Block:
    """Return the rating of a year earlier, and whether it rested on the direction of travel."""
    if not kpi["rating_last_year"]:
        return quiet(words("not on the list"))
    basis = quiet(words("on direction")) if kpi["basis_last_year"] == Basis.DIRECTIONAL else words("")
    return lines([rag(str(kpi["rating_last_year"])), basis])


def largest_changes(improvements: pd.DataFrame, declines: pd.DataFrame) -> Part:
    """Return the chart of the year's largest changes; a sentence when nothing can be compared."""
    if improvements.empty and declines.empty:
        return paragraph(words("No figure of the year can be compared with one of a year before."))
    return charts.largest_changes(improvements, declines)


def brief_with_review(report: PackWithReview) -> Page:
    """Return a pack's first page; in the last quarter of a year the directorate's annual review follows it."""
    first = front_page(report)
    if report.annual_review is None:
        return first
    return Page((*first.parts, *_annual_review(report.annual_review)))


def _annual_review(annual: AnnualReview) -> Iterator[Part]:
    review = annual.review
    year = str(review.year)
    told = [
        *year_wording.rating_sentences(annual.counts_by_year, year),
        year_wording.moves(review.kpis),
        year_wording.travel(review.kpis, year),
        year_wording.red_all_year(review.kpis),
        year_wording.the_list(review.kpis, review.left),
    ]
    yield stack(
        [
            heading(3, words(f"Annual review, {year}"), "annual-review"),
            bullets(words(wording.sentence(sentence)) for sentence in told if sentence),
        ]
    )
    yield largest_changes(annual.improvements, annual.declines)


def scorecard_with_outturns(report: PackWithReview) -> Page:
    """Return a pack's scorecard; in the last quarter of a year the year's outturns follow it."""
    quarter = scorecard(report)
    if report.annual_review is None:
        return quarter
    review, printed = report.annual_review.review, report.year_printed
    shown, total = (review.kpis if printed is None else printed.kpis), len(review.kpis)
    caption = left_out.shown(f"Outturns of {wording.count(total, 'KPI and tracker')}", len(shown), total)
    return Page(
        (
            *quarter.parts,
            stack(
                [
                    heading(3, words(f"Outturns for {review.year}"), "outturns"),
                    bullets(words(rule) for rule in year_wording.OUTTURN_RULES),
                    outturn_table(caption, shown),
                    left_out.more(
                        len(shown), total, "which need less attention; the Annual Performance Report's open data has them"
                    ),
                ]
            ),
        )
    )
