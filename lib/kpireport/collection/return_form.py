"""The layout of the return workbook: what `requests` writes and `intake` reads.

A return workbook has these sheets, in this order:

==================  ============================================================================================
`Instructions`      what to do, by when; nothing is filled in here
`Results`           one row is one KPI and period asked for; the first row of the table is an example
`Wards and groups`  one row is one KPI, area, group and period asked for; left out when nothing of the kind is asked
`Earlier results`   one row is one earlier result as the record holds it, to be corrected where it has changed; the
                    last `FREE_ROWS` rows are free for results that are not listed
`Sign-off`          who filled it in, and who approved it
`stamp`             hidden: which form this is, and what each row asks for (`Stamp`)
==================  ============================================================================================

Each table has its title in row 1, a line of help in row 2, its heads in `HEAD_ROW` and its rows from `first_row`. A cell to fill
is unlocked; every other cell is locked, and each sheet is protected without a password. A cell that a row has no use for
(numerator and denominator of a KPI that has none, commentary on an older period) is locked and holds nothing.

The stamp is what intake goes by: `Stamp.rows` says of each row to be read which result it is for. A file whose cells for KPI and
period no longer say what the stamp says of that row has been sorted, cut or pasted over; `Stamp.digest` shows whether the stamp
itself is as it was written.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kpireport import periods
from kpireport.vocabulary import Absence, Maturity, YesNo

FORM = "kpireport-return-1"
"""Name and version of this layout, the first field of the stamp. Intake reads no other."""
HEAD_ROW = 3
"""The row of the heads in every table, counted from 1."""
FREE_ROWS = 6
"""How many rows of `Earlier results` are free."""
EXAMPLE = "Example"
"""What stands for the KPI's identifier in the example row, which is no result."""


class CellType(StrEnum):
    """What a cell holds once it is filled."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MATURITY = "maturity"
    """One of `MATURITY_WORDS`."""
    ABSENCE = "absence"
    """One of `ABSENCE_WORDS`."""
    YES_NO = "yes_no"
    """One of `YES_NO_WORDS`."""
    KPI = "kpi"
    """The identifier of one of the form's KPIs; in free rows only."""
    PERIOD = "period"
    """A period as the register writes it; in free rows only."""


def _words(words: type[StrEnum]) -> dict[str, str]:
    return {str(word).replace("_", " ").capitalize(): str(word) for word in words}


MATURITY_WORDS: Mapping[str, str] = _words(Maturity)
"""The register's word for each word of the list in the workbook: {"Provisional": "provisional", "Final": "final"}."""
ABSENCE_WORDS: Mapping[str, str] = _words(Absence)
"""{"Not published": "not_published", "Suppressed": ..., "Not applicable": ..., "Not available": ...}."""
YES_NO_WORDS: Mapping[str, str] = _words(YesNo)
"""{"Yes": "yes", "No": "no"}."""
LISTS: Mapping[CellType, tuple[str, ...]] = {
    CellType.MATURITY: tuple(MATURITY_WORDS),
    CellType.ABSENCE: tuple(ABSENCE_WORDS),
    CellType.YES_NO: tuple(YES_NO_WORDS),
}
"""What may be chosen in a cell of each type that has a list."""


@dataclass(frozen=True)
class FormColumn:
    """A column of a table of the form."""

    name: str
    """What code calls it."""
    head: str
    """What stands in `HEAD_ROW`."""
    width: float
    """In characters."""
    type: CellType = CellType.TEXT
    is_filled: bool = False
    """Whether the service fills it in; otherwise it is locked and ours."""
    help: str = ""
    """What Excel says beside a cell to fill, at most 255 characters."""


@dataclass(frozen=True)
class FormSheet:
    """A table of the form, on a sheet of its own."""

    name: str
    title: str
    help: str
    first_row: int
    """The first row that asks for something, counted from 1; in `Results` the example stands above it."""
    columns: tuple[FormColumn, ...]

    def position(self, name: str) -> int:
        """Return the place of a column, counted from 0."""
        return [column.name for column in self.columns].index(name)

    def address(self, name: str, row: int) -> str:
        """Return the A1 address of a cell; no table is wider than 26 columns."""
        return f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[self.position(name)]}{row}"


def _fill(name: str, head: str, width: float, type: CellType, help: str) -> FormColumn:
    return FormColumn(name, head, width, type, is_filled=True, help=help)


_KPI = FormColumn("kpi_id", "KPI", 10)
_NAME = FormColumn("kpi_name", "Name", 30)
_UNIT = FormColumn("unit", "Unit", 11)
_COUNTS = (
    _fill("numerator", "Numerator", 13, CellType.NUMBER, "What is counted: a number, before it is divided."),
    _fill("denominator", "Denominator", 13, CellType.NUMBER, "What it is counted over: a number."),
)
_MATURITY = _fill(
    "maturity", "Provisional or final", 13, CellType.MATURITY, "Provisional while it may still change. Left empty, it is final."
)
_ABSENCE = _fill("absence", "Why there is no value", 16, CellType.ABSENCE, "Only when Value is empty: choose the reason.")
_NOTE = _fill("note", "Note", 28, CellType.TEXT, "Anything that a reader of the figure should know.")

