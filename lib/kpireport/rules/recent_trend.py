"""Recent trend: whether the last five points rise or fall by more than chance, and not because of one of them.

Source: Fingertips (Office for Health Improvement and Disparities), recent trends; the rating contract, part 4.
"""

import numpy as np
import pandas as pd

from kpireport.rules.intervals import multipliers, shares
from kpireport.rules.judgement import good_way
from kpireport.rules.series import ends, in_time_order
from kpireport.vocabulary import MeasureType, RecentTrend, WhyNot

POINTS = 5
CRITICAL = 9.54953570608324
"""The 99.8% point of chi-squared on one degree of freedom."""
_ROUNDING = 1e-12


def add_recent_trend(kpis: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Return the recent trend of each KPI, to be joined to `kpis`.

    A trend is significant when chi-squared for linear trend (see `trend_test`) is above 9.5495 (99.8%), and the slope has the
    same sign with each of the five points left out. The points are the last five with a value, at their own distances in time.

    Parameters
    ----------
    kpis
        One row is one KPI: `kpi_id`, `unit`, `decimals`, `polarity`, `measure_type`, `frequency`, and `kind` where trackers are
        among them.
    history
        One row is one KPI and period: `kpi_id`, `period`, `value`, `numerator`, `denominator`.

    Returns
    -------
    pd.DataFrame
        One row is one KPI, indexed like `kpis`: `recent_trend`, one of the nine words below; `trend_chi_squared`; `trend_slope`,
        in the KPI's unit a year; and `trend_why_not`, "" or the reason for the last two words.

        =====================================================  ===================================================================
        `increasing_getting_better`, `..._getting_worse`       significant, where more is better, or less
        `decreasing_getting_better`, `..._getting_worse`       likewise
        `increasing`, `decreasing`                             significant, where there is no good way (neutral, range, tracker)
        `no_significant_change`                                not significant, or because of one point only; all values equal
        `too_few_points`                                       fewer than five values
        `cannot_be_calculated`                                 no usable counts for all five (see `intervals.shares`:
                                                               `no_counts`), or windows that share months, or cumulative figures
                                                               (`overlapping_windows`)
        =====================================================  ===================================================================

    Raises
    ------
    ValueError
        When a KPI has two rows in `kpis`, or two values for one period.
    """
    points = in_time_order(kpis, history)
    last = np.flatnonzero(ends(points["place"].to_numpy()))
    number = np.bincount(points["place"], minlength=len(kpis))
    enough = last[number[points["place"].to_numpy()[last]] >= POINTS]
    five = enough[:, None] + np.arange(1 - POINTS, 1)
    place = points["place"].to_numpy()[enough]
    rows = points["row"].to_numpy()[five].reshape(-1)
    terms = kpis[["unit", "decimals"]].iloc[np.repeat(place, POINTS)].reset_index(drop=True)
    figures = history[["value", "numerator", "denominator"]].iloc[rows].reset_index(drop=True).join(terms)
    has_counts = np.isfinite(shares(figures)).reshape(-1, POINTS).all(axis=1)
    numerator, denominator = (figures[name].to_numpy(dtype=float).reshape(-1, POINTS) for name in ("numerator", "denominator"))
    units = kpis["unit"].iloc[place]
    overlaps = points["is_overlapping"].to_numpy()[five[:, 1:]].any(axis=1)
    overlaps |= (kpis["measure_type"] == MeasureType.CUMULATIVE).to_numpy()[place]
    tested = has_counts & ~overlaps
    years = points["last_month"].to_numpy()[five] / 12
    chi_squared, slope, robust_sign = trend_test(
        numerator[tested], denominator[tested], years[tested], is_proportion=units.eq("%").to_numpy()[tested]
    )
    side = np.where(chi_squared > CRITICAL, robust_sign, 0)
    told = pd.DataFrame(
        {
            "recent_trend": _words(side, good_way(kpis)[place[tested]]),
            "trend_chi_squared": chi_squared,
            "trend_slope": slope * multipliers(units)[tested],
        },
        index=place[tested],
    )
    told = told.reindex(range(len(kpis))).set_axis(kpis.index)
    overlapping = np.isin(np.arange(len(kpis)), place[overlaps])
    is_told = told["trend_chi_squared"].notna().to_numpy()
    untold = np.where(number < POINTS, RecentTrend.TOO_FEW_POINTS, RecentTrend.CANNOT_BE_CALCULATED)
    why_not = np.select(
        [is_told, number < POINTS, overlapping], ["", WhyNot.TOO_FEW_POINTS, WhyNot.OVERLAPPING_WINDOWS], WhyNot.NO_COUNTS
    )
    return told.assign(
        recent_trend=told["recent_trend"].where(is_told, pd.Series(untold, index=kpis.index, dtype="str")),
        trend_why_not=pd.Series(why_not, index=kpis.index, dtype="str"),
    )


def trend_test(
    numerator: np.ndarray, denominator: np.ndarray, years: np.ndarray, *, is_proportion: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return chi-squared for linear trend, the slope, and the sign of the slope that survives leaving out each point.

    Formula, for x counted of n at time t, with p the whole share Σx/Σn: T = Σ t' (x - n p), V = Σ n t'², t' = t less its mean
    weighted by n. Slope = T / V, which is the regression of x/n on t weighted by n (under no trend, by the inverse of the
    variance). Chi-squared = T² / (V p (1-p)) for proportions (P. Armitage, Biometrics 11, 1955), T² / (V p) for rates (Breslow
    and Day, 1987). Fingertips weights rates by the width of their own intervals instead, which differs little but fails for 0.

    Parameters
    ----------
    numerator, denominator, years
        One row is one series of points in order of time, without missing or negative counts or denominators of 0.
    is_proportion
        Whether each series counts some of its denominator (a percentage), or events (a rate).

    Returns
    -------
    tuple
        For each series: chi-squared (0 where every share is equal, or all or none are counted); the slope of the share a year;
        and 1 or -1, or 0 where the slope without one of the points has another sign or is 0.
    """
    years = years - years[:, :1]
    total, variance, size = _trend(numerator, denominator, years)
    share = numerator.sum(axis=1) / denominator.sum(axis=1)
    spread = variance * share * np.where(is_proportion, 1 - share, 1.0)
    flat = np.abs(total) <= size
    chi_squared = np.divide(total**2, spread, out=np.zeros(len(total)), where=~flat & (spread > 0))
    sign = np.where(flat, 0.0, np.sign(total))
    for left_out in range(numerator.shape[1]):
        rest = [np.delete(counts, left_out, axis=1) for counts in (numerator, denominator, years)]
        without, _, without_size = _trend(*rest)
        sign = np.where((np.abs(without) > without_size) & (np.sign(without) == sign), sign, 0.0)
    slope = np.where(flat, 0.0, np.divide(total, variance, out=np.zeros(len(total)), where=variance > 0))
    return chi_squared, slope, sign


def _trend(numerator: np.ndarray, denominator: np.ndarray, years: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return T and V of `trend_test`, and the size under which a T is 0: binary numbers are not exact."""
    weight = denominator.sum(axis=1, keepdims=True)
    apart = years - (years * denominator).sum(axis=1, keepdims=True) / weight
    expected = denominator * (numerator.sum(axis=1, keepdims=True) / weight)
    size = _ROUNDING * (np.abs(years) * (numerator + expected)).sum(axis=1)
    return (apart * (numerator - expected)).sum(axis=1), (denominator * apart**2).sum(axis=1), size


def _words(side: np.ndarray, way: np.ndarray) -> np.ndarray:
    return np.select(
        [
            side == 0,
            (side > 0) & (way > 0),
            (side > 0) & (way < 0),
            side > 0,
            (side < 0) & (way < 0),
            (side < 0) & (way > 0),
        ],
        [
            RecentTrend.NO_SIGNIFICANT_CHANGE,
            RecentTrend.INCREASING_GETTING_BETTER,
            RecentTrend.INCREASING_GETTING_WORSE,
            RecentTrend.INCREASING,
            RecentTrend.DECREASING_GETTING_BETTER,
            RecentTrend.DECREASING_GETTING_WORSE,
        ],
        RecentTrend.DECREASING,
    )
