"""Check that every definition is the one that was last agreed: a KPI's rows of the kpi_changes table lead to what it is now.

The first row of a KPI holds its whole definition as it was added; each later one changes one field. What differs from that is
named by its cell, with the row to append if the change was agreed, and the value to put back if it was not.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from kpireport.errors import Finding
from kpireport.schemas import TABLES, definitions
from kpireport.schemas.definitions import TARGET_FROM
from kpireport.sources.kpi_history import History, histories, quoted, unsound, words
from kpireport.sources.tables import Findings, Severity, Table, Tables
from kpireport.sources.timeline import written_days
from kpireport.vocabulary import KpiChange

NAME = "register/kpi_changes"
COLUMNS = list(TABLES[NAME].columns)
READ = ("register/kpis", "register/targets", "reference/rounds", NAME)
"""The tables that are compared."""


@dataclass(frozen=True)
class Difference:
    """One field of a KPI that is not as it was last agreed; no field for a KPI that has no row at all."""

    kpi_id: str
    field: str
    old: str
    new: str
    row: dict[str, str]
    """The row to append, in the columns of the table."""


def check(tables: Tables) -> Findings:
    """Yield what is wrong with the rows themselves, then each definition that they do not lead to."""
    if not all(tables[name].is_whole for name in ("kpis", "targets", "kpi_changes")):
        return
    kpis, changes = tables["kpis"], tables["kpi_changes"]
    if not changes.file:
        if kpis.file:
            expected = f"a file {NAME}.csv, in which every KPI is on record"
            remedy = f"Run make changes, save what it prints as {NAME}.csv, and write who agreed each row and when."
            yield Severity.FAULT, Finding(f"{NAME}.csv", "", "", "no such file", expected, remedy)
        return
    yield from _agreed_late(tables)
    followed = histories(tables)
    for history in followed.values():
        if history.fault:
            yield Severity.FAULT, history.fault
    rows = pd.Series(kpis.frame.index, index=kpis.frame["kpi_id"])
    targets = tables["targets"].frame
    begins = dict(zip(zip(targets["kpi_id"], targets["from_period"], strict=True), targets.index, strict=True))
    for one in differences(tables, followed):
        append = f"append to {changes.file}: {as_line(one.row, changes)}"
        to_fill = "and write in it who agreed the change and when"
        row = int(rows[one.kpi_id])
        if not one.field:
            remedy = f"If it was agreed, {append} ({to_fill})."
            expected = "a row that says when it was added, and who agreed it"
            found = f"kpi_id {one.kpi_id}, which the {NAME} table does not have"
            yield Severity.FAULT, kpis.finding(row, "kpi_id", found, expected, remedy)
            continue
        back = f"put back {quoted(one.old)}" if one.old else "clear the cell"
        table, column = kpis, one.field
        if one.field.startswith(TARGET_FROM):
            place = begins.get((one.kpi_id, one.field.removeprefix(TARGET_FROM)))
            table, row = (tables["targets"], place) if place else (kpis, row)
            column = "target" if place else "kpi_id"
            back = f"put back {quoted(one.old)}" if one.old else "delete the row"
        remedy = f"If this was agreed, {append} ({to_fill}). If not, {back}."
        found = f"{one.field} {quoted(one.new)} of {one.kpi_id}"
        yield Severity.FAULT, table.finding(row, column, found, f"{quoted(one.old)}, as last agreed", remedy)


def _agreed_late(tables: Tables) -> Findings:
    """Yield changes that were agreed after the cut-off of the quarter in which they took effect: its report leaves them out."""
    table, rounds = tables["kpi_changes"], _rounds(tables)
    rows = table.sound[table.sound["field"] != ""]
    cut_offs = dict(zip(rounds["quarter"], rounds["cut_off_on"], strict=True))
    cut_off = pd.to_datetime(rows["quarter"].map(cut_offs))  # a council may have no rounds
    late = rows[rows["agreed_on"] > cut_off]
    found = "agreed_on " + written_days(late["agreed_on"]) + ", after the cut-off of " + late["quarter"]
    remedy = "The report of that quarter leaves the change out. Write the quarter from which it holds, or correct the day."
    yield from table.warnings("agreed_on", found, "a day by which the quarter's report could know of it", remedy)


def unrecorded(tables: Tables) -> tuple[list[dict[str, str]], list[str]]:
    """Return the rows to append, in order, for every difference from what was agreed, and the KPIs that faults pass over."""
    followed = histories(tables)
    faulty = {kpi_id for kpi_id, history in followed.items() if history.fault} | unsound(tables)
    return [one.row for one in differences(tables, followed)], sorted(faulty)


def differences(tables: Tables, followed: Mapping[str, History]) -> Iterator[Difference]:
    """Yield what differs, KPI by KPI; a KPI whose own rows have a fault is passed over until that is mended."""
    present = definitions.texts(tables["kpis"].sound, tables["targets"].sound)
    unreadable = unsound(tables)
    introduced = dict(zip(tables["kpis"].frame["kpi_id"], tables["kpis"].frame["introduced"], strict=True))
    latest = _open_quarter(tables)
    for kpi_id, fields in present.items():
        if kpi_id in unreadable:
            continue
        if kpi_id not in followed:
            said = {"change": str(KpiChange.ADDED), "new_value": definitions.as_one(fields), "detail": "Added to the KPI list."}
            said |= {"quarter": introduced[kpi_id], "kpi_id": kpi_id, "fingerprint": definitions.fingerprint(kpi_id, fields)}
            yield Difference(kpi_id, "", "", "", {column: said.get(column, "") for column in COLUMNS})
            continue
        was = followed[kpi_id]
        if was.fault or was.fields == fields:
            continue
        for name in [*fields, *(name for name in was.fields if name not in fields)]:
            old, new = was.fields.get(name, ""), fields.get(name, "")
            if old == new:
                continue
            quarter = max(new if name == "retired" and new else latest, was.quarter)
            said = {"quarter": quarter, "kpi_id": kpi_id, "change": str(words(name, new)[0])}
            said |= {"field": name, "old_value": old, "new_value": new, "detail": _detail(name, old, new)}
            said |= {"fingerprint": definitions.fingerprint(kpi_id, fields)}
            yield Difference(kpi_id, name, old, new, {column: said.get(column, "") for column in COLUMNS})


def as_line(row: Mapping[str, str], table: Table | None = None) -> str:
    """Return a row as a line of CSV, in the order of the table's own columns."""
    order = sorted(COLUMNS, key=table.positions.__getitem__) if table and table.positions else COLUMNS
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([row[column] for column in order])
    return line.getvalue()


def _detail(name: str, old: str, new: str) -> str:
    what = name.replace("_", " ").capitalize()
    if not (old and new):
        return f"{what} {'set' if new else 'removed'}."
    return f"{what} changed."


def _open_quarter(tables: Tables) -> str:
    """Return the first quarter whose round is still open; the last of all when none is."""
    rounds = _rounds(tables)
    still_open = sorted(rounds.loc[rounds["cut_off_on"].isna(), "quarter"])
    return str([*still_open, *sorted(rounds["quarter"])[-1:], ""][0])


def _rounds(tables: Tables) -> pd.DataFrame:
    return tables["rounds"].sound if tables["rounds"].is_whole else tables["rounds"].frame.iloc[:0]
