"""Numbers, days, shares and lists as text."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.presentation import phrases
from kpireport.rules.figures import round_half_away


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "expected"),
    [
        pytest.param(95.0, "%", 1, "95.0%", id="percentage"),
        pytest.param(94.95, "%", 1, "95.0%", id="half_is_rounded_away_from_zero"),
        pytest.param(-0.25, "number", 1, "−0.3", id="negative_half_is_rounded_away_from_zero"),
        pytest.param(0.285, "score", 2, "0.29", id="rounded_on_its_digits_as_written"),
        pytest.param(-0.04, "number", 1, "0.0", id="no_minus_nothing"),
        pytest.param(1333, "number", 0, "1,333", id="thousands"),
        pytest.param(1.25, "£m", 1, "£1.3m", id="million_pounds"),
        pytest.param(-1250.0, "£", 0, "−£1,250", id="negative_pounds"),
        pytest.param(39.6, "per 10,000", 1, "39.6 per 10,000", id="rate"),
        pytest.param(12, "days", 0, "12 days", id="days"),
        pytest.param(1, "days", 0, "1 day", id="one_day"),
        pytest.param(1.0, "days", 1, "1.0 days", id="one_point_nought_days"),
        pytest.param(None, "%", 1, "–", id="none"),
        pytest.param(float("nan"), "%", 1, "–", id="not_a_number"),
        pytest.param(float("inf"), "%", 1, "–", id="infinite"),
    ],
)
def test_figure_is_printed_with_its_unit(value, unit, decimals, expected):
    assert phrases.figure(value, unit, decimals) == expected


@given(st.floats(-1e9, 1e9, allow_nan=False), st.integers(0, 6))
def test_what_is_printed_is_what_is_rated(value, decimals):
    rated = round_half_away(pd.Series([value]), pd.Series([decimals])).iloc[0]
    printed = phrases.number(value, decimals).replace(",", "").replace("−", "-")
    assert float(printed) == rated


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_percentage_of_a_share_is_whole_and_rounded_half_away_from_zero(count, of):
    shown = phrases.percent(count, of)
    if of == 0:
        assert shown == "–"
    else:
        assert int(shown.removesuffix("%")) == int(Fraction(count * 100, of) + Fraction(1, 2))


@pytest.mark.parametrize(
    ("count", "of", "expected"),
    [
        (38, 46, "38 of 46 rated KPIs (83%)"),
        (0, 12, "0 of 12 rated KPIs (0%)"),
        (1, 1, "1 of 1 rated KPI (100%)"),
        (1, 1200, "1 of 1,200 rated KPIs (under 1%)"),
        (1199, 1200, "1,199 of 1,200 rated KPIs (over 99%)"),
        (0, 0, "no rated KPIs"),
    ],
)
def test_share_is_printed_with_its_denominator(count, of, expected):
    assert phrases.share(count, of, "rated KPI") == expected


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "expected"),
    [
        (-7.7, "%", 1, "7.7 percentage points"),
        (1.0, "%", 0, "1 percentage point"),
        (-1.2, "£m", 1, "£1.2m"),
        (13, "number", 0, "13"),
    ],
)
def test_amount_is_a_difference_without_a_sign(value, unit, decimals, expected):
    assert phrases.amount(value, unit, decimals) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["Men, aged 65", "women"], "Men, aged 65; and women"),
    ],
)
def test_lists_are_joined(words, expected):
    assert phrases.join(words) == expected


def test_a_long_list_says_how_many_are_left_out_and_never_leaves_out_just_one():
    assert phrases.join_some("abcdefg", 4) == "a, b, c, d and three more"
    assert phrases.join_some("abcde", 4) == "a, b, c, d and e"


@pytest.mark.parametrize(
    ("number_of", "noun", "expected"),
    [
        (1, "KPI", "1 KPI"),
        (1204, "KPI", "1,204 KPIs"),
        (2, "KPI rated against a target", "2 KPIs rated against a target"),
        (3, "KPI and tracker", "3 KPIs and trackers"),
        (2, "authority", "2 authorities"),
        (2, "series", "2 series"),
    ],
)
def test_nouns_agree_with_their_number(number_of, noun, expected):
    assert phrases.count(number_of, noun) == expected


def test_numbers_to_nine_are_said_in_letters():
    assert [phrases.count_in_words(number_of, "KPI") for number_of in (0, 1, 9, 10)] == [
        "no KPI",
        "one KPI",
        "nine KPIs",
        "10 KPIs",
    ]


def test_days_and_periods_are_british():
    assert phrases.day(date(2024, 4, 1)) == "1 April 2024"
    assert phrases.day(pd.NaT) == "–"
    assert phrases.in_period("Year to Jun 2024") == "in the year to Jun 2024"
    assert phrases.in_period("2024-25 Q2") == "in 2024-25 Q2"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=3))
def test_rounding_is_symmetrical_about_zero(value):
    assert phrases.rounded(float(-value), 1) == -phrases.rounded(float(value), 1)
    assert abs(phrases.rounded(float(value), 1) - Decimal(repr(float(value)))) <= Decimal("0.05")
