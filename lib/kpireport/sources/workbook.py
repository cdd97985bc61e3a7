"""Open a table, .csv or .xlsx, and give every cell as text with its place and kind: nothing is converted here.

A number cell of a workbook becomes the digits it stores, a date cell the ISO day. A cell that cannot be read for what it is
(an Excel error, a formula whose result is not stored, a logical value, a time of day, a blank inside a merged range) is a
finding at once, and its kind is `UNREADABLE`. Formulas are found by opening a workbook twice, for results and for formulas.

This is the only module that reads workbooks.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import IntEnum
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import openpyxl
import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from kpireport.errors import Finding
from kpireport.sources import parquet, plain_csv

SAVE_AS_UTF8 = "In Excel, save it as CSV UTF-8 (comma delimited)."
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")


class CellKind(IntEnum):
    """What a cell is. Every cell of a CSV file is text."""

    TEXT = 0
    NUMBER = 1
    DAY = 2
    PERCENT = 3
    UNREADABLE = 4


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


def place(cell: str) -> tuple[int, int]:
    """Return the row (from 1) and the column (from 0) of an A1 address; of a range, those of its first cell."""
    letters, row = coordinate_from_string(cell.split(":")[0])
    return row, column_index_from_string(letters) - 1


def address(row: int, position: int) -> str:
    """Return the A1 address of the cell in sheet row `row` (from 1) and column `position` (from 0)."""
    return f"{get_column_letter(position + 1)}{row}"


def read(content: bytes, file: str) -> Sheet:
    """Return the cells of a table.

    Parameters
    ----------
    content
        The bytes of the file.
    file
        Its path relative to the data folder; it ends in .csv, .xlsx or .parquet, and its stem is the sheet looked for in a
        workbook.
    """
    if file.endswith(".parquet"):
        return _read_parquet(content, file)
    return _read_workbook(content, file) if file.endswith(".xlsx") else _read_csv(content, file)


def every_cell(content: bytes) -> dict[str, dict[str, str]]:
    """Return the text of every filled cell of a workbook, by sheet and address; nothing is judged.

    Raises
    ------
    ValueError
        When it is not a workbook.
    """
    try:
        book = open_book(content, data_only=False)
    except (zipfile.BadZipFile, KeyError, TypeError, OSError, SyntaxError) as error:
        raise ValueError(f"not a workbook ({error})") from error
    return {
        sheet.title: {cell.coordinate: str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
        for sheet in book.worksheets
    }


def _unreadable(file: str, found: str, expected: str, remedy: str, *, sheet: str = "", cell: str = "") -> Sheet:
    return Sheet(file, sheet, findings=(Finding(file, sheet, cell, found, expected, remedy),))


def _read_csv(content: bytes, file: str) -> Sheet:
    if content.startswith(b"PK\x03\x04"):
        return _unreadable(file, "a workbook", "a CSV file", "Give it the ending .xlsx.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _unreadable(file, "UTF-16 text", "text in UTF-8", SAVE_AS_UTF8)
    if len(content) >= plain_csv.LARGE and (plain := plain_csv.read(content)):
        sheet = _plain(file, *plain)
        if sheet is not None:
            return sheet
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = list(csv.reader(io.StringIO(content[: error.start].decode("cp1252", "replace"), newline="")))
        row, position = max(len(before), 1), max(len(before[-1]) - 1, 0) if before else 0
        if content[: error.start].endswith((b"\n", b"\r")):
            row, position = row + 1, 0
        found = f"a character that is not UTF-8 (byte {content[error.start]:#04x})"
        return _unreadable(file, found, "text in UTF-8", SAVE_AS_UTF8, cell=address(row, position))
    rows: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            rows.append(record)  # one by one: the rows read before an error tell where it is
    except csv.Error as error:
        remedy = 'Close each quotation mark; inside quoted text write it twice (""). Saving from Excel does both.'
        return _unreadable(file, f"quotation marks that do not pair ({error})", "CSV", remedy, cell=f"A{len(rows) + 1}")
    if not rows or not any(cell.strip() for cell in rows[0]):
        return _unreadable(file, "an empty first row", "a header row", "Write the columns' names in row 1.", cell="A1")
    if len(rows[0]) == 1 and re.search(r"[;\t|]", rows[0][0]):
        return _unreadable(file, "columns parted by something other than commas", "commas", SAVE_AS_UTF8, cell="A1")
    return _sheet(file, "", rows, None, [])


def _read_parquet(content: bytes, file: str) -> Sheet:
    try:
        header, cells, forms = parquet.read(content)
    except parquet.UnreadableError as error:
        expected = "Parquet with columns of text, numbers (int or float64) and days (date32)"
        return _unreadable(file, str(error), expected, "Write the table again, or save it as CSV.")
    kinds = np.array([CellKind[form.upper()] for form in forms], dtype=np.int8)
    kind_of = np.broadcast_to(kinds, cells.shape).copy()
    for place, kind in enumerate(kinds):
        if kind != CellKind.TEXT:  # an empty cell has no kind
            kind_of[cells[place].eq("").to_numpy(), place] = CellKind.TEXT
    return Sheet(file, "", tuple(name.strip() for name in header), cells, kind_of)


def _plain(file: str, header: list[str], cells: pd.DataFrame) -> Sheet | None:
    """Return the sheet of a large plain CSV file; None where cells lie beyond its header, which are to be named."""
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()
    if len(names) < len(header):
        return None
    is_blank = plain_csv.is_blank(cells)
    if is_blank.any():
        cells = cells.loc[~is_blank]
    return Sheet(file, "", tuple(names), cells, np.broadcast_to(np.int8(CellKind.TEXT), cells.shape))


def _read_workbook(content: bytes, file: str) -> Sheet:
    try:
        book = open_book(content, data_only=True)
        formulas = open_book(content, data_only=False) if has_formulas(content) else None
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, SyntaxError):  # an XML ParseError is a SyntaxError
        return Sheet(file, "", findings=(not_a_workbook(content, file),))
    stem = file.rsplit("/", 1)[-1].removesuffix(".xlsx")
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    visible = [name for name, sheet in sheets.items() if sheet.sheet_state == "visible"]
    if stem not in sheets and len(visible) != 1:
        found = f"the sheets {', '.join(visible)}"
        return _unreadable(file, found, f"one sheet, or one named {stem}", f'Name the sheet that holds the table "{stem}".')
    name = stem if stem in sheets else visible[0]
    sheet, written = sheets[name], formulas[name] if formulas else None
    has_formula = None if written is None else lambda row, column: bool(written.cell(row, column).data_type == "f")
    findings: list[Finding] = []
    rows: list[list[str]] = []
    kinds: list[list[int]] = []
    for cells in sheet.iter_rows():
        read = [read_cell(cell, has_formula, file, name, findings) for cell in cells]
        rows.append([text for text, _ in read])
        kinds.append([kind for _, kind in read])
    for merged in sheet.merged_cells.ranges:
        remedy = "Unmerge the cells and write the value in each."
        findings.append(Finding(file, name, merged.coord, "merged cells", "one value in each cell", remedy))
        for row, column in [place for line in merged.rows for place in line][1:]:
            if row <= len(kinds) and column <= len(kinds[row - 1]):
                kinds[row - 1][column - 1] = CellKind.UNREADABLE
    if not rows or not any(cell.strip() for cell in rows[0]):
        remedy = "Write the columns' names in row 1, with nothing above them."
        return _unreadable(file, "an empty first row", "a header row", remedy, sheet=name, cell="A1")
    return _sheet(file, name, rows, kinds, findings)


def not_a_workbook(content: bytes, file: str) -> Finding:
    """Return the finding about a file that cannot be opened as a workbook."""
    old = content.startswith(b"\xd0\xcf\x11\xe0")
    found = "an old or password-protected workbook" if old else "a file that is not a workbook"
    return Finding(file, "", "", found, "an .xlsx workbook", "Save it again from Excel as .xlsx, without a password.")


def open_book(content: bytes, *, data_only: bool) -> openpyxl.Workbook:
    """Open a workbook: for the results of its formulas (`data_only`), or for the formulas themselves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of extensions, such as drop-down lists, that hold no cell
        return openpyxl.load_workbook(io.BytesIO(content), data_only=data_only)


