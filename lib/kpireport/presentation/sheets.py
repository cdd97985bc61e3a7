"""Writes accessible workbooks: a cover, contents, notes, then one table a sheet, with words for missing figures.

They follow the Government Analysis Function's guidance on spreadsheets: no merged and no blank cells, numbers as numbers with
their units beside them or in the head, symbols explained where they are used, and none that is not used. A workbook comes out
byte for byte the same from the same report, which dates it. This is the only module that writes workbooks.
"""

import io
import math
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import gptables
import pandas as pd

from kpireport.presentation.markup import clean
from kpireport.presentation.phrases import join
from kpireport.presentation.theme import SHORTHAND

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST, NARROWEST, COVER = 46, 11, 105
"""Widest and narrowest column, and the cover's only one, in characters."""
LINE = 15.75
"""Height of a line of a cell's words, in points."""
FULLEST = 32_000
"""The most characters in a cell: the format has room for few more, and a longer text would be left out whole."""
NOTES = "Notes"
_SYMBOL = re.compile(r"\[[a-z]\]")


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook, on a worksheet of its own."""

    name: str
    """The worksheet's name: a word or two."""
    title: str
    table: pd.DataFrame
    """Columns and cells are already words, or numbers; no cell is missing."""
    instructions: str = "This worksheet contains one table."
    """What is said under the title; the symbols that the table uses are added."""
    formats: Mapping[str, str] = field(default_factory=dict)
    """The number format of each column of numbers, such as "0%"."""
    cell_formats: Sequence[tuple[int, str, Mapping[str, Any]]] = ()
    """Single cells that look otherwise: the row from 0, the column, and what is special about it."""
    index_columns: int = 1
    """How many columns, from the left, say what a row is."""


def workbook(
    sheets: Sequence[Sheet],
    *,
    notes: Mapping[str, str],
    title: str,
    intro: Sequence[str],
    about: Sequence[str],
    author: str,
    date: str,
) -> bytes:
    """Return a workbook: cover, contents, notes, and a worksheet for each table.

    Parameters
    ----------
    notes
        What each term and each symbol means. A symbol, such as "[x]", is explained only where a table uses it.
    intro, about
        What the cover says under its title, and about the figures.
    date
        The day of the report (ISO), which dates the file.
    """
    told = [replace(sheet, table=_cells(sheet.table)) for sheet in sheets]
    used = {symbol for sheet in told for symbol in symbols_in(sheet.table)}
    explained = {term: said for term, said in notes.items() if term in used or not _SYMBOL.fullmatch(term)}
    if explained:
        table = pd.DataFrame({"Symbol or term": list(explained), "Meaning": list(explained.values())}, dtype=object)
        told = [Sheet(NOTES, "Symbols and terms", _cells(table)), *told]
    cover = gptables.Cover(title=_plain(title), intro=[*map(_plain, intro)], about=[*map(_plain, about)], cover_label="Cover")
    return _written({sheet.name: sheet for sheet in told}, cover, title=title, author=author, date=date)


def symbols_in(table: pd.DataFrame) -> list[str]:
    """Return the symbols, such as "[x]", that stand in the cells of a table, in their order."""
    words = {cell for column in table for cell in table[column] if isinstance(cell, str)}
    return sorted({symbol for cell in words for symbol in _SYMBOL.findall(cell)} & set(SHORTHAND))


