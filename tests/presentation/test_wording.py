"""Each result in plain words."""

from types import SimpleNamespace

import pandas as pd
import pytest
from kpi_rows import kpi
from kpireport.periods import parse_quarter
from kpireport.presentation import wording
from kpireport.rules.counts import count_ratings

NAN = float("nan")
COUNT = {"unit": "number", "decimals": 0}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, "95.0% or more", id="higher_is_better"),
        pytest.param(COUNT | {"polarity": "lower_is_better", "target": 27}, "27 or fewer", id="fewer_of_what_is_counted"),
        pytest.param(
            {"polarity": "lower_is_better", "unit": "days", "decimals": 0, "target": 27}, "27 days or less", id="less_time"
        ),
        pytest.param({"polarity": "lower_is_better", "unit": "per 10,000"}, "95.0 per 10,000 or less", id="less_of_a_rate"),
        pytest.param(COUNT | {"polarity": "lower_is_better", "target": 0}, "0", id="nothing_is_less_than_none"),
        pytest.param({"target_type": "range", "target": 20, "upper": 30}, "between 20.0% and 30.0%", id="range"),
        pytest.param(
            {"target_type": "range", "target": 20, "upper": 30, "unit": "days", "decimals": 0},
            "between 20 and 30 days",
            id="unit_said_once",
        ),
        pytest.param({"target_type": "increase", "target": NAN}, "an increase", id="increase"),
        pytest.param({"target_type": "decrease", "target": NAN}, "a decrease", id="decrease"),
        pytest.param({"target": NAN}, "not set", id="value_target_without_a_value"),
        pytest.param({"target_type": "none", "target": NAN}, "not set", id="no_target"),
        pytest.param({"kind": "tracker", "target_type": "none", "target": NAN}, "none (tracker)", id="tracker"),
    ],
)
def test_target_in_words(changes, expected):
    assert wording.target(kpi(**changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, "2 percentage points", id="percentage_points"),
        pytest.param({"tolerance": 2.5}, "2.5 percentage points", id="decimals_of_its_own"),
        pytest.param({"tolerance_type": "percent_of_target", "tolerance": 5.0}, "5% of target", id="percent_of_target"),
        pytest.param(COUNT | {"tolerance": 3.0}, "3", id="count"),
        pytest.param({"tolerance": NAN}, "not set", id="not_set"),
        pytest.param({"target_type": "increase"}, "", id="none_for_interim_targets"),
        pytest.param({"kind": "tracker"}, "", id="none_for_trackers"),
    ],
)
def test_tolerance_in_words(changes, expected):
    assert wording.tolerance(kpi(**changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(
            COUNT | {"value": 13, "comparator_value": 27, "direction": "improving"},
            "improved: fell from 27 to 13",
            id="killed_on_the_roads",
        ),
        pytest.param({}, "worsened: fell from 91.0% to 87.3%", id="worsened"),
        pytest.param(
            {"unit": "per 10,000", "direction": "improving"}, "improved: fell from 91.0 to 87.3 per 10,000", id="unit_said_once"
        ),
        pytest.param({"direction": "decreasing"}, "fell from 91.0% to 87.3%", id="neutral_without_judgement"),
        pytest.param({"direction": "no_change", "comparator_value": 87.3}, "no change: still 87.3%", id="no_change"),
        pytest.param(
            {"direction": "no_change", "comparator_value": 87.2},
            "no material change: from 87.2% to 87.3%",
            id="within_the_dead_band",
        ),
        pytest.param(
            {"direction": "not_comparable", "comparator_value": NAN}, "not comparable: no earlier result", id="no_comparator"
        ),
        pytest.param({"direction": "not_comparable", "value": NAN}, "not comparable", id="no_result"),
    ],
)
def test_change_in_words(changes, expected):
    assert wording.change(kpi(**changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, "87.3%", id="final"),
        pytest.param({"maturity": "provisional"}, "87.3% [p]", id="provisional"),
        pytest.param({"maturity": "provisional", "is_revised": True}, "87.3% [p] [r]", id="provisional_and_revised"),
        pytest.param({"value": NAN, "absence": "suppressed", "rating": "suppressed"}, "– suppressed [c]", id="suppressed"),
        pytest.param(
            {"value": NAN, "absence": "not_applicable", "rating": "not_applicable"}, "– not applicable [z]", id="not_applicable"
        ),
        pytest.param(
            {"value": NAN, "absence": "not_published", "rating": "not_published"}, "– not published [x]", id="not_published"
        ),
        pytest.param({"value": NAN, "rating": "awaited"}, "– awaited [x]", id="awaited"),
    ],
)
def test_result_carries_its_symbols_or_the_reason_why_there_is_none(changes, expected):
    assert wording.result(kpi(**changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "7.7 percentage points short of target"),
        (COUNT | {"polarity": "lower_is_better", "gap_to_target": -4.0}, "4 worse than target"),
        (COUNT | {"polarity": "lower_is_better", "gap_to_target": 14.0}, "14 better than target"),
        ({"gap_to_target": 0.0}, "on target"),
        ({"target_type": "range", "gap_to_target": -1.0}, "1.0 percentage points outside the target range"),
        ({"gap_to_target": NAN}, ""),
    ],
)
def test_gap_says_which_side_of_the_target(changes, expected):
    assert wording.gap(kpi(**changes)) == expected


