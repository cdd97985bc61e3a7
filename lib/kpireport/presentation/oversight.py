"""What the Corporate Leadership Team watches beside the ratings: corporate risks, contacts and complaints, escalated matters."""

import pandas as pd

from kpireport.presentation import kpi_cells, left_out, wording
from kpireport.presentation.blocks import Block, Page
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import bullets, join, lines, paragraph, quiet, stack, strong, words
from kpireport.presentation.report import Report, WholeCouncil


def nothing(sentence: str) -> Page:
    """Return a section that has nothing to show and says so."""
    return Page((paragraph(words(sentence)),))


def risks(report: Report) -> Page:
    """Return the KPIs that act as key risk indicators beside their corporate risk."""
    rows = report.risks
    if rows.empty:
        return nothing("No KPI on the list is a key risk indicator this quarter.")
    columns = [
        Column("Key risk indicator", 4),
        Column("Corporate risk", 4),
        Column("Risk rating", 1.7),
        Column("Latest result", 2.1, is_number=True),
        Column("Rating", 2.1),
        Column("Direction of travel", 3.2),
    ]
    listed = report.printed.risks
    cells = ([kpi_cells.name(kpi), _risk(kpi), _risk_rating(kpi), *_result(kpi)] for _, kpi in listed.iterrows())
    assessed = rows.drop_duplicates("risk_ref")
    told = [
        _with_head(f"{risk['risk_ref']} {risk['risk_name']}", f"{risk['summary']} Owner: {risk['owner']}.")
        for _, risk in assessed.iterrows()
    ]
    caption = f"{wording.count(len(rows), 'key risk indicator')} for {wording.count(len(assessed), 'corporate risk')}"
    said = paragraph(words("What the owners of the risks say:"), kind="intro")
    shown = table(left_out.shown(caption, len(listed), len(rows)), columns, cells)
    rest = left_out.more(len(listed), len(rows), left_out.on_sheet("Risks"))
    return Page((stack([shown, rest, said, bullets(told)]),))


def _with_head(head: str, text: str) -> Block:
    return join([strong(words(f"{head}:")), words(text)], " ")


def _risk(kpi: pd.Series) -> Block:
    return lines([words(str(kpi["risk_name"])), quiet(words(str(kpi["risk_ref"])))])


def _risk_rating(kpi: pd.Series) -> Block:
    now, before = str(kpi["risk_rating"]), str(kpi["previous_risk_rating"])
    was = "not assessed before" if not before else "unchanged" if before == now else f"was {before}"
    return lines([words(now), quiet(words(was))])


def _result(kpi: pd.Series) -> list[Block]:
    return [kpi_cells.latest(kpi), kpi_cells.rating(kpi), kpi_cells.direction(kpi)]


def barometer(report: WholeCouncil) -> Page:
    """Return what people got in touch about, beside the quarter before and the same quarter last year."""
    rows = report.barometer
    if rows.empty:
        return nothing("No contact centre or complaints figures were supplied this quarter.")
    columns = [
        Column("Topic", 3.4),
        *(
            Column(head, 1.4, is_number=True)
            for head in ("Contacts", "Quarter before", "Same quarter last year", "Complaints", "Complaints, quarter before")
        ),
    ]
    counted = ("contacts", "previous_contacts", "contacts_last_year", "complaints", "previous_complaints")
    cells = (
        [
            lines([words(str(row["topic"])), quiet(words(str(row["directorate_name"])))]),
            *(words(wording.figure(row[column], "number", 0)) for column in counted),
        ]
        for _, row in rows.iterrows()
    )
    issues = [_with_head(str(row["topic"]), str(row["issue"])) for _, row in rows.iterrows() if row["issue"]]
    behind = [paragraph(words("What lies behind them:"), kind="intro"), bullets(issues)] if issues else []
    return Page((stack([table("Contacts and complaints by topic, most contacts first", columns, cells), *behind]),))


def escalations(report: Report) -> Page:
    """Return the matters that directorates escalate, with what they ask."""
    rows = report.escalations
    if rows.empty:
        return nothing("No matter is escalated this quarter.")
    columns = [Column("Matter", 5), Column("Raised by", 2.6), Column("What is asked of the team", 4)]
    cells = (
        [
            lines([words(str(row["matter"])), quiet(words(_kpi_of(row)))]),
            lines([words(str(row["directorate_name"])), quiet(words(str(row["raised_by"])))]),
            words(str(row["request"])),
        ]
        for _, row in rows.iterrows()
    )
    return Page((table(f"{wording.count(len(rows), 'matter')} escalated", columns, cells),))


def _kpi_of(row: pd.Series) -> str:
    return f"{row['kpi_id']} {row['kpi_name']}" if row["kpi_id"] and pd.notna(row["kpi_name"]) else ""
