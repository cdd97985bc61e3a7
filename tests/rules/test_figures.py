"""Figures are rounded and subtracted as they are written, not as binary numbers hold them."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.rules.figures import minus, percent_of, round_half_away

WRITTEN = st.decimals(min_value=-(10**7), max_value=10**7, places=4).map(float) | st.integers(-1000, 1000).map(lambda n: n / 200)


@pytest.mark.parametrize(
    ("figure", "decimals", "expected"),
    [
        (2.675, 2, 2.68),
        (-2.675, 2, -2.68),
        (1.005, 2, 1.01),
        (94.95, 1, 95.0),
        (94.949999, 1, 94.9),
        (0.5, 0, 1.0),
        (-0.5, 0, -1.0),
        (1.5, 0, 2.0),
        (0.49999999999999994, 0, 0.0),
        (0.285, 2, 0.29),
        (1e15 + 0.5, 0, 1e15 + 1),
        (0.0, 0, 0.0),
    ],
)
def test_halves_are_rounded_away_from_zero(figure, decimals, expected):
    assert round_half_away(pd.Series([figure]), pd.Series([decimals]))[0] == expected


def test_a_missing_figure_stays_missing_and_nothing_becomes_minus_nothing():
    rounded = round_half_away(pd.Series([float("nan"), -0.04]), pd.Series([1, 1], dtype="Int64"))
    assert pd.isna(rounded[0])
    assert str(rounded[1]) == "0.0"


@given(st.lists(st.tuples(WRITTEN, st.integers(0, 4)), min_size=1, max_size=30))
def test_rounding_agrees_with_decimal_arithmetic(cases):
    rounded = round_half_away(pd.Series([figure for figure, _ in cases]), pd.Series([places for _, places in cases]))
    by_hand = [float(Decimal(repr(figure)).quantize(Decimal(10) ** -places, rounding=ROUND_HALF_UP)) for figure, places in cases]
    assert rounded.tolist() == by_hand


@given(st.lists(st.tuples(WRITTEN, WRITTEN), min_size=1, max_size=30))
def test_differences_agree_with_decimal_arithmetic(cases):
    left, right = (pd.Series(figures) for figures in zip(*cases, strict=True))
    assert minus(left, right).tolist() == [float(Decimal(repr(a)) - Decimal(repr(b))) for a, b in cases]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [(0.8, 0.1, 0.7), (0.3, 0.1, 0.2), (1.00000001, 1.0, 1e-8), (12345678901.1, 0.1, 12345678901.0)],
)
def test_a_difference_is_exact(left, right, expected):
    assert minus(pd.Series([left]), pd.Series([right]))[0] == expected


def test_a_percentage_is_taken_of_the_size_of_a_figure():
    assert percent_of(pd.Series([-40.0, 1.1, float("nan")]), pd.Series([2.5, 7.0, 5.0])).fillna(-1).tolist() == [1.0, 0.077, -1.0]
