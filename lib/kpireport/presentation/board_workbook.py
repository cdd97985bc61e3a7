"""A board's results as an accessible workbook: what the report shows in one table, and each measure's history."""

from typing import Any

import pandas as pd

from kpireport.presentation import findings, plain_english, theme, wording
from kpireport.presentation.blocks import Attachment, Page
from kpireport.presentation.board_report import BoardReport
from kpireport.presentation.spreadsheet import WORKBOOK_TYPE, Sheet, workbook
from kpireport.vocabulary import Absence


def files(report: BoardReport) -> Page:
    """Return the workbook that is published beside the report."""
    return Page(
        (Attachment(f"{report.code}.xlsx", WORKBOOK_TYPE, board_workbook(report), "All results and their history as a workbook"),)
    )


def board_workbook(report: BoardReport) -> bytes:
    """Return the workbook: cover, contents, symbols, results and history. What the report hides is hidden here too."""
    symbols = pd.DataFrame({"Symbol": list(theme.SHORTHAND), "Meaning": list(theme.SHORTHAND.values())})
    sheets = [Sheet("Notes", "Symbols", symbols)]
    if any(group.items for group in report.measures.groups):
        sheets += [_results(report), _history(report)]
    about = [f"Results received up to {wording.day(pd.Timestamp(report.date))}."]
    if report.illustrative:
        about.append("Some figures are illustrative: samples that no producer published, and not to be quoted.")
    return workbook(
        sheets,
        title=f"{report.council.name}: {report.title}",
        intro=[report.subtitle],
        about=about,
        author=report.council.name,
        date=report.date,
    )


def _results(report: BoardReport) -> Sheet:
    rows = [
        {
            "Measure": item.kpi["kpi_name"],
            "Reference": item.kpi["kpi_id"],
            "Heading": group.name,
            "Latest figure": _number(item.kpi["value"], wording.shorthand(item.kpi)),
            "Unit": findings.unit(item.kpi),
            "When": item.kpi["period"] or "[x]",
            "Target": plain_english.target(item.kpi),
            "Rating": theme.rating_word(str(item.kpi["rating"])),
            "What changed": " ".join(plain_english.change(item.kpi)) or "No older figure to compare with.",
        }
        for group in report.measures.groups
        for item in group.items
    ]
    return Sheet("Results", "The latest figure of each measure", pd.DataFrame(rows, dtype=object), index_columns=2)


def _history(report: BoardReport) -> Sheet:
    names = report.measures.performance.kpis.set_index("kpi_id")["kpi_name"]
    history = report.measures.performance.history
    rows = {
        "Measure": [names[kpi_id] for kpi_id in history["kpi_id"]],
        "Reference": history["kpi_id"].tolist(),
        "Period": history["period"].tolist(),
        "Figure": [
            _number(value, "[c]" if absence == Absence.SUPPRESSED else "[x]")
            for value, absence in zip(history["value"], history["absence"], strict=True)
        ],
        "Who published it": history["producer"].tolist(),
    }
    return Sheet("History", "Figures of earlier periods", pd.DataFrame(rows, dtype=object), index_columns=3)


def _number(value: Any, otherwise: str) -> float | str:
    return (otherwise or "[x]") if wording.is_missing(value) else float(value)
