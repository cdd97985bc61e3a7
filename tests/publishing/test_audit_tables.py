"""What is written down beside reports: each decision and each cell of origin, and nothing that is of another period."""

import csv
import io
from dataclasses import dataclass, field
from types import SimpleNamespace

import pandas as pd
import pytest
from kpireport.errors import Finding
from kpireport.publishing import audit_tables
from kpireport.sources.register import SourceFile

DIGEST = "0f" * 32


def frame(text: str) -> pd.DataFrame:
    """Return a frame from lines of words parted by |; "-" is an empty cell."""
    header, *rows = ([cell.strip() for cell in line.split("|")] for line in text.strip().splitlines())
    return pd.DataFrame([["" if cell == "-" else cell for cell in row] for row in rows], columns=header)


@dataclass(frozen=True)
class Performance:
    kpis: pd.DataFrame
    history: pd.DataFrame


@dataclass(frozen=True)
class SimpleItem:
    kpi: dict
    reasons: str
    wards: pd.DataFrame


@dataclass(frozen=True)
class Report:
    council: SimpleNamespace
    edition: str
    performance: Performance
    highlights: tuple = ()
    not_chosen: pd.DataFrame = field(default_factory=pd.DataFrame)
    restated: pd.DataFrame = field(default_factory=pd.DataFrame)
    received_late: pd.DataFrame = field(default_factory=pd.DataFrame)
    with_hidden_figures: frozenset = frozenset()
    without_commentary: frozenset = frozenset()
    warnings: tuple = ()


KPIS = frame("""
    kpi_id | period     | value | vintage | received_on | absence
    AH-01  | 2024-25 Q2 | 7     | 2       | 2024-10-09  | -
    AH-02  | 2024-25 Q1 | -     | 1       | 2024-07-12  | suppressed
    AH-03  | -          | -     | -       | -           | -
""")
HISTORY = frame("""
    kpi_id | period     | absence
    AH-02  | 2024-25 Q1 | suppressed
    AH-04  | 2023-24    | suppressed
""")
REGISTER = SimpleNamespace(
    files=(SourceFile("register/kpis.csv", DIGEST, 3),),
    warnings=(Finding("register/kpis.csv", "", "B2", "=1+1", "a name", "Ask."),),
    results=frame(f"""
        kpi_id | area | group | period     | vintage | absence    | source_file    | source_sheet | source_cell | source_sha256
        AH-01  | E1   | all   | 2024-25 Q2 | 1       | -          | returns/a.xlsx | Return       | F4          | -
        AH-01  | E1   | all   | 2024-25 Q2 | 2       | -          | returns/b.xlsx | Return       | F5          | {DIGEST}
        AH-01  | W1   | all   | 2024-25 Q2 | 2       | -          | returns/c.xlsx | Wards        | B9          | -
        AH-02  | E1   | all   | 2024-25 Q1 | 1       | -          | returns/a.xlsx | Return       | F6          | -
    """),
    highlights=frame("""
        quarter    | kpi_id | choice  | reason     | chosen_by
        2024-25 Q2 | AH-01  | include | =cmd()     | Analyst
        2024-25 Q1 | AH-02  | exclude | Not ready. | Analyst
    """),
    kpi_changes=frame("""
        quarter    | kpi_id | change  | field  | old_value | new_value | detail  | agreed_by | agreed_on
        2024-25 Q2 | AH-01  | amended | unit   | number    | %         | Agreed. | CLT       | 2024-07-01
        2023-24 Q4 | AH-02  | added   | -      | -         | -         | -       | CLT       | 2024-01-01
    """),
    sign_offs=frame(f"""
        quarter    | directorate | signed_by | signed_on  | file           | sha256
        2024-25 Q2 | AH          | Director  | 2024-10-10 | returns/b.xlsx | {DIGEST}
        2024-25 Q1 | AH          | Director  | 2024-07-10 | returns/a.xlsx | {DIGEST}
    """),
)
REPORT = Report(
    council=SimpleNamespace(area="E1"),
    edition="internal",
    performance=Performance(KPIS, HISTORY),
    highlights=(SimpleNamespace(kpi={"kpi_id": "AH-01"}, reasons="newly red"),),
    not_chosen=frame("kpi_id | reasons \n AH-03 | largest gap"),
    restated=frame("""
        kpi_id | period     | old_value | new_value | old_rating | new_rating | note
        AH-01  | 2024-25 Q1 | 5         | 6         | red        | amber      | Late.
    """),
    received_late=frame("kpi_id | period | received_on \n AH-03 | 2024-25 Q2 | 2024-11-09"),
)


def read(files, name):
    return list(csv.DictReader(io.StringIO(files[name].decode())))


