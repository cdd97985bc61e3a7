"""What every chart is put together from: its fixed layout, its axes, and words set at a place."""

import os
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple, Protocol

import altair as alt
import pandas as pd
from altair.utils import schemapi

from kpireport import periods
from kpireport.periods import Period, PeriodKind
from kpireport.presentation import theme
from kpireport.presentation.axes import Axis, month_number, period_ticks, text_width
from kpireport.presentation.blocks import DRAW_LATER
from kpireport.presentation.phrases import figure, is_missing
from kpireport.presentation.theme import CHART_WIDTH, NORMAL
from kpireport.presentation.wording import Row
from kpireport.vocabulary import Frequency, MeasureType

LONGEST_STEP: dict[str, int] = {
    Frequency.MONTHLY: 1,
    Frequency.QUARTERLY: 3,
    Frequency.TERMLY: 5,
    Frequency.ANNUAL: 12,
    Frequency.BIENNIAL: 24,
}
"""The longest stretch in months between two results in a row; a longer one breaks the line."""
ACROSS = ("x", "left", "right")
"""Fields that are pixels from the left; all others are pixels from the top."""
CONFIG = {**theme.CHART_CONFIG, "axis": {**theme.CHART_CONFIG["axis"], "aria": False}}
"""The settings of charts that are drawn as a picture: its title and description say what it shows, its parts say nothing."""
ONE = alt.InlineData(values=[{}])
"""The data of a mark that is drawn once."""


if os.environ.get(DRAW_LATER):
    # While a chart is put together, altair checks each part of it against the whole of Vega-Lite's schema, which takes as long as
    # the rest of a report. Tests have had every kind of chart checked; in JupyterLab each still is.
    schemapi.disable_debug_mode()


class Place(Protocol):
    """What charts read of `sources.council.Council`."""

    @property
    def place(self) -> str:
        """The place's name, as in "wards of Leeds"."""

    @property
    def pandemic(self) -> Sequence[Any]:
        """First and last month of the pandemic, to be shaded on time series; empty to shade nothing."""


class Note(NamedTuple):
    """Words beside a plot, level with a value."""

    text: str
    level: float
    size: int = NORMAL
    weight: Literal["normal", "bold"] = "normal"
    colour: str = theme.INK


End = Literal["left", "center", "right"]
Words = tuple[Note, float] | tuple[Note, float, End]
"""A note, how many pixels from the plot's left edge it stands, and which of its ends stands there: the left one unless said."""


class Times(NamedTuple):
    """The foot of a time series: its encoding, the months it runs from and to, and how many pixels a month is wide."""

    x: alt.X
    start: float
    end: float
    pixels_per_month: float


def specification(
    layers: Sequence[Any],
    *,
    width: float,
    height: float,
    left: float,
    top: float,
    right: float,
    bottom: float,
    whole: int = CHART_WIDTH,
) -> dict[str, Any]:
    """Return the layers as one specification, with all its sizes fixed; the parts of its width are `whole` together."""
    padding = {"left": round(left), "top": round(top), "right": whole - round(left) - round(width), "bottom": round(bottom)}
    if padding["right"] < round(right) - 1:
        raise ValueError(f"a chart has {padding['right']} pixels at its right and needs {right}")
    # Nothing is fitted: the axis labels stand in the padding, and every chart comes out as wide as the next.
    sizes = {"autosize": "none", "height": round(height), "padding": padding, "width": round(width)}
    spec = _checked(layers, sizes) if schemapi.DEBUG_MODE else _unchecked(layers, sizes)
    return {**spec, "layer": [_quiet(layer) for layer in spec["layer"]], "config": CONFIG}


def _checked(layers: Sequence[Any], sizes: dict[str, Any]) -> dict[str, Any]:
    """Return the layers put together by altair, which checks them against Vega-Lite's schema."""
    spec: dict[str, Any] = alt.layer(*layers).properties(**sizes).to_dict()
    return spec


