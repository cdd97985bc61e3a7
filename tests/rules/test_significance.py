"""Better, similar or worse: against another area, and against an earlier period."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.rules import significance
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

LEEDS, ENGLAND, BRISTOL = "E08000035", "E92000001", "E06000023"


PLAIN = {
    "kpi_id": "AH-17",
    "kind": "kpi",
    "unit": "%",
    "decimals": 1,
    "polarity": "lower_is_better",
    "period": "2023-24 Q2",
    "value": 24.3,
    "numerator": 174_960.0,
    "denominator": 720_000.0,
    "comparator_period": "2023-24 Q1",
}
PLAIN_BENCHMARK = {
    "kpi_id": "AH-17",
    "area": ENGLAND,
    "period": "2023-24 Q2",
    "value": 24.3,
    "numerator": np.nan,
    "denominator": np.nan,
}


def kpi(**columns) -> pd.DataFrame:
    return pd.DataFrame([PLAIN | columns])


def benchmark(value, **columns) -> pd.DataFrame:
    return pd.DataFrame([PLAIN_BENCHMARK | {"value": value} | columns])


def against(value, own=None, **columns) -> list[str]:
    told = significance.against_benchmarks(kpi(**(own or {})), benchmark(value, **columns), area=LEEDS).iloc[0]
    return told[["significance", "significance_why_not"]].tolist()


def change(earlier, numerator, denominator=720_000.0, **columns) -> list[str]:
    row = kpi(**columns)
    then = {"kpi_id": "AH-17", "period": row["comparator_period"].iloc[0], "value": earlier, "numerator": numerator}
    told = significance.add_change_significance(row, pd.DataFrame([then | {"denominator": denominator}])).iloc[0]
    return told[["change_significance", "change_why_not"]].tolist()


def test_adult_obesity_rising_from_24_2_to_24_3_in_a_quarter_is_not_significant():
    assert change(24.2, 174_240.0) == ["similar", ""]


def test_adult_obesity_rising_from_23_1_to_24_3_over_five_years_is_significant():
    assert change(23.1, 166_320.0, comparator_period="2018-19 Q2") == ["worse", ""]


@pytest.mark.parametrize(
    ("polarity", "words"),
    [
        ("lower_is_better", ["better", "similar", "worse"]),
        ("higher_is_better", ["worse", "similar", "better"]),
        ("neutral", ["lower", "similar", "higher"]),
        ("within_range", ["lower", "similar", "higher"]),
    ],
)
def test_words_by_polarity_for_a_figure_below_about_and_above_the_benchmark(polarity, words):
    assert [against(value, {"polarity": polarity}) for value in (26.0, 24.3, 22.0)] == [[word, ""] for word in words]


def test_tracker_is_told_without_judgement():
    assert against(26.0, {"kind": "tracker"}) == ["lower", ""]


def test_benchmark_exactly_on_the_end_of_the_interval_is_similar():
    lower, upper = (100 * end for end in proportion_confint(24, 100, method="wilson"))
    own = {"value": 24.0, "numerator": 24.0, "denominator": 100.0}
    table = significance.against_benchmarks(kpi(**own), benchmark(24.0), area=LEEDS)
    assert table[["lower_95", "upper_95"]].iloc[0].tolist() == pytest.approx([lower, upper], abs=1e-9)
    assert against(float(table["upper_95"].iloc[0]), own) == ["similar", ""]
    assert against(float(table["upper_95"].iloc[0]) + 1e-6, own) == ["better", ""]


def test_uncertainty_of_the_benchmark_counts_where_it_is_known():
    own = {"value": 24.0, "numerator": 240.0, "denominator": 1000.0}
    assert against(27.0, own) == ["better", ""]
    assert against(27.0, own, numerator=27.0, denominator=100.0) == ["similar", ""]


def test_area_is_never_compared_with_itself():
    assert against(20.0, area=LEEDS) == ["not_compared", "itself"]


def test_other_period_is_not_compared():
    assert against(20.0, period="2022-23 Q2") == ["not_compared", "different_period"]


@pytest.mark.parametrize(
    ("own", "why_not"),
    [
        ({"numerator": np.nan}, "no_interval"),
        ({"denominator": 0.0}, "no_interval"),
        ({"unit": "days"}, "no_interval"),
        ({"value": np.nan}, "no_value"),
    ],
)
def test_figure_without_an_interval_is_not_compared(own, why_not):
    assert against(20.0, own) == ["not_compared", why_not]


def test_missing_benchmark_is_not_compared():
    assert against(np.nan) == ["not_compared", "no_benchmark"]


def test_rate_is_compared_in_its_own_unit():
    own = {"unit": "per 10,000", "value": 39.6, "numerator": 690.0, "denominator": 174_242.0}
    assert against(43.4, own)[0] == "better"
    assert against(41.0, own)[0] == "similar"


def test_one_area_is_picked_for_each_kpi_and_its_own_period_comes_before_a_later_one():
    kpis = pd.concat([kpi(), kpi(kpi_id="AH-18"), kpi(kpi_id="AH-19")]).set_axis([7, 8, 9])
    benchmarks = pd.concat(
        [
            benchmark(26.0),
            benchmark(99.0, period="2024-25 Q2"),
            benchmark(1.0, area=BRISTOL),
            benchmark(20.0, kpi_id="AH-18", period="2021-22 Q2"),
            benchmark(21.0, kpi_id="AH-18", period="2022-23 Q2"),
        ],
        ignore_index=True,
    )
    told = significance.add_significance(kpis, benchmarks, area=LEEDS, against=ENGLAND)
    columns = ["benchmark_period", "benchmark_value", "significance", "significance_why_not"]
    assert told.index.tolist() == [7, 8, 9]
    assert told[columns].iloc[:2].to_numpy().tolist() == [
        ["2023-24 Q2", 26.0, "better", ""],
        ["2022-23 Q2", 21.0, "not_compared", "different_period"],
    ]
    assert told["significance_why_not"].iloc[2] == "no_benchmark"
    assert told["upper_95"].notna().all()


def test_own_area_as_the_benchmark_says_itself_even_without_a_row():
    told = significance.add_significance(kpi(), benchmark(26.0), area=LEEDS, against=LEEDS)
    assert told[["significance", "significance_why_not"]].iloc[0].tolist() == ["not_compared", "itself"]


def test_change_without_a_comparator_or_its_counts_is_not_compared():
    assert change(np.nan, 100.0) == ["not_compared", "no_benchmark"]
    assert change(24.0, np.nan) == ["not_compared", "no_interval"]
    history = pd.DataFrame(columns=["kpi_id", "period", "value", "numerator", "denominator"])
    empty = history.astype({"kpi_id": "str", "period": "str", "value": float, "numerator": float, "denominator": float})
    told = significance.add_change_significance(kpi(comparator_period=""), empty)
    assert told["change_why_not"].tolist() == ["no_benchmark"]


def test_nothing_to_compare_gives_an_empty_table():
    assert significance.against_benchmarks(kpi(), benchmark(1.0).iloc[:0], area=LEEDS).empty
    assert significance.add_significance(kpi().iloc[:0], benchmark(1.0), area=LEEDS, against=ENGLAND).empty
    assert significance.add_change_significance(kpi().iloc[:0], benchmark(1.0)).empty


COUNTS = st.integers(5, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS, COUNTS)
def test_difference_agrees_with_newcombes_interval_of_statsmodels(first, second):
    frames = [kpi(value=100 * x / n, numerator=float(x), denominator=float(n), decimals=6) for x, n in (first, second)]
    found = significance.difference(*frames).iloc[0]
    expected = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    assert [found["difference_lower_95"] / 100, found["difference_upper_95"] / 100] == pytest.approx(expected, abs=1e-9)


def significance_by_hand(x: int, n: int, value: float, polarity: str) -> str:
    """Wilson's interval from its textbook formula, and the words one by one."""
    z, p = 1.959963984540054, x / n
    middle = p + z * z / (2 * n)
    reach = z * math.sqrt((p * (1 - p) + z * z / (4 * n)) / n)
    low, high = (100 * (middle + sign * reach) / (1 + z * z / n) for sign in (-1, 1))
    if min(abs(value - low), abs(value - high)) < 1e-9:
        return "on the end"
    if low <= value <= high:
        return "similar"
    is_higher = value < low
    if polarity == "neutral":
        return "higher" if is_higher else "lower"
    return "better" if is_higher == (polarity == "higher_is_better") else "worse"


@given(
    cases=st.lists(
        st.tuples(COUNTS, st.integers(-20, 20), st.sampled_from(["higher_is_better", "lower_is_better", "neutral"])),
        min_size=1,
        max_size=4,
    )
)
def test_significance_agrees_with_the_textbook_one_figure_at_a_time(cases):
    kpis, benchmarks, expected = [], [], []
    for number, ((x, n), away, polarity) in enumerate(cases):
        own, named = 100 * x / n, {"kpi_id": f"AH-{number:02d}"}
        kpis.append(PLAIN | named | {"polarity": polarity, "value": own, "numerator": float(x), "denominator": float(n)})
        benchmarks.append(PLAIN_BENCHMARK | named | {"value": own + away / 4})
        expected.append(significance_by_hand(x, n, own + away / 4, polarity))
    told = significance.against_benchmarks(pd.DataFrame(kpis), pd.DataFrame(benchmarks), area=LEEDS)
    for found, by_hand in zip(told["significance"], expected, strict=True):
        assert found == by_hand or by_hand == "on the end"
