"""The tables of the Survey of Internal Control as a workbook that is published beside the report."""

from typing import Any, Protocol

import pandas as pd

from kpireport.presentation import survey_wording, wording
from kpireport.presentation.blocks import Attachment, Page
from kpireport.presentation.report import Headed
from kpireport.presentation.sheets import WORKBOOK_TYPE, Sheet, workbook
from kpireport.presentation.theme import SHORTHAND

WHOLE, SHARE, TENTHS = "#,##0", "0", "0.0"
NOTES = {
    "Per cent": "Of those who answered the question, rounded to the nearest whole one by itself: four may not add up to 100.",
    "Change": "The difference between the percentages as printed, in percentage points.",
    "95% interval": "Newcombe's interval of the change, from unrounded percentages; [x] without the number of respondents.",
    "Answered": "Everyone but those who said not applicable or left the question blank, who are counted apart.",
    survey_wording.HIDDEN: f"{SHORTHAND['[c]']}: fewer than {survey_wording.MINIMUM} answered, or a hidden number would follow.",
    "[x]": f"{SHORTHAND['[x]']}.",
}


class Results(Protocol):
    """What the workbook holds of `rules.survey_results.SurveyResults`."""

    @property
    def year(self) -> int:
        """The survey's year."""

    @property
    def answers(self) -> pd.DataFrame:
        """One row is one question, year and answer."""

    @property
    def changes(self) -> pd.DataFrame:
        """One row is one question and answer of both years."""

    @property
    def by_directorate(self) -> pd.DataFrame:
        """One row is one question, year, directorate and answer."""


class Report(Headed, Protocol):
    """What the workbook's cover says."""

    @property
    def results(self) -> Results:
        """The survey's figures."""


def files(report: Report) -> Page:
    """Return the workbook that is published beside the report; none without answers."""
    if report.results.answers.empty:
        return Page(())
    name = f"survey-{report.results.year}.xlsx"
    return Page((Attachment(name, WORKBOOK_TYPE, survey_workbook(report), "The tables of the survey as a workbook"),))


def survey_workbook(report: Report) -> bytes:
    """Return the workbook: cover, contents, notes, answers, changes and directorates; the last two where there are any."""
    results = report.results
    sheets = [_answers(results.answers)]
    if len(results.changes):
        sheets.append(_changes(results.changes))
    if len(results.by_directorate):
        sheets.append(_directorates(results.by_directorate))
    about = [f"The survey of {results.year}."]
    if results.answers["is_illustrative"].any():
        about.append("The respondents are illustrative: made up so that their answers give the published percentages.")
    return workbook(
        sheets,
        notes=NOTES,
        title=f"{report.council.name}: {report.title}",
        intro=[report.subtitle, "How each question was answered, how that changed, and the directorates where numbers allow."],
        about=about,
        author=report.council.name,
        date=report.date,
    )


def _answers(answers: pd.DataFrame) -> Sheet:
    columns: dict[str, Any] = {"Question": answers["question"], "Year": answers["year"], "Answer": answers["answer"]}
    formats = {"Year": "0", "Per cent": SHARE}
    if answers["of"].notna().any():
        heads = {"Number": "count", "Answered": "of", "Not applicable": "not_applicable", "Left blank": "blank"}
        columns |= {head: _cells(answers[name]) for head, name in heads.items()}
        formats |= dict.fromkeys(heads, WHOLE)
    columns["Per cent"] = _cells(answers["shown_percent"])
    title = survey_wording.marked("Answers to each question, by year", answers)
    return Sheet("Answers", title, _frame(columns), formats=formats, index_columns=3)


def _changes(changes: pd.DataFrame) -> Sheet:
    year, previous = int(changes["year"].iloc[0]), int(changes["previous"].iloc[0])
    columns = {
        "Question": changes["question"],
        "Answer": changes["answer"],
        f"Per cent in {year}": changes["shown_percent"],
        f"Per cent in {previous}": changes["previous_shown_percent"],
        "Change (percentage points)": changes["shown_change_points"],
        "95% interval, from": _cells(changes["low_points"], "[x]"),
        "95% interval, to": _cells(changes["high_points"], "[x]"),
        "Reading": [survey_wording.reading(row) for _, row in changes.iterrows()],
    }
    whole = [name for name in columns if name.startswith("Per cent")]
    tenths = ["95% interval, from", "95% interval, to"]
    formats = dict.fromkeys([*whole, "Change (percentage points)"], SHARE) | dict.fromkeys(tenths, TENTHS)
    title = survey_wording.marked(f"Change from {previous} to {year} in percentage points", changes)
    return Sheet("Changes", title, _frame(columns), formats=formats, index_columns=2)


def _directorates(rows: pd.DataFrame) -> Sheet:
    columns = {
        "Question": rows["question"],
        "Year": rows["year"],
        "Directorate": rows["directorate_name"],
        "Answer": rows["answer"],
        "Answered": _cells(rows["of"]),
        "Per cent": _cells(rows["shown_percent"]),
    }
    title = survey_wording.marked("Answers by directorate", rows)
    return Sheet(
        "Directorates",
        title,
        _frame(columns),
        formats={"Year": "0", "Answered": WHOLE, "Per cent": SHARE},
        index_columns=3,
    )


def _frame(columns: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame({name: list(cells) for name, cells in columns.items()}, dtype=object)


def _cells(values: pd.Series, missing: str = survey_wording.HIDDEN) -> list[float | str]:
    return [missing if wording.is_missing(value) else float(value) for value in values]
