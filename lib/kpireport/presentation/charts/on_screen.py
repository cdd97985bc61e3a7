"""Charts to work with in JupyterLab: a figure's words appear beneath the pointer, the wheel zooms, the legend picks.

They say the same as the reports' charts, from the same frames; of Vega-Lite they use what version 5 knows.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from kpireport import periods
from kpireport.presentation import findings, theme, wording
from kpireport.presentation.charts.marks import Place, kpi_figure, span, unbroken_runs
from kpireport.presentation.data_table import figures as data_table
from kpireport.presentation.in_jupyterlab import Live
from kpireport.presentation.theme import NORMAL
from kpireport.presentation.wording import Row, is_missing
from kpireport.vocabulary import Basis, Maturity, Rag

WIDTH, HEIGHT = 700, 280
MOST_TOLERANCES = 6.0
"""A KPI further from its target than this many tolerances stands at the edge of the strip."""
STRIP, STRIP_WIDTH, DOT = 64, 500, 12
"""Height and width of a strip, and width of a mark's own place, in pixels."""
_WORDS = [theme.RATING_WORDS[rating] for rating in Rag] + ["Not rated"]
_SHAPES = ["square", "triangle-up", "circle", "circle"]
_FILLS = [*(theme.RAG_MARKS[rating] for rating in Rag), theme.PAPER]
_STROKES = [*(theme.RAG_MARKS[rating] for rating in Rag), theme.NOT_RATED_LINE]


def history(kpi: Row, rated: pd.DataFrame, council: Place, *, proposed: tuple[float, float | None] | None = None) -> Live:
    """Return a KPI's results over time, each marked with its rating.

    Parameters
    ----------
    rated
        One row is one period, earliest first: the columns of `Performance.history`, and `rag`.
    proposed
        A target that is only asked about, and the upper end of a range; the ratings are then those by it.
    """
    rows = _points(kpi, rated)
    x, y = _axes(kpi)
    layers: list[Any] = [*_pandemic(council, rows, x), *_targets(rows, x, y)]
    if proposed is not None:
        layers += [_proposed(level, y) for level in proposed if level is not None]
    known = rows[rows["value"].notna()]
    line = alt.Chart(known[["end", "value", "run"]]).mark_line(color=theme.DARK_BLUE, strokeWidth=2)
    layers += [line.encode(x=x, y=y, detail="run:N"), _marks(known, x, y)]
    name = str(kpi["kpi_name"])
    return Live(
        spec=_specification(layers, height=HEIGHT),
        title=f"{name}: as rated by a target of {_aim(kpi, proposed)}" if proposed else findings.trend_title(kpi),
        subtitle="; ".join(
            filter(None, [f"{findings.unit(kpi)}, {council.place}, {span(rated['period'])}", findings.good_way(kpi)])
        ),
        source=findings.source(rated["producer"], of_kpi=str(kpi["source"])),
        alt=findings.trend_alt(kpi, rated, tuple(str(month) for month in council.pandemic)),
        data=data_table(
            pd.DataFrame(
                {"Period": rows["period"], "Result": rows["result"], "Target": rows["aim"], "Rating": rows["rating"]}
            ).iloc[::-1],
            f"{name}, latest first",
        ),
    )


