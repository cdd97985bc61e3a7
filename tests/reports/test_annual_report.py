"""The Annual Performance Report, end to end: its figures, its open data, and what its public files must not hold."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pikepdf
import pytest
from golden_files import is_golden
from kpireport import schemas
from kpireport.errors import DataError, ParameterError
from kpireport.presentation import annual_pages, open_data, year_tables, year_wording
from kpireport.reports import annual_report, clt_quarterly, directorate_pack
from public_edition import COUNCIL, DATA, ROOT, files_that_tell_of_people
from running import published_once

RIVERSIDE = ROOT / "tests" / "councils" / "riverside"


@pytest.fixture(scope="module")
def leeds():
    return annual_report.build(data=DATA, council=COUNCIL, year="2023-24")


@pytest.fixture(scope="module")
def riverside():
    return annual_report.build(data=str(RIVERSIDE), council=str(RIVERSIDE / "council.yaml"), year="2023-24")


def words(page) -> str:
    return " ".join(getattr(part, "text", "") or f"{part.title} {part.alt}" for part in page.parts)


def test_ratings_are_those_of_the_last_quarters_report(leeds):
    quarter = clt_quarterly.build(data=DATA, council=COUNCIL, quarter="2023-24 Q4").performance.kpis
    shown = leeds.review.kpis
    assert shown["kpi_id"].tolist() == quarter["kpi_id"].tolist()
    differs = shown["value"].ne(quarter["value"]) & ~(shown["value"].isna() & quarter["value"].isna())
    assert shown.loc[differs, "absence"].isin(["suppressed"]).all()
    assert shown.loc[~differs, "rating"].tolist() == quarter.loc[~differs, "rating"].tolist()


def test_counts_agree_from_section_to_section(leeds):
    kpis = leeds.review.kpis
    now = leeds.counts_by_year[leeds.counts_by_year["year"] == "2023-24"]
    assert now["count"].sum() == len(kpis) == leeds.counts_by_theme["count"].sum()
    rated_twice = kpis["year_move"].isin(["better", "same", "worse"])
    assert leeds.moves["count"].sum() == rated_twice.sum() > 0
    whole = leeds.target_progress.iloc[-1]
    assert whole["kpis"] + whole["tracker"] == len(kpis)


def test_outturns_of_the_second_council_are_the_golden_ones(riverside):
    columns = [
        "kpi_id",
        "outturn",
        "outturn_period",
        "outturn_basis",
        "outturn_last_year",
        "year_direction",
        "rating",
        "year_move",
    ]
    assert is_golden(riverside.review.kpis[columns], "riverside/outturns-2023-24.csv")


def test_every_section_of_a_council_without_a_scorecard_or_changes_says_something(riverside):
    functions = (
        annual_pages.year_in_brief,
        annual_pages.highlights_of_the_year,
        annual_pages.year_on_year,
        annual_pages.by_pillar,
        annual_pages.city,
        annual_pages.targets_and_list,
        annual_pages.about,
        annual_pages.by_theme,
    )
    for function in functions:
        assert len(words(function(riverside))) > 20, function.__name__


def test_the_first_year_of_a_list_is_not_compared_with_a_year_that_was_not():
    first = annual_report.build(data=DATA, council=COUNCIL, year="2022-23")
    text = words(annual_pages.year_in_brief(first))
    assert "No KPI was rated both at the year's end and a year earlier." in text
    assert "a year earlier 0" not in text
    assert year_wording.the_list(first.review.kpis, first.review.left).startswith("the list holds 98")


def test_the_whole_years_figure_stands_beside_the_result_that_was_rated(leeds):
    rows = leeds.review.kpis.set_index("kpi_id", drop=False)
    summed, single = rows.loc["AH-02"], rows.loc["AH-01"]
    assert year_wording.outturn_period(summed) == "2023-24, the whole year"
    assert year_wording.rated_on(summed) == "on 84.6% in 2023-24 Q4"
    assert year_wording.rated_on(single) == ""


def test_largest_changes_are_told_with_their_size_and_their_judgement(leeds):
    assert year_wording.proportion({"year_change_share": 0.0042, "year_change": -1}) == "fell by 0.4%"
    chart = year_tables.largest_changes(leeds.improvements, leeds.declines)
    for name in pd.concat([leeds.improvements, leeds.declines])["kpi_name"]:
        assert name in chart.alt
    empty = leeds.improvements.iloc[:0]
    assert "cannot" not in year_tables.largest_changes(leeds.improvements, empty).alt
    assert "No figure of the year can be compared" in year_tables.largest_changes(empty, empty).text


@pytest.mark.parametrize("year", ["2023", "2023-24 Q4", "last year"])
def test_a_year_that_is_no_financial_year_is_refused(year):
    with pytest.raises(ParameterError, match="year"):
        annual_report.build(data=DATA, council=COUNCIL, year=year)


def test_a_year_before_the_list_began_is_refused():
    with pytest.raises(ParameterError, match="no KPI is on the list"):
        annual_report.build(data=DATA, council=COUNCIL, year="1999-00")


def test_an_address_in_a_recorded_change_stops_the_public_edition(tmp_path, monkeypatch):
    register = annual_report.registers.load(Path(DATA))
    changes = register.kpi_changes.assign(detail="Ask someone@example.org.")
    monkeypatch.setattr(annual_report.registers, "load", lambda data: replace(register, kpi_changes=changes))
    with pytest.raises(DataError, match="e-mail"):
        annual_report.build(data=DATA, council=COUNCIL, year="2023-24")


CSVW_TYPES = {
    "string": str,
    "number": float,
    "integer": int,
    "date": date.fromisoformat,
}


def test_metadata_describes_exactly_the_columns_of_the_open_data(leeds):
    rows = list(csv.reader(io.StringIO(open_data.results_csv(leeds.open_results).decode("utf-8"))))
    described = json.loads(open_data.metadata("Results"))
    columns = described["tableSchema"]["columns"]
    assert described["url"] == open_data.NAME
    assert rows[0] == [column["name"] for column in columns] == [column["titles"][0] for column in columns]
    assert all(column["dc:description"] for column in columns)
    key = [rows[0].index(name) for name in described["tableSchema"]["primaryKey"]]
    assert len({tuple(row[place] for place in key) for row in rows[1:]}) == len(rows) - 1 == len(leeds.open_results)
    for place, column in enumerate(columns):
        kind = column["datatype"]
        parse = CSVW_TYPES[kind["base"] if isinstance(kind, dict) else kind]
        for row in rows[1:]:
            assert row[place] or not column.get("required"), column["name"]
            if row[place]:
                parse(row[place])


def test_open_data_keeps_its_schema_and_opens_no_formula(leeds):
    assert schemas.check(schemas.OPEN_RESULTS, leeds.open_results).empty
    written = open_data.results_csv(leeds.open_results.head(1).assign(note="=1+1")).decode("utf-8")
    assert "'=1+1" in written


def test_a_hidden_figure_is_nowhere_in_the_open_data(leeds):
    hidden = leeds.open_results[leeds.open_results["absence"] == "suppressed"]
    assert len(hidden) > 0
    assert hidden["value"].isna().all()
    assert hidden["note"].eq("").all()


def test_a_pack_reviews_the_year_in_its_last_quarter_only():
    last = directorate_pack.build(data=DATA, council=COUNCIL, quarter="2023-24 Q4", directorate="CF")
    other = directorate_pack.build(data=DATA, council=COUNCIL, quarter="2024-25 Q1", directorate="CF")
    review = last.annual_review.review
    assert review.kpis["kpi_id"].tolist() == last.performance.kpis["kpi_id"].tolist()
    assert review.kpis["rating"].tolist() == last.performance.kpis["rating"].tolist()
    assert "Annual review, 2023-24" in words(year_tables.brief_with_review(last))
    assert "Outturns for 2023-24" in words(year_tables.scorecard_with_outturns(last))
    assert other.annual_review is None
    assert "Annual review" not in words(year_tables.brief_with_review(other))
    assert "Outturns" not in words(year_tables.scorecard_with_outturns(other))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return published_once(tmp_path_factory, "annual", "--year=2023-24")


def test_public_files_name_no_contact_and_no_address(folder):
    files = {"annual-report.html", "annual-report.ipynb", "annual-report.pdf", open_data.NAME, open_data.METADATA_NAME}
    assert files < {path.name for path in folder.iterdir()}
    assert files_that_tell_of_people(folder) == []


def test_published_files_are_the_reports_own(folder, leeds):
    assert (folder / open_data.NAME).read_bytes() == open_data.results_csv(leeds.open_results)
    described = json.loads((folder / open_data.METADATA_NAME).read_text(encoding="utf-8"))
    assert described["dc:title"] == "Annual Performance Report 2023-24, Leeds City Council"
    with pikepdf.open(folder / "annual-report.pdf") as pdf:
        assert len(pdf.pages) <= 25
    html = (folder / "annual-report.html").read_text(encoding="utf-8")
    anchors = re.findall(r'id="([^"]+)"', html)
    assert len(anchors) == len(set(anchors))
    assert "Best City Ambition Scorecard" in html
    for kpi_id in leeds.review.kpis["kpi_id"]:
        assert kpi_id in html
