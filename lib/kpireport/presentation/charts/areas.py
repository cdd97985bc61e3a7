"""A KPI in several areas: the council among others, and the wards of the council."""

from collections.abc import Collection
from typing import Any

import altair as alt
import pandas as pd

from kpireport.presentation import findings, theme
from kpireport.presentation.axes import text_width, wrap
from kpireport.presentation.blocks import Chart
from kpireport.presentation.charts.marks import (
    ONE,
    Note,
    Place,
    Words,
    at,
    boxes,
    kpi_figure,
    label,
    labels,
    short_figure,
    specification,
    stacked,
)
from kpireport.presentation.data_table import figures as data_table
from kpireport.presentation.theme import CHART_WIDTH, NORMAL
from kpireport.presentation.wording import Row, is_missing, named_period
from kpireport.vocabulary import Polarity

BAR, BETWEEN, LINE = 17, 5, 17
"""Height of a bar, space between two, and height of a line of a name, in pixels."""
NAME_WIDTH = 178
"""Pixels for a name, which may take several lines."""
BOLDER = 1.08
"""How much wider bold words are."""
GAP = 6
"""Pixels between a bar and the words beside it."""


def benchmark(kpi: Row, benchmarks: pd.DataFrame, council: Place) -> Chart:
    """Return bars of a KPI in the council and in other areas, best first; an area's period is named where it differs.

    `benchmarks` has one row for one area: area, area_name, comparator_set, period, value, is_council, producer.
    """
    ascending = kpi["polarity"] == Polarity.LOWER_IS_BETTER
    rows = (
        benchmarks.dropna(subset="value").drop_duplicates("area").sort_values(["value", "area_name"], ascending=[ascending, True])
    )
    own = rows[rows["is_council"].astype(bool)]
    main = str((own if len(own) else rows)["period"].iloc[0])
    is_average = ~rows["area"].str.startswith(findings.AUTHORITIES)
    marked = rows.assign(
        name=rows["area_name"].where(rows["period"] == main, rows["area_name"] + " (" + rows["period"] + ")"),
        colour=pd.Series(theme.OTHERS, index=rows.index)
        .mask(is_average, theme.AVERAGE)
        .mask(rows["is_council"], theme.DARK_BLUE),
        weight=pd.Series("normal", index=rows.index).mask(rows["is_council"], "bold"),
    )
    differ = "periods differ, and are named where they do" if (rows["period"] != main).any() else ""
    order = "best first" if findings.good_way(kpi) else "highest first"
    return Chart(
        spec=_bars(kpi, marked, whole=None, whole_name=""),
        title=findings.benchmark_title(kpi, rows, council.place),
        subtitle="; ".join(filter(None, [f"{findings.unit(kpi)}, {named_period(main)}", order, differ])),
        source=findings.source(rows["producer"], of_kpi=str(kpi["source"])),
        alt=findings.benchmark_alt(kpi, rows),
        data=data_table(_table(kpi, rows, "Area"), f"{kpi['kpi_name']} in {council.place} and other areas"),
    )


def wards(kpi: Row, wards_frame: pd.DataFrame, council: Place | None = None, *, own: Collection[str] = frozenset()) -> Chart:
    """Return bars of a KPI in each ward, highest first, with the council's figure where it is of the same period.

    `wards_frame` has one row for one ward: area, area_name, period, value, producer. The reader's `own` wards (codes) stand out.
    """
    rows = wards_frame.dropna(subset="value").sort_values(["value", "area_name"], ascending=[False, True])
    period = str(rows["period"].iloc[0])
    whole = float(kpi["value"]) if str(kpi["period"]) == period and not is_missing(kpi["value"]) else None
    # A count of the whole city lies far beyond its wards'; a share or a rate lies among them, and only then compares.
    if whole is not None and not rows["value"].min() <= whole <= rows["value"].max():
        whole = None
    where = f"wards of {council.place}" if council else "wards"
    is_own = rows["area"].isin(list(own))
    marked = rows.assign(
        name=rows["area_name"],
        colour=pd.Series(theme.OTHERS if is_own.any() else theme.DARK_BLUE, index=rows.index).mask(is_own, theme.DARK_BLUE),
        weight=pd.Series("normal", index=rows.index).mask(is_own, "bold"),
    )
    stands_out = "your wards in bold" if is_own.any() else ""
    return Chart(
        spec=_bars(kpi, marked, whole=whole, whole_name=council.place if council else "All wards"),
        title=findings.wards_title(kpi, rows),
        subtitle="; ".join(
            filter(None, [f"{findings.unit(kpi)}, {where}, {named_period(period)}", findings.good_way(kpi), stands_out])
        ),
        source=findings.source(rows["producer"], of_kpi=str(kpi["source"])),
        alt=findings.wards_alt(kpi, rows),
        data=data_table(_table(kpi, rows, "Ward"), f"{kpi['kpi_name']} by ward"),
    )


