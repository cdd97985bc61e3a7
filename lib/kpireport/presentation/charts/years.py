"""A financial year against the one before: how many KPIs had each rating, and which figures changed most."""

from dataclasses import replace
from typing import Any

import altair as alt
import pandas as pd

from kpireport.presentation import findings, theme, wording, year_wording
from kpireport.presentation.axes import text_width, wrap
from kpireport.presentation.blocks import Chart
from kpireport.presentation.charts.marks import Note, Words, boxes, labels, pixels, specification
from kpireport.presentation.charts.ratings import rag_by_directorate
from kpireport.presentation.data_table import figures as data_table
from kpireport.presentation.theme import CHART_WIDTH, SMALL

EDGE, NAME, BAR, AFTER = 4, 22, 18, 8
"""Pixels: at the left and right, a KPI's name, its bar, and what parts it from the next name."""
ROW = NAME + BAR + AFTER
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
    beside = max(map(text_width, shown)) + 12
    width, height = CHART_WIDTH - 2 * EDGE, ROW * len(rows)
    is_better = rows["year_direction"] == "improving"
    most = {way: float(rows.loc[side, "year_change_share"].max()) if side.any() else 0.0 for way, side in _sides(is_better)}
    room = width - beside * sum(1 for size in most.values() if size)
    unit = room / sum(most.values())
    middle = most["worsening"] * unit + (beside if most["worsening"] else 0)
    bars: list[dict[str, Any]] = []
    words: list[Words] = []
    for place, (row, text) in enumerate(zip(wording.rows(rows), shown, strict=True)):
        is_right = str(row["year_direction"]) == "improving"
        length = float(row["year_change_share"]) * unit
        end, level = (middle + length if is_right else middle - length), ROW * place + NAME + BAR / 2
        name = str(row["kpi_name"])
        # A KPI's name stands above its bar: a phone has no room for it before one.
        words.append((Note(_cut(name, width), ROW * place + NAME / 2), 0.0))
        words.append((Note(text, level), end + (6 if is_right else -6), "left" if is_right else "right"))
        bars.append(
            {
                "left": min(middle, end),
                "right": max(middle, end),
                "top": level - BAR / 2,
                "bottom": level + BAR / 2,
                "colour": SIDES[str(row["year_direction"])],
                "said": f"{name}: {text}, from {year_wording.year_before(row)} to {year_wording.outturn(row)}",
            }
        )
    if most["worsening"]:
        words.append((Note("Worse", -12, SMALL, "bold", theme.SERIES_TEXTS[SIDES["worsening"]]), middle - 8, "right"))
    if most["improving"]:
        words.append((Note("Better", -12, SMALL, "bold", theme.SERIES_TEXTS[SIDES["improving"]]), middle + 8))
    # The line is broken where a name stands.
    strokes = [{"x": middle, "top": -20.0, "bottom": 0.0}]
    strokes += [{"x": middle, "top": ROW * place + NAME, "bottom": ROW * place + NAME + BAR} for place in range(len(rows))]
    rule = alt.Chart(alt.InlineData(values=strokes)).mark_rule(color=theme.AXIS)
    return Chart(
        spec=specification(
            [*boxes(bars), rule.encode(x=pixels("x"), y=pixels("top"), y2=alt.Y2("bottom:Q")), *labels(words)],
            width=width,
            height=height,
            left=EDGE,
            top=26,
            right=EDGE,
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


def _cut(name: str, room: float) -> str:
    """Return as many words of a name as one line holds; the whole of it is in the table, and beside the pointer."""
    first, *others = wrap(name, room - text_width(" …"))
    return f"{first} …" if others else first
