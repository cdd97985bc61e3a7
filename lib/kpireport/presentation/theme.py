"""How everything looks, and the one home of every label: colours, shapes, words for ratings and directions, chart settings.

Colours of series are the Government Analysis Function's categorical palette. A rating is always told three times over: by its
word, its shape and its colour; the three solid colours also differ in lightness, so that they can be told apart without hue.
"""

from pathlib import Path
from typing import Any

from kpireport.vocabulary import Assurance, Basis, Direction, NotRated, Rag, Significance, Variation

DARK_BLUE, TURQUOISE, DARK_PINK, ORANGE, DARK_GREY, LIGHT_PURPLE = SERIES = (
    "#12436D",
    "#28A197",
    "#801650",
    "#F46A25",
    "#3D3D3D",
    "#A285D1",
)
"""The Analysis Function's categorical palette, in its order."""
SERIES_TEXTS = {
    DARK_BLUE: DARK_BLUE,
    TURQUOISE: "#1a6b64",
    DARK_PINK: DARK_PINK,
    ORANGE: "#a43c07",
    DARK_GREY: DARK_GREY,
    LIGHT_PURPLE: "#6a4a9e",
}
"""The same colours as text: dark enough to be read on white."""
INK = "#0b0c0c"
MUTED = "#505a5f"
"""Secondary text: contrast 7:1 on white."""
PAPER = "#ffffff"
GRID = "#e3e6e8"
AXIS = "#8a9299"
OTHERS = "#7f93a4"
"""Bars and lines that stand behind the one that matters: 3:1 on white, as everything that is to be seen."""
AVERAGE = "#5f6f7d"
"""Averages of a region or a country, between the council and the others."""

RAG_MARKS = {Rag.RED: "#a3142a", Rag.AMBER: "#cf7a00", Rag.GREEN: "#2b7d52"}
"""Solid colours of ratings, each at least 3:1 against white and 12 steps of lightness from the next."""
RAG_ON_MARKS = {Rag.RED: "#ffffff", Rag.AMBER: INK, Rag.GREEN: "#ffffff"}
"""Text on a solid colour."""
NOT_RATED_MARK = "#eceef0"
NOT_RATED_LINE = "#6b7278"
RAG_BACKGROUNDS = {Rag.RED: "#f9dfe1", Rag.AMBER: "#fdeccb", Rag.GREEN: "#dcf0e4"}
RAG_TEXTS = {Rag.RED: "#7d0f20", Rag.AMBER: "#663c00", Rag.GREEN: "#0d4a2b"}
"""Text on the rating's background: contrast 8:1 and more."""
NOT_RATED_BACKGROUND, NOT_RATED_TEXT = "#eceef0", "#3d3d3d"

