"""The Survey of Internal Control: answers as stacked bars, by year or by directorate, and changes with their intervals."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from kpireport.presentation import survey_wording, theme
from kpireport.presentation.axes import axis_of, text_width, wrap
from kpireport.presentation.blocks import Chart
from kpireport.presentation.charts.marks import Note, label, specification
from kpireport.presentation.data_table import figures as data_table
from kpireport.presentation.theme import CHART_WIDTH, NORMAL, SMALL
from kpireport.vocabulary import SurveyAnswer

COLOURS: dict[str, tuple[str, str]] = {
    SurveyAnswer.WELL_EMBEDDED: (theme.DARK_BLUE, theme.PAPER),
    SurveyAnswer.FAIRLY_EMBEDDED: (theme.TURQUOISE, theme.INK),
    SurveyAnswer.NOT_EMBEDDED: (theme.ORANGE, theme.INK),
    SurveyAnswer.DONT_KNOW: (theme.AVERAGE, theme.PAPER),
}
"""The colour of each answer, and of words on it."""
TALL, LOW, GAP, PARTED, HEAD, LINE = 28, 20, 5, 18, 24, 16
"""Pixels: bars of this year and of the last, between bars, between questions, a question's name, a line of words."""
NAME_WIDTH, NOTE_WIDTH = 150, 200
CHANGE_ROW = 24


class Bar(NamedTuple):
    """One bar: its name, its parts (one row is one answer), and whether it is this year's."""

    name: str
    parts: pd.DataFrame
    is_main: bool = True


def survey_answers(answers: pd.DataFrame, changes: pd.DataFrame) -> Chart:
    """Return each question's answers this year above those of the year before.

    `answers` and `changes` are those of `rules.survey_results.SurveyResults`.
    """
    over = survey_wording.years(answers)
    groups = [
        (str(question), [Bar(str(year), parts, year == over[0]) for year, parts in rows.groupby("year", sort=False)])
        for question, rows in answers.groupby("question", sort=False)
    ]
    return Chart(
        spec=_stacked(groups),
        title=survey_wording.distribution_title(answers, changes),
        subtitle="Answers in per cent of those who answered; not applicable and blank answers are left out",
        source=survey_wording.source(answers, over),
        alt=survey_wording.distribution_alt(answers),
        data=data_table(_table(answers, ["question", "year"], ["Question", "Year"]), "Answers in per cent by question and year"),
    )


def survey_directorates(rows: pd.DataFrame) -> Chart:
    """Return one question's answers of one year by directorate; `rows` are those of `SurveyResults.by_directorate`."""
    bars = [Bar(str(name), parts) for name, parts in rows.groupby("directorate_name", sort=False)]
    over = survey_wording.years(rows)
    return Chart(
        spec=_stacked([("", bars)]),
        title=survey_wording.breakdown_title(rows),
        subtitle=f"Answers in per cent of those who answered, {over[0]}; not applicable and blank answers are left out",
        source=survey_wording.source(rows, over),
        alt=survey_wording.breakdown_alt(rows),
        data=data_table(_table(rows, ["directorate_name"], ["Directorate"]), "Answers in per cent by directorate"),
    )


def survey_changes(changes: pd.DataFrame) -> Chart:
    """Return each answer's change in percentage points with its interval; `changes` has the number of respondents."""
    known = changes.dropna(subset="low_points")
    over = [int(known["year"].iloc[0]), int(known["previous"].iloc[0])]
    table = pd.DataFrame(
        {
            "Question": known["question"],
            "Answer": known["answer"],
            "Change": [survey_wording.points(value) for value in known["shown_change_points"]],
            "95% interval": [survey_wording.interval(row) for _, row in known.iterrows()],
        }
    )
    return Chart(
        spec=_intervals(known),
        title=survey_wording.changes_title(known),
        subtitle=f"Change from {over[1]} to {over[0]} in percentage points, with its 95% interval; dark where it excludes 0",
        source=survey_wording.source(known, over),
        alt=survey_wording.changes_alt(known),
        data=data_table(table, "Change of each answer in percentage points"),
    )


