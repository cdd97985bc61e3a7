"""The KPI list changes only by rows of kpi_changes: what is not on record is named, with the row that would put it there."""

import csv
import io
from pathlib import Path

import pytest
import small_register
from hypothesis import given
from hypothesis import strategies as st
from kpireport.errors import DataError, Finding
from kpireport.schemas import definitions
from kpireport.sources import kpi_changes, register

from sources.conftest import Texts, row, rows

TEXT = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool)


def on_record() -> Texts:
    """Return the small register with a record of its own, which does not follow what a test changes."""
    tables = small_register.texts()
    tables["register/kpi_changes"][0]["detail"] = "On the list from its first day."
    return tables


def found(folder: Path, tables: Texts) -> list[Finding]:
    try:
        register.load(small_register.write(folder, tables))
    except DataError as error:
        return [fault for fault in error.faults if "agreed" in str(fault) or fault.file.startswith("register/kpi_changes")]
    return []


def places(faults: list[Finding]) -> list[tuple[str, str, str]]:
    return [(fault.file, fault.cell, fault.found) for fault in faults]


def appended(tables: Texts, fault: Finding) -> Texts:
    """Return the tables with the row that a fault prints, and who agreed it."""
    line = fault.remedy.split("register/kpi_changes.csv: ")[1].rsplit(" (and write in it", 1)[0]
    cells = next(csv.reader(io.StringIO(line)))
    new = dict(zip(kpi_changes.COLUMNS, cells, strict=True)) | {"agreed_by": "Best Council Team", "agreed_on": "2024-11-04"}
    return {**tables, "register/kpi_changes": [*tables["register/kpi_changes"], new]}


def test_a_record_that_leads_to_the_register_has_no_fault(tmp_path):
    assert found(tmp_path, on_record()) == []


@pytest.mark.parametrize(
    ("table", "kpi_id", "cells", "place"),
    [
        ("kpis", "AH-01", {"tolerance": "3"}, ("register/kpis.csv", "U2", 'tolerance "3" of AH-01')),
        ("kpis", "AH-01", {"tolerance": "2.0"}, None),  # the same number
        ("kpis", "AH-01", {"key_contacts": "someone.else@example.org", "next_review": "2025-01-31"}, None),
        ("kpis", "CF-01", {"definition": "Another, with a | in it."}, ("register/kpis.csv", "C3", "")),
        ("kpis", "CD-01", {"pillars": "zero_carbon"}, ("register/kpis.csv", "F5", 'pillars "zero_carbon" of CD-01')),
        ("kpis", "CD-02", {"retired": "2024-25 Q2"}, ("register/kpis.csv", "AL6", 'retired "2024-25 Q2" of CD-02')),
        ("kpis", "SR-02", {"retired": ""}, ("register/kpis.csv", "AL9", "retired an empty cell of SR-02")),
        ("targets", "CHE-01", {"target": "60"}, ("register/targets.csv", "D17", 'target from Apr 2023 "60" of CHE-01')),
    ],
)
def test_a_definition_that_nobody_agreed_is_named_and_its_row_mends_it(tmp_path, table, kpi_id, cells, place):
    tables = on_record()
    row(tables, table, kpi_id=kpi_id).update(cells)
    faults = found(tmp_path, tables)
    assert len(faults) == bool(place)
    if place:
        assert places(faults) == [(*place[:2], place[2] or faults[0].found)]
    for fault in faults:
        tables = appended(tables, fault)
    assert found(tmp_path, tables) == []


@pytest.mark.parametrize("turn", [1, -1])
def test_several_fields_of_one_kpi_are_appended_in_any_order(tmp_path, turn):
    tables = on_record()
    row(tables, "kpis", kpi_id="AH-01").update(tolerance="3", decimals="0", directorate="CF")
    row(tables, "targets", kpi_id="AH-01", from_period="2024-25 Q1").update(from_period="2024-25 Q2")
    faults = found(tmp_path, tables)
    assert [cell for _, cell, _ in places(faults)] == ["A2", "D2", "M2", "U2", "D3"]
    for fault in faults[::turn]:
        tables = appended(tables, fault)
    assert found(tmp_path, tables) == []
    tables["register/kpi_changes"].pop()
    assert [cell for _, cell, _ in places(found(tmp_path, tables))] == ["J14"]  # the last of those that are there


def test_a_change_agreed_after_the_cut_off_is_a_question(tmp_path):
    tables = on_record()
    row(tables, "kpis", kpi_id="AH-01")["tolerance"] = "3"
    (fault,) = found(tmp_path, tables)
    tables = appended(tables, fault)
    (warning,) = register.load(small_register.write(tmp_path, tables)).warnings
    assert (warning.cell, warning.found) == ("I11", "agreed_on 04/11/2024, after the cut-off of 2024-25 Q2")


def test_a_kpi_without_any_row_is_added_by_the_row_that_is_printed(tmp_path):
    tables = on_record()
    rows(tables, "kpi_changes").remove(row(tables, "kpi_changes", kpi_id="CHE-01"))
    (fault,) = found(tmp_path, tables)
    assert (fault.file, fault.cell) == ("register/kpis.csv", "A7")
    assert found(tmp_path, appended(tables, fault)) == []


def test_a_target_that_was_removed_is_named_where_its_kpi_is(tmp_path):
    tables = on_record()
    rows(tables, "targets").remove(row(tables, "targets", kpi_id="AH-01", from_period="2024-25 Q1"))
    (fault,) = found(tmp_path, tables)
    assert (fault.file, fault.cell, fault.expected) == ("register/kpis.csv", "A2", '"95, yearly", as last agreed')
    assert found(tmp_path, appended(tables, fault)) == []


