"""The year of the timetable at a glance: one lane for each reader, a mark for each of their dates."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from kpireport.presentation import phrases, theme
from kpireport.presentation.blocks import Chart
from kpireport.presentation.charts.marks import ONE, Note, Words, at, labels, pixels, said, specification
from kpireport.presentation.data_table import figures as data_table
from kpireport.presentation.theme import CHART_WIDTH, SMALL

LANE, NAME, TOP, EDGE = 48, 22, 30, 6
"""Pixels for a lane, for its name above its marks, above the first, and at the left and right."""
MEETING, DEADLINE = theme.TURQUOISE, theme.DARK_BLUE


def year_dates(dates: pd.DataFrame, readers: Mapping[str, str], *, first: date, last: date, on: date) -> Chart:
    """Return the dates of a year as marks: circles for meetings, upright strokes for deadlines.

    Parameters
    ----------
    dates
        One row is one meeting or deadline, with `on`, `reader`, `is_meeting` and `what` happens; at least one.
    readers
        The name of each reader, in the order of the lanes.
    first, last
        The year's first day and its last.
    on
        The day of the report, marked where it is within the year.
    """
    lanes = {reader: name for reader, name in readers.items() if dates["reader"].eq(reader).any()}
    width, height = CHART_WIDTH - 2 * EDGE, LANE * len(lanes)
    per_day = width / ((last - first).days + 1)
    levels = {reader: LANE * place + NAME + (LANE - NAME) / 2 for place, reader in enumerate(lanes)}
    marks = [
        {
            "x": round(((day.date() - first).days + 0.5) * per_day, 1),
            "y": levels[reader],
            "top": levels[reader] - 9,
            "foot": levels[reader] + 9,
            "said": f"{phrases.day(day)}: {what}",
        }
        for day, reader, what in zip(dates["on"], dates["reader"], dates["what"], strict=True)
    ]
    is_meeting = list(dates["is_meeting"])
    layers: list[Any] = [*_months(first, per_day, height), *_lanes(lanes, levels, width)]
    layers += _today(on, first, last, per_day, height)
    layers.append(_strokes([mark for mark, meets in zip(marks, is_meeting, strict=True) if not meets]))
    layers.append(_circles([mark for mark, meets in zip(marks, is_meeting, strict=True) if meets]))
    counts = _counts(dates, lanes)
    return Chart(
        spec=specification(layers, width=width, height=height, left=EDGE, top=TOP, right=EDGE, bottom=6),
        title=_title(dates),
        subtitle="Circles are meetings, upright strokes are deadlines",
        source="Source: the council's meetings, and the rules by which deadlines are counted",
        alt=_alt(counts),
        data=data_table(counts, "Number of dates by month and reader"),
    )


def _months(first: date, per_day: float, height: float) -> list[Any]:
    """Return each month's name over its days, and a thin line before it."""
    begins = [date(first.year + (first.month - 1 + ahead) // 12, (first.month - 1 + ahead) % 12 + 1, 1) for ahead in range(12)]
    places = [round((begin - first).days * per_day, 1) for begin in begins]
    strokes = [{"x": x, "top": -18.0, "bottom": height} for x in places]
    names: list[Words] = [
        (Note(f"{begin:%b}", -12, SMALL, "normal", theme.MUTED), x + 2) for begin, x in zip(begins, places, strict=True)
    ]
    return [_upright(strokes, color=theme.GRID), *labels(names)]


def _upright(strokes: Sequence[dict[str, Any]], **style: Any) -> Any:
    mark = alt.Chart(alt.InlineData(values=list(strokes))).mark_rule(**style)
    return mark.encode(x=pixels("x"), y=pixels("top"), y2=alt.Y2("bottom:Q"))


def _lanes(lanes: Mapping[str, str], levels: Mapping[str, float], width: float) -> list[Any]:
    level = alt.Chart(alt.InlineData(values=[{"left": 0, "right": width, "y": levels[reader]} for reader in lanes]))
    rule = level.mark_rule(color=theme.GRID).encode(x=pixels("left"), x2=alt.X2("right:Q"), y=pixels("y"))
    return [rule, *labels((Note(name, levels[reader] - (LANE - NAME) / 2 - NAME / 2 + 2), 0.0) for reader, name in lanes.items())]


def _today(on: date, first: date, last: date, per_day: float, height: float) -> list[Any]:
    if not first < on < last:
        return []
    x = round(((on - first).days + 0.5) * per_day, 1)
    rule = alt.Chart(ONE).mark_rule(color=theme.ORANGE, strokeWidth=2)
    return [rule.encode(x=at("x", x), y=at("y", 0), y2=at("y2", height))]


def _circles(values: Sequence[dict[str, Any]]) -> Any:
    mark = alt.Chart(alt.InlineData(values=[{name: row[name] for name in ("x", "y", "said")} for row in values]))
    circle = mark.mark_circle(size=80, color=MEETING, opacity=1, stroke=theme.PAPER, strokeWidth=0.75)
    return circle.encode(x=pixels("x"), y=pixels("y"), description=said())


def _strokes(values: Sequence[dict[str, Any]]) -> Any:
    mark = alt.Chart(alt.InlineData(values=[{name: row[name] for name in ("x", "top", "foot", "said")} for row in values]))
    return mark.mark_rule(color=DEADLINE, strokeWidth=2.5).encode(
        x=pixels("x"), y=pixels("top"), y2=alt.Y2("foot:Q"), description=said()
    )


def _title(dates: pd.DataFrame) -> str:
    by_month = dates.groupby(dates["on"].dt.to_period("M")).size()
    most = by_month[by_month == by_month.max()]
    names = phrases.join(phrases.LONG_MONTHS[month.month - 1] for month in most.index)
    counted = f"{phrases.count(len(dates), 'date')} in the year"
    have = "has" if len(most) == 1 else "have"
    return f"{counted}; {names} {have} most, {int(by_month.max())}" if len(by_month) > 1 else counted


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
    totals = [f"{name} {int(counts[name].sum())}" for name in readers]
    busiest = [f"{row['Month']} {sum(int(row[name]) for name in readers)}" for row in counts.to_dict("records")]
    return f"Dates by reader: {phrases.join(totals)}. By month: {phrases.join(busiest)}."
