"""Words of the annual assurance report: what each measure says, what it counts, where it comes from, and what it amounts to."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kpireport.presentation import wording
from kpireport.vocabulary import (
    Aspect,
    Conclusion,
    DecisionType,
    Evidence,
    Framework,
    KpiChange,
    Met,
    OpportunityStatus,
    SuccessCheck,
    Verdict,
)

Row = Mapping[str, Any] | pd.Series

ASPECT_WORDS: dict[str, str] = {
    Aspect.DEFINE_AND_DOCUMENT: "Define and Document",
    Aspect.CLEARLY_COMMUNICATE: "Clearly Communicate",
    Aspect.EFFECTIVELY_EMBED: "Effectively Embed",
    Aspect.MEANINGFULLY_MONITOR: "Meaningfully Monitor",
    Aspect.REVIEW_AND_REFINE: "Review and Refine",
}
CONCLUSION_WORDS: dict[str, str] = {
    Conclusion.NOT_MET: "Not met",
    Conclusion.PARTLY_MET: "Met in part",
    Conclusion.MET: "Met",
    Conclusion.NOT_MEASURED: "Not measured",
    Conclusion.FOR_INFORMATION: "For information",
}
STATEMENTS: dict[str, str] = {
    Evidence.INFORMATION_COMPLETE: "The Supporting Information of each KPI is complete",
    Evidence.DEFINITIONS_IN_DATE: "Definitions are reviewed by the day they name",
    Evidence.LIST_CHANGES_AGREED: "Changes to the KPI list are on record as agreed",
    Evidence.REPORTS_ON_TIMETABLE: "Reports are issued by the day the timetable gives",
    Evidence.LIMITATIONS_STATED: "The weaknesses of each KPI's data are written down",
    Evidence.RETURNS_ON_TIME: "Services return results by the day they are due",
    Evidence.COMMENTARY_COMPLETE: "Highlight items have full commentary",
    Evidence.SUCCESS_MEASURES_ADEQUATE: "Decision reports say adequately how success will be measured",
    Evidence.SAMPLE_CHECKED: "Every decision report drawn in the sample is checked",
    Evidence.MONITORING_EMBEDDED: "Managers find performance monitoring well or fairly embedded",
    Evidence.TARGETS_SET: "KPIs have a specific target",
    Evidence.TOLERANCES_SET: "KPIs with a specific target have a tolerance",
    Evidence.BENCHMARKS_HELD: "KPIs can be compared with another area",
    Evidence.ESCALATION_EMBEDDED: "Managers find the escalation of concerns well or fairly embedded",
    Evidence.ESCALATIONS_RAISED: "Matters escalated to the Corporate Leadership Team",
    Evidence.RESULTS_REVISED: "Results received that revised one already given",
    Evidence.RATINGS_RESTATED: "Restated results that changed a rating",
    Evidence.QUARTERS_REPERFORMED: "Published quarters are made again from their inputs",
    Evidence.REPERFORMANCES_SAME: "Quarters made again give the same figures",
    Evidence.OPPORTUNITIES_DONE: "Opportunities raised a year ago are taken",
    Evidence.RAP_BASELINE: "The baseline of reproducible analytical pipelines is met",
}
LABELS: dict[str, str] = {
    Evidence.INFORMATION_COMPLETE: "Supporting Information complete",
    Evidence.DEFINITIONS_IN_DATE: "Definitions within their review day",
    Evidence.LIST_CHANGES_AGREED: "Changes to the KPI list agreed on record",
    Evidence.REPORTS_ON_TIMETABLE: "Reports issued on the timetable",
    Evidence.LIMITATIONS_STATED: "Weaknesses of data written down",
    Evidence.RETURNS_ON_TIME: "Returns on time",
    Evidence.COMMENTARY_COMPLETE: "Highlight items with full commentary",
    Evidence.SUCCESS_MEASURES_ADEQUATE: "Measures of success adequate in decision reports",
    Evidence.SAMPLE_CHECKED: "Sampled decision reports checked",
    Evidence.MONITORING_EMBEDDED: "Performance monitoring well or fairly embedded",
    Evidence.TARGETS_SET: "KPIs with a specific target",
    Evidence.TOLERANCES_SET: "Targets with a tolerance",
    Evidence.BENCHMARKS_HELD: "KPIs with a benchmark",
    Evidence.ESCALATION_EMBEDDED: "Escalation of concerns well or fairly embedded",
    Evidence.ESCALATIONS_RAISED: "Matters escalated",
    Evidence.RESULTS_REVISED: "Results revised",
    Evidence.RATINGS_RESTATED: "Ratings restated",
    Evidence.QUARTERS_REPERFORMED: "Quarters made again",
    Evidence.REPERFORMANCES_SAME: "Quarters made again with the same figures",
    Evidence.OPPORTUNITIES_DONE: "Last year's opportunities taken",
    Evidence.RAP_BASELINE: "Baseline of reproducible analytical pipelines",
}
"""A few words for each measure, where its statement is too long."""
NOUNS: dict[str, str] = {
    **dict.fromkeys(
        [
            *(Evidence.INFORMATION_COMPLETE, Evidence.DEFINITIONS_IN_DATE, Evidence.LIMITATIONS_STATED),
            Evidence.BENCHMARKS_HELD,
        ],
        "KPI and tracker",
    ),
    Evidence.LIST_CHANGES_AGREED: "change",
    Evidence.REPORTS_ON_TIMETABLE: "report",
    Evidence.RETURNS_ON_TIME: "return",
    Evidence.COMMENTARY_COMPLETE: "highlight item",
    Evidence.SUCCESS_MEASURES_ADEQUATE: "checked report",
    Evidence.SAMPLE_CHECKED: "sampled report",
    Evidence.MONITORING_EMBEDDED: "answer",
    Evidence.TARGETS_SET: "KPI",
    Evidence.TOLERANCES_SET: "KPI with a specific target",
    Evidence.ESCALATION_EMBEDDED: "answer",
    Evidence.ESCALATIONS_RAISED: "matter",
    Evidence.RESULTS_REVISED: "result",
    Evidence.RATINGS_RESTATED: "restated result",
    Evidence.QUARTERS_REPERFORMED: "quarter",
    Evidence.REPERFORMANCES_SAME: "attempt",
    Evidence.OPPORTUNITIES_DONE: "opportunity",
    Evidence.RAP_BASELINE: "criterion",
}
PLACES: dict[str, str] = {
    Evidence.INFORMATION_COMPLETE: "KPI Supporting Information, as it stands",
    Evidence.DEFINITIONS_IN_DATE: "next review in the Supporting Information, at the year's end",
    Evidence.LIST_CHANGES_AGREED: "register of changes, against the quarters in which KPIs joined and left",
    Evidence.REPORTS_ON_TIMETABLE: "record of reports issued",
    Evidence.LIMITATIONS_STATED: "KPI Supporting Information, as it stands",
    Evidence.RETURNS_ON_TIME: "KPI Data Record, against the dates of each round",
    Evidence.COMMENTARY_COMPLETE: "highlights and commentary of the four quarters",
    Evidence.SUCCESS_MEASURES_ADEQUATE: "register of decision reports, sample of each quarter",
    Evidence.SAMPLE_CHECKED: "register of decision reports, sample of each quarter",
    Evidence.MONITORING_EMBEDDED: "Survey of Internal Control",
    Evidence.TARGETS_SET: "targets in force in the fourth quarter",
    Evidence.TOLERANCES_SET: "KPI Supporting Information, as it stands",
    Evidence.BENCHMARKS_HELD: "benchmarks for periods that had ended by the year's end",
    Evidence.ESCALATION_EMBEDDED: "Survey of Internal Control",
    Evidence.ESCALATIONS_RAISED: "register of escalated matters",
    Evidence.RESULTS_REVISED: "KPI Data Record, vintages received in the year",
    Evidence.RATINGS_RESTATED: "the four quarters' reports",
    Evidence.QUARTERS_REPERFORMED: "record of re-performances",
    Evidence.REPERFORMANCES_SAME: "record of re-performances",
    Evidence.OPPORTUNITIES_DONE: "register of opportunities; those dropped are not counted",
    Evidence.RAP_BASELINE: "self-assessment, as it stands",
}
COLUMN_WORDS: dict[str, str] = {
    "definition": "Definition",
    "accountable_officer": "Accountable officer",
    "key_contacts": "Key contacts",
    "source": "Source",
    "limitations": "Limitations",
    "defined_by": "Defined by",
    "checked_by": "Checked by",
    "next_review": "Next review",
}
OUTCOME_WORDS: dict[str, str] = {
    SuccessCheck.ADEQUATE: "Adequate",
    SuccessCheck.PARTLY_ADEQUATE: "Adequate in part",
    SuccessCheck.NOT_ADEQUATE: "Not adequate",
    SuccessCheck.MISSING: "Left out",
}
DECISION_WORDS: dict[str, str] = {"": "All", DecisionType.KEY: "Key decisions", DecisionType.OFFICER: "Decisions by officers"}
VERDICT_WORDS: dict[str, str] = {
    Verdict.SAME: "Same figures",
    Verdict.DIFFERENT: "Different figures",
    Verdict.FAILED: "Could not be made",
}
STATUS_WORDS: dict[str, str] = {
    OpportunityStatus.OPEN: "Open",
    OpportunityStatus.UNDER_WAY: "Under way",
    OpportunityStatus.DONE: "Done",
    OpportunityStatus.DROPPED: "Dropped",
}
CHANGE_WORDS: dict[str, str] = {
    KpiChange.ADDED: "Added",
    KpiChange.AMENDED: "Amended",
    KpiChange.RETIRED: "Retired",
    KpiChange.TARGET_SET: "Target set",
    KpiChange.TOLERANCE_SET: "Tolerance set",
}
MET_WORDS: dict[str, str] = {Met.YES: "Yes", Met.PARTLY: "In part", Met.NO: "No"}
FRAMEWORK_WORDS: dict[str, str] = {
    Framework.RAP: "Reproducible analytical pipelines (RAP): baseline, silver and gold",
    Framework.AQUA: "Analytical quality assurance (AQuA Book)",
}


def figure(row: Row, *, is_short: bool = False) -> str:
    """Return a measure's figure with its denominator: "15 of 109 KPIs (14%)", "11 matters", "94% of answers".

    A short one leaves out what is counted: "15 of 109 (14%)".
    """
    return _figure("" if is_short else NOUNS[row["measure"]], row["value"], row["count"], row["of"])


def last_year(row: Row, *, is_short: bool = False) -> str:
    """Return what the figure was a year ago: as `figure`, or why it is not known."""
    if wording.is_missing(row["previous_value"]) and wording.is_missing(row["previous_of"]):
        return "not kept" if row["is_undated"] else "not measured"
    noun = "" if is_short else NOUNS[row["measure"]]
    return _figure(noun, row["previous_value"], row["previous_count"], row["previous_of"])


def _figure(noun: str, value: float, count: float, of: float) -> str:
    if wording.is_missing(value):
        return "not measured" if wording.is_missing(of) else "nothing on record"
    if wording.is_missing(count):
        return f"{value:.0f}% of {_many(noun)}" if noun else f"{value:.0f}%"
    if wording.is_missing(of):
        return wording.count(int(count), noun) if noun else f"{count:,.0f}"
    counted = f"{_many(noun) if of != 1 else noun} " if noun else ""
    return f"{count:,.0f} of {of:,.0f} {counted}({_percent(value, count, of)})"


def _percent(value: float, count: float, of: float) -> str:
    exact = 100 * count / of
    return "under 1%" if 0 < exact < value == 1 else "over 99%" if 99 == value < exact else f"{value:.0f}%"


def _many(noun: str) -> str:
    return "criteria" if noun == "criterion" else wording.plural(noun)


def expected(row: Row) -> str:
    """Return what is expected of a measure: "80% or more", "100%", "4 or more"; "–" without an expectation."""
    if wording.is_missing(row["expectation"]):
        return "–"
    unit = "%" if row["unit"] == "%" else ""
    least = f"{wording.number(row['expectation'], 0)}{unit}"
    return least if unit and row["expectation"] == 100 else f"{least} or more"


def partly(row: Row) -> str:
    """Return from which figure an expectation is met in part; "" when there is no part."""
    if wording.is_missing(row["partly_from"]):
        return ""
    return f"in part from {wording.number(row['partly_from'], 0)}{'%' if row['unit'] == '%' else ''}"


def lead(counts: pd.DataFrame, year: str) -> str:
    """Return the report's first sentence: how many expectations are not met, met in part, and met."""
    of = int(counts["of"].max())
    if not of:
        return f"No expectation of the arrangements in {year} could be judged: the records hold nothing to judge it on."
    number = {str(row["conclusion"]): int(row["count"]) for _, row in counts.iterrows()}
    said = [
        f"{wording.in_words(number[Conclusion.NOT_MET])} {_was(number[Conclusion.NOT_MET])} not met",
        f"{wording.in_words(number[Conclusion.PARTLY_MET])} {_was(number[Conclusion.PARTLY_MET])} met in part",
        f"{wording.in_words(number[Conclusion.MET])} {_was(number[Conclusion.MET])} met",
    ]
    noun = wording.plural("expectation", of)
    return wording.sentence(f"of {of} {noun} of the arrangements in {year} that could be judged, {wording.join(said)}")


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def met(evidence: pd.DataFrame) -> list[str]:
    """Return which expectations are met, each with its figure."""
    rows = evidence[evidence["conclusion"] == Conclusion.MET]
    named = [f"{_label(row)} ({row['value']:.0f}%)" for _, row in rows.iterrows()]
    return [f"Met: {'; '.join(named)}."] if named else []


def moves(evidence: pd.DataFrame) -> list[str]:
    """Return which figures are lower and which are higher than a year ago, as printed."""
    judged = evidence[evidence["conclusion"] != Conclusion.FOR_INFORMATION]
    said = []
    for move in ("lower", "higher"):
        named = [_label(row) for _, row in judged[judged["move"] == move].iterrows()]
        if named:
            said.append(f"{move.capitalize()} than a year ago: {'; '.join(named)}.")
    return said


def _label(row: Row) -> str:
    label = LABELS[row["measure"]]
    return label if label.startswith("KPI") else f"{label[:1].lower()}{label[1:]}"


def interval(low: float, high: float) -> str:
    """Return what the sample says of all decision reports of the year; "" when nothing was checked."""
    if wording.is_missing(low):
        return ""
    return (
        f"Of all decision reports of the year, between {wording.number(low, 0)}% and {wording.number(high, 0)}% are likely to "
        "say it adequately (95% interval of the sample's share)."
    )
