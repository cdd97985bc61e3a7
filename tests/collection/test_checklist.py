"""The checklist says of each step what the files show: done, to do, or blocked by which; and what to run."""

import hashlib
import shutil
from datetime import date
from pathlib import Path

import small_register
from kpireport.__main__ import main, parser
from kpireport.collection import checklist, checklist_pages
from kpireport.collection.checklist import Checklist, State
from kpireport.collection.checklist_states import Made
from kpireport.collection.checklist_steps import period_of, reporting_year
from kpireport.periods import parse_quarter
from kpireport.sources import council, register
from kpireport.vocabulary import Step

ROOT = Path(__file__).resolve().parents[2]
RIVERSIDE = ROOT / "tests" / "councils" / "riverside"
QUARTER = "2024-25 Q2"
RETURN = b"a return"


def steps(folder: Path, quarter: str = QUARTER, change=None, **given: object) -> Checklist:
    """Return the checklist of the small register after a change of its tables."""
    tables = small_register.texts()
    if change:
        change(tables)
    data = small_register.write(folder, tables)
    ours = council.load(folder / "council.yaml")
    return checklist.checklist(register.load(data), ours, data=data, quarter=parse_quarter(quarter), **{"folders": {}, **given})


def item(made: Checklist, key: str) -> checklist.Item:
    return next(one for one in made.items if one.key == key)


def told(made: Checklist, key: str) -> tuple[str, str]:
    return checklist_pages.state(made, item(made, key)), item(made, key).found


def without_round(tables: small_register.Texts) -> None:
    tables["reference/rounds"] = [row for row in tables["reference/rounds"] if row["quarter"] != QUARTER]


def open_round(tables: small_register.Texts) -> None:
    for row in tables["reference/rounds"]:
        if row["quarter"] == QUARTER:
            row["cut_off_on"] = ""


def without(table: str):
    def change(tables: small_register.Texts) -> None:
        tables[table] = [row for row in tables[table] if row["quarter"] != QUARTER]

    return change


def returned(tables: small_register.Texts, *, signed: bool) -> None:
    """Put one return of Children and Families on record, from which its results were taken."""
    sha256 = hashlib.sha256(RETURN).hexdigest()
    place = {"quarter": QUARTER, "file": "returns/2024-25-q2/cf.xlsx", "sha256": sha256}
    facts = {"kind": "workbook", "sender": "CF", "received_at": "2024-10-18T09:12:00Z", "rows_taken": "2", "rows_refused": "0"}
    tables["register/returns"] = [place | facts]
    for row in tables["register/results"]:
        if row["kpi_id"] in ("CF-01", "CHE-01") and row["vintage"] == "1":
            row |= {"source_file": place["file"], "source_sha256": sha256}
    if signed:
        tables["register/sign_offs"] = [
            place | {"directorate": "CF", "signed_by": "Director", "signed_on": "2024-10-20"},
        ]


def test_without_a_round_the_first_step_is_to_set_its_dates(tmp_path):
    made = steps(tmp_path, change=without_round)
    assert told(made, "dates") == ("to do", "The rounds table has no row for the quarter.")
    assert made.next == item(made, "dates")


def test_each_state_follows_from_the_steps_before(tmp_path):
    made = steps(tmp_path, "2024-25 Q3")
    assert [told(made, key)[0] for key in ("dates", "requests", "collect", "commentary")] == [
        *("to do", "blocked by step 1", "blocked by step 2", "blocked by step 5"),
    ]
    for one in made.items:
        assert (one.state is State.BLOCKED) == bool(one.blocked_by)
        assert all(item(made, key).state is not State.DONE for key in one.blocked_by)
        assert all(made.number(key) < made.number(one.key) for key in one.blocked_by)


def test_a_file_that_was_not_taken_in_is_named_until_it_is(tmp_path):
    folder = tmp_path / "data" / "returns" / "2024-25-q2"
    folder.mkdir(parents=True)
    (folder / "cf.xlsx").write_bytes(RETURN)
    (folder / "cf.mapping.yaml").write_text("sheet: Results")
    (folder / "~$cf.xlsx").write_bytes(b"open in Excel")
    state, found = told(steps(tmp_path), "collect")
    assert state == "to do"
    assert found.startswith("1 file not taken in: cf.xlsx.")
    assert told(steps(tmp_path, change=lambda tables: returned(tables, signed=False)), "collect")[0] == "done"


def test_what_is_awaited_is_chased_until_the_round_is_closed(tmp_path):
    def late(tables: small_register.Texts) -> None:
        rows = tables["register/results"]
        missing = [("AH-01", "2024-25 Q1"), ("AH-01", QUARTER)]
        tables["register/results"] = [row for row in rows if (row["kpi_id"], row["period"]) not in missing]

    closed = steps(tmp_path, change=late)
    assert "AH-01" in told(closed, "chase")[1]
    assert told(closed, "chase")[0] == "done"
    still = steps(tmp_path, change=lambda tables: (late(tables), open_round(tables)))
    assert told(still, "chase")[0] == "to do"
    assert told(still, "close")[0] == "to do"
    assert "awaited" in told(still, "close")[1]


