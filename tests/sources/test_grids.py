"""Every cell of what services send, read in one pass: the same as openpyxl gives, cell by cell."""

import io
import shutil
import subprocess
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from kpireport.errors import Finding
from kpireport.sources import cells, confined, grids, workbook
from kpireport.sources.confined import StoppedError, Why
from kpireport.sources.grids import Grid
from kpireport.sources.workbook import CellKind

FORMATS = ["General", "0.0%", '0.0"%"', "dd/mm/yyyy", "@", "#,##0.00", "[h]:mm", "[Red]0.0", "yyyy-mm-dd hh:mm", '"day" 0']


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def by_openpyxl(content: bytes) -> dict[tuple[str, str], tuple[str, int, str]]:
    """Return text, kind and finding of every filled cell, by sheet and address, as openpyxl and `judge` give them."""
    values, written = workbook.open_book(content, data_only=True), workbook.open_book(content, data_only=False)
    found = {}
    for sheet in values.worksheets:
        formulas = written[sheet.title]
        for cell in (one for line in sheet.iter_rows() for one in line):
            has_formula = formulas.cell(cell.row, cell.column).data_type == "f"
            text, kind, fault = cells.judge(cell.value, cell.data_type, cell.number_format, has_formula=has_formula)
            if text or fault:
                found[sheet.title, cell.coordinate] = (text, kind, fault[0] if fault else "")
    return found


def by_parts(content: bytes) -> dict[tuple[str, str], tuple[str, int, str]]:
    read, unreadable = grids.read(content, "x.xlsx")
    assert unreadable is None
    return {
        (grid.name, cell.address): (cell.text, cell.kind, cell.finding.found if cell.finding else "")
        for grid in read.values()
        for cell in grid.cells.values()
    }


def awkward() -> openpyxl.Workbook:
    """Return a workbook with a cell of every kind, each in every number format."""
    values = [
        *(
            1,
            -3,
            0.1,
            1e-7,
            1e21,
            45000,
            45000.5,
            0.643,
            True,
            False,
            "text",
            " spaces ",
            "=1+1",
            "#DIV/0!",
            "line\nend",
            "a_x000D_b",
        ),
        *("Müller – “quoted”", "<&>", date(2024, 4, 1), datetime(2024, 4, 1, 9, 30), time(9, 30), timedelta(hours=30), None, ""),
    ]
    book = openpyxl.Workbook()
    for name in ("One", "Two & three", "hidden"):
        sheet = book.create_sheet(name)
        for row, value in enumerate(values, start=2):
            for column, code in enumerate(FORMATS, start=2):
                cell = sheet.cell(row, column, value)
                if not isinstance(value, date | time | timedelta):
                    cell.number_format = code
        sheet.merge_cells("N2:O3")
        sheet["N2"] = "merged"
        sheet.row_dimensions[7].hidden = True
        sheet.column_dimensions["D"].hidden = True
    book["hidden"].sheet_state = "veryHidden"
    return book


