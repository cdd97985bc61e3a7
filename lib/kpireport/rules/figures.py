"""Arithmetic on figures as they are written: exact at decimal boundaries, where binary numbers are not.

A figure of the register is a decimal that a person typed. Its binary number stands for the shortest decimal that reads back as
the same number (its `repr`), so 0.8 - 0.1 is 0.7 here and 2.675 rounds to 2.68.
"""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd

_SCALES = np.array([10.0**places for places in range(16)])
_as_written = np.frompyfunc(lambda number: Decimal(repr(number)), 1, 1)


def _decimals(figures: pd.Series) -> np.ndarray:
    return np.asarray(_as_written(figures.to_numpy(dtype=float).astype(object)))


def round_half_away(figures: pd.Series, decimals: pd.Series) -> pd.Series:
    """Return each figure rounded to its own number of decimals, halves away from zero: 2.675 to 2.68, -0.5 to -1.

    Missing figures stay missing. Only figures within the error of one multiplication of a half are settled one at a time.
    Source: the rating contract, part 2, rule 1.
    """
    size = np.abs(figures.to_numpy(dtype=float))
    scale = _SCALES[decimals.to_numpy(dtype=int)]
    scaled = size * scale
    rounded = np.floor(scaled + 0.5) / scale
    near_half = np.flatnonzero(np.abs(scaled - np.floor(scaled) - 0.5) <= 4 * np.finfo(float).eps * scaled)
    places = decimals.to_numpy(dtype=int)
    for row in near_half:
        unit = Decimal(1).scaleb(-int(places[row]))
        rounded[row] = float(Decimal(repr(float(size[row]))).quantize(unit, rounding=ROUND_HALF_UP))
    # Adding zero turns a rounded -0.04 from "minus nothing" into nothing.
    return pd.Series(np.copysign(rounded, figures.to_numpy(dtype=float)) + 0.0, index=figures.index)


def minus(figures: pd.Series, others: pd.Series) -> pd.Series:
    """Return the difference of two figures, exact in decimals; missing when either is."""
    return pd.Series((_decimals(figures) - _decimals(others)).astype(float), index=figures.index)


def percent_of(figures: pd.Series, percent: pd.Series) -> pd.Series:
    """Return a percentage of the size of each figure, exact in decimals: 2.5% of -40 is 1."""
    hundredths = _decimals(percent) * Decimal("0.01")
    return pd.Series((np.abs(_decimals(figures)) * hundredths).astype(float), index=figures.index)
