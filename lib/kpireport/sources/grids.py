"""Read a file that a service sent as it stands: every sheet, every filled cell with its kind, and what is merged or hidden.

Tables under `data/` have one sheet with its heads in row 1 (`workbook.read`); what services send may have any layout. Cells are
read by the same rules: text stays text, a number is the digits it stores, and a cell that cannot be read for what it is says why.
"""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kpireport.errors import Finding
from kpireport.sources import workbook
from kpireport.sources.workbook import CellKind


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell."""

    address: str
    text: str = ""
    kind: CellKind = CellKind.TEXT
    finding: Finding | None = None
    """Why it cannot be read."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it, not even spaces."""
        return not self.text and self.finding is None


@dataclass(frozen=True)
class Grid:
    """The filled cells of one sheet."""

    file: str
    name: str
    """"" for a CSV file."""
    cells: Mapping[tuple[int, int], Cell]
    """By row (from 1) and column (from 0)."""
    is_visible: bool = True
    merged: tuple[str, ...] = ()
    """The addresses of merged cells, such as A3:A5."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = field(default_factory=frozenset)

    def at(self, row: int, column: int) -> Cell:
        """Return a cell, which may be empty."""
        return self.cells.get((row, column)) or Cell(workbook.address(row, column))

    def lines(self) -> list[list[str]]:
        """Return the text of every cell from A1 on, row by row."""
        last = max((row for row, _ in self.cells), default=0)
        width = max((column for _, column in self.cells), default=-1) + 1
        lines = [[""] * width for _ in range(last)]
        for (row, column), cell in self.cells.items():
            lines[row - 1][column] = cell.text
        return lines


def read(content: bytes, file: str) -> tuple[dict[str, Grid], Finding | None]:
    """Return the sheets of a workbook, or the one of a CSV file, by name, and why the file cannot be read.

    Parameters
    ----------
    file
        Its path relative to the data folder; it ends in .csv or .xlsx.
    """
    if file.lower().endswith(".csv"):
        return _of_csv(content, file)
    try:
        book = workbook.open_book(content, data_only=True)
        formulas = workbook.open_book(content, data_only=False) if workbook.has_formulas(content) else None
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, SyntaxError):
        return {}, workbook.not_a_workbook(content, file)
    return {sheet.title: _grid(sheet, formulas, file) for sheet in book.worksheets}, None


def _grid(sheet: Any, formulas: Any, file: str) -> Grid:
    cells = {}
    written = formulas[sheet.title] if formulas else None
    for line in sheet.iter_rows():
        for cell in line:
            if cell.value is None and written is None:
                continue
            findings: list[Finding] = []
            text, kind = workbook.read_cell(cell, written, file, sheet.title, findings)
            if text or findings:
                place = (cell.row, cell.column - 1)
                cells[place] = Cell(cell.coordinate, text, CellKind(kind), findings[0] if findings else None)
    hidden_columns = {
        number - 1 for dimension in sheet.column_dimensions.values() if dimension.hidden for number in _numbers_of(dimension)
    }
    return Grid(
        file,
        sheet.title,
        cells,
        is_visible=sheet.sheet_state == "visible",
        merged=tuple(sorted(merged.coord for merged in sheet.merged_cells.ranges)),
        hidden_rows=frozenset(number for number, dimension in sheet.row_dimensions.items() if dimension.hidden),
        hidden_columns=frozenset(hidden_columns),
    )


def _numbers_of(dimension: Any) -> range:
    """Return the numbers, from 1, of the columns that one entry of a workbook speaks of."""
    return range(dimension.min, dimension.max + 1) if dimension.min else range(0)


def _of_csv(content: bytes, file: str) -> tuple[dict[str, Grid], Finding | None]:
    sheet = workbook.read(content, file)
    if not sheet.is_readable:
        return {}, sheet.findings[0]
    cells = {(1, column): Cell(workbook.address(1, column), head) for column, head in enumerate(sheet.header) if head}
    for row, line in zip(sheet.cells.index, sheet.cells.itertuples(index=False, name=None), strict=True):
        for column, text in enumerate(line):
            if text:
                cells[row, column] = Cell(workbook.address(row, column), text)
    for finding in sheet.findings:  # cells beyond the heads
        row, column = workbook.place(finding.cell)
        cells[row, column] = Cell(finding.cell, "", CellKind.UNREADABLE, finding)
    return {"": Grid(file, "", cells)}, None
