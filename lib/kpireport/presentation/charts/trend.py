"""A KPI over time, with its target, its amber band and the pandemic."""

from typing import Any, Literal

import altair as alt
import pandas as pd

from kpireport import periods
from kpireport.presentation import findings, theme
from kpireport.presentation.axes import Axis, axis_of, month_number, spread, text_width
from kpireport.presentation.blocks import Chart
from kpireport.presentation.charts.marks import (
    LONGEST_STEP,
    Note,
    Place,
    Times,
    at,
    kpi_figure,
    label,
    labels,
    said,
    short_figure,
    span,
    specification,
    times,
    unbroken_runs,
    values_up,
)
from kpireport.presentation.data_table import figures as data_table
from kpireport.presentation.theme import CHART_WIDTH, NORMAL, SMALL, STRONG
from kpireport.presentation.wording import Row, is_missing
from kpireport.presentation.wording import rows as rows_of
from kpireport.vocabulary import Basis, Maturity, MeasureType, Polarity, Rag

HEIGHT, HEAD, FOOT = 210, 24, 34
FEW_POINTS = 16
"""Up to so many results each has its own dot."""
APART = 17
"""Pixels between two lines of words."""
Band = tuple[int, int, float, float]
"""Months from and to, lower and upper edge."""


def trend(kpi: Row, history: pd.DataFrame, council: Place) -> Chart:
    """Return a KPI's results over time; the line is broken where a result is missing.

    `history` has one row for one period, earliest first, with the columns of `Performance.history`.
    """
    points = _with_runs(kpi, history)
    known = points[points["value"].notna()]
    pandemic = tuple(str(month) for month in council.pandemic)
    subtitle = [f"{findings.unit(kpi)}, {council.place}, {span(points['period'])}", findings.good_way(kpi)]
    if not len(known):
        spec = _no_result()
    else:
        axis, spec = _draw(kpi, points, known, pandemic)
        if axis.start > 0:
            subtitle.append(f"the axis begins at {axis.labels[0]}")
    return Chart(
        spec=spec,
        title=findings.trend_title(kpi),
        subtitle="; ".join(filter(None, subtitle)),
        source=findings.source(history["producer"], of_kpi=str(kpi["source"])),
        alt=findings.trend_alt(kpi, history, pandemic),
        data=data_table(_table(kpi, points), f"{kpi['kpi_name']}, {span(points['period'])}") if len(points) else None,
    )


def _draw(kpi: Row, points: pd.DataFrame, known: pd.DataFrame, pandemic: tuple[str, ...]) -> tuple[Axis, dict[str, Any]]:
    band = _amber_band(kpi, points)
    edges = [*known["value"], *points["target"].dropna(), *points["upper"].dropna(), *(band[2:] if band else ())]
    axis = axis_of(edges, str(kpi["unit"]))
    notes = _notes(kpi, points, known.iloc[-1], band, axis)
    left = max(text_width(text) for text in axis.labels) + 12
    right = max(text_width(note.text, note.size) for note in notes) + 16
    width = CHART_WIDTH - round(left) - round(right)
    foot, y = times(list(points["period"]), width, left=left), values_up(axis)
    layers: list[Any] = []
    if band:
        start, *rest = band
        rows = pd.DataFrame([[max(start, foot.start), *rest]], columns=["month", "end", "value", "high"])
        layers.append(
            alt.Chart(rows)
            .mark_rect(color=theme.RAG_BACKGROUNDS[Rag.AMBER])
            .encode(x=foot.x, x2=alt.X2("end:Q"), y=y, y2=alt.Y2("high:Q"))
        )
        # The target is one edge of the band; this is the other.
        floor = rows.assign(value=band[3] if kpi["polarity"] == Polarity.LOWER_IS_BETTER else band[2])[["month", "end", "value"]]
        edge = alt.Chart(floor).mark_rule(color=theme.RAG_MARKS[Rag.AMBER], strokeDash=[2, 3], strokeWidth=1.5)
        layers.append(edge.encode(x=foot.x, x2=alt.X2("end:Q"), y=y))
    layers += [*_target_layers(kpi, points, foot, y), *_shaded(pandemic, foot, points)]
    for run, colour, width_of in _lines(kpi, known):
        line = alt.Chart(run[["month", "value", "run"]]).mark_line(color=colour, strokeWidth=width_of)
        layers.append(line.encode(x=foot.x, y=y, detail=alt.Detail("run:N")))
    layers += [*_points(kpi, known, foot, y), *labels((note, width + 10) for note in notes)]
    return axis, specification(layers, width=width, height=HEIGHT, left=left, top=HEAD, right=right, bottom=FOOT)


