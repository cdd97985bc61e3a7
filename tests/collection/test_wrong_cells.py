"""Every kind of wrong cell: each is named by sheet and cell with its remedy, and nothing of it is accepted or changed."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import forms
import openpyxl
import pytest
from kpireport.collection.return_form import SIGN_OFF_CELLS

Edit = Callable[[openpyxl.Workbook], None]
AH, CF, CD, CHE, SR = (
    ("AH", "AH-01", "2024-25 Q2"),
    ("CF", "CF-01", "2023-24"),
    ("CD", "CD-01", "2024-25 Q2"),
    ("CHE", "CHE-01", "Sep 2024"),
    ("SR", "SR-01", "Year to Sep 2024"),
)
RIGHT = {
    "AH": {"value": 95.3, "numerator": 953, "denominator": 1000},
    "CF": {"value": 39.6, "numerator": 690, "denominator": 174200},
    "CD": {"value": 741},
    "CHE": {"value": 48.7},
    "SR": {"value": 12.35},
}
SAID = {"reason": "Two posts are vacant.", "action": "Fill them.", "owner": "Head of Service", "due_on": date(2025, 3, 31)}


def fill(row: tuple[str, str, str], **cells: object) -> tuple[str, Edit, str]:
    """Return a form filled in rightly but for some cells; the fault is at the first of them."""
    code, kpi_id, period = row
    content = forms.before().forms[code]

    def edit(book: openpyxl.Workbook) -> None:
        for field, value in {**RIGHT[code], **cells}.items():
            book["Results"][forms.address(content, kpi_id, period, field)] = value

    return code, edit, f"Results {forms.address(content, kpi_id, period, next(iter(cells)))}"


def after(row: tuple[str, str, str], edit: Callable[[openpyxl.Workbook], object], where: str, **cells: object):
    """Return a form filled in rightly, then edited otherwise."""
    code, first, _ = fill(row, **(cells or {"value": RIGHT[row[0]]["value"]}))

    def both(book: openpyxl.Workbook) -> None:
        first(book)
        edit(book)

    return code, both, where


def earlier(row: tuple[str, str], field: str, **cells: object) -> tuple[str, Edit, str]:
    """Return a form that corrects an earlier result; the fault is at `field`."""
    code = row[0].split("-")[0]
    content = forms.before().forms[code]

    def edit(book: openpyxl.Workbook) -> None:
        for name, value in cells.items():
            book["Earlier results"][forms.address(content, *row, name, "Earlier results")] = value

    return code, edit, f"Earlier results {forms.address(content, *row, field, 'Earlier results')}"


def free(code: str = "CD", **cells: object) -> tuple[str, Edit, str]:
    """Return a form with a result in its first free row; the fault is at the first of the cells."""
    from kpireport.collection.return_form import EARLIER

    def edit(book: openpyxl.Workbook) -> None:
        for name, value in cells.items():
            book["Earlier results"][EARLIER.address(name, 8)] = value

    return code, edit, f"Earlier results {EARLIER.address(next(iter(cells)), 8)}"


def hidden(book: openpyxl.Workbook) -> None:
    book["Results"].row_dimensions[5].hidden = True


def hidden_column(book: openpyxl.Workbook) -> None:
    book["Results"].column_dimensions["I"].hidden = True


def put(sheet: str, cell: str, value: object) -> Callable[[openpyxl.Workbook], None]:
    def edit(book: openpyxl.Workbook) -> None:
        book[sheet][cell] = value

    return edit


def as_number(cell: str) -> Callable[[openpyxl.Workbook], None]:
    def edit(book: openpyxl.Workbook) -> None:
        book["Results"][cell].number_format = "General"

    return edit


def as_percent(book: openpyxl.Workbook) -> None:
    book["Results"]["I5"].number_format = "0.0%"


SIGNED_BY, SIGNED_ON = SIGN_OFF_CELLS["signed_by"][0], SIGN_OFF_CELLS["signed_on"][0]
WRONG = {
    # what stands in a number cell
    "thousands separator": (*fill(CD, value="1,333"), '"1,333"', "Write 1333"),
    "number kept as text": (*fill(AH, value="95.3"), "a number kept as text", "type 95.3 again"),
    "unit typed in the cell": (*fill(AH, value="95.3%"), '"95.3%"', "Write 95.3"),
    "word typed in the cell": (*fill(SR, value="12.35 days"), '"12.35 days"', "Write the number alone"),
    "approximate number": (*fill(CD, value="c. 741"), '"c. 741"', "Write the number alone"),
    "decimal comma": (*fill(SR, value="12,35"), '"12,35"', "Write 12.35, with a point"),
    "words for nothing": (*fill(CD, value="n/a"), '"n/a"', "Leave the cell empty"),
    "dash for nothing": (*fill(CD, value="–"), "a dash that is not a hyphen", "Leave the cell empty"),
    "spaces only": (*fill(CD, value="  "), "spaces only", "Leave the cell empty"),
    "space after the number": (*fill(CD, value="741 "), "spaces around it", "Write 741"),
    "percentage cell": (*after(AH, as_percent, "Results I5", value=0.953), "shown as 95.3%", "write 95.3"),
    "share for a percentage": (*fill(AH, value=0.953, numerator=None, denominator=None), "a share", "Write 95.3"),
    "date in a number cell": (*fill(CD, value=datetime(2024, 9, 30)), "a date cell, 30/09/2024", "number format to General"),
    "time in a number cell": (*fill(CD, value=datetime(2024, 9, 30, 9, 30)), "a time", "the day alone"),
    "formula without a stored result": (*fill(CD, value="=370+371"), "result is not stored", "save it, or write the value"),
    "Excel error": (*fill(CD, value="#DIV/0!"), "the Excel error #DIV/0!", "Mend the formula"),
    "logical value": (*fill(CD, value=True), "the logical value TRUE", "Write it in words"),
    "merged cells": (*after(AH, lambda book: book["Results"].merge_cells("I5:J5"), "Results I5:J5"), "merged cells", "Unmerge"),
    # what cannot be true
    "numerator above the denominator": (*fill(AH, numerator=1953), "above the denominator", "changed places"),
    "value that the counts do not give": (*fill(AH, value=93.5), "953 of 1000 give 95.30", "Correct the value or the counts"),
    "rate that the counts do not give": (*fill(CF, value=43.6), "690 of 174200 give 39.61", "Correct"),
    "numerator without denominator": (*fill(AH, denominator=None), "denominator empty beside the numerator", "Fill in the den"),
    "denominator of nothing": (*fill(AH, denominator=0), "denominator 0", "why there is no value"),
    "negative count": (*fill(AH, numerator=-953), "numerator -953", "Correct the number"),
    "counts without a value": (*fill(AH, value=None), "value empty beside counts", "Fill in the value"),
    "maturity without a value": (*fill(CD, value=None, maturity="Final"), "value empty beside a maturity", "Fill in the value"),
    "above a hundred per cent": (
        *fill(AH, value=195.3, numerator=None, denominator=None),
        "value 195.3",
        "Write it in the KPI's unit",
    ),
    "wrong sign": (*fill(SR, value=-12.35), "value -12.35", "Take the minus sign away"),
    "another order of magnitude": (*fill(CD, value=7_410_000), "value 7410000", "unit, number"),
    "slipped decimal point": (*fill(SR, value=123.5), "of another order of magnitude than 12.4", "account for it in note"),
    "part of a count": (*fill(CD, value=741.5), "with decimals", "Write 742"),
    "more decimals than anybody measures": (*fill(SR, value=12.345678), "with 6 decimals", "Round it to 2 decimals"),
    "cumulative value that falls": (*fill(CD, value=329), "below 330", "the total since April"),
    # words and lists
    "value and absence": (*fill(CD, absence="Not available"), "beside a value", "Clear one of the two"),
    "counts and absence": (
        *after(AH, put("Results", "I5", None), "Results J5", absence="Suppressed"),
        "counts beside",
        "Clear them",
    ),
    "absence that is no word of the list": (*fill(CD, absence="TBC", value=None), 'absence "TBC"', "Choose one of the list"),
    "maturity that is no word of the list": (*fill(CD, maturity="Finale"), 'maturity "Finale"', 'Write "Final"'),
    "escalation without reason": (*fill(CD, reason=None, escalate="Yes"), "reason empty beside Escalate", "has a reason"),
    "escalation without a date": (
        *fill(CD, due_on=None, **{k: v for k, v in SAID.items() if k != "due_on"}, escalate="Yes"),
        "due_on empty",
        "its date",
    ),
    "escalation neither yes nor no": (*fill(CD, escalate="maybe"), 'escalate "maybe"', "Choose one"),
    "action without an owner": (
        *fill(CD, owner=None, action="Fill them.", due_on=date(2025, 3, 31)),
        "beside an action",
        "an owner",
    ),
    "day that is not in the calendar": (*fill(CD, due_on="31/04/2025", action="a", owner="b"), '"31/04/2025"', "has 30 days"),
    "day that is past": (*fill(CD, due_on=date(2023, 3, 31), action="a", owner="b"), "due_on 31/03/2023", "the action is done"),
    "day too far off": (*fill(CD, due_on=date(2205, 3, 31), action="a", owner="b"), "2205", "expected|Write the day"),
    "number for a day": (
        *after(CD, as_number("Q5"), "Results Q5", due_on=45747, action="a", owner="b"),
        "the number 45747",
        "as a date",
    ),
    "placeholder of no KPI": (*fill(CD, reason="It fell to {XX-01.value}."), "{XX-01.value}", "without braces"),
    "text without end": (*fill(CD, note="x" * 2001), "of 2,001 characters", "Shorten it"),
    # what the form itself said
    "KPI of another row": (*after(CD, put("Results", "A5", "CD-02"), "Results A5"), 'kpi_id "CD-02" in the row', "as it was"),
    "another period than asked": (
        *after(CD, put("Results", "H5", "2024-25 Q3"), "Results H5"),
        'period "2024-25 Q3"',
        "as it was",
    ),
    "changed definition": (
        *after(CD, put("Results", "C5", "Something else."), "Results C5"),
        "not as the register",
        "agreed change",
    ),
    "changed unit": (*after(CD, put("Results", "D5", "thousands"), "Results D5"), 'unit "thousands"', "Put it back"),
    "changed head": (*after(CD, put("Results", "I3", "Target"), "Results I3"), 'the head "Target"', "stay in their places"),
    "cell that is not asked for": (*after(CD, put("Results", "J5", 741), "Results J5"), "in a grey cell", "Clear the cell"),
    "figure below the table": (*after(CD, put("Results", "I9", 999), "Results I9"), "asks for nothing", "clear the cell"),
    "remark beside the table": (
        *after(CD, put("Results", "U5", "see e-mail"), "Results U5"),
        "beside the table",
        "clear the cell",
    ),
    "hidden row": (*after(CD, hidden, "Results I5"), "hidden row", "Unhide it"),
    "hidden column": (*after(CD, hidden_column, "Results I5"), "hidden column", "Unhide it"),
    "changed stamp": (
        *after(CD, put("stamp", "B5", "2024-25 Q3"), "stamp A1"),
        "not as it was written",
        "the workbook that was sent",
    ),
    "approval without a day": (
        *after(CD, put("Sign-off", SIGNED_BY, "Director"), f"Sign-off {SIGNED_ON}"),
        "signed_on empty",
        "both",
    ),
    "approval on a day that has not come": (
        *after(CD, put("Sign-off", SIGNED_ON, date(2024, 12, 24)), f"Sign-off {SIGNED_ON}"),
        "has not come",
        "the day that is meant",
    ),
    # against the record
    "changed value without a reason": (
        *earlier(("CD-01", "2024-25 Q1"), "value", value=335),
        "no reason for the change",
        "Say why",
    ),
    "final result made provisional": (
        *earlier(("CD-01", "2024-25 Q1"), "maturity", value=335, maturity="Provisional", change_reason="Late cases."),
        "where the record has a final one",
        "Choose Final",
    ),
    "KPI that is not on the list": (*free(kpi_id="CD-77", period="2024-25 Q1", value=1), "not on the KPI list", "Correct it"),
    "KPI of another directorate": (*free(kpi_id="AH-01", period="2022-23 Q1", value=91), "a KPI of AH", "Leave it to AH"),
    "retired KPI": (*free("SR", kpi_id="SR-02", period="2023-24 Q4", value=1), "retired from 2024-25 Q1", "Clear the row"),
    "result without a KPI": (*free(kpi_id=None, period="2023-24 Q4", value=1), "without a KPI", "Say which KPI"),
    "period of another kind": (*free(period="Sep 2024", kpi_id="CD-01", value=1), "a month", "the figure describes"),
    "period written otherwise": (*free(period="Q1 2024/25", kpi_id="CD-01", value=1), '"Q1 2024/25"', 'Write "2024-25 Q1"'),
    "period that has not ended": (*free(period="2024-25 Q3", kpi_id="CD-01", value=1100), "ends after", "next quarter"),
    "period left empty": (*free(period=None, kpi_id="CD-01", value=1100), "period empty", "Write the period"),
}


LOOSE = {"figure below the table", "remark beside the table", "approval without a day", "approval on a day that has not come"}
"""Cells that belong to no row: the rows, which are right, are taken."""


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_cell_is_named_and_not_taken(kind):
    code, edit, where, found, remedy = WRONG[kind]
    before = forms.before()
    intake = before.collect({f"{code}.xlsx": forms.edited(before.forms[code], edit)})
    (answer,) = intake.answers
    named = [fault for fault in answer.faults if f"{fault.sheet} {fault.cell}" == where and found in fault.found]
    assert named, [str(fault) for fault in answer.faults]
    assert any(word in named[0].remedy for word in remedy.split("|")), named[0].remedy
    assert named[0].expected
    taken = [float(row["value"]) for row in forms.new_rows(intake, before)]
    assert taken == ([RIGHT[code]["value"]] if kind in LOOSE else [])
    assert "register/sign_offs.csv" not in intake.files


def test_there_are_forty_kinds_and_more():
    assert len(WRONG) >= 40


def test_the_right_cells_beside_them_are_taken_exactly():
    before = forms.before()
    files = {
        f"{code}.xlsx": forms.filled(before.forms[code], {(kpi_id, period): RIGHT[code]})
        for code, kpi_id, period in (AH, CF, CD, CHE, SR)
    }
    intake = before.collect(files)
    assert [answer.faults for answer in intake.answers] == [()] * 5
    taken = {row["kpi_id"]: row for row in forms.new_rows(intake, before)}
    for code, kpi_id, period in (AH, CF, CD, CHE, SR):
        assert {name: float(taken[kpi_id][name]) for name in RIGHT[code]} == RIGHT[code]
        assert taken[kpi_id]["period"] == period
        assert taken[kpi_id]["source_cell"] == forms.address(before.forms[code], kpi_id, period, "value")


def without(name: str, content: bytes) -> bytes:
    """Return a workbook without a sheet's part: what is left cannot be opened."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
    return stream.getvalue()


