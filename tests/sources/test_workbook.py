import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time

import openpyxl
import pytest
from kpireport.sources import workbook
from kpireport.sources.workbook import CellKind, Sheet
from openpyxl.worksheet.worksheet import Worksheet


def read_csv(text: str | bytes) -> Sheet:
    return workbook.read(text if isinstance(text, bytes) else text.encode(), "register/results.csv")


def read_xlsx(fill: Callable[[Worksheet], None], *, file: str = "register/results.xlsx") -> Sheet:
    book = openpyxl.Workbook()
    fill(book.worksheets[0])
    stored = io.BytesIO()
    book.save(stored)
    return workbook.read(stored.getvalue(), file)


def one_cell(value: object, number_format: str = "General") -> Sheet:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"], sheet["A2"], sheet["B1"], sheet["B2"] = "value", value, "note", "x"
        sheet["A2"].number_format = number_format

    return read_xlsx(fill)


def faults(sheet: Sheet) -> list[tuple[str, str]]:
    return [(finding.cell, finding.found) for finding in sheet.findings]


@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_csv_cells_are_text_with_their_row_in_the_sheet(start):
    sheet = read_csv(f'{start}kpi_id,value\nAH-01,007\n\n"CF-02, new",NA\n')
    assert sheet.header == ("kpi_id", "value")
    assert sheet.cells.to_dict("index") == {2: {0: "AH-01", 1: "007"}, 4: {0: "CF-02, new", 1: "NA"}}


def test_a_quoted_line_break_does_not_shift_the_rows():
    sheet = read_csv('a,b\n"two\nlines",1\nx,2\n')
    assert sheet.cells.index.tolist() == [2, 3]


def test_excel_may_leave_out_empty_cells_at_the_end_of_a_csv_row():
    assert read_csv("a,b,c\n1,2\n").cells.iloc[0].tolist() == ["1", "2", ""]


@pytest.mark.parametrize(
    ("content", "cell", "found"),
    [
        ("a,b\n1,2\n1–3,x\n".encode("cp1252"), "A3", "a character that is not UTF-8 (byte 0x96)"),
        ("a,b\n1,£2\n".encode("cp1252"), "B2", "a character that is not UTF-8 (byte 0xa3)"),
        ("a,b\n1,2\n".encode("utf-16"), "", "UTF-16 text"),
        (b'a,b\n1,"2\n3,4\n', "A2", "quotation marks that do not pair (unexpected end of data)"),
        (b"a;b\n1;2\n", "A1", "columns parted by something other than commas"),
        (b"", "", "an empty file, of 0 bytes"),
        (b"\n1,2\n", "A1", "an empty first row"),
        (b"PK\x03\x04 and more", "", "a workbook"),
    ],
)
def test_a_csv_file_that_cannot_be_read_says_where_and_why(content, cell, found):
    sheet = read_csv(content)
    assert not sheet.is_readable
    assert faults(sheet) == [(cell, found)]


def test_a_comma_without_quotation_marks_is_a_fault_beyond_the_header():
    sheet = read_csv("a,b\nx,1,333\n")
    assert faults(sheet) == [("C2", '"333", beyond the header')]


@pytest.mark.parametrize(
    ("value", "number_format", "text", "kind"),
    [
        (13, "General", "13", CellKind.NUMBER),
        (13.0, "0.0", "13", CellKind.NUMBER),
        (1234.56789012345, "0.0", "1234.56789012345", CellKind.NUMBER),
        (1e-05, "General", "0.00001", CellKind.NUMBER),
        (1e16, "General", "10000000000000000", CellKind.NUMBER),
        (1333, "#,##0", "1333", CellKind.NUMBER),
        (0.643, "0.0%", "0.643", CellKind.PERCENT),
        (64.3, '0.0"%"', "64.3", CellKind.NUMBER),
        (64.3, r"0.0\%", "64.3", CellKind.NUMBER),
        (date(2024, 4, 1), "dd/mm/yyyy", "2024-04-01", CellKind.DAY),
        (datetime(2024, 4, 1), "yyyy-mm-dd hh:mm", "2024-04-01", CellKind.DAY),
        ("12.4", "General", "12.4", CellKind.TEXT),
        ("NA", "General", "NA", CellKind.TEXT),
        (None, "General", "", CellKind.TEXT),
    ],
)
def test_a_workbook_cell_is_text_with_a_kind(value, number_format, text, kind):
    sheet = one_cell(value, number_format)
    assert (sheet.cells.loc[2, 0], sheet.kinds[0, 0], sheet.findings) == (text, kind, ())