RATING_WORDS: dict[str, str] = {
    Rag.RED: "Red",
    Rag.AMBER: "Amber",
    Rag.GREEN: "Green",
    NotRated.NOT_DUE: "Not due",
    NotRated.AWAITED: "Awaited",
    NotRated.NOT_PUBLISHED: "Not published",
    NotRated.SUPPRESSED: "Suppressed",
    NotRated.NOT_APPLICABLE: "Not applicable",
    NotRated.NOT_AVAILABLE: "Not available",
    NotRated.NOT_RATED: "Not rated",
}
RATING_SHAPES: dict[str, str] = dict.fromkeys(NotRated, "○") | {Rag.RED: "■", Rag.AMBER: "▲", Rag.GREEN: "●"}
BASIS_WORDS: dict[str, str] = {
    Basis.TARGET: "Rated against a target",
    Basis.DIRECTIONAL: "Rated on direction of travel",
    Basis.NONE: "Not rated",
}
REASONS_NOT_RATED: dict[str, str] = {
    NotRated.NOT_DUE: "not due yet",
    NotRated.AWAITED: "awaited",
    NotRated.NOT_PUBLISHED: "not yet published by the national source",
    NotRated.SUPPRESSED: "hidden because the numbers are small",
    NotRated.NOT_APPLICABLE: "not applicable",
    NotRated.NOT_AVAILABLE: "not available",
    NotRated.NOT_RATED: "without a target or a comparator",
}
"""Why a KPI has no rating, as a sentence says it."""
DIRECTION_WORDS: dict[str, str] = {
    Direction.IMPROVING: "Improving",
    Direction.WORSENING: "Worsening",
    Direction.NO_CHANGE: "No change",
    Direction.INCREASING: "Increasing",
    Direction.DECREASING: "Decreasing",
    Direction.NOT_COMPARABLE: "Not comparable",
}
RISEN, FALLEN, UNCHANGED = "↑", "↓", "→"
"""An arrow shows which way a figure went, up or down; whether that is better or worse is the word beside it."""
VARIATION_WORDS: dict[str, str] = {
    Variation.IMPROVEMENT: "Improvement",
    Variation.CONCERN: "Concern",
    Variation.COMMON_CAUSE: "Usual variation",
    Variation.NEUTRAL_HIGH: "Unusually high",
    Variation.NEUTRAL_LOW: "Unusually low",
}
ASSURANCE_WORDS: dict[str, str] = {
    Assurance.CONSISTENTLY_PASSING: "Passes target",
    Assurance.CONSISTENTLY_FAILING: "Falls short",
    Assurance.HIT_OR_MISS: "Hit or miss",
}
SIGNIFICANCE_WORDS: dict[str, str] = {
    Significance.BETTER: "Significantly better than",
    Significance.SIMILAR: "Not significantly different from",
    Significance.WORSE: "Significantly worse than",
    Significance.LOWER: "Significantly lower than",
    Significance.HIGHER: "Significantly higher than",
}
SIGNAL_LETTERS: dict[str, str] = {
    "high": "H",
    "low": "L",
    Variation.COMMON_CAUSE: "~",
    Assurance.CONSISTENTLY_PASSING: "P",
    Assurance.CONSISTENTLY_FAILING: "F",
    Assurance.HIT_OR_MISS: "?",
}
"""The letter in a signal's circle, as NHS Making Data Count has it; it never stands without its word."""
SIGNAL_PAIRS: dict[str, tuple[str, str]] = {
    **dict.fromkeys([Variation.IMPROVEMENT, Assurance.CONSISTENTLY_PASSING], ("#dce8f5", "#12436d")),
    **dict.fromkeys([Variation.CONCERN, Assurance.CONSISTENTLY_FAILING], ("#fde5d8", "#7a2c05")),
}
"""Background and text of a signal for better or worse, in blue and orange so that it is not taken for a rating."""
PLAIN_SIGNAL = (NOT_RATED_BACKGROUND, NOT_RATED_TEXT)
SHORTHAND: dict[str, str] = {
    "[c]": "Confidential: hidden because the numbers are small",
    "[p]": "Provisional: may still change",
    "[r]": "Revised since the previous quarter's report",
    "[x]": "Not available",
    "[z]": "Not applicable",
}
"""Symbols beside a figure, with their meanings. Source: Government Analysis Function, use of symbols in tables."""

FONT = "Liberation Sans"
FONTS = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The bundled font first; the others have its metrics or are always there."""
FONT_FOLDER = Path(__file__).parent / "fonts"
CHART_WIDTH = 400
"""Width of a chart, in pixels: two stand side by side on a wide screen and on paper, one fills a phone."""
SMALL, NORMAL, STRONG = 14, 15, 16
"""Sizes of chart text, in pixels: on a phone 320 pixels wide the smallest is 11 pixels high."""
MAP_WIDTH = 640
"""Width of a drawing of places, in pixels, which on a phone scrolls in its own region."""

CHART_CONFIG: dict[str, Any] = {
    "font": FONTS,
    "background": PAPER,
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED,
        "labelFontSize": NORMAL,
        "labelPadding": 6,
        "labelLimit": 0,
        "domainColor": AXIS,
        "tickColor": AXIS,
        "gridColor": GRID,
        "gridWidth": 1,
        "title": None,
    },
    "text": {"fontSize": NORMAL, "color": INK},
    "line": {"strokeWidth": 2.5, "strokeCap": "round", "strokeJoin": "round"},
}
"""Vega-Lite settings of every chart."""


def rating_word(rating: str) -> str:
    """Return a rating as reports print it; "" for a KPI that had none."""
    return RATING_WORDS.get(rating, "")


def rating_label(rating: str) -> str:
    """Return a rating's shape and word, such as "■ Red"; "–" for a KPI that had none."""
    return f"{RATING_SHAPES[rating]} {RATING_WORDS[rating]}" if rating in RATING_WORDS else "–"


def rating_mark(rating: str) -> str:
    """Return the solid colour of a rating, for marks of a chart."""
    return RAG_MARKS[Rag(rating)] if rating in RAG_MARKS else NOT_RATED_MARK


def rating_pair(rating: str) -> tuple[str, str]:
    """Return the background and text colours of a rating's cell."""
    if rating in RAG_BACKGROUNDS:
        return RAG_BACKGROUNDS[Rag(rating)], RAG_TEXTS[Rag(rating)]
    return NOT_RATED_BACKGROUND, NOT_RATED_TEXT