def has_formulas(content: bytes) -> bool:
    """Return whether any sheet holds a formula, so that a workbook without one is opened only once."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(_FORMULA.search(archive.read(name)) for name in parts)


@cache
def _is_percent(number_format: str) -> bool:
    """Return whether a number format shows a percentage; a sign in quotation marks or behind a backslash is only text."""
    return "%" in re.sub(r'"[^"]*"|\\.', "", number_format)


def read_cell(
    cell: Any, has_formula: Callable[[int, int], bool] | None, file: str, sheet: str, findings: list[Finding]
) -> tuple[str, int]:
    """Return a cell's text and kind; adds to `findings`, the list of the sheet being read.

    `has_formula` tells of a row and a column, from 1, whether a formula stands there; None where there is none in the workbook.
    """
    value = cell.value
    fault: tuple[str, str, str] | None = None
    if cell.data_type == "e":
        fault = (f"the Excel error {value}", "a value", "Mend the formula, or clear the cell.")
    elif isinstance(value, bool):
        fault = (f"the logical value {str(value).upper()}", "text, a number or a day", "Write it in words.")
    elif value is None:
        # A formula that gives "" is stored as text without characters: that is an empty cell, not a missing result.
        if has_formula is None or cell.data_type in ("s", "str") or not has_formula(cell.row, cell.column):
            return "", CellKind.TEXT
        fault = ("a formula whose result is not stored", "a value", "Open the workbook in Excel and save it, or write the value.")
    elif isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat(), CellKind.DAY
    elif isinstance(value, int | float):
        is_percent = _is_percent(cell.number_format or "")
        return parquet.digits(float(value)) if isinstance(value, float) else str(
            value
        ), CellKind.PERCENT if is_percent else CellKind.NUMBER
    elif isinstance(value, str):
        return value, CellKind.TEXT
    elif isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat(), CellKind.DAY
    else:
        fault = (f"a time, {value}", "text, a number or a day without a time", "Write the day alone, or format the cell as Text.")
    findings.append(Finding(file, sheet, cell.coordinate, *fault))
    return "", CellKind.UNREADABLE


def _sheet(file: str, name: str, rows: list[list[str]], kinds: list[list[int]] | None, findings: list[Finding]) -> Sheet:
    """Return the sheet without empty rows and without empty columns at the right."""
    header = [cell.strip() for cell in rows[0]]
    while header and not header[-1]:
        header.pop()
    longest = max(map(len, rows))
    if longest > len(header):
        # Cells beyond the header: an unquoted comma in a CSV file, or a remark beside a table.
        rows, extra = _cut(rows, len(header))
        expected, remedy = (
            f"nothing to the right of column {get_column_letter(len(header))}",
            "Name the column, or clear the cell.",
        )
        if not name:
            remedy = "Put text that holds a comma in quotation marks, or clear the cell."
        findings = findings + [
            Finding(file, name, address(row, position), f'"{text}", beyond the header', expected, remedy)
            for row, position, text in extra
        ]
    # Excel may leave out empty cells at the end of a CSV row.
    full = [row if len(row) == len(header) else row + [""] * (len(header) - len(row)) for row in rows[1:]]
    cells = pd.DataFrame(dict(enumerate(zip(*full, strict=True))) if full else {}, columns=range(len(header)), dtype="str")
    cells.index = pd.RangeIndex(2, len(full) + 2, name="row")
    shape = (len(full), len(header))
    if kinds is None:
        kind_of = np.broadcast_to(np.int8(CellKind.TEXT), shape)
    else:
        kind_of = np.array([line[: len(header)] for line in kinds[1:]], dtype=np.int8).reshape(shape)
    is_blank = np.array([not any(row) or not any(map(str.strip, row)) for row in full], dtype=bool)
    is_blank &= ~(kind_of == CellKind.UNREADABLE).any(axis=1)
    if is_blank.any():
        cells, kind_of = cells.loc[~is_blank], kind_of[~is_blank]
    return Sheet(file, name, tuple(header), cells, kind_of, tuple(findings))


def _cut(rows: list[list[str]], width: int) -> tuple[list[list[str]], Sequence[tuple[int, int, str]]]:
    """Return the rows cut to `width` cells, and what was cut off that is not empty: row, position, text."""
    cut_off = [
        (number, position, text.strip())
        for number, row in enumerate(rows, start=1)
        if len(row) > width
        for position, text in enumerate(row[width:], start=width)
        if text.strip()
    ]
    return [row[:width] for row in rows], cut_off
