"""The five aspects of the cycle of internal control: the evidence of each, and the records that stand behind it."""

from collections.abc import Iterator

import pandas as pd

from kpireport.presentation import assurance_wording as said
from kpireport.presentation import wording
from kpireport.presentation.assurance_front import aspect_table
from kpireport.presentation.assurance_report import AssuranceReport
from kpireport.presentation.blocks import Block, Page
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.list_changes import reviews_table
from kpireport.presentation.markup import bullets, heading, lines, paragraph, quiet, stack, words
from kpireport.vocabulary import Aspect, Edition

NO_RECORD = "The register holds no record of this for the year, so there is nothing to show."


def define(report: AssuranceReport) -> Page:
    """Return Define and Document: evidence, the Supporting Information column by column, changes to the list, and roles."""
    parts = [
        aspect_table(report, Aspect.DEFINE_AND_DOCUMENT),
        heading(3, words("Supporting Information"), "supporting-information"),
        _information(report),
        heading(3, words("Changes to the KPI list"), "assurance-list-changes"),
        _list_changes(report),
        heading(3, words("Definitions to be reviewed"), "assurance-reviews-due"),
        _reviews_due(report),
        heading(3, words("Roles and responsibilities"), "roles"),
        _roles(report),
    ]
    return Page((stack(parts),))


def _information(report: AssuranceReport) -> Block:
    columns = [Column("Column", 2), Column("Filled", is_number=True), Column("Of", is_number=True)]
    rows = report.information.to_dict("records")
    cells = ([words(said.COLUMN_WORDS[row["column"]]), words(f"{row['filled']:,}"), words(f"{row['of']:,}")] for row in rows)
    caption = f"Cells filled, by column, for the {wording.count(report.kpis, 'KPI and tracker')} on the list"
    shown = table(caption, columns, cells, kind="figures")
    if report.edition == Edition.PUBLIC or report.information_gaps.empty:
        return shown
    heads = [Column("KPI", 4), Column("Directorate", 2.4), Column("Not filled", 2.6), Column("Accountable officer", 2.6)]
    gaps = (
        [
            lines([words(row["kpi_name"]), quiet(words(row["kpi_id"]))]),
            words(row["directorate_name"]),
            words(wording.join(said.COLUMN_WORDS[name] for name in row["missing"].split("; "))),
            words(row["accountable_officer"] or "–"),
        ]
        for row in report.information_gaps.to_dict("records")
    )
    return stack([shown, table(f"{wording.count(len(report.information_gaps), 'KPI')} with gaps", heads, gaps)])


def _list_changes(report: AssuranceReport) -> Block:
    rows = report.list_changes
    if rows.empty:
        return paragraph(words(f"The KPI list did not change in {report.year}."))
    columns = [Column("KPI", 4), Column("Quarter", 1.6), Column("Change", 1.6), Column("Agreed", 3)]
    cells = (
        [
            lines([words(row["kpi_name"]), quiet(words(row["kpi_id"]))]),
            words(row["quarter"]),
            words(said.CHANGE_WORDS[row["change"]]),
            lines([words(row["agreed_by"] or "no record"), quiet(words(_day(row["agreed_on"], "")))]),
        ]
        for row in rows.to_dict("records")
    )
    return table(f"{wording.count(len(rows), 'change')} to the KPI list in {report.year}", columns, cells)


def _reviews_due(report: AssuranceReport) -> Block:
    if report.reviews_due.empty:
        return paragraph(words(f"Every definition was in date at the end of {report.year}."))
    return reviews_table(report.reviews_due)


def _roles(report: AssuranceReport) -> Block:
    if report.roles.empty:
        return paragraph(words(NO_RECORD))
    cells = ([words(row["entity"]), words(row["role"])] for row in report.roles.to_dict("records"))
    return table("Who answers for what", [Column("Who", 2), Column("Answers for", 5)], cells)


def _day(value: pd.Timestamp, missing: str) -> str:
    return missing if wording.is_missing(value) else wording.day(value)


