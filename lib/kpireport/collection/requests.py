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
from kpireport.collection import form_lines, form_rules, form_wording
from kpireport.collection.asking import Asking, narrowed
from kpireport.collection.contacts import Recipient
from kpireport.collection.form_lines import Line, on_one_line
from kpireport.collection.return_form import (
    BREAKDOWNS,
    EARLIER,
    FORM,
    HEAD_ROW,
    INSTRUCTIONS_SHEET,
    RESULTS,
    SIGN_OFF_CELLS,
    SIGN_OFF_SHEET,
    STAMP_SHEET,
    CellType,
    FormSheet,
    Stamp,
)
from kpireport.presentation import theme
from kpireport.presentation.markup import clean

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
    "number": {"locked": False, "align": "right", "indent": 1, "valign": "top", "border": 1, "border_color": _LINE},
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
        hidden.write_string(f"{form_rules.KPI_COLUMN}{number + 1}", kpi_id)
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
            if not form_rules.is_open(column, line.asks):
                shown = line.shown.get(column.name, "")
                if column.is_filled:
                    sheet.write_blank(row, place, None, book.look("unused"))
                elif isinstance(shown, float):
                    digits = line.decimals if column.name == "held_value" else 0
                    number = f"#,##0{'.' if digits else ''}{'0' * digits}" if float(shown).is_integer() or digits else "#,##0.###"
                    sheet.write_number(row, place, shown, book.look("shown", num_format=number, align="right", indent=1))
                else:
                    _write(sheet, row, place, shown, book.look("shown"))
                continue
            sheet.write_blank(row, place, None, book.look(_FILL_LOOKS.get(column.type, "text")))
            rule = form_rules.rule(column, line, asking, kpi_ids)
            rules.setdefault(repr(rule), (rule, []))[1].append((row, place))
    for rule, cells in rules.values():
        ranges = form_rules.ranges(cells)
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
            sheet.data_validation(
                cell, {**said, **form_rules.days(asking.quarter.start, asking.quarter.end + timedelta(days=366))}
            )
        else:
            sheet.data_validation(
                cell, {**said, "validate": "length", "criteria": "<=", "value": 200, "error_message": "At most 200 characters."}
            )
