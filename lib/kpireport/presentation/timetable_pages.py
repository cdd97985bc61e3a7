"""The pages of the reporting timetable: what is due next, the quarters side by side, month by month, and by reader."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from kpireport.errors import Finding
from kpireport.presentation import calendar_file, phrases, timetable_workbook
from kpireport.presentation import timetable_wording as said
from kpireport.presentation.blocks import Block, Page, Title
from kpireport.presentation.charts.year_dates import year_dates
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import (
    EMPTY,
    bullets,
    facts,
    heading,
    join,
    lines,
    paragraph,
    quiet,
    stack,
    strong,
    together,
    words,
)
from kpireport.presentation.timetable_report import Timetable
from kpireport.presentation.wording import rows as rows_of
from kpireport.vocabulary import Body, Step

NEXT = 8
"""How many of the days to come the first page lists."""
ROUND: tuple[Step | Body, ...] = (
    *(Step.REQUESTS, Step.REMINDER, Step.RETURNS, Step.HIGHLIGHTS, Step.COMMENTARY, Step.CUT_OFF, Step.PACKS),
    *(Body.DMT, Step.ESCALATIONS, Step.CLT_PAPERS, Body.CLT),
)
"""A quarter's round in its order."""
OF_MEMBERS = (Body.SCRUTINY_BOARD, Body.EXECUTIVE_BOARD, Body.AUDIT_COMMITTEE)
MEETINGS_FILE, ROUNDS_FILE = "data/reference/meetings", "data/reference/rounds"
ILLUSTRATIVE = "Illustrative dates. The days of {} were made up for demonstration."
MISSING_WORDS = {
    Body.DMT: "Directorate Management Teams",
    Body.CLT: "the Corporate Leadership Team",
    Body.SCRUTINY_BOARD: "Scrutiny Boards",
    Body.EXECUTIVE_BOARD: "the Executive Board",
    Body.AUDIT_COMMITTEE: "the Corporate Governance and Audit Committee",
    Body.SURVEY: "the Survey of Internal Control",
}


def title(report: Timetable) -> Page:
    """Return the head of the timetable."""
    council = report.council
    head = Title(
        council=council.name,
        title=report.title,
        subtitle=report.subtitle,
        is_illustrative=False,  # the head's own words are about results: the first page says it of dates
        date=report.date,
        brand_colour=council.brand_colour,
        accent_colour=council.accent_colour,
        logo=council.logo,
        colophon=f"What is due next is counted from {phrases.day(date.fromisoformat(report.date))}.",
    )
    return Page((head,))


def front_page(report: Timetable) -> Page:
    """Return what is due next, for all and for each reader, and what is not known."""
    if report.entries.empty:
        return Page((stack([_lead(f"No date is known for {report.year}."), bullets(map(words, _gaps(report)))]),))
    on = phrases.day(date.fromisoformat(report.date))
    if report.upcoming.empty:
        parts = [_lead(f"Every date of this timetable is past: the last was {said.weekday(report.entries['on'].iloc[-1])}.")]
    else:
        parts = [
            _lead(_next_sentence(report)),
            facts(_next_of_each(report)),
            _table_of(report.upcoming, f"What comes next, from {on}", most=NEXT),
        ]
    gaps = [words(text) for text in _gaps(report)]
    parts += [paragraph(words("What this timetable does not know:"), kind="intro"), bullets(gaps)] if gaps else []
    if report.illustrative:
        parts.append(paragraph(words(ILLUSTRATIVE.format(phrases.count(report.illustrative, "meeting"))), kind="quiet"))
    return Page((stack(parts),))


def _lead(text: str) -> Block:
    return paragraph(words(text), kind="lead")


def _next_sentence(report: Timetable) -> str:
    first = report.upcoming[report.upcoming["on"] == report.upcoming["on"].iloc[0]]
    things = [_phrase(entries) for entries in _grouped(first)]
    when = ", ".join(filter(None, ("Next", said.away(report.working_days_to_next), f"on {said.weekday(first['on'].iloc[0])}")))
    return f"{when}: {phrases.join(things)}."


def _phrase(entries: list[dict[str, Any]]) -> str:
    """Return what happens, as the middle of a sentence; what begins with a name keeps its capital."""
    text, period = said.what_of_several(entries), str(entries[0]["period"])
    first = text if text.split()[1][:1].isupper() else f"{text[:1].lower()}{text[1:]}"
    return f"{first} ({period})"


def _next_of_each(report: Timetable) -> Iterator[tuple[str, Block]]:
    """Yield for each reader the next thing that concerns them."""
    for reader, name in said.READER_WORDS.items():
        own = report.upcoming[report.upcoming["reader"] == reader]
        if len(own):
            first = own.iloc[0]
            entries = next(_grouped(own))
            yield name, lines([strong(words(said.short_day(first["on"]))), words(said.what_of_several(entries))])