@pytest.mark.parametrize(
    ("value", "number_format", "found"),
    [
        ("=B2&B1", "General", "a formula whose result is not stored"),
        ("#N/A", "General", "the Excel error #N/A"),
        (True, "General", "the logical value TRUE"),
        (datetime(2024, 4, 1, 13, 30), "dd/mm/yyyy", "a time, 2024-04-01 13:30:00"),
        (time(13, 30), "hh:mm", "a time, 13:30:00"),
    ],
)
def test_a_workbook_cell_that_cannot_be_read_is_a_fault(value, number_format, found):
    sheet = one_cell(value, number_format)
    assert faults(sheet) == [("A2", found)]
    assert (sheet.cells.loc[2, 0], sheet.kinds[0, 0]) == ("", CellKind.UNREADABLE)


def test_a_formula_with_its_stored_result_is_read():
    book = openpyxl.Workbook()
    book.worksheets[0].append(["value", "other"])
    book.worksheets[0].append(["=1+1", "=B1"])
    stored, calculated = io.BytesIO(), io.BytesIO()
    book.save(stored)
    # Put the results beside the formulas, as Excel does and openpyxl cannot.
    with zipfile.ZipFile(stored) as source, zipfile.ZipFile(calculated, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            part = re.sub(rb"(<f>1\+1</f>)<v(?: ?/>|></v>)", rb"\1<v>2</v>", part)
            target.writestr(name, re.sub(rb'<c r="B2">(<f>B1</f>)<v(?: ?/>|></v>)', rb'<c r="B2" t="str">\1<v></v>', part))
    sheet = workbook.read(calculated.getvalue(), "register/results.xlsx")
    assert (sheet.cells.loc[2].tolist(), sheet.findings) == (["2", ""], ())


def test_merged_cells_are_a_fault_once_and_their_blanks_are_unreadable():
    def fill(sheet: Worksheet) -> None:
        for line in (["directorate", "value"], ["AH", 1], [None, 2], [None, 3]):
            sheet.append(line)
        sheet.merge_cells("A2:A4")

    sheet = read_xlsx(fill)
    assert faults(sheet) == [("A2:A4", "merged cells")]
    assert sheet.kinds[:, 0].tolist() == [CellKind.TEXT, CellKind.UNREADABLE, CellKind.UNREADABLE]


def test_empty_rows_and_columns_of_a_workbook_are_left_out_and_rows_keep_their_number():
    def fill(sheet: Worksheet) -> None:
        sheet["A1"], sheet["B1"], sheet["A2"], sheet["B5"] = "a", "b", "x", 4
        sheet["D9"].number_format = "0.0"

    sheet = read_xlsx(fill)
    assert (sheet.header, sheet.cells.index.tolist()) == (("a", "b"), [2, 5])


def test_a_title_above_the_header_is_a_fault():
    sheet = read_xlsx(lambda sheet: sheet.append([]) or sheet.cell(2, 1, "kpi_id"))
    assert faults(sheet) == [("A1", "an empty first row")]


def test_the_sheet_of_a_workbook_is_the_one_named_as_the_table_or_the_only_one_seen():
    def lists(sheet: Worksheet) -> None:
        sheet["A1"], sheet["A2"] = "kpi_id", "AH-01"
        sheet.parent.create_sheet("lists").sheet_state = "hidden"

    def two(sheet: Worksheet) -> None:
        lists(sheet)
        sheet.parent.create_sheet("notes")

    def named(sheet: Worksheet) -> None:
        two(sheet)
        sheet.title = "results"

    assert (read_xlsx(lists).name, read_xlsx(named).name) == ("Sheet", "results")
    assert faults(read_xlsx(two)) == [("", "the sheets Sheet, notes")]


@pytest.mark.parametrize(
    ("content", "found"),
    [(b"kpi_id,value", "a file that is not a workbook"), (b"\xd0\xcf\x11\xe0", "an old or password-protected workbook")],
)
def test_a_file_that_is_no_workbook_is_a_fault(content, found):
    assert faults(workbook.read(content, "register/results.xlsx")) == [("", found)]
