"""Arithmetic on figures as they are written: exact at decimal boundaries, where binary numbers are not.

A figure of the register is a decimal that a person typed. Its binary number stands for the shortest decimal that reads back as
the same number (its `repr`), so 0.8 - 0.1 is 0.7 here and 2.675 rounds to 2.68. Whole columns are worked out at once; the few
rows in which binary numbers could mislead are settled one at a time in decimals.
"""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd

_SCALES = np.array([10.0**places for places in range(16)])
_MILLION = 1e6


def round_half_away(figures: pd.Series, decimals: pd.Series) -> pd.Series:
    """Return each figure rounded to its own number of decimals, halves away from zero: 2.675 to 2.68, -0.5 to -1.

    Missing figures stay missing. Source: the rating contract, part 2, rule 1.
    """
    signed, places = figures.to_numpy(dtype=float), decimals.to_numpy(dtype=int)
    size, scale = np.abs(signed), _SCALES[places]
    scaled = size * scale
    rounded = np.floor(scaled + 0.5) / scale
    # A half may come out of the multiplication a hair above or below itself: 2.675 * 100 is 267.49999999999994.
    near_half = np.abs(scaled - np.floor(scaled) - 0.5) <= 4 * np.finfo(float).eps * scaled
    for row in np.flatnonzero(near_half):
        rounded[row] = float(_written(size[row]).quantize(Decimal(1).scaleb(-int(places[row])), rounding=ROUND_HALF_UP))
    # Adding zero turns a rounded -0.04 from "minus nothing" into nothing.
    return pd.Series(np.copysign(rounded, signed) + 0.0, index=figures.index)


def minus(figures: pd.Series, others: pd.Series) -> pd.Series:
    """Return the difference of two figures, exact in decimals; missing when either is."""
    left, right = figures.to_numpy(dtype=float), others.to_numpy(dtype=float)
    lefts, rights = np.rint(left * _MILLION), np.rint(right * _MILLION)
    difference = (lefts - rights) / _MILLION
    # Up to six decimals and nine digits before them, whole millionths are exact; anything longer is not.
    is_exact = (lefts / _MILLION == left) & (rights / _MILLION == right) & (np.maximum(np.abs(lefts), np.abs(rights)) < 1e15)
    for row in np.flatnonzero(~is_exact & ~np.isnan(left - right)):
        difference[row] = float(_written(left[row]) - _written(right[row]))
    return pd.Series(difference, index=figures.index)


def percent_of(figures: pd.Series, percent: pd.Series) -> pd.Series:
    """Return a percentage of the size of each figure, exact in decimals: 2.5% of -40 is 1. Missing when either is."""
    sizes, shares = figures.abs().to_numpy(dtype=float), percent.to_numpy(dtype=float)
    product = sizes * shares / 100
    for row in np.flatnonzero(~np.isnan(product)):
        product[row] = float(_written(sizes[row]) * _written(shares[row]) / 100)
    return pd.Series(product, index=figures.index)


def _written(figure: float) -> Decimal:
    return Decimal(repr(float(figure)))
