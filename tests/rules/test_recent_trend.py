"""The last five points: rising or falling by more than chance, and not because of one of them."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from kpireport import periods
from kpireport.rules import recent_trend
from kpireport.vocabulary import RecentTrend

YEARS = [str(periods.financial_year(2010 + i)) for i in range(20)]


def kpi(**columns) -> pd.DataFrame:
    plain = {
        "kpi_id": "AH-01",
        "kind": "kpi",
        "unit": "%",
        "decimals": 2,
        "polarity": "higher_is_better",
        "measure_type": "annual",
        "frequency": "annual",
    }
    return pd.DataFrame([plain | columns])


def history(numerators, denominators, texts=YEARS, times=100, kpi_id="AH-01") -> pd.DataFrame:
    counted, over = np.array(numerators, dtype=float), np.array(denominators, dtype=float)
    values = np.divide(times * counted, over, out=np.full(len(counted), np.nan), where=over > 0)
    columns = {"period": texts[: len(counted)], "value": values, "numerator": counted, "denominator": over}
    return pd.DataFrame({"kpi_id": kpi_id} | columns)


def told(numerators, denominators, texts=YEARS, times=100, **columns) -> pd.Series:
    return recent_trend.add_recent_trend(kpi(**columns), history(numerators, denominators, texts, times)).iloc[0]


THOUSAND = [1000] * 5
RISING, FALLING = [500, 530, 560, 590, 620], [620, 590, 560, 530, 500]


@pytest.mark.parametrize(
    ("numerators", "columns", "word"),
    [
        (RISING, {}, "increasing_getting_better"),
        (FALLING, {}, "decreasing_getting_worse"),
        (RISING, {"polarity": "lower_is_better"}, "increasing_getting_worse"),
        (FALLING, {"polarity": "lower_is_better"}, "decreasing_getting_better"),
        (RISING, {"polarity": "neutral"}, "increasing"),
        (FALLING, {"polarity": "within_range"}, "decreasing"),
        (FALLING, {"kind": "tracker"}, "decreasing"),
        ([500, 505, 498, 503, 501], {}, "no_significant_change"),
    ],
)
def test_words_for_a_trend(numerators, columns, word):
    assert told(numerators, THOUSAND, **columns)[["recent_trend", "trend_why_not"]].tolist() == [word, ""]


def test_there_are_nine_words():
    assert len(RecentTrend) == 9


def test_four_points_are_too_few_and_only_the_last_five_of_more_are_used():
    assert told(RISING[:4], THOUSAND[:4])[["recent_trend", "trend_why_not"]].tolist() == ["too_few_points"] * 2
    assert np.isnan(told(RISING[:4], THOUSAND[:4])["trend_chi_squared"])
    assert told([900, 10, 900, *FALLING], [1000] * 8)["recent_trend"] == "decreasing_getting_worse"


def test_trend_that_hangs_on_one_point_is_no_trend():
    # Far above 9.5495 because of the last point; without it the other four fall.
    one_point = told([503, 502, 501, 500, 700], THOUSAND)
    assert one_point["trend_chi_squared"] > recent_trend.CRITICAL
    assert one_point["recent_trend"] == "no_significant_change"


def test_trend_whose_slope_is_flat_without_one_point_is_no_trend():
    assert told([500, 500, 500, 500, 700], THOUSAND)["recent_trend"] == "no_significant_change"
    # Seven tenths each time, of different numbers: flat, although not to the last binary digit.
    assert told([70, 70, 70, 490, 950], [100, 100, 100, 700, 1000])["recent_trend"] == "no_significant_change"


def test_all_equal_and_none_at_all_have_a_chi_squared_of_nothing():
    for numerators in ([70] * 5, [0] * 5, [1000] * 5):
        assert told(numerators, THOUSAND)[["recent_trend", "trend_chi_squared", "trend_slope"]].tolist() == [
            "no_significant_change",
            0.0,
            0.0,
        ]


@pytest.mark.parametrize("denominators", [[1000, 1000, 0, 1000, 1000], [1000, np.nan, 1000, 1000, 1000]])
def test_point_with_a_value_and_without_counts_cannot_be_calculated(denominators):
    frame = history(RISING, denominators).assign(value=[value / 10 for value in RISING])
    row = recent_trend.add_recent_trend(kpi(), frame).iloc[0]
    assert row[["recent_trend", "trend_why_not"]].tolist() == ["cannot_be_calculated", "no_counts"]


def test_counts_of_something_else_cannot_be_calculated():
    assert told(RISING, THOUSAND, times=170)["trend_why_not"] == "no_counts"


def test_unit_that_is_no_share_cannot_be_calculated():
    assert told(RISING, THOUSAND, unit="days")["recent_trend"] == "cannot_be_calculated"


def test_windows_that_share_months_cannot_be_calculated():
    pooled = [str(periods.pooled_years(2010 + i, 2012 + i)) for i in range(5)]
    row = told(RISING, THOUSAND, pooled, measure_type="pooled_years")
    assert row[["recent_trend", "trend_why_not"]].tolist() == ["cannot_be_calculated", "overlapping_windows"]
    apart = [str(periods.pooled_years(2000 + 3 * i, 2002 + 3 * i)) for i in range(5)]
    assert told(RISING, THOUSAND, apart, measure_type="pooled_years")["recent_trend"] == "increasing_getting_better"
    earlier = ["1999 to 2001", *apart]
    assert told([900, *RISING], [1000] * 6, earlier, measure_type="pooled_years")["recent_trend"] == "increasing_getting_better"
    assert told(RISING, THOUSAND, measure_type="cumulative")["trend_why_not"] == "overlapping_windows"


def test_period_without_a_value_is_passed_over_and_the_time_it_took_is_kept():
    years = [YEARS[i] for i in (0, 1, 2, 5, 6)]
    row = told([500, 510, 520, 550, 560], THOUSAND, years)
    assert row["trend_slope"] == pytest.approx(1.0)


def test_slope_is_in_the_unit_of_the_kpi_a_year():
    assert told(RISING, THOUSAND)["trend_slope"] == pytest.approx(3.0)
    assert told(RISING, [100_000] * 5, times=10_000, unit="per 10,000")["trend_slope"] == pytest.approx(3.0)
    quarters = [str(periods.quarter(2020 + i // 4, i % 4 + 1)) for i in range(5)]
    assert told(RISING, THOUSAND, quarters, frequency="quarterly")["trend_slope"] == pytest.approx(12.0)


def test_kpi_without_history_has_too_few_points():
    assert told([], [])["recent_trend"] == "too_few_points"
    assert recent_trend.add_recent_trend(kpi().iloc[:0], history([], [])).empty


def test_kpis_keep_apart_and_the_order_of_rows_does_not_matter():
    kpis = pd.concat([kpi(kpi_id="AH-02"), kpi(kpi_id="AH-03"), kpi()], ignore_index=True)
    frames = [
        history(RISING, THOUSAND),
        history(FALLING, THOUSAND, kpi_id="AH-02"),
        history(RISING[:3], THOUSAND[:3], kpi_id="AH-03"),
    ]
    shuffled = pd.concat(frames, ignore_index=True).sample(frac=1, random_state=3)
    words = recent_trend.add_recent_trend(kpis, shuffled)["recent_trend"].tolist()
    assert words == ["decreasing_getting_worse", "too_few_points", "increasing_getting_better"]


@pytest.mark.parametrize(("unit", "times"), [("%", 100), ("per 10,000", 10_000)])
def test_chi_squared_is_the_score_test_of_a_logistic_or_poisson_regression(unit, times):
    x, n, t = np.array([30, 41, 38, 55, 61]), np.array([900, 1100, 1000, 1050, 980]), np.arange(5.0)
    constant = np.ones((5, 1))
    if unit == "%":
        model = sm.GLM(np.column_stack([x, n - x]), constant, family=sm.families.Binomial())
    else:
        model = sm.GLM(x, constant, family=sm.families.Poisson(), offset=np.log(n))
    params = np.array([np.log(x.sum() / (n.sum() - x.sum()))]) if unit == "%" else np.array([np.log(x.sum() / n.sum())])
    expected = model.score_test(params, exog_extra=t[:, None])[0]
    assert told(x, n, times=times, unit=unit)["trend_chi_squared"] == pytest.approx(float(np.squeeze(expected)))


def trend_by_hand(counts: list[tuple[int, int]], unit: str, way: int) -> str:
    """Armitage's test and the five slopes, in exact fractions."""

    def slope(points) -> Fraction:
        weight = sum(n for _, _, n in points)
        middle, share = (Fraction(sum(part), weight) for part in ([t * n for t, _, n in points], [x for _, x, _ in points]))
        return sum(((t - middle) * (x - n * share) for t, x, n in points), Fraction(0))

    points = [(t, x, n) for t, (x, n) in enumerate(counts)]
    total, weight = sum(x for x, _ in counts), sum(n for _, n in counts)
    share, middle = Fraction(total, weight), Fraction(sum(t * n for t, _, n in points), weight)
    spread = sum((n * (t - middle) ** 2 for t, _, n in points), Fraction(0)) * share * (1 - share if unit == "%" else 1)
    rise = slope(points)
    signs = {(one > 0) - (one < 0) for one in [rise, *(slope(points[:i] + points[i + 1 :]) for i in range(5))]}
    if not spread or rise**2 / spread <= Fraction("9.54953570608324") or len(signs) > 1:
        return "no_significant_change"
    sign = signs.pop()
    judgement = "" if not way else "_getting_better" if way == sign else "_getting_worse"
    return ("increasing" if sign > 0 else "decreasing") + judgement


POINT = st.tuples(st.integers(0, 60), st.sampled_from([60, 80, 100, 250]))
WAYS = {"higher_is_better": 1, "lower_is_better": -1, "neutral": 0}


@given(
    cases=st.lists(
        st.tuples(
            st.lists(POINT, min_size=5, max_size=5).flatmap(
                lambda points: st.sampled_from([points, sorted(points), sorted(points)[::-1]])
            ),
            st.sampled_from([("%", 100), ("per 1,000", 1_000)]),
            st.sampled_from(sorted(WAYS)),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_trends_agree_with_exact_arithmetic_one_series_at_a_time(cases):
    kpis, results = [], []
    for number, (points, (unit, times), polarity) in enumerate(cases):
        kpis.append(kpi(kpi_id=f"AH-{number:02d}", unit=unit, polarity=polarity))
        results.append(history(*zip(*points, strict=True), times=times, kpi_id=f"AH-{number:02d}"))
    found = recent_trend.add_recent_trend(pd.concat(kpis, ignore_index=True), pd.concat(results, ignore_index=True))
    expected = [trend_by_hand(points, unit, WAYS[polarity]) for points, (unit, _), polarity in cases]
    assert found["recent_trend"].tolist() == expected
