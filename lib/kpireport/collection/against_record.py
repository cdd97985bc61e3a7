"""Compare claims with the record and with one another: what is new, what revises, what is in already, and what contradicts.

Source: rating contract part 1: nothing is overwritten, a revision is a new vintage.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import pandas as pd

from kpireport.collection.claims import Claim
from kpireport.collection.return_form import RowKind
from kpireport.collection.returned import Return
from kpireport.vocabulary import Maturity


class Outcome(StrEnum):
    """What becomes of a row of a return."""

    TAKEN = "taken"
    """A first result, or a new vintage of one."""
    HELD = "held"
    """Taken in from this very file before."""
    SAME = "same"
    """The record has the same result already."""
    REFUSED = "refused"
    WORDS = "words"
    """It has commentary and no result."""
    EMPTY = "empty"
    """Nothing was filled in."""


@dataclass(frozen=True)
class Vintage:
    """One row of the record."""

    value: float | None
    numerator: float | None
    denominator: float | None
    absence: str
    maturity: str
    vintage: int
    received_on: pd.Timestamp
    source_file: str
    source_sheet: str
    source_cell: str
    source_sha256: str
    note: str

    @property
    def place(self) -> str:
        """Where it came from, in words."""
        return " ".join(part for part in (self.source_file or "the record", self.source_sheet, self.source_cell) if part)


Record = Mapping[tuple[str, str, str, str], Sequence[Vintage]]
"""The vintages of each result, oldest first, by KPI, area, group and period."""


@dataclass(frozen=True)
class Settled:
    """A claim and what becomes of it."""

    claim: Claim
    outcome: Outcome
    vintage: int = 1
    """Of a row that is taken in."""
    why: str = ""
    """Why it is refused, where that is not a fault of its own."""

    def refused(self, why: str = "") -> "Settled":
        """Return it refused."""
        return replace(self, outcome=Outcome.REFUSED, why=why)


def record_of(results: pd.DataFrame, kpi_ids: Iterable[str]) -> dict[tuple[str, str, str, str], list[Vintage]]:
    """Return the vintages that the results table holds of some KPIs."""
    names = ["kpi_id", "area", "group", "period", *Vintage.__dataclass_fields__]
    rows = results.loc[results["kpi_id"].isin(set(kpi_ids)), names].sort_values("vintage", kind="stable")
    found: dict[tuple[str, str, str, str], list[Vintage]] = {}
    for kpi_id, area, group, period, value, top, bottom, *rest in rows.itertuples(index=False, name=None):
        numbers: Any = [None if number != number else number for number in (value, top, bottom)]
        held = Vintage(*numbers, *rest)
        found.setdefault((kpi_id, area, group, period), []).append(held)
    return found


def settle(claim: Claim, returned: Return, record: Record, *, is_known: bool, senders: Mapping[str, str]) -> Settled:
    """Return what becomes of a claim, so far as the record and its own faults tell.

    Parameters
    ----------
    is_known
        Whether results were taken in from this very file before.
    senders
        Who sent each file that the returns table lists, by its SHA-256.
    """
    if claim.is_empty:
        return Settled(claim, Outcome.EMPTY)
    vintages = record.get(claim.key, ())
    if is_known and any(_is_from(one, claim, returned) or _is_same(one, claim) for one in vintages):
        return Settled(claim, Outcome.HELD)
    if claim.faults:
        return Settled(claim, Outcome.REFUSED)
    if not claim.has_result:
        return Settled(claim, Outcome.WORDS)
    if not vintages:
        if claim.row.asked is not None and claim.row.asked.kind is RowKind.EARLIER:
            remedy = "Ask for a new form: this one was made from another record."
            return Settled(
                claim.with_fault("value", "a correction of a result that is not in the record", "one", remedy), Outcome.REFUSED
            )
        return Settled(claim, Outcome.TAKEN)
    latest = vintages[-1]
    if _is_same(latest, claim):
        if latest.maturity == claim.maturity:
            if claim.note and claim.note != latest.note:
                found = "a note on a result that the record has already"
                claim = claim.with_question("note", found, "a new result", "The note was not taken in.")
            return Settled(claim, Outcome.SAME)
        if claim.maturity == Maturity.FINAL:
            return Settled(claim, Outcome.TAKEN, latest.vintage + 1)
    checked = _revision(claim, latest, returned, senders)
    return Settled(checked, Outcome.REFUSED if checked.faults else Outcome.TAKEN, latest.vintage + 1)


def _revision(claim: Claim, latest: Vintage, returned: Return, senders: Mapping[str, str]) -> Claim:
    """Return a claim that differs from the record, with a fault where it may not."""
    what = "absence" if claim.absence else "value"
    sender = senders.get(latest.source_sha256, returned.sender)
    if sender != returned.sender and not _is_same(latest, claim):
        found = f"{_figure(claim)}, where {sender} returned {_held(latest)} ({latest.place})"
        expected = "one service for each KPI and period"
        return claim.with_fault(what, found, expected, "Agree which of the two is right, and which service returns it.")
    if latest.maturity == Maturity.FINAL and claim.maturity == Maturity.PROVISIONAL:
        found = f"a provisional result, where the record has a final one ({_held(latest)}, {latest.place})"
        field = "maturity" if claim.row.text("maturity") else what
        return claim.with_fault(field, found, "a final result", "Choose Final, or leave the result as it is.")
    if _is_same(latest, claim) or (latest.value is None and claim.value is not None):
        return claim
    is_said = claim.change_reason or (claim.note and claim.note != latest.note)
    if not is_said:
        field = "change_reason" if "change_reason" in claim.row.cells else "note"
        where = "Say why it changed in that column." if field == "change_reason" else "Say in Note why it changed."
        found = f"{_figure(claim)}, where the record has {_held(latest)} ({latest.place}), and no reason for the change"
        return claim.with_fault(what, found, "the same result, or a reason", where)
    return claim


def contradictions(settled: Mapping[str, Sequence[Settled]]) -> dict[str, list[Settled]]:
    """Return the rows of each file with those refused that give a result which another row gives too.

    Rows of one file repeat each other; rows of two files are two services' word against each other. Neither is taken in.
    """
    givers: dict[tuple[str, str, str, str], list[Claim]] = {}
    for rows in settled.values():
        for one in rows:
            if _gives(one):
                givers.setdefault(one.claim.key, []).append(one.claim)
    return {file: [_contradicted(one, givers.get(one.claim.key, [])) for one in rows] for file, rows in settled.items()}


def _gives(one: Settled) -> bool:
    """Return whether a row gives a result, whether or not it can be taken in."""
    is_named = bool(one.claim.kpi_id and one.claim.period)
    return one.outcome is Outcome.TAKEN or (one.outcome is Outcome.REFUSED and one.claim.has_result and is_named)


def _contradicted(one: Settled, givers: Sequence[Claim]) -> Settled:
    claim = one.claim
    other = next((giver for giver in givers if giver.row is not claim.row), None)
    if other is None or not _gives(one):
        return one
    there = f"{other.row.sheet} {other.source_cell}".strip()
    figure = f"{_figure(claim)} for {claim.kpi_id}, {claim.period}"
    if other.file == claim.file:
        found, expected = f"{figure}, given again in {there}", "one row for each result"
        remedy = "Clear one of the two rows."
    else:
        found, expected = f"{figure}, also returned in {other.file} {there}", "one service for each KPI and period"
        remedy = "Agree which of the two is right, and take the other out of its file or the file out of the folder."
    return replace(one, claim=claim.with_fault("value", found, expected, remedy)).refused()


def whole_kpis(rows: Sequence[Settled]) -> list[Settled]:
    """Return the rows of a file with every row of a KPI refused of which one row has a fault: a KPI is taken in whole."""
    bad = {one.claim.kpi_id for one in rows if one.claim.faults and one.claim.kpi_id}
    return [
        one.refused(f"another row of {one.claim.kpi_id} has a fault")
        if one.claim.kpi_id in bad and one.outcome in (Outcome.TAKEN, Outcome.WORDS)
        else one
        for one in rows
    ]


def _is_from(held: Vintage, claim: Claim, returned: Return) -> bool:
    place = (returned.sha256, claim.row.sheet, claim.source_cell)
    return (held.source_sha256, held.source_sheet, held.source_cell) == place


def _is_same(held: Vintage, claim: Claim) -> bool:
    """Return whether the record has the result that a claim gives; counts that a claim leaves out do not make another one."""
    if held.value != claim.value or held.absence != claim.absence:
        return False
    if claim.numerator is None and claim.denominator is None:
        return True
    return (held.numerator, held.denominator) == (claim.numerator, claim.denominator)


def _figure(claim: Claim) -> str:
    return f"value {claim.value:.12g}" if claim.value is not None else f'absence "{claim.absence}"'


def _held(held: Vintage) -> str:
    return f"{held.value:.12g}" if held.value is not None else held.absence