def with_shared_strings() -> bytes:
    """Return a workbook as Excel writes it: its texts in one part, some of them with formats inside."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("One")
    bold, percent = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
    sheet.write_rich_string("A1", "plain ", bold, "bold", " and “plain”")
    sheet.write_string("A2", "plain ")
    sheet.write_string("A3", " plain & <more>\n_x000D_ x005F_")
    sheet.write_number("A4", 0.953, percent)
    sheet.write_formula("A5", "=1+1", None, 2)
    sheet.write_formula("A6", '=IF(1,"","")', None, "")
    sheet.write_blank("A7", None, bold)
    sheet.set_row(3, None, None, {"hidden": True})
    book.close()
    return stream.getvalue()


def test_shared_strings_are_read_as_openpyxl_reads_them():
    content = with_shared_strings()
    assert by_parts(content) == by_openpyxl(content)
    assert grid_of(content, "One").at(1, 0).text == "plain bold and “plain”"


def grid_of(content: bytes, name: str) -> Grid:
    return grids.read(content, "x.xlsx")[0][name]


def test_every_kind_of_cell_is_read_as_openpyxl_reads_it():
    content = saved(awkward())
    assert by_parts(content) == by_openpyxl(content)
    assert len(by_parts(content)) > 400


def test_what_is_merged_and_hidden_is_told():
    content = saved(awkward())
    grid = grid_of(content, "One")
    assert (grid.merged, grid.hidden_rows, grid.hidden_columns) == (("N2:O3",), {7}, {3})
    assert grid.is_visible
    assert not grid_of(content, "hidden").is_visible
    assert grid.at(99, 9).is_empty
    assert grid.at(99, 9).address == "J99"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_what_libreoffice_saves_is_read_as_openpyxl_reads_it(tmp_path):
    (tmp_path / "in.xlsx").write_bytes(saved(awkward()))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", "out", "in.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    content = (tmp_path / "out" / "in.xlsx").read_bytes()
    assert by_parts(content) == by_openpyxl(content)
    assert grid_of(content, "One").hidden_rows == {7}


@settings(max_examples=max(settings().max_examples // 4, 30))
@given(
    st.lists(
        st.tuples(
            st.integers(1, 40),
            st.integers(1, 30),
            st.one_of(
                st.floats(allow_nan=False, allow_infinity=False, width=64),
                st.integers(-(10**15), 10**15),
                st.booleans(),
                st.dates(date(1901, 1, 1), date(2199, 12, 31)),
                st.text(
                    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=20
                ),
            ),
            st.sampled_from(FORMATS),
        ),
        max_size=30,
    )
)
def test_any_workbook_is_read_as_openpyxl_reads_it(cells):
    book = openpyxl.Workbook()
    for row, column, value, code in cells:
        cell = book.worksheets[0].cell(row, column)
        cell.value = value
        if not isinstance(value, date):
            cell.number_format = code
    content = saved(book)
    assert by_parts(content) == by_openpyxl(content)


def rewritten(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(stream, "w") as made:
        for part in archive.namelist():
            made.writestr(part, archive.read(part).replace(old, new) if part == name else archive.read(part))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty file, of 0 bytes"),
        (b"PK\x03\x04 no archive", "a workbook that is cut short or damaged"),
        (
            rewritten(saved(awkward()), "xl/workbook.xml", b"<workbook", b"<!DOCTYPE x [<!ENTITY a 'b'>]><workbook"),
            "a workbook that cannot be read: a part declares a document type, as no spreadsheet program does",
        ),
        (
            rewritten(saved(awkward()), "xl/worksheets/sheet1.xml", b"</worksheet>", b""),
            "a workbook that cannot be read: the part xl/worksheets/sheet1.xml is damaged (no element found: line 1, column ",
        ),
    ],
    ids=["empty", "no archive", "entities", "cut off"],
)
def test_what_is_no_workbook_is_a_finding(content, found):
    read, unreadable = grids.read(content, "x.xlsx")
    assert read == {}
    assert unreadable is not None
    assert unreadable.found.startswith(found)


def test_a_csv_file_is_a_grid_of_one_sheet():
    read, _ = grids.read(b"kpi_id,value\nCF-01,3\n,\n", "x.csv")
    (grid,) = read.values()
    assert grid.at(2, 1).text == "3"
    assert grid.at(2, 1).kind is CellKind.TEXT
    assert set(grid.cells) == {(1, 0), (1, 1), (2, 0), (2, 1)}
    assert Path(grid.file).suffix == ".csv"


@pytest.mark.parametrize("file", ["x.xlsx", "x.csv"])
def test_more_cells_than_any_return_has_are_not_read(file, monkeypatch):
    monkeypatch.setattr(grids, "MOST_CELLS", 20)
    book = openpyxl.Workbook()
    for row in range(1, 12):
        book.worksheets[0].append([row, row])
    content = saved(book) if file == "x.xlsx" else b"a,b\n" * 11
    assert grids.read(content, file) == (
        {},
        Finding(file, "", "", "more than 20 filled cells", "a file of results", "Send the results alone."),
    )


@pytest.mark.parametrize("why", list(Why))
def test_a_file_whose_reading_is_stopped_is_a_finding(why, monkeypatch):
    def stop(*_: object) -> None:
        raise StoppedError(why)

    monkeypatch.setattr(confined.readers, "call", stop)
    read, unreadable = grids.read_confined(b"", "x.xlsx")
    assert read == {}
    words = {
        Why.TIME: "a file that takes more than 10 seconds to read",
        Why.MEMORY: "a file that takes more than 400 MB of memory to read",
        Why.DEATH: "a file that ends the process that reads it",
    }
    assert (unreadable.file, unreadable.found) == ("x.xlsx", words[why])
    assert "Copy its cells into a new workbook" in unreadable.remedy