RESULTS = FormSheet(
    name="Results",
    title="Results asked for",
    help="Fill in the white cells. Give a value, or say why there is none. Grey cells are for reading.",
    first_row=HEAD_ROW + 2,
    columns=(
        _KPI,
        _NAME,
        FormColumn("definition", "Definition", 44),
        _UNIT,
        FormColumn("last_results", "Last four results", 30),
        FormColumn("target", "Target", 18),
        FormColumn("asked", "Why it is asked for", 12),
        FormColumn("period", "Period asked for", 16),
        _fill("value", "Value", 13, CellType.NUMBER, "The result, in the unit beside it: a number without the unit."),
        *_COUNTS,
        _MATURITY,
        _ABSENCE,
        _fill("reason", "Commentary: reason", 36, CellType.TEXT, "Why the result is as it is."),
        _fill("action", "Commentary: action", 36, CellType.TEXT, "What is being done."),
        _fill("owner", "Commentary: owner", 24, CellType.TEXT, "The post that owns the action; no person's name."),
        _fill("due_on", "Commentary: date", 14, CellType.DAY, "The day by which the action is to be done, such as 31/03/2025."),
        _fill("escalate", "Escalate to the Corporate Leadership Team", 16, CellType.YES_NO, "Yes or No."),
        _NOTE,
    ),
)
BREAKDOWNS = FormSheet(
    name="Wards and groups",
    title="The same results for wards and groups of people",
    help="Fill in what you hold, by the same rules; leave the rest empty. Grey cells are for reading.",
    first_row=HEAD_ROW + 1,
    columns=(
        _KPI,
        _NAME,
        FormColumn("area_name", "Area", 24),
        FormColumn("area", "Area code", 12),
        FormColumn("group", "Group", 20),
        _UNIT,
        FormColumn("last_results", "Last result", 22),
        FormColumn("period", "Period asked for", 16),
        _fill("value", "Value", 13, CellType.NUMBER, "The result, in the unit beside it: a number without the unit."),
        *_COUNTS,
        _MATURITY,
        _ABSENCE,
        _NOTE,
    ),
)
EARLIER = FormSheet(
    name="Earlier results",
    title="Earlier results, as the record holds them",
    help="Only where a result has changed: fill in the new value and say why. Leave everything else empty.",
    first_row=HEAD_ROW + 1,
    columns=(
        FormColumn("kpi_id", "KPI", 10, CellType.KPI, help="In the free rows below: choose the KPI."),
        _NAME,
        _UNIT,
        FormColumn("period", "Period", 18, CellType.PERIOD, help="In the free rows below: written as above."),
        FormColumn("held_value", "Value in the record", 13, CellType.NUMBER),
        FormColumn("held_numerator", "Numerator in the record", 13, CellType.NUMBER),
        FormColumn("held_denominator", "Denominator in the record", 13, CellType.NUMBER),
        FormColumn("held_words", "In words", 22),
        _fill("value", "New value", 13, CellType.NUMBER, "The corrected result, in the unit: a number without the unit."),
        _fill("numerator", "New numerator", 13, CellType.NUMBER, "With the new value, where there is one."),
        _fill("denominator", "New denominator", 13, CellType.NUMBER, "With the new value, where there is one."),
        _MATURITY,
        _fill("change_reason", "Reason for the change", 44, CellType.TEXT, "Why the result changed. A new value needs one."),
    ),
)
TABLES: Mapping[str, FormSheet] = {sheet.name: sheet for sheet in (RESULTS, BREAKDOWNS, EARLIER)}
"""The tables of a form by the name of their sheet; `Wards and groups` may be missing."""

INSTRUCTIONS_SHEET = "Instructions"
SIGN_OFF_SHEET = "Sign-off"
SIGN_OFF_CELLS: Mapping[str, tuple[str, CellType]] = {
    "sender": ("B3", CellType.TEXT),
    "sent_on": ("B4", CellType.DAY),
    "signed_by": ("B5", CellType.TEXT),
    "signed_on": ("B6", CellType.DAY),
}
"""The cells of `Sign-off`: who filled it in and when, and who approved it for the directorate and when. All may be empty."""


class RowKind(StrEnum):
    """Why a row is on the form."""

    DUE = "due"
    """`Results` and `Wards and groups`: the result fell due in the quarter."""
    AWAITED = "awaited"
    """`Results`: it fell due in an earlier quarter, and is not in."""
    EARLIER = "earlier"
    """`Earlier results`: the record holds it; a value in it is a correction."""
    FREE = "free"
    """`Earlier results`: the service names KPI and period itself; `kpi_id` and `period` of the stamp are ""."""


