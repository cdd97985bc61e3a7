"""Writes the CLT Scorecard as an accessible workbook, and hands over the files that are published beside the report.

The workbook follows the Government Analysis Function's guidance on spreadsheets: a cover, contents, notes, then one table a
sheet, with words for missing figures and no blank cells. It comes out byte for byte the same from the same report, which dates
it. This is the only module that writes workbooks.
"""

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import gptables
import pandas as pd

from kpireport.presentation import findings, left_out, signals, theme, whole_lists, wording
from kpireport.presentation.blocks import Attachment, Page
from kpireport.presentation.markup import clean
from kpireport.presentation.report import WholeCouncil
from kpireport.presentation.results_file import results_csv as results_csv
from kpireport.vocabulary import Rag

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST, NARROWEST = 46, 11
"""Widest and narrowest column, in characters."""
FULLEST = 32_000
"""The most characters in a cell: the format has room for few more, and a longer text would be left out whole."""
NOT_REPORTED = "Not on the list"
NUMBERS_OF_SCORECARD = ("Latest result", "Target value", "Upper target", "Earlier result")

SCORECARD_NOTES = {
    "[c]": "Confidential: hidden because the numbers are small.",
    "[p]": "Provisional: the figure may still change.",
    "[r]": "Revised since the previous quarter's report.",
    "[x]": "Not available: awaited, not published or not recorded; the column Rating says which.",
    "[z]": "Not applicable: there is nothing to show, such as the target of a tracker.",
    "Latest result": "The latest result received in time, which may be older than the quarter: see its period.",
    "Rated against a target": "Green at or beyond the target, amber within the tolerance of it, red beyond the tolerance.",
    "Rated on direction of travel": "The target is an increase or a decrease: compared with the earlier result.",
    "Rounding": "Figures are rounded to the decimals shown before they are rated; the workbook's cells hold them unrounded.",
}


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook, on a worksheet of its own."""

    name: str
    """The worksheet's name: a word."""
    title: str
    table: pd.DataFrame
    """Columns and cells are already words, or numbers; no cell is missing."""
    instructions: str = "This worksheet contains one table."
    formats: Mapping[str, str] = field(default_factory=dict)
    """The number format of each column of numbers, such as "0%"."""
    index_columns: int = 1
    """How many columns, from the left, say what a row is."""


def workbook(sheets: Sequence[Sheet], *, title: str, intro: Sequence[str], about: Sequence[str], author: str, date: str) -> bytes:
    """Return a workbook: cover, contents, and a worksheet for each table.

    Parameters
    ----------
    intro, about
        What the cover says under its title, and about the figures.
    date
        The day of the report (ISO), which dates the file.
    """
    tables = {
        sheet.name: gptables.GPTable(
            sheet.table.astype(object).map(lambda cell: _plain(cell) if isinstance(cell, str) else cell),
            sheet.name.lower(),
            _plain(sheet.title),
            instructions=_plain(sheet.instructions),
            index_columns={level + 1: level for level in range(sheet.index_columns)},
            additional_formatting=[
                {"column": {"columns": [column], "format": {"num_format": number, "align": "right"}}}
                for column, number in sheet.formats.items()
            ],
        )
        for sheet in sheets
    }
    cover = gptables.Cover(title=_plain(title), intro=[*map(_plain, intro)], about=[*map(_plain, about)], cover_label="Cover")
    return _written(tables, cover, title=title, author=author, date=date)


def files(report: WholeCouncil) -> Page:
    """Return the two files that are published beside the report."""
    return Page(
        (
            Attachment(left_out.WORKBOOK, WORKBOOK_TYPE, clt_scorecard(report), "The CLT Scorecard as a workbook"),
            Attachment(left_out.RESULTS, "text/csv", results_csv(report), "Every figure and rating, one row a KPI"),
        )
    )