def gaps(kpis: pd.DataFrame, directorates: pd.DataFrame) -> Live:
    """Return every KPI that is rated on a target as a mark on its directorate's strip: how far it is from target, in tolerances.

    A KPI stands right of the middle when it is beyond its target, and at the edge when it is further away than the strip goes.
    """
    judged = kpis[(kpis["basis"] == Basis.TARGET) & kpis["gap_in_tolerances"].notna()]
    names = directorates.set_index("directorate")["directorate_name"]
    rows = pd.DataFrame(
        {
            "directorate": judged["directorate"].map(names),
            "gap": judged["gap_in_tolerances"].clip(-MOST_TOLERANCES, MOST_TOLERANCES),
            "rating": judged["rag"].map(theme.rating_word),
            "name": judged["kpi_id"] + " " + judged["kpi_name"],
            "result": [wording.result(row) for _, row in judged.iterrows()],
            "period": judged["period"],
            "aim": [wording.target(row) for _, row in judged.iterrows()],
            "from": [wording.gap(row) for _, row in judged.iterrows()],
        }
    )
    rows = rows.assign(level=_side_by_side(rows))
    order = [name for name in names if name in set(rows["directorate"])]
    edge = round(MOST_TOLERANCES)
    x = alt.X(
        "gap:Q",
        scale=alt.Scale(domain=[-edge - 0.3, edge + 0.3], nice=False),
        axis=alt.Axis(
            title="Distance from target in tolerances: missed to the left, met to the right",
            values=list(range(-edge, edge + 1)),
            labelExpr=f"datum.value == -{edge} ? '≤ −{edge}' : datum.value == {edge} ? '≥ {edge}' : datum.value",
        ),
    )
    y = alt.Y(
        "directorate:N",
        sort=order,
        scale=alt.Scale(paddingInner=0, paddingOuter=0),
        axis=alt.Axis(title=None, domain=False, ticks=False, labelLimit=400),
    )
    marks = alt.Chart(rows).mark_point(size=90, strokeWidth=1.5)
    picked = _picked()
    shown = marks.encode(
        x=x,
        y=y,
        yOffset=alt.YOffset("level:Q", scale=alt.Scale(domain=[-STRIP / 2, STRIP / 2], range=[0, STRIP])),
        **_coloured(picked),
        tooltip=[
            alt.Tooltip("name:N", title="KPI"),
            alt.Tooltip("result:N", title="Result"),
            alt.Tooltip("period:N", title="Period"),
            alt.Tooltip("aim:N", title="Target"),
            alt.Tooltip("rating:N", title="Rating"),
            alt.Tooltip("from:N", title="From target"),
        ],
    ).add_params(picked)
    middle = alt.Chart(alt.InlineData(values=[{"gap": 0}])).mark_rule(color=theme.DARK_GREY, strokeDash=[5, 4]).encode(x="gap:Q")
    short = rows[rows["gap"] < 0]
    return Live(
        spec=_specification([middle, shown], height=STRIP * max(len(order), 1), width=STRIP_WIDTH),
        title=f"{wording.share(len(rows) - len(short), len(rows), 'KPI with a tolerance')} met the target",
        subtitle="Each mark is one KPI; point at it for its name and figures, choose a rating in the legend to see it alone",
        source="",
        alt=f"Strips of marks, one for each KPI, in {wording.count(len(order), 'directorate')}; their figures are in the table.",
        data=data_table(
            pd.DataFrame({"KPI": rows["name"], "Result": rows["result"], "Rating": rows["rating"], "From target": rows["from"]}),
            "Every KPI shown, in the order of the list",
        )
        if len(rows)
        else None,
    )


