"""Like periods, centre and spread, rank and gap, each beside a plain second opinion."""

import math
import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kpireport.rules.benchmarking import absent, align, centre_and_spread, compare, in_mads, in_sets, rank
from kpireport.vocabulary import MadConvention, PeriodAlignment, Polarity

LEEDS, SHEFFIELD, BRISTOL, LIVERPOOL, ENGLAND = "E08000035", "E08000019", "E06000023", "E08000012", "E92000001"
CORE = [LEEDS, SHEFFIELD, BRISTOL, LIVERPOOL]
BATCHES = settings.default.max_examples // 10
"""Ten cases stand in each example, as the rules take whole frames."""
SETS = pd.DataFrame({"comparator_set": [*["core_cities"] * 4, "england"], "area": [*CORE, ENGLAND]})


def values(*rows):
    return pd.DataFrame(rows, columns=["area", "period", "value"]).assign(kpi_id="AH-01")


def aligned(rule, *rows, wanted=("core_cities",)):
    return align(in_sets(values(*rows), SETS, wanted, area=LEEDS), rule=rule)


def kpi(polarity="higher_is_better", decimals=1):
    return pd.DataFrame({"kpi_id": ["AH-01"], "polarity": [polarity], "decimals": [decimals]})


def periods_by_area(frame):
    return dict(zip(frame["area"], frame["period"], strict=True))


# Periods

LEEDS_AHEAD = [
    (LEEDS, "2022", 1.0),
    (LEEDS, "2023", 2.0),
    (LEEDS, "2024", 3.0),
    (SHEFFIELD, "2023", 4.0),
    (BRISTOL, "2022", 5.0),
    (LIVERPOOL, "2023", None),
]


def test_same_period_compares_only_the_councils_latest():
    assert aligned(PeriodAlignment.SAME_PERIOD, *LEEDS_AHEAD).empty
    with_sheffield = aligned(PeriodAlignment.SAME_PERIOD, *LEEDS_AHEAD, (SHEFFIELD, "2024", 6.0))
    assert periods_by_area(with_sheffield) == {LEEDS: "2024", SHEFFIELD: "2024"}


def test_latest_shared_period_is_the_latest_that_any_other_area_has_too():
    assert periods_by_area(aligned(PeriodAlignment.LATEST_SHARED, *LEEDS_AHEAD)) == {LEEDS: "2023", SHEFFIELD: "2023"}


def test_latest_each_shows_the_mismatch():
    shown = aligned(PeriodAlignment.LATEST_EACH, *LEEDS_AHEAD)
    assert periods_by_area(shown) == {LEEDS: "2024", SHEFFIELD: "2023", BRISTOL: "2022"}
    assert shown["is_same_period"].tolist() == [True, False, False]
    assert shown["council_period"].unique().tolist() == ["2024"]


def test_periods_written_alike_but_of_another_kind_are_not_the_same():
    assert aligned(PeriodAlignment.LATEST_SHARED, (LEEDS, "2023/24", 1.0), (SHEFFIELD, "2023-24", 2.0)).empty


@pytest.mark.parametrize("rule", PeriodAlignment)
def test_nothing_is_compared_without_the_council_or_without_others(rule):
    assert aligned(rule, (SHEFFIELD, "2023", 1.0), (BRISTOL, "2023", 2.0)).empty
    assert aligned(rule, (LEEDS, "2023", 1.0)).empty
    assert aligned(rule, (LEEDS, "2023", None), (SHEFFIELD, "2023", None)).empty
    assert aligned(rule).empty


def test_sets_are_aligned_apart_and_in_the_order_wanted():
    shown = aligned(PeriodAlignment.LATEST_SHARED, *LEEDS_AHEAD, (ENGLAND, "2022", 9.0), wanted=("england", "core_cities"))
    assert shown.groupby("comparator_set", sort=False)["period"].unique().map(list).to_dict() == {
        "england": ["2022"],
        "core_cities": ["2023"],
    }


def test_members_without_a_value_are_named():
    shown = aligned(PeriodAlignment.LATEST_SHARED, *LEEDS_AHEAD)
    assert absent(shown, SETS, area=LEEDS)["area"].tolist() == [BRISTOL, LIVERPOOL]


