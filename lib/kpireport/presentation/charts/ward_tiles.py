"""Wards as tiles of one size, each about where it lies: small wards are as easy to see as large ones."""

from typing import Any, Literal

import pandas as pd

from kpireport.presentation import theme
from kpireport.presentation.axes import text_width, wrap
from kpireport.presentation.blocks import Block, Chart
from kpireport.presentation.charts.marks import Note, Words, boxes, labels, specification
from kpireport.presentation.data_table import figures
from kpireport.presentation.phrases import is_missing
from kpireport.presentation.theme import MAP_WIDTH
from kpireport.presentation.wording import Row
from kpireport.presentation.wording import rows as rows_of

FIFTHS = ("#12436D", "#3A6795", "#7FA3C6", "#B4CAE0", "#E3ECF4")
"""Fills of the fifths, the best one first: one hue, so that they say more and less, not good and bad."""
TEXTS = (theme.PAPER, theme.PAPER, theme.INK, theme.INK, theme.INK)
UNRANKED = theme.NOT_RATED_MARK
TILE, GAP, LINE, LEGEND = 70, 3, 13.5, 44
"""Height of a tile, space between two, height of a line of a name, and of the legend, in pixels."""
WIDEST = 118
"""Most pixels that a tile is wide."""
NAMED, TOLD, NUMBER = 12, 13, 17
"""Sizes of a ward's name, of the legend, and of a rank: a map is wide, and on a phone scrolls in its own region."""
NAMES = ("Highest", "Second", "Middle", "Fourth", "Lowest")
SWATCH = 16


def ward_tiles(wards: pd.DataFrame, *, title: str, subtitle: str, source: str, alt_text: str) -> Chart:
    """Return a tile map of ranks, coloured by fifths.

    `wards` has one row for one ward: area_name, rank_label, score, fifth (1 is the best; missing without a rank), row, column.
    """
    return Chart(spec=_spec(wards), title=title, subtitle=subtitle, source=source, alt=alt_text, data=ward_figures(wards))


def ward_figures(wards: pd.DataFrame) -> Block:
    """Return each ward's rank and score as a table."""
    scores = ["–" if is_missing(score) else f"{score:.1f}" for score in wards["score"]]
    ranks = wards["rank_label"].astype(str).replace("", "–")
    return figures(pd.DataFrame({"Ward": wards["area_name"], "Rank": ranks, "Score": scores}), "Rank and score of each ward")


def told(ward: Row) -> str:
    """Return a ward's rank and score as the pointer shows them: "Armley: rank 30, score 34.2"."""
    if is_missing(ward["score"]) or not ward["rank_label"]:
        return f"{ward['area_name']}: not ranked"
    return f"{ward['area_name']}: rank {ward['rank_label']}, score {ward['score']:.1f}"


def colours(fifth: Any) -> tuple[str, str]:
    """Return the fill of a fifth, and the colour of words on it."""
    return (UNRANKED, theme.INK) if pd.isna(fifth) else (FIFTHS[int(fifth) - 1], TEXTS[int(fifth) - 1])


def _spec(wards: pd.DataFrame) -> dict[str, Any]:
    tile = min(WIDEST, (MAP_WIDTH - 4) // int(wards["column"].max()))
    width, height = MAP_WIDTH - 4, int(wards["row"].max()) * TILE + LEGEND
    tiles, words = [], list[Words]()
    for ward in rows_of(wards):
        left, top = (int(ward["column"]) - 1) * tile, (int(ward["row"]) - 1) * TILE + LEGEND
        fill, ink = colours(ward["fifth"])
        right, bottom = left + tile - GAP, top + TILE - GAP
        said = told(ward)
        tiles.append({"left": left, "right": right, "top": top, "bottom": bottom, "colour": fill, "said": said})
        for text, y, size in _lines(str(ward["area_name"]), str(ward["rank_label"]), top, tile - GAP - 4):
            weight: Literal["normal", "bold"] = "bold" if size == NUMBER else "normal"
            words.append((Note(text, y, size, weight, ink), left + (tile - GAP) / 2, "center"))
    layers = [*boxes(tiles, cornerRadius=3, stroke=theme.NOT_RATED_LINE, strokeWidth=0.75), *labels(words), *legend()]
    return specification(layers, width=width, height=height, left=2, top=4, right=2, bottom=4, whole=MAP_WIDTH)


def _lines(name: str, rank: str, top: float, room: float) -> list[tuple[str, float, int]]:
    """Return a tile's rank and the lines of its ward's name, each with its middle's height and its size."""
    names = wrap(name, room, NAMED)
    shown = [(rank or "–", top + 14, NUMBER)]
    middle = top + 24 + (TILE - GAP - 24) / 2
    first = middle - LINE * (len(names) - 1) / 2
    return shown + [(line, first + LINE * number, NAMED) for number, line in enumerate(names)]


def legend() -> list[Any]:
    """Return the fifths named at their ends, and what the numbers are."""
    opening, closing = "Highest fifth", "Lowest fifth"
    start = text_width(opening, TOLD) + 8
    swatches = []
    for place, (colour, name) in enumerate(zip(FIFTHS, NAMES, strict=True)):
        left = start + place * (SWATCH + 2)
        box = {"left": left, "right": left + SWATCH, "top": 4, "bottom": 4 + SWATCH}
        swatches.append({**box, "colour": colour, "said": f"{name} fifth"})
    end = start + len(FIFTHS) * (SWATCH + 2) + 6
    words: list[Words] = [
        (Note(opening, 12, TOLD), 0.0),
        (Note(closing, 12, TOLD), end),
        (Note("Number: rank, 1 is the highest score", 12, TOLD), end + text_width(closing, TOLD) + 26),
    ]
    return [*boxes(swatches, stroke=theme.NOT_RATED_LINE, strokeWidth=0.75), *labels(words)]
