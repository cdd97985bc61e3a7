"""95% confidence intervals of percentages and rates."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.rules.intervals import intervals, multipliers, poisson, wilson
from scipy import stats
from statsmodels.stats.proportion import proportion_confint


def ends(pair) -> list[float]:
    return [float(end[0]) for end in pair]


def figure(value, numerator, denominator, unit="%", decimals=1) -> pd.DataFrame:
    columns = {"value": value, "numerator": numerator, "denominator": denominator}
    return pd.DataFrame({name: [float(one)] for name, one in columns.items()} | {"unit": [unit], "decimals": [decimals]})


@pytest.mark.parametrize(
    ("unit", "times"),
    [("%", 100), ("per 10,000", 10_000), ("per 1,000 residents", 1_000), ("per 100,000", 100_000), ("rate per 1000", 1_000)],
)
def test_multiplier_is_read_from_the_unit(unit, times):
    assert multipliers(pd.Series([unit])).tolist() == [times]


@pytest.mark.parametrize("unit", ["number", "£ per 1,000", "days", "per head", "per 0", ""])
def test_unit_that_is_no_share_has_no_multiplier(unit):
    assert np.isnan(multipliers(pd.Series([unit]))).all()


def test_wilson_of_none_begins_at_nothing_and_of_all_ends_at_one():
    assert ends(wilson(np.array([0.0]), np.array([20.0])))[0] == 0.0
    assert ends(wilson(np.array([20.0]), np.array([20.0])))[1] == 1.0


@pytest.mark.parametrize(
    ("numerator", "denominator"), [(1, 0), (-1, 10), (11, 10), (10.1, 10), (np.nan, 10), (5, np.nan), (0, 0), (1, -10)]
)
def test_wilson_of_impossible_counts_is_missing(numerator, denominator):
    assert np.isnan(ends(wilson(np.array([numerator], dtype=float), np.array([denominator], dtype=float)))).all()


def test_ten_events_have_byars_interval_and_nine_the_exact_one():
    table = intervals(pd.concat([figure(1, 10, 1000, "per 100", 0), figure(0.9, 9, 1000, "per 100", 1)]))
    assert table["interval_method"].tolist() == ["byar", "exact"]


def test_byars_interval_of_ten_events_by_hand():
    lower = 10 * (1 - 1 / 90 - 1.959963984540054 / (3 * 10**0.5)) ** 3
    upper = 11 * (1 - 1 / 99 + 1.959963984540054 / (3 * 11**0.5)) ** 3
    assert ends(poisson(np.array([10.0]))) == pytest.approx([lower, upper], abs=1e-9)


def test_no_events_have_an_exact_interval_from_nothing():
    assert ends(poisson(np.array([0.0]))) == pytest.approx([0.0, -np.log(0.025)], abs=1e-9)


def test_negative_and_missing_events_have_no_interval():
    assert np.isnan(ends(poisson(np.array([-1.0])))).all()
    assert np.isnan(ends(poisson(np.array([np.nan])))).all()


@pytest.mark.parametrize(
    "row",
    [
        figure(24.2, np.nan, 690_000),
        figure(24.2, 166_980, 0),
        figure(110, 110, 100),
        figure(-1, -1, 100),
        figure(80.0, 241_500, 690_000),  # a standardised rate: the counts give 35.0
        figure(13, 13, 100, "number", 0),
        figure(np.nan, 10, 100),
    ],
    ids=["no_numerator", "zero_denominator", "above_all", "negative", "counts_of_something_else", "no_share", "no_value"],
)
def test_counts_that_cannot_be_used_give_no_interval(row):
    table = intervals(row)
    assert table["interval_method"].tolist() == [""]
    assert table[["share", "lower_95", "upper_95"]].isna().to_numpy().all()


def test_interval_is_in_the_unit_of_the_figure():
    table = intervals(figure(39.6, 690, 174_242, "per 10,000"))
    assert table["share"].tolist() == pytest.approx([39.6], abs=0.01)
    assert 36 < table["lower_95"].iloc[0] < 39.6 < table["upper_95"].iloc[0] < 43


@given(st.integers(1, 10**7), st.data())
def test_wilson_agrees_with_statsmodels(denominator, data):
    numerator = data.draw(st.integers(0, denominator))
    expected = proportion_confint(numerator, denominator, method="wilson")
    assert ends(wilson(np.array([float(numerator)]), np.array([float(denominator)]))) == pytest.approx(expected, abs=1e-9)


@given(st.integers(0, 10**6))
def test_interval_of_events_agrees_with_the_methods_it_names(events):
    lower, upper = ends(poisson(np.array([float(events)])))
    exact = [stats.chi2.ppf(0.025, 2 * events) / 2 if events else 0.0, stats.chi2.ppf(0.975, 2 * events + 2) / 2]
    if events < 10:
        assert [lower, upper] == pytest.approx(exact, abs=1e-9)
    else:
        # Byar's approximation is good to half a percent of the width from ten events on.
        assert [lower, upper] == pytest.approx(exact, abs=0.005 * (exact[1] - exact[0]))
        z = stats.norm.ppf(0.975)
        by_hand = [n * (1 - 1 / (9 * n) + s * z / (3 * n**0.5)) ** 3 for n, s in ((events, -1), (events + 1, 1))]
        assert [lower, upper] == pytest.approx(by_hand, rel=1e-9)
