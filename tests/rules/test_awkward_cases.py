"""The awkward real cases of the rating contract, part 9, that are for rules to get right. The others are in tests/sources."""

from datetime import date

import pytest
from kpireport.rules import highlights
from rule_frames import only_kpi, report, risks

YEARLY = {"frequency": "annual", "measure_type": "annual", "comparator_rule": "previous_year"}


def test_case_1_child_protection_plans_are_restated_with_their_denominator():
    kpi = YEARLY | {"period_kind": "month", "measure_type": "snapshot", "polarity": "within_range", "target_type": "range"}
    kpi |= {"unit": "per 10,000", "lag_months": 6, "tolerance": 1.0}
    first = {"period": "Mar 2024", "value": 39.6, "numerator": 690.0, "denominator": 174_242.0, "received_on": date(2024, 10, 1)}
    second = {"value": 38.7, "numerator": 674.0, "denominator": 174_160.0, "vintage": 2, "received_on": date(2025, 10, 1)}
    cut_offs = {"q1_2025_26": date(2025, 7, 28), "q2_2025_26": date(2025, 10, 28)}
    target = {"target": 30.0, "upper": 39.0}
    shown = report([kpi], [target], [first, first | second], cut_offs, quarter="2025-26 Q2")
    [row] = shown.restated.to_dict("records")
    assert [row["old_value"], row["old_denominator"], row["old_rating"]] == [39.6, 174_242, "amber"]
    assert [row["new_value"], row["new_denominator"], row["new_rating"]] == [38.7, 174_160, "green"]
    assert row["is_rating_changed"]
    assert shown.kpis["is_revised"].tolist() == [True]
    # The year's own report still gives the figure that was published then.
    assert (
        only_kpi([kpi], [target], [first, first | second], {"q3_2024_25": date(2025, 1, 28)}, quarter="2024-25 Q3").value == 39.6
    )


def test_case_2_key_stage_4_is_rated_while_provisional_and_both_vintages_stay():
    kpi = YEARLY | {"period_kind": "academic_year", "measure_type": "academic_year", "lag_months": 3}
    provisional = {"period": "2022/23", "value": 63.9, "maturity": "provisional", "received_on": date(2023, 10, 20)}
    final = {"period": "2022/23", "value": 64.6, "vintage": 2, "received_on": date(2024, 2, 1)}
    cut_offs = {"q3_2023_24": date(2024, 1, 28), "q4_2023_24": date(2024, 4, 28)}
    rows = ([kpi | {"tolerance": 2.0}], [{"target": 64.0}], [provisional, final], cut_offs)
    winter = only_kpi(*rows, quarter="2023-24 Q3")
    assert [winter.value, winter.rating, winter.maturity, winter.is_revised] == [63.9, "amber", "provisional", False]
    spring = report(*rows, quarter="2023-24 Q4")
    shown = spring.kpis.iloc[0]
    assert [shown.value, shown.rating, shown.maturity, shown.is_revised] == [64.6, "green", "final", True]
    assert spring.restated[["old_rating", "new_rating"]].to_numpy().tolist() == [["amber", "green"]]


def test_case_3_killed_on_the_roads_is_a_large_improvement():
    kpi = YEARLY | {"period_kind": "calendar_year", "polarity": "lower_is_better", "decimals": 0, "lag_months": 6}
    rows = [{"period": "2022", "value": 27.0}, {"period": "2023", "value": 13.0, "received_on": date(2024, 9, 1)}]
    cut_offs = {"q1_2024_25": date(2024, 7, 28), "q2_2024_25": date(2024, 10, 28)}
    shown = report([kpi], [{"target": 20.0}], rows, cut_offs)
    [killed] = shown.kpis.to_dict("records")
    assert [killed["direction"], killed["change"], killed["comparator_period"]] == ["improving", -14, "2022"]
    assert highlights.candidates(shown, risks())["reasons"].tolist() == ["one of the largest improvements"]


PROGRESS_8 = YEARLY | {"period_kind": "academic_year", "measure_type": "academic_year", "lag_months": 3, "decimals": 2}
PROGRESS_8_ROWS = [
    {"period": "2018/19", "value": 0.03},
    {"period": "2019/20", "absence": "not_available"},
    {"period": "2020/21", "absence": "not_available"},
    {"period": "2021/22", "value": -0.02},
]


