"""How sure a percentage or a rate is: 95% confidence intervals from what was counted and what it was counted over.

Source: the methods of Fingertips (Office for Health Improvement and Disparities): Wilson's score interval for proportions, Byar's
approximation for rates, and the exact Poisson interval where fewer than 10 were counted, for which Byar's is not good enough.
"""

import re

import numpy as np
import pandas as pd
from scipy.special import gammaincinv, ndtri

CONFIDENCE = 0.95
EXACT_BELOW = 10
"""Rates of fewer events than this have the exact interval; of this many or more, Byar's."""
_PER = re.compile(r"(?:rate )?per ([0-9][0-9,]*)\b")
_TAIL = (1 - CONFIDENCE) / 2
_Z = float(ndtri(1 - _TAIL))
_AGREEMENT = 0.01
"""Counts agree with a value that they give to within this share of it, or one unit of its last decimal."""


def multipliers(units: pd.Series) -> np.ndarray:
    """Return what a share is multiplied by to be in each unit: 100 for "%", 10,000 for "per 10,000"; missing for other units.

    A unit "per N" is read to the end of its number, so that "per 1,000 residents" is 1,000. Money per head is no rate of events.
    """
    codes, unique = pd.factorize(units)
    return np.array([*map(_multiplier, unique), np.nan])[codes]


def _multiplier(unit: str) -> float:
    found = _PER.match(unit)
    per = float(found[1].replace(",", "")) if found else 0.0
    return 100.0 if unit == "%" else per if per > 0 else np.nan


def wilson(numerator: np.ndarray, denominator: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and upper end of Wilson's score interval of each proportion, between 0 and 1.

    Formula, for p = x / n: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n), z = 1.96. Source: E. B. Wilson, Journal of the
    American Statistical Association 22 (1927). Missing where either count is, where n is 0 or negative, or x is outside 0 to n.
    None of n ends at exactly 0, all of n at exactly 1.
    """
    valid = (denominator > 0) & (numerator >= 0) & (numerator <= denominator)
    x, n = np.where(valid, numerator, np.nan), np.where(valid, denominator, np.nan)
    p, scale = x / n, 1 + _Z**2 / n
    centre = (p + _Z**2 / (2 * n)) / scale
    half = _Z * np.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / scale
    return np.where(x == 0, 0.0, centre - half), np.where(x == n, 1.0, centre + half)


def poisson(events: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and upper end of the interval of each number of events.

    Formula for x >= 10 (Byar): x (1 - 1/9x - z/3√x)³ and (x+1) (1 - 1/9(x+1) + z/3√(x+1))³, z = 1.96; for x < 10 (exact): half
    the 2.5% point of chi-squared on 2x degrees of freedom, and half the 97.5% point on 2x + 2. Source: N. E. Breslow and
    N. E. Day, Statistical Methods in Cancer Research II (1987). Missing where the number is, or is negative; no events: from 0.
    """
    x = np.where(events >= 0, events, np.nan)
    few = x < EXACT_BELOW
    many, some = np.where(few, EXACT_BELOW, x), np.where(few, x, 0.0)
    byar_lower = many * (1 - 1 / (9 * many) - _Z / (3 * np.sqrt(many))) ** 3
    byar_upper = (many + 1) * (1 - 1 / (9 * (many + 1)) + _Z / (3 * np.sqrt(many + 1))) ** 3
    # Half a chi-squared on 2x degrees of freedom is a gamma of shape x.
    exact_lower = np.where(some > 0, gammaincinv(np.where(some > 0, some, 1.0), _TAIL), 0.0)
    exact_upper = gammaincinv(some + 1, 1 - _TAIL)
    return np.where(few, exact_lower, byar_lower), np.where(few, exact_upper, byar_upper)


def shares(figures: pd.DataFrame) -> np.ndarray:
    """Return each figure as its counts give it, in its unit; missing where they cannot be used.

    `figures` has one row for one figure: `value`, `numerator`, `denominator`, `unit`, `decimals`. Counts cannot be used when one
    is missing or negative, the denominator is 0, a percentage has a numerator above its denominator, the unit is neither % nor
    "per N", or they do not give the value (within 1% of it or one unit of its last decimal): they then count something else, as
    behind a standardised rate.
    """
    numerator, denominator, value = (figures[name].to_numpy(dtype=float) for name in ("numerator", "denominator", "value"))
    is_percent = figures["unit"].eq("%").to_numpy()
    usable = (numerator >= 0) & (denominator > 0) & np.isfinite(numerator) & np.isfinite(denominator)
    usable &= ~is_percent | (numerator <= denominator)
    share = multipliers(figures["unit"]) * np.divide(numerator, denominator, out=np.full(len(figures), np.nan), where=usable)
    unit_of_last_decimal = 10.0 ** -figures["decimals"].to_numpy(dtype=float)
    agrees = np.abs(share - value) <= np.fmax(_AGREEMENT * np.abs(value), unit_of_last_decimal * (1 + 1e-9))
    return np.where(agrees, share, np.nan)


def intervals(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the 95% confidence interval of each figure from its counts, in its unit.

    One row is one figure, indexed alike: `share`, the figure as its counts give it, unrounded; `lower_95`, `upper_95`; and
    `interval_method`: wilson (unit %), byar or exact (unit "per N"), or "" where the counts cannot be used (see `shares`).
    """
    share = shares(figures)
    known = np.isfinite(share)
    numerator, denominator = (
        np.where(known, figures[name].to_numpy(dtype=float), np.nan) for name in ("numerator", "denominator")
    )
    by = multipliers(figures["unit"])
    is_percent = figures["unit"].eq("%").to_numpy()
    proportion, events = wilson(numerator, denominator), poisson(numerator)
    lower, upper = (by * np.where(is_percent, proportion[end], events[end] / denominator) for end in (0, 1))
    method = np.select([~known, is_percent, numerator < EXACT_BELOW], ["", "wilson", "exact"], "byar")
    return pd.DataFrame(
        {
            "share": share,
            "lower_95": lower,
            "upper_95": upper,
            "interval_method": pd.Series(method, index=figures.index, dtype="str"),
        },
        index=figures.index,
    )
