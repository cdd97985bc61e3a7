"""The commands that tell the record's own history: what changed since a report was made, and what is not on record."""

import csv
import shutil
from pathlib import Path

import pytest
from kpireport.__main__ import main
from kpireport.errors import ExitCode
from kpireport.publishing.plan import Plan

ROOT = Path(__file__).resolve().parent.parent
RIVERSIDE = ROOT / "tests" / "councils" / "riverside"


@pytest.fixture
def data(tmp_path) -> Path:
    return Path(shutil.copytree(RIVERSIDE, tmp_path / "riverside"))


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def revise(data: Path) -> dict[str, str]:
    """Add a second vintage of PL-02's result for 2024-25 Q1, below its target and tolerance; return the first."""
    file = data / "register/results.csv"
    with file.open(encoding="utf-8", newline="") as read:
        rows = list(csv.DictReader(read))
    first = next(row for row in rows if row["kpi_id"] == "PL-02" and row["period"] == "2024-25 Q1" and row["vintage"] == "1")
    second = first | {
        "value": "41.5",
        "numerator": "",
        "denominator": "",
        "vintage": "2",
        "received_on": "2025-01-20",
        "note": "=Recount",
    }
    with file.open("a", encoding="utf-8", newline="") as add:
        csv.DictWriter(add, list(first), lineterminator="\n").writerow(second)
    return first


def test_since_tells_what_was_revised_and_compares_the_published_file(data, tmp_path, capsys):
    first, out = revise(data), tmp_path / "out"
    published = out / "2024-25-q1" / "results.csv"
    published.parent.mkdir(parents=True)
    published.write_text("kpi_id,period,value,target,rating\nPL-02,2024-25 Q1,99.0,85.0,green\n", encoding="utf-8")
    assert main(["since", "--period=2024-25-q1", f"--data={data}", f"--out={out}"]) == ExitCode.DONE
    said = capsys.readouterr().out
    assert "2 results revised, 1 rating changed with them" in said  # one was revised in the shipped register
    assert "differs from the record as it stood then" in said
    page = (out / "2024-25-q1-since/index.html").read_text(encoding="utf-8")
    assert "41.5%" in page
    assert "What changed since the report on 2024-25 Q1, " in page
    with (out / "2024-25-q1-since/changes-since.csv").open(encoding="utf-8", newline="") as read:
        told = {(row["what"], row["kpi_id"]): row for row in csv.DictReader(read)}
    row = told["result revised", "PL-02"]
    assert (float(row["old_value"]), float(row["new_value"])) == (float(first["value"]), 41.5)
    assert row["note"] == "'=Recount"  # no formula for a spreadsheet
    assert told["shown otherwise", "PL-02"]["new_rating"] == "red"
    assert [row["field"] for (what, _), row in told.items() if what == "definition changed"] == ["tolerance_type"]


@pytest.mark.parametrize("period", ["2024-25", "2024-25-q5", "2024-25-q1-known-2024-02-31", "../2024-25-q1"])
def test_since_asks_for_the_folder_of_a_quarter(data, tmp_path, capsys, period):
    code = main(["since", f"--period={period}", f"--data={data}", f"--out={tmp_path / 'out'}"])
    assert code == ExitCode.PARAMETERS
    assert "is not the folder of a quarter's reports" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_changes_prints_the_rows_that_mend_the_record_and_writes_nothing(data, capsys):
    change(data / "register/targets.csv", "PE-01,2022-23 Q1,,50,,yearly", "PE-01,2022-23 Q1,2024-25 Q4,45,,yearly")
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    assert main(["changes", f"--data={data}"]) == ExitCode.DONE
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith('2024-25 Q4,PE-01,target_set,target from 2022-23 Q1,"50, yearly","45 until 2024-25 Q4, yearly",')
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before
    record = data / "register/kpi_changes.csv"
    record.write_text(
        record.read_text(encoding="utf-8") + line.replace(",,,", ",Management Team,2025-01-14,") + "\n", encoding="utf-8"
    )
    assert main(["changes", f"--data={data}"]) == ExitCode.DONE
    assert "as last agreed" in capsys.readouterr().out


def test_changes_begins_the_record_of_a_council_that_has_none(data, capsys):
    (data / "register/kpi_changes.csv").unlink()
    assert main(["changes", f"--data={data}"]) == ExitCode.DONE
    lines = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [row["change"] for row in lines] == ["added"] * 10


def test_changes_says_which_kpis_it_passes_over(data, capsys):
    change(data / "register/kpi_changes.csv", "CO-02,tolerance_set,tolerance,,100", "CO-02,tolerance_set,tolerance,50,100")
    assert main(["changes", f"--data={data}"]) == ExitCode.DONE
    said = capsys.readouterr()
    assert "CO-02" in said.err
    assert said.out == "Every other definition is as last agreed.\n"


@pytest.mark.parametrize(
    ("occasion", "day", "folder"),
    [
        ("quarter", "2024-05-20", "2023-24-q4-known-2024-05-20"),
        ("scrutiny", "2024-05-20", "2023-24-q4-scrutiny-known-2024-05-20"),
        ("quarter", "", "2023-24-q4"),
    ],
)
def test_a_report_as_known_on_a_day_has_a_folder_of_its_own(occasion, day, folder):
    narrowed = {"as_known_on": day}
    assert Plan(occasion, "2023-24 Q4", Path("data"), Path("council.yaml"), (), narrowed).period_folder == folder
