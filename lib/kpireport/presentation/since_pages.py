"""What changed since a report was made: a page, a table for spreadsheets, and a summary in a few lines."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any, Protocol

import pandas as pd

from kpireport.presentation import kpi_cells, wording
from kpireport.presentation.blocks import Block
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.list_changes import change_words, what_changed
from kpireport.presentation.markup import bullets, heading, lines, paragraph, quiet, rag, words
from kpireport.presentation.results_file import FORMULA_STARTS
from kpireport.vocabulary import Because

CSV = "changes-since.csv"
HEADS = (
    *("what", "kpi_id", "kpi_name", "directorate", "period", "field", "old_value", "new_value", "old_rating", "new_rating"),
    *("on", "note"),
)


BECAUSE = {
    Because.LIST: "on the list of one only",
    Because.NEWER: "a newer result came in",
    Because.FIRST: "a result came in",
    Because.REVISED: "the result was revised",
    Because.JUDGED: "the target, the comparator or the definition changed",
}


class Since(Protocol):
    """What the pages read (`rules.restatements.Restatements`)."""

    @property
    def known_on(self) -> date:
        """The last day of which the report knew."""

    @property
    def recorded_to(self) -> date:
        """The last day of which the record knows."""

    @property
    def then(self) -> Any:
        """The report as known then."""

    @property
    def ratings(self) -> pd.DataFrame:
        """One row is one KPI shown otherwise today."""

    @property
    def revised(self) -> pd.DataFrame:
        """One row is one revised result."""

    @property
    def received_late(self) -> pd.DataFrame:
        """One row is one result that came later."""

    @property
    def list_changes(self) -> pd.DataFrame:
        """One row is one change of the list."""

    @property
    def target_changes(self) -> pd.DataFrame:
        """One row is one change of targets."""


def summary(since: Since, published: pd.DataFrame | None) -> list[str]:
    """Return what changed in a few sentences; `published` says where a published file differs, None when there is none."""
    moved = int((since.ratings["old_rating"] != since.ratings["new_rating"]).sum()) if len(since.ratings) else 0
    said = [
        f"The report on {since.then.quarter} knew what was recorded by {wording.day(since.known_on)}; "
        f"the record now goes to {wording.day(since.recorded_to)}.",
        f"Made today, it would show {wording.share(len(since.ratings), len(since.then.kpis), 'KPI')} otherwise, "
        f"{moved} of them with another rating.",
        f"{wording.count(len(since.revised), 'result')} revised, "
        f"{wording.count(int(since.revised['is_rating_changed'].sum()), 'rating')} changed with them.",
        f"{wording.count(len(since.received_late), 'result')} received late.",
        f"{wording.count(len(since.list_changes), 'change')} to the list and its definitions; "
        f"{wording.count(len(since.target_changes), 'change')} to targets.",
    ]
    if published is None:
        said.append("The published results.csv is not there, so that it was not compared with the record.")
    elif published.empty:
        said.append("The published results.csv says the same as the record did then.")
    else:
        places = wording.count(len(published), "place")
        said.append(f"The published results.csv differs from the record as it stood then in {places}.")
    return said


def body(since: Since, published: pd.DataFrame | None) -> list[Block]:
    """Return the page, section by section."""
    parts = [bullets(words(said) for said in summary(since, published))]
    sections = (
        ("What the report would show today", "ratings", since.ratings, _ratings),
        ("Results revised", "revised", since.revised, _revised),
        ("Results received late", "late", since.received_late, _late),
        ("Definitions and the list", "definitions", since.list_changes, _agreed),
        ("Targets", "targets", since.target_changes, _agreed),
        ("Where the published file differs", "published", published, _published),
    )
    for title, anchor, rows, shown in sections:
        if rows is not None:
            parts += [heading(2, words(title), anchor), shown(rows) if len(rows) else paragraph(words("Nothing."))]
    return parts


def _ratings(rows: pd.DataFrame) -> Block:
    columns = [Column("KPI", 4), Column("Shown then", 2.4), Column("Today", 2.4), Column("Rating then", 2), Column("Today", 2)]
    columns.append(Column("Because", 2))
    cells = (
        [
            *(kpi_cells.name(row), _shown(row, "old"), _shown(row, "new")),
            *(_rating(row["old_rating"]), _rating(row["new_rating"]), words(BECAUSE[row["because"]])),
        ]
        for _, row in rows.iterrows()
    )
    return table(f"{wording.count(len(rows), 'KPI')} shown otherwise", columns, cells)


def _shown(row: pd.Series, age: str) -> Block:
    unit, decimals = str(row["unit"]), int(row["decimals"])
    figure = words(wording.figure(row[f"{age}_value"], unit, decimals))
    same = row["old_target"] == row["new_target"] or (pd.isna(row["old_target"]) and pd.isna(row["new_target"]))
    target = "" if same else f"target {wording.figure(row[f'{age}_target'], unit, decimals)}"
    return lines([figure, quiet(words(str(row[f"{age}_period"]) or "–")), *([quiet(words(target))] if target else [])])


def _rating(rating: object) -> Block:
    return rag(str(rating)) if rating else words("not on the list")


def _revised(rows: pd.DataFrame) -> Block:
    columns = [Column("KPI", 4), Column("Period", 1.8), Column("Then", 1.8, is_number=True), Column("Now", 1.8, is_number=True)]
    columns += [Column("Rating then", 2), Column("Now", 2), Column("Why", 3)]
    cells = (
        [
            kpi_cells.name(row),
            words(str(row["period"])),
            _counted(row, "old"),
            _counted(row, "new"),
            rag(str(row["old_rating"])),
            rag(str(row["new_rating"])),
            words(str(row["note"]) or "–"),
        ]
        for _, row in rows.iterrows()
    )
    return table(f"{wording.count(len(rows), 'result')} revised", columns, cells)


def _counted(row: pd.Series, age: str) -> Block:
    figure = words(wording.figure(row[f"{age}_value"], str(row["unit"]), int(row["decimals"])))
    old, new = row["old_denominator"], row["new_denominator"]
    is_told = pd.notna(old) and pd.notna(new) and old != new
    over = f"of {wording.figure(row[f'{age}_denominator'], 'number', 0)}" if is_told else ""
    return lines([figure, quiet(words(over))])


def _late(rows: pd.DataFrame) -> Block:
    columns = [Column("KPI", 4), Column("Period", 2), Column("Result", 2, is_number=True), Column("Received", 2, is_number=True)]
    cells = (
        [
            kpi_cells.name(row),
            words(str(row["period"])),
            words(wording.figure(row["value"], str(row["unit"]), int(row["decimals"]))),
            words(wording.day(row["received_on"])),
        ]
        for _, row in rows.iterrows()
    )
    return table(f"{wording.count(len(rows), 'result')} that had fallen due, received later", columns, cells)


def _agreed(rows: pd.DataFrame) -> Block:
    columns = [Column("KPI", 4), Column("Quarter", 1.6), Column("Change", 1.6), Column("What changed", 4.4)]
    columns.append(Column("Agreed", 2.6))
    cells = (
        [
            kpi_cells.name(row),
            words(str(row["quarter"])),
            words(change_words(str(row["change"]))),
            what_changed(row),
            lines([words(str(row["agreed_by"])), quiet(words(wording.day(row["agreed_on"])))]),
        ]
        for _, row in rows.iterrows()
    )
    return table(f"{wording.count(len(rows), 'change')} that the report did not know", columns, cells)


def _published(rows: pd.DataFrame) -> Block:
    columns = [Column("KPI", 2), Column("Column", 2), Column("Published", 2), Column("From the record", 2)]
    cells = ([words(str(cell) or "–") for cell in row] for row in rows.itertuples(index=False))
    return table(f"{wording.count(len(rows), 'figure')} published otherwise than the record says", columns, cells)


def since_csv(since: Since) -> bytes:
    """Return everything that changed as CSV in UTF-8: one row is one thing that changed; days are ISO."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, HEADS, lineterminator="\n", restval="")
    writer.writeheader()
    for row in _records(since):
        writer.writerow({name: _cell(row.get(name, "")) for name in HEADS})
    return stream.getvalue().encode("utf-8")


def _records(since: Since) -> Iterator[dict[str, Any]]:
    for _, row in since.ratings.iterrows():
        note = BECAUSE[row["because"]] + (f"; {row['old_period']} was shown" if row["because"] == Because.NEWER else "")
        yield {**_plain(row), "what": "shown otherwise", "period": row["new_period"], "note": note}
    for _, row in since.revised.iterrows():
        yield {**_plain(row), "what": "result revised"}
    for _, row in since.received_late.iterrows():
        yield {**_plain(row), "what": "received late", "new_value": row["value"], "on": row["received_on"]}
    for what, frame in (("definition", since.list_changes), ("target", since.target_changes)):
        for _, row in frame.iterrows():
            told = {"what": f"{what} changed", "on": row["agreed_on"], "note": f"{row['detail']} {row['agreed_by']}."}
            told |= {name: row[name] for name in ("kpi_id", "kpi_name", "directorate")} | {"period": row["quarter"]}
            for field, old, new in row["values"] or [(str(row["change"]), "", "")]:
                yield {**told, "field": field, "old_value": old, "new_value": new}


def _plain(row: pd.Series) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}


def _cell(value: Any) -> str:
    if wording.is_missing(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    return repr(float(value))