# Comparison


def compared(*figures, polarity="higher_is_better", decimals=1):
    rows = [(area, "2023", figure) for area, figure in zip(CORE, figures, strict=False)]
    return compare(aligned(PeriodAlignment.SAME_PERIOD, *rows), kpi(polarity, decimals), SETS).squeeze()


def test_council_is_not_among_those_it_is_compared_with():
    row = compared(100.0, 1.0, 2.0, 6.0)
    assert (row["median"], row["mean"], row["areas"], row["members"], row["of"]) == (2.0, 3.0, 3, 3, 4)


@pytest.mark.parametrize(
    ("polarity", "gap", "rank_label", "quarter"),
    [("higher_is_better", -1.0, "3", 3), ("lower_is_better", 1.0, "2", 1)],
)
def test_gap_and_rank_follow_polarity(polarity, gap, rank_label, quarter):
    row = compared(4.0, 3.0, 5.0, 9.0, polarity=polarity)
    assert (row["difference"], row["gap"], row["rank_label"], row["quarter_of_areas"]) == (-1.0, gap, rank_label, quarter)


@pytest.mark.parametrize("polarity", ["neutral", "within_range"])
def test_where_neither_way_is_good_there_is_a_difference_but_no_rank(polarity):
    row = compared(4.0, 3.0, 5.0, 9.0, polarity=polarity)
    assert row["difference"] == -1.0
    assert row[["gap", "rank", "quarter_of_areas"]].isna().all()
    assert row["rank_label"] == ""


def test_figures_that_print_alike_share_a_place():
    row = compared(94.96, 95.0, 95.04, 90.0)
    assert (row["rank_label"], row["gap"]) == ("1=", 0.0)


def test_equal_comparators_tell_no_distance_in_deviations():
    row = compared(5.0, 3.0, 3.0, 3.0)
    assert (row["gap"], row["mad"]) == (2.0, 0.0)
    assert row[["mads_raw", "mads_scaled", "quarter_of_areas"]].isna().all()


def test_gap_is_exact_in_decimals():
    assert compared(0.8, 0.1)["gap"] == 0.7


def test_periods_that_differ_are_counted():
    shown = aligned(PeriodAlignment.LATEST_EACH, *LEEDS_AHEAD)
    row = compare(shown, kpi(), SETS).squeeze()
    assert (row["differing_periods"], row["first_period"], row["last_period"]) == (2, "2022", "2024")


# Against published figures

OFLOG_2016_17 = {
    6.8: 3, 6.9: 5, 7.0: 5, 7.1: 5, 7.2: 6, 7.3: 14, 7.4: 13, 7.5: 13, 7.6: 14, 7.7: 16, 7.8: 12, 7.9: 6,
    8.0: 8, 8.1: 8, 8.2: 9, 8.3: 5, 8.4: 2, 8.5: 2, 8.6: 4, 8.9: 1,
}  # fmt: skip
"""Carers' quality of life, 2016-17: how many of England's 151 authorities had each score (Office for Local Government)."""
OFLOG_MADS = {
    7.4: -0.666666667, 7.1: -1.666666667, 8.3: 2.3333333333333384, 7.0: -2, 7.3: -1, 7.7: 0.3333333333333353,
}  # fmt: skip
"""Score -> `MADs_from_median` of Leeds and Manchester, Sheffield, Newcastle, Birmingham and Liverpool, Bristol, Nottingham."""


def test_oflog_published_raw_deviations_from_englands_median():
    england = pd.DataFrame({"value": [score for score, count in OFLOG_2016_17.items() for _ in range(count)], "set": "england"})
    spread = centre_and_spread(england, ["set"]).squeeze()
    assert (spread["median"], spread["mad"]) == (7.6, 0.3)
    ours = pd.Series(list(OFLOG_MADS))
    deviations = in_mads(ours - spread["median"], pd.Series(spread["mad"], index=ours.index), convention=MadConvention.RAW)
    assert deviations.to_numpy() == pytest.approx(np.array(list(OFLOG_MADS.values())), abs=1e-8)


# Second opinions