def _stacked(groups: Sequence[tuple[str, Sequence[Bar]]]) -> dict[str, Any]:
    """Return groups of bars, each bar 100% wide, with a group's name above its bars."""
    names = {bar.name: wrap(bar.name, NAME_WIDTH) for _, bars in groups for bar in bars}
    left = max(text_width(line) for lines in names.values() for line in lines) * 1.08 + 12
    # A bar's width decides which figures stand behind it; the most that could bounds it from below.
    least = CHART_WIDTH - round(left) - NOTE_WIDTH - 14
    behind = [line for _, bars in groups for bar in bars for line in _note(bar, _parts(bar, 0, 0, least))]
    width = CHART_WIDTH - round(left) - round(max((text_width(line, SMALL) for line in behind), default=0)) - 24
    width = max(width, least)
    layers, parts, y = [], [], 0.0
    for group, bars in groups:
        for line in wrap(group, CHART_WIDTH - 20, NORMAL * 1.1):
            layers.append(label(Note(line, y + HEAD / 2, NORMAL, "bold"), -left))
            y += HEAD
        for bar in bars:
            lines = names[bar.name]
            height = max(TALL if bar.is_main else LOW, LINE * len(lines) - 2)
            middle = y + height / 2
            weight = "bold" if bar.is_main and group else "normal"
            layers += [label(note, -10, align="right") for note in _lines(lines, middle, NORMAL, weight)]
            drawn = _parts(bar, y, height, width)
            parts += drawn
            layers += [label(note, width + 8) for note in _lines(_note(bar, drawn), middle, SMALL, "normal")]
            y += height + GAP
        y += PARTED - GAP
    height = round(y - PARTED)
    layers += _key(height + 24, -left)
    return specification(
        [*_marks(parts, width, height), *layers], width=width, height=height, left=left, top=4, right=10, bottom=38
    )


def _lines(lines: Sequence[str], middle: float, size: int, weight: Any) -> list[Note]:
    step = LINE - 2
    return [Note(line, middle + step * (place - (len(lines) - 1) / 2), size, weight) for place, line in enumerate(lines)]


def _parts(bar: Bar, top: float, height: float, width: float) -> list[dict[str, Any]]:
    """Return the parts of a bar with their places in pixels; none where the figures are hidden."""
    shown = bar.parts[bar.parts["percent"] > 0]
    total = float(shown["percent"].sum())
    parts, start = [], 0.0
    for _, row in shown.iterrows():
        end = start + width * float(row["percent"]) / total
        text = survey_wording.share(row)
        colour, ink = COLOURS[row["answer"]]
        parts.append(
            {
                "answer": row["answer"],
                "text": text,
                "is_inside": text_width(text) * 1.08 + 8 <= end - start,
                "start": round(start, 1),
                "end": round(end, 1),
                "top": round(top, 1),
                "bottom": round(top + height, 1),
                "colour": colour,
                "ink": ink,
            }
        )
        start = end
    return parts


def _note(bar: Bar, drawn: Sequence[dict[str, Any]]) -> list[str]:
    """Return what stands behind a bar: the parts too narrow for their figures, or that nothing may be shown."""
    if not drawn:
        return [f"{survey_wording.HIDDEN} hidden"]
    outside = [f"{part['text']} {survey_wording.of_answers(part['answer'])}" for part in drawn if not part["is_inside"]]
    return wrap(", ".join(outside), NOTE_WIDTH, SMALL)


def _marks(parts: Sequence[dict[str, Any]], width: float, height: float) -> list[Any]:
    if not parts:
        return [alt.Chart(alt.InlineData(values=[])).mark_rect()]
    frame = pd.DataFrame(parts)
    x = alt.Scale(domain=[0, width], nice=False, zero=False)
    # Places are pixels from the top.
    y = alt.Scale(domain=[height, 0], nice=False, zero=False)
    across, down = alt.X("start:Q", axis=None, scale=x), alt.Y("top:Q", axis=None, scale=y)
    boxes = (
        alt.Chart(frame[["start", "end", "top", "bottom", "colour"]])
        .mark_rect(stroke=theme.PAPER, strokeWidth=1)
        .encode(
            x=across,
            x2=alt.X2("end:Q"),
            y=down,
            y2=alt.Y2("bottom:Q"),
            color=alt.Color("colour:N", scale=None),
        )
    )
    inside = frame[frame["is_inside"]]
    if inside.empty:
        return [boxes]
    placed = inside.assign(middle=(inside["start"] + inside["end"]) / 2, level=(inside["top"] + inside["bottom"]) / 2)
    words = (
        alt.Chart(placed[["middle", "level", "text", "ink"]])
        .mark_text(fontSize=NORMAL, fontWeight="bold", baseline="middle")
        .encode(
            x=alt.X("middle:Q", axis=None, scale=x),
            y=alt.Y("level:Q", axis=None, scale=y),
            text=alt.Text("text:N"),
            color=alt.Color("ink:N", scale=None),
        )
    )
    return [boxes, words]


