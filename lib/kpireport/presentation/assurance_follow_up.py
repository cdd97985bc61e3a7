"""What stands behind the evidence of the annual assurance report: the survey, opportunities, self-assessment, and notes."""

from collections.abc import Iterator

import pandas as pd

from kpireport.presentation import assurance_wording as said
from kpireport.presentation import survey_pages, wording
from kpireport.presentation.assurance_report import AssuranceReport
from kpireport.presentation.assurance_workbook import evidence_workbook
from kpireport.presentation.blocks import Block, Page
from kpireport.presentation.charts.survey import survey_answers
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import bullets, heading, paragraph, stack, words
from kpireport.vocabulary import Edition, Framework, OpportunityStatus


def survey(report: AssuranceReport) -> Page:
    """Return the Survey of Internal Control, with the figures and the chart of its own report."""
    own = report.survey
    first = survey_pages.front_page(own.answers, own.positive, own.changes, year=own.year)
    if own.answers.empty:
        return first
    return Page((*first.parts, survey_answers(own.answers, own.changes)))


def opportunities(report: AssuranceReport) -> Page:
    """Return what could be better next year, and what became of what last year's report raised."""
    parts = [heading(3, words(f"Raised in {report.previous_year}, followed up"), "followed-up")]
    if report.followed_up.empty:
        parts.append(paragraph(words(f"No opportunity is on record as raised in {report.previous_year}.")))
    else:
        done = int(report.followed_up["status"].eq(OpportunityStatus.DONE).sum())
        dropped = int(report.followed_up["status"].eq(OpportunityStatus.DROPPED).sum())
        caption = f"{wording.count(len(report.followed_up), 'opportunity')} of last year: {done} done, {dropped} dropped"
        parts.append(_opportunities(report.followed_up, caption, "What was done, and what is left"))
    parts.append(heading(3, words(f"Raised in {report.year}, for the year to come"), "raised"))
    if report.opportunities.empty:
        parts.append(paragraph(words(f"No opportunity is on record as raised in {report.year}.")))
    else:
        caption = f"{wording.count(len(report.opportunities), 'opportunity')} for improvement"
        parts.append(_opportunities(report.opportunities, caption, "So far"))
    return Page((stack(parts),))


def _opportunities(rows: pd.DataFrame, caption: str, head: str) -> Block:
    columns = [Column("Opportunity", 4), Column("Aspect", 2.2), Column("Status", 1.4), Column(head, 4)]
    cells = (
        [
            words(row["opportunity"]),
            words(said.ASPECT_WORDS[row["aspect"]]),
            words(said.STATUS_WORDS[row["status"]]),
            words(row["follow_up"] or "–"),
        ]
        for row in rows.to_dict("records")
    )
    return table(caption, columns, cells)


def self_assessment(report: AssuranceReport) -> Page:
    """Return how the making of the reports stands to RAP's three levels and to the AQuA Book, criterion by criterion."""
    if report.self_assessment.empty:
        return Page((paragraph(words("No self-assessment is on record.")),))
    parts = []
    for framework, rows in report.self_assessment.groupby("framework", sort=False):
        name = str(framework)
        counted = report.criteria[report.criteria["framework"] == framework]
        levels = [f"{row['level']} {row['yes']} of {row['of']}" for row in counted.to_dict("records")]
        met = f"{int(counted['yes'].sum())} of {int(counted['of'].sum())} criteria met"
        parts.append(heading(3, words(said.FRAMEWORK_WORDS[name]), f"self-assessment-{name.lower()}"))
        columns = [
            Column("Criterion", 4),
            Column("Level" if name == "RAP" else "Theme", 1.6),
            Column("Met", 1),
            Column("Evidence", 4),
        ]
        cells = (
            [
                words(row["criterion"]),
                words(f"{row['level'][:1].upper()}{row['level'][1:]}"),
                words(said.MET_WORDS[row["met"]]),
                words(row["evidence"]),
            ]
            for row in rows.to_dict("records")
        )
        told = f"{met}: {wording.join(levels)}" if name == Framework.RAP else met
        parts.append(table(told, columns, cells))
    return Page((stack(parts),))


def notes(report: AssuranceReport) -> Page:
    """Return how the conclusions are drawn, how the sample can be drawn again, what the figures do not know; and the workbook."""
    expectations = report.evidence[report.evidence["source"] != ""]
    sourced = (
        [words(said.STATEMENTS[row["measure"]]), words(said.expected(row)), words(row["source"])]
        for _, row in expectations.iterrows()
    )
    columns = [Column("Statement", 4), Column("Expected", 1.6), Column("Why", 4)]
    listed = [table("Where each expectation comes from", columns, sourced)] if len(expectations) else []
    return Page((stack([bullets(map(words, _notes(report))), *listed]), evidence_workbook(report)))


def _notes(report: AssuranceReport) -> Iterator[str]:
    yield f"The report knows of what was on record by {wording.day(pd.Timestamp(report.date))}, and of nothing later."
    yield (
        "Percentages are rounded to whole ones, then compared with the expectation. All but one of many is never 100%. What has "
        "no record is not measured: it is neither met nor not met."
    )
    yield (
        "Tables marked 'as it stands' keep no earlier version: they show what they hold when the report is made, and last year's "
        "figure was not kept."
    )
    yield (
        "The sample of decision reports can be drawn again by anyone. A seed and each report's reference, parted by a line feed, "
        "are put through SHA-256; the reports with the smallest digests of a quarter are its sample. The seed is "
        "'How success will be measured' and the quarter, such as "
        f"'How success will be measured {report.year} Q1'."
    )
    if report.edition == Edition.PUBLIC:
        yield "This is the public edition: it names no officer, and gives the survey's percentages without the number of answers."
    if report.illustrative:
        yield (
            f"{report.illustrative:,} rows of the records used are illustrative: made up for demonstration. Expectations, "
            "dates of issue, re-performances, decision reports, opportunities and the respondents of the survey are among them."
        )
