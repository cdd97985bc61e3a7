"""Make each returned row a claim: the result and the words that it gives, with every cell read for what it is or faulted.

Nothing is guessed: a cell is of its format to the letter. What a claim means for its KPI is looked at in `claim_checks`, and what
the record holds of it in `against_record`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kpireport.collection.return_form import ABSENCE_WORDS, MATURITY_WORDS, YES_NO_WORDS
from kpireport.collection.returned import COMMENTARY, FORMATS, Return, ReturnedRow
from kpireport.errors import Finding
from kpireport.sources import formats
from kpireport.sources.grids import Cell
from kpireport.sources.remedies import quoted
from kpireport.sources.tables import closest
from kpireport.sources.workbook import CellKind
from kpireport.vocabulary import ALL_PEOPLE, Maturity, ReturnKind

WORDS: Mapping[str, Mapping[str, str]] = {"maturity": MATURITY_WORDS, "absence": ABSENCE_WORDS, "escalate": YES_NO_WORDS}
"""Fields that hold a word of a list: the list's words, and the register's for each."""
LONGEST = 2000
"""The most characters of a text."""
COMPARED = ("definition", "unit", "kpi_name")
"""Fields that say nothing of the result: `claim_checks` compares them with the register."""


Place = tuple[str, str, int]
"""A row of a return: its file, sheet and row."""


@dataclass(frozen=True)
class Claim:
    """What one row gives."""

    file: str
    row: ReturnedRow
    kpi_id: str = ""
    area: str = ""
    group: str = ""
    period: str = ""
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    absence: str = ""
    maturity: str = Maturity.FINAL
    note: str = ""
    change_reason: str = ""
    producer: str = ""
    commentary: Mapping[str, str] | None = None
    """Reason, action, owner and due_on (ISO), where any of them is filled in."""
    escalate: str = ""
    faults: tuple[Finding, ...] = ()
    questions: tuple[Finding, ...] = ()

    @property
    def place(self) -> "Place":
        """Where it stands."""
        return self.file, self.row.sheet, self.row.row

    @property
    def key(self) -> tuple[str, str, str, str]:
        """The result that it is about."""
        return self.kpi_id, self.area, self.group, self.period

    @property
    def has_result(self) -> bool:
        """Whether it gives a value, or a reason why there is none."""
        return self.value is not None or bool(self.absence)

    @property
    def source_cell(self) -> str:
        """The cell of the value, or of the reason why there is none."""
        return self.row.address("absence" if self.absence and "absence" in self.row.cells else "value")

    @property
    def is_empty(self) -> bool:
        """Whether the row was left as it came."""
        return not (self.has_result or self.faults or self.commentary or self.escalate)

    def finding(self, field: str, found: str, expected: str, remedy: str) -> Finding:
        """Return a finding about one cell of the row."""
        return Finding(self.file, self.row.sheet, self.row.address(field), found, expected, remedy)

    def with_fault(self, field: str, found: str, expected: str, remedy: str) -> "Claim":
        """Return the claim with one more fault."""
        return replace(self, faults=(*self.faults, self.finding(field, found, expected, remedy)))

    def with_question(self, field: str, found: str, expected: str, remedy: str) -> "Claim":
        """Return the claim with one more question."""
        return replace(self, questions=(*self.questions, self.finding(field, found, expected, remedy)))


def of_row(row: ReturnedRow, returned: Return, *, area: str) -> Claim:
    """Return the claim of a row, with a fault for each cell that cannot be read. A row without an area is about `area`."""
    values: dict[str, Any] = {}
    faults = list(row.findings)
    bad = set()
    for field, cell in row.cells.items():
        if field in COMPARED or field not in FORMATS:
            continue
        values[field], fault = _read(returned, row, field, cell)
        if fault:
            faults.append(fault)
            bad.add(field)

    def word(field: str, otherwise: str = "") -> str:
        return str(values.get(field) or otherwise)

    said = {field: word(field) for field in COMMENTARY}
    asked = row.asked
    claim = Claim(
        file=returned.file,
        row=row,
        kpi_id=asked.kpi_id if asked and asked.kpi_id else word("kpi_id"),
        area=asked.area if asked else word("area", area),
        group=asked.group if asked else word("group", ALL_PEOPLE),
        period=asked.period if asked and asked.period else word("period"),
        value=values.get("value"),
        numerator=values.get("numerator"),
        denominator=values.get("denominator"),
        absence=word("absence"),
        maturity=word("maturity", Maturity.FINAL),
        note=word("note"),
        change_reason=word("change_reason"),
        producer=word("producer"),
        commentary=said if any(said.values()) else None,
        escalate=word("escalate"),
        faults=tuple(faults),
    )
    return _whole(claim, bad)


def _read(returned: Return, row: ReturnedRow, field: str, cell: Cell) -> tuple[Any, Finding | None]:
    """Return what a cell holds, or what is wrong with it."""

    def fault(found: str, expected: str, remedy: str) -> tuple[None, Finding]:
        return None, Finding(returned.file, row.sheet, cell.address, f"{field} {found}", expected, remedy)

    if cell.finding is not None:
        return None, cell.finding
    if cell.is_empty:
        return None, None
    value, wrong = formats.parse_cell(cell.text, cell.kind, FORMATS[field])
    if wrong is not None:
        return fault(wrong.found, wrong.expected, wrong.remedy)
    if FORMATS[field] == "number" and cell.kind is CellKind.TEXT and returned.kind is not ReturnKind.CSV:
        remedy = f"Set the cell's number format to General and type {cell.text} again."
        return fault(f"{quoted(cell.text)}, a number kept as text", "a number", remedy)
    if isinstance(value, str) and len(value) > LONGEST:
        return fault(f"of {len(value):,} characters", f"at most {LONGEST:,}", "Shorten it.")
    if field in WORDS and value not in (words := WORDS[field]).values():
        if value not in words:
            listed = list(words) if row.asked else list(words.values())
            meant = closest(str(value), listed)
            remedy = f'Write "{meant}".' if meant else "Choose one of the list."
            return fault(quoted(cell.text), f"one of {', '.join(listed)}", remedy)
        return words[str(value)], None
    return value, None


def _whole(claim: Claim, bad: set[str]) -> Claim:
    """Return the claim with faults for parts that are missing or contradict each other, so far as one row tells."""
    if claim.value is not None and claim.absence:
        found = f'absence "{claim.absence}" beside a value'
        claim = claim.with_fault("absence", found, "a value, or why there is none", "Clear one of the two.")
    has_counts = claim.numerator is not None or claim.denominator is not None
    if claim.absence and has_counts:
        claim = claim.with_fault("numerator", "counts beside a reason for absence", "no counts", "Clear them, or give the value.")
    has_maturity = claim.row.asked is not None and bool(claim.row.text("maturity"))
    if not claim.has_result and (has_counts or has_maturity) and not bad & {"value", "absence"}:
        found = f"value empty beside {'counts' if has_counts else 'a maturity'}"
        claim = claim.with_fault("value", found, "the value, or why there is none", "Fill in the value, or clear the rest.")
    for one, other in (("numerator", "denominator"), ("denominator", "numerator")):
        if getattr(claim, one) is not None and getattr(claim, other) is None and other not in bad:
            claim = claim.with_fault(other, f"{other} empty beside the {one}", "both or neither", f"Fill in the {other}.")
    return claim
