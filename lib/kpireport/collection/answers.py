"""What the answers to a quarter's returns say: a page for each return, and the page that lists them."""

import hashlib
import re
from collections.abc import Collection, Sequence
from datetime import datetime
from urllib.parse import quote

from kpireport.collection.against_record import Outcome, Settled
from kpireport.collection.answer import Answer
from kpireport.collection.intake import MOMENT, Intake
from kpireport.collection.marked_copy import mark_confined
from kpireport.collection.return_form import RowKind
from kpireport.errors import Finding
from kpireport.presentation import wording
from kpireport.presentation.blocks import Block
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import bullets, heading, lines, paragraph, quiet, words
from kpireport.vocabulary import ALL_PEOPLE, ReturnKind

MOST = 500
"""How many rows of a table a page shows."""
LONGEST = 80
"""Characters of the name of an answer's files."""
_NOT_PLAIN = re.compile("[^A-Za-z0-9._ -]+")
_STATES = {
    Outcome.TAKEN: "taken in",
    Outcome.HELD: "in the record since this return was first taken in",
    Outcome.SAME: "in the record already, unchanged",
    Outcome.REFUSED: "not taken in",
}


def stem(answer: Answer, intake: Intake) -> str:
    """Return the name of an answer's files, without their ending: that of the return, as short as it can be told apart.

    Of a name that holds more than letters, digits and the like, which a shell or a link could take for something else, only those
    are left, with a digest of it that tells it from others.
    """
    name = _told_apart(answer, intake)
    plain = _NOT_PLAIN.sub("-", name).strip(" .-")[:LONGEST]
    return name if name == plain else f"{plain or 'return'}-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _told_apart(answer: Answer, intake: Intake) -> str:
    name = answer.returned.file.rsplit("/", 1)[-1]
    short = name.rsplit(".", 1)[0]
    names = [other.returned.file.rsplit("/", 1)[-1] for other in intake.answers]
    if [other.rsplit(".", 1)[0] for other in names].count(short) == 1:
        return short
    if names.count(name) == 1:
        return name.replace(".", "-")
    return answer.returned.file.replace("/", "-").replace(".", "-")


def marked(answer: Answer) -> bytes | None:
    """Return the marked copy of a returned workbook; None when there is no fault to mark, or nothing to mark it in."""
    returned = answer.returned
    # A file that could not be opened to be read is not opened to be marked.
    is_open = returned.kind is not None or any(fault.sheet or "form" in fault.expected for fault in returned.faults)
    if not (returned.file.lower().endswith(".xlsx") and answer.faults and is_open):
        return None
    return mark_confined(returned.content, answer.faults, answer.questions)


def page(answer: Answer) -> list[Block]:
    """Return what the page of one return says, in order."""
    blocks = [paragraph(words(_summary(answer)), kind="lead")]
    if answer.received_at and answer.returned.sha256:
        received = datetime.strptime(answer.received_at, MOMENT)
        when = f"{wording.day(received.date())} at {received:%H:%M} (UTC)"
        first = "First taken in" if answer.is_known else "Received"
        blocks.append(paragraph(words(f"{first} on {when}. SHA-256: {answer.returned.sha256}."), kind="quiet"))
    if answer.faults:
        blocks += [
            heading(2, words("To put right"), "to-put-right"),
            paragraph(words("Correct these cells in the file that was sent, and return it again. Nothing was changed in it.")),
            _findings("Faults", answer.faults),
        ]
    if answer.questions:
        blocks += [
            heading(2, words("To confirm"), "to-confirm"),
            paragraph(
                words("These do not keep a result out of the record. Look at each; a correction is returned like any other.")
            ),
            _findings("Questions", answer.questions),
        ]
    for outcome, head in (
        (Outcome.TAKEN, "Taken in"),
        (Outcome.HELD, "Taken in before"),
        (Outcome.SAME, "In the record already"),
    ):
        if rows := answer.of(outcome):
            blocks += [heading(2, words(head), str(outcome)), _results(head, rows)]
    if refused := [one for one in answer.of(Outcome.REFUSED) if one.why]:
        listed = [words(f"{_name(one)}: {one.why}") for one in refused[:MOST]]
        blocks += [heading(2, words("Not taken in for another's sake"), "for-anothers-sake"), bullets(listed)]
    if empty := [one for one in answer.of(Outcome.EMPTY) if _is_asked(one)]:
        listed = [words(_name(one)) for one in empty[:MOST]]
        blocks += [heading(2, words("Without a result"), "without-a-result"), bullets(listed)]
    return blocks


