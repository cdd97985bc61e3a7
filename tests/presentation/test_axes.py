"""Axes have round numbers that hold every value, and labels that do not touch."""

import string
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.presentation.axes import axis_of, period_ticks, spread, text_width, wrap
from kpireport.presentation.theme import FONT_FOLDER
from PIL import ImageFont

FONT = ImageFont.truetype(FONT_FOLDER / "LiberationSans-Regular.ttf", 13)

figures = st.lists(st.floats(-1e6, 1e6).map(lambda value: round(value, 3)), min_size=1, max_size=20)


@given(figures)
def test_every_value_lies_on_the_axis(values):
    axis = axis_of(values, "number")
    assert axis.start <= min(values) + 1e-6
    assert max(values) - 1e-6 <= axis.end
    assert 2 <= len(axis.ticks) <= 9
    assert len(set(axis.labels)) == len(axis.labels)


@pytest.mark.parametrize(
    ("values", "unit", "first", "last"),
    [
        pytest.param([87.3, 95.0], "%", "86%", "96%", id="cut_where_all_values_are_high"),
        pytest.param([0.3, 12], "number", "0.0", "12.5", id="from_zero_where_a_value_is_near_it"),
        pytest.param([98.2, 99.9], "%", "98.0%", "100.0%", id="no_more_than_all"),
        pytest.param([-0.1, 0.3], "number", "−0.1", "0.3", id="both_signs"),
        pytest.param([1.0, 1.4], "£m", "£1.0m", "£1.4m", id="pounds"),
    ],
)
def test_axis_begins_and_ends_at_round_numbers(values, unit, first, last):
    axis = axis_of(values, unit)
    assert (axis.labels[0], axis.labels[-1]) == (first, last)


@given(st.lists(st.floats(0, 250), min_size=1, max_size=6))
def test_labels_are_moved_apart_in_order_and_stay_in_the_plot(places):
    moved = spread(places, 17, low=0, high=250)
    assert all(0 <= place <= 250 for place in moved)
    ordered = [moved[item] for item in sorted(range(len(places)), key=lambda item: places[item])]
    assert all(lower - upper >= 16.8 for upper, lower in pairwise(ordered))


def test_labels_that_do_not_touch_are_left_alone():
    assert spread([10.0, 200.0, 60.0], 17, low=0, high=250) == [10.0, 200.0, 60.0]


def test_the_last_period_is_always_named_and_the_same_quarter_of_other_years():
    quarters = [f"{year}-{year % 100 + 1} Q{number}" for year in range(2019, 2024) for number in range(1, 5)]
    labels = [label for _, label in period_ticks(quarters, pixels_per_month=8)]
    assert labels == ["2019-20 Q4", "2020-21 Q4", "2021-22 Q4", "2022-23 Q4", "2023-24 Q4"]


def test_a_rolling_year_is_named_by_its_last_month():
    assert period_ticks(["Year to Mar 2024", "Year to Jun 2024"], 40) == [(24291, "Mar 2024"), (24294, "Jun 2024")]


@given(st.text(string.ascii_letters + string.digits + " ,.&'()-%£–−/:;", max_size=40))
def test_words_are_never_wider_than_they_are_taken_to_be(text):
    assert text_width(text, 13) >= FONT.getlength(text) - 0.5


def test_names_are_wrapped_at_words():
    assert wrap("Communities, Housing and Environment", 170, 13) == ["Communities, Housing and", "Environment"]
