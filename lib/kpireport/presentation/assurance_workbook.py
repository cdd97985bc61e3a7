"""The evidence of the annual assurance report as a workbook: for auditors, who count again."""

from typing import Any

import pandas as pd

from kpireport.presentation import assurance_wording as said
from kpireport.presentation import wording
from kpireport.presentation.assurance_report import AssuranceReport
from kpireport.presentation.blocks import Attachment
from kpireport.presentation.sheets import WORKBOOK_TYPE, Sheet, workbook

UNKNOWN = "[x]"
WHOLE = "#,##0"
NOTES = {
    UNKNOWN: "Not available: not measured, not kept, or left out of a public edition.",
    "Figure": "A whole percentage of its denominator (Of), or a number where there is none.",
    "Expected": "What the arrangements ask for; in part met from the figure in the next column.",
    "Place": "The report's place in the random draw; those with the first places are the sample.",
}
NUMBERS = ("Figure", "Count", "Of", "Expected", "In part from", "Figure last year", "Count last year", "Of last year")


def evidence_workbook(report: AssuranceReport) -> Attachment:
    """Return the evidence, the decision reports with their place in the draw, and the self-assessment, one worksheet each."""
    sheets = [
        Sheet("Evidence", "Evidence, measure by measure", _evidence(report.evidence), formats=dict.fromkeys(NUMBERS, WHOLE)),
        Sheet("Sample", "Decision reports and the sample drawn", _sample(report.checks.reports), formats={"Place": WHOLE}),
        Sheet("Criteria", "Self-assessment, criterion by criterion", _criteria(report.self_assessment), index_columns=2),
    ]
    content = workbook(
        [sheet for sheet in sheets if len(sheet.table)],
        notes=NOTES,
        title=f"{report.title}, {report.year}",
        intro=[report.subtitle],
        about=[
            "A figure is a whole percentage of its denominator, or a number where there is none.",
            "Many records are illustrative: made up for demonstration." if report.illustrative else "No record is illustrative.",
        ],
        author=report.council.name,
        date=report.date,
    )
    return Attachment("assurance-evidence.xlsx", WORKBOOK_TYPE, content, "The evidence and the sample as a workbook")


def _evidence(evidence: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {
            "Measure": said.STATEMENTS[row["measure"]],
            "Aspect": said.ASPECT_WORDS[row["aspect"]],
            "Conclusion": said.CONCLUSION_WORDS[row["conclusion"]],
            "Figure": _number(row["value"]),
            "Unit": "Number" if wording.is_missing(row["of"]) else "Per cent",
            "Count": _number(row["count"]),
            "Of": _number(row["of"]),
            "Expected": _number(row["expectation"]),
            "In part from": _number(row["partly_from"]),
            "Figure last year": _number(row["previous_value"]),
            "Count last year": _number(row["previous_count"]),
            "Of last year": _number(row["previous_of"]),
            "Where it comes from": wording.sentence(said.PLACES[row["measure"]]),
            "Why it is expected": row["source"] or UNKNOWN,
        }
        for row in evidence.to_dict("records")
    ]
    return pd.DataFrame(rows)


def _sample(reports: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {
            "Reference": row["report_ref"],
            "Title": row["title"],
            "Decision": said.DECISION_WORDS[row["decision_type"]],
            "Quarter": row["quarter"],
            "Decided on": wording.day(row["decided_on"]),
            "Place": int(row["place"]),
            "Drawn": "yes" if row["is_sampled"] else "no",
            "Outcome": said.OUTCOME_WORDS.get(row["outcome"], "Not checked") if row["is_sampled"] else UNKNOWN,
        }
        for row in reports.to_dict("records")
    ]
    return pd.DataFrame(rows)


def _criteria(criteria: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {
            "Framework": row["framework"],
            "Level": f"{row['level'][:1].upper()}{row['level'][1:]}",
            "Criterion": row["criterion"],
            "Met": said.MET_WORDS[row["met"]],
            "Evidence": row["evidence"],
        }
        for row in criteria.to_dict("records")
    ]
    return pd.DataFrame(rows)


def _number(value: Any) -> float | str:
    return UNKNOWN if wording.is_missing(value) else float(value)