def rounds(report: Timetable) -> Page:
    """Return the year as a picture, its quarterly rounds side by side, and what members receive."""
    if report.entries.empty:
        return Page((paragraph(words("No round of the year has a date yet.")),))
    chart = year_dates(
        report.entries.assign(
            is_meeting=report.entries["step"].eq(""), what=[said.what(entry) for entry in rows_of(report.entries)]
        ),
        {str(reader): name for reader, name in said.READER_WORDS.items()},
        first=report.year.start,
        last=report.year.end,
        on=date.fromisoformat(report.date),
    )
    return Page((chart, stack([_round_table(report), _members_table(report)])))


def _round_table(report: Timetable) -> Block:
    columns = [quarter for quarter in report.quarters if quarter not in report.undated]
    rows = []
    for stage in ROUND:
        is_step = isinstance(stage, Step)
        own = report.entries[report.entries["step"].eq(stage if is_step else "") & (is_step | report.entries["body"].eq(stage))]
        by_quarter = {quarter: list(days["on"]) for quarter, days in own.groupby("period")}
        if any(quarter in by_quarter for quarter in columns):
            name = said.STEP_WORDS[stage] if isinstance(stage, Step) else said.SEVERAL_WORDS[stage]
            rows.append([words(name), *(_span(by_quarter.get(quarter, [])) for quarter in columns)])
    if not rows:
        return EMPTY
    heads = [Column("Step", 2.7), *(Column(quarter, 1.4) for quarter in columns)]
    return table("The round of each quarter, from its first request to the leadership team", heads, rows)


def _span(days: list[pd.Timestamp]) -> Block:
    """Return the day, or the first and the last; an en dash for none."""
    if not days:
        return words("–")
    first, last = min(days), max(days)
    if first == last:
        return together(words(said.short_day(first)))
    return lines([together(words(f"{said.short_day(first)} to")), together(words(said.short_day(last)))])


def _members_table(report: Timetable) -> Block:
    meetings = report.entries[report.entries["body"].isin(OF_MEMBERS) & report.entries["step"].eq("")]
    if meetings.empty:
        return EMPTY
    papers = {
        (entry["body"], entry["of"], entry["period"], entry["row"]): entry
        for entry in _records(report.entries[report.entries["body"].isin(OF_MEMBERS) & report.entries["step"].ne("")])
    }
    rows = []
    for entry in _records(meetings):
        paper = papers.get((entry["body"], entry["of"], entry["period"], entry["row"]))
        about = [words(_report_name(paper) if paper else ""), quiet(words(str(entry["period"])))]
        rows.append(
            [
                words(_body_name(entry)),
                lines(about),
                together(words(said.short_day(paper["on"]) if paper else "–")),
                together(words(_with_time(entry))),
            ]
        )
    columns = [Column("Board or committee", 3.2), Column("Report", 3.2), Column("Papers issued", 1.4), Column("Meets", 1.8)]
    return table(f"{phrases.count(len(rows), 'meeting')} of members at which performance is considered", columns, rows)


def _report_name(paper: dict[str, Any]) -> str:
    return said.STEP_WORDS[Step(paper["step"])].removesuffix(" is issued")


def _body_name(entry: dict[str, Any]) -> str:
    name = said.BODY_WORDS[Body(entry["body"])].removesuffix(" meets")
    return f"{name}: {entry['of_name']}" if entry["of_name"] else name


def _with_time(entry: dict[str, Any]) -> str:
    return ", ".join(filter(None, (said.short_day(entry["on"]), str(entry["starts_at"]))))


def months(report: Timetable) -> Page:
    """Return every meeting and deadline, month by month, with the bank holidays between them."""
    parts: list[Block] = []
    for _, own in report.entries.groupby(report.entries["on"].dt.to_period("M")):
        first = own["on"].iloc[0]
        parts.append(heading(3, words(said.month(first)), f"month-{first:%Y-%m}"))
        closed = [(day, name) for day, name in report.bank_holidays.items() if (day.year, day.month) == (first.year, first.month)]
        if closed:
            named = phrases.join(f"{said.short_day(day)} ({name})" for day, name in closed)
            parts.append(paragraph(words(f"Bank holiday: {named}."), kind="quiet"))
        parts.append(_table_of(own, f"{phrases.count(len(own), 'date')} in {said.month(first)}"))
    return Page((stack(parts or [paragraph(words("No date is known."))]),))


def readers(report: Timetable) -> Page:
    """Return what concerns each reader over the year, one line for each thing with all its days."""
    parts: list[Block] = []
    for reader, name in said.READER_WORDS.items():
        own = report.entries[report.entries["reader"] == reader]
        if len(own):
            rows = [[words(what), _days(days), words(rule)] for what, days, rule in _of_reader(own)]
            parts.append(heading(3, words(name), f"reader-{reader}"))
            columns = [Column("What", 3.6), Column("Days", 3.4), Column("Counted as", 3)]
            parts.append(table(f"{name}: {phrases.count(len(own), 'date')}", columns, rows))
    return Page((stack(parts or [paragraph(words("No date is known."))]),))


