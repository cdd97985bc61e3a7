"""The pages of the Survey of Internal Control, from the frames of `rules.survey_results.SurveyResults`.

The functions take frames and not a report, so that the assurance report shows the same pages.
"""

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from kpireport.presentation import survey_wording, wording
from kpireport.presentation.blocks import Block, Page, Part
from kpireport.presentation.charts.survey import survey_answers, survey_changes, survey_directorates
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import EMPTY, bullets, heading, join, paragraph, quiet, stack, unseen, words
from kpireport.vocabulary import Edition, SurveyAnswer

ANSWERS = [str(answer) for answer in SurveyAnswer if answer is not SurveyAnswer.NOT_APPLICABLE]
NONE_THIS_YEAR = "No answers to the Survey of Internal Control are recorded for {year}, so there is nothing to analyse."
NO_EARLIER = "There is no earlier survey with which these answers could be compared."
NOT_IN_PUBLIC = (
    "Answers by directorate are not in the public edition: some groups are so small that a share would tell how many they are."
)
NOTES = (
    "Every percentage is of those who answered the question. Don't know is an answer; not applicable and blank answers are in no "
    "percentage.",
    "Each percentage is rounded to the nearest whole one by itself, so that the four of a question may not add up to 100. A "
    "change is the difference between the percentages as printed.",
    "Of the answers, well embedded and fairly embedded are positive.",
)
INTERVALS = (
    "The 95% interval of a change is Newcombe's, from the Wilson interval of each year. It treats each year's respondents as a "
    "sample of all who might have answered. Managers who answer in both years tend to answer alike, which makes it too wide "
    "rather than too narrow.",
    "A change is called more than chance only when its interval excludes 0. Where the number of respondents is not given there "
    "is neither interval nor claim.",
    "With many changes compared at once, about one in 20 looks like more than chance although nothing changed.",
)

SMALL_GROUPS = (
    f"A group of fewer than {survey_wording.MINIMUM} who answered is not shown. A directorate not listed gave no answer."
)
IN_PUBLIC = (
    "This public edition gives percentages alone. The number of respondents is left out, so that nobody can work out how few "
    "gave an answer; without it there is no interval, and no claim that a change is more than chance."
)
ILLUSTRATIVE = (
    "The respondents are illustrative: they were made up so that their answers give the percentages that were published, and "
    "nobody published how many answered."
)


def front_page(
    answers: pd.DataFrame, positive: pd.DataFrame, changes: pd.DataFrame, too_small: Sequence[str] = (), *, year: int
) -> Page:
    """Return the message of the survey of `year`: its first sentence, a small table, and what else there is to know."""
    unshown = survey_wording.too_small_sentence(too_small)
    if answers.empty:
        return Page((paragraph(words(unshown or NONE_THIS_YEAR.format(year=year))),))
    said = [*survey_wording.messages(answers, positive, changes), survey_wording.who_answered(answers), unshown]
    return Page(
        (
            stack(
                [
                    paragraph(words(survey_wording.lead(answers, changes)), kind="lead"),
                    _summary(answers, changes),
                    bullets(words(sentence) for sentence in said if sentence),
                    _illustrative(answers),
                ]
            ),
        )
    )


def distribution(answers: pd.DataFrame, changes: pd.DataFrame) -> Page:
    """Return how each question was answered, this year and the year before, as a chart and, where they are given, with counts."""
    if answers.empty:
        return Page((paragraph(words("No answers are recorded.")),))
    counts = [_counts(answers)] if answers["of"].notna().any() else []
    return Page((survey_answers(answers, changes), *counts))


def change(changes: pd.DataFrame) -> Page:
    """Return the change of each answer in percentage points, with its interval where the number of respondents is known."""
    if changes.empty:
        return Page((paragraph(words(NO_EARLIER)),))
    first = paragraph(words(survey_wording.chance(changes)))
    chart = [survey_changes(changes)] if changes["low_points"].notna().any() else []
    return Page((first, *chart, _changes(changes)))


def breakdown(by_directorate: pd.DataFrame, changes: pd.DataFrame, *, edition: str = Edition.INTERNAL) -> Page:
    """Return each question's answers by directorate this year, where numbers allow, and how many more say well embedded.

    `changes` are `SurveyResults.directorate_changes`.
    """
    if edition == Edition.PUBLIC:
        return Page((paragraph(words(NOT_IN_PUBLIC)),))
    if by_directorate.empty:
        return Page((paragraph(words("No answers by directorate are recorded.")),))
    this = survey_wording.years(by_directorate)[0]
    hidden = survey_wording.hidden_sentence(by_directorate)
    parts: list[Part] = [paragraph(words(f"{hidden} The groups are small: a difference between two directorates may be chance."))]
    for question, rows in by_directorate[by_directorate["year"] == this].groupby("question", sort=False):
        own = changes[(changes["question"] == question) & (changes["answer"] == survey_wording.BEST)]
        parts.append(heading(3, words(str(question)), f"by-directorate-{_slug(str(question))}"))
        parts.append(survey_directorates(rows))
        parts.append(_directorates(str(question), rows, own))
    return Page(tuple(parts))


def notes(answers: pd.DataFrame, *, edition: str = Edition.INTERNAL) -> Page:
    """Return how the figures were made, whose answers they are, and what is not shown."""
    said = (*NOTES, IN_PUBLIC) if edition == Edition.PUBLIC else (*NOTES, *INTERVALS, SMALL_GROUPS)
    return Page((stack([bullets(words(sentence) for sentence in said), _illustrative(answers)]),))


