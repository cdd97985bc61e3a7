"""How the figures were made and what to bear in mind when reading them."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from kpireport.errors import Finding
from kpireport.presentation import left_out, signals, theme, wording
from kpireport.presentation.blocks import Block, Page
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import bullets, facts, heading, paragraph, stack, words
from kpireport.presentation.report import Report

RULES = (
    "A result is rounded as it is printed, then compared with its target: green at the target or better, amber within the agreed "
    "tolerance short of it, red beyond.",
    "A KPI without an agreed tolerance has no amber band, and the scorecard says so.",
    "An interim target is an increase or a decrease on the comparator. Such ratings rest on the direction of travel and are "
    "counted apart from ratings on a target.",
    "A tracker is never rated. A missing result is neither green nor red.",
    "Direction of travel compares like with like: a cumulative figure with the same point last year, a rolling year with the "
    "same twelve months a year earlier.",
    "Each result is the latest available and carries its own period, which may be earlier than the quarter reported on.",
)


def notes(report: Report) -> Page:
    """Return the rating scheme, the symbols, where the figures end, and the questions that the data raises."""
    return Page((stack(_parts(report)),))


def _parts(report: Report) -> Iterator[Block]:
    yield heading(3, words("How KPIs are rated"), "rating-scheme")
    yield paragraph(words(f"Ratings follow the scheme {report.scheme}:"))
    yield bullets(words(rule) for rule in RULES)
    yield heading(3, words("Symbols"), "symbols")
    yield facts(((symbol, words(meaning)) for symbol, meaning in theme.SHORTHAND.items()), kind="said")
    yield heading(3, words("Variation and assurance"), "variation")
    yield paragraph(words("Each KPI with 12 or more results in a row is compared with its own past (an XmR chart):"))
    yield facts(((letters, words(meaning)) for letters, meaning in signals.EXPLANATIONS.items()), kind="said")
    yield heading(3, words("Data used"), "data-used")
    yield bullets(words(said) for said in _data_used(report))
    if len(report.sign_offs):
        yield heading(3, words("Approval of results"), "approval")
        yield approvals(report.sign_offs)
    if report.warnings:
        yield heading(3, words("Questions that the data raises"), "warnings")
        columns = [Column("Where", 3), Column("Found", 3), Column("Expected", 3), Column("What to do", 3)]
        listed = report.printed.warnings
        cells = ([words(_place(one)), words(one.found), words(one.expected), words(one.remedy)] for one in listed)
        printed, total = len(listed), len(report.warnings)
        yield table(left_out.shown(f"{wording.count(total, 'warning')}; none stops the report", printed, total), columns, cells)
        yield left_out.more(printed, total, left_out.on_sheet("Warnings"))


def approvals(sign_offs: pd.DataFrame) -> Block:
    """Return who approved the quarter's results, and how many wait for approval: those are provisional, [p]."""
    columns = [Column("Directorate", 3), Column("Approved by", 3), Column("On", 1.6), Column("Results", 1.2, is_number=True)]
    columns.append(Column("Not approved: provisional [p]", 1.6, is_number=True))
    cells = (
        [
            words(str(row["directorate_name"])),
            words(str(row["signed_by"]) or "Nobody yet"),
            words(wording.day(row["signed_on"])),
            words(str(row["results"])),
            words(str(row["waiting"])),
        ]
        for _, row in sign_offs.iterrows()
    )
    return table("Results returned for the quarter, and their approval", columns, cells)


def _place(one: Finding) -> str:
    return ", ".join(part for part in (one.file, one.sheet, one.cell) if part)


def _data_used(report: Report) -> Iterator[str]:
    performance = report.performance
    yield f"Results received up to {wording.day(date.fromisoformat(report.date))} are used."
    yield from wording.rounding_sentences(performance.kpis, report.resting_on_rounding)
    if report.illustrative:
        shown = wording.share(report.illustrative, len(performance.kpis), "KPI")
        yield f"{shown} on this list show an illustrative value: a sample that no producer published, for demonstration only."