def places(kpi: Row, own: pd.DataFrame, others: pd.DataFrame, council: Place) -> Live:
    """Return a KPI over time in the council and in other areas, which come forward beneath the pointer.

    Both frames have one row for one area and period: `area_name`, `period`, `value`, `producer`.
    """
    rows = pd.concat([others.assign(is_own=False), own.assign(area_name=council.place, is_own=True)], ignore_index=True)
    rows = rows[rows["value"].notna()]
    ends = [periods.parse(str(text)).end.isoformat() for text in rows["period"]]
    shown = rows.assign(end=ends, result=[kpi_figure(kpi, value) for value in rows["value"]])
    shown = shown[["area_name", "period", "end", "value", "result", "is_own"]].sort_values(["is_own", "area_name", "end"])
    pointed = alt.selection_point(name="pointed", on="mouseover", fields=["area_name"], nearest=True, empty=False)
    x, y = _axes(kpi)
    base = alt.Chart(shown).encode(
        x=x,
        y=y,
        color=alt.Color("is_own:N", scale=alt.Scale(domain=[False, True], range=[theme.OTHERS, theme.DARK_BLUE]), legend=None),
    )
    lines = base.mark_line().encode(detail="area_name:N", strokeWidth=alt.condition(pointed, alt.value(4), alt.value(1.8)))
    dots = base.mark_circle(opacity=1).encode(
        size=alt.condition(pointed, alt.value(110), alt.value(45)),
        tooltip=[
            alt.Tooltip("area_name:N", title="Place"),
            alt.Tooltip("period:N", title="Period"),
            alt.Tooltip("result:N", title="Result"),
        ],
    )
    last = shown.sort_values("end").groupby("area_name", as_index=False).tail(1)
    name = alt.Chart(last).mark_text(align="left", dx=8, fontSize=NORMAL, fontWeight="bold", color=theme.DARK_BLUE)
    own_name = name.transform_filter(alt.datum.is_own).encode(x=x, y=y, text="area_name:N")
    other_name = name.transform_filter(pointed).transform_filter(~alt.datum.is_own).encode(x=x, y=y, text="area_name:N")
    return Live(
        spec=_specification([lines, dots.add_params(pointed), own_name, other_name], height=HEIGHT),
        title=f"{kpi['kpi_name']} in {council.place} and {wording.count(others['area_name'].nunique(), 'other place')}",
        subtitle=f"{findings.unit(kpi)}, {span(shown['period'])}; point at a line for its place",
        source=findings.source(rows["producer"], of_kpi=str(kpi["source"])),
        alt=f"Lines over time of {kpi['kpi_name']} in {wording.join(shown['area_name'].drop_duplicates())}.",
    )


def _axes(kpi: Row) -> tuple[alt.X, alt.Y]:
    time = alt.Axis(title=None, grid=False, format="%b %Y", tickCount=9, labelOverlap=True, labelSeparation=14)
    x = alt.X("end:T", scale=alt.Scale(type="utc", nice=False, padding=14), axis=time)
    return x, alt.Y("value:Q", scale=alt.Scale(zero=False, nice=True, padding=10), axis=alt.Axis(title=findings.unit(kpi)))


def _points(kpi: Row, rated: pd.DataFrame) -> pd.DataFrame:
    """Return what the chart draws and says: one row is one period."""
    texts = [str(text) for text in rated["period"]]
    rows = [{**kpi, "target": low, "upper": high} for low, high in zip(rated["target"], rated["upper"], strict=True)]
    marks = rated["maturity"].eq(Maturity.PROVISIONAL).map({True: " [p]", False: ""})
    results = [
        (theme.rating_word(str(absence or "")) or "–") if is_missing(value) else f"{kpi_figure(kpi, value)}{mark}"
        for value, absence, mark in zip(rated["value"], rated["absence"], marks, strict=True)
    ]
    return pd.DataFrame(
        {
            "end": [periods.parse(text).end.isoformat() for text in texts],
            "period": texts,
            "value": rated["value"].to_numpy(),
            "target": rated["target"].to_numpy(),
            "upper": rated["upper"].to_numpy(),
            "result": results,
            "aim": [wording.target(row) for row in rows],
            "rating": [theme.rating_word(str(rag)) or "Not rated" for rag in rated["rag"]],
            "run": unbroken_runs(kpi, texts, list(rated["value"])),
        }
    )


def _marks(known: pd.DataFrame, x: alt.X, y: alt.Y) -> Any:
    picked = _picked()
    zoom = alt.selection_interval(name="zoom", bind="scales", encodings=["x"], zoom="wheel![event.shiftKey]")
    marks = alt.Chart(known).mark_point(size=80, strokeWidth=1.5)
    return marks.encode(
        x=x,
        y=y,
        **_coloured(picked),
        tooltip=[
            alt.Tooltip("period:N", title="Period"),
            alt.Tooltip("result:N", title="Result"),
            alt.Tooltip("aim:N", title="Target"),
            alt.Tooltip("rating:N", title="Rating"),
        ],
    ).add_params(picked, zoom)


