import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kpireport.sources import jumps


def series(values, *, unit="%", decimals=1, measure_type="in_period", months=3, note="", numerators=None):
    """Return a history of one series, its newest value last; the note is that of the newest."""
    count = len(values)
    return pd.DataFrame(
        {
            "series": 0,
            "month": [24000 + months * place for place in range(count)],
            "value": [float(value) for value in values],
            "numerator": [float("nan")] * count if numerators is None else numerators,
            "unit": unit,
            "decimals": pd.array([decimals] * count, dtype="Int64"),
            "measure_type": measure_type,
            "note": [""] * (count - 1) + [note],
        },
        index=pd.RangeIndex(2, count + 2, name="row"),
    )


def found(*args, **about):
    """Return what is found by place in the series, from 0: true for a fault, false for a warning."""
    return {row - 2: bool(is_fault) for row, is_fault in jumps.find(series(*args, **about))["is_fault"].items()}


@pytest.mark.parametrize(
    ("case", "values", "expected"),
    [
        ("share_for_percentage_in_the_middle", [64.1, 63.9, 0.643, 64.4, 64.2], {2: True}),
        ("share_for_percentage_as_the_newest", [64.1, 63.9, 64.4, 0.643], {3: True}),
        ("share_for_percentage_as_the_oldest", [0.643, 63.9, 64.4, 64.2], {0: True}),
        ("slipped_point_beside_another_year", [64.1, 639, 64.4, 64.2], {1: True}),
        ("percentages_become_shares_for_good", [64.1, 63.9, 64.4, 0.642, 0.641], {3: True}),
        ("ordinary_changes", [64.1, 50.2, 71.9, 64.2], {}),
        ("just_below_the_limit", [10.0, 10.0, 94.9, 10.0, 10.0], {}),
        ("at_the_limit", [10.0, 10.0, 95.0, 10.0, 10.0], {2: True}),
        ("small_percentages", [0.2, 0.1, 2.1, 0.2, 0.2], {}),
        ("two_values_only", [6.1, 64.0], {1: False}),
        ("a_new_level", [6.1, 6.4, 6.2, 64.0, 63.1], {3: False}),
        ("a_collapse_that_could_be_true", [64.1, 63.9, 64.4, 2.7], {3: False}),
    ],
)
def test_values_of_another_order_of_magnitude(case, values, expected):
    assert found(values) == expected, case


@pytest.mark.parametrize("values", [[27, 13], [13, 27], [20, 27, 2, 25], [1, 12, 1, 1, 14], [0, 0, 3, 0, 29]])
def test_small_counts_change_as_they_like(values):
    """Awkward case 3: 13 killed on the roads against 27."""
    assert found(values, unit="number", decimals=0) == {}


def test_middling_counts_are_a_warning():
    assert found([4, 5, 60, 4, 6], unit="number", decimals=0) == {2: False}


def test_a_large_count_typed_with_a_digit_too_many_is_a_fault():
    assert found([1333, 1340, 1352, 13330], unit="number", decimals=0) == {3: True}


def test_a_share_of_few_people_is_a_warning():
    assert found([5.0, 5.3, 60.0, 5.1], numerators=[1, 1, 12, 1]) == {2: False}


def test_a_note_accounts_for_a_true_jump():
    assert found([64.1, 63.9, 64.4, 0.6], note="All courses were closed.") == {3: False}


def test_a_season_is_no_jump():
    year = [812, 790, 20, 15, 14, 16, 18, 22, 700, 805, 811, 798]
    assert found(year * 3, unit="number", decimals=0, months=1) == {}


def test_a_cumulative_series_is_compared_with_the_same_point_of_other_years():
    year = [100, 210, 330, 450, 560, 660, 770, 880, 990, 1090, 1200, 1310]
    assert found(year * 2, unit="number", decimals=0, months=1, measure_type="cumulative") == {}


def test_net_figures_that_cross_zero_have_no_order_of_magnitude():
    assert found([-50.0, 0.1, 44.0, -0.2, 61.0]) == {}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(min_value=50, max_value=450), min_size=2, max_size=12), st.sampled_from([0.001, 1.0, 1000.0]))
def test_a_series_within_one_order_of_magnitude_is_never_found(values, scale):
    assert found([value * scale for value in values], decimals=6) == {}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(min_value=50, max_value=90), min_size=4, max_size=12),
    st.data(),
    st.sampled_from([0.001, 0.01, 100.0, 1000.0]),
)
def test_one_value_of_another_scale_is_found_alone_wherever_it_stands(values, data, factor):
    place = data.draw(st.integers(0, len(values) - 1))
    odd = [value * (factor if at == place else 1) for at, value in enumerate(values)]
    assert list(found(odd)) == [place]
