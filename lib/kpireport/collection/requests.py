"""Writes the workbook in which a service returns its results: laid out as `return_form` says, filled with what `asking` found.

Only the cells to fill are unlocked, each with what Excel accepts in it. Numbers are numbers; text is never a formula. The same
register gives the same bytes. This and `presentation.spreadsheet` are the only modules that write new workbooks.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

import kpireport
from kpireport.collection import form_lines, form_wording
from kpireport.collection.asking import Asking, narrowed
from kpireport.collection.contacts import Recipient
from kpireport.collection.form_lines import Line, on_one_line
from kpireport.collection.return_form import (
    BREAKDOWNS,
    COUNT_LIMITS,
    EARLIER,
    FORM,
    HEAD_ROW,
    INSTRUCTIONS_SHEET,
    LISTS,
    RESULTS,
    SIGN_OFF_CELLS,
    SIGN_OFF_SHEET,
    STAMP_SHEET,
    CellType,
    FormColumn,
    FormRow,
    FormSheet,
    RowKind,
    Stamp,
)
from kpireport.presentation import theme, wording
from kpireport.presentation.markup import clean

LONGEST_TEXT = 2000
"""The most characters of a text cell."""
LONGEST_LIST = 255
"""The most characters of a list that Excel keeps in the cell's own rule."""
KPI_COLUMN = "L"
"""The column of the stamp's sheet that lists the form's KPIs, for the rule of free rows; the stamp itself ends before it."""
COUNTS = ("numerator", "denominator")
COMMENTARY = ("reason", "action", "owner", "due_on", "escalate")
A3, A4 = 8, 9
WIDTHS = (26, 96)
"""Widths of the columns of `Instructions`, in characters."""
LINE_HEIGHT, TALLEST, PER_LINE = 14.5, 400.0, 1.12
"""Height of a line of text and of the tallest row, in points; letters of ordinary text to a character of a column's width."""
_LINE = "#b1b4b6"
_LOOKS: Mapping[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "locked": True},
    "help": {"locked": True, "font_color": theme.MUTED},
    "words": {"text_wrap": True, "valign": "top", "locked": True},
    "strong": {"text_wrap": True, "valign": "top", "locked": True, "bold": True},
    "head": {"bold": True, "text_wrap": True, "valign": "top", "bg_color": theme.DARK_BLUE, "font_color": theme.PAPER},
    "shown": {"bg_color": theme.NOT_RATED_BACKGROUND, "text_wrap": True, "valign": "top", "border": 1, "border_color": _LINE},
    "example": {"italic": True, "bg_color": "#fff7d6", "text_wrap": True, "valign": "top", "border": 1, "border_color": _LINE},
    "unused": {"bg_color": "#c8ccd0", "border": 1, "border_color": _LINE},
    "text": {"locked": False, "text_wrap": True, "valign": "top", "num_format": "@", "border": 1, "border_color": _LINE},
    # Left as General: Excel then marks what is typed as 95% as a percentage, which intake can tell from 0.95.
    "number": {"locked": False, "align": "right", "valign": "top", "border": 1, "border_color": _LINE},
    "day": {"locked": False, "valign": "top", "num_format": "dd/mm/yyyy", "border": 1, "border_color": _LINE},
}
"""The formats of cells by what they are for."""
_FILL_LOOKS = {CellType.NUMBER: "number", CellType.DAY: "day"}