def _unchecked(layers: Sequence[Any], sizes: dict[str, Any]) -> dict[str, Any]:
    """Return what `_checked` returns, in half the time: altair would copy every layer with its data five times over."""
    datasets: dict[str, Any] = {}
    within = {"top_level": False, "datasets": datasets}
    parts = [layer.to_dict(validate=False, context=within) for layer in layers]
    of_all = {}
    if all(layer.data is layers[0].data for layer in layers):
        of_all = {"data": parts[0]["data"]}
        parts = [{name: part[name] for name in part if name != "data"} for part in parts]
    whole = dict(sorted({**of_all, **sizes}.items()))
    spec = {"config": CONFIG, "layer": parts, **whole, "$schema": alt.SCHEMA_URL}
    return {**spec, "datasets": datasets} if datasets else spec


def _quiet(layer: dict[str, Any]) -> dict[str, Any]:
    """Return a layer that is drawn without labels of its own, unless it says what each of its marks is (`said`)."""
    if "description" in layer["encoding"]:
        return layer
    mark = layer["mark"] if isinstance(layer["mark"], dict) else {"type": layer["mark"]}
    return {**layer, "mark": {**mark, "aria": False}}


def said(field: str = "said") -> alt.Description:
    """Return the encoding of what each mark is in words, which appear beside the pointer: "2024-25 Q2: 84.6%"."""
    return alt.Description(f"{field}:N")


_PLACED = {"x": alt.XValue, "y": alt.YValue, "x2": alt.X2Value, "y2": alt.Y2Value}


def at(channel: Literal["x", "y", "x2", "y2"], pixels: float) -> Any:
    """Return the encoding of a place that does not depend on the data, in pixels from the plot's left or top."""
    return _PLACED[channel](pixels)  # type: ignore[no-untyped-call]


def label(note: Note, x: float, *, align: Literal["left", "center", "right"] = "left") -> Any:
    """Return a note as a layer, `x` pixels from the plot's left edge; its `level` is in pixels from the top."""
    mark = alt.Chart(ONE).mark_text(
        text=note.text, align=align, baseline="middle", fontSize=note.size, fontWeight=note.weight, color=note.colour
    )
    return mark.encode(x=at("x", round(x, 1)), y=at("y", round(note.level, 1)))


def labels(words: Iterable[Words]) -> list[Any]:
    """Return many notes in few layers: one for each size, weight and end."""
    alike: dict[tuple[int, Literal["normal", "bold"], End], list[dict[str, Any]]] = {}
    for note, x, *end in words:
        rows = alike.setdefault((note.size, note.weight, end[0] if end else "left"), [])
        rows.append({"x": round(x, 1), "y": round(note.level, 1), "text": note.text, "colour": note.colour})
    return [
        alt.Chart(alt.InlineData(values=rows))
        .mark_text(align=align, baseline="middle", fontSize=size, fontWeight=weight)
        .encode(x=pixels("x"), y=pixels("y"), text=alt.Text("text:N"), color=alt.Color("colour:N", scale=None))
        for (size, weight, align), rows in alike.items()
    ]


def stacked(
    lines: Sequence[str],
    level: float,
    size: int = NORMAL,
    weight: Literal["normal", "bold"] = "normal",
    colour: str = theme.INK,
) -> list[Note]:
    """Return lines of words about a level, one below the other."""
    step = size + 2
    return [Note(line, level + step * (place - (len(lines) - 1) / 2), size, weight, colour) for place, line in enumerate(lines)]


def boxes(rows: Sequence[dict[str, Any]], **style: Any) -> list[Any]:
    """Return rectangles: each row has `left`, `right`, `top` and `bottom` in pixels, its `colour`, and what it is (`said`)."""
    if not rows:
        return []
    drawn = [{name: round(cell, 1) if isinstance(cell, float) else cell for name, cell in row.items()} for row in rows]
    mark = alt.Chart(alt.InlineData(values=drawn)).mark_rect(**style)
    return [
        mark.encode(
            x=pixels("left"),
            x2=alt.X2("right:Q"),
            y=pixels("top"),
            y2=alt.Y2("bottom:Q"),
            color=alt.Color("colour:N", scale=None),
            description=said(),
        )
    ]