@pytest.mark.parametrize(
    ("quarter", "rating", "direction"),
    [
        ("2019-20 Q3", "green", "not_comparable"),
        ("2020-21 Q3", "not_available", "not_comparable"),
        ("2021-22 Q3", "not_available", "not_comparable"),
        ("2022-23 Q3", "red", "not_comparable"),
    ],
)
def test_case_5_progress_8_has_no_result_for_two_years_and_no_comparator_after_them(quarter, rating, direction):
    shown = only_kpi([PROGRESS_8], [{"target": 0.0}], PROGRESS_8_ROWS, quarter=quarter)
    assert [shown.rating, shown.direction] == [rating, direction]


@pytest.mark.parametrize(
    ("quarter", "expected", "rating"),
    [
        ("2022-23 Q1", "2020", "green"),
        ("2023-24 Q1", "2022", "green"),
        ("2024-25 Q1", "2022", "green"),
        ("2025-26 Q1", "2024", "awaited"),
    ],
)
def test_case_5_biennial_measure_is_due_every_second_year_only(quarter, expected, rating):
    kpi = YEARLY | {"period_kind": "calendar_year", "frequency": "biennial", "lag_months": 6}
    rows = [{"period": "2018", "value": 60.0}, {"period": "2020", "value": 61.0}, {"period": "2022", "value": 62.0}]
    shown = only_kpi([kpi], [{"target": 60.0}], rows, quarter=quarter)
    assert [shown.expected_period, shown.rating] == [expected, rating]
    assert int(shown.period) - int(shown.comparator_period) == 2


def test_case_6_adult_obesity_up_a_tenth_is_no_change_and_up_over_a_point_is_worse():
    kpi = {"polarity": "lower_is_better", "dead_band": 0.5}
    rows = [{"period": "2024-25 Q1", "value": 24.2}, {"period": "2024-25 Q2", "value": 24.3}]
    quarter = only_kpi([kpi], [], rows)
    assert [quarter.direction, quarter.change] == ["no_change", 0.1]
    five_years = only_kpi([kpi], [], [rows[0] | {"value": 23.1}, rows[1]])
    assert [five_years.direction, five_years.change] == ["worsening", 1.2]


def test_case_7_unemployment_is_compared_with_the_same_twelve_months_a_year_earlier():
    kpi = {"period_kind": "rolling_year", "measure_type": "rolling_year", "polarity": "lower_is_better", "lag_months": 3}
    rows = [
        {"period": f"Year to {month}", "value": value}
        for month, value in (("Jun 2023", 5.0), ("Mar 2024", 4.6), ("Jun 2024", 4.2))
    ]
    shown = only_kpi([kpi], [], rows)
    assert [shown.period, shown.comparator_period, shown.comparator_value] == ["Year to Jun 2024", "Year to Jun 2023", 5.0]
    assert [shown.direction, shown.change] == ["improving", -0.8]


def test_case_8_life_expectancy_that_the_ons_delays_is_not_published_and_not_awaited():
    kpi = YEARLY | {"period_kind": "pooled_years", "measure_type": "pooled_years", "lag_months": 12, "unit": "years"}
    published = {"period": "2018 to 2020", "value": 78.2}
    delayed = {"period": "2020 to 2022", "absence": "not_published", "note": "Delayed by the ONS."}
    shown = only_kpi([kpi], [{"target": 79.0}], [published, delayed], quarter="2024-25 Q2")
    assert [shown.expected_period, shown.rating, shown.note] == ["2020 to 2022", "not_published", "Delayed by the ONS."]
    assert [shown.period, shown.value] == ["2018 to 2020", 78.2]
    assert only_kpi([kpi], [{"target": 79.0}], [published], quarter="2024-25 Q2").rating == "awaited"


def test_case_11_what_is_printed_as_the_target_is_green():
    shown = only_kpi([{"tolerance": 2.0}], [{"target": 95.0}], [{"period": "2024-25 Q2", "value": 94.96}])
    assert [shown.rating, shown.unrounded_rag, shown.gap_to_target] == ["green", "amber", 0]
