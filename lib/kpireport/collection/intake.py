"""Take in a quarter's returns: read what was sent, check every cell, and say what of it the record takes.

Nothing is written here. `take_in` gives the new bytes of the tables that change; `record.replace` puts them in place in one step.
Before that the new tables are read as reports read them: what a report could not read is not taken in.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

import pandas as pd

from kpireport.collection import against_record, blame, claim_checks, entries, receipt
from kpireport.collection.against_record import Outcome
from kpireport.collection.answer import Answer
from kpireport.collection.blame import Blame
from kpireport.collection.claim_checks import Known
from kpireport.collection.claims import Claim, Place, of_row
from kpireport.collection.entries import Entered
from kpireport.collection.mapping import ENDING
from kpireport.collection.record import Standing
from kpireport.collection.returned import Return
from kpireport.errors import Finding
from kpireport.periods import Period
from kpireport.sources import register
from kpireport.sources.council import Council
from kpireport.sources.register import Contents
from kpireport.sources.tables import Table
from kpireport.vocabulary import ALL_PEOPLE

MOMENT = "%Y-%m-%dT%H:%M:%SZ"
"""How the returns table writes a time."""


@dataclass(frozen=True)
class Intake:
    """What one collect found and would write."""

    quarter: Period
    answers: tuple[Answer, ...]
    files: Mapping[str, bytes] = field(repr=False)
    """The new bytes of each table that changes, by its path relative to the data folder."""

    @property
    def taken(self) -> int:
        """How many results are taken in."""
        return sum(len(answer.of(Outcome.TAKEN)) for answer in self.answers)


def take_in(
    files: Mapping[str, bytes],
    standing: Standing,
    council: Council,
    *,
    quarter: Period,
    received_at: datetime,
    producer: str = "",
    is_whole: bool = False,
) -> Intake:
    """Return what becomes of a quarter's returns.

    Parameters
    ----------
    files
        Every file of the quarter's folder (`receipt.files_in`).
    standing
        The record as it stands.
    received_at
        When files that are new to the record were received (UTC).
    producer
        The producer of the figures, where a return does not say it; the council by default.
    is_whole
        Whether a return is taken in only when no cell of it has a fault.
    """
    contents, tables = standing.contents, standing.tables
    moment = received_at.strftime(MOMENT)
    with _undisturbed():
        answers = _read(files, tables, council, quarter=quarter, received_at=received_at, moment=moment)
        answers = _settle(answers, tables, council, quarter)
    while True:
        answers = [_as_a_whole(answer) if is_whole else answer for answer in answers]
        entered = entries.of(answers, tables, contents, quarter=quarter, producer=producer or council.name, moment=moment)
        found = _blame(contents, tables, entered)
        if not found.faults:
            break
        answers = _refused(answers, found.faults)
    return Intake(quarter, tuple(_with_doubts(answers, found.questions)), dict(entered.changed.values()))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep Python from looking for rubbish among millions of cells, none of which is: a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(
    files: Mapping[str, bytes],
    tables: Mapping[str, Table],
    council: Council,
    *,
    quarter: Period,
    received_at: datetime,
    moment: str,
) -> list[Answer]:
    """Return every file of the folder, read; a file that lies there twice is read once."""
    known = _received(tables["returns"].frame)
    answers: list[Answer] = []
    seen: dict[str, str] = {}
    codes = list(tables["directorates"].frame["directorate"])
    for file, content in files.items():
        if file.endswith(ENDING):
            stem = file.removesuffix(ENDING)
            if not any(f"{stem}{ending}" in files for ending in receipt.READ):
                fault = Finding(
                    file, "", "", "a mapping file without its return", f"{stem}.xlsx or .csv", "Rename one of the two."
                )
                answers.append(Answer(Return(file, content, "", None, stem.rsplit("/", 1)[-1], faults=(fault,))))
            continue
        one = receipt.read_one(
            file,
            content,
            receipt.mapping_of(file, files),
            quarter=str(quarter),
            area=council.area,
            codes=codes,
            today=received_at.date(),
        )
        if content and one.sha256 in seen:
            found = f"the same file as {seen[one.sha256]}"
            question = Finding(file, "", "", found, "each return once", "Nothing of it was read; remove one of the two.")
            answers.append(Answer(replace(one, rows=(), faults=(), loose_faults=(), questions=(question,), approval=None)))
            continue
        seen[one.sha256] = file
        answers.append(Answer(one, (), known.get(one.sha256, moment), one.sha256 in known))
    return answers


def _received(returns: pd.DataFrame) -> dict[str, str]:
    """Return when each file that the returns table lists was first received, by its SHA-256."""
    return {str(digest): min(rows) for digest, rows in returns.groupby("sha256")["received_at"]}


def _settle(answers: Sequence[Answer], tables: Mapping[str, Table], council: Council, quarter: Period) -> list[Answer]:
    """Return the answers with every row checked against the KPI list, the record and the other returns."""
    claims = {
        answer.returned.file: []
        if answer.returned.faults
        else [of_row(row, answer.returned, area=council.area) for row in answer.returned.rows]
        for answer in answers
    }
    filled = [claim for rows in claims.values() for claim in rows if not claim.is_empty]
    known = _known(filled, tables, council, quarter)
    checked = {
        answer.returned.file: [claim_checks.check(claim, known, answer.returned) for claim in claims[answer.returned.file]]
        for answer in answers
    }
    held = against_record.record_of(
        tables["results"].frame, (claim.kpi_id for rows in checked.values() for claim in rows if not claim.is_empty)
    )
    senders = dict(zip(tables["returns"].frame["sha256"], tables["returns"].frame["sender"], strict=True))
    settled = {
        answer.returned.file: [
            against_record.settle(claim, answer.returned, held, is_known=answer.is_known, senders=senders)
            for claim in checked[answer.returned.file]
        ]
        for answer in answers
    }
    settled = against_record.contradictions(settled)
    return [replace(answer, rows=tuple(against_record.whole_kpis(settled[answer.returned.file]))) for answer in answers]


def _known(claims: Iterable[Claim], tables: Mapping[str, Table], council: Council, quarter: Period) -> Known:
    """Return what the register says of the KPIs that the claims may be about."""
    kpis = tables["kpis"].frame
    named = {claim.kpi_id for claim in claims}
    results = tables["results"].frame
    if "" not in named:  # a KPI that is named in words may be any
        results = results.loc[results["kpi_id"].isin(named)]
    own = results.loc[results["area"].eq(council.area) & results["group"].eq(ALL_PEOPLE) & results["value"].notna()]
    values: dict[str, list[float]] = {}
    for kpi_id, value in zip(own["kpi_id"], own["value"], strict=True):
        values.setdefault(kpi_id, []).append(value)
    others = results.loc[results["group"].ne(ALL_PEOPLE), ["kpi_id", "group"]].drop_duplicates()
    groups: dict[str, set[str]] = {}
    for kpi_id, group in others.itertuples(index=False, name=None):
        groups.setdefault(kpi_id, set()).add(group)
    return Known(
        quarter=quarter,
        area=council.area,
        kpis={str(row["kpi_id"]): {str(name): cell for name, cell in row.items()} for row in kpis.to_dict("records")},
        names={" ".join(name.split()).lower(): kpi_id for name, kpi_id in zip(kpis["kpi_name"], kpis["kpi_id"], strict=True)},
        areas=frozenset(tables["areas"].frame["area"]),
        values=values,
        groups={kpi_id: frozenset(found) for kpi_id, found in groups.items()},
    )


def _as_a_whole(answer: Answer) -> Answer:
    """Return an answer with every row refused when anything in the file has a fault."""
    if not answer.faults:
        return answer
    why = "only returns without a fault are taken in"
    rows = [one.refused(why) if one.outcome in (Outcome.TAKEN, Outcome.WORDS) else one for one in answer.rows]
    return replace(answer, rows=tuple(rows))


def _blame(contents: Contents, tables: Mapping[str, Table], entered: Entered) -> Blame:
    """Return what reports could not read, or doubt, of the tables as they would be, by the row of a return that gives it."""
    if not entered.changed:
        return Blame({}, entered.questions)
    new = {name.split("/")[1] for name in entered.changed}
    kept = {word: table for word, table in tables.items() if word not in new}
    read, faults, warnings = register.examine({**contents, **entered.changed}, kept)
    return blame.of(entered, read, faults, warnings)


def _refused(answers: Sequence[Answer], faults: Mapping[Place, tuple[Finding, ...]]) -> list[Answer]:
    """Return the answers with these faults added to their rows, and the rows refused."""
    refused = []
    for answer in answers:
        rows = [
            replace(one, claim=replace(one.claim, faults=(*one.claim.faults, *faults[one.claim.place]))).refused()
            if one.claim.place in faults
            else one
            for one in answer.rows
        ]
        refused.append(replace(answer, rows=tuple(against_record.whole_kpis(rows))))
    return refused


def _with_doubts(answers: Sequence[Answer], questions: Mapping[Place, tuple[Finding, ...]]) -> list[Answer]:
    return [
        replace(answer, doubts=tuple(one for row in answer.rows for one in questions.get(row.claim.place, ())))
        for answer in answers
    ]
