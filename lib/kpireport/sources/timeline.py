"""Lay the KPI Data Record along the calendar: the latest vintage of each value, series by series, in order of time."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpireport.periods import parse
from kpireport.sources.tables import Tables

SERIES = ["kpi_id", "area", "group"]
_OF_KPI = ["kpi_id", "kind", "unit", "decimals", "measure_type", "frequency", "period_kind"]


def on_calendar(text: "pd.Series[str]") -> pd.DataFrame:
    """Return `start`, `end` (days) and `kind` of the periods written in `text`; missing and "" where it is empty."""
    codes, different = pd.factorize(text)
    periods = [parse(one) if one else None for one in different]
    frame = pd.DataFrame(
        {
            "start": pd.Series([period and np.datetime64(period.start, "s") for period in periods], dtype="datetime64[s]"),
            "end": pd.Series([period and np.datetime64(period.end, "s") for period in periods], dtype="datetime64[s]"),
            "kind": pd.Series([str(period.kind) if period else "" for period in periods], dtype="str"),
        }
    )
    return frame.take(codes).set_axis(text.index)


def sound_results(tables: Tables) -> pd.DataFrame:
    """Return the sound rows of the record whose KPI is known, with its KPI's unit and type, and columns of time and `series`.

    The index is the row in the sheet; `start` and `end` are of the row's own period, `period_is` is its kind, and `series` is a
    number for each KPI, area and group.
    """
    results, kpis = tables["results"].sound, tables["kpis"].sound
    calendar = on_calendar(results["period"]).rename(columns={"kind": "period_is"})
    known = kpis.drop_duplicates("kpi_id")[_OF_KPI]
    joined = results.join(calendar).reset_index().merge(known, on="kpi_id", how="inner", validate="m:1")
    return joined.assign(series=joined.groupby(SERIES, sort=False).ngroup()).set_index("row")


def latest(results: pd.DataFrame) -> pd.DataFrame:
    """Return the latest vintage of each result, sorted by series and time.

    One row is one result, with or without a value, of one series in one period of the KPI's own kind; `month` counts months, so
    that a year earlier is 12 less.
    """
    rows = results.loc[results["period_is"].eq(results["period_kind"])]
    rows = rows.assign(month=rows["end"].dt.year * 12 + rows["end"].dt.month - 1)
    rows = rows.sort_values(["series", "month", "vintage"], kind="stable")
    return rows.drop_duplicates(["series", "month"], keep="last")


def neighbour(values: npt.NDArray[Any], groups: npt.NDArray[Any], step: int) -> npt.NDArray[Any]:
    """Return for each value the one `step` places on in the same group (before it when negative), or NaN.

    Rows of one group stand together.
    """
    found = np.full(len(values), np.nan)
    if 0 < step < len(values):
        found[:-step] = np.where(groups[step:] == groups[:-step], values[step:], np.nan)
    elif 0 < -step < len(values):
        found[-step:] = np.where(groups[:step] == groups[-step:], values[:step], np.nan)
    return found


def written(numbers: "pd.Series[Any]") -> "pd.Series[str]":
    """Return numbers as text, as people write them."""
    return pd.Series([f"{number:.12g}" for number in numbers], index=numbers.index, dtype="str")


def written_days(days: "pd.Series[Any]") -> "pd.Series[str]":
    """Return days as text, such as 01/04/2024."""
    return pd.Series([f"{day:%d/%m/%Y}" for day in days], index=days.index, dtype="str")
