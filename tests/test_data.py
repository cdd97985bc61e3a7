"""The shipped registers keep their promises: kinds of KPI, real figures as published, and every awkward case."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from kpireport import periods
from kpireport.rules import performance
from kpireport.sources import council, register
from kpireport.vocabulary import ALL_PEOPLE, ILLUSTRATIVE, AreaType

ROOT = Path(__file__).resolve().parent.parent
LEEDS = "E08000035"
COUNCILS = {path.name: path for path in sorted((ROOT / "tests" / "councils").iterdir()) if path.is_dir()}

# Typed in from the publications named in data/README.md, not copied from the tables.
PUBLISHED = [
    ("CF-01", "2020-21 Q4", 78.0),
    ("CF-02", "2022-23 Q4", 35.2),
    ("CF-03", "2024-25 Q1", 64),
    ("CF-07", "2023", 954),
    ("CF-08", "2018/19", 45.1),
    ("CF-08", "2022/23", 45.8),
    ("CF-09", "2022/23", 0.12),
    ("CF-19", "2021-22", 39_995),
    ("AH-06", "2022-23", 0.426),
    ("AH-07", "2021-22", 7.4),
    ("AH-10", "2022-23", 70.3),
    ("AH-17", "2018-19 Q2", 23.1),
    ("AH-19", "2014 to 2016", 79.1),
    ("AH-20", "2014 to 2016", 82.7),
    ("CD-01", "Year to Jun 2021", 5.0),
    ("CD-01", "Year to Jun 2022", 4.2),
    ("CD-02", "Year to Dec 2023", 74.7),
    ("CD-04", "2023-24 Q4", 4_327),
    ("CD-05", "2022-23 Q4", 668),
    ("CD-09", "2022", 27),
    ("CD-09", "2023", 13),
    ("CD-10", "2023", 506),
    ("CD-19", "2022", 22.7),
    ("CD-23", "Oct 2023", 4.3),
    ("CHE-10", "2018", 77),
    ("CHE-10", "2023", 60),
    ("CHE-13", "2022-23 Q4", 1_212),
    ("CHE-16", "2021", 15.76),
    ("CHE-17", "Feb 2023", 31_758),
    ("CHE-26", "2024", 0.87),
    ("SR-02", "2023-24", 3.4),
]


@pytest.fixture(scope="module")
def leeds() -> register.Register:
    return register.load(ROOT / "data")


@pytest.fixture(scope="module")
def own(leeds) -> pd.DataFrame:
    """Every vintage of the results for all people of Leeds."""
    return leeds.results[(leeds.results["area"] == LEEDS) & (leeds.results["group"] == ALL_PEOPLE)]


def values(own: pd.DataFrame, kpi_id: str, period: str) -> list[float]:
    return own.loc[(own["kpi_id"] == kpi_id) & (own["period"] == period)].sort_values("vintage")["value"].tolist()


def in_quarter(leeds: register.Register, quarter: str) -> performance.Performance:
    return performance.for_quarter(
        leeds.kpis, leeds.targets, leeds.results, leeds.rounds, quarter=periods.parse_quarter(quarter), area=LEEDS
    )


def test_register_has_every_kind_of_kpi(leeds):
    kpis = leeds.kpis
    assert len(kpis) >= 90
    assert kpis["directorate"].nunique() == 5
    assert kpis["scrutiny_board"].nunique() == 5
    assert set(kpis["oflog_area"]) >= {"Adult social care", "Adult skills", "Waste", "Finance", "Roads", "Planning"}
    measures, targets = Counter(kpis["measure_type"]), Counter(kpis["target_type"])
    assert min(measures[kind] for kind in ("snapshot", "in_period", "cumulative", "rolling_year", "annual", "academic_year")) >= 4
    assert measures["termly"] >= 3
    assert measures["pooled_years"] >= 3
    assert targets["increase"] >= 10
    assert targets["decrease"] >= 10
    assert targets["range"] >= 2
    assert (kpis["kind"] == "tracker").sum() >= 8
    assert set(kpis["polarity"]) == {"higher_is_better", "lower_is_better", "within_range", "neutral"}
    assert (kpis["risk_ref"] != "").sum() >= 15
    has_target = kpis["target_type"].isin(["value", "range"])
    assert (has_target & kpis["tolerance"].isna()).sum() >= 3
    assert kpis["national_set"].str.contains("ASCOF").sum() >= 8


def test_monthly_kpis_have_sixty_points_and_more(leeds, own):
    monthly = leeds.kpis.loc[leeds.kpis["frequency"] == "monthly", "kpi_id"]
    points = own[own["kpi_id"].isin(monthly)].groupby("kpi_id")["period"].nunique()
    assert len(points) >= 10
    assert points.min() >= 60


def test_cumulative_kpis_have_a_target_for_each_point_of_the_year(leeds):
    kpis = leeds.kpis[(leeds.kpis["measure_type"] == "cumulative") & (leeds.kpis["target_type"] == "value")]
    latest = leeds.targets[leeds.targets["from_period"].str.startswith("2024-25 Q")]
    assert latest[latest["kpi_id"].isin(kpis["kpi_id"])].groupby("kpi_id").size().eq(4).all()
    assert {"CD-04", "CD-05", "SR-09"} <= set(kpis["kpi_id"])


@pytest.mark.parametrize(("kpi_id", "period", "value"), PUBLISHED)
def test_real_figure_is_the_published_one(own, kpi_id, period, value):
    rows = own[(own["kpi_id"] == kpi_id) & (own["period"] == period)].sort_values("vintage")
    assert rows["value"].iloc[-1] == pytest.approx(value, abs=0.005)
    assert rows["producer"].iloc[-1] != ILLUSTRATIVE


def test_no_illustrative_row_claims_a_published_file_and_every_real_row_names_its_own(leeds):
    is_real = leeds.results["producer"] != ILLUSTRATIVE
    assert (leeds.results["producer"] != "").all()
    assert (leeds.benchmarks["producer"] != "").all()
    assert leeds.results.loc[~is_real, "source_file"].str.startswith("returns/").all()
    assert not leeds.results.loc[is_real, "source_file"].str.startswith("returns/").any()
    assert (leeds.results.loc[is_real, "source_file"] != "").all()
    assert is_real.sum() > 300


def test_contacts_are_posts_with_example_addresses(leeds):
    contacts = leeds.kpis["key_contacts"]
    assert contacts.str.fullmatch(r"(?:[A-Z][^@;]*\([a-z._]+@leeds\.example\)(?:; )?)+").all()


def test_case_1_child_protection_value_and_denominator_are_revised(own):
    rows = own[(own["kpi_id"] == "CF-02") & (own["period"] == "2023-24 Q4")].sort_values("vintage")
    assert rows["value"].tolist() == [39.6, 38.7]
    assert rows["numerator"].tolist() == [690, 674]
    assert rows["denominator"].nunique() == 2
    assert (rows["numerator"] / rows["denominator"] * 10_000).round(1).tolist() == [39.6, 38.7]


def test_case_2_key_stage_4_is_provisional_then_final(own):
    rows = own[(own["kpi_id"] == "CF-08") & (own["period"] == "2022/23")].sort_values("vintage")
    assert rows["maturity"].tolist() == ["provisional", "final"]


def test_case_4_parts_of_low_income_differ_from_their_total(leeds):
    rows = leeds.results[(leeds.results["kpi_id"] == "CF-19") & (leeds.results["period"] == "2021-22")]
    by_group = rows.set_index("group")["value"]
    assert by_group["in-work families"] + by_group["families not in work"] == 39_992
    assert by_group[ALL_PEOPLE] == 39_995


def test_case_5_progress_8_has_two_years_without_a_value_and_surveys_of_carers_skip_years(own):
    progress = own[own["kpi_id"] == "CF-09"].set_index("period")
    assert progress.loc[["2019/20", "2020/21"], "absence"].eq("not_available").all()
    carers = own[own["kpi_id"].isin(["AH-07", "AH-09"]) & own["value"].notna()]
    assert set(carers["period"]) == {"2021-22", "2023-24"}


def test_case_6_obesity_has_counts_to_test_changes_with(own):
    rows = own[own["kpi_id"] == "AH-17"].set_index("period").loc[["2018-19 Q2", "2023-24 Q1", "2023-24 Q2"]]
    assert rows["value"].tolist() == [23.1, 24.2, 24.3]
    assert (rows["numerator"] / rows["denominator"] * 100).round(1).tolist() == [23.1, 24.2, 24.3]


def test_case_7_unemployment_is_compared_with_the_same_rolling_year_a_year_earlier(leeds):
    kpis = in_quarter(leeds, "2022-23 Q2").kpis.set_index("kpi_id")
    assert kpis.loc["CD-01", ["period", "value", "comparator_period", "comparator_value"]].tolist() == [
        "Year to Jun 2022",
        4.2,
        "Year to Jun 2021",
        5.0,
    ]


def test_case_9_a_ward_is_left_out_and_two_are_alike(leeds):
    wards = leeds.areas[(leeds.areas["area_type"] == AreaType.WARD) & (leeds.areas["boundaries"] == "2021")]
    assert len(wards) == 33
    rows = leeds.results[(leeds.results["kpi_id"] == "AH-17") & (leeds.results["period"] == "2024-25 Q2")]
    shown = rows[rows["area"].isin(wards["area"])].set_index("area")["value"]
    assert len(shown) == 32
    assert shown["E05011409"] == shown["E05011410"]


def test_case_10_wards_have_old_codes_and_spellings(leeds):
    wards = leeds.areas[leeds.areas["area_type"] == AreaType.WARD]
    spellings = wards.assign(plain=wards["area_name"].str.replace("&", "and")).groupby("plain")["area"].agg(list)
    assert spellings["Beeston and Holbeck"] == ["E05012647", "E05011386"]
    assert (spellings.str.len() == 2).sum() == 6


@pytest.mark.parametrize("quarter", ["2024-25 Q2", "2024-25 Q3"])
def test_quarter_tells_a_sensible_story(leeds, quarter):
    shown = in_quarter(leeds, quarter)
    rated = shown.kpis.loc[shown.kpis["basis"] == "target", "rating"]
    assert 46 <= len(rated) <= 60
    assert 0.5 <= (rated == "green").mean() <= 0.6
    assert 0.15 <= (rated == "red").mean() <= 0.2
    twice = (shown.kpis["rating"] == "awaited") & (shown.kpis["previous_rating"] == "awaited")
    assert twice.sum() == 2
    assert shown.restated["is_rating_changed"].sum() >= 1
    # Case 8: the ONS is late, nobody at the council is.
    assert shown.kpis.set_index("kpi_id").loc[["AH-19", "AH-20"], "rating"].eq("not_published").all()


def test_cases_3_and_11_are_rated_as_the_contract_says(leeds):
    kpis = in_quarter(leeds, "2024-25 Q2").kpis.set_index("kpi_id")
    assert kpis.loc["CD-09", ["value", "comparator_value", "direction"]].tolist() == [13, 27, "improving"]
    assert kpis.loc["AH-03", ["value", "target", "rating", "unrounded_rag"]].tolist() == [94.96, 95, "green", "amber"]


def test_warnings_are_the_four_that_are_meant(leeds):
    subjects = ("Harewood", "3 periods running", "Rothwell", "33 wards add up")
    assert [sum(subject in warning.found for warning in leeds.warnings) for subject in subjects] == [1, 1, 1, 1]
    assert len(leeds.warnings) == 4


def test_council_of_the_shipped_register_has_its_comparators(leeds):
    ours = council.load(ROOT / "params" / "council.yaml")
    assert ours.area == LEEDS
    assert set(ours.comparators) == set(leeds.comparator_sets["comparator_set"])


def test_riverside_is_another_council_with_ten_kpis():
    folder = COUNCILS["riverside"]
    ours, tables = council.load(folder / "council.yaml"), register.load(folder)
    assert len(tables.kpis) == 10
    assert tables.kpis["directorate"].nunique() == len(tables.directorates) == 3
    assert tables.kpis["scrutiny_board"].nunique() == 2
    assert set(ours.comparators) <= set(tables.comparator_sets["comparator_set"])
    assert (tables.results["producer"] == ILLUSTRATIVE).all()
    assert len(tables.commentary) == 3  # from a workbook
