import string
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.sources import formats
from kpireport.sources.workbook import CellKind


def parse(texts: list[str], format: str, kind: CellKind = CellKind.TEXT) -> formats.Parsed:
    column = pd.Series(texts, index=pd.RangeIndex(2, len(texts) + 2), dtype="str")
    return formats.parse(column, np.full(len(texts), kind, dtype=np.int8), format)


def refusal(text: str, format: str, kind: CellKind = CellKind.TEXT) -> formats.BadCell:
    parsed = parse([text], format, kind)
    assert parsed.is_bad.tolist() == [True]
    assert parsed.column.isna().all() or parsed.column.tolist() == [""]
    (cell,) = parsed.bad_cells
    return cell


@pytest.mark.parametrize(
    ("text", "found", "remedy"),
    [
        ("n/a", '"n/a"', "Leave the cell empty; in the record, say why in absence."),
        ("TBC", '"TBC"', "Leave the cell empty; in the record, say why in absence."),
        ("–", '"–" with a dash that is not a hyphen', "Leave the cell empty; in the record, say why in absence."),
        ("12.4%", '"12.4%"', "Write 12.4; the KPI's unit says that it is a percentage."),
        ("1,333", '"1,333"', "Write 1333, without commas."),
        ("1\u00a0333", '"1 333" with a non-breaking space', "Write 1333, without spaces."),
        ("13 ", '"13" with spaces around it', "Write 13, without spaces."),
        ("–12.4", '"–12.4" with a dash that is not a hyphen', "Write -12.4, with a hyphen for minus."),
        ("£1.2m", '"£1.2m"', "Write digits only, in the KPI's unit."),
        ("12,4", '"12,4"', "Write 12.4, with a point before decimals."),
        ("about 12", '"about 12"', "Write the number alone; put words in the note."),
        ("1e5", '"1e5"', "Write the number alone; put words in the note."),
        ("١٢", '"١٢"', "Write the number alone; put words in the note."),
        ("9" * 400, f'"{"9" * 57}..."', None),
        (" ", "spaces only", "Leave the cell empty; in the record, say why in absence."),
    ],
)
def test_what_is_no_number_is_refused_with_its_remedy(text, found, remedy):
    cell = refusal(text, "number")
    assert (cell.row, cell.found) == (2, found)
    assert remedy is None or cell.remedy == remedy


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_a_number_is_read_as_it_is_written(value: Decimal):
    assert parse([f"{value:f}"], "number").column.tolist() == [float(value)]


@pytest.mark.parametrize("text", ["0.5", ".5", "-3", "007", "1333"])
def test_digits_with_one_point_and_a_leading_minus_are_a_number(text):
    assert parse([text], "number").column.tolist() == [float(text)]


def test_an_empty_cell_is_missing_and_no_fault():
    assert parse([""], "number").column.isna().all()
    assert parse([""], "whole").column.isna().all()
    assert parse([""], "day").column.isna().all()
    assert parse([""], "period").column.tolist() == [""]
    assert not any(parse([""], format).bad_cells for format in formats.EXPECTED)


@pytest.mark.parametrize(
    ("text", "remedy"), [("2.5", "Write a number without decimals."), ("1,333", "Write 1333, without commas.")]
)
def test_a_whole_number_has_no_point_or_comma(text, remedy):
    assert refusal(text, "whole").remedy == remedy


