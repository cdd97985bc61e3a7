"""The Survey of Internal Control: answers as stacked bars, by year or by directorate, and changes with their intervals."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import altair as alt
import pandas as pd

from kpireport.presentation import survey_wording, theme
from kpireport.presentation.axes import axis_of, text_width, wrap
from kpireport.presentation.blocks import Chart
from kpireport.presentation.charts.marks import Note, Words, boxes, labels, said, specification
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
TALL, LOW, GAP, PARTED, HEAD, LINE, EDGE = 28, 22, 6, 20, 24, 17, 4
"""Pixels: bars of this year and of the last, between bars, between questions, a name, a line of words, at the left and right."""
NAME_WIDTH = 60
"""Pixels for names before bars; where one needs more, all stand above."""
KEY, SWATCH = 20, 12
"""Height of a line of the key, and size of a colour in it, in pixels."""
CHANGE_ROW, BOLDER = 24, 1.08


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
    """Return groups of bars, each bar 100% wide, with a group's name above its bars.

    A short name, such as a year, stands before its bar; where one is longer, all stand above. What has no room inside a bar
    stands below it.
    """
    widest = max(text_width(bar.name) for _, bars in groups for bar in bars) * BOLDER
    is_beside = widest <= NAME_WIDTH
    left = round(widest) + 12 if is_beside else EDGE
    width = CHART_WIDTH - left - EDGE
    words: list[Words] = []
    parts, y = [], 0.0
    for group, bars in groups:
        for line in wrap(group, (CHART_WIDTH - 2 * EDGE) / BOLDER):
            words.append((Note(line, y + HEAD / 2, NORMAL, "bold"), EDGE - left))
            y += HEAD
        for bar in bars:
            weight: Literal["normal", "bold"] = "bold" if bar.is_main and group else "normal"
            if not is_beside:
                words.append((Note(bar.name, y + HEAD / 2, NORMAL, weight), 0.0))
                y += HEAD
            height = TALL if bar.is_main else LOW
            if is_beside:
                words.append((Note(bar.name, y + height / 2, NORMAL, weight), -8, "right"))
            drawn = _parts(bar, group, y, height, width)
            parts += drawn
            y += height if drawn else 0
            for line in _note(bar, drawn, width):
                words.append((Note(line, y + LINE / 2 + 2, SMALL, colour=theme.MUTED), 0.0))
                y += LINE
            y += GAP if group else PARTED / 2
        y += PARTED - GAP
    height = round(y - PARTED)
    key, foot = _key(height + 22, EDGE - left)
    inside: list[Words] = [
        (Note(part["text"], (part["top"] + part["bottom"]) / 2, NORMAL, "bold", part["ink"]), middle, "center")
        for part in parts
        if part["is_inside"]
        for middle in [(part["left"] + part["right"]) / 2]
    ]
    drawings = [{name: part[name] for name in ("left", "right", "top", "bottom", "colour", "said")} for part in parts]
    return specification(
        [*boxes(drawings, stroke=theme.PAPER, strokeWidth=1), *boxes(key), *labels([*words, *inside, *foot])],
        width=width,
        height=height,
        left=left,
        top=4,
        right=EDGE,
        bottom=10 + KEY * 2,
    )


def _parts(bar: Bar, group: str, top: float, height: float, width: float) -> list[dict[str, Any]]:
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
                "is_inside": text_width(text) * BOLDER + 8 <= end - start,
                "left": start,
                "right": end,
                "top": top,
                "bottom": top + height,
                "colour": colour,
                "ink": ink,
                "said": f"{', '.join(filter(None, [group, bar.name]))}: {row['answer']} {text}",
            }
        )
        start = end
    return parts


def _note(bar: Bar, drawn: Sequence[dict[str, Any]], width: float) -> list[str]:
    """Return what stands below a bar: the parts too narrow for their figures, or that nothing may be shown."""
    if not drawn:
        return [f"{survey_wording.HIDDEN} hidden"]
    outside = [f"{part['text']} {survey_wording.of_answers(part['answer'])}" for part in drawn if not part["is_inside"]]
    return wrap(", ".join(outside), width, SMALL)


def _key(level: float, start: float) -> tuple[list[dict[str, Any]], list[Words]]:
    """Return each answer's colour and word under the bars, two in a line."""
    swatches: list[dict[str, Any]] = []
    words: list[Words] = []
    for place, (answer, (colour, _)) in enumerate(COLOURS.items()):
        x, y = start + place % 2 * CHART_WIDTH / 2, level + place // 2 * KEY
        box = {"left": x, "right": x + SWATCH, "top": y - SWATCH / 2, "bottom": y + SWATCH / 2}
        swatches.append({**box, "colour": colour, "said": str(answer)})
        words.append((Note(str(answer), y, SMALL), x + SWATCH + 6))
    return swatches, words


