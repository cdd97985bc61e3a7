"""Targets are dated by the result's own period; the profile is only a label."""

from datetime import date
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kpireport import periods
from kpireport.rules.availability import period_days
from kpireport.rules.targets import with_targets
from rule_frames import targets


def target_of(period: str, *rows: dict, **columns) -> list:
    result = pd.DataFrame([{"kpi_id": "CF-01", "period": period, "kind": "kpi", "target_type": "value"} | columns])
    aimed = with_targets(result.assign(period_end=period_days(result["period"])), targets(*rows))
    return aimed[["target", "upper"]].fillna(-1).iloc[0].tolist()


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        pytest.param("2023-24 Q4", 90.0, id="last_day_of_the_old_target"),
        pytest.param("2024-25 Q1", 95.0, id="first_quarter_of_the_new_target"),
        pytest.param("2030-31 Q1", 95.0, id="open_target_applies_for_ever"),
        pytest.param("2021-22 Q4", -1, id="before_any_target"),
        pytest.param("2023-24", 90.0, id="another_kind_of_period_by_its_last_day"),
        pytest.param("2023/24", 95.0, id="academic_year_ends_in_the_new_targets_time"),
    ],
)
def test_target_in_force_on_the_last_day_of_the_period(period, expected):
    rows = [{"from_period": "2022-23", "to_period": "2023-24", "target": 90.0}, {"from_period": "2024-25 Q1", "target": 95.0}]
    assert target_of(period, *rows)[0] == expected


@pytest.mark.parametrize(("period", "expected"), [("Year to Mar 2024", 90.0), ("Year to Jun 2024", 95.0)])
def test_target_that_begins_with_a_rolling_year_waits_for_that_years_end(period, expected):
    rows = [
        {"from_period": "Year to Jun 2023", "to_period": "Year to Mar 2024", "target": 90.0},
        {"from_period": "Year to Jun 2024", "target": 95.0},
    ]
    assert target_of(period, *rows)[0] == expected


def test_target_that_has_ended_applies_no_more():
    assert target_of("2024-25 Q1", {"from_period": "2022-23", "to_period": "2023-24", "target": 90.0}) == [-1, -1]


def test_profiled_target_of_a_cumulative_measure_is_that_of_its_quarter():
    profile = [
        {"from_period": f"2024-25 Q{number}", "to_period": f"2024-25 Q{number}", "target": 100.0 * number, "profile": "a label"}
        for number in (1, 2, 3, 4)
    ]
    assert [target_of(f"2024-25 Q{number}", *profile)[0] for number in (1, 2, 3, 4)] == [100, 200, 300, 400]


def test_only_a_range_has_an_upper_end():
    row = {"target": 20.0, "upper": 30.0}
    assert target_of("2024-25 Q1", row, target_type="range") == [20.0, 30.0]
    assert target_of("2024-25 Q1", row) == [20.0, -1]


@pytest.mark.parametrize("columns", [{"kind": "tracker"}, {"target_type": "increase"}, {"target_type": "none"}])
def test_kpi_that_is_not_judged_by_a_figure_has_no_target(columns):
    assert target_of("2024-25 Q1", {"target": 20.0}, **columns) == [-1, -1]


def test_another_kpis_target_is_not_used():
    assert target_of("2024-25 Q1", {"kpi_id": "CF-02", "target": 20.0}) == [-1, -1]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=6, unique=True).map(sorted),
    st.lists(st.tuples(st.sampled_from(["CF-01", "CF-02"]), st.integers(0, 40)), min_size=1, max_size=20),
)
def test_targets_agree_with_going_through_them_one_by_one(starts, places):
    quarters = [periods.quarter(2015, 1).shift(3 * number) for number in range(41)]
    # Each target but the last ends a quarter short of the next one, or with it: there are gaps, and no overlaps.
    rows = [
        {"from_period": str(quarters[start]), "to_period": str(quarters[max(start, after - 2)]), "target": float(start)}
        for start, after in pairwise(starts)
    ] + [{"from_period": str(quarters[starts[-1]]), "target": float(starts[-1])}]
    results = pd.DataFrame([{"kpi_id": kpi_id, "period": str(quarters[place])} for kpi_id, place in places])
    results = results.assign(kind="kpi", target_type="value", period_end=period_days(results["period"]))

    def by_hand(kpi_id: str, day: date) -> float:
        for row in rows:
            ends = periods.parse(row["to_period"]).end if "to_period" in row else date.max
            if kpi_id == "CF-01" and periods.parse(row["from_period"]).start <= day <= ends:
                return row["target"]
        return -1

    aimed = with_targets(results, targets(*rows))
    assert aimed["target"].fillna(-1).tolist() == [by_hand(kpi_id, quarters[place].end) for kpi_id, place in places]
