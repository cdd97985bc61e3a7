"""Read a file that a service sent as it stands: every sheet, every filled cell with its kind, and what is merged or hidden.

Tables under `data/` have one sheet with its heads in row 1 (`workbook.read`); what services send may have any layout. Cells are
read by the same rules: text stays text, a number is the digits it stores, and a cell that cannot be read for what it is says why.

Anybody can send a file: `read_confined` has it read in a process that is stopped when it takes too long or too much memory.
"""

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from kpireport.errors import Finding
from kpireport.sources import confined, csv_text, packing, sheet_parts
from kpireport.sources.cells import CellKind, Fault, address, place
from kpireport.sources.confined import StoppedError, Why
from kpireport.sources.xml_parts import PartError

LARGEST = 100_000_000
"""Bytes of a workbook when it is unpacked."""
LONGEST = 500
MOST_CELLS = 500_000
"""Filled cells of a file."""


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
    """Those that hold something."""
    hidden_columns: frozenset[int] = field(default_factory=frozenset)

    def at(self, row: int, column: int) -> Cell:
        """Return a cell, which may be empty."""
        return self.cells.get((row, column)) or Cell(address(row, column))

    def merged_over(self, rows: Collection[int], columns: Collection[int]) -> dict[int, str]:
        """Return, of some rows, those in which cells of some columns are merged, each with the first range that does it."""
        order, wanted = sorted(rows), sorted(columns)
        first: dict[int, str] = {}
        left = set(order)
        for merged in self.merged:
            start, _, end = merged.partition(":")
            (top, begin), (bottom, stop) = place(start), place(end or start)
            if bisect_left(wanted, begin) == bisect_left(wanted, stop + 1):
                continue
            covered = order[bisect_left(order, top) : bisect_left(order, bottom + 1)]
            if len(covered) > len(left):
                covered = [row for row in left if top <= row <= bottom]
            for row in covered:
                first.setdefault(row, merged)
            left.difference_update(covered)
            if not left:
                break
        return first

    def lines(self, width: int) -> list[list[str]]:
        """Return the text of the first `width` cells of each row from 1 on, up to the last that holds one of them.

        No text of ours is longer than `LONGEST`.
        """
        held = [where for where in self.cells if where[1] < width]
        last = min(max((row for row, _ in held), default=0), len(self.cells) * 2 + 100)
        lines = [[""] * width for _ in range(last)]
        for row, column in held:
            if row <= last:
                lines[row - 1][column] = self.cells[row, column].text[:LONGEST]
        return lines


Plain = tuple[tuple[str, ...] | None, list[Any]]
"""A file as plain values: why it cannot be read, as the fields of a finding, and its sheets."""
_KINDS = tuple(CellKind)


def read(content: bytes, file: str) -> tuple[dict[str, Grid], Finding | None]:
    """Return the sheets of a workbook, or the one of a CSV file, by name, and why the file cannot be read.

    Parameters
    ----------
    file
        Its path relative to the data folder; it ends in .csv or .xlsx.
    """
    return _of_plain(plain(content, file), file)


def read_confined(content: bytes, file: str) -> tuple[dict[str, Grid], Finding | None]:
    """Return what `read` does, read by another process; a file that takes too long or too much memory cannot be read."""
    try:
        return _of_plain(confined.readers.call(plain, content, file), file)
    except StoppedError as stopped:
        return {}, why_stopped(stopped.why, file)


def why_stopped(why: Why, file: str) -> Finding:
    """Return the finding about a file whose reading had to be stopped."""
    found = {
        Why.TIME: f"a file that takes more than {confined.SECONDS} seconds to read",
        Why.MEMORY: f"a file that takes more than {confined.MEMORY // 1_000_000} MB of memory to read",
        Why.DEATH: "a file that ends the process that reads it",
    }[why]
    remedy = "Copy its cells into a new workbook, without formats and empty rows, and save that as .xlsx."
    return Finding(file, "", "", found, "a workbook of results", remedy)


def plain(content: bytes, file: str) -> Plain:
    """Return the sheets of a file as plain values, for another process: see `read`."""
    if file.lower().endswith(".csv"):
        return _plain_csv(content, file)
    unreadable = packing.why_not(content, file, largest=LARGEST)
    if unreadable is None:
        try:
            book = sheet_parts.Book(content)
            left, sheets = MOST_CELLS, []
            for title in book.sheets:
                part = book.part(title, most=left)
                left -= len(part.cells)
                filled = [(row, column, text, int(kind), fault) for (row, column), (text, kind, fault) in part.cells.items()]
                hidden = sorted(part.hidden_rows), sorted(part.hidden_columns)
                sheets.append((title, part.is_visible, filled, part.merged, *hidden))
            return None, sheets
        except sheet_parts.TooManyCellsError:
            return _too_many(file), []
        except PartError as error:
            unreadable = packing.damaged(str(error), file)
    return _fields(unreadable), []


def _fields(finding: Finding) -> tuple[str, ...]:
    return finding.file, finding.sheet, finding.cell, finding.found, finding.expected, finding.remedy


def _too_many(file: str) -> tuple[str, ...]:
    return file, "", "", f"more than {MOST_CELLS:,} filled cells", "a file of results", "Send the results alone."


def _plain_csv(content: bytes, file: str) -> Plain:
    rows, unreadable = csv_text.read(content, file)
    if unreadable is not None:
        return _fields(unreadable), []
    columns = csv_text.width(rows[0])
    filled: list[tuple[int, int, str, int, Fault | None]] = []
    for number, row in enumerate(rows, start=1):
        for position, text in enumerate(row):
            if not text:
                continue
            if position < columns:
                filled.append((number, position, text.strip() if number == 1 else text, int(CellKind.TEXT), None))
            elif text.strip():  # the first of a row is enough to refuse it
                fault = csv_text.beyond(text, number, position, columns, file)
                filled.append((number, position, "", int(CellKind.UNREADABLE), (fault.found, fault.expected, fault.remedy)))
                break
        if len(filled) > MOST_CELLS:
            return _too_many(file), []
    return None, [("", True, filled, [], [], [])]


def _of_plain(given: Plain, file: str) -> tuple[dict[str, Grid], Finding | None]:
    unreadable, sheets = given
    if unreadable is not None:
        return {}, Finding(*unreadable)
    grids = {}
    for title, is_visible, filled, merged, hidden_rows, hidden_columns in sheets:
        cells = {}
        for row, column, text, kind, fault in filled:
            where = address(row, column)
            finding = Finding(file, title, where, *fault) if fault else None
            cells[row, column] = Cell(where, text, _KINDS[kind], finding)
        hidden = frozenset(hidden_rows), frozenset(hidden_columns)
        grids[title] = Grid(file, title, cells, is_visible, tuple(merged), *hidden)
    return grids, None