def communicate(report: AssuranceReport) -> Page:
    """Return Clearly Communicate: evidence, and each report of the timetable."""
    parts = [aspect_table(report, Aspect.CLEARLY_COMMUNICATE), heading(3, words("Reports of the timetable"), "timetable")]
    rows = report.reports_issued
    if rows.empty:
        return Page((stack([*parts, paragraph(words(NO_RECORD))]),))
    columns = [Column("Report", 3.4), Column("Quarter", 1.4), Column("Due", 1.8), Column("Issued", 1.8), Column("On time", 1.6)]
    cells = (
        [
            words(row["report"]),
            words(row["quarter"]),
            words(wording.day(row["due_on"])),
            words(_day(row["issued_on"], "not issued")),
            words(_lateness(row["days_late"])),
        ]
        for row in rows.to_dict("records")
    )
    return Page(
        (
            stack(
                [
                    *parts,
                    table(
                        f"{wording.count(len(rows), 'report')} due, by {wording.day(pd.Timestamp(report.date))}", columns, cells
                    ),
                ]
            ),
        )
    )


def _lateness(days: float) -> str:
    return "no" if wording.is_missing(days) else "yes" if days <= 0 else f"{wording.count(int(days), 'day')} late"


def embed(report: AssuranceReport) -> Page:
    """Return Effectively Embed: evidence, returns of each quarter, and the checks of decision reports."""
    parts = [
        aspect_table(report, Aspect.EFFECTIVELY_EMBED),
        heading(3, words("Returns of each quarter"), "returns-on-time"),
        _returns(report),
        heading(3, words("How success will be measured"), "success-checks"),
        *_checks(report),
    ]
    return Page((stack(parts),))


def _returns(report: AssuranceReport) -> Block:
    if report.returns.empty:
        return paragraph(words(f"No round of {report.year} is over by the day of this report."))
    heads = ("Due", "On time", "Late", "Not received", f"Due, {report.previous_year}", f"On time, {report.previous_year}")
    names = ("due", "on_time", "late", "missing", "previous_due", "previous_on_time")
    rows = (
        [words(str(row["quarter"])), *(words(wording.figure(row[name], "number", 0)) for name in names)]
        for _, row in report.returns.iterrows()
    )
    columns = [Column("Quarter", 1.4), *(Column(head, is_number=True) for head in heads)]
    return table("Results that fell due in each quarter, by when they came", columns, rows, kind="figures")


def _checks(report: AssuranceReport) -> Iterator[Block]:
    reports, outcomes = report.checks.reports, report.checks.outcomes
    if reports.empty:
        yield paragraph(words(NO_RECORD))
        return
    drawn = int(reports["is_sampled"].sum())
    yield paragraph(
        words(
            f"Reports that ask for a decision must say how success will be measured. {drawn:,} of "
            f"{wording.count(len(reports), 'decision report')} of the year were drawn at random, quarter by quarter, and checked."
        )
    )
    columns = [
        Column("Decision", 2.2),
        *(Column(head, is_number=True) for head in said.OUTCOME_WORDS.values()),
        Column("Checked", is_number=True),
    ]
    rows = []
    for kind, own in outcomes.groupby("decision_type", sort=False):
        by = own.set_index("outcome")["count"]
        rows.append(
            [
                words(said.DECISION_WORDS[str(kind)]),
                *(words(str(by[outcome])) for outcome in said.OUTCOME_WORDS),
                words(str(own["of"].iloc[0])),
            ]
        )
    yield table("What the checks found", columns, rows, kind="figures")
    if sentence := said.interval(report.checks.low, report.checks.high):
        yield paragraph(words(sentence))


def monitor(report: AssuranceReport) -> Page:
    """Return Meaningfully Monitor: evidence, and what it does not show."""
    notes = [
        "An interim target of an increase or a decrease is no specific target. Trackers have none by their nature and are not "
        "counted among KPIs here.",
        "A benchmark is any figure of another area for the same measure, whether or not its period is the same.",
    ]
    return Page((stack([aspect_table(report, Aspect.MEANINGFULLY_MONITOR), bullets(map(words, notes))]),))


def review(report: AssuranceReport) -> Page:
    """Return Review and Refine: evidence, and each attempt to make a published quarter again."""
    parts = [aspect_table(report, Aspect.REVIEW_AND_REFINE), heading(3, words("Quarters made again"), "reperformances")]
    rows = report.reperformances
    if rows.empty:
        return Page((stack([*parts, paragraph(words(NO_RECORD))]),))
    columns = [Column("Quarter", 1.4), Column("Made again on", 2), Column("Result", 2), Column("What was found", 4)]
    cells = (
        [
            words(row["period"]),
            words(wording.day(row["performed_on"])),
            words(said.VERDICT_WORDS[row["verdict"]]),
            words(row["note"] or "–"),
        ]
        for row in rows.to_dict("records")
    )
    caption = f"{wording.count(len(rows), 'attempt')} to make a published quarter of {report.year} again"
    return Page((stack([*parts, table(caption, columns, cells)]),))
