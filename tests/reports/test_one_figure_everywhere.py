"""The same number never differs between two reports of a period: all are crossed through the CLT report's results file."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from kpireport.presentation.results_file import results_csv
from kpireport.publishing.parameters import check
from kpireport.publishing.plan import Places, find_reports
from kpireport.reports import annual_report, clt_quarterly, directorate_pack, executive_update, partnership_board, scrutiny_board

ROOT = Path(__file__).resolve().parent.parent.parent
GIVEN = {"data": str(ROOT / "data"), "council": str(ROOT / "params" / "council.yaml")}
FIGURES = ["value", "target", "upper", "comparator_value", "change", "gap_to_target", "mean", "lower_limit", "upper_limit"]
WORDS = ["period", "rating", "basis", "direction", "maturity", "expected_period", "comparator_period", "variation", "assurance"]


def results_of(quarter: str) -> pd.DataFrame:
    rows = list(csv.DictReader(io.StringIO(results_csv(clt_quarterly.build(**GIVEN, quarter=quarter)).decode("utf-8-sig"))))
    return pd.DataFrame(rows).set_index("kpi_id")


def differences(kpis: pd.DataFrame, results: pd.DataFrame, hidden: frozenset[str] = frozenset()) -> list[str]:
    """KPI and column of each figure that is not that of the results file; KPIs with hidden figures are left out."""
    found = []
    for _, kpi in kpis[~kpis["kpi_id"].isin(list(hidden))].iterrows():
        row = results.loc[kpi["kpi_id"]]
        for name in FIGURES:
            printed = float(row[name]) if row[name] else None
            if (None if pd.isna(kpi[name]) else float(kpi[name])) != printed:
                found.append(f"{kpi['kpi_id']} {name}")
        found += [f"{kpi['kpi_id']} {name}" for name in WORDS if str(kpi[name]) != row[name]]
    return found


@pytest.fixture(scope="module")
def second_quarter() -> pd.DataFrame:
    return results_of("2024-25 Q2")


@pytest.mark.parametrize("directorate", ["AH", "CF", "CD", "CHE", "SR"])
def test_directorate_pack(second_quarter, directorate):
    pack = directorate_pack.build(**GIVEN, quarter="2024-25 Q2", directorate=directorate)
    assert len(pack.performance.kpis) > 10
    assert differences(pack.performance.kpis, second_quarter) == []


@pytest.mark.parametrize("board", ["AHAL", "CF", "EHC", "IIIG", "SR"])
def test_scrutiny_board_report(second_quarter, board):
    report = scrutiny_board.build(**GIVEN, quarter="2024-25 Q2", board=board, edition="public")
    assert len(report.measures.performance.kpis) > len(report.measures.with_hidden_figures) + 8
    assert differences(report.measures.performance.kpis, second_quarter, report.measures.with_hidden_figures) == []


@pytest.mark.parametrize("board", find_reports(Places(ROOT), "partnership"), ids=lambda board: board.given["board"])
def test_partnership_board_report(second_quarter, board):
    values = check(board.given, board.build, board.parameters_file.name)[0]
    measures = partnership_board.build(**{**values, **GIVEN, "quarter": "2024-25 Q2", "edition": "public"}).measures
    assert len(measures.performance.kpis) > len(measures.with_hidden_figures) + 8
    assert differences(measures.performance.kpis, second_quarter, measures.with_hidden_figures) == []


def test_executive_update(second_quarter):
    report = executive_update.build(**GIVEN, quarter="2024-25 Q2", edition="internal")
    assert differences(report.performance.kpis, second_quarter) == []


def test_annual_report_and_the_report_of_its_last_quarter():
    report = annual_report.build(**GIVEN, year="2023-24", edition="internal")
    assert differences(report.review.performance.kpis, results_of("2023-24 Q4")) == []
