"""Follow a KPI's rows of the kpi_changes table from the definition that was added to the one that was last agreed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kpireport.errors import Finding
from kpireport.schemas import definitions
from kpireport.schemas.definitions import TARGET_FROM, Fields
from kpireport.sources.tables import Tables, closest
from kpireport.vocabulary import KpiChange

Said = tuple[str, str, str, str]
"""The column at fault, what was found, what is expected, and the remedy."""
_ALLOWED = {
    "retired": (KpiChange.RETIRED,),
    "tolerance": (KpiChange.TOLERANCE_SET, KpiChange.TARGET_SET, KpiChange.AMENDED),
    "tolerance_type": (KpiChange.TOLERANCE_SET, KpiChange.TARGET_SET, KpiChange.AMENDED),
    "target_type": (KpiChange.TARGET_SET, KpiChange.AMENDED),
    "dead_band": (KpiChange.TARGET_SET, KpiChange.AMENDED),
}


@dataclass
class History:
    """Where a KPI's rows lead."""

    fields: Fields = field(default_factory=dict)
    """The definition that was last agreed."""
    set_in: dict[str, int] = field(default_factory=dict)
    """The row that last set each field."""
    quarter: str = ""
    """The quarter of the last row."""
    last: tuple[int, str] | None = None
    """The last row and its fingerprint, which is not yet compared."""
    fault: Finding | None = None
    """The first fault of the rows; what follows from it is none of its own."""


def histories(tables: Tables) -> dict[str, History]:
    """Return where the rows of each KPI of the list lead; KPIs with a row that cannot be read are left out.

    Rows of one KPI that follow one another with the same fingerprint are one change, and may stand in any order.
    """
    table, known = tables["kpi_changes"], set(tables["kpis"].frame["kpi_id"]) - unsound(tables)
    found: dict[str, History] = {}
    for record in table.frame.reset_index().to_dict("records"):
        kpi_id, row, said = str(record["kpi_id"]), int(record["row"]), None
        if kpi_id not in known:
            continue
        is_first = kpi_id not in found
        one = found.setdefault(kpi_id, History())
        if one.fault:
            continue
        if one.last and one.last[1] != record["fingerprint"]:
            row, said = one.last[0], _wrong_fingerprint(kpi_id, one)
        if not said:
            row, said = int(record["row"]), _step(one, record, is_first)
        if said:
            one.fault = table.finding(row, *said)
        one.last = row, str(record["fingerprint"])
    for kpi_id, one in found.items():
        if one.last and not one.fault and (said := _wrong_fingerprint(kpi_id, one)):
            one.fault = table.finding(one.last[0], *said)
    return found


def unsound(tables: Tables) -> set[str]:
    """Return the KPIs with a faulty cell in one of the tables that say what they are."""
    names = ("kpis", "targets", "kpi_changes")
    return {str(kpi_id) for name in names for kpi_id in tables[name].frame.loc[list(tables[name].unsound), "kpi_id"]}


def words(name: str, new: str) -> tuple[KpiChange, ...]:
    """Return what a change of a field may be called, the usual word first."""
    if name.startswith(TARGET_FROM):
        return (KpiChange.TARGET_SET,)
    return (KpiChange.AMENDED,) if name == "retired" and not new else _ALLOWED.get(name, (KpiChange.AMENDED,))


def quoted(text: object) -> str:
    """Return a value as messages show it."""
    return f'"{text}"' if str(text) else "an empty cell"


def _step(one: History, record: Mapping[Any, Any], is_first: bool) -> Said | None:
    """Follow one row: change `one`, or say what is wrong with the row."""
    kpi_id, change, name = str(record["kpi_id"]), str(record["change"]), str(record["field"])
    old, new, row = str(record["old_value"]), str(record["new_value"]), int(record["row"])
    if is_first != (change == KpiChange.ADDED):
        remedy = "Put the row that says when it was added first, and only once."
        return "change", f'change "{change}" of {kpi_id}', "added as the first change of a KPI, and only then", remedy
    if one.quarter and str(record["quarter"]) < one.quarter:
        expected = f"{one.quarter} or later, as in the row above of {kpi_id}"
        return "quarter", f"quarter {record['quarter']}", expected, "Put a KPI's changes in the order in which they took effect."
    one.quarter = str(record["quarter"])
    if is_first:
        if name or old:
            column = "field" if name else "old_value"
            return column, f"{column} {quoted(record[column])}", "an empty cell: the KPI is new", "Clear the cell."
        try:
            one.fields |= definitions.parted(new)
        except ValueError as error:
            return "new_value", str(error), "the whole definition", "Delete the row and run make changes, which prints it anew."
        one.set_in |= dict.fromkeys(one.fields, row)
        return None
    if wrong := _wrong_field(kpi_id, change, name, new):
        return wrong
    held = one.fields.get(name, "")
    if old != held:
        place = f", which row {one.set_in[name]} set" if name in one.set_in else ""
        remedy = f"Write {quoted(held)}, or correct the row that set it." if held else "Clear the cell."
        return "old_value", f"old_value {quoted(old)}", f"{quoted(held)}: the {name} that it replaces{place}", remedy
    if old == new:
        return "new_value", f"new_value {quoted(new)}, which changes nothing", "another value", "Correct or delete the row."
    one.fields = {key: text for key, text in (one.fields | {name: new}).items() if text}
    one.set_in[name] = row
    return None


def _wrong_field(kpi_id: str, change: str, name: str, new: str) -> Said | None:
    is_target = name.startswith(TARGET_FROM)
    if not is_target and name not in definitions.DEFINING:
        near = closest(name, definitions.DEFINING)
        expected = "a column of the kpis table that belongs to the definition, or a target, such as target from 2024-25 Q1"
        return "field", f"field {quoted(name)}", expected, f'Did you mean "{near}"?' if near else "Correct the field."
    if not definitions.is_written(name, new):
        expected = "250, 30 to 39, or 250 until 2024-25 Q4, yearly" if is_target else f"{name} as the kpis table has it, bare"
        return "new_value", f"new_value {quoted(new)}", expected, "Write the figure without commas, units or needless zeros."
    if change not in words(name, new):
        allowed = " or ".join(words(name, new))
        return "change", f'change "{change}" of the {name} of {kpi_id}', allowed, f"Write {allowed}."
    return None


def _wrong_fingerprint(kpi_id: str, one: History) -> Said | None:
    due = definitions.fingerprint(kpi_id, one.fields)
    if one.last is None or one.last[1] == due:
        return None
    remedy = f"If the rows of {kpi_id} down to this one say what was agreed, write {due}. Otherwise correct them."
    return "fingerprint", f"fingerprint {quoted(one.last[1])}", f"{due}, which these rows give", remedy