def _illustrative(answers: pd.DataFrame) -> Block:
    if not answers["is_illustrative"].any():
        return EMPTY
    rest = " Numbers of respondents, intervals and directorates are for demonstration only."
    return paragraph(words(f"{ILLUSTRATIVE}{rest if answers['of'].notna().any() else ''}"), kind="quiet")


def _summary(answers: pd.DataFrame, changes: pd.DataFrame) -> Block:
    """Return the small table of the first page: each question's shares this year, the year before, and the change."""
    over = survey_wording.years(answers)
    rows = []
    for question, own in answers.groupby("question", sort=False):
        for year in over:
            if len(of_year := own[own["year"] == year]):
                rows.append([words(f"{question}, {year}"), *_by_answer(of_year)])
        changed = changes[changes["question"] == question].set_index("answer")["shown_change_points"]
        if len(changed):
            moved = [words(survey_wording.points(float(changed[answer]))) for answer in ANSWERS]
            rows.append([join([quiet(words("Change, points")), unseen(f": {question}")]), *moved])
    caption = survey_wording.marked(f"Answers in per cent of those who answered, {_over(over)}", answers)
    return table(caption, [Column("Question", 2.4), *_answer_columns()], rows, kind="figures")


def _counts(answers: pd.DataFrame) -> Block:
    """Return every question and year with how many answered, how many gave each answer, and how many did not answer."""
    columns = [Column("Question and year", 2.2), Column("Answered", is_number=True), *_answer_columns()]
    columns += [Column("Not applicable", is_number=True), Column("Left blank", is_number=True)]
    rows = []
    for (question, year), own in answers.groupby(["question", "year"], sort=False):
        first = own.iloc[0]
        cells = [words(f"{question}, {year}"), words(_count(first["of"])), *_by_answer(own, with_counts=True)]
        rows.append([*cells, words(_count(first["not_applicable"])), words(_count(first["blank"]))])
    what = "Answers to each question: number and per cent of those who answered"
    return table(survey_wording.marked(what, answers), columns, rows)


def _changes(changes: pd.DataFrame) -> Block:
    year, previous = int(changes["year"].iloc[0]), int(changes["previous"].iloc[0])
    has_intervals = bool(changes["low_points"].notna().any())
    columns = [
        Column("Question and answer", 3.2),
        Column(str(year), is_number=True),
        Column(str(previous), is_number=True),
        Column("Change, points", 1.3, is_number=True),
    ]
    if has_intervals:
        columns += [Column("95% interval", 1.8, is_number=True), Column("Reading", 2)]
    rows = []
    for _, row in changes.iterrows():
        cells = [f"{row['question']}: {survey_wording.of_answers(row['answer'])}"]
        cells += [f"{wording.number(value, 0)}%" for value in (row["shown_percent"], row["previous_shown_percent"])]
        cells.append(survey_wording.points(row["shown_change_points"]))
        if has_intervals:
            cells += [survey_wording.interval(row), survey_wording.reading(row)]
        rows.append([words(cell) for cell in cells])
    caption = survey_wording.marked(f"Change from {previous} to {year} in percentage points", changes)
    return table(caption, columns, rows)


def _directorates(question: str, rows: pd.DataFrame, changes: pd.DataFrame) -> Block:
    this = int(rows["year"].iloc[0])
    columns = [Column("Directorate", 2.6), Column("Answered", is_number=True), *_answer_columns()]
    if len(changes):
        previous = int(changes["previous"].iloc[0])
        columns.append(Column(f"Well embedded since {previous}, points", 2.2, is_number=True))
    moved = {row["directorate"]: _moved(row) for _, row in changes.iterrows()}
    lines = []
    for directorate, own in rows.groupby("directorate", sort=False):
        cells = [words(str(own["directorate_name"].iloc[0])), words(_count(own["of"].iloc[0])), *_by_answer(own)]
        lines.append([*cells, words(moved.get(directorate, "not asked"))] if len(changes) else cells)
    what = f"{question}: answers by directorate, {this}, in per cent of those who answered"
    caption = survey_wording.marked(f"{what}{', and change with its 95% interval' if len(changes) else ''}", rows)
    return table(caption, columns, lines)


def _moved(change: Any) -> str:
    if wording.is_missing(change["shown_change_points"]):
        return survey_wording.HIDDEN
    return f"{survey_wording.points(change['shown_change_points'])} ({survey_wording.interval(change)})"


def _answer_columns() -> list[Column]:
    return [Column(answer, is_number=True) for answer in ANSWERS]


def _by_answer(rows: pd.DataFrame, *, with_counts: bool = False) -> list[Block]:
    by_answer = {row["answer"]: row for _, row in rows.iterrows()}
    cells = []
    for answer in ANSWERS:
        row = by_answer[answer]
        share = survey_wording.share(row)
        cells.append(words(f"{_count(row['count'])} ({share})" if with_counts else share))
    return cells


def _count(value: Any) -> str:
    return survey_wording.HIDDEN if wording.is_missing(value) else f"{int(value):,}"


def _over(years: Sequence[int]) -> str:
    return wording.join(str(year) for year in years)


def _slug(text: str) -> str:
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-") or "question"