def _points(kpi: Row, known: pd.DataFrame, foot: Times, y: alt.Y) -> list[Any]:
    """Return every result as a point that says its period, figure and target; of many, only those off the line are seen.

    The last one is a ring: hollow while it is provisional.
    """
    told = known.assign(said=[_said(kpi, row) for row in rows_of(known)])[["month", "value", "said"]]
    alone = known.groupby("run")["month"].transform("size") == 1
    is_seen = (alone | (len(known) <= FEW_POINTS)).to_numpy()
    layers = []
    for rows, opacity, size in ((told[~is_seen], 0.0, 150), (told[is_seen], 1.0, 36)):
        if len(rows):
            mark = alt.Chart(rows).mark_point(filled=True, size=size, opacity=opacity, color=theme.DARK_BLUE)
            layers.append(mark.encode(x=foot.x, y=y, description=said()))
    fill = theme.PAPER if known.iloc[-1]["maturity"] == Maturity.PROVISIONAL else theme.DARK_BLUE
    ring = alt.Chart(told.iloc[[-1]]).mark_point(
        size=100, filled=True, opacity=1, fill=fill, stroke=theme.DARK_BLUE, strokeWidth=2.5
    )
    return [*layers, ring.encode(x=foot.x, y=y, description=said())]


def _said(kpi: Row, row: Row) -> str:
    """Return a result as the pointer shows it: "2024-25 Q2: 84.6%, target 85.0%"."""
    mark = " [p]" if row["maturity"] == Maturity.PROVISIONAL else ""
    aim = "" if is_missing(row["target"]) else f", target {_aim(kpi, row['target'], row['upper'])}"
    return f"{row['period']}: {kpi_figure(kpi, row['value'])}{mark}{aim}"


def _aim(kpi: Row, low: float, high: float) -> str:
    return kpi_figure(kpi, low) if is_missing(high) else f"{short_figure(kpi, low)} to {kpi_figure(kpi, high)}"


def _no_result() -> dict[str, Any]:
    words = labels([(Note("No result to show", 14, colour=theme.MUTED), 0.0)])
    return specification(words, width=CHART_WIDTH - 20, height=28, left=10, top=2, right=10, bottom=2)


def _with_runs(kpi: Row, history: pd.DataFrame) -> pd.DataFrame:
    """Return the history with `month`, its place in time, and `run`, the unbroken line that it belongs to."""
    texts = [str(text) for text in history["period"]]
    months = [month_number(periods.parse(text)) for text in texts]
    return history.assign(month=months, run=unbroken_runs(kpi, texts, list(history["value"])))


def _lines(kpi: Row, known: pd.DataFrame) -> list[tuple[pd.DataFrame, str, float]]:
    """Return the lines to draw with colour and width: of a cumulative KPI the present year stands out from earlier ones."""
    if kpi["measure_type"] != MeasureType.CUMULATIVE:
        return [(known, theme.DARK_BLUE, 2.5)]
    now = known["run"] == known["run"].iloc[-1]
    lines = [(known[now], theme.DARK_BLUE, 3.0)]
    return [(known[~now], theme.OTHERS, 2.0), *lines] if (~now).any() else lines


def _amber_band(kpi: Row, points: pd.DataFrame) -> Band | None:
    """Return where the amber band of the present target lies: over the periods, to the last, that share it."""
    has_floor = kpi["basis"] == Basis.TARGET and not is_missing(kpi["floor"]) and kpi["floor"] != kpi["target"]
    if not has_floor or not is_missing(kpi["upper"]) or kpi["measure_type"] == MeasureType.CUMULATIVE:
        return None
    same = points["target"] == kpi["target"]
    run = points[same[::-1].cummin()[::-1]]
    if run.empty:
        return None
    low, high = sorted((float(kpi["floor"]), float(kpi["target"])))
    return int(run["month"].min()) - LONGEST_STEP[str(kpi["frequency"])], int(run["month"].max()), low, high


