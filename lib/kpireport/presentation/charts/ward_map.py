"""Wards by their outlines, where a council has them: ranks as colours, each with its number."""

from collections.abc import Mapping, Sequence
from math import cos, radians

import altair as alt
import pandas as pd

from kpireport.presentation import theme, wording
from kpireport.presentation.blocks import Chart
from kpireport.presentation.charts.marks import Note, Words, labels, pixels, said, specification
from kpireport.presentation.charts.ward_tiles import LEGEND, NAMED, colours, legend, told, ward_figures
from kpireport.presentation.theme import MAP_WIDTH

TALLEST = 620
"""Most pixels that a map is high."""
Ring = Sequence[tuple[float, float]]


def ward_map(
    wards: pd.DataFrame, outlines: Mapping[str, Sequence[Ring]], *, title: str, subtitle: str, source: str, alt_text: str
) -> Chart:
    """Return a map of ranks, coloured by fifths.

    `wards` has one row for one ward: area, area_name, rank_label, score, fifth (1 is the best; missing without a rank).
    `outlines` has the rings of every one of them, in degrees. Degrees east are shortened to the latitude, so that the map keeps
    its shape.
    """
    points = [point for area in wards["area"] for ring in outlines[area] for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    shrink = cos(radians((south + north) / 2))
    scale = min((MAP_WIDTH - 4) / ((east - west) * shrink or 1), TALLEST / ((north - south) or 1))
    width, height = MAP_WIDTH - 4, round((north - south) * scale) + LEGEND + 4

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return round((point[0] - west) * shrink * scale, 1), round((north - point[1]) * scale + LEGEND, 1)

    shapes, ranks = [], list[Words]()
    for ward in wording.rows(wards):
        fill, ink = colours(ward["fifth"])
        rings = [[place(point) for point in ring] for ring in outlines[str(ward["area"])]]
        path = "".join(f"M{' L'.join(f'{x},{y}' for x, y in ring)} Z" for ring in rings)
        words = told(ward)
        shapes.append((path, fill, words))
        x, y = _middle(max(rings, key=len))
        ranks.append((Note(str(ward["rank_label"] or "–"), y, NAMED, "bold", ink), x, "center"))
    layers = [
        *(
            alt.Chart(alt.InlineData(values=[{"x": 0, "y": 0, "said": words}]))
            .mark_point(shape=path, size=4, fill=fill, stroke=theme.NOT_RATED_LINE, strokeWidth=0.75, opacity=1)
            .encode(x=pixels("x"), y=pixels("y"), description=said())
            for path, fill, words in shapes
        ),
        *labels(ranks),
        *legend(),
    ]
    spec = specification(layers, width=width, height=height, left=2, top=4, right=2, bottom=4, whole=MAP_WIDTH)
    return Chart(spec=spec, title=title, subtitle=subtitle, source=source, alt=alt_text, data=ward_figures(wards))


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the middle of the box round a ring."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return round((min(xs) + max(xs)) / 2, 1), round((min(ys) + max(ys)) / 2, 1)
