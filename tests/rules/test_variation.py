"""Variation and assurance of whole KPIs: what is charted, what is refused and why, and what is said of the last point."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport import periods
from kpireport.rules import variation
from kpireport.rules.variation_series import REBASES
from kpireport.vocabulary import Polarity
from variation_oracle import assurance_by_hand, series_by_hand

MONTHS = [str(periods.month(2015 + i // 12, i % 12 + 1)) for i in range(120)]
QUARTERS = [str(periods.quarter(1990 + i // 4, i % 4 + 1)) for i in range(120)]
TERMS = [str(periods.term(1990 + i // 3, ("Autumn", "Spring", "Summer")[i % 3])) for i in range(120)]
PERIODS = {"monthly": MONTHS, "quarterly": QUARTERS, "termly": TERMS}
WAYS = {"higher_is_better": 1, "lower_is_better": -1, "neutral": 0, "within_range": 0}
STEADY = [50, 52] * 6


def kpi(**columns) -> pd.DataFrame:
    plain = {
        "kpi_id": "CF-01",
        "kind": "kpi",
        "polarity": "higher_is_better",
        "measure_type": "in_period",
        "frequency": "monthly",
        "target_type": "value",
        "target": np.nan,
        "upper": np.nan,
    }
    return pd.DataFrame([plain | columns])


def history(values, texts=MONTHS, kpi_id="CF-01") -> pd.DataFrame:
    values = pd.Series(values, dtype=float)
    return pd.DataFrame({"kpi_id": kpi_id, "period": texts[: len(values)], "value": values})


def last(values, texts=MONTHS, rebases=None, screen=True, baseline_points=None, **columns) -> pd.Series:
    frame = history(values, texts)
    return variation.add_variation(kpi(**columns), frame, rebases, screen=screen, baseline_points=baseline_points).iloc[0]


def rebase(period: str, reason="New case system", kpi_id="CF-01") -> pd.DataFrame:
    return pd.DataFrame({"kpi_id": [kpi_id], "from_period": [period], "reason": [reason]})


def test_point_above_the_upper_limit_is_an_improvement_where_more_is_better_and_a_concern_where_less_is():
    assert last([*STEADY, 70])[["variation", "variation_rule", "variation_side"]].tolist() == [
        "improvement",
        "outside_limits",
        "high",
    ]
    assert last([*STEADY, 70], polarity="lower_is_better")["variation"] == "concern"


@pytest.mark.parametrize("columns", [{"polarity": "neutral"}, {"polarity": "within_range"}, {"kind": "tracker"}])
def test_special_cause_without_a_good_way_is_told_without_judgement(columns):
    assert last([*STEADY, 70], **columns)["variation"] == "neutral_high"
    assert last([*STEADY, 30], **columns)["variation"] == "neutral_low"


def test_value_exactly_on_a_limit_is_common_cause():
    # A baseline of 50, 52, 50, 52 has the mean 51 and limits 51 ± 2.66 x 2; the last point lies on the upper one.
    values = [50, 52, 50, 52, *[51] * 10, 56.32]
    on, beyond = (last([*values[:-1], value], baseline_points=4) for value in (56.32, 56.33))
    assert on["upper_limit"] == pytest.approx(56.32)
    assert on["variation"] == "common_cause"
    assert beyond["variation_rule"] == "outside_limits"


def test_value_exactly_on_the_mean_breaks_the_run_on_one_side():
    run = [50, 52, 50, 52, *[51] * 6, *[51.5] * 7]
    assert last(run, baseline_points=4)["variation_rule"] == "one_side"
    assert last([*run[:-4], 51, *run[-3:]], baseline_points=4)["variation"] == "common_cause"


def test_value_on_the_mean_is_on_it_although_binary_numbers_put_it_a_hair_above():
    # The mean of 0.1, 0.8, 0.8, 1.5 is 0.8, and 0.7999999999999999 in binary.
    values = [0.1, 0.8, 0.8, 1.5, *[0.7] * 4, *[0.9] * 3, 0.8, *[0.9] * 3]
    assert last(values, baseline_points=4)["variation"] == "common_cause"
    assert last([*values[:-4], *[0.9] * 4], baseline_points=4)["variation_rule"] == "one_side"


def test_equal_values_are_common_cause_with_limits_of_no_width():
    told = last([0.1] * 12)
    assert told[["variation", "mean", "lower_limit", "upper_limit"]].tolist() == ["common_cause", 0.1, 0.1, 0.1]


def test_twelve_points_make_a_chart_and_eleven_do_not():
    assert last(STEADY)["variation_why_not"] == ""
    assert last(STEADY[:11])[["variation", "assurance", "variation_why_not", "points"]].tolist() == ["", "", "too_few_points", 11]
    assert np.isnan(last(STEADY[:11])["mean"])


def test_series_is_charted_from_its_last_gap_on():
    told = last([900.0, 950.0, np.nan, *STEADY])
    assert told[["points", "mean", "variation_why_not"]].tolist() == [12, 51, ""]


def test_gap_that_leaves_eleven_points_refuses_the_chart():
    assert last([*STEADY, np.nan, *STEADY[:11]])[["variation_why_not", "points"]].tolist() == ["gaps", 11]


def test_awaited_last_period_is_no_gap():
    assert last([*STEADY, 70, np.nan])["variation"] == "improvement"


def test_school_terms_follow_each_other_and_a_missing_one_is_a_gap():
    assert last(STEADY, TERMS, frequency="termly", measure_type="termly")["variation_why_not"] == ""
    assert last([*STEADY[:6], np.nan, *STEADY[:6]], TERMS, frequency="termly")["variation_why_not"] == "gaps"


@pytest.mark.parametrize(
    ("measure_type", "frequency", "texts", "why_not"),
    [
        ("rolling_year", "quarterly", [str(periods.rolling_year(2010 + i // 4, i % 4 * 3 + 3)) for i in range(24)], True),
        ("rolling_year", "quarterly", QUARTERS, True),
        ("rolling_year", "annual", [str(periods.rolling_year(1990 + i, 6)) for i in range(24)], False),
        ("rolling_year", "annual", [str(periods.rolling_year(1990 + i * 11 // 12, i * 11 % 12 + 1)) for i in range(24)], True),
        ("pooled_years", "annual", [str(periods.pooled_years(1990 + i, 1992 + i)) for i in range(24)], True),
        ("pooled_years", "annual", [str(periods.pooled_years(1930 + 3 * i, 1932 + 3 * i)) for i in range(24)], False),
        ("cumulative", "quarterly", QUARTERS, True),
        ("snapshot", "quarterly", QUARTERS, False),
    ],
    ids=[
        "rolling",
        "rolling_by_quarter",
        "rolling_once_a_year",
        "rolling_with_one_month_shared",
        "pooled",
        "pooled_apart",
        "cumulative",
        "snapshot",
    ],
)
def test_windows_that_share_months_get_no_chart(measure_type, frequency, texts, why_not):
    told = last(STEADY, texts, measure_type=measure_type, frequency=frequency)
    assert told["variation_why_not"] == ("overlapping_windows" if why_not else "")


def test_lines_begin_again_at_a_declared_rebase():
    values = [*STEADY, *[value + 20 for value in STEADY]]
    assert last(values)["variation"] == "improvement"
    told = last(values, rebases=rebase(MONTHS[12]))
    assert told[["variation", "mean", "points"]].tolist() == ["common_cause", 71, 12]


def test_fewer_than_twelve_points_since_a_rebase_refuse_the_chart():
    told = last([*STEADY, *STEADY], rebases=rebase(MONTHS[13]))
    assert told[["variation_why_not", "points"]].tolist() == ["too_few_since_rebase", 11]


def test_short_stretch_before_a_later_rebase_has_points_without_lines():
    points = variation.chart_points(
        kpi(), history([*STEADY, 1, 2, 3, *STEADY]), pd.concat([rebase(MONTHS[12]), rebase(MONTHS[15])])
    )
    assert points["stretch"].tolist() == [0] * 12 + [1] * 3 + [2] * 12
    assert points["variation"].tolist() == ["common_cause"] * 12 + [""] * 3 + ["common_cause"] * 12
    assert points["mean"].isna().tolist() == [False] * 12 + [True] * 3 + [False] * 12


def test_rebase_of_another_kpi_or_before_the_series_changes_nothing():
    for change in (rebase(MONTHS[6], kpi_id="ZZ-99"), rebase("Jan 2001")):
        assert last(STEADY, rebases=change).equals(last(STEADY))


def test_rebase_without_a_reason_is_refused():
    with pytest.raises(ValueError, match="without a reason"):
        last(STEADY, rebases=rebase(MONTHS[3], reason=" "))


def test_two_values_for_one_period_are_refused():
    with pytest.raises(ValueError, match="two values for one period"):
        variation.add_variation(kpi(), pd.concat([history(STEADY), history(STEADY)], ignore_index=True))


def test_series_keep_apart_and_the_order_of_rows_does_not_matter():
    kpis = pd.concat([kpi(kpi_id="CF-02"), kpi(), kpi(kpi_id="CF-03", polarity="lower_is_better")], ignore_index=True)
    frames = [history([*STEADY, 70], kpi_id="CF-02"), history(STEADY), history([*STEADY, 70], kpi_id="CF-03")]
    shuffled = pd.concat(frames, ignore_index=True).sample(frac=1, random_state=1)
    told = variation.add_variation(kpis, shuffled)
    assert told["variation"].tolist() == ["improvement", "common_cause", "concern"]


def test_many_series_are_worked_on_in_blocks_that_never_cut_one(monkeypatch):
    names = [f"CF-{n:02d}" for n in range(6)]
    kpis = pd.concat([kpi(kpi_id=name) for name in names], ignore_index=True)
    frame = pd.concat(
        [history([*STEADY, *STEADY[: 3 * n], 70 - n], kpi_id=name) for n, name in enumerate(names)], ignore_index=True
    )
    whole = variation.chart_points(kpis, frame), variation.add_variation(kpis, frame)
    for block in (1, 7, 20, 40, 1000):
        monkeypatch.setattr(variation, "_BLOCK", block)
        pd.testing.assert_frame_equal(variation.chart_points(kpis, frame), whole[0])
        pd.testing.assert_frame_equal(variation.add_variation(kpis, frame), whole[1])


def test_charted_points_are_labelled_like_their_rows_of_the_history():
    frame = history([*STEADY, 70]).sample(frac=1, random_state=2)
    points = variation.chart_points(kpi(), frame)
    assert points["value"].equals(frame["value"].loc[points.index])
    assert points["period"].tolist() == MONTHS[:13]


def test_kpi_without_history_and_no_kpis_at_all():
    nothing = history([])
    assert variation.add_variation(kpi(), nothing)[["variation", "variation_why_not"]].iloc[0].tolist() == ["", "too_few_points"]
    assert variation.add_variation(kpi().iloc[:0], history(STEADY)).empty
    assert variation.chart_points(kpi(), nothing).empty


def test_inputs_are_left_as_they_were():
    kpis, frame, changes = kpi(), history(STEADY), rebase(MONTHS[0])
    before = kpis.copy(), frame.copy(), changes.copy()
    variation.add_variation(kpis, frame, changes)
    for now, then in zip((kpis, frame, changes), before, strict=True):
        pd.testing.assert_frame_equal(now, then)


@pytest.mark.parametrize(
    ("target", "polarity", "assurance"),
    [
        (45.0, "higher_is_better", "consistently_passing"),
        (45.68, "higher_is_better", "consistently_passing"),  # exactly the lower limit, 51 - 2.66 x 2
        (45.7, "higher_is_better", "hit_or_miss"),
        (56.32, "higher_is_better", "hit_or_miss"),  # exactly the upper limit
        (56.4, "higher_is_better", "consistently_failing"),
        (45.0, "lower_is_better", "consistently_failing"),
        (56.32, "lower_is_better", "consistently_passing"),
        (51.0, "neutral", ""),
        (np.nan, "higher_is_better", ""),
    ],
)
def test_assurance_is_the_target_against_the_limits(target, polarity, assurance):
    assert last(STEADY, target=target, polarity=polarity)["assurance"] == assurance


@pytest.mark.parametrize(
    ("target", "upper", "assurance"),
    [(40, 60, "consistently_passing"), (50, 60, "hit_or_miss"), (57, 60, "consistently_failing"), (50, 51, "hit_or_miss")],
)
def test_assurance_of_a_range_asks_whether_the_limits_lie_inside_it(target, upper, assurance):
    told = last(STEADY, target=float(target), upper=float(upper), polarity="within_range", target_type="range")
    assert told["assurance"] == assurance


def test_interim_target_and_tracker_have_no_assurance():
    assert last(STEADY, target=40.0, target_type="increase")["assurance"] == ""
    assert last(STEADY, target=40.0, kind="tracker")["assurance"] == ""


def test_steady_series_on_its_target_passes_as_its_rating_does():
    assert last([95.0] * 12, target=95.0)["assurance"] == "consistently_passing"


@given(
    limits=st.tuples(st.integers(-5, 5), st.integers(0, 6)),
    target=st.integers(-6, 12),
    width=st.integers(0, 8),
    polarity=st.sampled_from(["higher_is_better", "lower_is_better", "within_range"]),
)
def test_assurance_agrees_with_asking_each_value_between_the_limits(limits, target, width, polarity):
    is_range = polarity == "within_range"
    low, high = limits[0], limits[0] + limits[1]
    row = kpi(
        polarity=polarity,
        target_type="range" if is_range else "value",
        target=float(target),
        upper=float(target + width) if is_range else np.nan,
        lower_limit=low / 1,
        upper_limit=high / 1,
    )
    expected = assurance_by_hand(low, high, target, target + width if is_range else None, polarity)
    assert variation.assure(row).tolist() == [expected]


@st.composite
def one_series(draw):
    """Return a series in tenths with ties, spikes, slopes, steps, gaps and rebases."""
    size = draw(st.integers(10, 34))
    noise = draw(st.lists(st.sampled_from([0, 0, 1, 1, 2, 3, 3, 14, -9]), min_size=size, max_size=size))
    slope, step, at = draw(st.sampled_from([0, 0, 0, 1, -2])), draw(st.sampled_from([0, 0, 6, -4])), draw(st.integers(0, 34))
    values = [Fraction(value + slope * i + step * (i >= at), 10) for i, value in enumerate(noise)]
    gaps = draw(st.sets(st.integers(0, size - 1), max_size=1)) if draw(st.integers(0, 2)) == 0 else set()
    rebases = draw(st.lists(st.integers(0, size - 1), max_size=2, unique=True)) if draw(st.integers(0, 2)) == 0 else []
    terms = {"polarity": draw(st.sampled_from(sorted(WAYS))), "frequency": draw(st.sampled_from(sorted(PERIODS)))}
    return [None if i in gaps else value for i, value in enumerate(values)], rebases, terms


def frames(cases) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    plain = kpi().iloc[0].to_dict()
    kpis, results, changes = [], [], []
    for n, (values, rebases, terms) in enumerate(cases):
        texts = PERIODS[terms["frequency"]]
        kpis.append(plain | terms | {"kpi_id": f"CF-{n:02d}"})
        results += [(f"CF-{n:02d}", texts[i], np.nan if value is None else float(value)) for i, value in enumerate(values)]
        changes += [(f"CF-{n:02d}", texts[i], "why") for i in rebases]
    columns = ["kpi_id", "period", "value"]
    return pd.DataFrame(kpis), pd.DataFrame(results, columns=columns), pd.DataFrame(changes, columns=REBASES)


@given(cases=st.lists(one_series(), min_size=1, max_size=3), screen=st.booleans(), baseline=st.none() | st.integers(2, 14))
def test_charts_agree_with_exact_arithmetic_one_series_at_a_time(cases, screen, baseline):
    kpis, results, changes = frames(cases)
    points = variation.chart_points(kpis, results, changes, screen=screen, baseline_points=baseline)
    told = variation.add_variation(kpis, results, changes, screen=screen, baseline_points=baseline)
    for n, (values, rebases, terms) in enumerate(cases):
        why_not, said = series_by_hand(values, rebases, WAYS[terms["polarity"]], screen=screen, baseline=baseline)
        found = points[points["kpi_id"] == f"CF-{n:02d}"]
        assert told["variation_why_not"].iloc[n] == why_not
        assert found["period"].tolist() == [PERIODS[terms["frequency"]][i] for i in said]
        for name in ("variation", "variation_rule", "variation_side"):
            assert found[name].tolist() == [point[name] for point in said.values()]
        means = [np.nan if point["mean"] is None else float(point["mean"]) for point in said.values()]
        assert found["mean"].tolist() == pytest.approx(means, abs=1e-9, nan_ok=True)
        if said:
            end = said[max(said)]
            assert told[["variation", "variation_rule"]].iloc[n].tolist() == [end["variation"], end["variation_rule"]]
            limits = [float(end[name]) for name in ("mean", "lower_limit", "upper_limit")]
            assert told[["mean", "lower_limit", "upper_limit"]].iloc[n].tolist() == pytest.approx(limits, abs=1e-9)


@given(one_series())
def test_mirrored_values_and_polarity_have_the_same_variation(case):
    values, rebases, terms = case
    opposite = {Polarity.HIGHER_IS_BETTER: "lower_is_better", Polarity.LOWER_IS_BETTER: "higher_is_better"}
    polarity = opposite.get(terms["polarity"], terms["polarity"])
    mirrored = [None if value is None else -value for value in values], rebases, terms | {"polarity": polarity}
    first, second = (variation.chart_points(*frames([one])) for one in (case, mirrored))
    flipped = second["variation"].replace({"neutral_high": "neutral_low", "neutral_low": "neutral_high"})
    assert first["variation"].tolist() == flipped.tolist()
    assert first["mean"].tolist() == pytest.approx((-second["mean"]).tolist(), nan_ok=True)
