"""Read a CSV file to the letter: rows of text, or the one reason why it cannot be read and where.

Only commas, UTF-8 and quotation marks that pair are read. What Excel writes otherwise (semicolons, its own code page, UTF-16) is
told apart from what is damaged, so that the remedy fits.
"""

import codecs
import csv
import io
import re
from collections.abc import Sequence

from kpireport.errors import Finding
from kpireport.sources import packing
from kpireport.sources.cells import address, letters

SAVE_AS_UTF8 = "In Excel, save it as CSV UTF-8 (comma delimited)."
LONGEST_LINE = 1_000_000
"""The most bytes of a line."""
MOST_BEYOND = 100
"""How many cells beyond the header are named."""
_LINE_END = re.compile(rb"\r\n|\r|\n")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def read(content: bytes, file: str) -> tuple[list[list[str]], Finding | None]:
    """Return the rows of a file, the header's first, or why it cannot be read.

    Parameters
    ----------
    file
        Its path relative to the data folder.
    """

    def unreadable(found: str, expected: str, remedy: str, cell: str = "") -> tuple[list[list[str]], Finding]:
        return [], Finding(file, "", cell, found, expected, remedy)

    if not content:
        return unreadable("an empty file, of 0 bytes", "a table", "Ask for it again, or save it again.")
    if content.startswith(b"PK\x03\x04"):
        return unreadable("a workbook", "a CSV file", "Give it the ending .xlsx.")
    if other := packing.other_kind(content):
        return unreadable(other[0], "a CSV file", other[1].replace("as .xlsx", "as CSV UTF-8"))
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return unreadable("UTF-16 text", "text in UTF-8", SAVE_AS_UTF8)
    if b"\0" in content:
        if content[:400].count(b"\0") * 3 > len(content[:400]):
            return unreadable("UTF-16 text", "text in UTF-8", SAVE_AS_UTF8)
        found = "a character without a meaning (NUL)"
        return unreadable(found, "text", "Delete it, or save the file again.", _cell_at(content, content.index(b"\0")))
    if (start := _long_line(content)) is not None:
        found = f"a line of more than {LONGEST_LINE:,} bytes"
        again = "Save it again as CSV UTF-8, or ask for it again."
        return unreadable(found, "one row in each line", again, f"A{_row(content, start)}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"a character that is not UTF-8 (byte {content[error.start]:#04x})"
        return unreadable(found, "text in UTF-8", SAVE_AS_UTF8, _cell_at(content, error.start))
    if row := _broken_line(text):
        found = "a line that is broken by a carriage return (CR)"
        return unreadable(found, "line ends of one kind", "Join the line again, or put the text in quotation marks.", f"A{row}")
    rows: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            rows.append(record)  # one by one: the rows read before an error tell where it is
    except csv.Error as error:
        if "field larger" in str(error):
            found = f"a cell of more than {csv.field_size_limit():,} characters, or a quotation mark that is not closed"
        else:
            found = f"quotation marks that do not pair ({error})"
        remedy = 'Close each quotation mark; inside quoted text write it twice (""). Saving from Excel does both.'
        return unreadable(found, "CSV", remedy, f"A{len(rows) + 1}")
    if not rows or not any(cell.strip() for cell in rows[0]):
        return unreadable("an empty first row", "a header row", "Write the columns' names in row 1.", "A1")
    if len(rows[0]) == 1 and re.search(r"[;\t|]", rows[0][0]):
        return unreadable("columns parted by something other than commas", "commas", SAVE_AS_UTF8, "A1")
    return rows, None


def width(header: Sequence[str]) -> int:
    """Return how many columns a header has, without empty ones at its end."""
    return max((place for place, name in enumerate(header, start=1) if name.strip()), default=0)


def beyond(text: str, row: int, position: int, columns: int, file: str, sheet: str = "") -> Finding:
    """Return the finding about a cell to the right of the header: an unquoted comma, or a remark beside a table."""
    remedy = "Name the column, or clear the cell."
    if not sheet:
        remedy = "Put text that holds a comma in quotation marks, or clear the cell."
    expected = f"nothing to the right of column {letters(columns - 1)}"
    seen = " ".join(text.split())
    found = f'"{seen if len(seen) <= 60 else seen[:57] + "..."}", beyond the header'
    return Finding(file, sheet, address(row, position), found, expected, remedy)


def _cell_at(content: bytes, place: int) -> str:
    """Return the address of the cell in which a byte stands, as well as can be told of a file that is not right."""
    before = content[:place]
    try:
        rows = list(csv.reader(io.StringIO(before.decode("cp1252", "replace"), newline="")))
    except csv.Error:
        return f"A{_row(content, place)}"
    row, position = max(len(rows), 1), max(len(rows[-1]) - 1, 0) if rows else 0
    if before.endswith((b"\n", b"\r")):
        row, position = row + 1, 0
    return address(row, position)


def _row(content: bytes, place: int) -> int:
    return len(_LINE_END.findall(content[:place])) + 1


def _long_line(content: bytes) -> int | None:
    """Return where a line begins that is too long."""
    begin = 0
    while len(content) - begin > LONGEST_LINE:
        end = max(content.rfind(b"\n", begin, begin + LONGEST_LINE), content.rfind(b"\r", begin, begin + LONGEST_LINE))
        if end < 0:
            return begin
        begin = end + 1
    return None


def _broken_line(text: str) -> int:
    """Return the row that a lone carriage return ends in a file whose other lines end otherwise; 0 where none does."""
    if "\r" not in text or "\n" not in text or not re.search(r"\r(?!\n)", text):
        return 0
    bare = _QUOTED.sub("", text)  # inside quotation marks it is part of a text
    found = re.search(r"\r(?!\n)", bare)
    return bare.count("\n", 0, found.start()) + 1 if found and "\n" in bare else 0
