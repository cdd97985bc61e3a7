"""The comparator by measure type, and the change against it in words."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kpireport.periods import parse
from kpireport.rules import direction
from kpireport.vocabulary import ComparatorRule, Frequency, MeasureType
from oracles import direction_by_hand
from rule_frames import only_kpi

FIGURES = ["value", "comparator_value", "target", "upper", "dead_band"]
CASE = {"kind": "kpi", "decimals": 1, "polarity": "higher_is_better", **dict.fromkeys(FIGURES)}


@pytest.mark.parametrize(
    ("period", "measure_type", "rule", "frequency", "expected"),
    [
        ("2024-25 Q2", "in_period", "previous_period", "quarterly", "2024-25 Q1"),
        ("2024-25 Q2", "in_period", "same_period_last_year", "quarterly", "2023-24 Q2"),
        ("2024-25 Q1", "snapshot", "previous_period", "quarterly", "2023-24 Q4"),
        ("Jun 2024", "snapshot", "previous_period", "quarterly", "Mar 2024"),
        ("Jun 2024", "snapshot", "previous_period", "monthly", "May 2024"),
        ("2024-25 Q2", "snapshot", "previous_year", "quarterly", "2023-24 Q2"),
        ("2024-25 Q2", "cumulative", "previous_period", "quarterly", "2023-24 Q2"),
        ("Sep 2024", "cumulative", "previous_period", "monthly", "Sep 2023"),
        ("Year to Jun 2024", "rolling_year", "previous_period", "quarterly", "Year to Jun 2023"),
        ("Year to Jun 2024", "snapshot", "previous_period", "quarterly", "Year to Jun 2023"),
        ("2023-24", "annual", "previous_period", "annual", "2022-23"),
        ("2023/24", "academic_year", "previous_year", "annual", "2022/23"),
        ("2023", "annual", "previous_period", "biennial", "2021"),
        ("2022-23", "annual", "previous_year", "biennial", "2020-21"),
        ("2023/24 Autumn", "termly", "previous_period", "termly", "2022/23 Summer"),
        ("2023/24 Autumn", "termly", "same_period_last_year", "termly", "2022/23 Autumn"),
        ("2020 to 2022", "pooled_years", "previous_period", "annual", "2017 to 2019"),
        ("2020 to 2022", "pooled_years", "previous_year", "annual", "2017 to 2019"),
    ],
)
def test_comparator_by_measure_type(period, measure_type, rule, frequency, expected):
    earlier = direction.comparator_period(parse(period), MeasureType(measure_type), ComparatorRule(rule), Frequency(frequency))
    assert str(earlier) == expected


def frame(cases: list[dict]) -> pd.DataFrame:
    rows = pd.DataFrame(cases)
    return rows.assign(**{name: [float("nan" if text is None else text) for text in rows[name]] for name in FIGURES})


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        pytest.param({"value": "13", "comparator_value": "27"}, "worsening", id="fall_where_higher_is_better"),
        pytest.param(
            {"value": "13", "comparator_value": "27", "polarity": "lower_is_better"}, "improving", id="fall_where_lower_is"
        ),
        pytest.param({"value": "13", "comparator_value": "27", "polarity": "neutral"}, "decreasing", id="neutral_fall"),
        pytest.param({"value": "27", "comparator_value": "13", "kind": "tracker"}, "increasing", id="tracker_without_judgement"),
        pytest.param({"value": "5.04", "comparator_value": "4.96"}, "no_change", id="no_change_in_the_printed_figures"),
        pytest.param(
            {"value": "5.3", "comparator_value": "5", "dead_band": "0.3"}, "no_change", id="change_of_exactly_the_dead_band"
        ),
        pytest.param(
            {"value": "5.4", "comparator_value": "5", "dead_band": "0.3"}, "improving", id="change_beyond_the_dead_band"
        ),
        pytest.param({"value": "5"}, "not_comparable", id="no_comparator"),
        pytest.param({"comparator_value": "5"}, "not_comparable", id="no_value"),
        pytest.param(
            {"value": "31", "comparator_value": "35", "polarity": "within_range", "target": "20", "upper": "30"},
            "improving",
            id="nearer_the_range",
        ),
        pytest.param(
            {"value": "18", "comparator_value": "31", "polarity": "within_range", "target": "20", "upper": "30"},
            "worsening",
            id="further_out_on_the_other_side",
        ),
        pytest.param(
            {"value": "22", "comparator_value": "28", "polarity": "within_range", "target": "20", "upper": "30"},
            "decreasing",
            id="moved_within_the_range",
        ),
        pytest.param({"value": "22", "comparator_value": "28", "polarity": "within_range"}, "decreasing", id="range_not_set"),
    ],
)
def test_direction_in_words(columns, expected):
    assert direction.directions(frame([CASE | columns]))["direction"].tolist() == [expected]
    assert direction_by_hand(CASE | columns) == expected


def test_change_is_that_of_the_printed_figures():
    assert direction.directions(frame([CASE | {"value": "24.26", "comparator_value": "24.24"}]))["change"].tolist() == [0.1]


FIGURE = st.none() | st.integers(-300, 300).map(lambda n: str(n / 100))
CASES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["kpi", "kpi", "tracker"]),
        "decimals": st.integers(0, 2),
        "polarity": st.sampled_from(["higher_is_better", "lower_is_better", "within_range", "neutral"]),
        "value": FIGURE,
        "comparator_value": FIGURE,
        "target": st.none() | st.integers(-20, 0).map(lambda n: str(n / 10)),
        "upper": st.none() | st.integers(0, 20).map(lambda n: str(n / 10)),
        "dead_band": st.none() | st.integers(0, 20).map(lambda n: str(n / 10)),
    }
)
A_FEW = settings(deadline=None, max_examples=40)


@A_FEW
@given(st.lists(CASES, min_size=1, max_size=40))
def test_direction_agrees_with_the_rule_applied_by_hand(drawn):
    assert direction.directions(frame(drawn))["direction"].tolist() == [direction_by_hand(case) for case in drawn]


@A_FEW
@given(st.lists(CASES, min_size=1, max_size=40))
def test_going_back_is_the_opposite_of_going(drawn):
    opposite = {"improving": "worsening", "worsening": "improving", "increasing": "decreasing", "decreasing": "increasing"}
    there = frame(drawn)
    back = there.assign(value=there["comparator_value"], comparator_value=there["value"])
    words = direction.directions(there)["direction"]
    assert direction.directions(back)["direction"].tolist() == words.replace(opposite).tolist()


def test_result_before_the_present_definition_is_no_comparator():
    rows = [{"period": "2024-25 Q1", "value": 4.0}, {"period": "2024-25 Q2", "value": 5.0}]
    assert only_kpi([{"comparable_from": "2024-25 Q1"}], [], rows).comparator_period == "2024-25 Q1"
    not_comparable = only_kpi([{"comparable_from": "2024-25 Q2"}], [], rows)
    assert [not_comparable.comparator_period, not_comparable.direction] == ["", "not_comparable"]
    assert pd.isna(not_comparable.comparator_value)


def test_comparator_that_reaches_back_before_the_present_definition_is_none():
    rows = [{"period": "Year to Jun 2023", "value": 4.0}, {"period": "Year to Jun 2024", "value": 5.0}]
    kpi = {"period_kind": "rolling_year", "measure_type": "rolling_year", "comparable_from": "2023-24 Q1", "lag_months": 3}
    assert only_kpi([kpi], [], rows).direction == "not_comparable"


def test_comparator_is_the_vintage_known_now():
    rows = [
        {"period": "2024-25 Q1", "value": 4.0},
        {"period": "2024-25 Q1", "value": 6.0, "vintage": 2},
        {"period": "2024-25 Q2", "value": 5.0},
    ]
    assert only_kpi([{}], [], rows).direction == "worsening"
