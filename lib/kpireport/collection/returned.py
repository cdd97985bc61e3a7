"""What a service returned, whatever its layout: rows of named cells, each with its place in the file, and nothing judged yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kpireport.collection.return_form import FormRow
from kpireport.errors import Finding
from kpireport.sources.grids import Cell
from kpireport.vocabulary import ReturnKind

RESULT = ("value", "numerator", "denominator", "absence")
"""The fields that make a result: a row in which all of them are empty returns none."""
COMMENTARY = ("reason", "action", "owner", "due_on")
FORMATS: Mapping[str, str] = {
    "kpi_id": "text",
    "kpi_name": "text",
    "area": "text",
    "group": "text",
    "period": "period",
    "value": "number",
    "numerator": "number",
    "denominator": "number",
    "maturity": "text",
    "absence": "text",
    "reason": "text",
    "action": "text",
    "owner": "text",
    "due_on": "day",
    "escalate": "text",
    "note": "text",
    "change_reason": "text",
    "producer": "text",
    "definition": "text",
    "unit": "text",
}
"""Every field that a return may have, and the format of its cells (see `kpireport.schemas`)."""


@dataclass(frozen=True)
class ReturnedRow:
    """One row of a return."""

    sheet: str
    row: int
    cells: Mapping[str, Cell]
    """By the names of `FORMATS`; a field that the layout does not have is missing."""
    asked: FormRow | None = None
    """What our workbook asks for in this row."""
    findings: tuple[Finding, ...] = ()
    """What is wrong with the row as a row: merged, hidden, or not the one that it was."""

    def text(self, field: str) -> str:
        """Return the text of a cell, "" where the layout has no such column."""
        cell = self.cells.get(field)
        return cell.text if cell else ""

    def address(self, field: str) -> str:
        """Return where a field stands; where the layout has no such column, where the value does."""
        cell = self.cells.get(field) or self.cells.get("value") or next(iter(self.cells.values()))
        return cell.address


@dataclass(frozen=True)
class Approval:
    """What the sheet `Sign-off` of our workbook says."""

    signed_by: str
    signed_on: str
    """ISO day."""


@dataclass(frozen=True)
class Return:
    """One file that a service sent."""

    file: str
    """Relative to the data folder."""
    content: bytes = field(repr=False)
    sha256: str
    kind: ReturnKind | None
    """None for a file that cannot be read."""
    sender: str
    directorates: tuple[str, ...] = ()
    """Codes of the directorates whose KPIs it may hold; empty for any."""
    rows: tuple[ReturnedRow, ...] = ()
    faults: tuple[Finding, ...] = ()
    """What is wrong with the file as a whole: nothing of it is taken in."""
    loose_faults: tuple[Finding, ...] = ()
    """What is wrong with cells that belong to no row."""
    questions: tuple[Finding, ...] = ()
    approval: Approval | None = None
    filled_by: str = ""
    """The post that filled it in, where it says so."""
