"""The year of the timetable at a glance: one lane for each reader, a mark for each of their dates."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from kpireport.presentation import phrases, theme
from kpireport.presentation.axes import text_width
from kpireport.presentation.blocks import Chart
from kpireport.presentation.charts.marks import ONE, Note, at, label, specification
from kpireport.presentation.data_table import figures as data_table
from kpireport.presentation.theme import CHART_WIDTH, SMALL

LANE, TOP = 34, 30
"""Pixels for a lane, and above the first."""
MEETING, DEADLINE = theme.TURQUOISE, theme.DARK_BLUE


def year_dates(dates: pd.DataFrame, readers: Mapping[str, str], *, first: date, last: date, on: date) -> Chart:
    """Return the dates of a year as marks: circles for meetings, upright strokes for deadlines.

    Parameters
    ----------
    dates
        One row is one meeting or deadline, with `on`, `reader` and `is_meeting`; at least one.
    readers
        The name of each reader, in the order of the lanes.
    first, last
        The year's first day and its last.
    on
        The day of the report, marked where it is within the year.
    """
    lanes = {reader: name for reader, name in readers.items() if dates["reader"].eq(reader).any()}
    left = max(map(text_width, lanes.values())) + 14
    width, height = CHART_WIDTH - round(left) - 12, LANE * len(lanes)
    per_day = width / ((last - first).days + 1)
    levels = {reader: LANE * (place + 0.5) for place, reader in enumerate(lanes)}
    marks = [
        {
            "x": round(((day.date() - first).days + 0.5) * per_day, 1),
            "y": levels[reader],
            "top": levels[reader] - 8,
            "foot": levels[reader] + 8,
        }
        for day, reader in zip(dates["on"], dates["reader"], strict=True)
    ]
    is_meeting = list(dates["is_meeting"])
    layers: list[Any] = [*_months(first, last, per_day, height), *_lanes(lanes, levels, width)]
    layers += _today(on, first, last, per_day, height)
    layers.append(_strokes([mark for mark, meets in zip(marks, is_meeting, strict=True) if not meets], width, height))
    layers.append(_circles([mark for mark, meets in zip(marks, is_meeting, strict=True) if meets], width, height))
    counts = _counts(dates, lanes)
    return Chart(
        spec=specification(layers, width=width, height=height, left=left, top=TOP, right=10, bottom=6),
        title=_title(dates),
        subtitle="Circles are meetings, upright strokes are deadlines",
        source="",
        alt=_alt(counts),
        data=data_table(counts, "Number of dates by month and reader"),
    )


def _months(first: date, last: date, per_day: float, height: float) -> list[Any]:
    """Return each month's name over its days, and a thin line before it."""
    begins = [date(first.year + (first.month - 1 + ahead) // 12, (first.month - 1 + ahead) % 12 + 1, 1) for ahead in range(12)]
    layers = []
    for begin in begins:
        x = round((begin - first).days * per_day, 1)
        rule = alt.Chart(ONE).mark_rule(color=theme.GRID)
        layers.append(rule.encode(x=at("x", x), y=at("y", -18), y2=at("y2", height)))
        layers.append(label(Note(f"{begin:%b}", -12, SMALL, "normal", theme.MUTED), x + 4))
    return layers


def _lanes(lanes: Mapping[str, str], levels: Mapping[str, float], width: float) -> list[Any]:
    layers = []
    for reader, name in lanes.items():
        layers.append(label(Note(name, levels[reader]), -10, align="right"))
        rule = alt.Chart(ONE).mark_rule(color=theme.GRID)
        layers.append(rule.encode(y=at("y", levels[reader]), x=at("x", 0), x2=at("x2", round(width))))
    return layers


def _today(on: date, first: date, last: date, per_day: float, height: float) -> list[Any]:
    if not first < on < last:
        return []
    x = round(((on - first).days + 0.5) * per_day, 1)
    rule = alt.Chart(ONE).mark_rule(color=theme.ORANGE, strokeWidth=2)
    return [rule.encode(x=at("x", x), y=at("y", 0), y2=at("y2", height))]


def _pixels(length: float) -> alt.Scale:
    """Return the scale of a side whose values are pixels already."""
    return alt.Scale(domain=[0, round(length)], range=[0, round(length)], nice=False, zero=False)


def _circles(values: Sequence[dict[str, Any]], width: float, height: float) -> Any:
    mark = alt.Chart(alt.InlineData(values=list(values))).mark_circle(size=80, color=MEETING, opacity=1)
    return mark.encode(x=alt.X("x:Q", scale=_pixels(width), axis=None), y=alt.Y("y:Q", scale=_pixels(height), axis=None))


def _strokes(values: Sequence[dict[str, Any]], width: float, height: float) -> Any:
    mark = alt.Chart(alt.InlineData(values=list(values))).mark_rule(color=DEADLINE, strokeWidth=2.5)
    across, down = alt.X("x:Q", scale=_pixels(width), axis=None), alt.Y("top:Q", scale=_pixels(height), axis=None)
    return mark.encode(x=across, y=down, y2=alt.Y2("foot:Q"))


def _title(dates: pd.DataFrame) -> str:
    by_month = dates.groupby(dates["on"].dt.to_period("M")).size()
    most = by_month[by_month == by_month.max()]
    names = phrases.join(phrases.LONG_MONTHS[month.month - 1] for month in most.index)
    said = f"{phrases.count(len(dates), 'date')} in the year"
    return f"{said}; {names} {'has' if len(most) == 1 else 'have'} most, {int(by_month.max())}" if len(by_month) > 1 else said


def _counts(dates: pd.DataFrame, lanes: Mapping[str, str]) -> pd.DataFrame:
    """Return the number of dates: one row is one month, with a column for each reader."""
    months = dates["on"].dt.to_period("M")
    rows = [
        {"Month": f"{phrases.LONG_MONTHS[month.month - 1]} {month.year}"}
        | {name: int((months.eq(month) & dates["reader"].eq(reader)).sum()) for reader, name in lanes.items()}
        for month in months.drop_duplicates()
    ]
    return pd.DataFrame(rows)


def _alt(counts: pd.DataFrame) -> str:
    readers = [str(name) for name in counts.columns[1:]]
    said = [f"{name} {int(counts[name].sum())}" for name in readers]
    busiest = [f"{row['Month']} {sum(int(row[name]) for name in readers)}" for row in counts.to_dict("records")]
    return f"Dates by reader: {phrases.join(said)}. By month: {phrases.join(busiest)}."
