"""Check that every definition is the one that was last agreed: a KPI's rows of the kpi_changes table lead to what it is now.

The first row of a KPI holds its whole definition as it was added; each later one changes one field. What differs from that is
named by its cell, with the row to append if the change was agreed, and the value to put back if it was not.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from kpireport.errors import Finding
from kpireport.schemas import TABLES, definitions
from kpireport.schemas.definitions import TARGET_FROM, Fields
from kpireport.sources.tables import Findings, Severity, Table, Tables, closest
from kpireport.vocabulary import KpiChange

NAME = "register/kpi_changes"
COLUMNS = list(TABLES[NAME].columns)
READ = ("register/kpis", "register/targets", "reference/rounds", NAME)
"""The tables that are compared."""
_ALLOWED = {
    "retired": (KpiChange.RETIRED,),
    "tolerance": (KpiChange.TOLERANCE_SET, KpiChange.TARGET_SET, KpiChange.AMENDED),
    "tolerance_type": (KpiChange.TOLERANCE_SET, KpiChange.TARGET_SET, KpiChange.AMENDED),
    "target_type": (KpiChange.TARGET_SET, KpiChange.AMENDED),
    "dead_band": (KpiChange.TARGET_SET, KpiChange.AMENDED),
}
"""What a change of each field may be called; a target is set, and anything else is amended."""


@dataclass(frozen=True)
class Difference:
    """One field of a KPI that is not as it was last agreed; no field for a KPI that has no row at all."""

    kpi_id: str
    field: str
    old: str
    new: str
    row: dict[str, str]
    """The row to append, in the columns of the table."""


@dataclass
class _Replay:
    """Where a KPI's rows lead."""

    fields: Fields = field(default_factory=dict)
    set_in: dict[str, int] = field(default_factory=dict)
    """The row that last set each field."""
    quarter: str = ""
    faults: list[tuple[Severity, Finding]] = field(default_factory=list)


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
    replayed = _replay(tables)
    for followed in replayed.values():
        yield from followed.faults
    rows = pd.Series(kpis.frame.index, index=kpis.frame["kpi_id"])
    targets = tables["targets"].frame
    begins = dict(zip(zip(targets["kpi_id"], targets["from_period"], strict=True), targets.index, strict=True))
    for one in differences(tables, replayed):
        append = f"append to {changes.file}: {as_line(one.row, changes)}"
        to_fill = "and write in it who agreed the change and when"
        row = int(rows[one.kpi_id])
        if not one.field:
            remedy = f"If it was agreed, {append} ({to_fill})."
            expected = "a row that says when it was added, and who agreed it"
            found = f"kpi_id {one.kpi_id}, which the {NAME} table does not have"
            yield Severity.FAULT, kpis.finding(row, "kpi_id", found, expected, remedy)
            continue
        back = f"put back {_quoted(one.old)}" if one.old else "clear the cell"
        table, column = kpis, one.field
        if one.field.startswith(TARGET_FROM):
            place = begins.get((one.kpi_id, one.field.removeprefix(TARGET_FROM)))
            table, row = (tables["targets"], place) if place else (kpis, row)
            column = "target" if place else "kpi_id"
            back = f"put back {_quoted(one.old)}" if one.old else "delete the row"
        remedy = f"If this was agreed, {append} ({to_fill}). If not, {back}."
        found = f"{one.field} {_quoted(one.new)} of {one.kpi_id}"
        yield Severity.FAULT, table.finding(row, column, found, f"{_quoted(one.old)}, as last agreed", remedy)


def unrecorded(tables: Tables) -> tuple[list[dict[str, str]], list[str]]:
    """Return the rows to append, in order, for every difference from what was agreed, and the KPIs that faults pass over."""
    replayed = _replay(tables)
    faulty = {kpi_id for kpi_id, one in replayed.items() if one.faults} | _unsound(tables)
    return [one.row for one in differences(tables, replayed)], sorted(faulty)


