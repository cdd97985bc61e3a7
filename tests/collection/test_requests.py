"""The workbooks in which services return their results: what they ask, what may be filled in; and hostile text is harmless."""

import csv
import io
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from kpireport.collection import form_rules, request_pages, requests
from kpireport.collection.asking import Asking, ask
from kpireport.collection.contacts import AskedBy
from kpireport.collection.return_form import (
    BREAKDOWNS,
    EARLIER,
    EXAMPLE,
    FREE_ROWS,
    HEAD_ROW,
    LISTS,
    RESULTS,
    SIGN_OFF_CELLS,
    SIGN_OFF_SHEET,
    STAMP_SHEET,
    TABLES,
    CellType,
    RowKind,
    Stamp,
    limits,
    read_stamp,
)
from kpireport.errors import ParameterError
from kpireport.periods import parse_quarter
from kpireport.presentation.results_file import results_csv
from kpireport.reports import clt_quarterly
from kpireport.sources import council, register
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

ROOT = Path(__file__).resolve().parent.parent.parent
THIRD = parse_quarter("2024-25 Q3")
# Read off the riverside register by hand: what had not come in by 31 December 2024. Year to Sep 2024 never came.
RIVERSIDE = {
    "PL": [
        ("PL-01", "2024-25 Q3", RowKind.DUE),
        ("PL-02", "2024-25 Q3", RowKind.DUE),
        ("PL-03", "2024-25 Q3", RowKind.DUE),
        ("PL-04", "Dec 2024", RowKind.DUE),
        ("PL-04", "Nov 2024", RowKind.DUE),
        ("PL-04", "Oct 2024", RowKind.DUE),
    ],
    "PE": [("PE-01", "2024-25 Q3", RowKind.DUE)],
    "CO": [
        ("CO-01", "Year to Dec 2024", RowKind.DUE),
        ("CO-01", "Year to Sep 2024", RowKind.AWAITED),
        ("CO-02", "2024-25 Q3", RowKind.DUE),
        ("CO-03", "Dec 2024", RowKind.DUE),
        ("CO-03", "Nov 2024", RowKind.DUE),
        ("CO-03", "Oct 2024", RowKind.DUE),
    ],
}
HOSTILE = "=cmd|' /C calc'!A0<b>&\r\nBcc: everyone@council.example\x07"


@pytest.fixture(scope="module")
def riverside() -> tuple[register.Register, council.Council]:
    data = ROOT / "tests" / "councils" / "riverside"
    return register.load(data), council.load(data / "council.yaml")


@pytest.fixture(scope="module")
def asking(riverside) -> Asking:
    return ask(*riverside, quarter=THIRD)


@pytest.fixture(scope="module")
def leeds() -> Asking:
    return ask(register.load(ROOT / "data"), council.load(ROOT / "params" / "council.yaml"), quarter=THIRD)


def books(asking: Asking) -> dict[str, Workbook]:
    return {
        one.key: openpyxl.load_workbook(io.BytesIO(requests.workbook(asking, one))) for one in asking.recipients
    }  # fmt: skip


@pytest.fixture(scope="module")
def riverside_books(asking) -> dict[str, Workbook]:
    return books(asking)


@pytest.fixture(scope="module")
def leeds_books(leeds) -> dict[str, Workbook]:
    return books(leeds)


def stamp_of(book: Workbook) -> Stamp:
    return read_stamp(list(book[STAMP_SHEET].iter_rows(values_only=True)))


def cells_of(sheet: Worksheet, row: int) -> dict[str, object]:
    form = TABLES[sheet.title]
    return {column.name: sheet[form.address(column.name, row)].value for column in form.columns}


def rule_of(sheet: Worksheet, address: str):
    (rule,) = [rule for rule in sheet.data_validations.dataValidation if address in rule.sqref]
    return rule


def test_each_directorate_is_asked_for_what_is_due_to_it_and_for_nothing_else(riverside_books):
    found = {
        key: [(row.kpi_id, row.period, row.kind) for row in stamp_of(book).rows if row.sheet == RESULTS.name]
        for key, book in riverside_books.items()
    }
    assert found == RIVERSIDE


def test_what_has_come_in_by_a_day_is_not_asked_for_again(riverside):
    later = ask(*riverside, quarter=THIRD, known_on=date(2025, 1, 15))
    assert list(zip(later.asked["kpi_id"], later.asked["period"], strict=True)) == [
        ("PL-01", "2024-25 Q3"),
        ("PL-02", "2024-25 Q3"),
        ("PL-03", "2024-25 Q3"),
        ("PL-04", "Nov 2024"),
        ("PL-04", "Oct 2024"),
        ("CO-01", "Year to Sep 2024"),
    ]


