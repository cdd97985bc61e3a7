"""A board's results as an accessible workbook: what the report shows in one table, and each measure's history."""

from typing import Any

import pandas as pd

from kpireport.presentation import findings, plain_english, theme, wording
from kpireport.presentation.blocks import Attachment, Page
from kpireport.presentation.board_report import BoardReport
from kpireport.presentation.sheets import WORKBOOK_TYPE, Sheet, workbook
from kpireport.vocabulary import Absence

NOTES = {
    "Target": "What the measure should reach; a target that is a direction, such as an increase, has no number.",
    "Rating": "Green: met; amber: missed by no more than the tolerance; red: missed by more. Where the target is a direction, "
    "the change since the earlier figure is rated.",
}


def files(report: BoardReport) -> Page:
    """Return the workbook that is published beside the report."""
    return Page(
        (
            Attachment(
                f"{report.code}.xlsx",
                WORKBOOK_TYPE,
                board_workbook(report),
                f"{report.title}: all results and their history as a workbook",
            ),
        )
    )


def board_workbook(report: BoardReport) -> bytes:
    """Return the workbook: cover, contents, symbols, results and history. What the report hides is hidden here too."""
    sheets = []
    kpis = report.measures.performance.kpis
    if len(kpis):
        sheets += [_results(report), _history(report)]
    if len(report.measures.defined) < len(kpis):
        sheets.append(_definitions(kpis))
    about = [f"Results received up to {wording.day(pd.Timestamp(report.date))}."]
    if report.illustrative:
        about.append("Some figures are illustrative: samples that no producer published, and not to be quoted.")
    return workbook(
        sheets,
        notes={symbol: f"{meaning}." for symbol, meaning in theme.SHORTHAND.items()} | NOTES,
        title=f"{report.council.name}: {report.title}",
        intro=[report.subtitle],
        about=about,
        author=report.council.name,
        date=report.date,
    )


def _results(report: BoardReport) -> Sheet:
    rows = [
        {
            "Measure": kpi["kpi_name"],
            "Reference": kpi["kpi_id"],
            "Heading": group.name,
            "Latest figure": _number(kpi["value"], wording.shorthand(kpi)),
            "Unit": findings.unit(kpi),
            "When": kpi["period"] or "[x]",
            "Target": plain_english.target(kpi),
            "Rating": theme.rating_word(str(kpi["rating"])),
            "What changed": " ".join(plain_english.change(kpi)) or "No older figure to compare with.",
        }
        for group in report.measures.groups
        for kpi in wording.rows(group.kpis)
    ]
    return Sheet("Results", "The latest figure of each measure", pd.DataFrame(rows, dtype=object), index_columns=2)


def _history(report: BoardReport) -> Sheet:
    kpis = report.measures.performance.kpis
    names = dict(zip(kpis["kpi_id"], kpis["kpi_name"], strict=True))
    units = {kpi["kpi_id"]: findings.unit(kpi) for kpi in wording.rows(kpis)}
    history = report.measures.performance.history
    rows = {
        "Measure": [names[kpi_id] for kpi_id in history["kpi_id"]],
        "Reference": history["kpi_id"].tolist(),
        "Period": history["period"].tolist(),
        "Figure": [
            _number(value, "[c]" if absence == Absence.SUPPRESSED else "[x]")
            for value, absence in zip(history["value"], history["absence"], strict=True)
        ],
        "Unit": [units[kpi_id] for kpi_id in history["kpi_id"]],
        "Who published it": history["producer"].tolist(),
    }
    return Sheet("History", "Figures of earlier periods", pd.DataFrame(rows, dtype=object), index_columns=3)


def _definitions(kpis: pd.DataFrame) -> Sheet:
    rows = [
        {
            "Measure": kpi["kpi_name"],
            "Reference": kpi["kpi_id"],
            "What it counts": f"{kpi['definition']} {plain_english.good_way(kpi)}",
            "Where the figure comes from": kpi["source"] or "[x]",
            "Take care": kpi["limitations"] or "[z]",
        }
        for kpi in wording.rows(kpis)
    ]
    return Sheet("Definitions", "What each measure means", pd.DataFrame(rows, dtype=object), index_columns=2)


def _number(value: Any, otherwise: str) -> float | str:
    return (otherwise or "[x]") if wording.is_missing(value) else float(value)
