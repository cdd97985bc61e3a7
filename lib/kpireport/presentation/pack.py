"""What only a directorate's pack holds: what goes well, what is red and what is done about it, dates and contacts."""

from dataclasses import replace

import pandas as pd

from kpireport.presentation import definitions, kpi_cells, left_out, wording
from kpireport.presentation.blocks import Block, Page
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.highlight_items import said
from kpireport.presentation.markup import facts, heading, paragraph, stack, words
from kpireport.presentation.oversight import escalations, nothing, risks
from kpireport.presentation.report import OneDirectorate, Report
from kpireport.presentation.returns import sections
from kpireport.vocabulary import Rag

RESULT_COLUMNS = (
    Column("KPI", 4.4),
    Column("Latest result", 2.1, is_number=True),
    Column("Target", 2.7, is_number=True),
    Column("Rating", 1.9),
    Column("Direction of travel", 3.4),
)


def _result_cells(kpi: pd.Series) -> list[Block]:
    return [kpi_cells.name(kpi), kpi_cells.latest(kpi), kpi_cells.target(kpi), kpi_cells.rating(kpi), kpi_cells.direction(kpi)]


def good_news(report: Report) -> Page:
    """Return what goes well: better ratings, and green results that improve."""
    rows, total = report.printed.good_news, report.printed.going_well
    if rows.empty:
        return nothing("No rating has become better, and no green result is improving, this quarter.")
    caption = left_out.shown(f"{wording.count(total, 'KPI')} with a better rating, or green and improving", len(rows), total)
    shown = table(caption, RESULT_COLUMNS, (_result_cells(kpi) for _, kpi in rows.iterrows()))
    return Page((stack([shown, _rest(report, len(rows), total)]),))


def _rest(report: Report, printed: int, total: int) -> Block:
    """Return where the rest of a directorate's own KPIs is."""
    sheet = left_out.scorecard_sheet(str(report.directorates["directorate"].iloc[0]))
    return left_out.more(printed, total, left_out.on_sheet(sheet))


def red_kpis(report: OneDirectorate) -> Page:
    """Return each red KPI with its result, and what the service says and does."""
    rows = report.printed.red
    if rows.empty:
        return nothing("No KPI is red this quarter.")
    items = stack(_red_item(kpi, report.commentary) for _, kpi in rows.iterrows())
    return Page((stack([items, _rest(report, len(rows), int(report.performance.kpis["rag"].eq(Rag.RED).sum()))]),))


def _red_item(kpi: pd.Series, spoken: pd.DataFrame) -> Block:
    kpi_id = str(kpi["kpi_id"])
    own = spoken[spoken["kpi_id"] == kpi_id]
    commentary = said(own.iloc[0]) if len(own) else paragraph(words("No commentary was supplied."), kind="quiet")
    shown = [
        ("Latest result", kpi_cells.latest(kpi)),
        ("Target", kpi_cells.target(kpi)),
        ("Rating", kpi_cells.rating(kpi)),
        ("Direction of travel", kpi_cells.direction(kpi)),
    ]
    return stack(
        [
            heading(3, words(f"{kpi['kpi_name']} ({kpi_id})"), f"red-{kpi_id.lower()}"),
            facts(shown),
            commentary,
            replace(paragraph(definitions.link_to(kpi), kind="quiet"), typst=""),
        ]
    )


def risks_and_escalations(report: Report) -> Page:
    """Return the directorate's key risk indicators, and what it escalates."""
    return sections(("Key risk indicators", risks(report)), ("Escalated to the Corporate Leadership Team", escalations(report)))


def dates_and_contacts(report: Report) -> Page:
    """Return the dates of the next round, and who is asked for each KPI."""
    return sections(("Next round", deadlines(report)), ("Contacts", contacts(report)))


def deadlines(report: Report) -> Page:
    """Return the dates of the next round."""
    if report.deadlines.empty:
        return nothing("The dates of the next round are not yet set.")
    cells = ([words(str(row["label"])), words(wording.day(row["date"]))] for _, row in report.deadlines.iterrows())
    return Page((table("Dates of the next round", [Column("What", 4), Column("When", 2)], cells),))


def contacts(report: Report) -> Page:
    """Return who is accountable for each KPI and who produces its figure."""
    kpis = report.performance.kpis
    if kpis.empty:
        return nothing("No KPI is on the list.")
    if not report.printed.is_whole:
        return _contacts_counted(report)
    columns = [Column("KPI", 4), Column("Accountable officer", 2.6), Column("Key contacts", 4)]
    cells = (
        [kpi_cells.name(kpi), words(str(kpi["accountable_officer"]) or "–"), words(str(kpi["key_contacts"]) or "–")]
        for _, kpi in kpis.iterrows()
    )
    return Page((table("Who is accountable for each KPI, and who produces its figure", columns, cells),))


def _contacts_counted(report: Report) -> Page:
    """Return who is accountable for how many KPIs; results returned name each KPI's."""
    rows = report.printed.contacts
    columns = [Column("Accountable officer", 3), Column("Key contacts", 5), Column("KPIs", 1.2, is_number=True)]
    cells = (
        [words(str(row["accountable_officer"]) or "–"), words(str(row["key_contacts"]) or "–"), words(f"{row['number']:,}")]
        for _, row in rows.iterrows()
    )
    return Page((table("Who is accountable for most KPIs, and who produces their figures", columns, cells),))