class _Book:
    """A workbook being written: its formats, and its rules, which are gathered and written once for all cells alike."""

    def __init__(self, stream: io.BytesIO) -> None:
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = xlsxwriter.Workbook(stream, options)
        self._formats: dict[str, Format] = {}

    def look(self, name: str, **more: Any) -> Format:
        """Return the format of a name in `_LOOKS`, with further properties."""
        key = f"{name}{sorted(more.items())}"
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"font_name": "Arial", "font_size": 11, **_LOOKS[name], **more})
        return self._formats[key]

    def sheet(self, name: str, title: str, help: str) -> Worksheet:
        """Add a sheet, protected without a password, with its title and a line of help."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.write_string(0, 0, title, self.look("title"))
        sheet.write_string(1, 0, help, self.look("help"))
        sheet.set_footer("&L&F&C&A&RPage &P of &N")
        return sheet


def workbook(asking: Asking, recipient: Recipient) -> bytes:
    """Return the workbook of one recipient."""
    asked, breakdowns, earlier = narrowed(asking, recipient)
    results = form_lines.results(asking, asked, earlier)
    parts = form_lines.breakdowns(asking, breakdowns)
    held = form_lines.earlier(asking, earlier, asked)
    stamp = Stamp(
        form=FORM,
        tool=f"kpireport {kpireport.__version__}",
        council=clean(asking.council.name),
        area=asking.council.area,
        quarter=str(asking.quarter),
        recipient=recipient.key,
        directorates=";".join(recipient.directorates),
        known_on=asking.known_on.isoformat(),
        rows=tuple(line.asks for line in [*results, *parts, *held]),
    )
    stream = io.BytesIO()
    book = _Book(stream)
    book.book.set_properties(
        {
            "title": f"Results for {asking.quarter}: {on_one_line(recipient.name)}",
            "author": on_one_line(asking.council.name),
            "created": datetime.combine(asking.known_on, datetime.min.time()),
        }
    )
    instructions = book.sheet(
        INSTRUCTIONS_SHEET,
        f"Results for {asking.quarter}: {on_one_line(recipient.name)}",
        f"{on_one_line(asking.council.name)}. Please return this workbook by {form_wording.weekday(asking.due_on)}.",
    )
    _write_instructions(book, instructions, asking, len(results), has_parts=bool(parts))
    kpi_ids = list(dict.fromkeys(asked["kpi_id"]))
    _write_table(book, RESULTS, results, asking, kpi_ids, example=form_wording.example(asking.quarter))
    if parts:
        _write_table(book, BREAKDOWNS, parts, asking, kpi_ids)
    _write_table(book, EARLIER, held, asking, kpi_ids)
    _write_sign_off(book, asking)
    hidden = book.book.add_worksheet(STAMP_SHEET)
    for number, cells in enumerate(stamp.cells()):
        for place, cell in enumerate(cells):
            if isinstance(cell, str):
                hidden.write_string(number, place, cell)
            else:
                hidden.write_number(number, place, cell)
    for number, kpi_id in enumerate(kpi_ids):
        hidden.write_string(f"{KPI_COLUMN}{number + 1}", kpi_id)
    hidden.protect("")
    hidden.very_hidden()
    book.book.close()
    return stream.getvalue()


def _write_instructions(book: _Book, sheet: Worksheet, asking: Asking, results: int, *, has_parts: bool) -> None:
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width)
    row = HEAD_ROW - 1
    for heads, lines in form_wording.instructions(asking, results, has_parts=has_parts):
        for place, head in enumerate(heads):
            sheet.write_string(row, place, head, book.look("head"))
        for number, (first, second) in enumerate(lines, start=row + 1):
            _set_height(sheet, number, [(first, WIDTHS[0]), (second, WIDTHS[1])])
            sheet.write_string(number, 0, first, book.look("strong"))
            sheet.write_string(number, 1, second, book.look("words"))
        row += len(lines) + 2
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def _write_table(
    book: _Book,
    form: FormSheet,
    lines: Sequence[Line],
    asking: Asking,
    kpi_ids: Sequence[str],
    example: Mapping[str, str | float | date] | None = None,
) -> None:
    """Write one table of the form with the rules of its cells."""
    sheet = book.sheet(form.name, form.title, form.help)
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(2 if form is RESULTS else 1, 0)
    sheet.freeze_panes(HEAD_ROW, 2)
    sheet.repeat_rows(HEAD_ROW - 1)
    sheet.repeat_columns(0, 1)
    _set_height(sheet, HEAD_ROW - 1, [(column.head, column.width) for column in form.columns])
    for place, column in enumerate(form.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(HEAD_ROW - 1, place, column.head, book.look("head"))
    if example is not None:
        _set_height(sheet, HEAD_ROW, [(str(example.get(column.name, "")), column.width) for column in form.columns])
        for place, column in enumerate(form.columns):
            shown = example.get(column.name, "")
            if isinstance(shown, date):
                look = book.look("example", num_format="dd/mm/yyyy")
                sheet.write_datetime(HEAD_ROW, place, datetime.combine(shown, datetime.min.time()), look)
            else:
                _write(sheet, HEAD_ROW, place, shown, book.look("example"))
    rules: dict[str, tuple[dict[str, Any], list[tuple[int, int]]]] = {}
    for line in lines:
        row = line.asks.row - 1
        _set_height(sheet, row, [(str(line.shown.get(column.name, "")), column.width) for column in form.columns])
        for place, column in enumerate(form.columns):
            if not _is_open(column, line.asks):
                shown = line.shown.get(column.name, "")
                if column.is_filled:
                    sheet.write_blank(row, place, None, book.look("unused"))
                elif isinstance(shown, float):
                    digits = line.decimals if column.name == "held_value" else 0
                    number = f"#,##0{'.' if digits else ''}{'0' * digits}" if float(shown).is_integer() or digits else "#,##0.###"
                    sheet.write_number(row, place, shown, book.look("shown", num_format=number, align="right"))
                else:
                    _write(sheet, row, place, shown, book.look("shown"))
                continue
            sheet.write_blank(row, place, None, book.look(_FILL_LOOKS.get(column.type, "text")))
            rule = _rule(column, line, asking, kpi_ids)
            rules.setdefault(repr(rule), (rule, []))[1].append((row, place))
    for rule, cells in rules.values():
        ranges = _ranges(cells)
        first = ranges[0]
        sheet.data_validation(*first, {**rule, "other_cells": [list(other) for other in ranges[1:]]})


def _set_height(sheet: Worksheet, row: int, cells: Iterable[tuple[str, float]]) -> None:
    """Make a row tall enough for its texts, each with its column's width: not every program does so by itself."""
    lines = max(sum(max(-(-len(part) // int(width * PER_LINE)), 1) for part in text.split("\n")) for text, width in cells)
    sheet.set_row(row, min(lines * LINE_HEIGHT + 3, TALLEST))


def _write(sheet: Worksheet, row: int, place: int, shown: object, look: Format) -> None:
    if isinstance(shown, float | int):
        sheet.write_number(row, place, shown, look)
    elif shown:
        sheet.write_string(row, place, str(shown), look)
    else:
        sheet.write_blank(row, place, None, look)


def _is_open(column: FormColumn, asks: FormRow) -> bool:
    """Return whether a cell is one to fill."""
    if asks.kind is RowKind.FREE and column.type in (CellType.KPI, CellType.PERIOD):
        return True
    if not column.is_filled:
        return False
    if column.name in COUNTS:
        return asks.has_counts
    return asks.has_commentary if column.name in COMMENTARY else True


def _rule(column: FormColumn, line: Line, asking: Asking, kpi_ids: Sequence[str]) -> dict[str, Any]:
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
        return {**said, **_days(first, last)}
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


def _days(first: date, last: date) -> dict[str, Any]:
    return {
        "validate": "date",
        "criteria": "between",
        "minimum": datetime.combine(first, datetime.min.time()),
        "maximum": datetime.combine(last, datetime.min.time()),
        "error_message": f"Type a day from {wording.day(first)} to {wording.day(last)}, such as {last:%d/%m/%Y}.",
    }


def _ranges(cells: Iterable[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Return the cells as ranges, each a run of cells below one another: first row, column, last row, column."""
    ranges: list[tuple[int, int, int, int]] = []
    for row, place in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        if ranges and ranges[-1][1] == place and ranges[-1][2] == row - 1:
            ranges[-1] = (*ranges[-1][:2], row, place)
        else:
            ranges.append((row, place, row, place))
    return ranges


def _write_sign_off(book: _Book, asking: Asking) -> None:
    sheet = book.sheet(SIGN_OFF_SHEET, "Sign-off", form_wording.SIGN_OFF_HELP)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 44)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    for name, (cell, type) in SIGN_OFF_CELLS.items():
        head = form_wording.SIGN_OFF[name]
        sheet.write_string(f"A{cell[1:]}", head, book.look("strong"))
        sheet.write_blank(cell, None, book.look(_FILL_LOOKS.get(type, "text")))
        said = {"input_title": head[:32], "error_title": "Not accepted"}
        if type is CellType.DAY:
            sheet.data_validation(cell, {**said, **_days(asking.quarter.start, asking.quarter.end + timedelta(days=366))})
        else:
            sheet.data_validation(
                cell, {**said, "validate": "length", "criteria": "<=", "value": 200, "error_message": "At most 200 characters."}
            )
