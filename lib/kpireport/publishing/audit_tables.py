"""What is written down beside reports for whoever checks them: checks run, decisions made, approvals, and cells of origin.

Each is a CSV file that travels in the bundle of the period. They are made in the build itself, from the register that the reports
read and from the reports as built, so that they cannot tell of another state.
"""

import csv
import dataclasses
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from kpireport.errors import Finding
from kpireport.presentation.results_file import FORMULA_STARTS
from kpireport.rules.remembered import remembered
from kpireport.sources import definitions, parts, placeholders, record, references, scorecard, targets, timeline
from kpireport.vocabulary import ALL_PEOPLE, Absence, Edition

CHECKS, DECISIONS, SIGN_OFFS, ORIGINS, RETURNS = "checks.csv", "decisions.csv", "sign_offs.csv", "origins.csv", "returns.csv"
_COMPARISONS = (references, definitions, targets, placeholders, scorecard, timeline, record, parts)
"""Modules that compare tables; the first line of each says what it looks for."""
_CHECK = ("check", "file", "sheet", "cell", "outcome", "found", "expected", "remedy")
_DECISION = ("kind", "report", "quarter", "kpi_id", "period", "decision", "reason", "decided_by", "decided_on")
_SIGN_OFF = ("quarter", "directorate", "signed_by", "signed_on", "file", "sha256")
_ORIGIN = ("report", "kpi_id", "period", "value", "vintage", "received_on")
_SOURCE = ("source_file", "source_sheet", "source_cell", "source_sha256")
_RETURN = ("file", "sha256")
_RESULT = ["kpi_id", "area", "group", "period"]


@dataclasses.dataclass(frozen=True)
class Lines:
    """What is written down of one report: lines of the files, each cell as text."""

    decisions: list[list[str]]
    origins: list[list[str]]
    warnings: tuple[Finding, ...]


def tables(register: Any, reports: Mapping[str, Any], *, period: str) -> dict[str, bytes]:
    """Return each file by its name.

    Parameters
    ----------
    register
        What was read.
    reports
        Each report as built, by the name of its files.
    period
        The quarter or the year of the reports: decisions of that quarter, or of the year's quarters, are told.
    """
    return written(register, {name: of_report(name, report, register) for name, report in reports.items()}, period=period)


def of_report(name: str, report: Any, register: Any) -> Lines:
    """Return what is written down of one report, which may be in another process than what is then made of it."""
    decisions = [*_candidates(name, report), *_revisions(name, report), *_late(name, report), *_hidden(name, report, register)]
    return Lines(
        _lines(_DECISION, decisions),
        _lines((*_ORIGIN, *_SOURCE), _origins(name, report, register)),
        tuple(one for one in getattr(report, "warnings", ()) if isinstance(one, Finding)),
    )


def written(register: Any, reports: Mapping[str, Lines], *, period: str) -> dict[str, bytes]:
    """Return each file by its name, from what is written down of each report (`tables`)."""
    of_list = _lines(_DECISION, [*_choices(register, period), *_list_changes(register, period)])
    return {
        CHECKS: _csv(_CHECK, _lines(_CHECK, _checks(register, reports))),
        DECISIONS: _csv(_DECISION, [*of_list, *(line for report in reports.values() for line in report.decisions)]),
        SIGN_OFFS: _csv(_SIGN_OFF, _lines(_SIGN_OFF, _of_period(_frame(register, "sign_offs"), period))),
        ORIGINS: _csv((*_ORIGIN, *_SOURCE), [line for report in reports.values() for line in report.origins]),
        RETURNS: _csv(_RETURN, _lines(_RETURN, returned(register))),
    }


def returned(register: Any) -> list[dict[str, str]]:
    """Return each file that results or the returns table name by its digest: one row is one `file` with its `sha256`."""
    rows = [
        *zip(*(_texts(_frame(register, "results"), name) for name in ("source_file", "source_sha256")), strict=True),
        *zip(*(_texts(_frame(register, "returns"), name) for name in _RETURN), strict=True),
    ]
    return [{"file": file, "sha256": digest} for file, digest in sorted(set(rows)) if file and digest]