def clt_scorecard(report: WholeCouncil) -> bytes:
    """Return the workbook: cover, contents, notes, the number of ratings, and the scorecard with one row a KPI.

    Where the report cannot print every KPI, each directorate has a worksheet, and so has every list that the report cuts short.
    """
    kpis = report.performance.kpis
    notes = pd.DataFrame({"Symbol or term": list(SCORECARD_NOTES), "Meaning": list(SCORECARD_NOTES.values())})
    sheets = {
        "Notes": gptables.GPTable(
            notes, "notes", "Symbols and terms", instructions="This worksheet contains one table.", index_columns={1: 0}
        ),
        "Ratings": gptables.GPTable(
            _ratings(report.counts),
            "ratings",
            "Number of KPIs by rating and basis",
            instructions="This worksheet contains one table. Each share has its own denominator: ratings on a target and ratings "
            "on direction of travel are never added together.",
            index_columns={1: 0, 2: 1},
            additional_formatting=[{"column": {"columns": ["Share"], "format": {"num_format": "0%"}}}],
        ),
    }
    sheets |= dict(_scorecards(report))
    sheets |= {
        name: gptables.GPTable(
            table.map(lambda cell: _plain(cell) if isinstance(cell, str) else cell),
            name.lower(),
            _plain(f"{title}, {report.subtitle}"),
            instructions="This worksheet contains one table.",
            index_columns={1: 0, 2: 1},
        )
        for name, title, table in whole_lists.tables(report)
    }
    samples = []
    if report.illustrative:
        samples = [
            f"{wording.share(report.illustrative, len(kpis), 'KPI')} show an illustrative value, which no producer published."
        ]
    cover = gptables.Cover(
        title=_plain(f"{report.council.name}: {report.title}"),
        intro=[_plain(report.subtitle), "The CLT Scorecard: every KPI with its result, target, rating and direction of travel."],
        about=[
            f"Results received up to {wording.day(datetime.fromisoformat(report.date))}.",
            f"Rating scheme: {report.scheme}.",
            *samples,
        ],
        cover_label="Cover",
    )
    return _written(sheets, cover, title=f"CLT Scorecard, {report.subtitle}", author=report.council.name, date=report.date)


def _scorecards(report: WholeCouncil) -> Iterator[tuple[str, gptables.GPTable]]:
    """Yield the worksheets of the scorecard with their names: one, or one for each directorate of a large register."""
    kpis = report.performance.kpis
    parts = [("Scorecard", "CLT Scorecard", kpis)]
    if not report.printed.is_whole:
        named = zip(report.directorates["directorate"], report.directorates["directorate_name"], strict=True)
        own = ((code, name, kpis[kpis["directorate"] == code]) for code, name in named)
        parts = [(left_out.scorecard_sheet(code), f"CLT Scorecard: {name}", rows) for code, name, rows in own if len(rows)]
    for sheet, title, rows in parts:
        scorecard = _scorecard(rows, report.directorates)
        yield (
            sheet,
            gptables.GPTable(
                scorecard,
                sheet.lower().replace(" ", "_"),
                _plain(f"{title}, {report.subtitle}"),
                instructions="This worksheet contains one table. Symbols in square brackets are explained on the worksheet "
                "Notes.",
                index_columns={1: 0, 2: 1},
                additional_formatting=_formats(rows, scorecard),
            ),
        )


def _scorecard(kpis: pd.DataFrame, directorates: pd.DataFrame) -> pd.DataFrame:
    names = dict(zip(directorates["directorate"], directorates["directorate_name"], strict=True))
    order = {code: place for place, code in enumerate(names)}
    listed = kpis.assign(place=kpis["directorate"].map(order)).sort_values(["place", "kpi_id"], kind="stable")
    rows = [
        {
            "KPI": row["kpi_id"],
            "Name": row["kpi_name"],
            "Directorate": names.get(row["directorate"], row["directorate"]),
            "Latest result": _number_or(row["value"], wording.shorthand(row)),
            "Unit": findings.unit(row),
            "Period of the result": row["period"] or "[x]",
            "Symbols": wording.shorthand(row) or "Final",
            "Rating": theme.rating_word(row["rating"]),
            "Basis of the rating": theme.BASIS_WORDS[row["basis"]],
            "Rating in the previous report": theme.rating_word(str(row["previous_rating"])) or NOT_REPORTED,
            "Target": wording.target(row),
            "Target value": _number_or(row["target"], "[z]"),
            "Upper target": _number_or(row["upper"], "[z]"),
            "Tolerance": wording.tolerance(row) or "[z]",
            "Earlier result": _number_or(row["comparator_value"], "[x]"),
            "Period of the earlier result": row["comparator_period"] or "[x]",
            "Direction of travel": theme.DIRECTION_WORDS[row["direction"]],
            "Variation and assurance": signals.printed(row) or "[z]",
            "In words": wording.sentence(wording.change(row)),
        }
        for row in wording.rows(listed)
    ]
    table = pd.DataFrame(rows, dtype=object)
    return table.map(lambda cell: _plain(cell) if isinstance(cell, str) else cell)


