"""What becomes of returns: taken, asked about, refused, revised; of our form, of other layouts, and of CSV."""

import csv
import io
import re
from dataclasses import replace
from datetime import date, datetime

import forms
import openpyxl
import pytest
from kpireport.collection import record
from kpireport.collection.against_record import Outcome
from kpireport.collection.answers import index, marked, page, stem
from kpireport.collection.intake import Intake
from kpireport.collection.sign_off import approve
from kpireport.errors import ParameterError
from kpireport.sources import register

CD, SR = ("CD-01", "2024-25 Q2"), ("SR-01", "Year to Sep 2024")
SAID = {"reason": "Two posts are vacant.", "action": "Fill them.", "owner": "Head of Service", "due_on": date(2025, 3, 31)}


def form(code: str, fill: forms.Fill, sheet: str = "Results") -> bytes:
    return forms.filled(forms.before().forms[code], fill, sheet)


def after(found: Intake, before: forms.Before) -> forms.Before:
    """Return the record once an intake is written."""
    contents = dict(before.standing.contents)
    for file, content in found.files.items():
        contents[file.removesuffix(".csv")] = (file, content)
    tables, faults, _ = register.examine(contents)
    assert faults == []
    return replace(before, standing=record.Standing(contents, tables))


def rows(found: Intake, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(found.files[f"{table}.csv"].decode("utf-8"), newline="")))


def said(found: Intake) -> list[str]:
    return [f"{fault.sheet} {fault.cell}: {fault.found}" for answer in found.answers for fault in answer.faults]


def asked(found: Intake) -> list[str]:
    return [f"{one.sheet} {one.cell}: {one.found}" for answer in found.answers for one in answer.questions]


def test_same_file_twice_changes_nothing_under_whatever_name():
    before = forms.before()
    content = form("CD", {CD: {"value": 741, **SAID, "escalate": "Yes"}})
    first = before.collect({"CD.xlsx": content})
    then = after(first, before)
    assert first.taken == 1
    for name in ("CD.xlsx", "renamed.xlsx"):
        again = then.collect({name: content}, received_at=datetime(2024, 10, 25))
        assert again.files == {}
        assert [one.outcome for one in again.answers[0].rows if one.outcome is not Outcome.EMPTY] == [Outcome.HELD]
        assert again.answers[0].received_at == "2024-10-18T09:12:00Z"
    twice = before.collect({"CD.xlsx": content, "copy.xlsx": content})
    assert twice.taken == 1
    assert "the same file as" in asked(twice)[0]


def test_each_row_says_where_it_came_from_and_the_return_is_listed():
    before = forms.before()
    content = form("CD", {CD: {"value": 741}})
    found = before.collect({"CD.xlsx": content})
    (row,) = forms.new_rows(found, before)
    (listed,) = rows(found, "register/returns")
    assert listed["sha256"] == row["source_sha256"]
    assert listed == {
        "quarter": "2024-25 Q2",
        "file": row["source_file"],
        "sha256": row["source_sha256"],
        "kind": "workbook",
        "sender": "CD",
        "received_at": "2024-10-18T09:12:00Z",
        "rows_taken": "1",
        "rows_refused": "0",
    }
    assert (row["source_file"], row["source_sheet"], row["source_cell"]) == (
        f"{forms.FOLDER}/CD.xlsx",
        "Results",
        forms.address(content, *CD, "value"),
    )
    assert (row["vintage"], row["received_on"], row["maturity"]) == ("1", "2024-10-18", "final")


def test_changed_value_is_a_new_vintage_with_its_reason_and_a_file_before_it_stays_settled():
    before = forms.before()
    first = form("CD", {CD: {"value": 741}})
    taken = after(before.collect({"CD.xlsx": first}), before)
    silent = form("CD", {CD: {"value": 750}})
    refused = taken.collect({"CD.xlsx": first, "CD 2.xlsx": silent})
    assert said(refused) == [
        f"Results I5: value 750, where the record has 741 ({forms.FOLDER}/CD.xlsx Results I5), and no reason for the change"
    ]
    explained = form("CD", {CD: {"value": 750, "note": "Nine late cases were added."}})
    files = {"CD.xlsx": first, "CD 2.xlsx": explained}
    revised = taken.collect(files, received_at=datetime(2024, 10, 28))
    (row,) = forms.new_rows(revised, taken)
    assert (row["value"], row["vintage"], row["note"]) == ("750", "2", "Nine late cases were added.")
    settled = after(revised, taken).collect(files)
    assert settled.files == {}
    assert said(settled) == []


