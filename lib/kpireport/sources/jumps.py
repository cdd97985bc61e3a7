"""Find values of another order of magnitude than their neighbours in a series: a slipped decimal point, or another unit.

A value stands apart from one side of it when it is at least 9.5 times, or at most 1/9.5 of, the median of three values on that
side (of the closer, where there are only two), and at least five times the next one; and when it does not resemble the same
period of the year before or after (a season is no jump). Then

* it is a *fault* when it stands apart from both sides; or as the newest (or oldest) of a steady series, when it is a power of
  ten away; or when a percentage turns into a share (0.643 for 64.3);
* it is a *warning* when it could be true: small figures, a one-sided change, a change that lasts, or a row whose `note`
  accounts for it;
* it is nothing at all when the figures are so small that such changes are usual (2 and 25 deaths).

A cumulative series is compared with the same point of other years, for it begins again each April.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpireport.sources.tables import Findings, Severity, Tables
from kpireport.sources.timeline import neighbour
from kpireport.vocabulary import MeasureType

APART = np.log10(9.5)
APART_FROM_NEXT = np.log10(5.0)
STEADY = np.log10(2.0)
"""A series is steady when its neighbouring values are within a factor of two of one another."""
SMALL, DOUBTFUL = 30, 100
"""Below SMALL last digits (30 people; 3.0%) nothing is said; below DOUBTFUL it is a warning at most."""
SMALL_COUNT = 20
"""A share or a rate whose larger numerator is below this is a small figure too."""


def find(history: pd.DataFrame) -> pd.DataFrame:
    """Return the values that stand apart: one row is one of them, by its row in the sheet, with `is_fault` and `near`.

    `near` is the value before it (after it, for the first). `history` is as `timeline.latest` makes it, less the rows that
    have no value.
    """
    is_cumulative = history["measure_type"].eq(MeasureType.CUMULATIVE)
    point = (history["month"] % 12).where(is_cumulative, 0)
    rows = history.assign(line=history.groupby(["series", point], sort=False).ngroup())
    # Net figures that cross zero have no order of magnitude.
    signs = np.sign(rows["value"]).groupby(rows["line"])
    rows = rows.loc[~((signs.transform("min") < 0) & (signs.transform("max") > 0))]
    rows = rows.sort_values(["line", "month"], kind="stable")
    line, value = rows["line"].to_numpy(), rows["value"].to_numpy()
    size = np.log10(np.where(value == 0, np.nan, np.abs(value)))
    before = np.column_stack([neighbour(size, line, -step) for step in (1, 2, 3)])
    after = np.column_stack([neighbour(size, line, step) for step in (1, 2, 3)])
    known_before, known_after = (~np.isnan(before)).sum(axis=1), (~np.isnan(after)).sum(axis=1)
    is_apart_before, is_apart_after = _is_apart(size, before), _is_apart(size, after)
    is_between = is_apart_before & is_apart_after
    is_last = is_apart_before & (known_after == 0)
    is_first = is_apart_after & (known_before == 0) & (known_after == 3)
    is_shift = is_apart_before & (known_before >= 2) & (known_after > 0) & ~is_apart_after
    around = np.column_stack([before, after])
    chosen = np.flatnonzero(is_between | is_last | is_first | is_shift)
    if not len(chosen):
        return pd.DataFrame({"is_fault": pd.Series(dtype=bool), "near": pd.Series(dtype="float64")}, index=history.index[:0])
    around, here = around[chosen], size[chosen]
    beside = np.where(np.isnan(before[chosen, 0]), after[chosen, 0], before[chosen, 0])
    spread = np.nanmax(around, axis=1) - np.nanmin(around, axis=1)
    known = (~np.isnan(around)).sum(axis=1)
    tens = np.abs(here - np.nanmedian(around, axis=1))
    is_power_of_ten = np.abs(tens - np.round(tens)) <= 0.1
    found = rows.iloc[chosen].assign(near=10**beside)
    digits = np.maximum(np.abs(found["value"]), found["near"]) * 10.0 ** found["decimals"].astype("float64")
    count = found.groupby("line")["numerator"].transform("max")
    is_small = (digits < DOUBTFUL) | (count < SMALL_COUNT)
    is_steady_end = (is_last | is_first)[chosen] & (known >= 3) & (spread <= STEADY) & is_power_of_ten
    is_share = found["unit"].eq("%") & (found["value"].abs() <= 1) & (np.abs(here - beside + 2) <= 0.3)
    is_fault = (is_between[chosen] | is_steady_end | is_share) & ~is_small & found["note"].eq("")
    is_said: pd.Series[bool] = (digits >= SMALL) & ~_is_seasonal(found, rows)
    marked = pd.DataFrame({"is_fault": is_fault, "near": found["near"] * np.sign(found["value"])})
    return marked.drop(index=marked.index[~is_said])


def _is_apart(size: npt.NDArray[np.float64], side: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Return whether each size (a logarithm) is far from those on one side of it, whose first column is the next one."""
    known = (~np.isnan(side)).sum(axis=1)
    away = np.abs(size[:, None] - side)
    # The median of three is the middle one: of their sum without the largest and the smallest.
    middle = np.abs(size - (side.sum(axis=1) - side.max(axis=1) - side.min(axis=1)))
    distance = np.where(known == 3, middle, np.fmin.reduce(away, axis=1))
    return np.asarray((distance >= APART) & (away[:, 0] >= APART_FROM_NEXT))


def _is_seasonal(found: pd.DataFrame, rows: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether each value is of the size of the same series a year before or after."""
    is_like = pd.Series(False, index=found.index)
    values = rows.set_index(["series", "month"])["value"]
    for months in () if found.empty else (-12, 12):
        year_apart = values.reindex(pd.MultiIndex.from_arrays([found["series"], found["month"] + months])).to_numpy()
        with np.errstate(divide="ignore", invalid="ignore"):
            is_like |= np.abs(np.log10(np.abs(year_apart / found["value"].to_numpy()))) < APART
    return is_like


def check(tables: Tables, history: pd.DataFrame, found: pd.DataFrame) -> Findings:
    """Yield a fault or a warning for each value in `found`, as `find` returns it."""
    for row, is_fault, near in found.itertuples():
        value, unit = history.loc[row, ["value", "unit"]]
        text = f"value {value:g}, of another order of magnitude than {near:g} beside it"
        remedy = "Correct the value; if it is right, account for it in note."
        if unit == "%" and abs(value) <= 1 and abs(near) > 9.5:
            remedy = f"Write {value * 100:g} if {value * 100:g}% is meant; if the value is right, account for it in note."
        expected = f"values of one scale, in the KPI's unit ({unit})"
        yield Severity.FAULT if is_fault else Severity.WARNING, tables["results"].finding(row, "value", text, expected, remedy)