def _ratings(counts: pd.DataFrame) -> pd.DataFrame:
    rows = counts[counts["of"] > 0]
    return pd.DataFrame(
        {
            "Basis": [theme.BASIS_WORDS[basis] for basis in rows["basis"]],
            "Rating": [theme.rating_word(rating) for rating in rows["rating"]],
            "Number of KPIs": rows["count"].astype(int).to_list(),
            "Out of": rows["of"].astype(int).to_list(),
            "Share": (rows["count"] / rows["of"]).to_list(),
        },
        dtype=object,
    )


def _formats(kpis: pd.DataFrame, scorecard: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the format of each figure (its KPI's decimals) and of each rating (its colours, which its word repeats)."""
    decimals = dict(zip(kpis["kpi_id"], kpis["decimals"], strict=True))
    ratings = {word: rating for rating, word in theme.RATING_WORDS.items()}
    places = {column: place for place, column in enumerate(scorecard.columns)}
    rated = {column: scorecard[column].tolist() for column in ("Rating", "Rating in the previous report")}
    formats: list[dict[str, Any]] = []

    def add(row: int, column: str, properties: Mapping[str, Any]) -> None:
        # gptables formats only the last of several cells, and counts the row of heads.
        formats.append({"cell": {"format": dict(properties), "cells": (row + 1, places[column])}})

    for row, kpi_id in enumerate(scorecard["KPI"]):
        digits = int(decimals[kpi_id])
        for column in NUMBERS_OF_SCORECARD:
            add(row, column, {"num_format": f"#,##0{'.' if digits else ''}{'0' * digits}", "align": "right"})
        for column, words in rated.items():
            rating = ratings.get(words[row], "")
            if rating in tuple(Rag):
                background, text = theme.rating_pair(rating)
                add(row, column, {"bg_color": background, "font_color": text, "bold": column == "Rating"})
    return formats


def _written(sheets: dict[str, gptables.GPTable], cover: gptables.Cover, *, title: str, author: str, date: str) -> bytes:
    stream = io.BytesIO()
    # gptables 2.0.2 warns of pandas 4, and of a notes sheet of its own kind, which numbers its notes and is not ours.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = gptables.produce_workbook(
            stream,
            sheets,
            cover=cover,
            contentsheet_label="Contents",
            auto_width=dict.fromkeys(sheets, False),  # each gets its own below
            workbook_options={
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "in_memory": True,
            },
        )
    book.set_properties({"title": clean(title), "author": clean(author), "created": datetime.fromisoformat(date)})
    for sheet in book.worksheets():
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if (table := sheets.get(sheet.get_name())) is not None:
            _set_widths(sheet, table.table)
            head = len([part for part in (table.title, table.instructions) if part])
            sheet.freeze_panes(head + 1, 1)
            sheet.repeat_rows(head)
    book.close()
    return stream.getvalue()


def _set_widths(sheet: Any, table: pd.DataFrame) -> None:
    for place, column in enumerate(table.columns):
        longest = max(len(str(column)) * 0.7, *(len(str(cell)) for cell in table[column]))
        sheet.set_column(place, place, min(max(longest * 1.1 + 2, NARROWEST), WIDEST))


def _number_or(value: Any, words: str) -> float | str:
    return words if wording.is_missing(value) else float(value)


def _plain(text: str) -> str:
    """Return text without what gptables would read as a link, a note or a blank, and no more of it than a cell can hold."""
    parted = clean(text).replace("](", "] (").replace("$$", "$ $")
    parted = parted if len(parted) <= FULLEST else f"{parted[:FULLEST]}…"
    return parted if any(character.isalnum() for character in parted) else f"[x] {parted}".rstrip()