def test_highlight_sentence_tells_result_rating_and_travel():
    assert wording.highlight_sentence(kpi()) == (
        "Repairs completed on time: 87.3% in 2024-25 Q2. "
        "Red: 7.7 percentage points short of target (95.0% or more); it was amber in the previous report. "
        "Worsened: fell from 91.0% to 87.3% (compared with 2023-24 Q2)."
    )


def test_an_awaited_result_is_said_to_be_awaited_and_its_older_figure_keeps_its_period():
    row = kpi(rating="awaited", rag="", basis="none", period="2024-25 Q1", gap_to_target=NAN, previous_rating="red")
    said = wording.highlight_sentence(row)
    assert "87.3% in 2024-25 Q1" in said
    assert "Not rated: the result for 2024-25 Q2 is awaited." in said
    assert "Red" not in said


def test_a_directional_rating_names_the_interim_target_and_not_a_target():
    row = kpi(basis="directional", target_type="increase", target=NAN, gap_to_target=NAN, previous_basis="target")
    assert wording.rating_sentence(row) == "Red: the interim target is an increase."


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "tracker"}, "Not rated: a tracker, which has no target."),
        ({"target_type": "none"}, "Not rated: no target has been set."),
        (
            {"target_type": "decrease"},
            "Not rated: the interim target is a decrease, and there is no earlier result to compare with.",
        ),
        ({"rating": "suppressed"}, "Not rated: hidden because the numbers are small."),
        ({"rating": "not_published"}, "Not rated: not yet published by the national source."),
    ],
)
def test_what_is_not_rated_says_why(changes, expected):
    row = kpi(**{"rating": "not_rated", "rag": "", "basis": "none", "gap_to_target": NAN, **changes})
    assert wording.rating_sentence(row) == expected


def performance(rows: list[pd.Series], restated: pd.DataFrame | None = None) -> SimpleNamespace:
    nothing = pd.DataFrame({"is_rating_changed": pd.Series(dtype=bool)})
    return SimpleNamespace(
        kpis=pd.DataFrame(rows).reset_index(drop=True),
        restated=nothing if restated is None else restated,
        previous_quarter=parse_quarter("2024-25 Q1"),
        history=pd.DataFrame(),
    )


def headlines(rows: list[pd.Series], **others: pd.DataFrame) -> list[str]:
    figures = performance(rows, **others)
    return wording.headline_sentences(count_ratings(figures.kpis), figures)


def test_first_page_gives_each_basis_its_own_denominator():
    green = kpi(rating="green", rag="green", rating_move="same")
    directional = kpi(rating="green", rag="green", basis="directional", rating_move="same")
    said = headlines([kpi(), kpi(), green, green, green, directional])
    assert said[0] == "3 of 5 KPIs rated against a target (60%) are green, none amber, 2 red (40%)."
    assert said[1] == "1 of 1 KPI rated on direction of travel (100%) is green, none amber, none red."


def test_first_page_names_what_turned_red():
    rows = [kpi(kpi_name=name) for name in ("Repairs", "Voids", "Rent arrears")]
    assert "Three KPIs turned red this quarter: Repairs, Voids and Rent arrears." in headlines(rows)
    assert "No KPI turned red this quarter." in headlines([kpi(rating_move="same")])


@pytest.mark.parametrize(
    ("previous", "expected"),
    [
        (["red", "red"], "Two returns are awaited."),
        (["awaited", "red"], "Two returns are awaited, one of them for the second quarter running."),
        (["awaited", "awaited"], "Two returns are awaited, all for the second quarter running."),
        (["awaited"], "One return is awaited, for the second quarter running."),
        ([], "No return is awaited."),
    ],
)
def test_first_page_counts_awaited_returns_and_those_awaited_twice(previous, expected):
    awaited = [kpi(rating="awaited", basis="none", rag="", previous_rating=was, rating_move="") for was in previous]
    assert expected in headlines([kpi(), *awaited])


def test_first_page_says_how_many_ratings_a_revision_changed():
    restated = pd.DataFrame({"is_rating_changed": [True, False, False]})
    assert "Three earlier results were revised, and one rating changed because of it." in headlines([kpi()], restated=restated)


def test_first_page_of_an_empty_list_has_no_share_of_nothing():
    awaited = kpi(rating="awaited", basis="none", rag="", rating_move="", direction="not_comparable")
    said = headlines([awaited])
    assert said[0] == "No KPI is rated against a target."
    assert not any("(–)" in text or "nan" in text for text in said)


def test_notes_name_the_ratings_that_rest_on_rounding():
    kpis = pd.DataFrame([kpi(rag="green", rating="green", unrounded_rag="amber")])
    said = wording.rounding_sentences(kpis, kpis)
    assert said == [
        "Figures are rounded to their printed decimals before they are rated; without rounding, "
        "Repairs completed on time is green, and would be amber."
    ]