def test_correction_of_an_earlier_result_and_a_confirmation():
    before = forms.before()
    wrong = form("CD", {("CD-01", "2024-25 Q1"): {"value": 335, "change_reason": "Late cases were added."}}, "Earlier results")
    (row,) = forms.new_rows(before.collect({"CD.xlsx": wrong}), before)
    assert (row["period"], row["value"], row["vintage"], row["note"]) == ("2024-25 Q1", "335", "2", "Late cases were added.")
    confirmed = form("CF", {("CF-01", "2022-23"): {"value": 40.3, "maturity": "Final"}}, "Earlier results")
    (row,) = forms.new_rows(before.collect({"CF.xlsx": confirmed}), before)
    assert (row["value"], row["maturity"], row["vintage"]) == ("40.3", "final", "2")


def test_unchanged_and_unanswered_rows_write_nothing_but_that_the_return_came():
    before = forms.before()
    found = before.collect({"CD.csv": b"kpi_id,period,value\nCD-01,2024-25 Q1,330\n"})
    assert list(found.files) == ["register/returns.csv"]
    assert rows(found, "register/returns")[0]["rows_taken"] == "0"
    assert before.collect({"CD.xlsx": before.forms["CD"]}).files == {}


def test_two_services_that_report_the_same_result_are_a_fault_that_names_both():
    before = forms.before()
    other = b"kpi_id,period,value\nCD-01,2024-25 Q2,745\n"
    found = before.collect({"CD.xlsx": form("CD", {CD: {"value": 741}}), "planning.csv": other})
    assert said(found) == [
        f"Results I5: value 741 for CD-01, 2024-25 Q2, also returned in {forms.FOLDER}/planning.csv C2",
        f" C2: value 745 for CD-01, 2024-25 Q2, also returned in {forms.FOLDER}/CD.xlsx Results I5",
    ]
    assert found.files == {}


def test_another_service_that_contradicts_what_is_in_is_a_fault_that_names_both():
    before = forms.before()
    taken = after(before.collect({"CD.xlsx": form("CD", {CD: {"value": 741}})}), before)
    other = b"kpi_id,period,value,note\nCD-01,2024-25 Q2,745,We counted again.\n"
    assert said(taken.collect({"planning.csv": other})) == [
        f" C2: value 745, where CD returned 741 ({forms.FOLDER}/CD.xlsx Results I5)"
    ]


def test_row_given_twice_in_one_file_is_refused_twice():
    found = forms.before().collect({"x.csv": b"kpi_id,period,value\nCD-01,2024-25 Q2,741\nCD-01,2024-25 Q2,741\n"})
    assert said(found) == [
        " C2: value 741 for CD-01, 2024-25 Q2, given again in C3",
        " C3: value 741 for CD-01, 2024-25 Q2, given again in C2",
    ]
    assert found.taken == 0


def test_good_kpis_are_taken_beside_bad_ones_and_a_kpi_is_taken_whole():
    before = forms.before()
    content = b"kpi_id,area,period,value\nCD-01,,2024-25 Q2,741\nCHE-01,,Sep 2024,48.7\nCHE-01,,Oct 2024,50\n"
    found = before.collect({"x.csv": content})
    assert [row["kpi_id"] for row in forms.new_rows(found, before)] == ["CD-01"]
    (refused,) = [one for one in found.answers[0].rows if one.why]
    assert (refused.claim.period, refused.why) == ("Sep 2024", "another row of CHE-01 has a fault")
    whole = before.collect({"x.csv": content}, is_whole=True)
    assert whole.files == {}
    assert len(said(whole)) == 1


