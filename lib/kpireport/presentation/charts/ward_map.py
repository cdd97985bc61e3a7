"""Wards by their outlines, where a council has them: ranks as colours, each with its number."""

from collections.abc import Mapping, Sequence
from math import cos, radians

import altair as alt
import pandas as pd

from kpireport.presentation import theme
from kpireport.presentation.blocks import Chart
from kpireport.presentation.charts.marks import specification
from kpireport.presentation.charts.ward_tiles import FIFTHS, LEGEND, TEXTS, UNRANKED, legend, pixels
from kpireport.presentation.theme import CHART_WIDTH, SMALL

TALLEST = 620
"""Most pixels that a map is high."""
Ring = Sequence[tuple[float, float]]


def ward_map(
    wards: pd.DataFrame, outlines: Mapping[str, Sequence[Ring]], *, title: str, subtitle: str, source: str, alt_text: str
) -> Chart:
    """Return a map of ranks, coloured by fifths.

    `wards` has one row for one ward: area, area_name, rank_label, fifth (1 is the best; missing without a rank). `outlines` has
    the rings of every one of them, in degrees. Degrees east are shortened to the latitude, so that the map keeps its shape.
    """
    points = [point for area in wards["area"] for ring in outlines[area] for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    shrink = cos(radians((south + north) / 2))
    scale = min((CHART_WIDTH - 4) / ((east - west) * shrink or 1), TALLEST / ((north - south) or 1))
    width, height = CHART_WIDTH - 4, round((north - south) * scale) + LEGEND + 4

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return round((point[0] - west) * shrink * scale, 1), round((north - point[1]) * scale + LEGEND, 1)

    shapes, labels = [], []
    for area, rank, fifth in zip(wards["area"], wards["rank_label"], wards["fifth"], strict=True):
        rings = [[place(point) for point in ring] for ring in outlines[area]]
        path = "".join(f"M{' L'.join(f'{x},{y}' for x, y in ring)} Z" for ring in rings)
        shapes.append({"path": path, "fill": UNRANKED if pd.isna(fifth) else FIFTHS[int(fifth) - 1]})
        x, y = _middle(max(rings, key=len))
        labels.append(
            {"x": x, "y": y, "text": str(rank or "–"), "colour": theme.INK if pd.isna(fifth) else TEXTS[int(fifth) - 1]}
        )
    across, down = alt.X("x:Q", axis=None, scale=pixels(width)), alt.Y("y:Q", axis=None, scale=pixels(height))
    layers = [
        *(
            alt.Chart(pd.DataFrame([{"x": 0, "y": 0}]))
            .mark_point(shape=shape["path"], size=4, fill=shape["fill"], stroke=theme.PAPER, strokeWidth=0.5, opacity=1)
            .encode(x=across, y=down)
            for shape in shapes
        ),
        alt.Chart(pd.DataFrame(labels))
        .mark_text(fontSize=SMALL, fontWeight="bold", baseline="middle")
        .encode(x=across, y=down, text=alt.Text("text:N"), color=alt.Color("colour:N", scale=None)),
        *legend(),
    ]
    spec = specification(layers, width=width, height=height, left=2, top=4, right=2, bottom=4)
    return Chart(spec=spec, title=title, subtitle=subtitle, source=source, alt=alt_text)


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the middle of the box round a ring."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return round((min(xs) + max(xs)) / 2, 1), round((min(ys) + max(ys)) / 2, 1)