def test_the_first_of_april_is_not_the_fourth_of_january():
    days = parse(["01/04/2024", "2024-04-01", "29/02/2024"], "day").column
    assert days.tolist() == [pd.Timestamp(2024, 4, 1), pd.Timestamp(2024, 4, 1), pd.Timestamp(2024, 2, 29)]
    assert days.dtype == "datetime64[s]"


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("31/04/2024", "April 2024 has 30 days: write the day that is meant."),
        ("29/02/2023", "February 2023 has 28 days: write the day that is meant."),
        ("04/25/2024", "There is no month 25: write the day first, then the month."),
        ("1/4/2024", "Write 01/04/2024 if the day comes first."),
        ("01/04/24", "Write day, month and the year's four digits."),
        ("Mar-24", "Write day, month and the year's four digits."),
        ("01/04/2024 ", "Write the day without spaces around it and with hyphens."),
        ("01/04/0024", "Write the day that is meant."),
        ("TBC", "Leave the cell empty, or write what is known."),
    ],
)
def test_what_is_no_day_is_refused_with_its_remedy(text, remedy):
    assert refusal(text, "day").remedy == remedy


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_a_day_reads_alike_in_both_forms(day):
    assert parse([f"{day:%d/%m/%Y}", day.isoformat()], "day").column.tolist() == [pd.Timestamp(day)] * 2


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("Mar-24", 'Write "Mar 2024".'),
        ("March 2024", 'Write "Mar 2024".'),
        ("2024–25 Q2", 'Write "2024-25 Q2".'),
        ("2024/25 Q2", 'Write "2024-25 Q2".'),
        ("Q2 2024-25", 'Write "2024-25 Q2".'),
        ("2024-25Q2", 'Write "2024-25 Q2".'),
        ("2024-2025", 'Write "2024-25".'),
        ("2024-25 Q2 ", 'Write "2024-25 Q2".'),
        ("2024-26 Q2", "Write it in one of these forms."),
        ("last year", "Write it in one of these forms."),
    ],
)
def test_a_period_is_never_guessed_but_its_form_is_offered(text, remedy):
    assert refusal(text, "period").remedy == remedy


def test_a_quarter_is_not_any_period():
    assert refusal("2024-25", "quarter").expected == "a quarter, such as 2024-25 Q2"
    assert parse(["2024-25 Q2"], "quarter").column.tolist() == ["2024-25 Q2"]


def test_text_is_trimmed_and_keeps_what_looks_like_a_missing_value():
    assert parse([" NA ", "n/a", "None", "null", "two\r\nlines"], "text").column.tolist() == [
        "NA",
        "n/a",
        "None",
        "null",
        "two\nlines",
    ]


def test_a_list_is_parted_by_semicolons():
    assert parse(["a;b ;; c", "a, b"], "list").column.tolist() == ["a; b; c", "a, b"]


def test_text_with_a_lost_character_is_refused():
    assert refusal("Beeston \ufffd Holbeck", "text").found == '"Beeston ? Holbeck" with a character that cannot be printed'


def test_a_percentage_cell_is_never_read_as_a_share():
    cell = refusal("0.643", "number", CellKind.PERCENT)
    assert (cell.found, cell.remedy) == ("0.643 shown as 64.3%", "Set the cell's number format to General and write 64.3.")


def test_a_cell_that_excel_made_a_date_is_refused_where_a_period_belongs():
    cell = refusal("2024-03-01", "period", CellKind.DAY)
    assert cell.found == "a date cell, 01/03/2024"
    assert cell.remedy == 'Format the cell as Text and write "Mar 2024", or the period that is meant.'
    assert refusal("2024-03-01", "number", CellKind.DAY).found == "a date cell, 01/03/2024"


def test_a_number_cell_is_no_day():
    assert refusal("45383", "day", CellKind.NUMBER).found == "the number 45383"


def test_an_unreadable_cell_is_missing_and_not_reported_again():
    parsed = parse(["", ""], "number", CellKind.UNREADABLE)
    assert parsed.is_bad.all()
    assert parsed.bad_cells == ()


def test_only_bad_cells_are_bad():
    parsed = parse(["1", "n/a", "1", "TBC", "n/a"], "number")
    assert [cell.row for cell in parsed.bad_cells] == [3, 5, 6]
    assert parsed.column.tolist()[::2] == [1, 1, pytest.approx(float("nan"), nan_ok=True)]


@given(st.text(alphabet=string.printable + "\u00a0–−£%١"), st.sampled_from(sorted(formats.EXPECTED)))
def test_any_text_is_either_read_or_refused_on_one_line(text, format):
    parsed = parse([text], format)
    assert parsed.is_bad.tolist() == [bool(parsed.bad_cells)]
    assert all("\n" not in cell.found + cell.remedy and cell.remedy for cell in parsed.bad_cells)
