"""Seeded series of plausible numbers: many KPIs at once, one row each.

A series is a level that is the KPI's own, a slow drift, a walk that comes back to it, a swing with the time of year and a
shift in the months of the pandemic. Shares stay between 0 and 100, counts above 0, and cumulative series never fall within a
year, by construction.
"""

from datetime import date

import numpy as np

from kpireport.periods import Period

MEMORY = 0.8
"""How much of its distance from the level a series keeps from one period to the next."""
DRIFT = 0.6
"""How far a KPI drifts in a year, in hundredths of its level (one standard deviation)."""
PANDEMIC = (date(2020, 4, 1), date(2021, 6, 30))


def around(
    rng: np.random.Generator, levels: np.ndarray, periods: list[Period], *, step: float, season: float = 0, pandemic: float = 0
) -> np.ndarray:
    """Return a positive value for each KPI (rows) and period (columns).

    Parameters
    ----------
    levels
        The usual value of each KPI.
    step, season, pandemic
        In hundredths of the level, as `patterns.Pattern` has them.
    """
    moves = rng.normal(size=(len(levels), len(periods))) * step / 100
    for column in range(1, len(periods)):
        moves[:, column] += MEMORY * moves[:, column - 1]
    years = np.array([(period.end.toordinal() - periods[-1].end.toordinal()) / 365.25 for period in periods])
    drift = rng.normal(size=(len(levels), 1)) * DRIFT / 100 * years
    swing = season / 100 * np.cos([2 * np.pi * (period.end.month - 1) / 12 for period in periods])
    shift = pandemic / 100 * rng.random((len(levels), 1)) * np.array([_share_in_pandemic(period) for period in periods])
    values: np.ndarray = levels[:, None] * np.exp(moves + drift + swing + shift)
    return values


def shares(
    rng: np.random.Generator, levels: np.ndarray, periods: list[Period], *, step: float, season: float = 0, pandemic: float = 0
) -> np.ndarray:
    """Return percentages as `around` returns values: what is nearer, 0 or 100, is approached and never passed."""
    is_high = levels >= 50
    scale = np.where(is_high, -levels / (100 - levels), 1).mean()
    part = around(
        rng, np.where(is_high, 100 - levels, levels), periods, step=step * scale, season=season * scale, pandemic=pandemic * scale
    )
    return np.where(is_high[:, None], 100 - part, part)


def cumulative(rng: np.random.Generator, totals: np.ndarray, periods: list[Period]) -> np.ndarray:
    """Return running totals since April whose year would end at about `totals` (a value for each KPI and quarter)."""
    parts = totals / 4 * np.exp(rng.normal(size=totals.shape) * 0.05)
    for column, period in enumerate(periods):
        if column and period.quarter_number > 1:
            parts[:, column] += parts[:, column - 1]
    return parts


def _share_in_pandemic(period: Period) -> float:
    """Return the share of a period's days that fell in the pandemic."""
    days = (min(period.end, PANDEMIC[1]) - max(period.start, PANDEMIC[0])).days + 1
    return max(0, days) / ((period.end - period.start).days + 1)
