"""The city's scorecard: whose figures, against whom, and what it leaves out."""

import city_tables
import pandas as pd
import pytest
import small_register
from kpireport.periods import parse_quarter
from kpireport.rules import performance
from kpireport.rules.city_scorecard import Tally


@pytest.fixture(scope="module")
def scorecard():
    return city_tables.scorecard()


def of(frame: pd.DataFrame, identifier: str) -> pd.Series:
    return frame.set_index("bca_indicator").loc[identifier]


def test_indicators_come_by_pillar_and_say_what_they_are(scorecard):
    columns = ["bca_indicator", "kpi_id", "pillar_name", "is_shared", "is_marmot", "spi_component"]
    assert scorecard.indicators[columns].to_numpy().tolist() == [
        ["BCA-01", "AH-01", "Health and Wellbeing", True, True, "Homes"],
        ["BCA-02", "BCA-02", "Inclusive Growth", False, False, ""],
        ["BCA-03", "CHE-01", "Zero Carbon", True, False, ""],
    ]


def test_a_shared_kpi_has_the_figures_of_the_quarterly_report(scorecard):
    frames = city_tables.frames()
    quarter = performance.for_quarter(
        *(frames[name] for name in ("kpis", "targets", "results", "rounds")),
        quarter=parse_quarter("2023-24 Q4"),
        area=small_register.COUNCIL_AREA,
    ).kpis.set_index("kpi_id")
    for _, row in scorecard.indicators[scorecard.indicators["is_shared"]].iterrows():
        for column in ("period", "value", "comparator_period", "comparator_value", "direction", "recent_trend"):
            assert row[column] == quarter.loc[row["kpi_id"], column]


def test_an_own_series_shows_what_was_published_by_the_cut_off(scorecard):
    row = of(scorecard.indicators, "BCA-02")
    assert row[["period", "value", "comparator_period", "comparator_value", "direction"]].tolist() == [
        "2022",
        110.0,
        "2021",
        100.0,
        "improving",
    ]


def test_the_country_and_the_other_cities_are_of_like_periods(scorecard):
    row = of(scorecard.indicators, "BCA-02")
    assert row[["country_name", "country_period", "country_value", "country_gap"]].tolist() == ["England", "2022", 121.0, -11.0]
    assert row[["set_name", "set_period", "rank_label", "of"]].tolist() == ["Core Cities", "2022", "1", 2]


def test_an_indicator_without_benchmarks_says_nothing_of_them(scorecard):
    row = of(scorecard.indicators, "BCA-03")
    assert row[["country_period", "rank_label"]].tolist() == ["", ""]
    assert pd.isna(row["country_value"])
    assert scorecard.against_country == Tally(better=0, same=0, worse=1)


def test_travel_is_counted_by_pillar_and_in_all(scorecard):
    columns = ["pillar_name", "improving", "no_change", "worsening", "not_judged", "of"]
    assert scorecard.counts[columns].to_numpy().tolist() == [
        ["Health and Wellbeing", 1, 0, 0, 0, 1],
        ["Inclusive Growth", 1, 0, 0, 0, 1],
        ["Zero Carbon", 0, 0, 1, 0, 1],
        ["All", 2, 0, 1, 0, 3],
    ]


def test_the_most_deprived_tenth_stands_beside_everyone_in_the_same_period(scorecard):
    row = of(scorecard.contrast, "BCA-01")
    assert row[["contrast_period", "deprived_value", "whole_value"]].tolist() == ["2023-24 Q4", 88.0, 95.2]
    assert row["gap"] == pytest.approx(-7.2)
    assert row["relative_gap"] == pytest.approx(88 / 95.2)
    assert scorecard.widest == "AH-01"
    assert scorecard.deprived_against_all == Tally(better=0, same=0, worse=1)


def test_only_those_who_agreed_are_quoted(scorecard):
    assert scorecard.voice["quote"].tolist() == ["The lane stops."]
    assert scorecard.withheld == 1


def test_nobody_is_to_be_asked(scorecard):
    assert not {"accountable_officer", "key_contacts"} & set(scorecard.indicators)


@pytest.mark.parametrize(("is_public", "shown"), [(True, "suppressed"), (False, "")])
def test_a_public_edition_hides_a_small_count(is_public, shown):
    tables = city_tables.frames()
    indicators = tables["indicators"]
    deaths = indicators.iloc[[0]].assign(bca_indicator="BCA-09", kpi_id="CD-02")
    results = tables["results"]
    is_small = results["kpi_id"].eq("CD-02") & results["period"].eq("2022")
    kpis = tables["kpis"]
    tables |= {
        "kpis": kpis.assign(kpi_name=kpis["kpi_name"].replace("Killed on the roads", "People killed on the roads")),
        "indicators": pd.concat([indicators, deaths], ignore_index=True),
        "results": results.assign(value=results["value"].mask(is_small, 3.0)),
    }
    found = city_tables.scorecard(is_public=is_public, tables=tables)
    row, history = of(found.indicators, "BCA-09"), found.history
    held = history[(history["kpi_id"] == "CD-02") & (history["period"] == "2022")]
    assert held["absence"].tolist() == [shown]
    assert held["value"].isna().tolist() == [is_public]
    assert (row["value"] == 3.0) is not is_public


def test_a_kpi_that_is_not_on_the_list_is_named_and_left_out():
    tables = city_tables.frames()
    tables["kpis"] = tables["kpis"].assign(
        introduced=tables["kpis"]["introduced"].mask(tables["kpis"]["kpi_id"] == "CHE-01", "2024-25 Q1")
    )
    found = city_tables.scorecard(tables=tables)
    assert found.not_listed["kpi_name"].tolist() == ["Missed bins"]
    assert "BCA-03" not in set(found.indicators["bca_indicator"])


def test_a_council_without_a_scorecard_has_an_empty_one():
    tables = city_tables.frames()
    tables |= {name.split("/")[1]: tables[name.split("/")[1]].iloc[:0] for name in city_tables.SCORECARD}
    found = city_tables.scorecard(tables=tables)
    assert found.indicators.empty
    assert found.contrast.empty
    assert found.voice.empty
    assert (found.index, found.widest, found.illustrative) == (None, "", 0)
