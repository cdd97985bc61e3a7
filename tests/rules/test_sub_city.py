"""Wards by code and edition, the deprived tenth against the whole, inequality across deciles, and old boundaries on new."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from kpireport.errors import ParameterError
from kpireport.rules.availability import period_days
from kpireport.rules.boundaries import on_boundaries
from kpireport.rules.sub_city import contrast, latest_in_wards, named_wards, slope_index, wards_on

LEEDS = "E08000035"
BATCHES = settings.default.max_examples // 10
"""Ten cases stand in each example, as the rules take whole frames."""
KPIS = pd.DataFrame({"kpi_id": ["AH-01", "CD-01"], "polarity": ["lower_is_better", "neutral"]})


def values(*rows):
    frame = pd.DataFrame(rows, columns=["area", "group", "period", "value"])
    return frame.assign(kpi_id="AH-01", value=frame["value"].astype(float))


# Wards

AREAS = pd.DataFrame(
    {
        "area": ["E05000001", "E05000002", "E05011384", "E05011385", "E05011386", LEEDS],
        "area_name": ["Ardsley and Robin Hood", "Armley", "Ardsley & Robin Hood", "Armley", "Beeston", "Leeds"],
        "area_type": [*["ward"] * 5, "local_authority"],
        "boundaries": ["2004", "2004", "2018", "2018", "2018", ""],
    }
)


def test_wards_are_those_of_the_edition_and_the_missing_one_is_seen():
    shown = wards_on(
        values(
            ("E05000001", "all", "2023", 9.0),
            ("E05011384", "all", "2023", 2.1),
            ("E05011385", "all", "2023", 9.7),
            ("E05011385", "women", "2023", 5.0),
            (LEEDS, "all", "2023", 4.3),
        ),
        AREAS,
        KPIS,
        boundaries="2018",
    )
    assert shown["area_name"].tolist() == ["Ardsley & Robin Hood", "Armley", "Beeston"]
    assert shown["rank_label"].tolist() == ["1", "2", ""]
    assert np.isnan(shown["value"].iloc[2])


def test_two_wards_with_the_same_value_share_a_place():
    shown = wards_on(
        values(("E05011384", "all", "2023", 2.0), ("E05011385", "all", "2023", 2.0), ("E05011386", "all", "2023", 3.0)),
        AREAS,
        KPIS,
        boundaries="2018",
    )
    assert shown["rank_label"].tolist() == ["1=", "1=", "3"]


def test_latest_wards_are_those_of_the_latest_period_on_the_latest_boundaries_beside_the_whole_of_that_period():
    kpis = KPIS.assign(decimals=1, unit="%", measure_type="snapshot", comparable_from="")
    rows = values(
        ("E05011384", "all", "2022", 8.0),
        ("E05011384", "all", "2023", 2.14),
        ("E05011385", "all", "2023", 2.06),
        ("E05000001", "all", "2024", 1.0),
        (LEEDS, "all", "2023", 4.3),
        (LEEDS, "all", "2024", 4.0),
    )
    shown = in_wards(rows, kpis)
    assert shown["period"].unique().tolist() == ["2023"]
    assert shown["value"].dropna().tolist() == [2.1, 2.1]
    assert shown["rank_label"].tolist() == ["1=", "1=", ""]
    assert shown["whole_value"].unique().tolist() == [4.3]


def in_wards(rows, kpis, lookup=(("E05000002", "E05011385", 1.0),)):
    rows = rows.assign(period_end=period_days(rows["period"]), numerator=np.nan, denominator=np.nan)
    return latest_in_wards(rows, AREAS, pd.DataFrame(lookup, columns=["old_area", "new_area", "weight"]), kpis, area=LEEDS)


def test_earlier_figures_of_wards_are_put_on_the_latest_boundaries():
    kpis = KPIS.assign(decimals=1, unit="%", measure_type="snapshot", comparable_from="")
    rows = values(
        ("E05011384", "all", "2023", 2.0),
        ("E05011385", "all", "2023", 3.0),
        ("E05000002", "all", "2022", 4.04),
        ("E05011384", "all", "2021", 1.0),
    )
    shown = in_wards(rows, kpis).set_index("area_name")
    assert shown["before_period"].unique().tolist() == ["2022"]
    assert shown["before_value"].dropna().to_dict() == {"Armley": 4.0}
    assert in_wards(rows, kpis.assign(comparable_from="2023"))["before_period"].unique().tolist() == [""]


def test_a_running_total_of_wards_is_set_beside_the_same_part_of_an_earlier_year():
    kpis = KPIS.assign(decimals=0, unit="number", measure_type="cumulative", comparable_from="")
    rows = values(*(("E05011384", "all", period, 5.0) for period in ("2024-25 Q2", "2024-25 Q1", "2023-24 Q4", "2023-24 Q2")))
    assert in_wards(rows, kpis)["before_period"].unique().tolist() == ["2023-24 Q2"]


def test_wards_are_named_and_a_misspelt_name_is_met_with_the_one_that_was_meant():
    assert named_wards(AREAS, ["Armley"])["area"].tolist() == ["E05000002", "E05011385"]
    with pytest.raises(ParameterError, match=r'"Armly" is no ward of the areas table\. Did you mean "Armley"'):
        named_wards(AREAS, ["Armly", "Beeston"])


# The deprived tenth


def gaps(deprived, whole, polarity="lower_is_better"):
    rows = values((LEEDS, "most deprived tenth", "2018", deprived), (LEEDS, "all", "2018", whole))
    return contrast(rows, KPIS.assign(polarity=polarity), area=LEEDS).squeeze()


def test_smoking_in_deprived_leeds():
    """30.3% smoke in deprived Leeds and 19% in Leeds: 11.3 points worse, 1.6 times as many."""
    row = gaps(30.3, 19.0)
    assert (row["absolute_gap"], row["gap"]) == (11.3, -11.3)
    assert row["relative_gap"] == pytest.approx(30.3 / 19.0, abs=1e-12)


@pytest.mark.parametrize(
    ("deprived", "whole", "relative"), [(5.0, 0.0, None), (-1.0, 2.0, None), (0.0, 2.0, 0.0), (-4.0, -2.0, 2.0)]
)
def test_a_ratio_is_told_only_where_it_means_something(deprived, whole, relative):
    row = gaps(deprived, whole)
    assert row["absolute_gap"] == deprived - whole
    assert (np.isnan(row["relative_gap"]) and relative is None) or row["relative_gap"] == relative


def test_neutral_kpis_have_a_difference_and_no_favourable_gap():
    row = gaps(3.0, 2.0, "neutral")
    assert row["absolute_gap"] == 1.0
    assert np.isnan(row["gap"])


def test_only_periods_with_both_are_compared():
    rows = values(
        (LEEDS, "most deprived tenth", "2022", 3.0), (LEEDS, "most deprived tenth", "2023", 3.0), (LEEDS, "all", "2022", 2.0),
        (LEEDS, "all", "2023", None),
    )  # fmt: skip
    assert contrast(rows, KPIS, area=LEEDS)["period"].tolist() == ["2022"]


# Deciles


def deciles(figures, people, kpi_id="AH-01"):
    frame = pd.DataFrame({"value": figures, "population": people}, dtype=float)
    return frame.assign(kpi_id=kpi_id, period="2023", decile=range(1, len(frame) + 1))


def test_a_straight_line_over_equal_tenths_is_its_own_slope():
    row = slope_index(deciles([70 + place for place in range(10)], [1000] * 10)).squeeze()
    assert row["slope_index"] == pytest.approx(10.0)
    assert row["relative_index"] == pytest.approx(10.0 / 74.5)
    assert row["relative_ratio"] == pytest.approx(69.5 / 79.5)


@pytest.mark.parametrize(
    ("figures", "people", "slope", "used"),
    [
        ([5.0] * 10, [10] * 10, 0.0, 10),
        ([5.0], [10], None, 1),
        ([None] * 10, [10] * 10, None, 0),
        ([1.0, 2.0, 3.0], [0, 0, 10], None, 1),
        ([1.0, None, 3.0], [10, 10, 10], 3.0, 2),
        ([-2.0, 0.0, 2.0], [10, 10, 10], 6.0, 3),
    ],
    ids=["all_equal", "one_decile", "all_missing", "no_people", "a_missing_decile_keeps_its_place", "mean_of_zero"],
)
def test_degenerate_deciles(figures, people, slope, used):
    row = slope_index(deciles(figures, people)).squeeze()
    assert row["groups_used"] == used
    assert (np.isnan(row["slope_index"]) and slope is None) or row["slope_index"] == pytest.approx(slope)
    if slope == 6.0:
        assert np.isnan(row["relative_index"])


def test_negative_population_is_refused():
    with pytest.raises(ValueError, match="negative"):
        slope_index(deciles([1.0, 2.0], [-1, 5]))


one_decile = st.tuples(st.none() | st.integers(-500, 500).map(lambda tenths: tenths / 10), st.integers(0, 5000))


@settings(max_examples=BATCHES)
@given(st.lists(st.lists(one_decile, min_size=1, max_size=10), min_size=10, max_size=10))
def test_slope_agrees_with_weighted_least_squares_of_statsmodels(cases):
    frame = pd.concat([deciles(*zip(*case, strict=True), kpi_id=str(number)) for number, case in enumerate(cases)])
    slopes = slope_index(frame).set_index("kpi_id")["slope_index"]
    for number, case in enumerate(cases):
        everyone = sum(people for _, people in case)
        below, points = 0, []
        for figure, people in case:
            if people and figure is not None:
                points.append(((below + people / 2) / everyone, figure, people))
            below += people
        if len(points) < 2:
            assert np.isnan(slopes[str(number)])
        else:
            x, y, w = map(np.array, zip(*points, strict=True))
            assert slopes[str(number)] == pytest.approx(sm.WLS(y, sm.add_constant(x), weights=w).fit().params[1], abs=1e-6)


# Old boundaries on new

SHEFFIELD_OLD, SHEFFIELD_NEW, SPLIT, NORTH, SOUTH = "E08000019", "E08000039", "E05000009", "E05011001", "E05011002"
LOOKUP = pd.DataFrame(
    [(SHEFFIELD_OLD, SHEFFIELD_NEW, 1.0), (SPLIT, NORTH, 0.25), (SPLIT, SOUTH, 0.75), ("E05000008", SOUTH, 1.0)],
    columns=["old_area", "new_area", "weight"],
)


def old_values(*rows):
    frame = pd.DataFrame(rows, columns=["area", "value", "numerator", "denominator"])
    figures = ["value", "numerator", "denominator"]
    return frame.assign(kpi_id="AH-01", group="all", period="2017", **{name: frame[name].astype(float) for name in figures})


def converted(*rows, is_count=False):
    return on_boundaries(old_values(*rows), LOOKUP, is_count=is_count).set_index("area")


def test_a_new_code_for_the_same_land_keeps_its_value():
    row = converted((SHEFFIELD_OLD, 7.1, None, None)).loc[SHEFFIELD_NEW]
    assert (row["value"], row["is_converted"], row["is_estimated"]) == (7.1, True, False)


def test_counts_are_shared_out_by_weight():
    shown = converted((SPLIT, 40.0, None, None), ("E05000008", 5.0, None, None), is_count=True)
    assert shown["value"].to_dict() == {NORTH: 10.0, SOUTH: 35.0}
    assert shown["is_estimated"].all()


def test_a_rate_of_several_areas_is_that_of_their_people():
    shown = converted((SPLIT, 10.0, 40.0, 400.0), ("E05000008", 50.0, 50.0, 100.0))
    assert shown.loc[SOUTH, ["value", "numerator", "denominator"]].tolist() == [20.0, 80.0, 400.0]
    assert shown.loc[NORTH, "value"] == 10.0


@pytest.mark.parametrize(
    "rows",
    [
        [(SPLIT, 10.0, None, None), ("E05000008", 50.0, None, None)],
        [(SPLIT, 10.0, 40.0, 400.0)],
        [(SPLIT, 10.0, 40.0, 400.0), ("E05000008", None, None, None)],
        [(SPLIT, 10.0, 0.0, 0.0), ("E05000008", 50.0, 0.0, 0.0)],
    ],
    ids=["no_denominators", "a_part_has_no_row", "a_part_has_no_value", "nobody_lives_there"],
)
def test_what_is_not_known_is_not_guessed(rows):
    assert np.isnan(converted(*rows).loc[SOUTH, "value"])


def test_areas_that_did_not_change_keep_their_values():
    assert converted((LEEDS, 4.0, None, None))[["value", "is_converted"]].to_numpy().tolist() == [[4.0, False]]


def convert_by_hand(held, is_count):
    """New area -> value, one part of an old area at a time; None where it cannot be told. `held`: old area -> (value, people)."""
    answer = {}
    for new in LOOKUP["new_area"].unique():
        parts = [(old, weight) for old, to, weight in LOOKUP.itertuples(index=False) if to == new]
        if not any(old in held for old, _ in parts):
            continue
        if any(held.get(old, (None, None))[0] is None for old, _ in parts):
            answer[new] = None
        elif is_count:
            answer[new] = sum(weight * held[old][0] for old, weight in parts)
        elif len(parts) == 1:
            answer[new] = held[parts[0][0]][0]
        else:
            people = sum(weight * held[old][1] for old, weight in parts)
            answer[new] = sum(weight * held[old][0] * held[old][1] for old, weight in parts) / people if people else None
    return answer


old_areas = st.sampled_from([SHEFFIELD_OLD, SPLIT, "E05000008"])
holdings = st.dictionaries(old_areas, st.tuples(st.none() | st.integers(0, 900), st.integers(0, 900)), max_size=3)


@settings(max_examples=BATCHES)
@given(st.lists(holdings, min_size=10, max_size=10), st.booleans())
def test_conversion_agrees_with_plain_python(cases, is_count):
    rows = [
        old_values(*((area, value, value, people) for area, (value, people) in held.items())).assign(kpi_id=str(number))
        for number, held in enumerate(cases)
    ]
    shown = on_boundaries(pd.concat(rows, ignore_index=True), LOOKUP, is_count=is_count)
    for number, held in enumerate(cases):
        mine = shown[shown["kpi_id"] == str(number)].set_index("area")["value"]
        expected = convert_by_hand(held, is_count)
        assert set(mine.index) == set(expected)
        for area, value in expected.items():
            assert (np.isnan(mine[area]) and value is None) or mine[area] == pytest.approx(value, abs=1e-6)