def test_jump_is_a_question_where_the_record_would_only_warn_and_needs_a_note_where_it_would_not_load():
    before = forms.before()
    doubtful = before.collect({"AH.csv": b"kpi_id,period,value,numerator,denominator\nAH-01,2024-25 Q2,8.5,85,1000\n"})
    assert any("another order of magnitude" in one for one in said(doubtful) + asked(doubtful))
    slipped = form("SR", {SR: {"value": 123.5}})
    noted = form("SR", {SR: {"value": 123.5, "note": "The case system was out of use."}})
    assert "another order of magnitude" in said(before.collect({"SR.xlsx": slipped}))[0]
    found = before.collect({"SR.xlsx": noted})
    assert said(found) == []
    assert "another order of magnitude" in asked(found)[0]
    assert found.taken == 1


def test_counts_that_are_left_out_are_asked_for():
    found = forms.before().collect({"AH.xlsx": form("AH", {("AH-01", "2024-25 Q2"): {"value": 95.3}})})
    assert found.taken == 1
    assert asked(found) == ["Results J5: numerator and denominator empty"]


def test_commentary_and_escalation_go_into_their_tables():
    before = forms.before()
    found = before.collect({"CD.xlsx": form("CD", {CD: {"value": 741, **SAID, "escalate": "Yes"}})})
    spoken = rows(found, "commentary/commentary")[-1]
    assert (spoken["quarter"], spoken["kpi_id"], spoken["reason"], spoken["due_on"]) == (
        "2024-25 Q2",
        "CD-01",
        SAID["reason"],
        "2025-03-31",
    )
    raised = rows(found, "commentary/escalations")[-1]
    assert (raised["directorate"], raised["kpi_id"], raised["matter"], raised["raised_by"]) == (
        "CD",
        "CD-01",
        SAID["reason"],
        "Head of Service",
    )
    assert "Fill them." in raised["request"]


def test_words_that_replace_earlier_ones_keep_them():
    before = forms.before()
    held = before.standing.contents["commentary/commentary"][1]
    period = ("CF-02", "2023/24 Summer")
    found = before.collect({"CF.xlsx": form("CF", {period: {"value": 92.3, "reason": "Heat closed two schools."}})})
    (kept,) = rows(found, "commentary/replaced")
    assert (kept["kpi_id"], kept["column"], kept["words"]) == ("CF-02", "reason", "Illness in the summer term.")
    assert kept["replaced_by"] == f"{forms.FOLDER}/CF.xlsx"
    (spoken,) = rows(found, "commentary/commentary")
    assert spoken["reason"] == "Heat closed two schools."
    assert spoken["action"].startswith("Attendance officers")  # what was left empty stays
    assert found.files["commentary/commentary.csv"].splitlines()[0] == held.splitlines()[0]


def test_standing_matter_is_not_written_over():
    before = forms.before()
    fill = {("CHE-01", "Sep 2024"): {"value": 48.7, **SAID, "escalate": "Yes"}}
    found = before.collect({"CHE.xlsx": form("CHE", fill)})
    assert "commentary/escalations.csv" not in found.files
    assert 'where the escalations table has "Vehicles are past' in asked(found)[0]


MAPPING = """\
sheet: Performance
header_row: 4
sender: Planning service
directorates: [CD]
columns: {kpi_name: Indicator, value: Actual, note: Remarks}
fixed: {period: 2024-25 Q2, maturity: provisional}
"""


