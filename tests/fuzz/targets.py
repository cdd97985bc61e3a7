"""What fuzzing looks at: each target takes bytes, and fails when anything comes out of a reader but values or findings in words.

A workbook is given as the texts of its parts, one after another, so that what is changed is XML and not the bits of a zip.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from unittest.mock import patch

import fuzz_commentary
import numpy as np
import pandas as pd
from kpireport.collection import answers, intake, receipt
from kpireport.collection.blame import Blame
from kpireport.errors import Finding
from kpireport.sources import csv_text, formats, grids, plain_csv, tables, workbook
from kpireport.sources.cells import CellKind
from kpireport.sources.workbook import Sheet

TABLE = "scorecard/outcomes"
_PART = re.compile(rb"^=== (.*)$", re.MULTILINE)


def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the parts that a text gives: each below a line "=== " and its name."""
    found = _PART.split(data)
    return {
        name.decode("utf-8", "replace").strip()[:200] or "x": content.strip(b"\r\n")
        for name, content in zip(found[1::2], found[2::2], strict=True)
    }


def text_of(parts: dict[str, bytes]) -> bytes:
    """Return the text that gives these parts."""
    return b"\n".join(b"=== " + name.encode() + b"\n" + content for name, content in parts.items())


def packed(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("\0", "") or "x", content)
    return stream.getvalue()


def in_words(*findings: Finding) -> None:
    """Fail where a finding is not a sentence for a person."""
    for one in findings:
        assert one.found.strip(), one
        assert one.expected.strip(), one
        assert one.remedy.strip(), one
        assert "\n" not in one.found + one.cell + one.remedy, one
        assert "Traceback" not in str(one), one
        assert len(one.found) < 2_000, one


def _as_table(content: bytes, sheet: Sheet) -> None:
    """Read the whole table, where its header is not that of another: it takes ten times as long as the cells."""
    if "value" in sheet.header:
        in_words(*tables.read(TABLE, content, sheet.file)[1])


def csv_file(data: bytes) -> None:
    """A CSV file, read as a table of the register and as a return: alike, and as Python's own reader reads it."""
    sheet = workbook.read(data, f"{TABLE}.csv")
    in_words(*sheet.findings)
    _as_table(data, sheet)
    read, unreadable = grids.read(data, "sent.csv")
    assert (unreadable is None) == sheet.is_readable
    plain = plain_csv.read(data)
    if unreadable is not None:
        in_words(unreadable)
        assert plain is None or not sheet.is_readable
        return
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    columns = csv_text.width(rows[0])
    (grid,) = read.values()
    for (row, column), cell in grid.cells.items():
        if cell.finding is None and row > 1:
            assert cell.text == rows[row - 1][column]
    for row, line in zip(sheet.cells.index, sheet.cells.itertuples(index=False, name=None), strict=True):
        assert list(line) == (rows[row - 1] + [""] * columns)[:columns]
    if plain is not None:
        header, cells = plain
        assert header == rows[0]
        whole = [row or [""] * len(header) for row in rows[1:]]
        assert [list(line) for line in cells.itertuples(index=False, name=None)] == whole


def workbook_file(data: bytes) -> None:
    """A workbook, read as a table of the register and as a return."""
    content = packed(parts_of(data))
    sheet = workbook.read(content, f"{TABLE}.xlsx")
    in_words(*sheet.findings)
    _as_table(content, sheet)
    read, unreadable = grids.read(content, "sent.xlsx")
    if unreadable is not None:
        in_words(unreadable)
    for grid in read.values():
        in_words(*(cell.finding for cell in grid.cells.values() if cell.finding))
        grid.lines(9)
        grid.merged_over({row for row, _ in grid.cells}, {0, 3})
    if sheet.is_readable and read:
        grid = read[sheet.name]
        for row, line in zip(sheet.cells.index, sheet.cells.itertuples(index=False, name=None), strict=True):
            assert [grid.at(int(row), column).text for column in range(len(line))] == list(line)


def cell_texts(data: bytes) -> None:
    """Texts, one in each line, as cells of a column: together or one by one, what is read is the same."""
    if len(data) < 2:
        return
    names = sorted(formats.EXPECTED)
    format, kind = names[data[0] % len(names)], (CellKind.TEXT, CellKind.TEXT, CellKind.NUMBER, CellKind.DAY)[data[1] % 4]
    texts = data[2:].decode("utf-8", "replace").split("\n")
    if kind is CellKind.NUMBER:
        texts = [text for text in texts if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", text)]
    if kind is CellKind.DAY:
        texts = [text for text in texts if re.fullmatch(r"[12][0-9]{3}-0[1-9]-[012][1-8]", text)]
    column = pd.Series(texts, index=range(2, len(texts) + 2), dtype="str")
    parsed = formats.parse(column, np.full(len(texts), kind, dtype=np.int8), format)
    bad = {cell.row: cell for cell in parsed.bad_cells}
    for row, text in column.items():
        value, wrong = formats.parse_cell(text, kind, format)
        assert (wrong is not None) == (row in bad) == bool(parsed.is_bad[int(row) - 2])
        if wrong is not None:
            assert (wrong.found, wrong.remedy) == (bad[row].found, bad[row].remedy)
            in_words(Finding("x", "", "A1", wrong.found, wrong.expected, wrong.remedy))
            continue
        together = parsed.column[row]
        if value is None:
            assert pd.isna(together)
        else:
            assert together == (pd.Timestamp(value) if isinstance(value, date) else value)


@cache
def _before():
    import forms

    return forms.before()


def whole_return(data: bytes) -> None:
    """A return: a CSV file, or a workbook, with its mapping file beside it or without, taken in and answered."""
    parts = parts_of(data)
    mapping = parts.pop("sent.mapping.yaml", None)
    given = parts.pop("sent.csv", None)
    name = "sent.xlsx" if given is None else "sent.csv"
    files = {name: packed(parts) if given is None else given}
    if mapping is not None:
        files["sent.mapping.yaml"] = mapping
    # In this process, so that fuzzing sees which lines are run; the record beside the new rows is not read again.
    with patch.object(grids, "read_confined", grids.read), patch.object(intake, "_blame", lambda *_: Blame({}, {})):
        found = _before().collect(files)
    for answer in found.answers:
        in_words(*answer.faults, *answer.questions)
        for block in answers.page(answer):
            assert block.html
    assert receipt.FOLDER == "returns"


TARGETS: dict[str, Callable[[bytes], None]] = {
    "csv_file": csv_file,
    "workbook_file": workbook_file,
    "cell_texts": cell_texts,
    "whole_return": whole_return,
    "commentary": fuzz_commentary.commentary,
    "escaped": fuzz_commentary.escaped,
}
CORPUS = Path(__file__).resolve().parent / "corpus"