def differences(tables: Tables, replayed: Mapping[str, _Replay]) -> Iterator[Difference]:
    """Yield what differs, KPI by KPI; a KPI whose own rows have a fault is passed over until that is mended."""
    present = definitions.texts(tables["kpis"].sound, tables["targets"].sound)
    unsound = _unsound(tables)
    introduced = dict(zip(tables["kpis"].frame["kpi_id"], tables["kpis"].frame["introduced"], strict=True))
    latest = _open_quarter(tables)
    for kpi_id, fields in present.items():
        if kpi_id in unsound:
            continue
        if kpi_id not in replayed:
            said = {"change": str(KpiChange.ADDED), "new_value": definitions.as_one(fields), "detail": "Added to the KPI list."}
            said |= {"quarter": introduced[kpi_id], "kpi_id": kpi_id, "fingerprint": definitions.fingerprint(kpi_id, fields)}
            yield Difference(kpi_id, "", "", "", {column: said.get(column, "") for column in COLUMNS})
            continue
        was = replayed[kpi_id]
        if was.faults or was.fields == fields:
            continue
        so_far = dict(was.fields)
        for name in [*fields, *(name for name in was.fields if name not in fields)]:
            old, new = was.fields.get(name, ""), fields.get(name, "")
            if old == new:
                continue
            so_far[name] = new
            said = {"quarter": max(latest, was.quarter), "kpi_id": kpi_id, "change": str(_word(name, new))}
            said |= {"field": name, "old_value": old, "new_value": new, "detail": _detail(name, old, new)}
            said |= {"fingerprint": definitions.fingerprint(kpi_id, so_far)}
            yield Difference(kpi_id, name, old, new, {column: said.get(column, "") for column in COLUMNS})


def as_line(row: Mapping[str, str], table: Table | None = None) -> str:
    """Return a row as a line of CSV, in the order of the table's own columns."""
    order = sorted(COLUMNS, key=table.positions.__getitem__) if table and table.positions else COLUMNS
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([row[column] for column in order])
    return line.getvalue()


def _replay(tables: Tables) -> dict[str, _Replay]:
    """Return where the rows of each KPI lead, with their faults; KPIs with a row that cannot be read are left out."""
    table, unsound = tables["kpi_changes"], _unsound(tables)
    known = set(tables["kpis"].frame["kpi_id"])
    replayed: dict[str, _Replay] = {}
    for record in table.frame.reset_index().to_dict("records"):
        kpi_id = str(record["kpi_id"])
        if kpi_id not in known or kpi_id in unsound:
            continue
        is_first = kpi_id not in replayed
        one = replayed.setdefault(kpi_id, _Replay())
        # What follows from a fault is not one of its own.
        if not one.faults and (said := _step(one, record, is_first)):
            one.faults.append((Severity.FAULT, table.finding(int(record["row"]), *said)))
    return replayed


def _unsound(tables: Tables) -> set[str]:
    names = ("kpis", "targets", "kpi_changes")
    return {str(kpi_id) for name in names for kpi_id in tables[name].frame.loc[list(tables[name].unsound), "kpi_id"]}


