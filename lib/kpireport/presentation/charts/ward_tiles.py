"""Wards as tiles of one size, each about where it lies: small wards are as easy to see as large ones."""

from typing import Any

import altair as alt
import pandas as pd

from kpireport.presentation import theme
from kpireport.presentation.axes import text_width, wrap
from kpireport.presentation.blocks import Chart
from kpireport.presentation.charts.marks import ONE, at, specification
from kpireport.presentation.theme import CHART_WIDTH, NORMAL, SMALL

FIFTHS = ("#12436D", "#3A6795", "#7FA3C6", "#B4CAE0", "#E3ECF4")
"""Fills of the fifths, the best one first: one hue, so that they say more and less, not good and bad."""
TEXTS = (theme.PAPER, theme.PAPER, theme.INK, theme.INK, theme.INK)
UNRANKED = theme.NOT_RATED_MARK
TILE, GAP, LINE, LEGEND = 70, 3, 13.5, 44
"""Height of a tile, space between two, height of a line of a name, and of the legend, in pixels."""
WIDEST = 118
"""Most pixels that a tile is wide."""
NUMBER = 17
"""Size of a rank."""
SWATCH = 16


def ward_tiles(wards: pd.DataFrame, *, title: str, subtitle: str, source: str, alt_text: str) -> Chart:
    """Return a tile map of ranks, coloured by fifths.

    `wards` has one row for one ward: area_name, rank_label, fifth (1 is the best; missing without a rank), row, column.
    """
    return Chart(spec=_spec(wards), title=title, subtitle=subtitle, source=source, alt=alt_text)


def _spec(wards: pd.DataFrame) -> dict[str, Any]:
    columns, rows = int(wards["column"].max()), int(wards["row"].max())
    tile = min(WIDEST, (CHART_WIDTH - 4) // columns)
    width, height = CHART_WIDTH - 4, rows * TILE + LEGEND
    fifths = [None if pd.isna(fifth) else int(fifth) - 1 for fifth in wards["fifth"]]
    tiles = pd.DataFrame(
        {
            "x": [(int(column) - 1) * tile for column in wards["column"]],
            "y": [(int(row) - 1) * TILE + LEGEND for row in wards["row"]],
            "fill": [UNRANKED if fifth is None else FIFTHS[fifth] for fifth in fifths],
        }
    )
    tiles = tiles.assign(x2=tiles["x"] + tile - GAP, y2=tiles["y"] + TILE - GAP)
    words = pd.DataFrame(
        [
            {"x": x + (tile - GAP) / 2, "y": y, "text": text, "colour": colour, "size": size}
            for x, top, name, rank, fifth in zip(
                tiles["x"], tiles["y"], wards["area_name"], wards["rank_label"], fifths, strict=True
            )
            for text, y, size in _lines(str(name), str(rank), float(top), tile - GAP - 4)
            for colour in [theme.INK if fifth is None else TEXTS[fifth]]
        ]
    )
    x, y = (alt.X("x:Q", axis=None, scale=pixels(width)), alt.Y("y:Q", axis=None, scale=pixels(height)))
    layers = [
        alt.Chart(tiles)
        .mark_rect(cornerRadius=3, stroke=theme.AXIS, strokeWidth=0.5)
        .encode(x=x, y=y, x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"), color=alt.Color("fill:N", scale=None)),
        *(
            alt.Chart(words[words["size"] == size])
            .mark_text(fontSize=size, fontWeight="bold" if size == NUMBER else "normal", baseline="middle")
            .encode(x=x, y=y, text=alt.Text("text:N"), color=alt.Color("colour:N", scale=None))
            for size in (NUMBER, SMALL)
        ),
        *legend(),
    ]
    return specification(layers, width=width, height=height, left=2, top=4, right=2, bottom=4)


def pixels(size: float) -> alt.Scale:
    """Return a scale on which a number is that many pixels."""
    return alt.Scale(domain=[0, size], range=[0, size], nice=False, zero=False)


def _lines(name: str, rank: str, top: float, room: float) -> list[tuple[str, float, int]]:
    """Return a tile's rank and the lines of its ward's name, each with its middle's height and its size."""
    names = wrap(name, room, SMALL)
    shown = [(rank or "–", top + 14, NUMBER)]
    middle = top + 24 + (TILE - GAP - 24) / 2
    first = middle - LINE * (len(names) - 1) / 2
    return shown + [(line, first + LINE * number, SMALL) for number, line in enumerate(names)]


def legend() -> list[Any]:
    """Return the fifths named at their ends, and what the numbers are."""
    opening, closing = "Highest fifth", "Lowest fifth"
    start = text_width(opening) + 8
    layers = [_said(opening, 0)]
    for place, colour in enumerate(FIFTHS):
        swatch = alt.Chart(ONE).mark_rect(color=colour, stroke=theme.AXIS, strokeWidth=0.5)
        left = start + place * (SWATCH + 2)
        layers.append(swatch.encode(x=at("x", left), x2=at("x2", left + SWATCH), y=at("y", 4), y2=at("y2", 4 + SWATCH)))
    end = start + len(FIFTHS) * (SWATCH + 2) + 6
    return [*layers, _said(closing, end), _said("Number: rank, 1 is the highest score", end + text_width(closing) + 26)]


def _said(text: str, x: float) -> Any:
    mark = alt.Chart(ONE).mark_text(text=text, align="left", baseline="middle", fontSize=NORMAL, color=theme.INK)
    return mark.encode(x=at("x", round(x, 1)), y=at("y", 12))
