"""Draws a chart's specification as SVG: the same bytes on every machine, with the bundled fonts and British numbers and dates.

This is the only module that imports vl_convert.
"""

import json
from functools import lru_cache
from typing import Any

import vl_convert

from kpireport.errors import RenderingError
from kpireport.presentation.theme import FONT_FOLDER

VEGA_LITE_VERSION = "6.4"
"""The version of Vega-Lite that altair 6.3 writes for."""
NUMBERS = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["£", ""], "minus": "\u2212"}
DATES = {
    "dateTime": "%A %e %B %Y %X",
    "date": "%d/%m/%Y",
    "time": "%H:%M:%S",
    "periods": ["am", "pm"],
    "days": ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    "shortDays": ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
    "months": [
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ],
    "shortMonths": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}


def draw(spec: dict[str, Any]) -> str:
    """Return the SVG of a Vega-Lite specification. The same specification is drawn once per process.

    Raises
    ------
    RenderingError
        When the specification cannot be drawn.
    """
    try:
        text = json.dumps(spec, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise RenderingError(f"A chart cannot be drawn: its specification is not plain JSON ({error}).") from error
    return _drawn(text)


@lru_cache(maxsize=256)
def _drawn(text: str) -> str:
    _register_fonts()
    # Parsed anew, because vl-convert writes the last digits of a float differently for text and for a dict.
    spec = json.loads(text)
    try:
        svg: str = vl_convert.vegalite_to_svg(
            spec, vl_version=VEGA_LITE_VERSION, format_locale=NUMBERS, time_format_locale=DATES, allowed_base_urls=[]
        )
    except ValueError as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "no reason given"
        raise RenderingError(f"A chart cannot be drawn: {reason}") from error
    return svg


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(FONT_FOLDER))