def test_highlights_wait_for_the_team_and_commentary_for_the_services(tmp_path):
    made = steps(tmp_path, change=without("commentary/highlights"))
    assert told(made, "highlights")[0] == "to do"
    assert told(made, "commentary")[0] == f"blocked by step {made.number('highlights')}"

    def red(tables: small_register.Texts) -> None:
        for row in tables["register/results"]:
            if (row["kpi_id"], row["period"]) == ("AH-01", QUARTER):
                row |= {"value": "50", "numerator": "", "denominator": ""}
        tables["commentary/highlights"].append({**tables["commentary/highlights"][0], "kpi_id": "AH-01"})

    silent = steps(tmp_path, change=red)
    assert told(silent, "highlights")[0] == "done"
    assert told(silent, "commentary")[0] == "to do"
    assert told(silent, "commentary")[1].startswith("no reason, action, owner, date")


def test_every_directorate_approves_every_return_of_its_own(tmp_path):
    made = steps(tmp_path, change=lambda tables: returned(tables, signed=True))
    assert told(made, "approve") == ("to do", "Not yet approved by CHE.")
    made = steps(tmp_path, change=lambda tables: returned(tables, signed=False))
    assert told(made, "approve") == ("to do", "Not yet approved by CF and CHE.")


def test_reports_made_from_other_data_are_made_again_until_a_later_round_is_closed(tmp_path):
    stale = {"quarter": Made("2024-25-q2", is_current=False)}
    made = steps(tmp_path, folders=stale)
    assert told(made, "reports") == ("to do", "Published in 2024-25-q2, but the data has changed since: make it again.")
    assert told(made, "executive")[0] == f"blocked by step {made.number('reports')}"
    earlier = steps(tmp_path, "2024-25 Q1", folders={"quarter": Made("2024-25-q1", is_current=False)})
    assert told(earlier, "reports")[0] == "done"
    current = steps(tmp_path, folders={"quarter": Made("2024-25-q2")}, verdict="FIGURES MATCH")
    assert [told(current, key) for key in ("reports", "verify")] == [
        ("done", "Published in 2024-25-q2 from the data as it is."),
        ("done", "Verified: FIGURES MATCH."),
    ]


def test_a_quarter_has_the_steps_of_its_time_of_the_year(tmp_path):
    yearly = {"scrutiny", "annual", "bca", "survey", "assurance"}
    keys = {number: {one.key for one in steps(tmp_path, f"2023-24 Q{number}").items} & yearly for number in (1, 2, 3, 4)}
    assert keys == {1: set(), 2: {"scrutiny"}, 3: set(), 4: yearly}
    last = parse_quarter("2023-24 Q4")
    assert [period_of(occasion, last) for occasion in ("annual", "survey", "quarter", "timetable")] == [
        *("2023-24", "2024", "2023-24 Q4", "2024-25"),
    ]
    assert [reporting_year(parse_quarter(f"2023-24 Q{number}")) for number in (1, 2, 3, 4)] == ["2023-24"] * 3 + ["2024-25"]


def test_data_with_faults_comes_before_everything(tmp_path):
    data = small_register.write(tmp_path)
    made = checklist.unreadable(council.load(data.parent / "council.yaml"), quarter=parse_quarter(QUARTER), faults=3)
    assert checklist_pages.summary(made) == "2024-25 Q2: 0 of 15 steps done. Next is step 1: Put the data right."
    assert {told(made, one.key)[0] for one in made.items[1:]} == {"blocked by step 1"}


def test_every_command_is_one_that_there_is_and_is_about_the_same_places(tmp_path):
    made = steps(tmp_path, "2023-24 Q4", places={"DATA": "a folder", "OUT": "there"})
    verbs = next(action.choices for action in parser()._actions if action.dest == "verb")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in (one.command for one in made.items if one.command):
        verb = command.split()[1]
        assert verb in verbs
        assert f"make {verb} " in makefile
        assert "OUT=there" in command
        assert ("DATA='a folder'" in command) == (verb != "verify")
    assert item(made, "reports").look == "there/2023-24-q4/index.html"


def test_deadlines_stand_beside_what_is_not_done_yet(tmp_path):
    made = steps(tmp_path, "2024-25 Q3", deadlines={Step.PACKS: date(2025, 2, 7)})
    text = checklist_pages.plain(made)
    assert "9. Make the directorate packs and the quarterly report [blocked by steps 6 and 8, by 7 February 2025]" in text
    assert max(map(len, text.splitlines())) <= 130
    page = "".join(block.html for block in checklist_pages.index(made))
    assert "7 February 2025" in page
    assert "<code>make timetable YEAR=2024-25</code>" in page


def test_the_command_prints_the_list_and_publishes_it(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    data = tmp_path / "data"
    shutil.copytree(RIVERSIDE, data)
    out = tmp_path / "out"
    asked = ["checklist", "--quarter=2", f"--data={data}", f"--out={out}"]
    assert main(asked) == 0
    printed = capsys.readouterr().out
    assert "1. Set the dates of the round [done]" in printed
    assert f"make quarter Q=2 YEAR=2024-25 DATA={data} OUT={out}" in printed
    assert "Set the dates of the round" in (out / "2024-25-q2-checklist" / "index.html").read_text(encoding="utf-8")

    pillars = data / "reference" / "pillars.csv"
    pillars.write_text("pillar\n", encoding="utf-8")
    assert main(asked) == 0
    assert "1. Put the data right [to do]" in capsys.readouterr().out
