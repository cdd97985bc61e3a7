"""Results restated since the last report, and the ratings that changed because of it."""

from datetime import date

import pytest
from rule_frames import report

CUT_OFFS = {"q1_2024_25": date(2024, 7, 28), "q2_2024_25": date(2024, 10, 28)}
FIRST = {"period": "2023-24 Q4", "value": 96.0, "denominator": 500.0, "received_on": date(2024, 5, 1), "maturity": "provisional"}
TARGET = {"target": 95.0}


def restated(*result_rows, kpi=None, **keywords):
    return report([{"tolerance": 2.0} | (kpi or {})], [TARGET], result_rows, CUT_OFFS, **keywords).restated


def test_restated_result_keeps_both_figures_and_both_ratings():
    second = FIRST | {"value": 94.0, "denominator": 480.0, "vintage": 2, "received_on": date(2024, 9, 1), "note": "Corrected."}
    [row] = restated(FIRST, second).to_dict("records")
    assert row == {
        "kpi_id": "CF-01",
        "kpi_name": "A KPI",
        "directorate": "CF",
        "unit": "%",
        "decimals": 1,
        "period": "2023-24 Q4",
        "old_value": 96.0,
        "new_value": 94.0,
        "old_denominator": 500.0,
        "new_denominator": 480.0,
        "old_rating": "green",
        "new_rating": "amber",
        "is_rating_changed": True,
        "note": "Corrected.",
    }


@pytest.mark.parametrize(
    ("second", "listed"),
    [
        pytest.param({"value": 95.5}, True, id="another_value_of_the_same_rating"),
        pytest.param({"denominator": 480.0}, True, id="another_denominator"),
        pytest.param({"maturity": "final"}, False, id="confirmed_unchanged"),
        pytest.param({"value": 94.0, "received_on": date(2024, 7, 28)}, False, id="known_to_the_last_report"),
        pytest.param({"value": 94.0, "received_on": date(2024, 10, 29)}, False, id="received_after_the_cut_off"),
    ],
)
def test_restated_are_the_figures_changed_between_two_cut_offs(second, listed):
    revision = FIRST | {"vintage": 2, "received_on": date(2024, 9, 1)} | second
    assert len(restated(FIRST, revision)) == listed


def test_first_value_of_a_period_restates_nothing():
    absent = {"period": "2023-24 Q4", "absence": "not_published", "received_on": date(2024, 5, 1)}
    assert restated(absent, FIRST | {"vintage": 2, "received_on": date(2024, 9, 1)}).empty


def test_value_that_was_withdrawn_is_restated_as_its_reason():
    withdrawn = {"period": "2023-24 Q4", "absence": "suppressed", "vintage": 2, "received_on": date(2024, 9, 1)}
    [row] = restated(FIRST, withdrawn).to_dict("records")
    assert [row["old_rating"], row["new_rating"]] == ["green", "suppressed"]


def test_rating_changed_by_the_revision_of_its_comparator_is_listed():
    later = {"period": "2024-25 Q1", "value": 95.5, "received_on": date(2024, 7, 1)}
    revision = FIRST | {"value": 95.0, "vintage": 2, "received_on": date(2024, 9, 1)}
    rows = restated(FIRST, later, revision, kpi={"target_type": "increase"})
    assert rows[["period", "old_value", "new_value", "old_rating", "new_rating"]].to_numpy().tolist() == [
        ["2023-24 Q4", 96.0, 95.0, "not_rated", "not_rated"],
        ["2024-25 Q1", 95.5, 95.5, "red", "green"],
    ]
    assert rows["is_rating_changed"].tolist() == [False, True]


def test_revision_of_a_kpi_that_has_left_the_list_is_not_told():
    revision = FIRST | {"value": 94.0, "vintage": 2, "received_on": date(2024, 9, 1)}
    assert restated(FIRST, revision, kpi={"retired": "2024-25 Q2"}).empty