@pytest.fixture
def files():
    return audit_tables.tables(REGISTER, {"clt": REPORT}, period="2024-25 Q2")


def told(files, kind):
    rows = [row for row in read(files, "decisions.csv") if row["kind"] == kind]
    return [(row["report"], row["kpi_id"], row["period"], row["decision"], row["reason"], row["decided_by"]) for row in rows]


def test_checks_tell_what_was_read_and_every_warning_with_its_outcome(files):
    rows = read(files, "checks.csv")
    assert (rows[0]["file"], rows[0]["outcome"], rows[0]["found"]) == ("register/kpis.csv", "passed", "3 rows")
    assert {row["outcome"] for row in rows[1:-1]} == {"no fault"}
    assert any("clt" in row["check"] for row in rows)
    assert (rows[-1]["check"], rows[-1]["cell"], rows[-1]["found"]) == ("warning", "B2", "'=1+1")
    assert "did not stop" in rows[-1]["outcome"]


def test_choices_of_the_quarter_are_told_with_reason_and_who_and_no_cell_is_a_formula(files):
    assert told(files, "highlight chosen") == [("", "AH-01", "", "include", "'=cmd()", "Analyst")]
    assert [row[1:5] for row in told(files, "highlight proposed")] == [
        ("AH-01", "", "shown", "newly red"),
        ("AH-03", "", "not shown", "largest gap"),
    ]


def test_changes_revisions_and_what_came_late_are_told(files):
    (change,) = told(files, "change of the KPI list")
    assert change[3:] == ("amended unit", "Agreed.; old_value: number; new_value: %", "CLT")
    (revision,) = told(files, "revision")
    assert revision[1:5] == ("AH-01", "2024-25 Q1", "5 (red) is now 6 (amber)", "Late.")
    (late,) = told(files, "result left out")
    assert late[1:4] == ("AH-03", "2024-25 Q2", "not used")


def test_a_years_reports_tell_decisions_of_all_its_quarters():
    files = audit_tables.tables(REGISTER, {}, period="2024-25")
    assert [row["kpi_id"] for row in read(files, "decisions.csv")] == ["AH-01", "AH-02", "AH-01"]
    assert [row["quarter"] for row in read(files, "sign_offs.csv")] == ["2024-25 Q2", "2024-25 Q1"]


def test_origin_is_the_cell_of_the_very_vintage_and_area_that_is_shown(files):
    first, second = read(files, "origins.csv")
    assert (first["kpi_id"], first["source_file"], first["source_cell"], first["source_sha256"]) == (
        "AH-01", "returns/b.xlsx", "F5", DIGEST,
    )  # fmt: skip
    assert (second["kpi_id"], second["source_cell"]) == ("AH-02", "F6")


def test_sign_offs_of_the_quarter_and_every_return_that_is_named_by_its_digest(files):
    (signed,) = read(files, "sign_offs.csv")
    assert (signed["directorate"], signed["sha256"]) == ("AH", DIGEST)
    assert read(files, "returns.csv") == [{"file": "returns/b.xlsx", "sha256": DIGEST}]


def test_only_a_public_edition_hides_and_it_tells_whether_the_producer_did(files):
    assert told(files, "suppression") == []
    supplied = REGISTER.results.assign(absence=["", "", "", "suppressed"])
    register = SimpleNamespace(**{**vars(REGISTER), "results": supplied})
    wards = frame("kpi_id | area | group | period | absence \n AH-05 | W1 | men | 2023-24 | suppressed")
    hiding = Report(
        council=REPORT.council,
        edition="public",
        performance=Performance(frame("kpi_id | period"), HISTORY),
        highlights=(SimpleItem({"kpi_id": "AH-05"}, "newly red", wards),),
        with_hidden_figures=frozenset({"AH-04", "AH-06"}),
        without_commentary=frozenset({"AH-04"}),
    )
    files = audit_tables.tables(register, {"board": hiding}, period="2024-25 Q2")
    assert [(row[1], row[2], row[3], row[5]) for row in told(files, "suppression")] == [
        ("AH-02", "2024-25 Q1", "hidden", "the producer"),
        ("AH-04", "2023-24", "hidden", "disclosure control"),
        ("AH-05", "2023-24", "hidden (W1, men)", "disclosure control"),
        ("AH-06", "", "hidden", "disclosure control"),
        ("AH-04", "", "commentary left out", "disclosure control"),
    ]


def test_a_register_of_nothing_gives_files_with_heads_alone():
    files = audit_tables.tables(SimpleNamespace(files=()), {}, period="2024-25 Q2")
    assert {name: read(files, name) for name in files if name != "checks.csv"} == {
        "decisions.csv": [], "sign_offs.csv": [], "origins.csv": [], "returns.csv": [],
    }  # fmt: skip