def _picked() -> alt.Parameter:
    return alt.selection_point(name="picked", fields=["rating"], bind="legend")


def _coloured(picked: alt.Parameter) -> dict[str, Any]:
    legend = alt.Legend(title=None, orient="top", symbolSize=110, symbolStrokeWidth=1.5, labelFontSize=NORMAL)
    return {
        "fill": alt.Fill("rating:N", scale=alt.Scale(domain=_WORDS, range=_FILLS), legend=legend),
        "stroke": alt.Stroke("rating:N", scale=alt.Scale(domain=_WORDS, range=_STROKES), legend=legend),
        "shape": alt.Shape("rating:N", scale=alt.Scale(domain=_WORDS, range=_SHAPES), legend=legend),
        "opacity": alt.condition(picked, alt.value(1), alt.value(0.12)),
    }


def _targets(rows: pd.DataFrame, x: alt.X, y: alt.Y) -> list[Any]:
    layers = []
    for column in ("target", "upper"):
        edge = rows.loc[rows[column].notna(), ["end", column]].rename(columns={column: "value"})
        if len(edge):
            line = alt.Chart(edge).mark_line(color=theme.DARK_GREY, strokeDash=[5, 4], strokeWidth=1.5, interpolate="step-before")
            layers.append(line.encode(x=x, y=y))
    return layers


def _proposed(level: float, y: alt.Y) -> Any:
    rule = alt.Chart(alt.InlineData(values=[{"value": level}])).mark_rule(color=theme.DARK_PINK, strokeWidth=2.5)
    return rule.encode(y=y)


def _aim(kpi: Row, proposed: tuple[float, float | None]) -> str:
    low, high = proposed
    return kpi_figure(kpi, low) if high is None else f"{kpi_figure(kpi, low)} to {kpi_figure(kpi, high)}"


def _pandemic(council: Place, rows: pd.DataFrame, x: alt.X) -> list[Any]:
    months = [periods.parse(str(month)) for month in council.pandemic]
    if len(months) != 2 or rows.empty:
        return []
    start, end = max(months[0].start.isoformat(), rows["end"].min()), min(months[1].end.isoformat(), rows["end"].max())
    if start >= end:
        return []
    band = alt.Chart(pd.DataFrame({"end": [start], "until": [end]})).mark_rect(color=theme.DARK_GREY, opacity=0.08)
    return [band.encode(x=x, x2="until:T")]


def _side_by_side(rows: pd.DataFrame) -> list[float]:
    """Return how far above or below its strip's middle each mark stands, in pixels, so that none covers another."""
    levels: list[float] = []
    taken: dict[tuple[str, int], int] = {}
    width = (2 * MOST_TOLERANCES + 0.6) * DOT / STRIP_WIDTH
    for directorate, gap in zip(rows["directorate"], rows["gap"], strict=True):
        place = (str(directorate), round(float(gap) / width))
        number = taken[place] = taken.get(place, -1) + 1
        step = (number + 1) // 2 * DOT * (1 if number % 2 else -1)
        levels.append(float(max(-STRIP / 2 + 6, min(STRIP / 2 - 6, step))))
    return levels


def _specification(layers: Sequence[Any], *, height: float, width: float = WIDTH) -> dict[str, Any]:
    spec: dict[str, Any] = alt.layer(*layers).properties(width=width, height=height).to_dict(validate=False)
    axis = {name: setting for name, setting in theme.CHART_CONFIG["axis"].items() if name != "title"}
    titles = {"titleColor": theme.MUTED, "titleFontWeight": "normal", "titleFontSize": NORMAL, "titlePadding": 10}
    return {**spec, "config": {**theme.CHART_CONFIG, "axis": {**axis, **titles}}}
