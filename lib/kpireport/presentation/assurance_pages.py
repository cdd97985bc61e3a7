"""The pages of the annual assurance report: the first page, the five aspects, and what stands behind them."""

from collections.abc import Iterator

import pandas as pd

from kpireport.presentation import assurance_wording as said
from kpireport.presentation import survey_pages, theme, wording
from kpireport.presentation.assurance_report import AssuranceReport
from kpireport.presentation.blocks import Block, Page, Part
from kpireport.presentation.charts.survey import survey_answers
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import (
    bullets,
    heading,
    html_text,
    join,
    lines,
    paragraph,
    quiet,
    stack,
    strong,
    typst_string,
    words,
)
from kpireport.vocabulary import Aspect, Conclusion, Edition, Framework, OpportunityStatus, Rag

COLOURS: dict[str, Rag] = {Conclusion.NOT_MET: Rag.RED, Conclusion.PARTLY_MET: Rag.AMBER, Conclusion.MET: Rag.GREEN}
NO_RECORD = "The register holds no record of this for the year, so there is nothing to show."


def conclusion(word: str) -> Block:
    """Return a conclusion as shape, word and colour."""
    colour = str(COLOURS.get(word, ""))
    background, ink = theme.rating_pair(colour)
    shape, text = theme.RATING_SHAPES.get(colour, "○"), said.CONCLUSION_WORDS[word]
    return Block(
        f'<span class="rag rag-{colour or "none"}"><span aria-hidden="true">{shape}</span> {html_text(text)}</span>',
        f'#rag(rgb("{background}"), rgb("{ink}"), {typst_string(shape)}, {typst_string(text)})',
        text,
    )


def front_page(report: AssuranceReport) -> Page:
    """Return the evidence for the opinion on one page: what is not met first, then what is met in part, then each aspect."""
    return Page((stack(_front(report)),))


def _front(report: AssuranceReport) -> Iterator[Block]:
    evidence = report.evidence
    yield paragraph(words(said.lead(report.counts, report.year)), kind="lead")
    for word, head in ((Conclusion.NOT_MET, "Not met"), (Conclusion.PARTLY_MET, "Met in part")):
        rows = evidence[evidence["conclusion"] == word]
        if len(rows):
            yield heading(3, words(head), f"front-{word.replace('_', '-')}")
            yield bullets(_short(row) for _, row in rows.iterrows())
    unknown = evidence.loc[evidence["conclusion"] == Conclusion.NOT_MEASURED, "measure"]
    if len(unknown):
        yield heading(3, words("Not measured"), "front-not-measured")
        yield bullets(words(f"{said.STATEMENTS[one]}: {NO_RECORD[:1].lower()}{NO_RECORD[1:]}") for one in unknown)
    yield _by_aspect(report.counts_by_aspect)
    if moved := said.moves(evidence):
        yield bullets(words(sentence) for sentence in moved)
    yield paragraph(
        words("This page is the evidence for an opinion on the arrangements. The opinion is for officers and the Committee."),
        kind="quiet",
    )


def _short(row: pd.Series) -> Block:
    return join([strong(words(f"{said.STATEMENTS[row['measure']]}:")), words(f"{said.shortfall(row)}.")], " ")


def _by_aspect(counts: pd.DataFrame) -> Block:
    shown = (Conclusion.NOT_MET, Conclusion.PARTLY_MET, Conclusion.MET, Conclusion.NOT_MEASURED, Conclusion.FOR_INFORMATION)
    columns = [Column("Aspect", 2.2), *(Column(said.CONCLUSION_WORDS[one], is_number=True) for one in shown)]
    rows = []
    for aspect in Aspect:
        own = counts[counts["aspect"] == aspect].set_index("conclusion")["count"]
        rows.append([words(said.ASPECT_WORDS[aspect]), *(words(str(int(own.get(one, 0)))) for one in shown)])
    return table("Measures in each aspect of the cycle of internal control, by conclusion", columns, rows, kind="figures")


