"""The Best City Ambition Scorecard of Leeds, end to end, and what its public files must not hold."""

from pathlib import Path

import pikepdf
import pytest
from golden_files import is_golden
from kpireport.errors import ParameterError
from kpireport.reports import bca_scorecard
from kpireport.vocabulary import AreaType, Purpose
from public_edition import COUNCIL, DATA, ROOT, files_that_tell_of_people, published_texts
from running import published_once

RIVERSIDE = ROOT / "tests" / "councils" / "riverside"


@pytest.fixture(scope="module")
def leeds():
    return bca_scorecard.build(data=DATA, council=COUNCIL, year="2023-24")


def test_leeds_has_outcomes_in_every_pillar_none_of_them_the_councils_own_service(leeds):
    indicators = leeds.scorecard.indicators
    assert set(indicators["pillar"]) == {"health_and_wellbeing", "inclusive_growth", "zero_carbon"}
    assert indicators["purpose"].eq(Purpose.CITY_CONTRIBUTION).all()
    assert leeds.scorecard.not_listed.empty
    assert indicators["is_marmot"].sum() >= 10


def test_outcomes_and_ward_scores_are_the_golden_ones(leeds):
    columns = ["kpi_id", "period", "value", "comparator_period", "comparator_value", "direction"]
    assert is_golden(leeds.scorecard.indicators[columns], "bca/outcomes.csv")
    assert is_golden(leeds.scorecard.index.wards[["area", "rank_label", "score"]].round(6), "bca/wards.csv")


def test_leeds_index_has_three_dimensions_twelve_components_and_every_ward_on_its_own_tile(leeds):
    index = leeds.scorecard.index
    assert index.nodes.groupby("level").size().loc[[1, 2]].tolist() == [3, 12]
    assert len(index.wards) == 33
    assert index.wards["rank"].notna().all()
    assert len(index.wards[["row", "column"]].dropna().drop_duplicates()) == 33


def test_real_ward_figures_are_taken_from_the_register_and_not_repeated(leeds):
    real = leeds.scorecard.index.figures[leeds.scorecard.index.figures["producer"] != "illustrative"]
    assert real.groupby(["node", "period"]).size().to_dict() == {("claimants", "Oct 2023"): 33, ("fuel_poverty", "2021"): 33}


def test_what_is_a_sample_is_counted(leeds):
    assert leeds.illustrative > 0
    assert 0 < leeds.scorecard.illustrative < len(leeds.scorecard.indicators)


@pytest.mark.parametrize("year", ["2023", "2023-24 Q4", "last year"])
def test_a_year_that_is_no_financial_year_is_refused(year):
    with pytest.raises(ParameterError, match="year"):
        bca_scorecard.build(data=DATA, council=COUNCIL, year=year)


def test_a_council_without_a_scorecard_has_a_report_that_says_so():
    report = bca_scorecard.build(data=str(RIVERSIDE), council=str(RIVERSIDE / "council.yaml"), year="2023-24")
    assert report.scorecard.indicators.empty
    assert report.scorecard.index is None


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return published_once(tmp_path_factory, "bca", "--year=2023-24")


def test_public_files_name_no_contact_and_no_address(folder):
    texts = published_texts(folder)
    assert {f"bca-scorecard.{ending}" for ending in ("html", "ipynb", "pdf", "xlsx")} <= set(texts)
    assert [name for name, text in texts.items() if "I would not want it printed" in text] == []
    assert files_that_tell_of_people(folder) == []


def test_public_pages_show_each_pillar_each_ward_and_no_rating(folder, leeds):
    from kpireport.sources import register

    page = (folder / "bca-scorecard.html").read_text(encoding="utf-8")
    areas = register.load(ROOT / "data").areas
    wards = areas.loc[areas["area_type"].eq(AreaType.WARD) & areas["boundaries"].eq("2021"), "area_name"]
    assert [ward for ward in wards if ward.replace("&", "&amp;") not in page] == []
    assert 'class="rag' not in page
    with pikepdf.open(folder / "bca-scorecard.pdf") as pdf:
        assert len(pdf.pages) <= 12
