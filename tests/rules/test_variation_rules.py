"""The four rules of special cause, each against its plain wording."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.rules import variation_rules
from variation_oracle import one_side_by_hand, outside_by_hand, trend_by_hand, two_of_three_by_hand

WALKS = st.lists(st.lists(st.sampled_from([1, 1, 1, 1, -1, -1, 0]), min_size=1, max_size=24), min_size=1, max_size=3)
LEVELS = st.lists(st.lists(st.sampled_from([2, 2, 2, 5, 5, 5, 3, 4, 9, 0]), min_size=3, max_size=24), min_size=1, max_size=3)


def flat(stretches) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    values = np.array([value for stretch in stretches for value in stretch], dtype=float)
    return values, np.full(len(values), 1e-12), np.repeat(np.arange(len(stretches)), [len(one) for one in stretches])


def trends(*stretches) -> list[int]:
    return variation_rules.trends(*flat(stretches)).tolist()


def one_side(*stretches) -> list[int]:
    sides, _, numbers = flat(stretches)
    return variation_rules.one_side(sides.astype(np.int8), numbers).tolist()


def two_of_three(*stretches) -> list[int]:
    beyond, _, numbers = flat(stretches)
    return variation_rules.two_of_three(beyond.astype(np.int8), numbers).tolist()


def test_seven_rising_points_are_a_trend_and_its_first_point_is_one_of_them():
    assert trends([5, 1, 2, 3, 4, 5, 6, 7, 7]) == [0, 1, 1, 1, 1, 1, 1, 1, 0]


def test_six_rising_points_are_no_trend():
    assert trends([1, 2, 3, 4, 5, 6, 6]) == [0] * 7


def test_tie_breaks_a_trend():
    assert trends([1, 2, 3, 4, 4, 5, 6, 7, 8]) == [0] * 9


def test_point_where_a_rise_turns_into_a_fall_belongs_to_the_fall():
    assert trends([1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1]) == [1] * 6 + [-1] * 7


def test_trend_does_not_reach_over_a_rebase():
    assert trends([1, 2, 3, 4], [5, 6, 7, 8]) == [0] * 8


def test_tie_of_figures_that_differ_only_in_binary_breaks_a_trend():
    values = np.array([0.1, 0.2, 0.3, 0.1 + 0.2, 0.4, 0.5, 0.6, 0.7])
    assert variation_rules.trends(values, np.full(8, 1e-12), np.zeros(8)).tolist() == [0] * 8


def test_seven_on_one_side_are_a_run_and_six_are_not():
    assert one_side([1] * 7) == [1] * 7
    assert one_side([-1] * 6) == [0] * 6


def test_point_on_the_mean_breaks_a_run():
    assert one_side([1, 1, 1, 1, 0, 1, 1, 1, 1]) == [0] * 9


def test_run_does_not_reach_over_a_rebase():
    assert one_side([1] * 4, [1] * 4) == [0] * 8


def test_two_of_three_catches_the_two_and_not_the_third():
    assert two_of_three([0, 1, 0, 1, 0]) == [0, 1, 0, 1, 0]


def test_two_beyond_opposite_lines_are_not_two_of_three():
    assert two_of_three([1, 0, -1, 0, 0]) == [0] * 5


def test_two_beyond_with_two_between_them_are_not_two_of_three():
    assert two_of_three([1, 0, 0, 1]) == [0] * 4


def test_two_of_three_does_not_reach_over_a_rebase():
    assert two_of_three([0, 0, 1], [1, 0, 0]) == [0] * 6


@pytest.mark.parametrize("size", [0, 1, 2])
def test_rules_take_the_shortest_series(size):
    nothing = np.zeros(size, dtype=np.int8)
    for rule in (variation_rules.one_side, variation_rules.two_of_three):
        assert rule(nothing, nothing).tolist() == [0] * size
    assert variation_rules.trends(nothing.astype(float), nothing.astype(float), nothing).tolist() == [0] * size


@given(WALKS)
def test_trends_agree_with_the_plain_wording(steps):
    stretches = [np.cumsum(one).tolist() for one in steps]
    assert trends(*stretches) == [side for one in stretches for side in trend_by_hand(one)]


@given(LEVELS)
def test_runs_on_one_side_agree_with_the_plain_wording(stretches):
    values, rounding, numbers = flat(stretches)
    sides = variation_rules.sign(values - 3.0, rounding)
    found = variation_rules.one_side(sides, numbers).tolist()
    assert found == [side for one in stretches for side in one_side_by_hand(one, 3)]


@given(LEVELS)
def test_two_of_three_agree_with_the_plain_wording(stretches):
    beyond = [outside_by_hand(one, 2, 4) for one in stretches]
    assert two_of_three(*beyond) == [side for one in stretches for side in two_of_three_by_hand(one, 2, 4)]
