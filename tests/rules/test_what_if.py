"""A rating by another target is what the rule of the reports says of that target."""

from dataclasses import replace

import pandas as pd
import pytest
from kpireport.rules import what_if
from kpireport.rules.what_if import Aim
from rule_frames import report

QUARTERS = ["2023-24 Q4", "2024-25 Q1", "2024-25 Q2"]


def quarter_of(kpi=None, target=None, values=(91.0, 94.0, 96.0)):
    rows = [{"period": quarter, "value": value} for quarter, value in zip(QUARTERS, values, strict=True) if value is not None]
    return report([{"tolerance": 2.0} | (kpi or {})], [{"target": 95.0} | (target or {})], rows)


def asked(figures, aim: Aim) -> pd.Series:
    return what_if.with_aim(figures.kpis, aim).iloc[0]


@pytest.mark.parametrize(
    ("kpi", "target"),
    [
        ({}, {}),
        ({"polarity": "lower_is_better"}, {}),
        ({"tolerance": 5.0, "tolerance_type": "percent_of_target"}, {}),
        ({"target_type": "range", "polarity": "within_range"}, {"target": 90.0, "upper": 95.0}),
    ],
)
def test_a_kpis_own_target_gives_its_own_rating_and_gap(kpi, target):
    figures = quarter_of(kpi, target)
    row = figures.kpis.iloc[0]
    own = asked(figures, Aim(row.target, None if pd.isna(row.upper) else row.upper, row.tolerance))
    columns = ["rating", "rag", "basis", "gap_to_target", "gap_in_tolerances", "tolerance_size", "floor"]
    pd.testing.assert_series_equal(own[columns], row[columns], check_names=False)


@pytest.mark.parametrize(
    ("aim", "rating"),
    [
        pytest.param(Aim(96.0, tolerance=2.0), "green", id="green_at_the_exact_target"),
        pytest.param(Aim(98.0, tolerance=2.0), "amber", id="amber_at_exact_tolerance"),
        pytest.param(Aim(98.1, tolerance=2.0), "red", id="red_beyond_tolerance"),
        pytest.param(Aim(96.1), "red", id="no_amber_without_tolerance"),
        pytest.param(Aim(96.04, tolerance=0.0), "green", id="target_rounded_as_printed"),
    ],
)
def test_rating_by_another_target(aim, rating):
    assert asked(quarter_of(), aim)["rating"] == rating


def test_awaited_result_stays_awaited_whatever_the_target():
    assert asked(quarter_of(values=(91.0, 94.0, None)), Aim(10.0))["rating"] == "awaited"


@pytest.mark.parametrize("kpi", [{"kind": "tracker", "target_type": "none"}, {"target_type": "increase"}])
def test_kpi_without_a_figure_for_its_target_is_asked_as_if_it_had_one(kpi):
    figures = quarter_of(kpi)
    assert asked(figures, Aim(96.5, tolerance=1.0))[["rating", "basis"]].tolist() == ["amber", "target"]


def test_neutral_kpi_is_rated_by_a_range_and_by_nothing_else():
    figures = quarter_of({"polarity": "neutral"})
    assert asked(figures, Aim(95.0))["rating"] == "not_rated"
    assert asked(figures, Aim(95.0, 97.0))["rating"] == "green"


def test_history_is_rated_on_the_targets_of_its_time_and_on_the_one_asked_about():
    figures = quarter_of()
    assert what_if.by_own_targets(figures.history, figures.kpis)["rag"].tolist() == ["red", "amber", "green"]
    assert what_if.by_aim(figures.history, figures.kpis, Aim(91.0))["rag"].tolist() == ["green", "green", "green"]


def test_direction_is_rated_against_each_results_own_comparator():
    figures = quarter_of({"target_type": "decrease"}, values=(91.0, 94.0, 93.0))
    assert what_if.by_own_targets(figures.history, figures.kpis)["rag"].tolist() == ["", "red", "green"]


def test_target_of_a_cumulative_kpi_is_for_one_point_of_the_year():
    rows = [{"period": f"{year} Q{number}", "value": 10.0 * number} for year in ("2023-24", "2024-25") for number in (1, 2)]
    figures = report([{"measure_type": "cumulative"}], [{"target": 20.0}], rows)
    assert what_if.by_aim(figures.history, figures.kpis, Aim(19.0))["rag"].tolist() == ["", "green", "", "green"]


def test_nothing_given_is_changed():
    figures = quarter_of()
    before = replace(figures, kpis=figures.kpis.copy(), history=figures.history.copy())
    what_if.with_aim(figures.kpis, Aim(1.0))
    what_if.by_aim(figures.history, figures.kpis, Aim(1.0))
    pd.testing.assert_frame_equal(figures.kpis, before.kpis)
    pd.testing.assert_frame_equal(figures.history, before.history)