def _intervals(changes: pd.DataFrame) -> dict[str, Any]:
    """Return each change as a point with its interval as a line, about a line at no change."""
    left = max(text_width(answer, SMALL) for answer in changes["answer"]) + 12
    notes = [
        f"{survey_wording.points(row['shown_change_points'])} ({survey_wording.interval(row)})" for _, row in changes.iterrows()
    ]
    right = max(text_width(note, SMALL) for note in notes) + 14
    width = CHART_WIDTH - round(left) - round(right)
    axis = axis_of([*changes["low_points"], *changes["high_points"], 0.0], "number", about=3)
    words: list[Words] = []
    levels, y = [], 0.0
    for _, rows in changes.groupby("question", sort=False):
        for line in wrap(str(rows["question"].iloc[0]), (CHART_WIDTH - 2 * EDGE) / BOLDER):
            words.append((Note(line, y + HEAD / 2, NORMAL, "bold"), EDGE - left))
            y += HEAD
        for answer in rows["answer"]:
            words.append((Note(str(answer), y + CHANGE_ROW / 2, SMALL), -8, "right"))
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
            "said": [
                f"{question}, {answer}: {note}"
                for question, answer, note in zip(changes["question"], changes["answer"], notes, strict=True)
            ],
        }
    )
    scale = alt.Scale(domain=[axis.start, axis.end], nice=False, zero=False)
    down = alt.Y("level:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False, zero=False))
    foot = alt.Axis(values=list(axis.ticks), labelExpr=axis.label_expression, domain=False, ticks=False)
    colour = alt.Color("colour:N", scale=None)
    layers = [
        alt.Chart(placed[["level", "low", "high", "colour", "said"]])
        .mark_rule(strokeWidth=3, strokeCap="round")
        .encode(x=alt.X("low:Q", scale=scale, axis=foot), x2=alt.X2("high:Q"), y=down, color=colour, description=said()),
        alt.Chart(pd.DataFrame({"low": [0.0]})).mark_rule(color=theme.INK, strokeWidth=1.2).encode(x=alt.X("low:Q", scale=scale)),
        alt.Chart(placed[["level", "change", "colour", "said"]])
        .mark_point(filled=True, size=90, opacity=1)
        .encode(x=alt.X("change:Q", scale=scale), y=down, color=colour, description=said()),
        *labels([*((Note(note, level, SMALL), width + 8.0) for note, level in zip(notes, levels, strict=True)), *words]),
    ]
    return specification(layers, width=width, height=height, left=left, top=4, right=right, bottom=30)


def _table(rows: pd.DataFrame, by: Sequence[str], heads: Sequence[str]) -> pd.DataFrame:
    """Return one row for each bar: its answers in per cent."""
    wide = []
    for keys, parts in rows.groupby(list(by), sort=False):
        shares = {str(row["answer"]): survey_wording.share(row) for _, row in parts.iterrows()}
        wide.append(dict(zip(heads, map(str, keys), strict=True)) | shares)
    return pd.DataFrame(wide)
