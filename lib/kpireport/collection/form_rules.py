"""Which cells of a return workbook are to be filled, and what Excel accepts in each."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from kpireport.collection.asking import Asking
from kpireport.collection.form_lines import Line
from kpireport.collection.return_form import COUNT_LIMITS, LISTS, STAMP_SHEET, CellType, FormColumn, FormRow, RowKind
from kpireport.presentation import wording

LONGEST_TEXT = 2000
"""The most characters of a text cell."""
LONGEST_LIST = 255
"""The most characters of a list that Excel keeps in the cell's own rule."""
KPI_COLUMN = "L"
"""The column of the stamp's sheet that lists the form's KPIs, for the rule of free rows; the stamp itself ends before it."""
COUNTS = ("numerator", "denominator")
COMMENTARY = ("reason", "action", "owner", "due_on", "escalate")


def is_open(column: FormColumn, asks: FormRow) -> bool:
    """Return whether a cell is one to fill."""
    if asks.kind is RowKind.FREE and column.type in (CellType.KPI, CellType.PERIOD):
        return True
    if not column.is_filled:
        return False
    if column.name in COUNTS:
        return asks.has_counts
    return asks.has_commentary if column.name in COMMENTARY else True


def rule(column: FormColumn, line: Line, asking: Asking, kpi_ids: Sequence[str]) -> dict[str, Any]:
    """Return what Excel accepts in a cell, what it says beside it and what it says of anything else."""
    said: dict[str, Any] = {"input_title": column.head[:32], "input_message": column.help, "error_title": "Not accepted"}
    if column.type is CellType.NUMBER:
        low, high = line.value_limits if column.name == "value" else COUNT_LIMITS
        return {
            **said,
            "validate": "decimal",
            "criteria": "between",
            "minimum": low,
            "maximum": high,
            "error_message": f"Type a number from {low:,.10g} to {high:,.10g}, without its unit. Where there is none, leave "
            "the cell empty.",
        }
    if column.type is CellType.DAY:
        first, last = asking.quarter.start, asking.quarter.end + timedelta(days=5 * 366)
        return {**said, **days(first, last)}
    if column.type is CellType.KPI:
        # A list too long for the cell's own rule is taken from the stamp, to the right of its rows.
        source: list[str] | str = list(kpi_ids)
        if len(",".join(kpi_ids)) > LONGEST_LIST:
            source = f"={STAMP_SHEET}!${KPI_COLUMN}$1:${KPI_COLUMN}${len(kpi_ids)}"
        return {**said, "validate": "list", "source": source, "error_message": "Choose one of the KPIs of this workbook."}
    if column.type in LISTS:
        words = list(LISTS[column.type])
        return {**said, "validate": "list", "source": words, "error_message": f"Choose {wording.join(words)}, or leave it empty."}
    return {
        **said,
        "validate": "length",
        "criteria": "<=",
        "value": LONGEST_TEXT,
        "error_message": f"Write at most {LONGEST_TEXT:,} characters.",
    }


def days(first: date, last: date) -> dict[str, Any]:
    """Return the rule of a cell for a day."""
    return {
        "validate": "date",
        "criteria": "between",
        "minimum": datetime.combine(first, datetime.min.time()),
        "maximum": datetime.combine(last, datetime.min.time()),
        "error_message": f"Type a day from {wording.day(first)} to {wording.day(last)}, such as {last:%d/%m/%Y}.",
    }


def ranges(cells: Iterable[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Return the cells as ranges, each a run of cells below one another: first row, column, last row, column."""
    found: list[tuple[int, int, int, int]] = []
    for row, place in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        if found and found[-1][1] == place and found[-1][2] == row - 1:
            found[-1] = (*found[-1][:2], row, place)
        else:
            found.append((row, place, row, place))
    return found