def of_quarter(quarter: str) -> bytes:
    from dataclasses import replace

    before = forms.before()

    def edit(book: openpyxl.Workbook) -> None:
        stamp = replace(forms.stamp_of(before.forms["CD"]), quarter=quarter)
        for row, cells in enumerate(stamp.cells(), start=1):
            for column, cell in enumerate(cells, start=1):
                book["stamp"].cell(row, column).value = cell

    return forms.edited(before.forms["CD"], edit)


FILES = {
    "old workbook": ("x.xlsx", lambda form: b"\xd0\xcf\x11\xe0 old", "old or password-protected", "without a password"),
    "no workbook at all": ("x.xlsx", lambda form: b"hello", "not a workbook", "Save it again"),
    "broken workbook": ("x.xlsx", lambda form: without("xl/workbook.xml", form), "xl/workbook.xml is missing", "Save it again"),
    "kind that is not read": ("x.xls", lambda form: b"\xd0\xcf", "of the kind .xls", "Save it from Excel as .xlsx"),
    "empty file": ("x.csv", lambda form: b"", "an empty file", "Ask for it again"),
    "form without its stamp": (
        "x.xlsx",
        lambda form: forms.edited(form, lambda book: book.remove(book["stamp"])),
        "hidden sheet",
        "the workbook that was sent",
    ),
    "form without a table": (
        "x.xlsx",
        lambda form: forms.edited(form, lambda book: book.remove(book["Results"])),
        'no sheet "Results"',
        "the workbook that was sent",
    ),
    "form of another quarter": ("x.xlsx", lambda form: of_quarter("2024-25 Q1"), "the form for 2024-25 Q1", "Move the file"),
    "workbook that is nobody's": (
        "x.xlsx",
        lambda form: forms.edited(
            form, lambda book: [book.remove(book[name]) for name in ("stamp", "Results", "Earlier results")]
        ),
        "not our form",
        "x.mapping.yaml",
    ),
    "CSV with a misspelt head": (
        "x.csv",
        lambda form: b"kpi_id,period,valeu\nCD-01,2024-25 Q2,741\n",
        'a column "valeu"',
        'Did you mean "value"?',
    ),
    "CSV without a column": ("x.csv", lambda form: b"kpi_id,value\nCD-01,741\n", "no column period", "Add the column"),
    "CSV that is not UTF-8": (
        "x.csv",
        "kpi_id,period,value,note\nCD-01,2024-25 Q2,741,£\n".encode("cp1252"),
        "not UTF-8",
        "CSV UTF-8",
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_file_that_cannot_be_read_is_named_with_its_remedy(kind):
    name, content, found, remedy = FILES[kind]
    before = forms.before()
    intake = before.collect({name: content if isinstance(content, bytes) else content(before.forms["CD"])})
    (answer,) = intake.answers
    assert found in answer.faults[0].found
    assert remedy in answer.faults[0].remedy
    assert intake.files == {}
