"""One year of the Survey of Internal Control beside the year before: what any report may show of it, in which edition.

Every report takes its figures of the survey from here, so that they are the same wherever they stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kpireport.rules import survey
from kpireport.vocabulary import ILLUSTRATIVE, Edition

_COUNTS = ["count", "of", "not_applicable", "blank"]


@dataclass(frozen=True)
class SurveyResults:
    """What a report may show of the survey of one year. Questions stand in the order in which the table first has them."""

    year: int
    previous: int | None
    """The latest earlier year with a survey; None when there is none."""
    answers: pd.DataFrame
    """One row is one question, year (this one and the previous) and answer, as `survey.distribution` gives it, and
    `is_illustrative`: whether a respondent of that question and year is made up. In a public edition the counts are missing."""
    positive: pd.DataFrame
    """One row is one question and year: the share of positive answers, as `survey.positive_share` gives it."""
    changes: pd.DataFrame
    """One row is one question and answer of both years, as `survey.change` gives it, and `is_illustrative`. Without the number
    of respondents there is neither interval nor claim."""
    by_directorate: pd.DataFrame
    """One row is one question, year, directorate and answer, as `survey.breakdown` gives it, with `directorate_name` and
    `is_illustrative`; empty in a public edition."""
    directorate_changes: pd.DataFrame
    """One row is one question, directorate and answer of both years; missing where either year's is hidden."""
    too_small: tuple[str, ...]
    """This year's questions that fewer than 10 answered: nothing of them is shown."""


def for_year(responses: pd.DataFrame, directorates: pd.DataFrame, *, year: int, edition: str = Edition.INTERNAL) -> SurveyResults:
    """Return what the survey of `year` says, and how it changed since the one before.

    A public edition has the shares as whole percentages alone: without the number of respondents they fit any multiple of the
    counts, so that no count from 1 to 4 can be worked out of them. For the same reason it has no directorates.

    Parameters
    ----------
    responses
        One row is one respondent's answer to one question (schemas.SURVEY_RESPONSES); empty when a council has no survey.
    directorates
        The directorates, in the order of the reports.
    """
    surveyed = responses["year"].astype(int)
    earlier = surveyed[surveyed < year]
    has_survey = bool((surveyed == year).any())
    previous = int(earlier.max()) if has_survey and len(earlier) else None
    asked = responses.assign(year=surveyed)[surveyed.isin([year, previous]) & has_survey]
    questions = list(dict.fromkeys(asked.sort_values("year", ascending=False, kind="stable")["question"]))
    counted = _illustrative(survey.distribution(asked), asked)
    is_shown = survey.large_enough(counted)
    # Without a question of this year to show, last year's would stand in for it.
    is_any = bool((is_shown & (counted["year"] == year)).any())
    answers = _ordered(counted[is_shown] if is_any else counted.iloc[:0], questions)
    shown_questions = answers[["question", "year"]].drop_duplicates()
    in_shown = asked.merge(shown_questions, on=["question", "year"], how="inner", validate="many_to_one")
    groups = _illustrative(survey.breakdown(in_shown, "directorate"), asked)
    if edition == Edition.PUBLIC:
        answers, groups = _without_counts(answers), groups.iloc[:0]
    positive = survey.positive_share(answers)
    named = groups.merge(
        directorates[["directorate", "directorate_name"]].assign(place=range(len(directorates))),
        on="directorate",
        how="left",
        validate="many_to_one",
    )
    return SurveyResults(
        year=year,
        previous=previous if is_any else None,
        answers=answers,
        positive=_ordered(positive.assign(count=positive["count"].where(positive["of"].notna())), questions),
        changes=_changes(answers, questions, year, previous),
        by_directorate=_ordered(named, questions, ["place"]).drop(columns="place"),
        directorate_changes=_changes(_ordered(named, questions, ["place"]), questions, year, previous, by=["directorate"]),
        too_small=tuple(dict.fromkeys(counted.loc[~is_shown & (counted["year"] == year), "question"])),
    )


def _ordered(rows: pd.DataFrame, questions: Sequence[str], by: Sequence[str] = ()) -> pd.DataFrame:
    """Return rows by question, this year before the last, and `by`; otherwise in the order they came in."""
    places = {question: place for place, question in enumerate(questions)}
    order = rows.assign(question_place=rows["question"].map(places))
    ascending = [True, False, *(True for _ in by)]
    return order.sort_values(["question_place", "year", *by], ascending=ascending, kind="stable", ignore_index=True).drop(
        columns="question_place"
    )


def _illustrative(rows: pd.DataFrame, responses: pd.DataFrame) -> pd.DataFrame:
    made_up = responses.assign(is_illustrative=responses["producer"] == ILLUSTRATIVE)
    each = made_up.groupby(["question", "year"], sort=False)["is_illustrative"].any().reset_index()
    return rows.merge(each, on=["question", "year"], how="left", validate="many_to_one")


def _without_counts(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the shares as printed, and nothing else that a count could be worked out of."""
    missing = pd.Series(float("nan"), index=answers.index)
    return answers.assign(percent=answers["shown_percent"], **dict.fromkeys(_COUNTS, missing))


def _changes(
    answers: pd.DataFrame, questions: Sequence[str], year: int, previous: int | None, by: Sequence[str] = ()
) -> pd.DataFrame:
    # A year before every survey has no rows, and so gives none.
    changed = survey.change(answers, year=year, previous=year if previous is None else previous, by=by)
    group = ["question", *by]
    each = answers.groupby(group, sort=False)["is_illustrative"].any().reset_index()
    rows = changed.merge(each, on=group, how="left", validate="many_to_one")
    kept = rows if previous is not None else rows.iloc[:0]
    places = {question: place for place, question in enumerate(questions)}
    return kept.assign(year=year, previous=previous).sort_values(
        "question", key=lambda column: column.map(places), kind="stable", ignore_index=True
    )