def scorecard(*lines: tuple[object, ...], edit=None) -> bytes:
    """Return a workbook of a service's own layout."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Performance"
    for line in (("Planning scorecard",), (), ("Quarter 2",), ("No.", "Indicator", "Actual", "Remarks"), *lines):
        sheet.append(line)
    if edit:
        edit(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def new_homes() -> str:
    kpis = forms.before().standing.tables["kpis"].frame
    return str(kpis.loc[kpis["kpi_id"].eq("CD-01"), "kpi_name"].iloc[0])


def test_another_layout_is_read_by_its_mapping_file():
    before = forms.before()
    content = scorecard((1, "Homes", None, None), (2, new_homes(), 741, "Before the last completions."))
    found = before.collect({"planning.xlsx": content, "planning.mapping.yaml": MAPPING.encode()})
    assert said(found) == []
    (row,) = forms.new_rows(found, before)
    assert (row["kpi_id"], row["value"], row["maturity"], row["note"]) == (
        "CD-01",
        "741",
        "provisional",
        "Before the last completions.",
    )
    assert (row["source_sheet"], row["source_cell"]) == ("Performance", "C6")
    assert rows(found, "register/returns")[0]["sender"] == "Planning service"
    assert rows(found, "register/returns")[0]["kind"] == "mapped_workbook"


@pytest.mark.parametrize(
    ("mapping", "found", "remedy"),
    [
        (MAPPING.replace("header_row", "heading_row"), 'the unknown key "heading_row"', 'Did you mean "header_row"?'),
        (MAPPING.replace("value: Actual", "valeu: Actual"), 'the unknown name in columns "valeu"', 'Did you mean "value"?'),
        (MAPPING.replace("value: Actual", "value: Actuals"), 'no head "Actuals" in row 4', 'Did you mean "Actual"?'),
        (MAPPING.replace("sheet: Performance", "sheet: Performances"), "the sheets", 'Did you mean "Performance"?'),
        (MAPPING.replace("[CD]", "[CX]"), 'the directorate "CX"', "Correct directorates"),
        (MAPPING.replace("period: 2024-25 Q2, ", ""), "no period", "Say in which column it stands"),
        (MAPPING + "columns: [", "not YAML", "Correct it"),
        ("", "no keys", "Write them"),
    ],
)
def test_mapping_that_does_not_fit_is_a_fault(mapping, found, remedy):
    files = {"planning.xlsx": scorecard((2, new_homes(), 741)), "planning.mapping.yaml": mapping.encode()}
    (answer,) = forms.before().collect(files).answers
    assert found in answer.faults[0].found
    assert remedy in answer.faults[0].remedy


def test_percentage_cells_of_another_layout_count_as_shown_only_where_the_mapping_says_so():
    def edit(sheet) -> None:
        sheet["C5"].number_format = "0.0%"

    before = forms.before()
    kpis = before.standing.tables["kpis"].frame
    name = str(kpis.loc[kpis["kpi_id"].eq("AH-01"), "kpi_name"].iloc[0])
    content, mapping = scorecard((1, name, 0.953), edit=edit), MAPPING.replace("[CD]", "[AH]")
    assert "shown as 95.3%" in said(before.collect({"x.xlsx": content, "x.mapping.yaml": mapping.encode()}))[0]
    said_so = f"{mapping}percent_cells: as_shown\n".encode()
    (row,) = forms.new_rows(before.collect({"x.xlsx": content, "x.mapping.yaml": said_so}), before)
    assert row["value"] == "95.3"


def test_rows_of_another_layout_without_a_result_are_passed_over_and_one_without_a_kpi_is_not():
    lines = ((1, "Heading", None), (None, None, 741), (2, "Unknown", 3))
    found = forms.before().collect({"x.xlsx": scorecard(*lines), "x.mapping.yaml": MAPPING.encode()})
    assert said(found) == [
        "Performance B6: a result without a KPI",
        'Performance B7: kpi_name "Unknown", which is not on the KPI list',
    ]


def test_groups_and_wards_come_by_csv():
    before = forms.before()
    content = "kpi_id,area,group,period,value\nAH-01,,most deprived tenth,2024-25 Q2,89.4\nCD-02,E05000001,all,2023,7\n"
    found = before.collect({"x.csv": content.replace(",7\n", ",6\n").encode()})
    assert said(found) == []
    assert [row["value"] for row in forms.new_rows(found, before)] == ["89.4"]  # the ward's is in already
    misspelt = content.replace("most deprived tenth", "Most deprived tenth").replace("E05000001", "E05999999")
    assert said(before.collect({"x.csv": misspelt.encode()}))[:2] == [
        ' C2: group "Most deprived tenth"',
        ' B3: area "E05999999"',
    ]


def test_mapping_without_its_return_is_said():
    (answer,) = forms.before().collect({"planning.mapping.yaml": MAPPING.encode()}).answers
    assert answer.faults[0].found == "a mapping file without its return"


def signed(book) -> None:
    book["Sign-off"]["B5"], book["Sign-off"]["B6"] = "Director of City Development", date(2024, 10, 17)


def test_approval_in_the_workbook_is_recorded_once_the_return_is_whole():
    before = forms.before()
    content = forms.edited(form("CD", {CD: {"value": 741}}), signed)
    found = before.collect({"CD.xlsx": content})
    (row,) = rows(found, "register/sign_offs")
    assert (row["directorate"], row["signed_by"], row["signed_on"]) == ("CD", "Director of City Development", "2024-10-17")
    assert row["sha256"] == rows(found, "register/returns")[0]["sha256"]
    faulty = forms.edited(
        form("CD", {CD: {"value": 741}, **{}}), lambda book: (signed(book), book["Results"].__setitem__("U9", "x"))
    )
    assert "register/sign_offs.csv" not in before.collect({"CD.xlsx": faulty}).files


def test_directorate_approves_the_returns_that_gave_its_results():
    before = forms.before()
    taken = after(before.collect({"CD.xlsx": form("CD", {CD: {"value": 741}})}), before)
    how = {"quarter": forms.QUARTER, "by": "Director", "on": date(2024, 10, 28)}
    done = approve(taken.standing, directorate="CD", **how)
    assert done.signed == (f"{forms.FOLDER}/CD.xlsx",)
    signed_now = after(Intake(forms.QUARTER, (), done.files), taken)
    assert approve(signed_now.standing, directorate="CD", **how).files == {}
    with pytest.raises(ParameterError, match="gave a result of AH"):
        approve(taken.standing, directorate="AH", **how)
    with pytest.raises(ParameterError, match='Did you mean "CHE"'):
        approve(taken.standing, directorate="CHEE", **how)
    with pytest.raises(ParameterError, match="write the post"):
        approve(taken.standing, directorate="CD", **{**how, "by": " "})


def test_answers_name_every_fault_in_a_page_and_at_its_cell_in_a_copy():
    before = forms.before()
    content = form("CD", {CD: {"value": "1,333", "note": "<script>alert(1)</script>"}})
    found = before.collect({"CD.xlsx": content, "CD.csv": b"kpi_id,period\n"})
    answer = found.answers[0]
    text = "".join(block.html for block in page(answer))
    assert "Write 1333, without commas." in text
    assert "Results I5" in text
    copy = openpyxl.load_workbook(io.BytesIO(marked(answer)))
    assert "Write 1333" in copy["Results"]["I5"].comment.text
    assert copy["Results"]["I5"].value == "1,333"
    assert copy["Results"]["I5"].fill.fgColor.rgb.endswith("F6D7D2")
    assert [cell.value for cell in copy["Answers"][2]][:3] == ["Fault", "Results", "I5"]
    assert "stamp" not in copy.sheetnames
    assert answer.returned.content == content
    listed = "".join(block.html for block in index(found, [stem(answer, found)]))
    assert stem(answer, found) == "CD-xlsx"
    assert 'href="CD-xlsx-marked.xlsx"' in listed
    assert "<script>" not in text + listed


def test_copy_of_a_workbook_holds_no_formula_of_the_finder():
    found = forms.before().collect({"CD.xlsx": form("CD", {CD: {"value": 741, "maturity": '=HYPERLINK("x")'}})})
    copy = openpyxl.load_workbook(io.BytesIO(marked(found.answers[0])))
    assert all(cell.data_type != "f" for line in copy["Answers"].iter_rows() for cell in line)


def test_files_of_an_answer_have_plain_names_each_its_own():
    hostile = ("$(touch x).csv", "`touch x`.csv", "\x1b[31m.csv", "-out.csv", "<b>.csv", "é.csv", "x" * 200 + ".csv", "to CD.csv")
    found = forms.before().collect({name: b"kpi_id,period\n" + str(n).encode() for n, name in enumerate(hostile)})
    stems = [stem(answer, found) for answer in found.answers]
    assert len(set(stems)) == len(hostile)
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,99}", one) for one in stems), stems
    assert "to CD" in stems