def aspect_table(report: AssuranceReport, aspect: Aspect) -> Block:
    """Return one aspect's evidence: statement and where it comes from, figure, expectation, last year's figure, conclusion."""
    rows = report.evidence[report.evidence["aspect"] == aspect]
    columns = [
        Column("Statement, and where the figure comes from", 4.4),
        Column(report.year, 2.4),
        Column("Expected", 1.9),
        Column(report.previous_year, 2.2),
        Column("Conclusion", 1.8),
    ]
    cells = (
        [
            lines([words(said.STATEMENTS[row["measure"]]), quiet(words(wording.sentence(said.PLACES[row["measure"]])))]),
            words(said.figure(row)),
            lines([words(said.expected(row)), quiet(words(said.partly(row)))]),
            words(said.last_year(row)),
            conclusion(str(row["conclusion"])),
        ]
        for _, row in rows.iterrows()
    )
    return table(f"{said.ASPECT_WORDS[aspect]}: evidence", columns, cells)


def define(report: AssuranceReport) -> Page:
    """Return Define and Document: evidence, the Supporting Information column by column, changes to the list, and roles."""
    parts = [
        aspect_table(report, Aspect.DEFINE_AND_DOCUMENT),
        heading(3, words("Supporting Information"), "supporting-information"),
        _information(report),
        heading(3, words("Changes to the KPI list"), "assurance-list-changes"),
        _list_changes(report),
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
        (stack([*parts, table(f"{wording.count(len(rows), 'report')} due, by {wording.day(_date(report))}", columns, cells)]),)
    )


def _lateness(days: float) -> str:
    return "no" if wording.is_missing(days) else "yes" if days <= 0 else f"{wording.count(int(days), 'day')} late"


def _date(report: AssuranceReport) -> pd.Timestamp:
    return pd.Timestamp(report.date)


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


def survey(report: AssuranceReport) -> Page:
    """Return the Survey of Internal Control, with the figures and the chart of its own report."""
    own = report.survey
    first = survey_pages.front_page(own.answers, own.positive, own.changes, year=own.year)
    if own.answers.empty:
        return first
    parts: list[Part] = [*first.parts, survey_answers(own.answers, own.changes)]
    return Page(tuple(parts))


def opportunities(report: AssuranceReport) -> Page:
    """Return what could be better next year, and what became of what last year's report raised."""
    parts = [heading(3, words(f"Raised in {report.previous_year}, followed up"), "followed-up")]
    if report.followed_up.empty:
        parts.append(paragraph(words(f"No opportunity is on record as raised in {report.previous_year}.")))
    else:
        done = int(report.followed_up["status"].eq(OpportunityStatus.DONE).sum())
        caption = f"{wording.count(len(report.followed_up), 'opportunity')} of last year, {done} done"
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
                words(row["level"].capitalize()),
                words(said.MET_WORDS[row["met"]]),
                words(row["evidence"]),
            ]
            for row in rows.to_dict("records")
        )
        told = f"{met}: {wording.join(levels)}" if name == Framework.RAP else met
        parts.append(table(told, columns, cells))
    return Page((stack(parts),))


def notes(report: AssuranceReport) -> Page:
    """Return how the conclusions are drawn, how the sample can be drawn again, and what the figures do not know."""
    expectations = report.evidence[report.evidence["source"] != ""]
    sourced = (
        [words(said.STATEMENTS[row["measure"]]), words(said.expected(row)), words(row["source"])]
        for _, row in expectations.iterrows()
    )
    columns = [Column("Statement", 4), Column("Expected", 1.6), Column("Why", 4)]
    listed = [table("Where each expectation comes from", columns, sourced)] if len(expectations) else []
    return Page((stack([bullets(map(words, _notes(report))), *listed]),))


def _notes(report: AssuranceReport) -> Iterator[str]:
    yield f"The report knows of what was on record by {wording.day(_date(report))}, and of nothing later."
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