def test_wards_and_groups_are_asked_for_where_the_record_has_them(riverside_books):
    sheet = riverside_books["PE"][BREAKDOWNS.name]
    rows = [cells_of(sheet, row) for row in range(BREAKDOWNS.first_row, sheet.max_row + 1)]
    assert [(row["area"], row["group"], row["period"], row["last_results"]) for row in rows] == [
        ("E07999901", "families with children", "2024-25 Q3", "2024-25 Q2: 45"),
        ("E05999901", "all", "2024-25 Q3", "2024-25 Q2: 22"),
        ("E05999902", "all", "2024-25 Q3", "2024-25 Q2: 14"),
        ("E05999903", "all", "2024-25 Q3", "2024-25 Q2: 19"),
        ("E05999904", "all", "2024-25 Q3", "2024-25 Q2: 9"),
    ]
    assert BREAKDOWNS.name not in riverside_books["PL"].sheetnames


def test_every_row_says_in_its_cells_what_the_stamp_says_of_it(leeds_books):
    for book in leeds_books.values():
        rows = stamp_of(book).rows
        assert rows
        for row in rows:
            cells = cells_of(book[row.sheet], row.row)
            assert (cells["kpi_id"] or "", cells["period"] or "") == (row.kpi_id, row.period)
        assert sum(row.kind is RowKind.FREE for row in rows) == FREE_ROWS


def test_figures_are_those_of_the_clt_report_of_the_same_day(leeds, leeds_books):
    report = clt_quarterly.build(
        data=str(ROOT / "data"), council=str(ROOT / "params" / "council.yaml"), quarter=str(THIRD), as_known_on="2024-12-31"
    )
    printed = {row["kpi_id"]: row for row in csv.DictReader(io.StringIO(results_csv(report).decode()))}
    compared = 0
    for book in leeds_books.values():
        held = [cells_of(book[EARLIER.name], row.row) for row in stamp_of(book).rows if row.kind is RowKind.EARLIER]
        latest = {}
        for row in held:
            if row["held_value"] is not None:
                latest.setdefault(row["kpi_id"], row)
        for kpi_id, row in latest.items():
            result = printed[kpi_id]
            assert isinstance(row["held_value"], int | float)
            assert (row["period"], row["held_value"], row["held_words"]) == (
                result["period"],
                float(result["value"]),
                result["result_printed"],
            )
            assert row["held_numerator"] == (float(result["numerator"]) if result["numerator"] else None)
            compared += 1
    assert compared > 80
    assert {row.kpi_id for book in leeds_books.values() for row in stamp_of(book).rows if row.kind is RowKind.AWAITED} >= {
        kpi_id for kpi_id, row in printed.items() if row["rating"] == "not_published"
    }


def test_only_cells_to_fill_are_unlocked_and_each_has_its_rule(leeds_books):
    for book in leeds_books.values():
        stamped = {(row.sheet, row.row): row for row in stamp_of(book).rows}
        for name, form in TABLES.items():
            if name not in book.sheetnames:
                continue
            sheet = book[name]
            assert sheet.protection.sheet
            assert sheet.protection.password is None
            for row in range(1, sheet.max_row + 1):
                for column in form.columns:
                    cell = sheet[form.address(column.name, row)]
                    asks = stamped.get((name, row))
                    is_open = asks is not None and form_rules.is_open(column, asks)
                    assert cell.protection.locked is not is_open, f"{name} {cell.coordinate}"
                    if not is_open:
                        continue
                    assert cell.value is None
                    rule = rule_of(sheet, cell.coordinate)
                    expected = {CellType.NUMBER: "decimal", CellType.DAY: "date", CellType.TEXT: "textLength"}
                    assert rule.type == expected.get(column.type, "list" if column.type is not CellType.PERIOD else "textLength")
                    assert rule.errorStyle in (None, "stop")
                    assert rule.showErrorMessage
                    if column.type in LISTS:
                        assert rule.formula1 == f'"{",".join(LISTS[column.type])}"'


def test_commentary_is_asked_once_and_counts_only_where_the_kpi_has_them(leeds_books):
    rows = [row for row in stamp_of(leeds_books["AH"]).rows if row.sheet == RESULTS.name]
    assert [row.has_commentary for row in rows if row.kpi_id == "AH-15"] == [True, False, False]
    assert {row.has_counts for row in rows if row.kpi_id == "AH-02"} == {True}
    assert {row.has_counts for row in rows if row.kpi_id == "AH-03"} == {False}