def _target_layers(kpi: Row, points: pd.DataFrame, foot: Times, y: alt.Y) -> list[Any]:
    """Return the targets as dashed lines: a step where they change, and level over the whole of each period.

    A profiled target of a cumulative KPI climbs from point to point of its year instead. A range is filled faintly.
    """
    rows = points.loc[points["target"].notna(), ["month", "target", "upper", "run"]].rename(columns={"target": "value"})
    if rows.empty:
        return []
    is_profile = kpi["measure_type"] == MeasureType.CUMULATIVE
    if is_profile:
        # The year of each point, because a period without a result belongs to no run.
        rows = rows.assign(run=(rows["month"] - 4) // 12)
    else:
        start = max(int(rows["month"].iloc[0]) - LONGEST_STEP[str(kpi["frequency"])], foot.start)
        rows = pd.concat([rows.iloc[[0]].assign(month=start), rows]).assign(run=0)
    shape: Literal["linear", "step-before"] = "linear" if is_profile else "step-before"
    layers: list[Any] = []
    ranges = rows[rows["upper"].notna()]
    if len(ranges):
        fill = alt.Chart(ranges[["month", "value", "upper"]]).mark_area(interpolate=shape, color=theme.RAG_BACKGROUNDS[Rag.GREEN])
        layers.append(fill.encode(x=foot.x, y=y, y2=alt.Y2("upper:Q")))
    for column, drawn in (("value", rows), ("upper", ranges)):
        if len(drawn):
            edge = drawn[["month", "run", column]].rename(columns={column: "value"})
            line = alt.Chart(edge).mark_line(color=theme.DARK_GREY, strokeDash=[5, 4], strokeWidth=1.5, interpolate=shape)
            layers.append(line.encode(x=foot.x, y=y, detail=alt.Detail("run:N")))
    return layers


def _shaded(pandemic: tuple[str, ...], foot: Times, points: pd.DataFrame) -> list[Any]:
    """Return the pandemic as a shaded stretch with its name, as much of it as the chart's periods reach."""
    if len(pandemic) != 2:
        return []
    start = max(month_number(periods.parse(pandemic[0])) - 1, foot.start)
    end = min(month_number(periods.parse(pandemic[1])), foot.end)
    if not findings.is_pandemic_shaded(points, pandemic) or end <= start:
        return []
    band = alt.Chart(pd.DataFrame({"month": [start], "end": [end]})).mark_rect(color=theme.DARK_GREY, opacity=0.08)
    # The shade is faint, so that the line stands out from it; a line above says from where to where it reaches.
    edge = alt.Chart(pd.DataFrame({"month": [start], "end": [end]})).mark_rule(color=theme.AXIS, strokeWidth=2)
    name = Note("Pandemic", -11, SMALL, colour=theme.MUTED)
    width = text_width(name.text, name.size)
    middle = ((start + end) / 2 - foot.start) * foot.pixels_per_month
    whole = (foot.end - foot.start) * foot.pixels_per_month
    return [
        band.encode(x=foot.x, x2=alt.X2("end:Q"), y=at("y", 0), y2=at("y2", HEIGHT)),
        edge.encode(x=foot.x, x2=alt.X2("end:Q"), y=at("y", 0)),
        label(name, min(max(middle, width / 2), whole - width / 2), align="center"),
    ]


def _notes(kpi: Row, points: pd.DataFrame, last: "pd.Series[Any]", band: Band | None, axis: Axis) -> list[Note]:
    """Return the words at the right: the last result, and the target in force, moved apart where they would touch."""
    marks = [
        symbol
        for symbol, known in (("[p]", last["maturity"] == Maturity.PROVISIONAL), ("[r]", bool(last["is_revised"])))
        if known
    ]
    notes = [
        Note(
            " ".join([short_figure(kpi, last["value"]), *marks]),
            axis.pixel(float(last["value"]), HEIGHT),
            STRONG,
            "bold",
            theme.DARK_BLUE,
        )
    ]
    final = points.iloc[-1]
    if not is_missing(final["target"]):
        is_range = not is_missing(final["upper"])
        word = "Target from" if is_range else "Target"
        level = axis.pixel(float(final["target"]), HEIGHT)
        notes.append(Note(f"{word} {short_figure(kpi, final['target'])}", level, NORMAL, colour=theme.DARK_GREY))
        if is_range:
            level = axis.pixel(float(final["upper"]), HEIGHT)
            notes.append(Note(f"Target to {short_figure(kpi, final['upper'])}", level, NORMAL, colour=theme.DARK_GREY))
    if band:
        edge = band[3] if kpi["polarity"] == Polarity.LOWER_IS_BETTER else band[2]
        level = axis.pixel(edge, HEIGHT)
        notes.append(Note(f"Amber to {short_figure(kpi, edge)}", level, SMALL, colour=theme.RAG_TEXTS[Rag.AMBER]))
    levels = spread([note.level for note in notes], APART, low=0, high=HEIGHT)
    return [note._replace(level=level) for note, level in zip(notes, levels, strict=True)]


def _table(kpi: Row, points: pd.DataFrame) -> pd.DataFrame:
    results = []
    for value, absence, maturity in zip(points["value"], points["absence"], points["maturity"], strict=True):
        if is_missing(value):
            results.append(theme.rating_word(str(absence or "")) or "–")
        else:
            results.append(f"{kpi_figure(kpi, value)}{' [p]' if maturity == Maturity.PROVISIONAL else ''}")
    table = pd.DataFrame({"Period": points["period"].astype(str), "Result": results})
    if points["target"].notna().any():
        words = [
            "–" if is_missing(low) else _aim(kpi, low, high) for low, high in zip(points["target"], points["upper"], strict=True)
        ]
        table = table.assign(Target=words)
    return table