def _step(one: _Replay, record: Mapping[Any, Any], is_first: bool) -> tuple[str, str, str, str] | None:
    """Follow one row: change `one`, or return the column at fault, what was found, what is expected, and the remedy."""
    kpi_id, change, name = str(record["kpi_id"]), str(record["change"]), str(record["field"])
    old, new, row = str(record["old_value"]), str(record["new_value"]), int(record["row"])
    if is_first != (change == KpiChange.ADDED):
        expected = "added as the first change of a KPI, and only then"
        return (
            "change",
            f'change "{change}" of {kpi_id}',
            expected,
            "Put the row that says when it was added first, and only once.",
        )
    if one.quarter and str(record["quarter"]) < one.quarter:
        expected = f"{one.quarter} or later, as in the row above of {kpi_id}"
        return "quarter", f"quarter {record['quarter']}", expected, "Put a KPI's changes in the order in which they took effect."
    one.quarter = str(record["quarter"])
    if is_first:
        if name or old:
            column = "field" if name else "old_value"
            return column, f"{column} {_quoted(record[column])}", "an empty cell: the KPI is new", "Clear the cell."
        try:
            one.fields |= definitions.parted(new)
        except ValueError as error:
            return "new_value", str(error), "the whole definition", "Delete the row and run make changes, which prints it anew."
        one.set_in |= dict.fromkeys(one.fields, row)
    else:
        if wrong := _wrong_field(kpi_id, change, name, new):
            return wrong
        held = one.fields.get(name, "")
        if old != held:
            place = f", which row {one.set_in[name]} set" if name in one.set_in else ""
            remedy = f"Write {_quoted(held)}, or correct the row that set it." if held else "Clear the cell."
            return "old_value", f"old_value {_quoted(old)}", f"{_quoted(held)}: the {name} that it replaces{place}", remedy
        if old == new:
            return "new_value", f"new_value {_quoted(new)}, which changes nothing", "another value", "Correct or delete the row."
        one.fields = {key: text for key, text in (one.fields | {name: new}).items() if text}
        one.set_in[name] = row
    due = definitions.fingerprint(kpi_id, one.fields)
    if record["fingerprint"] != due:
        found = f"fingerprint {_quoted(record['fingerprint'])}"
        remedy = f"If the rows of {kpi_id} down to this one say what was agreed, write {due}. Otherwise correct them."
        return "fingerprint", found, f"{due}, which these rows give", remedy
    return None


def _wrong_field(kpi_id: str, change: str, name: str, new: str) -> tuple[str, str, str, str] | None:
    is_target = name.startswith(TARGET_FROM)
    if not is_target and name not in definitions.DEFINING:
        near = closest(name, definitions.DEFINING)
        expected = "a column of the kpis table that belongs to the definition, or a target, such as target from 2024-25 Q1"
        return "field", f"field {_quoted(name)}", expected, f'Did you mean "{near}"?' if near else "Correct the field."
    if not definitions.is_written(name, new):
        expected = "250, 30 to 39, or 250 until 2024-25 Q4, yearly" if is_target else f"{name} as the kpis table has it, bare"
        return "new_value", f"new_value {_quoted(new)}", expected, "Write the figure without commas, units or needless zeros."
    allowed = (KpiChange.TARGET_SET,) if is_target else _ALLOWED.get(name, (KpiChange.AMENDED,))
    if name == "retired" and not new:
        allowed = (KpiChange.AMENDED,)
    if change not in allowed:
        found = f'change "{change}" of the {name} of {kpi_id}'
        return "change", found, " or ".join(allowed), f"Write {' or '.join(allowed)}."
    return None


def _word(name: str, new: str) -> KpiChange:
    if name.startswith(TARGET_FROM):
        return KpiChange.TARGET_SET
    return KpiChange.AMENDED if name == "retired" and not new else _ALLOWED.get(name, (KpiChange.AMENDED,))[0]


def _detail(name: str, old: str, new: str) -> str:
    what = name.replace("_", " ").capitalize()
    if not (old and new):
        return f"{what} {'set' if new else 'removed'}."
    return f"{what} changed."


def _open_quarter(tables: Tables) -> str:
    """Return the first quarter whose round is still open; the last of all when none is."""
    rounds = tables["rounds"].sound if tables["rounds"].is_whole else tables["rounds"].frame.iloc[:0]
    still_open = sorted(rounds.loc[rounds["cut_off_on"].isna(), "quarter"])
    return str([*still_open, *sorted(rounds["quarter"])[-1:], ""][0])


def _quoted(text: object) -> str:
    short = str(text)
    return f'"{short}"' if short else "an empty cell"