def test_a_percentage_is_held_to_100_and_a_value_that_may_be_negative_is_not_held_above_0(riverside_books, leeds_books):
    sheet = leeds_books["AH"][RESULTS.name]
    row = next(row for row in stamp_of(leeds_books["AH"]).rows if row.kpi_id == "AH-02" and row.sheet == RESULTS.name)
    rule = rule_of(sheet, RESULTS.address("value", row.row))
    assert (float(rule.formula1), float(rule.formula2)) == (0, 100)
    variance = next(row for row in stamp_of(riverside_books["CO"]).rows if row.kpi_id == "CO-02")
    assert float(rule_of(riverside_books["CO"][RESULTS.name], RESULTS.address("value", variance.row)).formula1) < -300


@pytest.mark.parametrize(
    ("unit", "values", "expected"),
    [
        ("%", [12.5, 99.9], (0, 100)),
        ("%", [], (0, 100)),
        ("%", [98, 104], (0, 104_000)),
        ("number", [], (0, 1e12)),
        ("number", [1200], (0, 1_200_000)),
        ("£m", [-3.5, 2], (-3500, 3500)),
        ("number", [float("nan"), 2], (0, 2000)),
    ],
)
def test_sane_limits(unit, values, expected):
    assert limits(unit, values) == expected


def test_the_example_is_no_result_and_keeps_the_rules_itself(leeds_books):
    sheet = leeds_books["AH"][RESULTS.name]
    example = cells_of(sheet, HEAD_ROW + 1)
    assert example["kpi_id"] == EXAMPLE
    assert all(row.row != HEAD_ROW + 1 for row in stamp_of(leeds_books["AH"]).rows if row.sheet == RESULTS.name)
    assert example["value"] == pytest.approx(100 * example["numerator"] / example["denominator"])
    assert {example["maturity"], example["escalate"]} <= {word for words in LISTS.values() for word in words}


def test_a_form_is_laid_out_to_be_read(leeds_books):
    book = leeds_books["CHE"]
    assert book.sheetnames == ["Instructions", RESULTS.name, BREAKDOWNS.name, EARLIER.name, SIGN_OFF_SHEET, STAMP_SHEET]
    assert book[STAMP_SHEET].sheet_state == "veryHidden"
    for name, form in TABLES.items():
        sheet = book[name]
        assert [sheet.cell(HEAD_ROW, place + 1).value for place in range(len(form.columns))] == [one.head for one in form.columns]
        assert sheet.freeze_panes == f"C{HEAD_ROW + 1}"
        assert not sheet.merged_cells.ranges
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == f"${HEAD_ROW}:${HEAD_ROW}"
    told = " ".join(str(cell.value) for row in book["Instructions"].iter_rows() for cell in row if cell.value)
    assert "Friday 24 January 2025" in told
    for cell, _ in SIGN_OFF_CELLS.values():
        assert not book[SIGN_OFF_SHEET][cell].protection.locked


def test_the_stamp_tells_when_it_was_altered_and_which_quarter_it_is(leeds_books):
    cells = [list(row) for row in leeds_books["AH"][STAMP_SHEET].iter_rows(values_only=True)]
    stamp = read_stamp(cells)
    assert (stamp.quarter, stamp.recipient, stamp.directorates, stamp.known_on) == ("2024-25 Q3", "AH", "AH", "2024-12-31")
    assert read_stamp(stamp.cells()) == stamp
    as_floats = [[float(cell) if isinstance(cell, int) else cell for cell in row] for row in cells]
    assert read_stamp(as_floats) == stamp  # as some programs give numbers
    for row, place, other in ((4, 1, "2024-25 Q2"), (14, 1, 99), (14, 3, "AH-99"), (14, 6, "Dec 2024")):
        altered = [list(line) for line in cells]
        altered[row][place] = other
        with pytest.raises(ValueError, match="not as it was written"):
            read_stamp(altered)
    with pytest.raises(ValueError, match="layout"):
        read_stamp([["form", "kpireport-return-0"], *cells[1:]])
    with pytest.raises(ValueError, match="layout"):
        read_stamp([])


def test_the_same_register_gives_the_same_bytes(asking):
    assert request_pages.files(asking) == request_pages.files(asking)


