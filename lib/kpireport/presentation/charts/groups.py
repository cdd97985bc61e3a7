"""A KPI among groups of people: the most deprived tenth of the place against everyone."""

from typing import Any

import altair as alt
import pandas as pd

from kpireport import periods
from kpireport.presentation import findings, theme
from kpireport.presentation.axes import axis_of, month_number, spread, text_width, wrap
from kpireport.presentation.blocks import Chart
from kpireport.presentation.charts.marks import (
    Note,
    Place,
    Words,
    boxes,
    kpi_figure,
    labels,
    said,
    short_figure,
    span,
    specification,
    stacked,
    times,
    unbroken_runs,
    values_up,
)
from kpireport.presentation.data_table import figures as data_table
from kpireport.presentation.theme import CHART_WIDTH, NORMAL
from kpireport.presentation.wording import Row
from kpireport.presentation.wording import rows as rows_of
from kpireport.vocabulary import ALL_PEOPLE

HEIGHT, HEAD, FOOT, BAR, BETWEEN, LINE = 210, 12, 34, 20, 12, 17
COLOURS = (theme.DARK_PINK, theme.TURQUOISE, theme.ORANGE)
"""Colours of the groups; everyone is dark blue, like the council elsewhere."""
NAME_WIDTH, NOTE_WIDTH = 150, 100
"""Pixels for the name of a group before its bar, and at the end of its line; each may take several lines."""
MOST_LINES = 3
"""Lines that can be named at their ends without touching."""


def deprivation_gap(kpi: Row, contrast: pd.DataFrame, council: Place | None = None) -> Chart:
    """Return a KPI among groups of people: a few lines over time, or bars for the last period that most groups share.

    `contrast` has one row for one group and period: group, period, value, producer.
    """
    months = [month_number(periods.parse(str(text))) for text in contrast["period"]]
    rows = contrast.assign(month=months).dropna(subset="value").sort_values("month", kind="stable")
    groups = sorted(dict.fromkeys(str(group) for group in rows.sort_index()["group"]), key=lambda group: group == ALL_PEOPLE)
    names = {group: _name(group, council.place if council else "") for group in groups}
    bare = {group: name.removeprefix("the ") for group, name in names.items()}
    capitals = {group: f"{name[:1].upper()}{name[1:]}" for group, name in bare.items()}
    is_over_time = rows.groupby("group")["month"].nunique().min() > 1 and len(groups) <= MOST_LINES
    if not is_over_time:
        rows = rows[rows["period"] == findings.last_shared_period(rows)]
    draw = _lines if is_over_time else _bars
    table = pd.DataFrame(
        {
            "Group": rows["group"].map(capitals),
            "Period": rows["period"],
            "Result": [kpi_figure(kpi, value) for value in rows["value"]],
        }
    )
    return Chart(
        spec=draw(kpi, rows, capitals),
        title=findings.gap_title(kpi, rows, names),
        subtitle="; ".join(filter(None, [f"{findings.unit(kpi)}, {span(rows['period'])}", findings.good_way(kpi)])),
        source=findings.source(rows["producer"], of_kpi=str(kpi["source"])),
        alt=findings.gap_alt(kpi, rows, capitals),
        data=data_table(table, f"{kpi['kpi_name']} by group of people"),
    )


def _name(group: str, place: str) -> str:
    """Return a group of people as a sentence names it: "the most deprived tenth of Leeds", "women in Leeds"."""
    if group == ALL_PEOPLE:
        return place or "everyone"
    if "deprived" in group:
        return f"the {group} of {place}" if place else f"the {group}"
    return f"{group} in {place}" if place else group


def _colours(names: dict[str, str]) -> dict[str, str]:
    others = [group for group in names if group != ALL_PEOPLE]
    return {group: COLOURS[place % len(COLOURS)] for place, group in enumerate(others)} | {ALL_PEOPLE: theme.DARK_BLUE}


