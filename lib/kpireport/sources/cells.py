"""Say what one cell of a workbook is, from what the file stores: its text and its kind, or why it cannot be read.

A number becomes the digits it stores, a date the ISO day; text stays text. Nothing is converted or guessed: a cell that cannot be
read for what it is (an Excel error, a formula whose result is not stored, a logical value, a time of day) says so.

This module needs nothing but the standard library: what reads files that anybody can send starts quickly (`confined`).
"""

import re
from datetime import date, datetime, time
from decimal import Decimal
from enum import IntEnum
from functools import cache
from math import isfinite
from typing import Any

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The last row and column, counted from 1, of a sheet in any program."""
LONGEST = 32_767
"""The most characters that Excel keeps in a cell."""
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")

Fault = tuple[str, str, str]
"""What was found in a cell, what is expected and what to do."""


class CellKind(IntEnum):
    """What a cell is. Every cell of a CSV file is text."""

    TEXT = 0
    NUMBER = 1
    DAY = 2
    PERCENT = 3
    UNREADABLE = 4


@cache
def _number_of(letters: str) -> int:
    """Return the number of a column, from 1, by its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def place(cell: str) -> tuple[int, int]:
    """Return the row (from 1) and the column (from 0) of an A1 address; of a range, those of its first cell.

    Raises
    ------
    ValueError
        When no sheet has such a cell.
    """
    found = _ADDRESS.fullmatch(cell.split(":", 1)[0])
    row, column = (int(found[2]), _number_of(found[1])) if found else (0, 0)
    if not (1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN):
        raise ValueError(f"no cell {cell[:20]!r}")
    return row, column - 1


@cache
def letters(position: int) -> str:
    """Return the letters of the column at `position`, from 0."""
    text, number = "", position + 1
    while number:
        number, letter = divmod(number - 1, 26)
        text = chr(65 + letter) + text
    return text


def address(row: int, position: int) -> str:
    """Return the A1 address of the cell in sheet row `row` (from 1) and column `position` (from 0)."""
    return f"{letters(position)}{row}"


def digits(value: float) -> str:
    """Return a number as plain digits, exactly as stored: 13.0 is 13, 1e-05 is 0.00001."""
    return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}"


@cache
def is_percent(number_format: str) -> bool:
    """Return whether a number format shows a percentage; a sign in quotation marks or behind a backslash is only text."""
    return "%" in re.sub(r'"[^"]*"|\\.', "", number_format)


def judge(value: Any, data_type: str, number_format: str, *, has_formula: bool) -> tuple[str, CellKind, Fault | None]:
    """Return a cell's text and kind, and what is wrong with it.

    Parameters
    ----------
    value, data_type, number_format
        As openpyxl names them, of a workbook opened for the results of its formulas.
    has_formula
        Whether a formula stands in it.
    """
    fault: Fault
    if data_type == "e":
        fault = (f"the Excel error {str(value)[:20]}", "a value", "Mend the formula, or clear the cell.")
    elif isinstance(value, bool):
        fault = (f"the logical value {str(value).upper()}", "text, a number or a day", "Write it in words.")
    elif value is None:
        # A formula that gives "" is stored as text without characters: that is an empty cell, not a missing result.
        if not has_formula or data_type in ("s", "str"):
            return "", CellKind.TEXT, None
        fault = ("a formula whose result is not stored", "a value", "Open the workbook in Excel and save it, or write the value.")
    elif isinstance(value, str):
        if len(value) <= LONGEST:
            return value, CellKind.TEXT, None
        fault = (f"a text of {len(value):,} characters", f"at most {LONGEST:,}", "Shorten it.")
    elif isinstance(value, int | float):
        if isfinite(value):
            text = digits(value) if isinstance(value, float) else str(value)
            return text, CellKind.PERCENT if is_percent(number_format or "") else CellKind.NUMBER, None
        fault = ("a number that is too large", "a number", "Type the value again.")
    elif isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat(), CellKind.DAY, None
    elif isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat(), CellKind.DAY, None
    else:
        fault = (f"a time, {value}", "text, a number or a day without a time", "Write the day alone, or format the cell as Text.")
    return "", CellKind.UNREADABLE, fault
