"""What a highlight item compares with, and which wards it shows."""

import pandas as pd
from kpireport.rules.highlight_items import compare_like_periods, latest_wards

LEEDS, SHEFFIELD, BRISTOL, ENGLAND = "E08000035", "E08000019", "E06000023", "E92000001"
AREAS = pd.DataFrame({"area": [LEEDS, SHEFFIELD, BRISTOL, ENGLAND], "area_name": ["Leeds", "Sheffield", "Bristol", "England"]})
SETS = pd.DataFrame(
    {"comparator_set": ["core_cities", "core_cities", "core_cities", "england"], "area": [LEEDS, SHEFFIELD, BRISTOL, ENGLAND]}
)


def history(*periods_and_values):
    periods, values = zip(*periods_and_values, strict=True)
    return pd.DataFrame({"period": periods, "value": values, "producer": "ONS"})


def benchmarks(*rows):
    return pd.DataFrame(rows, columns=["area", "period", "value"]).assign(producer="ONS")


def compared(ours, others, wanted=("core_cities", "england")):
    return compare_like_periods(others, ours, AREAS, SETS, area=LEEDS, wanted=wanted)


def test_all_areas_are_compared_in_the_latest_period_they_share_with_the_council():
    shown = compared(
        history(("2022", 10.0), ("2023", 11.0), ("2024", 12.0)),
        benchmarks((SHEFFIELD, "2022", 20.0), (SHEFFIELD, "2023", 21.0), (ENGLAND, "2023", 31.0)),
    )
    assert dict(zip(shown["area_name"], shown["value"], strict=True)) == {"Leeds": 11.0, "Sheffield": 21.0, "England": 31.0}
    assert shown["period"].unique().tolist() == ["2023"]


def test_without_a_shared_period_each_area_names_its_own():
    shown = compared(history(("2024", 12.0)), benchmarks((SHEFFIELD, "2022", 20.0), (SHEFFIELD, "2023", 21.0)))
    assert dict(zip(shown["area_name"], shown["period"], strict=True)) == {"Leeds": "2024", "Sheffield": "2023"}


def test_council_is_never_its_own_benchmark_even_where_the_table_holds_it():
    shown = compared(history(("2023", 11.0)), benchmarks((LEEDS, "2023", 99.0), (SHEFFIELD, "2023", 21.0)))
    assert shown.loc[shown["is_council"], "value"].tolist() == [11.0]


def test_only_wanted_sets_are_shown():
    shown = compared(history(("2023", 11.0)), benchmarks((SHEFFIELD, "2023", 21.0), (ENGLAND, "2023", 31.0)), wanted=("england",))
    assert shown["area_name"].tolist() == ["Leeds", "England"]


def test_council_alone_is_no_comparison():
    assert compared(history(("2023", 11.0)), benchmarks()).empty


def test_wards_are_those_of_the_latest_period_that_has_any():
    areas = pd.DataFrame(
        {
            "area": ["E05000001", "E05000002", LEEDS],
            "area_name": ["A", "B", "Leeds"],
            "area_type": ["ward", "ward", "local_authority"],
        }
    )
    results = pd.DataFrame(
        {
            "area": ["E05000001", "E05000002", "E05000001", LEEDS],
            "group": "all",
            "period": ["2022", "2022", "2023", "2024"],
            "period_end": pd.to_datetime(["2022-12-31", "2022-12-31", "2023-12-31", "2024-12-31"]),
            "value": [1.0, 2.0, 3.0, 4.0],
            "producer": "DWP",
        }
    )
    assert latest_wards(results, areas)[["area_name", "value"]].to_numpy().tolist() == [["A", 3.0]]
