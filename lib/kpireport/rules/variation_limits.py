"""The lines of an XmR chart: a mean, and limits that the moving ranges set.

Source: NHS England, Making Data Count, and D. J. Wheeler, Understanding Variation: 2.66 is 3 / 1.128 and 3.267 the upper limit
of moving ranges of two, both for pairs of neighbouring points.
"""

import numpy as np
import pandas as pd

from kpireport.rules.series import starts

LIMIT = 2.66
"""Mean moving ranges from the mean to a limit."""
SCREEN = 3.267
"""Moving ranges of this many mean moving ranges, or more, are screened out."""
ROUNDING = 1e-12
"""A figure is on a line when they differ by no more than this share of the largest figure of the series.

Binary numbers are not exact: twelve times 0.1 has a mean a hair below 0.1, and all twelve points would be above it.
"""


def limits(values: np.ndarray, stretch: np.ndarray, *, screen: bool, baseline_points: int | None) -> pd.DataFrame:
    """Return the lines at each point of many series at once.

    Formula: centre line = mean of the values; limits = mean ± 2.66 x mean moving range, where a moving range is the size of the
    difference between neighbouring points. With `screen`, moving ranges of 3.267 x their mean or more are left out, once, and
    their mean is taken again; the values of the centre line are never screened.

    Parameters
    ----------
    values
        Figures in the KPI's unit, in order of time, none missing; negative ones are as good as others.
    stretch
        Number of the stretch of each figure, in order; a stretch has one set of lines and no range reaches over its ends.
    screen
        Whether to screen moving ranges. They are not screened where that would leave only ranges of 0: limits of no width
        would make every point special.
    baseline_points
        How many points from a stretch's beginning set its lines; None means all. At least 2.

    Returns
    -------
    pd.DataFrame
        One row is one point: `mean`, `lower_limit`, `upper_limit`, `lower_line` and `upper_line` (two thirds of the way from
        the mean to the limits) and `rounding`, the difference under which figures of its stretch are equal; all in the KPI's
        unit. All values equal: every line is the mean. A stretch of one point has no moving range: its limits are missing.
    """
    if baseline_points is not None and baseline_points < 2:
        raise ValueError(f"baseline_points is {baseline_points}: a moving range needs 2 points or more")
    if not len(values):
        return pd.DataFrame(columns=["mean", "lower_limit", "upper_limit", "lower_line", "upper_line", "rounding"], dtype=float)
    first = np.flatnonzero(starts(stretch))
    length = np.diff(np.append(first, len(values)))
    nth = np.arange(len(values)) - np.repeat(first, length)
    in_base = nth < (len(values) if baseline_points is None else baseline_points)
    # Sums are taken from a stretch's first value, so that equal values have exactly their own mean.
    origin = np.repeat(values[first], length)
    mean = values[first] + _mean(values - origin, in_base, first)
    ranges = np.abs(np.diff(values, prepend=values[0]))
    has_range = in_base & (nth > 0)
    mean_range = _mean(ranges, has_range, first)
    rounding = ROUNDING * np.maximum.reduceat(np.abs(values), first)
    if screen:
        is_wide = ranges >= np.repeat(SCREEN * mean_range - rounding, length)
        screened = _mean(ranges, has_range & ~is_wide, first)
        mean_range = np.where(screened > rounding, screened, mean_range)
    columns = {"mean": mean, "rounding": rounding}
    for side, sign in (("lower", -1.0), ("upper", 1.0)):
        columns[f"{side}_limit"] = mean + sign * LIMIT * mean_range
        columns[f"{side}_line"] = mean + sign * (LIMIT * 2 / 3) * mean_range
    return pd.DataFrame({name: np.repeat(line, length) for name, line in columns.items()}, copy=False)


def _mean(figures: np.ndarray, counted: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return the mean of each stretch's counted figures; missing where none is."""
    number = np.add.reduceat(counted.astype(float), first)
    total = np.add.reduceat(np.where(counted, figures, 0.0), first)
    return np.asarray(np.divide(total, number, out=np.full(len(first), np.nan), where=number > 0))
