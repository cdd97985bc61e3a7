"""Lead what reports could not read, or doubt, of the record as it would be back to the cells of the returns that give it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpireport.collection.claims import Claim, Place
from kpireport.collection.entries import Entered
from kpireport.errors import DataError, Finding
from kpireport.sources import workbook
from kpireport.sources.tables import Table

FIELDS = {"matter": "reason", "request": "action", "raised_by": "owner", "maturity": "maturity"}
"""The cell of a return from which a column of another name comes."""


@dataclass(frozen=True)
class Blame:
    """What reports could not read of the tables as they would be (faults), or doubt (questions), by the row that gives it."""

    faults: Mapping[Place, tuple[Finding, ...]]
    questions: Mapping[Place, tuple[Finding, ...]]


def of(entered: Entered, read: Mapping[str, Table], faults: Sequence[Finding], warnings: Sequence[Finding]) -> Blame:
    """Return to which rows of returns the faults and the warnings of the new tables go back.

    A fault of an earlier row of the record, which shows only beside a new one, goes back to the new rows of its series.

    Raises
    ------
    DataError
        With the faults that go back to none: then nothing can be taken in.
    """
    blamed: dict[Place, tuple[Finding, ...]] = {}
    lost: list[Finding] = []
    for fault in faults:
        found = _to_blame(entered, read, fault, is_fault=True)
        lost += [] if found else [fault]
        for place, finding in found:
            blamed[place] = (*blamed.get(place, ()), finding)
    if lost:
        raise DataError(lost)
    asked = dict(entered.questions)
    for warning in warnings:
        for place, finding in _to_blame(entered, read, warning, is_fault=False):
            asked[place] = (*asked.get(place, ()), finding)
    return Blame(blamed, asked)


def _to_blame(entered: Entered, read: Mapping[str, Table], finding: Finding, *, is_fault: bool) -> list[tuple[Place, Finding]]:
    word = next((word for word, table in read.items() if table.file == finding.file), "")
    if not word or not finding.cell:
        return []
    row, column = workbook.place(finding.cell)
    name = next((name for name, position in read[word].positions.items() if position == column), "")
    field_name = FIELDS.get(name, name)

    def said(claim: Claim, words: str) -> tuple[Place, Finding]:
        return claim.place, claim.finding(field_name, words, finding.expected, finding.remedy)

    frame = read[word].frame
    if word in ("commentary", "escalations"):
        claim = entered.words.get(str(frame.loc[row, "kpi_id"]))
        return [said(claim, finding.found)] if claim else []
    if word != "results":
        return []
    new = dict(zip(frame.index[len(frame) - len(entered.results) :], entered.results, strict=True))
    if row in new:
        return [said(new[row], finding.found)]
    wanted = tuple(frame.loc[row, ["kpi_id", "area", "group"]])
    words = f"{finding.found} (row {row} of the record), once this result is in"
    return [said(claim, words) for claim in new.values() if claim.key[:3] == wanted] if is_fault else []
