"""What the desk says of one KPI: everything known of it, how its rating was known over time, and what it would be."""

from collections.abc import Iterator, Sequence

import pandas as pd

from kpireport.errors import Finding
from kpireport.presentation import kpi_cells, signals, theme, wording
from kpireport.presentation.blocks import Block
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import (
    EMPTY,
    bullets,
    facts,
    heading,
    html_text,
    paragraph,
    quiet,
    rag,
    stack,
    strong,
    words,
    words_kept,
)
from kpireport.vocabulary import Kind, MeasureType, Rag

INFORMATION = (
    ("Definition", "definition"),
    ("Source", "source"),
    ("Limitations", "limitations"),
    ("Accountable", "accountable_officer"),
    ("Key contacts", "key_contacts"),
    ("Checked by", "checked_by"),
    ("Corporate risk", "risk_ref"),
)
"""What of the Supporting Information is shown beneath the figures, and in which words."""


def welcome(council: str, held: str, questions: Sequence[Finding]) -> Block:
    """Return what is on the desk: whose register, how much is in it, and what the data raises as questions."""
    said = paragraph(strong(words(council)), words_kept(f": {held}."))
    if not questions:
        return said
    asked = bullets(words(f"{one.file}{f', {one.cell}' if one.cell else ''}: {one.found}. {one.remedy}") for one in questions)
    head = html_text(f"{wording.count(len(questions), 'question')} about the data")
    return stack([said, Block(f"<details><summary>{head}</summary>{asked.html}</details>", asked.typst, asked.text)])


def line(kpi: pd.Series) -> str:
    """Return a KPI as one line of a list to choose from."""
    return f"{theme.RATING_SHAPES[kpi['rating']]} {kpi['kpi_id']}  {kpi['kpi_name']}  ({wording.result(kpi)})"


def message(text: str) -> Block:
    """Return a remark, such as that there is nothing to show."""
    said = paragraph(words(text), kind="quiet")
    return Block(f'<div class="message">{said.html}</div>', said.typst, said.text)


def kpi(row: pd.Series, *, directorate: str, board: str) -> Block:
    """Return all that is known of a KPI in a quarter: its figures as the reports print them, and its Supporting Information."""
    owners = f"{row['kpi_id']}. {directorate}. Scrutiny: {board}."
    return stack(
        [
            heading(3, words(str(row["kpi_name"])), f"desk-{row['kpi_id'].lower()}"),
            paragraph(words(owners), kind="quiet"),
            paragraph(kpi_cells.told(row), kind="intro"),
            paragraph(words(shown)) if (shown := signals.sentences(row)) else EMPTY,
            facts(
                [
                    ("Latest result", kpi_cells.latest(row)),
                    ("Target", kpi_cells.target(row)),
                    ("Rating", kpi_cells.rating(row)),
                    ("Compared with", kpi_cells.comparator(row)),
                    ("Direction of travel", kpi_cells.direction(row)),
                    ("Variation and assurance", kpi_cells.variation(row)),
                ]
            ),
            facts(_information(row), kind="said"),
        ]
    )


def _information(row: pd.Series) -> Iterator[tuple[str, Block]]:
    for term, column in INFORMATION:
        if said := _text(row[column]):
            yield term, words(said)
    if file := str(row["source_file"] or ""):
        place = ", ".join(part for part in (str(row["source_sheet"] or ""), str(row["source_cell"] or "")) if part)
        yield "Taken from", words(f"{file}{f' ({place})' if place else ''}, received {wording.day(row['received_on'])}")


def _text(cell: object) -> str:
    parts = cell if isinstance(cell, list | tuple) else [cell]
    return "; ".join(str(part) for part in parts if not wording.is_missing(part) and str(part).strip())


def as_known(row: pd.Series, known_on: object) -> Block:
    """Return how a KPI is rated on what was known on a day."""
    when = "on the whole record" if known_on is None else f"on what was known on {wording.day(pd.Timestamp(str(known_on)))}"
    return paragraph(rag(str(row["rating"])), words_kept(f" {when}. "), kpi_cells.told(row))


def known_over_time(rows: pd.DataFrame, cut_off: object) -> Block:
    """Return each answer that the quarter's report would have given: `rows` is as `rules.as_known.ratings` makes it."""
    columns = [Column("Known from", 2), Column("Result", 2, is_number=True), Column("Target", 2.6), Column("Rating", 1.6)]
    columns.append(Column("", 2.4))
    published = 0
    if cut_off is not None:
        published = int((rows["known_from"] <= pd.Timestamp(str(cut_off))).sum())
    cells = (
        [
            words(wording.day(row["known_from"])),
            kpi_cells.latest(row),
            kpi_cells.target(row),
            rag(str(row["rating"])),
            quiet(words("as the report has it" if place == published else "")),
        ]
        for place, (_, row) in enumerate(rows.iterrows(), start=1)
    )
    return table(f"{wording.count(len(rows), 'answer')} since the quarter ended", columns, cells, kind="figures")


def what_if(row: pd.Series, asked: pd.Series, own: pd.DataFrame, by_aim: pd.DataFrame) -> Block:
    """Return what a KPI's rating would be by another target, beside what it is.

    `row` and `asked` are the KPI as it is and as it would be; `own` and `by_aim` its history with `rag` by either.
    """
    now, then = _rated(own), _rated(by_aim)
    is_same = asked["rating"] == row["rating"]
    return stack(
        [
            paragraph(
                words_kept(f"{row['kpi_name']}: it would stay " if is_same else f"{row['kpi_name']}: it would be "),
                rag(str(asked["rating"])),
                words_kept("" if is_same else f", and is {theme.rating_word(str(row['rating'])).lower()}"),
                words_kept(f". {_because(asked)}"),
            ),
            paragraph(words(remark), kind="quiet") if (remark := _remark(row)) else EMPTY,
            _counts(now, then) if len(now) or len(then) else EMPTY,
        ]
    )


def _rated(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["rag"].isin(list(Rag)) & rows["value"].notna()]


def _because(asked: pd.Series) -> str:
    if asked["rating"] in tuple(Rag):
        return wording.sentence(f"{wording.result(asked)} is {wording.gap(asked)} ({wording.target(asked)})")
    return wording.rating_sentence(asked)


def _counts(now: pd.DataFrame, then: pd.DataFrame) -> Block:
    columns = [Column("Past results", 3), *(Column(theme.RATING_WORDS[rating], is_number=True) for rating in Rag)]
    columns.append(Column("Rated", is_number=True))
    cells = [
        [words(name), *(words(str(int((rows["rag"] == rating).sum()))) for rating in Rag), words(str(len(rows)))]
        for name, rows in (("By the targets of their time", now), ("By this target", then))
    ]
    return table("How often each rating, over the whole history", columns, cells, kind="figures")


def _remark(row: pd.Series) -> str:
    remarks = []
    if row["kind"] == Kind.TRACKER:
        remarks.append("It is a tracker, which has no target: this asks as if it had one.")
    if row["measure_type"] == MeasureType.CUMULATIVE:
        remarks.append("It grows through the year: only results of the same point of a year are rated by this target.")
    return " ".join(remarks)
