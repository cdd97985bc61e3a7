"""Parse the text of a column by its declared format. Nothing is guessed: a cell is of its format to the letter, or a fault.

The formats are those of `kpireport.schemas`. Each different text of a column is looked at once, so that a record of a million
rows costs little; only bad cells are looked at one by one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpireport import periods
from kpireport.sources import remedies
from kpireport.sources.remedies import CONTROL, DAY, NUMBER, TURNED, UNSEEN
from kpireport.sources.workbook import CellKind

WHOLE = re.compile(r"-?[0-9]{1,15}")
AS_TEXT = re.compile(r"^'(?=[=+@-])")
"""The apostrophe by which every CSV file of ours, the record too, tells a spreadsheet that what follows is no formula."""

EXPECTED = {
    "text": "text",
    "list": "words parted by semicolons",
    "period": f"a period: {periods.FORMS}",
    "quarter": "a quarter, such as 2024-25 Q2",
    "number": "a number: digits, with a point before decimals",
    "whole": "a whole number",
    "day": "a day, written 01/04/2024 or 2024-04-01",
}
ALLOWED = {
    "text": {CellKind.TEXT, CellKind.NUMBER},
    "list": {CellKind.TEXT, CellKind.NUMBER},
    "period": {CellKind.TEXT, CellKind.NUMBER},
    "quarter": {CellKind.TEXT},
    "number": {CellKind.TEXT, CellKind.NUMBER},
    "whole": {CellKind.TEXT, CellKind.NUMBER},
    "day": {CellKind.TEXT, CellKind.DAY},
}
"""The kinds of workbook cell that a format takes. A percentage cell is never taken: 0.643 shown as 64.3% could mean either."""


@dataclass(frozen=True)
class BadCell:
    """One cell that is not of its column's format."""

    row: int
    found: str
    expected: str
    remedy: str


@dataclass(frozen=True)
class Parsed:
    """A column in its dtype; a bad cell is missing ("" in text)."""

    column: "pd.Series[Any]"
    is_bad: npt.NDArray[np.bool_]
    bad_cells: tuple[BadCell, ...]
    """Why, of the first of them."""
    more: int = 0
    """How many more there are."""


def parse(text: "pd.Series[str]", kinds: npt.NDArray[np.int8], format: str, most: int | None = None) -> Parsed:
    """Return a column of cells in the dtype of its format.

    Parameters
    ----------
    text
        The cells as text; the index is the row number in the sheet.
    kinds
        `CellKind` of each cell.
    format
        A format of `kpireport.schemas`.
    most
        How many bad cells are explained; all by default.
    """
    read, missing = _READERS[format]
    codes, different = pd.factorize(text)
    values = [read(one) for one in different]
    is_wrong = np.array([value is None for value in values], dtype=bool)[codes]
    is_unreadable = kinds == CellKind.UNREADABLE
    is_of_wrong_kind = ~np.isin(kinds, [int(kind) for kind in ALLOWED[format]]) & ~is_unreadable
    is_wrong &= ~is_unreadable
    bad = [
        _explain(text.index[place], text.iloc[place], CellKind(kinds[place]), format)
        for place in np.flatnonzero(is_wrong | is_of_wrong_kind)[:most].tolist()
    ]
    is_bad = is_wrong | is_of_wrong_kind | is_unreadable
    whole = pd.Series([missing if value is None else value for value in values] + [missing], dtype=_DTYPES[format])
    column = whole.take(np.where(is_bad, len(values), codes))
    column.index = text.index
    return Parsed(column, is_bad, tuple(bad), int((is_wrong | is_of_wrong_kind).sum()) - len(bad))


def parse_cell(text: str, kind: CellKind, format: str) -> tuple[Any, BadCell | None]:
    """Return the value of one cell, or what is wrong with it.

    The value is text ("" when empty), a float, an int, a `date`, or None when there is none. A cell that could not be read at
    all has neither: whoever read it has said so.
    """
    if kind == CellKind.UNREADABLE:
        return None, None
    value = _READERS[format][0](text) if kind in ALLOWED[format] else None
    if value is None:
        return None, _explain(0, text, kind, format)
    if value is pd.NA or (format == "number" and np.isnan(value)) or (format == "day" and np.isnat(value)):
        return None, None
    return (value.item().date() if format == "day" else value), None


def _read_text(text: str) -> str | None:
    seen = _seen(text)
    return seen and AS_TEXT.sub("", seen)


def _seen(text: str) -> str | None:
    """Return a text as it is seen: without blanks around it and without characters that take no room."""
    if CONTROL.search(text):
        return None
    if not text.isascii():
        if TURNED.search(text):
            return None
        text = UNSEEN.sub("", text)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _read_list(text: str) -> str | None:
    seen = _seen(text)
    return seen and "; ".join(word.strip() for word in seen.split(";") if word.strip())


def _read_period(text: str) -> str | None:
    try:
        return text and str(periods.parse(text))
    except ValueError:
        return None


def _read_quarter(text: str) -> str | None:
    try:
        return text and str(periods.parse_quarter(text))
    except ValueError:
        return None


def _read_number(text: str) -> float | None:
    if not text:
        return float("nan")
    value = float(text) + 0.0 if NUMBER.fullmatch(text) else float("inf")  # + 0.0 makes -0 zero
    return None if np.isinf(value) else value


def _read_whole(text: str) -> Any:
    if not text:
        return pd.NA
    return int(text) if WHOLE.fullmatch(text) else None


def _read_day(text: str) -> Any:
    if not text:
        return np.datetime64("NaT", "s")
    found = DAY.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(found[long] or found[short]) for long, short in (("year", "y"), ("month", "m"), ("day", "d")))
    try:
        return np.datetime64(date(year, month, day), "s") if 1900 <= year <= 2100 else None
    except ValueError:
        return None


_READERS: dict[str, tuple[Callable[[str], Any], Any]] = {
    "text": (_read_text, ""),
    "list": (_read_list, ""),
    "period": (_read_period, ""),
    "quarter": (_read_quarter, ""),
    "number": (_read_number, float("nan")),
    "whole": (_read_whole, pd.NA),
    "day": (_read_day, np.datetime64("NaT", "s")),
}
_DTYPES: dict[str, Any] = {
    **dict.fromkeys(("text", "list", "period", "quarter"), "str"),
    "number": "float64",
    "whole": pd.Int64Dtype(),
    "day": "datetime64[s]",
}


def _explain(row: Any, text: str, kind: CellKind, format: str) -> BadCell:
    if kind is CellKind.PERCENT:
        found, remedy = remedies.of_percent_cell(text)
    elif kind is CellKind.DAY and format != "day":
        found, remedy = remedies.of_date_cell(text, format)
    elif kind is CellKind.NUMBER and format == "day":
        found, remedy = f"the number {text}", "Format the cell as a date, or write the day as text."
    else:
        found, remedy = remedies.quoted(text), remedies.of_text(text, format)
    return BadCell(row, found, EXPECTED[format], remedy)