def index(intake: Intake, copies: Collection[str] = ()) -> list[Block]:
    """Return what the page that lists the answers says; `copies` are the stems of those with a marked copy."""
    if not intake.answers:
        return [paragraph(words(f"There is no return for {intake.quarter} yet."), kind="lead")]
    faults = sum(len(answer.faults) for answer in intake.answers)
    taken = wording.count(intake.taken, "result")
    said = f"{taken} taken in from {wording.count(len(intake.answers), 'return')}"
    said += f"; {wording.count(faults, 'fault')} to put right." if faults else "; there is no fault."
    columns = [
        Column("Return", 3),
        Column("From", 1.6),
        Column("Taken in", is_number=True),
        Column("In already", is_number=True),
        Column("Not taken in", is_number=True),
        Column("Questions", is_number=True),
        Column("Answer", 1.6),
    ]
    rows = []
    for answer in intake.answers:
        name = stem(answer, intake)
        links = [_file(f"{name}.html", "Page")]
        if name in copies:
            links.append(_file(f"{name}-marked.xlsx", "Marked copy"))
        numbers = [
            len(answer.of(Outcome.TAKEN)),
            len(answer.of(Outcome.HELD, Outcome.SAME)),
            len(answer.of(Outcome.REFUSED)),
            len(answer.questions),
        ]
        state = "Cannot be taken in" if answer.returned.faults else _kind(answer)
        file = answer.returned.file.rsplit("/", 1)[-1]
        rows.append(
            [
                lines([words(file), quiet(words(state))]),
                words(answer.returned.sender),
                *(words(str(number)) for number in numbers),
                lines(links),
            ]
        )
    return [
        paragraph(words(said), kind="lead"),
        table("Returns and their answers", columns, rows),
        heading(2, words("What to do now"), "what-to-do-now"),
        bullets(
            [
                words("Send each service the page of its return, with the marked copy beside it."),
                words("Save what comes back in the same folder, and run make collect again: what is in is not taken in twice."),
                words("A directorate approves its results with make approve, or on the sheet Sign-off of its workbook."),
            ]
        ),
    ]


def _summary(answer: Answer) -> str:
    if answer.returned.faults:
        return f"Nothing of this file could be read as a return: {wording.count(len(answer.returned.faults), 'fault')}."
    parts = []
    for outcome, said in _STATES.items():
        if number := len(answer.of(outcome)):
            parts.append(f"{wording.count(number, 'result')} {said}")
    if number := len(answer.of(Outcome.WORDS)):
        parts.append(f"commentary on {wording.count(number, 'KPI')} without a new result")
    found = wording.join(parts) or "No result was filled in"
    return wording.sentence(found)


def _kind(answer: Answer) -> str:
    kinds = {ReturnKind.WORKBOOK: "Our form", ReturnKind.MAPPED_WORKBOOK: "Another layout", ReturnKind.CSV: "CSV"}
    return kinds[answer.returned.kind] if answer.returned.kind else "Not read"


def _findings(caption: str, findings: Sequence[Finding]) -> Block:
    columns = [Column("Where", 1.2), Column("Found", 2.4), Column("Expected", 2), Column("What to do", 2.4)]
    rows = (
        [
            words(" ".join(part for part in (one.sheet, one.cell) if part) or one.file.rsplit("/", 1)[-1]),
            words(one.found),
            words(one.expected),
            words(one.remedy),
        ]
        for one in findings[:MOST]
    )
    return table(_first(caption, len(findings)), columns, rows)


def _results(caption: str, rows: Sequence[Settled]) -> Block:
    columns = [
        Column("KPI", 2.4),
        Column("Period", 1.2),
        Column("Result", is_number=True),
        Column("From", 1.6),
        Column("Vintage"),
    ]
    return table(
        _first(caption, len(rows)),
        columns,
        (
            [
                words(_named(one)),
                words(one.claim.period),
                words(_figure(one)),
                words(f"{one.claim.row.sheet} {one.claim.source_cell}".strip()),
                words(str(one.vintage) if one.outcome is Outcome.TAKEN else ""),
            ]
            for one in rows[:MOST]
        ),
    )


def _first(caption: str, number: int) -> str:
    return caption if number <= MOST else f"{caption}: the first {MOST} of {number}"


def _named(one: Settled) -> str:
    claim = one.claim
    parts = [claim.kpi_id]
    if claim.group != ALL_PEOPLE:
        parts.append(claim.group)
    if claim.row.text("area_name") or claim.row.text("area"):
        parts.append(claim.row.text("area_name") or claim.area)
    return ", ".join(parts)


def _name(one: Settled) -> str:
    return ", ".join(part for part in (_named(one), one.claim.period) if part)


def _figure(one: Settled) -> str:
    return f"{one.claim.value:.12g}" if one.claim.value is not None else one.claim.absence.replace("_", " ")


def _is_asked(one: Settled) -> bool:
    """Return whether a row without a result asks for one: a row of our form, or one of another layout that names a KPI."""
    asked = one.claim.row.asked
    return asked.kind in (RowKind.DUE, RowKind.AWAITED) if asked else bool(one.claim.kpi_id)


def _file(name: str, said: str) -> Block:
    return Block(f'<a href="{quote(name)}">{words(said).html}</a>', words(said).typst, said)