def agreed(field: str, old: str, new: str, **cells: str) -> dict[str, str]:
    plain = {"quarter": "2024-25 Q1", "kpi_id": "AH-01", "change": "tolerance_set", "detail": "Agreed.", "agreed_by": "Team"}
    plain |= {"agreed_on": "2024-05-20", "field": field, "old_value": old, "new_value": new, "fingerprint": "0" * 12}
    return plain | cells


TO_THREE = agreed("tolerance", "2", "3", fingerprint="")


@pytest.mark.parametrize(
    ("rows_of", "cell", "said"),
    [
        ([agreed("tolerance", "1", "3")], "E11", 'old_value "1"'),
        ([agreed("tolerance", "", "3")], "E11", "old_value an empty cell"),
        ([TO_THREE, agreed("tolerance", "2", "4", quarter="2024-25 Q2")], "E12", 'old_value "2"'),  # the chain is broken
        ([agreed("tolerance", "2", "2")], "F11", 'new_value "2", which changes nothing'),
        ([agreed("tolerance", "2", "3.0")], "F11", 'new_value "3.0"'),
        ([agreed("tolerance", "2", "3 points")], "F11", 'new_value "3 points"'),
        ([agreed("tolerance", "2", "3")], "J11", f'fingerprint "{"0" * 12}"'),
        ([agreed("tolerence", "2", "3")], "D11", 'field "tolerence"'),
        ([agreed("key_contacts", "a", "b", change="amended")], "D11", 'field "key_contacts"'),
        ([agreed("", "2", "3")], "D11", "field an empty cell"),
        ([agreed("retired", "", "2024-25 Q3", change="amended")], "C11", 'change "amended" of the retired of AH-01'),
        ([agreed("target from 2024-25 Q1", "95, yearly", "x", change="target_set")], "F11", 'new_value "x"'),
        ([agreed("", "", "unit: %", change="added")], "C11", 'change "added" of AH-01'),
        ([TO_THREE, agreed("tolerance", "3", "2", quarter="2023-24 Q4")], "A12", "quarter 2023-24 Q4"),
    ],
)
def test_a_row_that_cannot_be_is_named_by_its_cell(tmp_path, rows_of, cell, said):
    tables = on_record()
    fields = definitions.parted(row(tables, "kpi_changes", kpi_id="AH-01")["new_value"])
    for one in rows_of:
        if not one["fingerprint"]:
            one = one | {"fingerprint": definitions.fingerprint("AH-01", fields | {one["field"]: one["new_value"]})}
        rows(tables, "kpi_changes").append(one)
    faults = found(tmp_path, tables)
    assert places(faults) == [("register/kpi_changes.csv", cell, said)]
    assert all(fault.remedy for fault in faults)


def test_the_first_row_of_a_kpi_says_how_it_was_added(tmp_path):
    tables = on_record()
    first = row(tables, "kpi_changes", kpi_id="AH-01")
    first["new_value"] = first["new_value"].replace("unit: %", "unit")
    assert places(found(tmp_path, tables))[0][1] == "F2"
    first.update(change="amended", field="unit", new_value="number")
    assert places(found(tmp_path, tables)) == [("register/kpi_changes.csv", "C2", 'change "amended" of AH-01')]


def test_without_the_file_there_is_one_fault_that_says_what_to_run(tmp_path):
    data = small_register.write(tmp_path)
    (data / "register/kpi_changes.csv").unlink()
    with pytest.raises(DataError) as raised:
        register.load(data)
    assert [(fault.file, "make changes" in fault.remedy) for fault in raised.value.faults] == [("register/kpi_changes.csv", True)]


def test_a_change_of_a_kpi_that_is_not_on_the_list_is_named(tmp_path):
    tables = on_record()
    rows(tables, "kpi_changes").append(agreed("tolerance", "2", "3", kpi_id="AH-77"))
    assert places(found(tmp_path, tables)) == [
        ("register/kpi_changes.csv", "B11", 'kpi_id "AH-77", which the kpis table does not have')
    ]


def test_the_printed_row_stands_in_the_order_of_the_file(tmp_path):
    tables = on_record()
    order = list(reversed(kpi_changes.COLUMNS))
    tables["register/kpi_changes"] = [{name: one[name] for name in order} for one in tables["register/kpi_changes"]]
    row(tables, "kpis", kpi_id="AH-01")["tolerance"] = "3"
    (fault,) = found(tmp_path, tables)
    assert ",3,2,tolerance,tolerance_set,AH-01,2024-25 Q2" in fault.remedy


@given(st.dictionaries(st.sampled_from(["kpi_name", "definition", "unit", "target from 2024-25 Q1"]), TEXT, min_size=1))
def test_a_definition_is_read_back_whatever_it_says(fields):
    assert definitions.parted(definitions.as_one(fields)) == fields
    mixed = dict(reversed(fields.items()))
    assert definitions.fingerprint("AH-01", fields) == definitions.fingerprint("AH-01", {**mixed, "limitations": ""})
    assert definitions.fingerprint("AH-01", fields) != definitions.fingerprint("AH-01", {**fields, "polarity": "neutral"})


@pytest.mark.parametrize(
    ("number", "text"), [(0.1 + 0.2, "0.30000000000000004"), (48000.0, "48000"), (-1.5, "-1.5"), (1e-6, "0.000001")]
)
def test_a_number_is_written_in_full(number, text):
    frames = small_register.frames()
    kpis = frames["kpis"].assign(tolerance=number)
    written = definitions.texts(kpis, frames["targets"])["AH-01"]["tolerance"]
    assert written == text
    assert definitions.is_written("tolerance", written)