@dataclass(frozen=True)
class FormRow:
    """What one row of a form asks for."""

    sheet: str
    row: int
    """Counted from 1."""
    kind: RowKind
    kpi_id: str
    area: str
    group: str
    period: str
    has_counts: bool
    """Whether numerator and denominator are asked for."""
    has_commentary: bool
    """Whether reason, action, owner, date and escalation are asked for: once for each KPI, on its latest period."""


STAMP_SHEET = "stamp"
STAMP_FIELDS = ("form", "tool", "council", "area", "quarter", "recipient", "directorates", "known_on")
"""The rows of the stamp, from row 1: the name in column A, the value (text) in column B. The digest follows them."""
STAMP_HEADS = ("sheet", "row", "kind", "kpi_id", "area", "group", "period", "has_counts", "has_commentary")
"""The heads of the stamp's table of rows, two rows below the digest; booleans are written yes and no."""
STAMP_HEAD_ROW = len(STAMP_FIELDS) + 3


@dataclass(frozen=True)
class Stamp:
    """Which form a workbook is, and what its rows ask for."""

    form: str
    """`FORM`."""
    tool: str
    """Name and version of what wrote it, such as kpireport 0.1.0."""
    council: str
    area: str
    """The council's own area (GSS code)."""
    quarter: str
    """The quarter collected, such as 2024-25 Q2."""
    recipient: str
    """For whom it was made: a directorate's code, or the contact as the register names it."""
    directorates: str
    """Codes of the directorates whose KPIs are on it, parted by semicolons."""
    known_on: str
    """The last day (ISO) whose results it takes as in."""
    rows: tuple[FormRow, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the fields and the rows."""
        text = json.dumps([[getattr(self, name) for name in STAMP_FIELDS], *map(_cells_of, self.rows)], ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    def cells(self) -> list[list[str | int]]:
        """Return the cells of the stamp's sheet, from A1; `read_stamp` is the inverse."""
        fields: list[list[str | int]] = [[name, str(getattr(self, name))] for name in STAMP_FIELDS]
        return [*fields, ["digest", self.digest], [], [*STAMP_HEADS], *map(_cells_of, self.rows)]


def _cells_of(row: FormRow) -> list[str | int]:
    flags = [str(YesNo.YES if flag else YesNo.NO) for flag in (row.has_counts, row.has_commentary)]
    return [row.sheet, row.row, str(row.kind), row.kpi_id, row.area, row.group, row.period, *flags]


def read_stamp(cells: Sequence[Sequence[object]]) -> Stamp:
    """Return the stamp that the cells of its sheet hold, from A1; cells that are empty may be None, "" or missing.

    Raises
    ------
    ValueError
        With a sentence that says what is wrong: it is no stamp, one of another layout, or not as it was written.
    """
    lines = [[_text(cell) for cell in line[: len(STAMP_HEADS)]] for line in cells]
    fields = {line[0]: line[1] if len(line) > 1 else "" for line in lines[: STAMP_HEAD_ROW - 1] if line and line[0]}
    if fields.get("form", "") != FORM:
        raise ValueError(f'the stamp is of layout "{fields.get("form", "")}", not {FORM}')
    if missing := [name for name in STAMP_FIELDS if name not in fields]:
        raise ValueError(f"the stamp lacks {', '.join(missing)}")
    try:
        rows = tuple(map(_row_of, (line for line in lines[STAMP_HEAD_ROW:] if any(line))))
    except (ValueError, IndexError):
        raise ValueError("a row of the stamp cannot be read") from None
    stamp = Stamp(**{name: fields[name] for name in STAMP_FIELDS}, rows=rows)
    if stamp.digest != fields.get("digest", ""):
        raise ValueError("the stamp is not as it was written")
    return stamp


def _row_of(line: Sequence[str]) -> FormRow:
    sheet, row, kind, kpi_id, area, group, period, counts, commentary = (*line, *[""] * 9)[:9]
    flags = (YesNo(counts) is YesNo.YES, YesNo(commentary) is YesNo.YES)
    if not re.fullmatch(r"[1-9][0-9]{0,5}", row) or (period and str(periods.parse(period)) != period):
        raise ValueError(row)
    return FormRow(sheet, int(row), RowKind(kind), kpi_id, area, group, period, *flags)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


LARGEST = 1e12
"""No number is larger than this."""


def limits(unit: str, values: Iterable[float]) -> tuple[float, float]:
    """Return the least and the greatest value that a cell accepts, given the unit and the KPI's values so far.

    A percentage lies between 0 and 100 unless the KPI has had one beyond; any other value is at most a thousand times the
    greatest so far, and below 0 only where the KPI has been.
    """
    known = [value for value in values if value == value]
    least, most = min(known, default=0.0), max(map(abs, known), default=0.0)
    if unit == "%" and least >= 0 and most <= 100:
        return 0.0, 100.0
    high = LARGEST if most == 0 else min(1000 * most, LARGEST)
    return (-high if least < 0 else 0.0), high


COUNT_LIMITS = (0.0, LARGEST)
"""The least and the greatest numerator and denominator."""
