"""The lines of an XmR chart."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.rules.variation_limits import limits
from variation_oracle import chart_by_hand

GOLDEN = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
FIGURES = st.lists(st.sampled_from([0, 1, 1, 2, 2, 3, 5, 40, -7]), min_size=2, max_size=30)


def lines(values, *, screen=True, baseline_points=None) -> list[float]:
    table = limits(np.array(values, dtype=float), np.zeros(len(values)), screen=screen, baseline_points=baseline_points)
    return table.loc[0, ["mean", "lower_limit", "upper_limit", "lower_line", "upper_line"]].tolist()


def test_golden_vector_with_screening():
    # Of seventeen moving ranges, the 8 and the 9 are screened out; fifteen of 1 are left.
    mean = Fraction(35, 18)
    expected = [mean, mean - Fraction("2.66"), mean + Fraction("2.66")]
    assert lines(GOLDEN)[:3] == pytest.approx([float(line) for line in expected], abs=1e-9)
    assert [round(line, 3) for line in lines(GOLDEN)[:3]] == [1.944, -0.716, 4.604]


def test_golden_vector_without_screening():
    mean, width = Fraction(35, 18), Fraction("2.66") * Fraction(32, 17)
    expected = [float(line) for line in (mean, mean - width, mean + width, mean - width * 2 / 3, mean + width * 2 / 3)]
    assert lines(GOLDEN, screen=False) == pytest.approx(expected, abs=1e-9)
    assert [round(line, 3) for line in lines(GOLDEN, screen=False)[:3]] == [1.944, -3.063, 6.952]


def test_moving_range_of_exactly_3_267_times_the_mean_is_screened_out():
    # Seven ranges of 4,733 and one of 22,869, which is 3.267 x their mean to the last digit.
    small, number = 4_733, 7
    wide = Fraction("3.267") * number * small / (number + 1 - Fraction("3.267"))
    assert wide.denominator == 1
    steps = [small, -small, small, -small, small, -small, small, -int(wide)]
    values = np.cumsum([100_000, *steps])
    assert Fraction(int(wide)) == Fraction("3.267") * (number * small + wide) / (number + 1)
    mean, low, high = lines(values)[:3]
    assert high - mean == pytest.approx(2.66 * small)
    assert mean - low == pytest.approx(2.66 * small)


def test_equal_values_have_every_line_at_their_value_although_tenths_are_not_exact():
    assert lines([0.1] * 12) == [0.1] * 5


def test_screening_that_would_leave_limits_of_no_width_is_left_out():
    spike = [0.0] * 11 + [3.0] + [0.0] * 11
    assert lines(spike) == pytest.approx(lines(spike, screen=False))


def test_baseline_takes_its_lines_from_the_first_points_only():
    assert lines([1, 2, 1, 2, 90, 80], baseline_points=4) == pytest.approx(lines([1, 2, 1, 2]))


def test_baseline_of_one_point_is_refused_because_it_has_no_moving_range():
    with pytest.raises(ValueError, match="baseline_points is 1"):
        lines(GOLDEN, baseline_points=1)


def test_stretch_of_one_point_has_a_mean_and_no_limits():
    mean, low, high = lines([4.0])[:3]
    assert mean == 4.0
    assert np.isnan([low, high]).all()


def test_no_series_at_all_gives_no_lines():
    assert limits(np.array([]), np.array([]), screen=True, baseline_points=None).empty


@given(stretches=st.lists(FIGURES, min_size=1, max_size=4), screen=st.booleans(), baseline=st.none() | st.integers(2, 15))
def test_lines_agree_with_exact_arithmetic(stretches, screen, baseline):
    values = np.array([value / 10 for stretch in stretches for value in stretch])
    numbers = np.repeat(np.arange(len(stretches)), [len(stretch) for stretch in stretches])
    found = limits(values, numbers, screen=screen, baseline_points=baseline)
    for number, stretch in enumerate(stretches):
        expected = chart_by_hand([Fraction(value, 10) for value in stretch], screen=screen, baseline=baseline)
        for row in found[numbers == number][["mean", "lower_limit", "upper_limit"]].to_numpy():
            assert row.tolist() == pytest.approx([float(line) for line in expected], abs=1e-9)