def _cells(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype(object).map(lambda cell: _plain(cell) if isinstance(cell, str) else cell)


def _table(sheet: Sheet) -> gptables.GPTable:
    symbols = [f"{symbol} {SHORTHAND[symbol].split(':')[0].lower()}" for symbol in symbols_in(sheet.table)]
    is_notes = sheet.name == NOTES
    said = f"{sheet.instructions} {join(symbols)}." if symbols and not is_notes else sheet.instructions
    places = {str(column): place for place, column in enumerate(sheet.table.columns)}
    columns = [
        {"column": {"columns": [column], "format": {"num_format": number, "align": "right"}}}
        for column, number in sheet.formats.items()
        if column in places
    ]
    # Cells of one line stand at the top of their row; words after numbers, which are set right, do not touch them.
    held = [any(isinstance(cell, int | float) for cell in sheet.table[column]) for column in sheet.table]
    for column, is_number, is_after in zip(places, held, [False, *held], strict=False):
        apart = {"indent": 1} if is_after and not is_number else {}
        columns.append({"column": {"columns": [column], "format": {"valign": "top", **apart}}})
    # gptables formats only the last of several cells, and counts the row of heads.
    cells = [{"cell": {"format": dict(how), "cells": (row + 1, places[column])}} for row, column, how in sheet.cell_formats]
    return gptables.GPTable(
        sheet.table,
        sheet.name.lower().replace(" ", "_"),
        _plain(sheet.title),
        instructions=_plain(said),
        index_columns={level + 1: level for level in range(sheet.index_columns)},
        additional_formatting=[*columns, *cells],
    )


def _written(sheets: Mapping[str, Sheet], cover: gptables.Cover, *, title: str, author: str, date: str) -> bytes:
    stream = io.BytesIO()
    # gptables 2.0.2 warns of pandas 4, and of a notes sheet of its own kind, which numbers its notes and is not ours.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = gptables.produce_workbook(
            stream,
            {name: _table(sheet) for name, sheet in sheets.items()},
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
    for page in book.worksheets():
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        if (sheet := sheets.get(page.get_name())) is not None:
            _lay_out(page, sheet)
        elif page.get_name() == "Cover":
            page.set_column(0, 0, COVER)
            for row, said in enumerate([cover.title, "", *cover.intro, "", *cover.about]):
                _set_height(page, row, said, COVER)
    book.close()
    return stream.getvalue()


def _lay_out(page: Any, sheet: Sheet) -> None:
    """Set widths, heights for cells of several lines, and the heads to stay in sight and to be repeated on paper."""
    first = 2 + 1  # below the title, what is said of the table, and the heads
    widths = []
    for place, column in enumerate(sheet.table.columns):
        dates = len(sheet.formats.get(column, "")) if any(letter in sheet.formats.get(column, "") for letter in "dmy") else 0
        longest = max(len(str(column)) * 0.7, dates, *(len(_shown(cell)) for cell in sheet.table[column]))
        widths.append(min(max(longest * 1.1 + 2, NARROWEST), WIDEST))
        page.set_column(place, place, widths[-1])
    rows = [list(map(str, sheet.table.columns)), *(list(map(_shown, row)) for row in sheet.table.itertuples(index=False))]
    for number, row in enumerate(rows, start=first - 1):
        fullest, width = max(zip(row, widths, strict=True), key=lambda cell: len(cell[0]) / cell[1])
        _set_height(page, number, fullest, width)
    page.freeze_panes(first, 1)
    page.repeat_rows(first - 1)


def _shown(cell: object) -> str:
    """Return a cell about as a spreadsheet shows it: a number by no more than its first digits."""
    return cell if isinstance(cell, str) else f"{cell:.10g}" if isinstance(cell, float) else str(cell)


def _set_height(page: Any, row: int, words: str, width: float) -> None:
    """Make a row as high as the lines of its fullest cell: not every program does so by itself."""
    lines = sum(math.ceil(max(len(line), 1) * 1.08 / width) for line in words.split("\n"))
    if lines > 1:
        page.set_row(row, LINE * lines)


def _plain(text: str) -> str:
    """Return text without what gptables would read as a link, a note or a blank, and no more of it than a cell can hold."""
    parted = clean(text).replace("](", "] (").replace("$$", "$ $")
    parted = parted if len(parted) <= FULLEST else f"{parted[:FULLEST]}…"
    return parted if any(character.isalnum() for character in parted) else f"[x] {parted}".rstrip()
