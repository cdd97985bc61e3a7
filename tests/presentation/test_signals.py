"""What a KPI's series and its benchmark show beyond chance, in words and letters."""

import pandas as pd
import pytest
from kpi_rows import kpi
from kpireport.presentation import signals

USUAL = {"variation": "common_cause", "variation_rule": "", "variation_side": ""}
SILENT = {
    "variation": "",
    "assurance": "",
    "variation_why_not": "too_few_points",
    "recent_trend": "cannot_be_calculated",
    "change_significance": "not_compared",
    "significance": "not_compared",
}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param(
            {}, "Worse than usual variation explains: seven or more results running are below the average, 91.2%.", id="one_side"
        ),
        pytest.param(
            {"variation_rule": "outside_limits"},
            "Worse than usual variation explains: it is outside the usual range, 85.3% to 97.2%.",
            id="outside_limits",
        ),
        pytest.param(
            {"variation": "improvement", "variation_rule": "trend", "variation_side": "high"},
            "Better than usual variation explains: it has risen at seven or more results running.",
            id="trend",
        ),
        pytest.param(
            {"variation": "neutral_low", "variation_rule": "two_of_three"},
            "Lower than usual variation explains: two of the last three results are close to the lower end of the usual range.",
            id="two_of_three",
        ),
        pytest.param(USUAL, "Within usual variation, 85.3% to 97.2%.", id="common_cause"),
        pytest.param(
            {**USUAL, "lower_limit": -3.0, "mean": 4.0, "upper_limit": 11.0, "value": 5.0, "unit": "number", "decimals": 0},
            "Within usual variation, up to 11.",
            id="a_count_below_nothing_is_not_printed",
        ),
        pytest.param(SILENT, "", id="no_chart"),
    ],
)
def test_variation_says_which_rule_was_met(changes, said):
    assert signals.variation(kpi(**changes)) == said


@pytest.mark.parametrize(
    ("variation", "assurance", "letters"),
    [
        ("common_cause", "consistently_passing", ["~", "P"]),
        ("common_cause", "consistently_failing", ["~", "F"]),
        ("concern", "hit_or_miss", ["L", "?"]),
        ("concern", "consistently_failing", ["L", "F"]),
        ("concern", "consistently_passing", ["L"]),
        ("improvement", "consistently_failing", ["L"]),
        ("", "", []),
    ],
)
def test_assurance_is_not_said_where_the_latest_results_run_against_it(variation, assurance, letters):
    row = kpi(variation=variation, assurance=assurance)
    assert [letter for letter, _, _ in signals.signals(row)] == letters
    assert bool(signals.assurance(row)) == any(letter in "PF?" for letter in letters)


def test_significance_names_the_benchmark_its_figure_and_the_level():
    better = signals.benchmark(kpi(significance="better"))
    assert better == "Significantly better than England (88.0%) at the 95% level."
    assert signals.benchmark(kpi()) == "Not significantly different from England (88.0%) at the 95% level."


@pytest.mark.parametrize(("kind", "said"), [("similar", "no more than chance"), ("worse", "is more than chance")])
def test_change_is_told_from_chance_where_the_counts_allow(kind, said):
    assert said in signals.change(kpi(change_significance=kind))


def test_where_no_rule_can_speak_nothing_is_said_and_the_scorecard_says_why():
    row = kpi(**SILENT)
    assert signals.sentences(row) == ""
    assert signals.printed(row) == "too few results"


def test_all_that_is_said_of_one_kpi():
    assert signals.sentences(kpi(recent_trend="decreasing_getting_worse")) == (
        "Worse than usual variation explains: seven or more results running are below the average, 91.2%. "
        "As things are, it can be expected to meet its target at some times and miss it at others. "
        "The last five results show a significant fall, for the worse. "
        "The change since 2023-24 Q2 is more than chance would explain. "
        "Not significantly different from England (88.0%) at the 95% level."
    )


def test_missing_benchmark_is_not_compared():
    assert signals.benchmark(kpi(significance="similar", benchmark_value=pd.NA)) == ""