def _lines(kpi: Row, rows: pd.DataFrame, names: dict[str, str]) -> dict[str, Any]:
    axis, colours = axis_of(list(rows["value"]), str(kpi["unit"])), _colours(names)
    ends = rows.drop_duplicates("group", keep="last")
    last = rows["period"].iloc[-1]
    wrapped = [
        [*wrap(names[group], NOTE_WIDTH), short_figure(kpi, value) + ("" if period == last else f" ({period})")]
        for group, value, period in zip(ends["group"], ends["value"], ends["period"], strict=True)
    ]
    left = max(text_width(text) for text in axis.labels) + 12
    right = max(text_width(line) for lines in wrapped for line in lines) * 1.08 + 16
    width = CHART_WIDTH - round(left) - round(right)
    foot, y = times(list(rows["period"]), width, left=left), values_up(axis)
    colour = alt.Color("group:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=None)
    numbered: pd.DataFrame = pd.concat(
        own.assign(
            run=[f"{group} {run}" for run in unbroken_runs(kpi, list(own["period"]), list(own["value"]))],
            said=[_said(kpi, names, row) for row in rows_of(own)],
        )
        for group, own in rows.groupby("group", sort=False)
    )
    base = alt.Chart(numbered[["month", "value", "group", "run", "said"]]).encode(x=foot.x, y=y, color=colour)
    layers = [
        base.mark_line().encode(detail=alt.Detail("run:N")),
        base.mark_point(filled=True, size=40, opacity=1).encode(description=said()),
    ]
    words: list[Words] = []
    tall = LINE * max(map(len, wrapped)) + 4
    levels = spread([axis.pixel(float(value), HEIGHT) for value in ends["value"]], tall, low=14, high=HEIGHT - 14)
    for group, lines, level in zip(ends["group"], wrapped, levels, strict=True):
        *named, figure = stacked(lines, level, colour=theme.SERIES_TEXTS[colours[group]])
        words += [(note, width + 10) for note in (*named, figure._replace(weight="bold"))]
    layers += labels(words)
    return specification(layers, width=width, height=HEIGHT, left=left, top=HEAD, right=right, bottom=FOOT)


def _bars(kpi: Row, rows: pd.DataFrame, names: dict[str, str]) -> dict[str, Any]:
    rows = rows.sort_values("group", key=lambda groups: groups.map(list(names).index), kind="stable")
    shown = [short_figure(kpi, value) for value in rows["value"]]
    wrapped = [wrap(names[group], NAME_WIDTH) for group in rows["group"]]
    left = max(text_width(line) for lines in wrapped for line in lines) + 14
    right = max(text_width(text) for text in shown) * 1.08 + 16
    width = CHART_WIDTH - round(left) - round(right)
    low, high = min(0.0, float(rows["value"].min())), max(0.0, float(rows["value"].max()))
    unit = width / (high - low) if high > low else 0.0
    bars, words, top = [], list[Words](), 0.0
    for row, lines, text in zip(rows_of(rows), wrapped, shown, strict=True):
        height = max(BAR, LINE * len(lines)) + BETWEEN
        level = top + height / 2
        ends = sorted((-low * unit, (float(row["value"]) - low) * unit))
        bars.append(
            {
                "left": ends[0],
                "right": ends[1],
                "top": level - BAR / 2,
                "bottom": level + BAR / 2,
                "colour": theme.DARK_BLUE if row["group"] == ALL_PEOPLE else COLOURS[0],
                "said": _said(kpi, names, row),
            }
        )
        words += [(note, -8, "right") for note in stacked(lines, level)]
        words.append((Note(text, level, NORMAL, "bold"), max(ends[1], -low * unit) + 6))
        top += height
    return specification([*boxes(bars), *labels(words)], width=width, height=top, left=left, top=4, right=right, bottom=6)


def _said(kpi: Row, names: dict[str, str], row: Row) -> str:
    return f"{names[str(row['group'])]}, {row['period']}: {kpi_figure(kpi, row['value'])}"