def _bars(kpi: Row, rows: pd.DataFrame, *, whole: float | None, whole_name: str) -> dict[str, Any]:
    """Return bars from zero, in the order of `rows`, each with its name before it and its figure at its end."""
    shown = [short_figure(kpi, value) for value in rows["value"]]
    names = [
        wrap(name, NAME_WIDTH / (BOLDER if weight == "bold" else 1))
        for name, weight in zip(rows["name"], rows["weight"], strict=True)
    ]
    left = max(text_width(line) for lines in names for line in lines) * (BOLDER if (rows["weight"] == "bold").any() else 1) + 14
    figures = max(map(text_width, shown)) * BOLDER + 2 * GAP
    # A line for the whole place would run through figures at the bars' ends: they then stand before the bars.
    left, right = (left + figures, 10.0) if whole is not None else (left, figures)
    width = CHART_WIDTH - round(left) - round(right)
    low, high = min(0.0, float(rows["value"].min())), max(0.0, float(rows["value"].max()))
    unit = width / (high - low) if high > low else 0.0
    words: list[Words] = []
    bars, top = [], 0.0
    for row, lines, text in zip(rows.to_dict("records"), names, shown, strict=True):
        height = max(BAR + BETWEEN, LINE * len(lines) + 4)
        level, weight, value = top + height / 2, row["weight"], float(row["value"])
        ends = sorted(((0.0 - low) * unit, (value - low) * unit))
        bars.append(
            {
                "left": ends[0],
                "right": ends[1],
                "top": level - BAR / 2,
                "bottom": level + BAR / 2,
                "colour": row["colour"],
                "said": f"{row['area_name']}, {named_period(str(row['period']))}: {kpi_figure(kpi, value)}",
            }
        )
        words += [(note, -GAP - (figures if whole is not None else 0), "right") for note in stacked(lines, level, weight=weight)]
        note = Note(text, level, NORMAL, weight)
        words.append((note, -GAP, "right") if whole is not None else (note, max(ends[1], (0.0 - low) * unit) + GAP))
        top += height
    lines = [] if whole is None else _whole_line(kpi, whole, whole_name, (whole - low) * unit, top, room=width + right)
    return specification(
        [*boxes(bars), *lines, *labels(words)],
        width=width,
        height=top,
        left=left,
        top=24 if lines else 4,
        right=right,
        bottom=6,
    )


def _whole_line(kpi: Row, whole: float, name: str, x: float, height: float, *, room: float) -> list[Any]:
    """Return the whole place's figure as a line with its name above; `room` is where the drawing ends."""
    rule = alt.Chart(ONE).mark_rule(color=theme.ORANGE, strokeWidth=2)
    note = Note(f"{name} {kpi_figure(kpi, whole)}", -11, NORMAL, "bold")
    return [
        rule.encode(x=at("x", round(x, 1)), y=at("y", -2), y2=at("y2", height)),
        label(note, min(x, room - text_width(note.text) * BOLDER / 2), align="center"),
    ]


def _table(kpi: Row, rows: pd.DataFrame, head: str) -> pd.DataFrame:
    results = [kpi_figure(kpi, value) for value in rows["value"]]
    return pd.DataFrame({head: rows["area_name"], "Period": rows["period"], "Result": results})