def _key(level: float, start: float) -> list[Any]:
    """Return each answer's colour and word, in one line under the bars."""
    layers, x = [], start
    for answer, (colour, _) in COLOURS.items():
        layers.append(label(Note("■", level, NORMAL, colour=colour), x))
        layers.append(label(Note(str(answer), level, SMALL), x + 15))
        x += text_width(str(answer), SMALL) + 34
    return layers


def _intervals(changes: pd.DataFrame) -> dict[str, Any]:
    """Return each change as a point with its interval as a line, about a line at no change."""
    left = max(text_width(answer) for answer in changes["answer"]) + 14
    notes = [
        f"{survey_wording.points(row['shown_change_points'])} ({survey_wording.interval(row)})" for _, row in changes.iterrows()
    ]
    right = max(text_width(note, SMALL) for note in notes) + 22
    width = CHART_WIDTH - round(left) - round(right)
    axis = axis_of([*changes["low_points"], *changes["high_points"], 0.0], "number")
    names, levels, y = [], [], 0.0
    for _, rows in changes.groupby("question", sort=False):
        for line in wrap(str(rows["question"].iloc[0]), CHART_WIDTH - 20, NORMAL * 1.1):
            names.append(label(Note(line, y + HEAD / 2, NORMAL, "bold"), -left))
            y += HEAD
        for answer in rows["answer"]:
            names.append(label(Note(str(answer), y + CHANGE_ROW / 2), -10, align="right"))
            levels.append(y + CHANGE_ROW / 2)
            y += CHANGE_ROW
        y += PARTED / 2
    height = round(y)
    is_beyond = changes["is_significant"].astype(bool)
    placed = pd.DataFrame(
        {
            "level": levels,
            "low": changes["low_points"].round(3).to_numpy(),
            "high": changes["high_points"].round(3).to_numpy(),
            "change": changes["change_points"].round(3).to_numpy(),
            "colour": [theme.DARK_BLUE if beyond else theme.AXIS for beyond in is_beyond],
        }
    )
    scale = alt.Scale(domain=[axis.start, axis.end], nice=False, zero=False)
    down = alt.Y("level:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False, zero=False))
    foot = alt.Axis(values=list(axis.ticks), labelExpr=axis.label_expression, domain=False, ticks=False)
    colour = alt.Color("colour:N", scale=None)
    layers = [
        alt.Chart(placed[["level", "low", "high", "colour"]])
        .mark_rule(strokeWidth=3, strokeCap="round")
        .encode(x=alt.X("low:Q", scale=scale, axis=foot), x2=alt.X2("high:Q"), y=down, color=colour),
        alt.Chart(pd.DataFrame({"low": [0.0]})).mark_rule(color=theme.INK, strokeWidth=1.2).encode(x=alt.X("low:Q", scale=scale)),
        alt.Chart(placed[["level", "change", "colour"]])
        .mark_point(filled=True, size=90, opacity=1)
        .encode(x=alt.X("change:Q", scale=scale), y=down, color=colour),
        *(label(Note(note, level, SMALL), width + 12) for note, level in zip(notes, levels, strict=True)),
        *names,
    ]
    return specification(layers, width=width, height=height, left=left, top=4, right=right, bottom=30)


def _table(rows: pd.DataFrame, by: Sequence[str], heads: Sequence[str]) -> pd.DataFrame:
    """Return one row for each bar: its answers in per cent."""
    wide = []
    for keys, parts in rows.groupby(list(by), sort=False):
        shares = {str(row["answer"]): survey_wording.share(row) for _, row in parts.iterrows()}
        wide.append(dict(zip(heads, map(str, keys), strict=True)) | shares)
    return pd.DataFrame(wide)
