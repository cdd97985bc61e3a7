"""The scorecard workbook and the results file: numbers are numbers, text is text, and the bytes do not change."""

import csv
import io
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest
from kpi_rows import LEEDS, history, kpi
from kpireport.periods import parse_quarter
from kpireport.presentation import spreadsheet
from kpireport.rules.counts import count_ratings

NAN = float("nan")
HOSTILE = '=HYPERLINK("https://example.org")'


def report(*rows: pd.Series) -> SimpleNamespace:
    kpis = pd.DataFrame(rows or [kpi()]).reset_index(drop=True)
    restated = pd.DataFrame(
        {
            "kpi_id": ["CH-01"],
            "period": ["2023-24"],
            "old_value": [39.6],
            "new_value": [38.7],
            "old_rating": ["red"],
            "new_rating": ["amber"],
        }
    )
    benchmarks = pd.DataFrame({"area_name": ["England"], "period": ["2023-24"], "value": [88.1]})
    nothing = pd.DataFrame({"area_name": [], "group": [], "period": [], "value": []})
    highlight = SimpleNamespace(kpi=kpi(), benchmarks=benchmarks, wards=nothing, contrast=nothing)
    figures = SimpleNamespace(
        kpis=kpis, history=history(90.0, None, 87.3), restated=restated, previous_quarter=parse_quarter("2024-25 Q1")
    )
    empty = pd.DataFrame()
    lists = dict.fromkeys(("awaited", "restated", "received_late", "list_changes", "targets_missing", "reviews_due"), empty) | {
        "risks": pd.DataFrame({"kpi_id": ["CH-01"], "risk_rating": ["High"], "previous_risk_rating": [""]}),
        "warnings": (),
    }
    return SimpleNamespace(
        council=LEEDS,
        title="Quarterly performance and risk report",
        subtitle="Corporate Leadership Team, 2024-25 Q2",
        date="2024-10-31",
        scheme="target-tolerance-v1",
        performance=figures,
        counts=count_ratings(kpis),
        directorates=pd.DataFrame({"directorate": ["CHE"], "directorate_name": ["Communities, Housing and Environment"]}),
        highlights=(highlight,),
        illustrative=1,
        printed=SimpleNamespace(is_whole=True, **lists),
        **lists,
    )


def workbook(*rows: pd.Series) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(spreadsheet.clt_scorecard(report(*rows))))


def scorecard(*rows: pd.Series) -> list[dict[str, object]]:
    sheet = workbook(*rows)["Scorecard"]
    heads, *body = sheet[sheet.tables["scorecard"].ref]
    return [dict(zip([head.value for head in heads], [cell.value for cell in row], strict=True)) for row in body]


def results(*rows: pd.Series) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(spreadsheet.results_csv(report(*rows)).decode("utf-8"), newline="")))


def test_workbook_has_a_cover_contents_notes_and_one_table_a_sheet():
    book = workbook()
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Ratings", "Scorecard"]
    assert [len(sheet.tables) for sheet in book] == [0, 1, 1, 1, 1]
    assert book["Cover"]["A1"].value == "Leeds City Council: Quarterly performance and risk report"
    assert book["Contents"]["A4"].hyperlink.location == "'Notes'!A1"


def test_figures_are_numbers_at_full_precision_shown_to_the_kpis_decimals():
    (row,) = scorecard(kpi(value=87.345678))
    assert row["Latest result"] == 87.345678
    assert row["Target value"] == 95.0
    sheet = workbook(kpi(decimals=2))["Scorecard"]
    assert sheet["D4"].number_format == "#,##0.00"
    assert isinstance(workbook()["Ratings"]["E4"].value, int | float)


def test_what_is_missing_is_said_in_shorthand_and_no_cell_is_blank():
    tracker = kpi(
        kind="tracker",
        target_type="none",
        target=NAN,
        tolerance=NAN,
        value=NAN,
        absence="suppressed",
        rating="suppressed",
        rag="",
        basis="none",
        comparator_value=NAN,
        comparator_period="",
        direction="not_comparable",
        previous_rating="",
        period="",
    )
    (row,) = scorecard(tracker)
    assert (row["Latest result"], row["Target value"], row["Earlier result"]) == ("[c]", "[z]", "[x]")
    assert row["Rating in the previous report"] == "Not on the list"
    assert all(value is not None for value in row.values())


def test_ratings_are_words_beside_their_colours():
    sheet = workbook()["Scorecard"]
    assert sheet["H4"].value == "Red"
    assert sheet["H4"].fill.fgColor.rgb == "FFF9DFE1"


def test_text_in_the_workbook_is_never_a_formula_nor_a_link():
    book = workbook(kpi(kpi_name=HOSTILE), kpi(kpi_id="CH-02", kpi_name="[a](https://example.org) and [b](c) $$d$$"))
    cells = [cell for row in book["Scorecard"].iter_rows() for cell in row]
    assert HOSTILE in [cell.value for cell in cells]
    assert all(cell.data_type in ("s", "n") and cell.hyperlink is None for cell in cells)


def test_two_runs_give_the_same_bytes():
    assert spreadsheet.clt_scorecard(report()) == spreadsheet.clt_scorecard(report())
    assert spreadsheet.results_csv(report()) == spreadsheet.results_csv(report())


def test_workbook_is_dated_by_the_report():
    assert workbook().properties.created.isoformat() == "2024-10-31T00:00:00"


def test_results_file_has_every_figure_exactly_and_as_printed():
    (row,) = results(kpi(value=87.30000000000001))
    assert (row["value"], row["result_printed"]) == ("87.30000000000001", "87.3%")
    assert (row["target"], row["target_printed"]) == ("95.0", "95.0% or more")
    assert (row["rating"], row["rating_printed"], row["previous_rating"]) == ("red", "Red", "amber")
    assert (row["received_on"], row["is_revised"], row["upper"]) == ("2024-10-10", "false", "")
    assert row["restated"] == "2023-24: 39.6 (red), now 38.7 (amber)"
    assert row["history"] == "2019-20 Q1: 90.0; 2019-20 Q3: 87.3"
    assert row["benchmarks"] == "England, 2023-24: 88.1"
    assert row["risk_rating"] == "High"


def test_results_file_has_one_row_a_kpi_in_the_order_of_the_list():
    assert [row["kpi_id"] for row in results(kpi(kpi_id="CH-02"), kpi())] == ["CH-02", "CH-01"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(start):
    (row,) = results(kpi(note=f"{start}1+1"))
    assert row["note"] == f"'{start}1+1"


def test_negative_figures_stay_numbers():
    (row,) = results(kpi(gap_to_target=-7.7))
    assert row["gap_to_target"] == "-7.7"


def test_both_files_travel_with_the_report():
    names = [part.name for part in spreadsheet.files(report()).parts]
    assert names == ["clt-scorecard.xlsx", "results.csv"]
