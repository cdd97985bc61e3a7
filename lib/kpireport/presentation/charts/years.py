"""A financial year against the one before: how many KPIs had each rating, and which figures changed most."""

from collections.abc import Sequence
from dataclasses import replace

import altair as alt
import pandas as pd

from kpireport.presentation import findings, theme, year_wording
from kpireport.presentation.axes import text_width, wrap
from kpireport.presentation.blocks import Chart
from kpireport.presentation.charts.marks import ONE, Note, at, label, specification
from kpireport.presentation.charts.ratings import rag_by_directorate
from kpireport.presentation.data_table import figures as data_table
from kpireport.presentation.theme import CHART_WIDTH, NORMAL, SMALL

ROW, LINE = 42, 16
NAME_WIDTH = 210
"""Pixels for a KPI's name, which may take two lines."""
SIDES = {"improving": theme.TURQUOISE, "worsening": theme.ORANGE}
"""Changes for the better run to the right, those for the worse to the left."""


def rag_by_year(counts: pd.DataFrame) -> Chart:
    """Return stacked bars of ratings at the end of two years; `counts` is by `year`, the earlier first."""
    names = {str(year): f"End of {year}" for year in counts["year"].drop_duplicates()}
    drawn = rag_by_directorate(counts, pd.DataFrame({"year": list(names), "year_name": list(names.values())}))
    return replace(
        drawn,
        title=year_wording.greens_by_year(counts),
        subtitle="Number of KPIs, each year as its last quarterly report showed it; the two bases are counted apart",
    )


def largest_changes(improvements: pd.DataFrame, declines: pd.DataFrame) -> Chart:
    """Return bars of the year's largest changes in proportion to the figure a year before, better ones to the right.

    Both frames have one row for one KPI, largest first, with `year_change_share`, `year_change` and `year_direction`.
    """
    rows = pd.concat([improvements, declines.iloc[::-1]], ignore_index=True)
    shown = [year_wording.proportion(row) for _, row in rows.iterrows()]
    names = [_name_lines(str(name)) for name in rows["kpi_name"]]
    left = max(text_width(line) for lines in names for line in lines) + 14
    beside = max(map(text_width, shown)) + 10
    width, height = CHART_WIDTH - round(left) - 12, ROW * len(rows)
    is_better = rows["year_direction"] == "improving"
    most = {way: float(rows.loc[side, "year_change_share"].max()) if side.any() else 0.0 for way, side in _sides(is_better)}
    room = width - beside * sum(1 for size in most.values() if size)
    unit = room / sum(most.values())
    middle = most["worsening"] * unit + (beside if most["worsening"] else 0)
    marks = [
        mark
        for place, (row, text) in enumerate(zip(rows.to_dict("records"), shown, strict=True))
        for mark in _bar(place, float(row["year_change_share"]) * unit, middle, text, str(row["year_direction"]))
    ]
    rule = alt.Chart(ONE).mark_rule(color=theme.AXIS)
    heads = []
    if most["worsening"]:
        heads.append(label(Note("Worse", -12, SMALL, "bold", theme.SERIES_TEXTS[SIDES["worsening"]]), middle - 8, align="right"))
    if most["improving"]:
        heads.append(label(Note("Better", -12, SMALL, "bold", theme.SERIES_TEXTS[SIDES["improving"]]), middle + 8))
    return Chart(
        spec=specification(
            [
                *marks,
                rule.encode(x=at("x", round(middle, 1)), y=at("y", -20), y2=at("y2", height)),
                *_row_names(names),
                *heads,
            ],
            width=width,
            height=height,
            left=left,
            top=26,
            right=10,
            bottom=6,
        ),
        title=year_wording.largest_changes_title(improvements, declines),
        subtitle="Change in proportion to the figure a year before; better to the right, worse to the left",
        source=findings.source(rows["producer"]),
        alt=year_wording.largest_changes_alt(rows),
        data=data_table(
            pd.DataFrame(
                {
                    "KPI": rows["kpi_name"],
                    "A year before": [year_wording.year_before(row) for _, row in rows.iterrows()],
                    "Outturn": [year_wording.outturn(row) for _, row in rows.iterrows()],
                    "Change": shown,
                }
            ),
            "Largest changes of the year",
        ),
    )


def _sides(is_better: "pd.Series[bool]") -> list[tuple[str, "pd.Series[bool]"]]:
    return [("improving", is_better), ("worsening", ~is_better)]


def _name_lines(name: str) -> list[str]:
    lines = wrap(name, NAME_WIDTH)
    return lines if len(lines) < 3 else [lines[0], f"{lines[1]} …"]


def _row_names(names: Sequence[Sequence[str]]) -> list[alt.Chart]:
    return [
        label(Note(line, ROW * (row + 0.5) + LINE * (number - (len(lines) - 1) / 2)), -10, align="right")
        for row, lines in enumerate(names)
        for number, line in enumerate(lines)
    ]


def _bar(place: int, length: float, middle: float, text: str, way: str) -> list[alt.Chart]:
    """Return one bar from the middle line, with its words at its end."""
    is_right = way == "improving"
    end = middle + length if is_right else middle - length
    level = ROW * (place + 0.5)
    bar = alt.Chart(ONE).mark_rect(color=SIDES[way])
    return [
        bar.encode(
            x=at("x", round(min(middle, end), 1)),
            x2=at("x2", round(max(middle, end), 1)),
            y=at("y", level - 11),
            y2=at("y2", level + 11),
        ),
        label(Note(text, level, NORMAL), end + (6 if is_right else -6), align="left" if is_right else "right"),
    ]
