"""How many KPIs are red, amber and green, by directorate or board; ratings on each basis stand apart."""

from typing import Any

import altair as alt
import pandas as pd

from kpireport.presentation import findings, theme
from kpireport.presentation.axes import text_width, wrap
from kpireport.presentation.blocks import Chart
from kpireport.presentation.charts.marks import Note, Words, boxes, labels, pixels, specification
from kpireport.presentation.data_table import figures as data_table
from kpireport.presentation.theme import CHART_WIDTH, NORMAL, SMALL
from kpireport.vocabulary import Basis, NotRated, Rag

EDGE, LINE, NAME, BAR, AFTER = 4, 17, 22, 25, 12
"""Pixels: at the left and right, a line of a heading, a name, a bar, and what parts it from the next name."""
ROW = NAME + BAR + AFTER
PANEL_GAP, PANEL_LEAST = 12, 84
"""Pixels between the panels of two bases, and the least width of one, for its heading."""
TOLD = {Basis.TARGET: " against a target", Basis.DIRECTIONAL: " on direction of travel", Basis.NONE: ""}
"""What a bar's part says of its basis beside the pointer."""
HEADINGS = {Basis.TARGET: "Rated against a target", Basis.DIRECTIONAL: "Rated on direction", Basis.NONE: "Not rated"}


def rag_by_directorate(counts: pd.DataFrame, directorates: pd.DataFrame) -> Chart:
    """Return stacked bars of ratings, one row a directorate (or a board), in the order of `directorates`.

    Parameters
    ----------
    counts
        `rules.counts.count_ratings(kpis, by=...)`: its first column is the code.
    directorates
        The codes in a column of the same name, and the names in the column that ends in `_name`.
    """
    by = str(counts.columns[0])
    name_column = next(str(column) for column in directorates.columns if str(column).endswith("_name"))
    present = set(counts[by])
    pairs = zip(directorates[by].astype(str), directorates[name_column].astype(str), strict=True)
    names = {code: name for code, name in pairs if code in present}
    ordered = pd.concat([counts[counts[by] == code] for code in names])
    return Chart(
        spec=_draw(ordered, by, names),
        title=findings.rag_title(ordered, names),
        subtitle="Number of KPIs; ratings on a target and ratings on direction of travel are counted apart",
        source="Source: KPI Data Record",
        alt=findings.rag_alt(ordered, names),
        data=data_table(_table(ordered, by, names), "Number of KPIs by rating and basis"),
    )


def _draw(counts: pd.DataFrame, by: str, names: dict[str, str]) -> dict[str, Any]:
    """Return each name with its bars below it, which begin at the left edge: a phone has no room for names beside bars."""
    width, height = CHART_WIDTH - 2 * EDGE, ROW * len(names)
    panels, unit = _panels(counts, by, width)
    segments = _segments(counts, by, panels, unit)
    tops = {code: ROW * place + NAME for place, code in enumerate(names)}
    bars: list[dict[str, Any]] = []
    numbers: list[Words] = []
    for part in segments.to_dict("records"):
        top = tops[part[by]]
        # A thin white line parts one rating from the next.
        bars.append(
            {
                "left": float(part["start"]),
                "right": float(part["end"]),
                "top": top,
                "bottom": top + BAR,
                "colour": part["colour"],
                "line": part["line"],
                "said": f"{names[part[by]]}: {part['count']} {theme.rating_word(part['rating']).lower()}{TOLD[part['basis']]}",
            }
        )
        if part["label"]:
            numbers.append((Note(part["label"], top + BAR / 2, NORMAL, "bold", part["ink"]), float(part["middle"]), "center"))
    headings = _headings(panels, width)
    # Each panel begins at a line, which is broken where a name stands.
    strokes = [{"x": x, "top": top - 3, "bottom": top + BAR + 3} for x in panels.values() for top in tops.values()]
    rules = alt.Chart(alt.InlineData(values=strokes)).mark_rule(color=theme.AXIS)
    layers = [
        *(layer.encode(stroke=alt.Stroke("line:N", scale=None)) for layer in boxes(bars, strokeWidth=1.2)),
        rules.encode(x=pixels("x"), y=pixels("top"), y2=alt.Y2("bottom:Q")),
        *labels(
            [
                *numbers,
                *((Note(name, tops[code] - NAME / 2), 0.0) for code, name in names.items()),
                *headings,
                *_key(height + 14),
            ]
        ),
    ]
    top_edge = 10 - min((note.level for note, _ in headings), default=0.0)
    return specification(layers, width=width, height=height, left=EDGE, top=top_edge, right=EDGE, bottom=30)


