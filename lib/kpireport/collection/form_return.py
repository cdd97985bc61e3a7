"""Read our own return workbook, as `return_form` lays it out: what the stamp asks for, row by row, and what has been changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from kpireport.collection.return_form import (
    EARLIER,
    EXAMPLE,
    HEAD_ROW,
    INSTRUCTIONS_SHEET,
    RESULTS,
    SIGN_OFF_CELLS,
    SIGN_OFF_SHEET,
    STAMP_HEADS,
    STAMP_SHEET,
    TABLES,
    CellType,
    FormRow,
    FormSheet,
    RowKind,
    Stamp,
    read_stamp,
)
from kpireport.collection.returned import Approval, ReturnedRow
from kpireport.errors import Finding
from kpireport.sources import formats, workbook
from kpireport.sources.grids import Cell, Grid
from kpireport.sources.remedies import quoted

MOST_LOOSE = 1_000
"""How many cells that belong to no row are named."""
IDENTITY = ("kpi_id", "area", "group", "period")
SEND_FORM = "Copy the answers into the workbook that was sent, and return that."
KEEP = "Write it as it was; rows and columns of the form stay in their places."


@dataclass(frozen=True)
class FormRead:
    """The rows of a form, and what is wrong with the form itself."""

    stamp: Stamp | None = None
    rows: tuple[ReturnedRow, ...] = ()
    faults: tuple[Finding, ...] = ()
    loose_faults: tuple[Finding, ...] = ()
    questions: tuple[Finding, ...] = ()
    approval: Approval | None = None
    filled_by: str = ""


def is_form(grids: Mapping[str, Grid]) -> bool:
    """Return whether a workbook has the sheets of our form, whole or not."""
    return STAMP_SHEET in grids or {RESULTS.name, EARLIER.name} <= set(grids)


def read(grids: Mapping[str, Grid], file: str, *, quarter: str, area: str, today: date) -> FormRead:
    """Return what a form says.

    Parameters
    ----------
    quarter
        The quarter collected; a form of another is refused.
    area
        GSS code of the council; a form of another is refused.
    today
        The day of receipt: nothing was filled in or approved after it.
    """
    if STAMP_SHEET not in grids:
        return _refused(file, "", "", "our form without its hidden sheet", "the form as it was sent", SEND_FORM)
    try:
        stamp = read_stamp(grids[STAMP_SHEET].lines(len(STAMP_HEADS)))
    except ValueError as error:
        return _refused(file, STAMP_SHEET, "A1", str(error), "the stamp of the form as it was sent", SEND_FORM)
    if stamp.quarter != quarter:
        remedy = f"Move the file to the folder of {stamp.quarter}, or fill in the form for {quarter}."
        return _refused(file, STAMP_SHEET, "B5", f"the form for {stamp.quarter}", f"the form for {quarter}", remedy)
    if stamp.area != area:
        found = f"the form of {stamp.council} ({stamp.area})"
        return _refused(file, STAMP_SHEET, "B4", found, f"the form of {area}", "Take the file out of the folder.")
    faults = list(_heads(grids, stamp, file))
    if faults:
        return FormRead(stamp, faults=tuple(faults))
    asked: dict[str, dict[int, FormRow]] = {}
    for row in stamp.rows:
        asked.setdefault(row.sheet, {})[row.row] = row
    rows = tuple(one for name, rows_of in asked.items() for one in _rows(grids[name], TABLES[name], rows_of))
    approval, filled_by, loose = _approval(grids, file, today)
    loose += islice((one for name in asked for one in _loose(grids[name], TABLES[name], asked[name])), MOST_LOOSE)
    known = {STAMP_SHEET, SIGN_OFF_SHEET, INSTRUCTIONS_SHEET, *TABLES}
    questions = tuple(
        Finding(
            file,
            name,
            "",
            f"a sheet {quoted(name)} beside those of the form",
            "the sheets of the form",
            "Nothing in it was read.",
        )
        for name, grid in grids.items()
        if name not in known and grid.cells
    )
    return FormRead(stamp, rows, loose_faults=tuple(loose), questions=questions, approval=approval, filled_by=filled_by)


def _refused(file: str, sheet: str, cell: str, found: str, expected: str, remedy: str) -> FormRead:
    return FormRead(faults=(Finding(file, sheet, cell, found, expected, remedy),))


def _heads(grids: Mapping[str, Grid], stamp: Stamp, file: str) -> Iterator[Finding]:
    """Yield a fault for each sheet that is missing and each head that is not where it was."""
    for name in dict.fromkeys(row.sheet for row in stamp.rows):
        if name not in grids or name not in TABLES:
            yield Finding(file, name, "", f"no sheet {quoted(name)}", "the sheets of the form", SEND_FORM)
            continue
        for place, column in enumerate(TABLES[name].columns):
            cell = grids[name].at(HEAD_ROW, place)
            if " ".join(cell.text.split()) != column.head:
                found = f"the head {quoted(cell.text)}" if cell.text else "no head"
                yield Finding(file, name, cell.address, found, f'"{column.head}"', KEEP)


def _rows(grid: Grid, sheet: FormSheet, asked: Mapping[int, FormRow]) -> Iterator[ReturnedRow]:
    """Yield the rows that the stamp asks for, each with what is wrong with it as a row."""
    merged = grid.merged_over(asked, range(len(sheet.columns)))
    for number, row in asked.items():
        cells = {column.name: grid.at(number, place) for place, column in enumerate(sheet.columns)}
        filled = [name for name in _to_fill(sheet, row) if not cells[name].is_empty]
        findings = []
        if filled and number in grid.hidden_rows:
            findings.append(_finding(grid, cells[filled[0]], "a result in a hidden row", "rows that can be seen", _UNHIDE))
        findings += [
            _finding(grid, cells[name], f"{name} in a hidden column", "columns that can be seen", _UNHIDE)
            for name in filled
            if sheet.position(name) in grid.hidden_columns
        ]
        if number in merged:
            remedy = "Unmerge them and write each value."
            findings.append(Finding(grid.file, grid.name, merged[number], "merged cells", "one value in each cell", remedy))
        if filled:
            findings += _moved(grid, sheet, row, cells)
        findings += [
            _finding(
                grid,
                cells[column.name],
                f"{quoted(cells[column.name].text)} in a grey cell",
                "nothing: it is not asked for",
                _CLEAR,
            )
            for column in sheet.columns
            if column.is_filled and column.name not in _to_fill(sheet, row) and not cells[column.name].is_empty
        ]
        yield ReturnedRow(grid.name, number, cells, row, tuple(findings))


_UNHIDE = "Unhide it and look at what it holds, or clear it."
_CLEAR = "Clear the cell."


def _to_fill(sheet: FormSheet, row: FormRow) -> list[str]:
    """Return the names of the cells of a row that are there to be filled in."""
    names = [column.name for column in sheet.columns if column.is_filled]
    if not row.has_counts:
        names = [name for name in names if name not in ("numerator", "denominator")]
    if not row.has_commentary:
        names = [name for name in names if name not in ("reason", "action", "owner", "due_on", "escalate")]
    return names + (["kpi_id", "period"] if row.kind is RowKind.FREE else [])


def _moved(grid: Grid, sheet: FormSheet, row: FormRow, cells: Mapping[str, Cell]) -> Iterator[Finding]:
    """Yield a fault for each cell that no longer says for which result the row asks."""
    if row.kind is RowKind.FREE:
        return
    for name in IDENTITY:
        wanted = getattr(row, name)
        if name in cells and " ".join(cells[name].text.split()) != wanted:
            found = f"{name} {quoted(cells[name].text)} in the row that asks for {row.kpi_id}, {row.period}"
            yield _finding(grid, cells[name], found, f'"{wanted}"', KEEP)


def _loose(grid: Grid, sheet: FormSheet, asked: Mapping[int, FormRow]) -> Iterator[Finding]:
    """Yield a fault for each filled cell of a table that belongs to none of its rows or columns."""
    for (row, column), cell in grid.cells.items():
        if row <= HEAD_ROW or (row in asked and column < len(sheet.columns)):
            continue
        if row == HEAD_ROW + 1 and row not in asked and grid.at(row, 0).text == EXAMPLE and column < len(sheet.columns):
            continue
        where = "beside the table" if column >= len(sheet.columns) else "in a row that asks for nothing"
        remedy = "Move it to the row and column it is meant for, or into an e-mail, and clear the cell."
        yield cell.finding or _finding(grid, cell, f"{quoted(cell.text)} {where}", "nothing there", remedy)


def _approval(grids: Mapping[str, Grid], file: str, today: date) -> tuple[Approval | None, str, list[Finding]]:
    """Return who approved the return and when, who filled it in, and what is wrong with the sheet that says so."""
    grid = grids.get(SIGN_OFF_SHEET)
    if grid is None:
        remedy = "Put the sheet back if somebody approved the return."
        return None, "", [Finding(file, SIGN_OFF_SHEET, "", f'no sheet "{SIGN_OFF_SHEET}"', "the sheets of the form", remedy)]
    said: dict[str, str] = {}
    faults: list[Finding] = []
    for name, (address, type) in SIGN_OFF_CELLS.items():
        row, column = workbook.place(address)
        cell = grid.at(row, column)
        value, bad = formats.parse_cell(cell.text, cell.kind, "day" if type is CellType.DAY else "text")
        if cell.finding or bad:
            faults.append(cell.finding or _bad(grid, cell, name, bad))
        elif type is CellType.DAY and value is not None and value > today:
            found = f"{name} {value:%d/%m/%Y}, a day that has not come"
            faults.append(_finding(grid, cell, found, "a day up to that of receipt", "Write the day that is meant."))
        else:
            said[name] = "" if value is None else str(value)
    by, on = said.get("signed_by", ""), said.get("signed_on", "")
    if bool(by) != bool(on) and not faults:
        name = "signed_on" if by else "signed_by"
        row, column = workbook.place(SIGN_OFF_CELLS[name][0])
        found = f"{name} empty beside {'signed_by' if by else 'signed_on'}"
        faults.append(
            _finding(grid, grid.at(row, column), found, "who approved the return and when", "Fill in both, or neither.")
        )
    return (Approval(by, on) if by and on and not faults else None), said.get("sender", ""), faults


def _bad(grid: Grid, cell: Cell, name: str, bad: Any) -> Finding:
    return _finding(grid, cell, f"{name} {bad.found}", bad.expected, bad.remedy)


def _finding(grid: Grid, cell: Cell, found: str, expected: str, remedy: str) -> Finding:
    return Finding(grid.file, grid.name, cell.address, found, expected, remedy)
