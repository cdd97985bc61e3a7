"""Changing one result changes exactly the figures that rest on it."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from kpireport.presentation.results_file import results_csv
from kpireport.reports import clt_quarterly

ROOT = Path(__file__).resolve().parent.parent
RIVERSIDE = ROOT / "tests" / "councils" / "riverside"


def figures(folder: Path) -> dict[str, dict[str, str]]:
    """results.csv of the council in `folder`, by KPI."""
    report = clt_quarterly.build(data=str(folder), council=str(folder / "council.yaml"), quarter="2024-25 Q2")
    rows = csv.DictReader(io.StringIO(results_csv(report).decode("utf-8-sig")))
    return {row["kpi_id"]: row for row in rows}


def write_value(folder: Path, kpi_id: str, period: str, value: str) -> None:
    path = folder / "register" / "results.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    wanted = [row for row in rows if (row["kpi_id"], row["period"], row["group"]) == (kpi_id, period, "all")]
    assert len(wanted) == 1
    wanted[0]["value"] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def council(tmp_path) -> Path:
    shutil.copytree(RIVERSIDE, tmp_path / "riverside")
    return tmp_path / "riverside"


def changed(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> dict[str, set[str]]:
    """KPI -> the columns of its row that differ."""
    return {
        kpi_id: names
        for kpi_id, row in before.items()
        if (names := {name for name, text in row.items() if after[kpi_id][name] != text})
    }


def test_this_quarters_result_changes_its_own_row_and_nothing_else(council):
    before = figures(council)
    write_value(council, "PL-01", "2024-25 Q2", "41.0")
    after = figures(council)
    assert changed(before, after) == {
        "PL-01": {
            *("value", "result_printed", "history"),
            *("change", "direction", "change_printed"),
            *("rating", "rag", "unrounded_rag", "rating_printed", "rating_move"),
            *("gap_to_target", "gap_in_tolerances", "gap_printed"),
        }
    }
    row = after["PL-01"]
    assert (row["rating"], row["rating_move"], row["direction"]) == ("amber", "worse", "worsening")
    assert (float(row["change"]), float(row["gap_to_target"]), float(row["gap_in_tolerances"])) == (-2.9, -1.0, -0.5)


def test_the_comparators_result_changes_the_direction_but_not_the_rating(council):
    before = figures(council)
    write_value(council, "PL-01", "2023-24 Q2", "45.0")
    after = figures(council)
    assert changed(before, after) == {
        "PL-01": {"comparator_value", "comparator_printed", "change", "direction", "change_printed", "history"}
    }


def test_an_old_result_changes_the_history_alone(council):
    before = figures(council)
    write_value(council, "PL-01", "2022-23 Q1", "44.3")
    assert changed(before, figures(council)) == {"PL-01": {"history"}}


def test_the_same_value_written_again_changes_nothing(council):
    before = figures(council)
    write_value(council, "PL-01", "2024-25 Q2", "44.20")
    assert changed(before, figures(council)) == {}