def _panels(counts: pd.DataFrame, by: str, width: float) -> tuple[dict[Basis, float], float]:
    """Return where the panel of each basis begins, and how many pixels stand for one KPI, the same in every panel."""
    longest = counts.groupby(["basis", by], sort=False)["count"].sum().groupby("basis").max()
    most = {basis: int(longest.get(basis, 0)) for basis in Basis if longest.get(basis, 0)}
    room = width - PANEL_GAP * (len(most) - 1)
    unit = room / max(sum(most.values()), 1)
    for _ in most:
        narrow = [basis for basis, number in most.items() if number * unit < PANEL_LEAST]
        wide = sum(number for basis, number in most.items() if basis not in narrow)
        unit = (room - PANEL_LEAST * len(narrow)) / wide if wide else unit
    starts, start = {}, 0.0
    for basis, number in most.items():
        starts[basis] = round(start, 1)
        start += max(number * unit, PANEL_LEAST) + PANEL_GAP
    return starts, min(unit, 40.0)


def _segments(counts: pd.DataFrame, by: str, panels: dict[Basis, float], unit: float) -> pd.DataFrame:
    """Return the bars' parts: one row is one directorate, basis and rating; all reasons of not being rated are one part."""
    rows = counts.assign(rating=counts["rating"].where(counts["basis"] != Basis.NONE, NotRated.NOT_RATED.value))
    parts = rows.groupby([by, "basis", "rating"], sort=False)["count"].sum().reset_index()
    parts = parts[(parts["count"] > 0) & parts["basis"].isin(list(panels))]
    end = parts.groupby([by, "basis"], sort=False)["count"].cumsum()
    begin = parts["basis"].map(panels).astype(float)
    return parts.assign(
        start=(begin + (end - parts["count"]) * unit).round(1),
        end=(begin + end * unit).round(1),
        middle=(begin + (end - parts["count"] / 2) * unit).round(1),
        label=[_number(rating, number, number * unit) for rating, number in zip(parts["rating"], parts["count"], strict=True)],
        colour=parts["rating"].map(theme.rating_mark),
        line=[theme.PAPER if rating in tuple(Rag) else theme.NOT_RATED_LINE for rating in parts["rating"]],
        ink=[theme.RAG_ON_MARKS[Rag(rating)] if rating in tuple(Rag) else theme.INK for rating in parts["rating"]],
    )


def _number(rating: str, number: int, room: float) -> str:
    shaped = f"{theme.RATING_SHAPES[rating]} {number}"
    if text_width(shaped) + 14 <= room:
        return shaped
    return str(number) if text_width(str(number)) <= room else ""


def _headings(panels: dict[Basis, float], width: float) -> list[tuple[Note, float]]:
    """Return the lines of the panels' headings, each with where it begins."""
    starts = [*panels.values(), width + PANEL_GAP]
    notes = []
    for (basis, start), after in zip(panels.items(), starts[1:], strict=True):
        lines = wrap(HEADINGS[basis], (after - start - PANEL_GAP) / 1.1)
        notes += [
            (Note(line, -14 - LINE * (len(lines) - 1 - number), NORMAL, "bold"), start) for number, line in enumerate(lines)
        ]
    return notes


def _key(level: float) -> list[tuple[Note, float]]:
    """Return the shapes and words of the ratings, each in its own colour, in one line under the bars."""
    notes, x = [], 0.0
    for rating, colour in [*theme.RAG_TEXTS.items(), (NotRated.NOT_RATED, theme.NOT_RATED_TEXT)]:
        words = theme.rating_label(rating)
        notes.append((Note(words, level, SMALL, colour=colour), x))
        x += text_width(words, SMALL) + 18
    return notes


def _table(counts: pd.DataFrame, by: str, names: dict[str, str]) -> pd.DataFrame:
    short = {Basis.TARGET: "on a target", Basis.DIRECTIONAL: "on direction"}
    rows = []
    for code, name in names.items():
        own = counts[counts[by] == code].set_index(["basis", "rating"])["count"]
        row: dict[str, str | int] = {"Name": name}
        for basis, words in short.items():
            row |= {f"{theme.RATING_WORDS[rag]} {words}": int(own.get((basis, rag), 0)) for rag in Rag}
        row["Not rated"] = int(own[own.index.get_level_values("basis") == Basis.NONE].sum())
        rows.append(row)
    return pd.DataFrame(rows)