def _checks(register: Any, reports: Mapping[str, Lines]) -> Iterator[Mapping[str, Any]]:
    """Yield what was checked. Nothing is published while a check finds a fault, so each that is told here found none."""
    for file in register.files:
        told = {"check": "every cell is what its column's schema says", "file": file.path, "outcome": "passed"}
        yield told | {"found": f"{file.rows} rows"}
    for module in _COMPARISONS:
        said = (module.__doc__ or "").strip().splitlines()[0]
        yield {"check": f"{module.__name__.rsplit('.', 1)[-1]}: {said}", "outcome": "no fault"}
    for name in reports:
        yield {"check": f"{name}: assembled before anything was published", "outcome": "no fault"}
    findings = [finding for source in (register, *reports.values()) for finding in getattr(source, "warnings", ())]
    for finding in dict.fromkeys(one for one in findings if isinstance(one, Finding)):
        yield {"check": "warning", "outcome": "told in the reports; did not stop them"} | dataclasses.asdict(finding)


def _choices(register: Any, period: str) -> Iterator[Mapping[str, Any]]:
    for row in _of_period(_frame(register, "highlights"), period):
        by = {"decision": row["choice"], "reason": row["reason"], "decided_by": row["chosen_by"]}
        yield {"kind": "highlight chosen", "quarter": row["quarter"], "kpi_id": row["kpi_id"]} | by


def _list_changes(register: Any, period: str) -> Iterator[Mapping[str, Any]]:
    frame = _frame(register, "kpi_changes")
    for row in _of_period(frame if len(frame.columns) else _frame(register, "changes"), period):
        what = " ".join(str(row.get(name, "")) for name in ("change", "field")).strip()
        values = [f"{name}: {row[name]}" for name in ("old_value", "new_value") if str(row.get(name, ""))]
        reason = "; ".join([*([str(row["detail"])] if row["detail"] else []), *values])
        by = {"decision": what, "reason": reason, "decided_by": row["agreed_by"], "decided_on": row["agreed_on"]}
        yield {"kind": "change of the KPI list", "quarter": row["quarter"], "kpi_id": row["kpi_id"]} | by


def _shown(report: Any) -> Any:
    """Return what has the report's KPIs: a board's report keeps them together as its measures."""
    return getattr(report, "measures", report)


def _candidates(name: str, report: Any) -> Iterator[Mapping[str, Any]]:
    """Yield what the rules proposed as highlights, and what became of it."""
    own = {"kind": "highlight proposed", "report": name, "decided_by": "rules of highlight items"}
    for item in getattr(_shown(report), "highlights", ()):
        yield own | {"kpi_id": item.kpi["kpi_id"], "decision": "shown", "reason": item.reasons}
    for row in _rows(getattr(report, "not_chosen", pd.DataFrame())):
        yield own | {"kpi_id": row["kpi_id"], "decision": "not shown", "reason": row["reasons"]}


def _revisions(name: str, report: Any) -> Iterator[Mapping[str, Any]]:
    for row in _rows(getattr(report, "restated", pd.DataFrame())):
        told = f"{_cell(row['old_value'])} ({row['old_rating']}) is now {_cell(row['new_value'])} ({row['new_rating']})"
        own = {"kind": "revision", "report": name, "kpi_id": row["kpi_id"], "period": row["period"]}
        yield own | {"decision": told, "reason": row["note"], "decided_by": "a later vintage of the record"}


def _late(name: str, report: Any) -> Iterator[Mapping[str, Any]]:
    for row in _rows(getattr(report, "received_late", pd.DataFrame())):
        own = {"kind": "result left out", "report": name, "kpi_id": row["kpi_id"], "period": row["period"]}
        by = {"reason": "received after the last day whose results are used", "decided_by": "the round's cut-off"}
        yield own | by | {"decision": "not used", "decided_on": row["received_on"]}


