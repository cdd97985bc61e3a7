"""The lists of a large register as a workbook holds them: whole, each on a worksheet, where the reports print only the first."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from kpireport.presentation import theme, wording
from kpireport.presentation.list_changes import change_words, changed
from kpireport.presentation.report import WholeCouncil

Cells = Mapping[str, object]


def tables(report: WholeCouncil) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield worksheet, title and table of every list of which the report prints only a part; no cell is empty."""
    printed = report.printed
    named: list[tuple[str, str, pd.DataFrame, pd.DataFrame, Callable[[dict[str, Any]], Cells]]] = [
        ("Risks", "Key risk indicators", printed.risks, report.risks, _risk),
        ("Awaited", "Results due and missing", printed.awaited, report.awaited, _awaited),
        ("Revised", "Results revised since the previous quarter's report", printed.restated, report.restated, _revised),
        ("Late", "Results received after the last day, and not used", printed.received_late, report.received_late, _late),
        ("Changes", "Changes to the KPI list", printed.list_changes, report.list_changes, _change),
        ("Targets", "KPIs without a specific target", printed.targets_missing, report.targets_missing, _target),
        ("Reviews", "Definitions past the day of review", printed.reviews_due, report.reviews_due, _review),
    ]
    for sheet, title, first, rows, cells in named:
        if len(first) < len(rows):
            yield sheet, title, pd.DataFrame([cells(row) for row in wording.rows(rows)], dtype=object)
    if len(printed.warnings) < len(report.warnings):
        found = [
            {
                "File": one.file,
                "Sheet": one.sheet or "[z]",
                "Cell": one.cell or "[z]",
                "Found": one.found,
                "Expected": one.expected,
                "What to do": one.remedy,
            }
            for one in report.warnings
        ]
        yield "Warnings", "Questions that the data raises", pd.DataFrame(found, dtype=object)


def _kpi(row: dict[str, Any]) -> dict[str, object]:
    return {"KPI": row["kpi_id"], "Name": row["kpi_name"]}


def _of_directorate(row: dict[str, Any]) -> dict[str, object]:
    return _kpi(row) | {"Directorate": row["directorate_name"]}


def _risk(row: dict[str, Any]) -> Cells:
    return _kpi(row) | {
        "Corporate risk": f"{row['risk_ref']} {row['risk_name']}",
        "Risk rating": row["risk_rating"],
        "Risk rating before": row["previous_risk_rating"] or "Not assessed",
        "Latest result": wording.result(row),
        "Rating": theme.rating_word(str(row["rating"])),
        "Direction of travel": wording.sentence(wording.change(row)),
    }


def _awaited(row: dict[str, Any]) -> Cells:
    return _of_directorate(row) | {
        "Awaited period": row["expected_period"],
        "State": theme.rating_word(str(row["rating"])),
        "Running": "Second quarter running" if row["is_awaited_twice"] else "First quarter",
        "Last result": wording.result(row),
        "Period of the last result": row["period"] or "[x]",
    }


def _revised(row: dict[str, Any]) -> Cells:
    return _of_directorate(row) | {
        "Period": row["period"],
        "Reported before": _figure(row, "old_value"),
        "Now": _figure(row, "new_value"),
        "Rating before": theme.rating_word(str(row["old_rating"])),
        "Rating now": theme.rating_word(str(row["new_rating"])),
        "Why": row["note"] or "[x]",
    }


def _late(row: dict[str, Any]) -> Cells:
    about = {"Period": row["period"], "Result": _figure(row, "value"), "Received": wording.day(row["received_on"])}
    return _of_directorate(row) | about


def _change(row: dict[str, Any]) -> Cells:
    what = " ".join([str(row["detail"]), *changed(row["values"])])
    agreed = {"Agreed by": row["agreed_by"] or "[x]", "Agreed on": wording.day(row["agreed_on"])}
    return _of_directorate(row) | {"Change": change_words(str(row["change"])), "What changed": what} | agreed


def _target(row: dict[str, Any]) -> Cells:
    return _of_directorate(row) | {"Target for now": wording.target(row), "Latest result": wording.result(row)}


def _review(row: dict[str, Any]) -> Cells:
    is_open = wording.is_missing(row["next_review"])
    return _of_directorate(row) | {"Review was due": "No day set" if is_open else wording.day(row["next_review"])}


def _figure(row: dict[str, Any], column: str) -> str:
    return wording.figure(row[column], str(row["unit"]), int(row["decimals"]))
