"""Mark the faults and questions of a return in a copy of its workbook: a coloured cell, and a comment that says what to do.

The original is never changed. The copy is for reading: the stamp of our form is taken out of it, so that the copy is not returned
in place of the form.
"""

import io
import warnings
from collections.abc import Iterable, Sequence

import openpyxl
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from kpireport.collection.return_form import STAMP_SHEET
from kpireport.errors import Finding

FAULT, QUESTION = "F6D7D2", "FFF3C4"
"""Colours of cells with a fault and with a question."""
AUTHOR = "kpireport"
LONGEST = 2_000


def mark(content: bytes, faults: Sequence[Finding], questions: Sequence[Finding]) -> bytes:
    """Return a copy of a workbook with its findings marked, and listed on a sheet "Answers" in front of the others."""
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
        comment = Comment("\n\n".join(texts)[:LONGEST], AUTHOR, width=360, height=60 + 40 * len(texts))
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
            cell.value = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("?", text)
            cell.data_type = "s"  # never a formula
    for letter, width in zip("ABCDEF", (10, 20, 8, 60, 40, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
