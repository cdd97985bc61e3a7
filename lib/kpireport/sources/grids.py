"""Read a file that a service sent as it stands: every sheet, every filled cell with its kind, and what is merged or hidden.

Tables under `data/` have one sheet with its heads in row 1 (`workbook.read`); what services send may have any layout. Cells are
read by the same rules: text stays text, a number is the digits it stores, and a cell that cannot be read for what it is says why.
"""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from kpireport.errors import Finding
from kpireport.sources import sheet_parts, workbook
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
        parts = sheet_parts.read(content)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError, OSError, SyntaxError, NotImplementedError):
        return {}, workbook.not_a_workbook(content, file)
    return {part.title: _grid(part, file) for part in parts}, None


def _grid(part: sheet_parts.Part, file: str) -> Grid:
    cells = {}

    def has_formula(row: int, column: int) -> bool:
        return (row, column) in part.formulas

    for cell in part.cells:
        findings: list[Finding] = []
        text, kind = workbook.read_cell(cell, has_formula, file, part.title, findings)
        if text or findings:
            cells[cell.row, cell.column - 1] = Cell(cell.coordinate, text, CellKind(kind), findings[0] if findings else None)
    return Grid(
        file,
        part.title,
        cells,
        is_visible=part.is_visible,
        merged=tuple(sorted(part.merged)),
        hidden_rows=frozenset(part.hidden_rows),
        hidden_columns=frozenset(number - 1 for number in part.hidden_columns),
    )


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