def quantile_by_hand(figures, share):
    """The value at place 1 + (n - 1) p of the sorted figures, straight between neighbours."""
    in_order = sorted(figures)
    place = (len(in_order) - 1) * share
    below = math.floor(place)
    above = min(below + 1, len(in_order) - 1)
    return in_order[below] + (in_order[above] - in_order[below]) * (place - below)


def rank_by_hand(own, all_figures, polarity):
    better = [x for x in all_figures if (x > own if polarity == "higher_is_better" else x < own)]
    tied = sum(x == own for x in all_figures) > 1
    return f"{len(better) + 1}{'=' if tied else ''}"


tenths = st.integers(-50, 50).map(lambda tenth: tenth / 10)


@settings(max_examples=BATCHES)
@given(st.lists(st.lists(tenths, min_size=1, max_size=9), min_size=10, max_size=10), st.sampled_from(list(Polarity)[:2]))
def test_centre_spread_and_rank_agree_with_plain_python(groups, polarity):
    frame = pd.DataFrame([(str(name), figure, str(polarity)) for name, group in enumerate(groups) for figure in group])
    frame = frame.set_axis(["name", "value", "polarity"], axis=1)
    summary = centre_and_spread(frame, ["name"]).set_index("name")
    ranks = rank(frame, ["name"])
    for name, group in enumerate(groups):
        row = summary.loc[str(name)]
        median = statistics.median(group)
        expected = [quantile_by_hand(group, 0.25), median, quantile_by_hand(group, 0.75), statistics.fmean(group)]
        assert row[["lower_quartile", "median", "upper_quartile", "mean"]].tolist() == pytest.approx(expected, abs=1e-9)
        assert row["mad"] == pytest.approx(statistics.median(abs(figure - median) for figure in group), abs=1e-9)
        labels = ranks.loc[frame["name"] == str(name), "rank_label"]
        assert labels.tolist() == [rank_by_hand(figure, group, polarity) for figure in group]


@settings(max_examples=BATCHES)
@given(st.lists(st.lists(tenths, min_size=2, max_size=4), min_size=10, max_size=10))
def test_standing_does_not_depend_on_which_way_is_up(groups):
    def standing(sign, polarity):
        rows = [(f"AH-{number}", CORE[place], sign * x) for number, group in enumerate(groups) for place, x in enumerate(group)]
        frame = pd.DataFrame(rows, columns=["kpi_id", "area", "value"]).assign(period="2023")
        kpis = pd.DataFrame({"kpi_id": frame["kpi_id"].unique(), "polarity": polarity, "decimals": 1})
        shown = align(in_sets(frame, SETS, ["core_cities"], area=LEEDS), rule=PeriodAlignment.SAME_PERIOD)
        return compare(shown, kpis, SETS)[["kpi_id", "gap", "rank_label", "quarter_of_areas", "mad"]]

    pd.testing.assert_frame_equal(standing(1, "higher_is_better"), standing(-1, "lower_is_better"))


def latest_shared_by_hand(rows):
    """The latest year that the council and any other area have, one year at a time."""
    for year in range(2024, 2019, -1):
        have = {area for area, period, figure in rows if period == str(year) and figure is not None}
        if LEEDS in have and len(have) > 1:
            return {area: str(year) for area in have}
    return {}


areas_and_years = st.tuples(st.sampled_from(CORE), st.integers(2020, 2024))


@settings(max_examples=BATCHES)
@given(st.lists(st.dictionaries(areas_and_years, st.none() | tenths, max_size=12), min_size=10, max_size=10))
def test_latest_shared_period_agrees_with_plain_python(tables):
    by_kpi = [[(area, str(year), figure) for (area, year), figure in table.items()] for table in tables]
    rows = [(*row, str(number)) for number, rows in enumerate(by_kpi) for row in rows]
    frame = pd.DataFrame(rows, columns=["area", "period", "value", "kpi_id"]).astype({"value": float})
    shown = align(in_sets(frame, SETS, ["core_cities"], area=LEEDS), rule=PeriodAlignment.LATEST_SHARED)
    for number, rows in enumerate(by_kpi):
        assert periods_by_area(shown[shown["kpi_id"] == str(number)]) == latest_shared_by_hand(rows)
