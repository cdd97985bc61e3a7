"""Mark the faults and questions of a return in a copy of its workbook: a coloured cell, and a comment that says what to do.

The original is never changed. The copy is for reading: the stamp of our form is taken out of it, so that the copy is not returned
in place of the form.
"""

import io
import tempfile
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from tempfile import TemporaryDirectory

import openpyxl
from openpyxl.cell import MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from kpireport.collection.return_form import STAMP_SHEET
from kpireport.errors import Finding
from kpireport.sources import confined, packing
from kpireport.sources.confined import StoppedError

FAULT, QUESTION = "F6D7D2", "FFF3C4"
"""Colours of cells with a fault and with a question."""
AUTHOR = "kpireport"
LONGEST = 2_000
Fields = tuple[str, str, str, str, str, str]
"""A finding as plain texts."""
MOST = 1_000
"""How many findings are marked and listed."""


def mark_confined(content: bytes, faults: Sequence[Finding], questions: Sequence[Finding]) -> bytes | None:
    """Return what `mark` does, made by another process; None for a workbook that cannot be opened or takes too long."""
    with TemporaryDirectory(prefix="kpireport-") as folder:
        plain = [[astuple(one) for one in findings[:MOST]] for findings in (faults, questions)]
        try:
            marked: bytes | None = confined.readers.call(_mark, content, *plain, folder)
        except StoppedError:
            return None
    return marked


def _mark(content: bytes, faults: Sequence[Fields], questions: Sequence[Fields], folder: str) -> bytes | None:
    tempfile.tempdir = folder  # openpyxl writes each sheet to a file first
    try:
        return mark(content, [Finding(*one) for one in faults], [Finding(*one) for one in questions])
    except MemoryError:
        raise
    except Exception:  # openpyxl raises whatever it meets in a part that is not as it should be
        return None


def mark(content: bytes, faults: Sequence[Finding], questions: Sequence[Finding]) -> bytes:
    """Return a copy of a workbook with its findings marked, and listed on a sheet "Answers" in front of the others."""
    if why := packing.why_not(content, ""):
        raise ValueError(why.found)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of extensions that it leaves out
        book = openpyxl.load_workbook(io.BytesIO(content))
    if STAMP_SHEET in book.sheetnames and len(book.sheetnames) > 1:
        del book[STAMP_SHEET]
    said: dict[tuple[str, str], list[str]] = {}
    colours: dict[tuple[str, str], str] = {}
    for findings, colour in ((faults, FAULT), (questions, QUESTION)):
        for finding in findings:
            if finding.sheet in book.sheetnames and finding.cell:
                place = (finding.sheet, finding.cell.split(":")[0])
                said.setdefault(place, []).append(f"Found {finding.found}; expected {finding.expected}. {finding.remedy}")
                colours.setdefault(place, colour)
    for (name, address), texts in said.items():
        sheet = book[name]
        cell = sheet[address]
        if isinstance(cell, MergedCell):
            continue
        text = ILLEGAL_CHARACTERS_RE.sub("?", "\n\n".join(texts)[:LONGEST])
        comment = Comment(text, AUTHOR, width=360, height=60 + 40 * len(texts))
        cell.comment = comment
        cell.fill = PatternFill("solid", fgColor=colours[name, address])
    _list(book.create_sheet("Answers", 0), faults, questions)
    book.active = 0
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _list(sheet: Worksheet, faults: Iterable[Finding], questions: Iterable[Finding]) -> None:
    for row, cells in enumerate(
        [
            ("What", "Sheet", "Cell", "Found", "Expected", "What to do"),
            *(("Fault", one.sheet, one.cell, one.found, one.expected, one.remedy) for one in faults),
            *(("Question", one.sheet, one.cell, one.found, one.expected, one.remedy) for one in questions),
        ],
        start=1,
    ):
        for column, text in enumerate(cells, start=1):
            cell = sheet.cell(row, column)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("?", text)
            cell.data_type = "s"  # never a formula
    for letter, width in zip("ABCDEF", (10, 20, 8, 60, 40, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