def _hidden(name: str, report: Any, register: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the figures that a public edition does not show, by KPI, area, group and period."""
    if getattr(report, "edition", "") != Edition.PUBLIC:
        return
    source = _frame(register, "results")
    supplied = set(source.loc[source["absence"] == Absence.SUPPRESSED, _RESULT].itertuples(index=False, name=None))
    own = str(report.council.area)
    found = {key for frame in _frames(report) for key in _suppressed(frame, own)}
    for kpi_id, area, group, period in sorted(found):
        is_supplied = (kpi_id, area, group, period) in supplied
        where = ", ".join([*([area] if area != own else []), *([group] if group != ALL_PEOPLE else [])])
        yield {
            "kind": "suppression",
            "report": name,
            "kpi_id": kpi_id,
            "period": period,
            "decision": f"hidden{f' ({where})' if where else ''}",
            "reason": "as its producer supplied it" if is_supplied else "counts of 1 to 4, or what would give one away",
            "decided_by": "the producer" if is_supplied else "disclosure control",
        }
    for kpi_id in sorted(set(getattr(_shown(report), "with_hidden_figures", ())) - {key[0] for key in found}):
        told = {"decision": "hidden", "reason": "a figure of an area, group or period", "decided_by": "disclosure control"}
        yield {"kind": "suppression", "report": name, "kpi_id": kpi_id} | told
    for kpi_id in sorted(getattr(_shown(report), "without_commentary", ())):
        told = {"decision": "commentary left out", "reason": "it might tell what is hidden", "decided_by": "disclosure control"}
        yield {"kind": "suppression", "report": name, "kpi_id": kpi_id} | told


def _suppressed(frame: pd.DataFrame, own: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield the KPI, area, group and period of hidden figures; a frame without areas or groups is of the council's own area."""
    if {"kpi_id", "period", "absence"} <= set(frame.columns):
        is_hidden = frame["absence"] == Absence.SUPPRESSED
        if "value" in frame:  # the latest result may be hidden while an older one, of the period named, is shown
            is_hidden &= frame["value"].isna()
        if not is_hidden.any():
            return
        rows = frame[is_hidden]
        usual = {"area": own, "group": ALL_PEOPLE}
        whole = rows.assign(**{name: value for name, value in usual.items() if name not in rows})
        yield from whole[_RESULT].astype(str).itertuples(index=False, name=None)


def _frames(part: Any) -> Iterator[pd.DataFrame]:
    """Yield every frame of a report, however deep in its parts."""
    if isinstance(part, pd.DataFrame):
        yield part
    elif dataclasses.is_dataclass(part):
        for one in dataclasses.fields(part):
            yield from _frames(getattr(part, one.name))
    elif isinstance(part, tuple):
        for one in part:
            yield from _frames(one)


def _origins(name: str, report: Any, register: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the cell that each KPI's result in a report was taken from, for reports that show the KPIs of a quarter."""
    kpis = getattr(getattr(_shown(report), "performance", None), "kpis", pd.DataFrame())
    if not {"kpi_id", "period", "vintage"} <= set(kpis.columns):
        return
    cells = _cells(register, area=report.council.area)
    for row in _rows(kpis):
        if row["period"] and not pd.isna(row["vintage"]):
            cell = cells.get((row["kpi_id"], row["period"], row["vintage"]), {})
            yield {column: row[column] for column in _ORIGIN[1:]} | cell | {"report": name}


@remembered
def _cells(register: Any, /, *, area: str) -> dict[Any, dict[str, Any]]:
    """Return the cell of each result of the council's own area, by KPI, period and vintage."""
    results = register.results
    own = results[(results["area"] == area) & (results["group"] == ALL_PEOPLE)]
    found: dict[Any, dict[str, Any]] = own.set_index(["kpi_id", "period", "vintage"])[
        [column for column in _SOURCE if column in own]
    ].to_dict("index")
    return found


def _frame(register: Any, name: str) -> pd.DataFrame:
    frame: pd.DataFrame = getattr(register, name, pd.DataFrame())
    return frame


def _texts(frame: pd.DataFrame, name: str) -> list[str]:
    return [str(value) for value in frame[name]] if name in frame else [""] * len(frame)


def _rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for values in frame.itertuples(index=False, name=None):
        yield dict(zip(frame.columns, values, strict=True))


def _of_period(frame: pd.DataFrame, period: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a quarter, or of a year's quarters."""
    if "quarter" in frame:
        quarters = frame["quarter"].astype(str)
        yield from _rows(frame[(quarters == period) | quarters.str.startswith(f"{period} Q")])


def _lines(header: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    return [[_cell(row.get(name, "")) for name in header] for row in rows]


def _csv(header: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return stream.getvalue().encode()


def _cell(value: Any) -> str:
    """Return a value as text; text that a spreadsheet would take for a formula begins with an apostrophe."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if isinstance(value, pd.Timestamp | datetime):
        return value.date().isoformat()
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    return repr(value.item() if hasattr(value, "item") else value)