@pytest.fixture(scope="module")
def hostile(riverside) -> Asking:
    data, authority = riverside
    kpis = data.kpis.assign(
        kpi_name=HOSTILE,
        definition=HOSTILE,
        unit="@" + HOSTILE,
        key_contacts=f"{HOSTILE} (post@council.example); +{HOSTILE}",
    )
    places = data.directorates.assign(directorate_name=HOSTILE, contact=HOSTILE)
    areas = data.areas.assign(area_name=HOSTILE)
    changes = data.kpi_changes.iloc[:0]
    return ask(
        replace(data, kpis=kpis, directorates=places, areas=areas, kpi_changes=changes),
        replace(authority, name=HOSTILE),
        quarter=THIRD,
        by=AskedBy.DIRECTORATE,
    )


def test_text_is_never_a_formula_in_the_workbook(hostile):
    for book in books(hostile).values():
        kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
        assert kinds <= {"s", "n", "d"}
        names = {cells_of(book[row.sheet], row.row)["kpi_name"] for row in stamp_of(book).rows if row.kpi_id}
        assert names == {"=cmd|' /C calc'!A0<b>& Bcc: everyone@council.example"}


def test_text_adds_no_header_and_no_recipient_to_a_draft(hostile):
    drafts = {name: content for name, content in request_pages.files(hostile).items() if name.endswith(".eml")}
    assert len(drafts) == 3
    for content in drafts.values():
        read = message_from_bytes(content, policy=default)
        assert [one.addr_spec for one in read["To"].addresses] == ["post@council.example"]
        assert read["Bcc"] is None
        assert read["Cc"] is None
        (attached,) = read.iter_attachments()
        assert attached.get_content().startswith(b"PK")


def test_text_is_text_on_the_index_page_and_who_has_no_address_is_named(hostile):
    html = "".join(block.html for block in request_pages.index(hostile))
    assert "<b>" not in html
    assert "&lt;b&gt;" in html
    assert "Without an address" in html


def test_the_index_counts_what_the_workbooks_ask_and_leads_to_each(leeds):
    page = request_pages.index(leeds)
    text, html = ("".join(getattr(block, form) for block in page) for form in ("text", "html"))
    assert f"{len(leeds.asked)} results are asked for by Friday 24 January 2025" in text
    assert "Nothing has been sent" in text
    for recipient in leeds.recipients:
        assert f'href="{request_pages.form_name(leeds, recipient)}"' in html
        assert f'href="{request_pages.letter_name(leeds, recipient)}"' in html


def test_one_workbook_for_each_contact_asks_for_the_same_results(riverside):
    by_contact = ask(*riverside, quarter=THIRD, by=AskedBy.CONTACT)
    assert len(by_contact.recipients) == 7
    rows = [
        (row.kpi_id, row.period)
        for book in books(by_contact).values()
        for row in stamp_of(book).rows
        if row.sheet == RESULTS.name
    ]
    assert sorted(rows) == sorted((kpi_id, period) for own in RIVERSIDE.values() for kpi_id, period, _ in own)


def test_a_quarter_without_a_round_is_refused_with_what_to_do(riverside):
    with pytest.raises(ParameterError, match="Add its dates to reference/rounds"):
        ask(*riverside, quarter=parse_quarter("2030-31 Q1"))


def test_when_everything_is_in_nobody_is_asked(riverside):
    data, authority = riverside
    place = replace(data, kpis=data.kpis[data.kpis["directorate"] == "PL"])
    later = ask(place, authority, quarter=parse_quarter("2024-25 Q1"), known_on=date(2025, 2, 1))
    assert request_pages.files(later) == {}
    assert "Nothing is to be asked for" in request_pages.index(later)[0].text


def test_a_long_list_of_kpis_is_taken_from_the_stamp(leeds):
    everyone = replace(leeds.recipients[0], kpi_ids=tuple(dict.fromkeys(leeds.asked["kpi_id"])))
    book = openpyxl.load_workbook(io.BytesIO(requests.workbook(leeds, everyone)))
    free = next(row for row in stamp_of(book).rows if row.kind is RowKind.FREE)
    rule = rule_of(book[EARLIER.name], EARLIER.address("kpi_id", free.row))
    place, _, last = rule.formula1.removeprefix("stamp!$L$1:").partition("$L$")
    listed = [book[STAMP_SHEET][f"L{row}"].value for row in range(1, int(last) + 1)]
    assert place == ""
    assert listed == list(everyone.kpi_ids)
    assert not pd.Series(listed).duplicated().any()
