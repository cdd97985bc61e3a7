"""What changed on the KPI list, in words: each agreement with every field that it changed, from what to what."""

from collections.abc import Iterator, Sequence

import pandas as pd

from kpireport.presentation import kpi_cells, left_out, wording
from kpireport.presentation.blocks import Block
from kpireport.presentation.board_report import Measures
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import lines, paragraph, quiet, words
from kpireport.schemas import KPIS
from kpireport.schemas.definitions import TARGET_FROM

_NAMES = {
    "kpi_name": "name",
    "purpose": "what it shows",
    "kind": "KPI or tracker",
    "unit": "unit",
    "lag_months": "months until it is due",
    "comparable_from": "first comparable period",
    "oflog_area": "Oflog service area",
    "scrutiny_board": "Scrutiny Board",
    "risk_ref": "corporate risk",
}
_PLAIN = {name for name, column in KPIS.columns.items() if (column.metadata or {})["format"] == "text"} - {
    *("kpi_name", "definition", "source", "limitations", "unit", "assured_by", "oflog_area", "risk_ref"),
}
"""Columns that hold words of a closed set, or codes: an underscore in them is a space."""
_SENTENCES = frozenset({"definition", "source", "limitations"})


def change_words(change: str) -> str:
    """Return what was done: ``Target set``."""
    return change.replace("_", " ").capitalize()


def field_words(field: str) -> str:
    """Return the name of a field of a definition: ``tolerance type``, ``target from 2024-25 Q1``."""
    return field if field.startswith(TARGET_FROM) else _NAMES.get(field, field.replace("_", " "))


def value_words(field: str, value: str) -> str:
    """Return what a field holds: ``higher is better``; "none" when it holds nothing."""
    return (value.replace("_", " ") if field in _PLAIN else value) or "none"


def changed(values: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    """Yield what an agreement changed, field by field: ``Tolerance: 2; it was none.``, or a sentence as it was and as it is."""
    for field, old, new in values:
        what = field_words(field)
        what = what[:1].upper() + what[1:]
        if field in _SENTENCES:
            yield f"{what} before: {old or 'none.'}"
            yield f"{what} now: {new or 'none.'}"
        else:
            yield f"{what}: {value_words(field, new)}; it was {value_words(field, old)}."


def what_changed(row: pd.Series) -> Block:
    """Return one agreement (`rules.definitions.agreements`): its detail, and beneath it each field."""
    return lines([words(str(row["detail"])), *(quiet(words(said)) for said in changed(row["values"]))])


def agreed_table(rows: pd.DataFrame, caption: str) -> Block:
    """Return the agreements as a table: the KPI, what was done, what changed, and who agreed it when."""
    columns = [Column("KPI", 4), Column("Change", 1.6), Column("What changed", 4.4), Column("Agreed", 2.6)]
    cells = (
        [
            kpi_cells.name(row),
            words(change_words(str(row["change"]))),
            what_changed(row),
            lines([words(str(row["agreed_by"])), quiet(words(wording.day(row["agreed_on"])))]),
        ]
        for _, row in rows.iterrows()
    )
    return table(caption, columns, cells)


def changes_of(measures: Measures) -> Block:
    """Return what changed of a board's KPIs, for readers to whom it does not matter who agreed it."""
    rows = measures.list_changes
    if rows.empty:
        return paragraph(words("No measure joined or left the list, and no definition, target or tolerance changed."))
    columns = [Column("Measure", 4), Column("Quarter", 1.8), Column("Change", 1.8), Column("What changed", 5)]
    cells = (
        [kpi_cells.name(row), words(str(row["quarter"])), words(change_words(str(row["change"]))), what_changed(row)]
        for _, row in measures.changes_printed.iterrows()
    )
    caption = f"{wording.count(len(rows), 'change')} to the board's list"
    return table(left_out.shown(caption, len(measures.changes_printed), len(rows)), columns, cells)


def reviews_table(rows: pd.DataFrame, *, of: int = 0) -> Block:
    """Return definitions that are past the day of their review as a table, all of them, or the first of `of`.

    `rows` is as `oversight.reviews_due` makes it.
    """
    columns = [Column("KPI", 4.6), Column("Directorate", 2.8), Column("Review was due", 2)]
    cells = (
        [
            kpi_cells.name(row),
            words(str(row["directorate_name"])),
            words("no day set" if pd.isna(row["next_review"]) else wording.day(row["next_review"])),
        ]
        for _, row in rows.iterrows()
    )
    total = of or len(rows)
    caption = f"{wording.count(total, 'definition')} past the day of review"
    return table(left_out.shown(caption, len(rows), total), columns, cells)
