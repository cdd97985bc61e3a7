"""Draws a chart's specification as SVG: the same bytes on every machine, with the bundled fonts and British numbers and dates.

This is the only module that imports vl_convert, and only when a chart is drawn: a process that has it is never copied.
"""

import hashlib
import json
import re
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from kpireport.errors import RenderingError
from kpireport.presentation.markup import clean
from kpireport.presentation.theme import FONT_FOLDER

VEGA_LITE_VERSION = "6.4"
"""The version of Vega-Lite that altair 6.3 writes for."""
NUMBERS = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["£", ""], "minus": "\u2212"}
_ESCAPED_CONTROL = re.compile(r"\\u00[01]|\\[rtbf]")
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
    return _drawn(written(spec))


def written(spec: dict[str, Any]) -> str:
    """Return a specification as the text from which it is drawn, without the characters that no page shows.

    One of those within a name would be drawn, or end a line of the program that Vega-Lite makes of the specification.

    Raises
    ------
    RenderingError
        When it is not plain JSON.
    """
    try:
        text = json.dumps(spec, ensure_ascii=False, allow_nan=False)
        if _ESCAPED_CONTROL.search(text) or clean(text) != text:
            text = json.dumps(_cleaned(spec), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise RenderingError(f"A chart cannot be drawn: its specification is not plain JSON ({error}).") from error
    return text


def _cleaned(part: Any) -> Any:
    if isinstance(part, str):
        return clean(part)
    if isinstance(part, dict):
        return {name: _cleaned(value) for name, value in part.items()}
    return [_cleaned(one) for one in part] if isinstance(part, list | tuple) else part


@lru_cache(maxsize=1)
def identity() -> str:
    """Return what, beside its specification, decides how a chart is drawn: the library's version, the fonts, this module."""
    files = [Path(__file__), *sorted(path for path in FONT_FOLDER.iterdir() if path.is_file())]
    digests = [f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files]
    return "\n".join([f"vl-convert {metadata.version('vl-convert-python')}", *digests])


def warm_up() -> None:
    """Start the drawing engine, which takes a third of a second, before there is a chart to draw."""
    draw({"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}})


@lru_cache(maxsize=256)
def _drawn(text: str) -> str:
    engine = _engine()
    # Parsed anew, because vl-convert writes the last digits of a float differently for text and for a dict.
    spec = json.loads(text)
    try:
        svg: str = engine.vegalite_to_svg(
            spec, vl_version=VEGA_LITE_VERSION, format_locale=NUMBERS, time_format_locale=DATES, allowed_base_urls=[]
        )
    except ValueError as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "no reason given"
        raise RenderingError(f"A chart cannot be drawn: {reason}") from error
    return svg


@lru_cache(maxsize=1)
def _engine() -> Any:
    import vl_convert

    vl_convert.register_font_directory(str(FONT_FOLDER))
    return vl_convert
