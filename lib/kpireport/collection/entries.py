"""What the answers to a quarter's returns write: the new rows of the record, and the tables as they then are.

One row of the record is one result taken in, with the cell that it came from. Words that replace earlier ones do so in their
place, and the earlier ones are kept in the table `replaced`.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from kpireport.collection import record
from kpireport.collection.against_record import Outcome, Settled
from kpireport.collection.answer import Answer
from kpireport.collection.claims import Claim, Place
from kpireport.collection.record import Row
from kpireport.collection.returned import COMMENTARY as WORDS
from kpireport.errors import Finding
from kpireport.periods import Period
from kpireport.sources.register import Contents
from kpireport.sources.tables import Table
from kpireport.vocabulary import YesNo

RESULTS, RETURNS, SIGN_OFFS = "register/results", "register/returns", "register/sign_offs"
COMMENTARY, ESCALATIONS, REPLACED = "commentary/commentary", "commentary/escalations", "commentary/replaced"


@dataclass(frozen=True)
class Entered:
    """The tables as they would be."""

    changed: Contents = field(repr=False)
    """The file and bytes of each table that changes, by the table's name."""
    results: tuple[Claim, ...] = ()
    """What the last rows of the record come from, in their order."""
    words: Mapping[str, Claim] = field(default_factory=dict)
    """What a KPI's words come from."""
    questions: Mapping[Place, tuple[Finding, ...]] = field(default_factory=dict)
    """What is asked about rows whose words were not taken in."""


def of(
    answers: Sequence[Answer], tables: Mapping[str, Table], contents: Contents, *, quarter: Period, producer: str, moment: str
) -> Entered:
    """Return what the answers write.

    Parameters
    ----------
    producer
        The producer of the figures where a return does not say it.
    moment
        When the results reach the record (UTC).

    Raises
    ------
    ParameterError
        When a table to which a row is to be added is a workbook.
    """
    added: dict[str, list[Row]] = {name: [] for name in (RESULTS, COMMENTARY, ESCALATIONS, REPLACED, RETURNS, SIGN_OFFS)}
    edits: dict[str, Row] = {}
    taken: list[Claim] = []
    words: dict[str, Claim] = {}
    questions: dict[Place, tuple[Finding, ...]] = {}
    for answer in answers:
        has_words = False
        for one in answer.rows:
            if one.outcome is Outcome.TAKEN:
                added[RESULTS].append(_result(answer, one, producer, moment))
                taken.append(one.claim)
            if one.claim.commentary is None and not one.claim.escalate:
                continue
            if one.outcome is Outcome.TAKEN or (one.outcome in (Outcome.SAME, Outcome.WORDS) and not answer.is_known):
                if one.claim.kpi_id in words:
                    other = words[one.claim.kpi_id]
                    found = f"words about {one.claim.kpi_id}, given also in {other.file} {other.row.address('reason')}"
                    asked = one.claim.finding("reason", found, "one return for each KPI", "These words were not taken in.")
                    questions[one.claim.place] = (asked,)
                    continue
                words[one.claim.kpi_id] = one.claim
                is_changed, asked_about = _words(answer, one, tables, added, edits, quarter=quarter, moment=moment)
                has_words |= is_changed
                if asked_about:
                    questions[one.claim.place] = asked_about
        if row := _return(answer, has_words=has_words, quarter=quarter, moment=moment):
            added[RETURNS].append(row)
        added[SIGN_OFFS] += _sign_offs(answer, tables, quarter)
    changed = {name: record.with_rows(contents, name, rows) for name, rows in added.items() if rows}
    if edits:
        changed[COMMENTARY] = _edited(changed.get(COMMENTARY) or record.with_rows(contents, COMMENTARY, []), edits, str(quarter))
    return Entered(changed, tuple(taken), words, questions)


def _result(answer: Answer, one: Settled, producer: str, moment: str) -> Row:
    claim = one.claim
    return {
        "kpi_id": claim.kpi_id,
        "area": claim.area,
        "group": claim.group,
        "period": claim.period,
        **{name: digits(getattr(claim, name)) for name in ("value", "numerator", "denominator")},
        "absence": claim.absence,
        "maturity": claim.maturity,
        "vintage": str(one.vintage),
        "received_on": moment[:10],
        "producer": claim.producer or producer,
        "source_file": answer.returned.file,
        "source_sheet": claim.row.sheet,
        "source_cell": claim.source_cell,
        "source_sha256": answer.returned.sha256,
        "note": " ".join(part for part in (claim.change_reason, claim.note) if part),
    }


def digits(number: float | None) -> str:
    """Return a number as the record writes it: its shortest digits, which read back as the same number."""
    return "" if number is None else np.format_float_positional(number, unique=True, trim="-")


