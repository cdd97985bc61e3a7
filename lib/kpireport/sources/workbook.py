"""Open a table, .csv, .xlsx or .parquet, and give every cell as text with its place and kind: nothing is converted here.

A number cell of a workbook becomes the digits it stores, a date cell the ISO day. A cell that cannot be read for what it is
(an Excel error, a formula whose result is not stored, a logical value, a time of day, a blank inside a merged range) is a
finding at once, and its kind is `UNREADABLE`. Hidden rows and columns are read like any others: what a filter hides is there.

Together with `sheet_parts` this is the only module that reads workbooks.
"""

import io
import warnings
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpireport.errors import Finding
from kpireport.sources import csv_text, packing, parquet, plain_csv, sheet_parts
from kpireport.sources.cells import CellKind as CellKind
from kpireport.sources.cells import address as address
from kpireport.sources.cells import place as place
from kpireport.sources.remedies import UNSEEN
from kpireport.sources.sheet_parts import Part
from kpireport.sources.xml_parts import PartError

if TYPE_CHECKING:
    import openpyxl

_LOOKED_AT = 30
"""Rows in which a header is looked for that is not in row 1, to say where it is."""


@dataclass(frozen=True)
class Sheet:
    """The cells of one table as they stand. Row 1 is the header; rows with nothing in them are left out."""

    file: str
    """Relative to the data folder."""
    name: str
    """The sheet of a workbook; "" for a CSV file."""
    header: tuple[str, ...] = ()
    cells: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Text; the index is the row number in the sheet, the columns are positions from 0."""
    kinds: npt.NDArray[np.int8] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int8))
    """`CellKind` of each cell, in the shape of `cells`."""
    findings: tuple[Finding, ...] = ()
    """What made cells, or the whole file, unreadable."""

    @property
    def is_readable(self) -> bool:
        """Whether there is a header row to go by."""
        return bool(self.header)


def read(content: bytes, file: str, heads: Collection[str] = ()) -> Sheet:
    """Return the cells of a table.

    Parameters
    ----------
    content
        The bytes of the file.
    file
        Its path relative to the data folder; it ends in .csv, .xlsx or .parquet, and its stem is the sheet looked for in a
        workbook.
    heads
        The names that the columns should have: where they stand in another row than the first, this is said.
    """
    if file.endswith(".parquet"):
        return _read_parquet(content, file)
    return _read_workbook(content, file, heads) if file.endswith(".xlsx") else _read_csv(content, file, heads)


def every_cell(content: bytes) -> dict[str, dict[str, str]]:
    """Return the text of every filled cell of a workbook, by sheet and address; nothing is judged.

    Raises
    ------
    ValueError
        When it is not a workbook.
    """
    try:
        book = open_book(content, data_only=False)
    except (KeyError, TypeError, OSError, SyntaxError, IndexError, AttributeError) as error:
        raise ValueError(f"not a workbook ({error})") from error
    return {
        sheet.title: {cell.coordinate: str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
        for sheet in book.worksheets
    }


def open_book(content: bytes, *, data_only: bool) -> "openpyxl.Workbook":
    """Open a workbook: for the results of its formulas (`data_only`), or for the formulas themselves.

    Raises
    ------
    ValueError
        When `packing.why_not` says that it is better not opened.
    """
    if why := packing.why_not(content, ""):
        raise ValueError(why.found)
    import openpyxl  # only here: its import takes as long as reading a register that has no workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of extensions, such as drop-down lists, that hold no cell
        return openpyxl.load_workbook(io.BytesIO(content), data_only=data_only)


def _unreadable(file: str, found: str, expected: str, remedy: str, *, sheet: str = "", cell: str = "") -> Sheet:
    return Sheet(file, sheet, findings=(Finding(file, sheet, cell, found, expected, remedy),))


def _read_csv(content: bytes, file: str, heads: Collection[str]) -> Sheet:
    if len(content) >= plain_csv.LARGE and (plain := plain_csv.read(content)):
        sheet = _plain(file, *plain)
        if sheet is not None:
            return sheet
    rows, unreadable = csv_text.read(content, file)
    if (elsewhere := _elsewhere(rows, heads, file, "")) is not None:
        unreadable = elsewhere
    if unreadable is not None:
        return Sheet(file, "", findings=(unreadable,))
    columns = csv_text.width(rows[0])
    findings: list[Finding] = []
    if max(map(len, rows)) > columns:
        cut_off = ((row, line[columns:]) for row, line in enumerate(rows, start=1))
        filled = ((row, position, text) for row, line in cut_off for position, text in enumerate(line, columns))
        findings = _beyond(filled, columns, file, "")
        rows = [row[:columns] for row in rows]
    # Excel may leave out empty cells at the end of a CSV row.
    full = [row if len(row) == columns else row + [""] * (columns - len(row)) for row in rows[1:]]
    cells = pd.DataFrame(dict(enumerate(zip(*full, strict=True))) if full else {}, columns=range(columns), dtype="str")
    cells.index = pd.RangeIndex(2, len(full) + 2, name="row")
    is_blank = np.array([not any(row) or not any(map(str.strip, row)) for row in full], dtype=bool)
    if is_blank.any():
        cells = cells.loc[~is_blank]
    kinds = np.broadcast_to(np.int8(CellKind.TEXT), cells.shape)
    return Sheet(file, "", _names(rows[0]), cells, kinds, tuple(findings))


def _read_parquet(content: bytes, file: str) -> Sheet:
    try:
        header, cells, forms = parquet.read(content)
    except parquet.UnreadableError as error:
        expected = "Parquet with columns of text, numbers (int or float64) and days (date32)"
        return _unreadable(file, str(error), expected, "Write the table again, or save it as CSV.")
    kinds = np.array([CellKind[form.upper()] for form in forms], dtype=np.int8)
    kind_of = np.broadcast_to(kinds, cells.shape).copy()
    for position, kind in enumerate(kinds):
        if kind != CellKind.TEXT:  # an empty cell has no kind
            kind_of[cells[position].eq("").to_numpy(), position] = CellKind.TEXT
    return Sheet(file, "", _names(header), cells, kind_of)


def _plain(file: str, header: list[str], cells: pd.DataFrame) -> Sheet | None:
    """Return the sheet of a large plain CSV file; None where cells lie beyond its header, which are to be named."""
    if csv_text.width(header) < len(header):
        return None
    is_blank = plain_csv.is_blank(cells)
    if is_blank.any():
        cells = cells.loc[~is_blank]
    return Sheet(file, "", _names(header), cells, np.broadcast_to(np.int8(CellKind.TEXT), cells.shape))


def _read_workbook(content: bytes, file: str, heads: Collection[str]) -> Sheet:
    if unreadable := packing.why_not(content, file):
        return Sheet(file, "", findings=(unreadable,))
    stem = file.rsplit("/", 1)[-1].removesuffix(".xlsx")
    try:
        book = sheet_parts.Book(content)
        visible = [name for name, is_visible in book.sheets.items() if is_visible]
        if stem in book.sheets and stem not in visible and visible:
            remedy = "Unhide it and see whether it is the table that is meant, or delete it."
            return _unreadable(file, "a hidden sheet of the table's name", "a sheet that can be seen", remedy, sheet=stem)
        if stem not in book.sheets and len(visible) != 1:
            found = (
                f"the sheets {', '.join(visible[:10])}{' and others' if len(visible) > 10 else ''}"
                if visible
                else "hidden sheets"
            )
            return _unreadable(file, found, f"one sheet, or one named {stem}", f'Name the sheet that holds the table "{stem}".')
        return _of_part(book.part(stem if stem in book.sheets else visible[0]), file, heads)
    except PartError as error:
        return Sheet(file, "", findings=(packing.damaged(str(error), file),))


def _of_part(part: Part, file: str, heads: Collection[str]) -> Sheet:
    """Return the table that a sheet holds."""
    rows: dict[int, dict[int, str]] = {}
    for (row, column), (text, _, _) in part.cells.items():
        rows.setdefault(row, {})[column] = text
    numbers = sorted(rows)
    first = [_line(rows.get(row, {})) for row in range(1, min(numbers[-1] if numbers else 0, _LOOKED_AT) + 1)]
    if (elsewhere := _elsewhere(first, heads, file, part.title)) is not None:
        return Sheet(file, part.title, findings=(elsewhere,))
    if not first or not any(cell.strip() for cell in first[0]):
        remedy = "Write the columns' names in row 1, with nothing above them."
        return _unreadable(file, "an empty first row", "a header row", remedy, sheet=part.title, cell="A1")
    columns = csv_text.width(first[0])
    body = [number for number in numbers if number > 1 and any(position < columns for position in rows[number])]
    index = {number: place for place, number in enumerate(body)}
    texts = np.full((len(body), columns), "", dtype=object)
    kinds = np.zeros((len(body), columns), dtype=np.int8)
    findings = [
        Finding(file, part.title, address(row, column), *fault) for (row, column), (_, _, fault) in part.cells.items() if fault
    ]
    for (row, column), (text, kind, _) in part.cells.items():
        if row in index and column < columns:
            texts[index[row], column], kinds[index[row], column] = text, kind
    for merged in part.merged:
        remedy = "Unmerge the cells and write the value in each."
        findings.append(Finding(file, part.title, merged, "merged cells", "one value in each cell", remedy))
    _mark_merged(kinds, part.merged, np.array(body, dtype=np.int64))
    filled = ((row, column, text) for (row, column), (text, _, _) in part.cells.items() if column >= columns)
    findings += _beyond(filled, columns, file, part.title)
    cells = pd.DataFrame(dict(enumerate(texts.T)), columns=range(columns), dtype="str")
    cells.index = pd.Index(body, name="row", dtype="int64")
    is_blank = np.array([not any(map(str.strip, line)) for line in texts], dtype=bool)
    is_blank &= ~(kinds == CellKind.UNREADABLE).any(axis=1)
    if is_blank.any():
        cells, kinds = cells.loc[~is_blank], kinds[~is_blank]
    return Sheet(file, part.title, _names(first[0]), cells, kinds, tuple(findings))


def _mark_merged(kinds: npt.NDArray[np.int8], merged: Iterable[str], body: npt.NDArray[np.int64]) -> None:
    """Make every cell of a merged range but its first unreadable."""
    for coordinates in merged:
        start, _, end = coordinates.partition(":")
        (top, left), (bottom, right) = place(start), place(end or start)
        begin, stop = np.searchsorted(body, [top, bottom + 1])
        kept = kinds[begin, left] if begin < len(body) and body[begin] == top and left < kinds.shape[1] else None
        kinds[begin:stop, left : right + 1] = CellKind.UNREADABLE
        if kept is not None:
            kinds[begin, left] = kept


def _line(filled: dict[int, str]) -> list[str]:
    line = [""] * (max(filled, default=-1) + 1)
    for position, text in filled.items():
        line[position] = text
    return line


def _names(header: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns; a character that takes no room is none of a name."""
    return tuple(UNSEEN.sub("", name).strip() for name in header[: csv_text.width(header)])


def _elsewhere(rows: Sequence[Sequence[str]], heads: Collection[str], file: str, sheet: str) -> Finding | None:
    """Return the finding about a table whose header stands below row 1."""
    if not heads or not rows:
        return None
    counts = [len(set(heads) & {name.strip() for name in row}) for row in rows[:_LOOKED_AT]]
    row = int(np.argmax(counts)) + 1
    if row == 1 or 2 * counts[0] >= len(heads) or counts[row - 1] < max(2, len(heads) / 2):
        return None
    remedy = "Delete the rows above it."
    return Finding(file, sheet, address(row, 0), f"the header in row {row}", "the header in row 1", remedy)


def _beyond(filled: Iterable[tuple[int, int, str]], columns: int, file: str, sheet: str) -> list[Finding]:
    """Return the findings about cells to the right of the header, the first of them if there are many."""
    found: list[Finding] = []
    for row, position, text in filled:
        if text.strip():
            found.append(csv_text.beyond(text, row, position, columns, file, sheet))
            if len(found) == csv_text.MOST_BEYOND:
                break
    return found