def pixels(field: str) -> Any:
    """Return the encoding of a place that the data gives in pixels from the plot's left or top."""
    channel = alt.X if field in ACROSS else alt.Y
    return channel(f"{field}:Q", scale=None, axis=None)


def values_scale(axis: Axis) -> alt.Scale:
    """Return the scale of an axis of figures."""
    return alt.Scale(domain=[axis.start, axis.end], nice=False, zero=False)


def values_up(axis: Axis, field: str = "value") -> alt.Y:
    """Return the encoding of figures from the foot of a plot upwards, with thin lines at round numbers."""
    lines = alt.Axis(values=list(axis.ticks), labelExpr=axis.label_expression, domain=False, ticks=False, labelBaseline="middle")
    return alt.Y(f"{field}:Q", scale=values_scale(axis), axis=lines)


def times(texts: Sequence[str], width: float, *, left: float) -> Times:
    """Return the foot of a plot `width` pixels wide, with `left` pixels before it: the positions and names of periods."""
    months = [month_number(periods.parse(text)) for text in texts]
    first, last = min(months), max(months)
    room = (last - first) * 0.02 if last > first else 1.0
    start, end = round(first - room, 2), round(last + room, 2)
    per_month = width / (end - start)
    ticks = period_ticks(texts, per_month)
    names = "".join(f"datum.value == {month} ? '{text}' : " for month, text in ticks)
    # A name that would run over the left edge of the drawing begins at its tick instead.
    is_cut = text_width(ticks[0][1]) / 2 > (ticks[0][0] - start) * per_month + left - 4
    axis = alt.Axis(
        values=[month for month, _ in ticks],
        labelExpr=f"{names}''",
        labelAlign=alt.ExprRef(f"datum.value == {ticks[0][0]} ? 'left' : 'center'") if is_cut else "center",
        grid=False,
        tickSize=5,
    )
    return Times(alt.X("month:Q", scale=alt.Scale(domain=[start, end], nice=False, zero=False), axis=axis), start, end, per_month)


def unbroken_runs(kpi: Row, texts: Sequence[str], values: Sequence[float]) -> list[int]:
    """Return the number of the unbroken line to which each period belongs, in order; -1 where it has no value.

    A line breaks where a result is missing, and a cumulative one where its year begins.
    """
    runs, run = [], 0
    before: Period | None = None
    for text, value in zip(texts, values, strict=True):
        period = periods.parse(str(text))
        if is_missing(value):
            before = None
            runs.append(-1)
            continue
        is_apart = before is None or month_number(period) - month_number(before) > LONGEST_STEP[str(kpi["frequency"])]
        is_new_year = before is not None and before.financial_year() != period.financial_year()
        if is_apart or (is_new_year and kpi["measure_type"] == MeasureType.CUMULATIVE):
            run += 1
        runs.append(run)
        before = period
    return runs


def span(texts: "pd.Series[str]") -> str:
    """Return the stretch of time that periods cover: "Sep 2019 to Sep 2024", or the one period."""
    ordered = sorted({periods.parse(str(text)) for text in texts})
    if not ordered:
        return ""
    if len(ordered) == 1:
        return str(ordered[0])
    if str(ordered[0]).startswith("Year to "):
        return f"years ending {str(ordered[0]).removeprefix('Year to ')} to {str(ordered[-1]).removeprefix('Year to ')}"
    return f"{ordered[0]} {'until' if ordered[0].kind is PeriodKind.POOLED_YEARS else 'to'} {ordered[-1]}"


def kpi_figure(kpi: Row, value: float) -> str:
    """Return a value as the KPI's figures are printed."""
    return figure(float(value), str(kpi["unit"]), int(kpi["decimals"]))


def short_figure(kpi: Row, value: float) -> str:
    """Return a value without a unit that is written after it, for labels that stand close together."""
    unit = str(kpi["unit"])
    return figure(float(value), unit if unit == "%" or unit.startswith("£") else "number", int(kpi["decimals"]))