def _words(
    answer: Answer,
    one: Settled,
    tables: Mapping[str, Table],
    added: dict[str, list[Row]],
    edits: dict[str, Row],
    *,
    quarter: Period,
    moment: str,
) -> tuple[bool, tuple[Finding, ...]]:
    """Add what a row says to the tables being made; return whether it says anything new, and what is asked about it."""
    claim, is_new = one.claim, False
    said = {name: text for name, text in (claim.commentary or {}).items() if text}
    spoken = tables["commentary"].frame
    held = spoken[spoken["quarter"].eq(str(quarter)) & spoken["kpi_id"].eq(claim.kpi_id)]
    if said and held.empty:
        added[COMMENTARY].append({"quarter": str(quarter), "kpi_id": claim.kpi_id, **said})
        is_new = True
    elif said:
        before = {name: _held_text(held.iloc[0][name]) for name in WORDS}
        different = {name: text for name, text in said.items() if text != before[name]}
        added[REPLACED] += [
            {
                "quarter": str(quarter),
                "kpi_id": claim.kpi_id,
                "column": name,
                "words": before[name],
                "replaced_at": moment,
                "replaced_by": answer.returned.file,
            }
            for name in different
            if before[name]
        ]
        if different:
            edits[claim.kpi_id] = different
            is_new = True
    raised = tables["escalations"].frame
    standing = raised[raised["quarter"].eq(str(quarter)) & raised["kpi_id"].eq(claim.kpi_id)]
    if claim.escalate == YesNo.YES and standing.empty:
        added[ESCALATIONS].append(_escalation(answer, one, tables, quarter))
        return True, ()
    if claim.escalate and not standing.empty:
        matter = str(standing.iloc[0]["matter"])
        if claim.escalate == YesNo.NO or said.get("reason", matter) != matter:
            found = f'escalate "{claim.escalate}", where the escalations table has "{matter[:60]}"'
            remedy = "The table was left as it is; change it there if the matter has changed."
            return is_new, (claim.finding("escalate", found, "the matter as it was", remedy),)
    return is_new, ()


def _held_text(cell: object) -> str:
    return "" if cell != cell else str(cell)[:10] if hasattr(cell, "year") else str(cell)


def _escalation(answer: Answer, one: Settled, tables: Mapping[str, Table], quarter: Period) -> Row:
    """Return the matter that a service escalates: its reason is the matter, and its action is what the team is asked to note."""
    kpis, said = tables["kpis"].frame, one.claim.commentary or {}
    directorate = str(kpis.loc[kpis["kpi_id"].eq(one.claim.kpi_id), "directorate"].iloc[0])
    return {
        "quarter": str(quarter),
        "directorate": directorate,
        "kpi_id": one.claim.kpi_id,
        "matter": said["reason"],
        "request": f"To note the action: {said['action']}",
        "raised_by": answer.returned.filled_by or said["owner"],
    }


def _return(answer: Answer, *, has_words: bool, quarter: Period, moment: str) -> Row | None:
    """Return the row of the returns table for a file that gives something, or that has nothing new and no fault."""
    taken, refused = len(answer.of(Outcome.TAKEN)), len(answer.of(Outcome.REFUSED))
    is_filled = any(one.outcome is not Outcome.EMPTY for one in answer.rows)
    if answer.returned.kind is None or not (taken or has_words or (not answer.is_known and is_filled and not refused)):
        return None
    return {
        "quarter": str(quarter),
        "file": answer.returned.file,
        "sha256": answer.returned.sha256,
        "kind": str(answer.returned.kind),
        "sender": answer.returned.sender,
        "received_at": moment,
        "rows_taken": str(taken),
        "rows_refused": str(refused),
    }


def _sign_offs(answer: Answer, tables: Mapping[str, Table], quarter: Period) -> list[Row]:
    """Return the approvals that a return itself carries: of each directorate whose results came from it, once it is whole."""
    approval, returned = answer.returned.approval, answer.returned
    if approval is None or answer.faults or not answer.of(Outcome.TAKEN, Outcome.HELD):
        return []
    kpis = tables["kpis"].frame
    owners = dict(zip(kpis["kpi_id"], kpis["directorate"], strict=True))
    signed = tables["sign_offs"].frame
    done = set(signed.loc[signed["sha256"].eq(returned.sha256) & signed["quarter"].eq(str(quarter)), "directorate"])
    given = sorted({owners[one.claim.kpi_id] for one in answer.of(Outcome.TAKEN, Outcome.HELD)} - done)
    return [
        {
            "quarter": str(quarter),
            "directorate": directorate,
            "signed_by": approval.signed_by,
            "signed_on": approval.signed_on,
            "file": returned.file,
            "sha256": returned.sha256,
        }
        for directorate in given
    ]


def _edited(table: tuple[str, bytes], edits: Mapping[str, Row], quarter: str) -> tuple[str, bytes]:
    """Return a table with some cells of some KPIs' rows of the quarter replaced; every other row keeps its bytes."""
    file, content = table
    columns, end = record.heads(content), record.line_end(content)
    first, *lines = record.lines_of(content)
    for number, line in enumerate(lines):
        cells = next(csv.reader([line]), [])
        row = dict(zip(columns, cells, strict=False))
        if row.get("quarter") == quarter and row.get("kpi_id") in edits:
            lines[number] = record.as_csv(columns, [{**row, **edits[row["kpi_id"]]}], end)
    return file, "".join([first, *lines]).encode("utf-8")