def _days(days: list[str]) -> Block:
    """Return days in a row, none broken at a line's end."""
    return join([together(words(day)) for day in days], ", ")


def _of_reader(own: pd.DataFrame) -> Iterator[tuple[str, list[str], str]]:
    for _, rows in own.groupby(["step", "body", "of_name"], sort=False):
        entries = _records(rows)
        rule = next((entry["rule"] for entry in entries if entry["rule"]), "")
        counted = said.rule(rule) or ("as the round records" if entries[0]["step"] else "as it is set")
        yield said.what(entries[0]), [said.short_day(entry["on"]) for entry in entries], counted


def notes(report: Timetable) -> Page:
    """Return the rules, the bank holidays, and the questions that the dates raise."""
    rules = (
        [words(said.STEP_WORDS[step]), words(said.rule(rule)), words(said.TASKS[step])] for step, rule in report.rules.items()
    )
    parts = [
        paragraph(
            words(
                "A working day is Monday to Friday without England's bank holidays. A number of weeks keeps the weekday, or goes "
                "to the working day before. The record of each quarter's round counts before any rule."
            )
        ),
        table("How each deadline is counted, and what is done by it", RULE_COLUMNS, rules),
    ]
    if report.bank_holidays:
        closed = [[words(said.weekday(day)), words(name)] for day, name in report.bank_holidays.items()]
        parts.append(table("Bank holidays in England", [Column("Day", 3), Column("Holiday", 4)], closed, kind="figures"))
    if report.warnings:
        rows = (
            [
                words(", ".join(filter(None, (one.file, one.sheet, one.cell)))),
                words(one.found),
                words(one.expected),
                words(one.remedy),
            ]
            for one in report.warnings
        )
        parts.append(heading(3, words("Questions that the dates raise"), "warnings"))
        parts.append(table(f"{phrases.count(len(report.warnings), 'warning')}; none changes a date", WARNING_COLUMNS, rows))
    return Page((stack(parts),))


RULE_COLUMNS = (Column("Deadline", 3), Column("Counted as", 3), Column("What is done", 4.4))
WARNING_COLUMNS = (Column("Where", 2.4), Column("Found", 4), Column("Expected", 2), Column("What to do", 4))


def _place(one: Finding) -> str:
    return ", ".join(part for part in (one.file, one.sheet, one.cell) if part)


def files(report: Timetable) -> Page:
    """Return the workbook and the calendar files that are published beside the timetable; none without a date."""
    if report.entries.empty:
        return Page(())
    return Page((*calendar_file.calendars(report), timetable_workbook.workbook_of(report)))


def _gaps(report: Timetable) -> Iterator[str]:
    """Yield what the timetable cannot say, and where it would learn it."""
    if report.undated:
        quarters = phrases.join(report.undated)
        yield f"No date is recorded for the round of {quarters}: add it to {ROUNDS_FILE}, or its meetings to {MEETINGS_FILE}."
    if len(report.bodies_missing) == len(Body):
        yield f"No meeting is recorded for {report.year}: add the council's dates to {MEETINGS_FILE}."
    elif report.bodies_missing:
        bodies = phrases.join(MISSING_WORDS[body] for body in report.bodies_missing)
        yield f"No date is recorded for {bodies}: add it to {MEETINGS_FILE}."


def _table_of(entries: pd.DataFrame, caption: str, *, most: int | None = None) -> Block:
    """Return a table of entries by day; `most` is how many days it has at most."""
    days = entries["on"].drop_duplicates().head(most) if most else entries["on"]
    shown = entries[entries["on"].isin(days)]
    rows = [
        [
            together(words(said.short_day(group[0]["on"]))),
            lines([words(_what_with_time(group)), quiet(words(f"{group[0]['period']}; {said.who(group[0])}"))]),
        ]
        for group in _grouped(shown)
    ]
    return table(
        caption,
        [Column("Day", 1.4), Column("What is due or meets, for which period, and whom it concerns", 5)],
        rows,
        kind="figures",
    )


def _what_with_time(group: list[dict[str, Any]]) -> str:
    times = {entry["starts_at"] for entry in group}
    at = f", {times.pop()}" if len(times) == 1 and times != {""} else ""
    return f"{said.what_of_several(group)}{at}"


def _grouped(entries: pd.DataFrame) -> Iterator[list[dict[str, Any]]]:
    """Yield the entries in their order; what happens on one day at several directorates or boards comes together."""
    for _, rows in entries.groupby(["on", "step", "body", "period"], sort=False):
        yield _records(rows)


def _records(entries: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): cell for name, cell in entry.items()} for entry in entries.to_dict("records")]
