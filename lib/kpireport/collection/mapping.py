"""Read returns of other layouts: a workbook or CSV file with a small mapping file beside it, or CSV with our own column names.

The mapping of `housing.xlsx` is `housing.mapping.yaml`, for example::

    sheet: Performance           # may be left out when one sheet is visible
    header_row: 4                # 1 when left out
    sender: Housing Leeds
    directorates: [CHE]          # whose KPIs it may hold; any when left out
    columns:                     # our name: the head of the column
      kpi_name: Indicator
      value: Actual
      numerator: Cases in time
    fixed:                       # what is the same in every row
      period: 2024-25 Q2
      maturity: final
    percent_cells: as_shown      # a cell shown as 95% means 95; when left out, such a cell is a fault

The names are those of `returned.FORMATS`. A row in which value, counts and absence are all empty returns nothing.
"""

import re
import reprlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

import yaml

from kpireport.collection.returned import FORMATS, RESULT, ReturnedRow
from kpireport.errors import Finding, shown
from kpireport.sources.grids import Cell, Grid
from kpireport.sources.remedies import UNSEEN, quoted
from kpireport.sources.tables import closest
from kpireport.sources.workbook import CellKind

ENDING = ".mapping.yaml"
LARGEST = 100_000
"""Bytes of a mapping file."""
AS_SHOWN = "as_shown"
_KEYS = ("kpi_id", "kpi_name")


@dataclass(frozen=True)
class Layout:
    """What a mapping file says; its keys are the names of these fields."""

    sheet: str = ""
    header_row: int = 1
    sender: str = ""
    directorates: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    percent_cells: str = ""


class _Texts(yaml.BaseLoader):
    """Reads every value as the text that it is (2024-25 stays as written), each where it stands and once."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Compose a node, unless it is a reference to another: a few lines of those stand for millions."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "a reference (*)", self.peek_event().start_mark)  # type: ignore[no-untyped-call]
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """Return the keys and values, none of which may be there twice."""
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if twice := sorted({name for name in names if names.count(name) > 1} if len(names) < 1000 else names[:1]):
            raise yaml.constructor.ConstructorError(None, None, f"{twice[0]} twice", node.start_mark)
        return super().construct_mapping(node, deep)


KEYS = tuple(one.name for one in fields(Layout))


def parse(content: bytes, file: str) -> tuple[Layout, list[Finding]]:
    """Return the mapping in the bytes of `file`, and all its faults."""

    def fault(found: str, expected: str, remedy: str) -> Finding:
        return Finding(file, "", "", found, expected, remedy)

    if len(content) > LARGEST:
        return Layout(), [fault(f"a mapping file of more than {LARGEST // 1000} KB", "a few lines", "Write it again.")]
    try:
        given = yaml.load(content.decode("utf-8-sig"), Loader=_Texts)  # noqa: S506 - texts only
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        why = " ".join(str(error).split())[:200]
        return Layout(), [fault(f"a file that is not YAML in UTF-8 ({why})", "YAML", "Correct it.")]
    if not isinstance(given, dict):
        return Layout(), [fault("no keys", f"keys such as columns; the keys are {', '.join(KEYS)}", "Write them.")]
    faults = [_unknown(fault, str(key), KEYS, "key") for key in given if key not in KEYS]
    said: dict[str, Any] = {}
    for name, expected in (("sheet", "text"), ("sender", "text"), ("percent_cells", AS_SHOWN)):
        if name in given and isinstance(given[name], str) and (expected == "text" or given[name] in ("", AS_SHOWN)):
            said[name] = given[name].strip()
        elif name in given:
            faults.append(fault(f"{name} {_said(given[name])}", expected, "Correct it, or leave the key out."))
    if "header_row" in given:
        text = given["header_row"]
        if isinstance(text, str) and re.fullmatch(r"[1-9][0-9]{0,2}|1000", text):
            said["header_row"] = int(text)
        else:
            faults.append(fault(f"header_row {_said(text)}", "the number of the row of the heads", "Correct it."))
    if "directorates" in given:
        codes = given["directorates"]
        if isinstance(codes, list) and all(isinstance(code, str) and code for code in codes):
            said["directorates"] = tuple(codes)
        else:
            faults.append(fault(f"directorates {_said(codes)}", "a list of codes, such as [CHE]", "Write it so."))
    for name in ("columns", "fixed"):
        pairs = given.get(name, {})
        if not isinstance(pairs, dict) or not all(isinstance(text, str) for text in pairs.values()):
            faults.append(fault(f"{name} {_said(pairs)}", "lines such as value: Actual", "Write them so."))
            continue
        faults += [_unknown(fault, str(key), tuple(FORMATS), f"name in {name}") for key in pairs if key not in FORMATS]
        said[name] = {key: " ".join(text.split()) for key, text in pairs.items() if key in FORMATS}
    mapping = Layout(**said)
    named = {*mapping.columns, *mapping.fixed}
    if twice := sorted(set(mapping.columns) & set(mapping.fixed)):
        faults.append(fault(f"{', '.join(twice)} in columns and in fixed", "each in one of them", "Take one out."))
    if not faults and not mapping.columns:
        faults.append(fault("no columns", "lines such as value: Actual below columns", "Say in which column each thing stands."))
    if not faults:
        missing = [
            words
            for names, words in ((_KEYS, "kpi_id or kpi_name"), (("period",), "period"), (("value",), "value"))
            if not named & set(names)
        ]
        faults += [fault(f"no {words}", f"{words} among columns or fixed", "Say in which column it stands.") for words in missing]
    return mapping, faults


def _said(given: Any) -> str:
    return shown(given) if isinstance(given, str) else shown(reprlib.repr(given))


def _unknown(fault: Any, word: str, known: tuple[str, ...], what: str) -> Finding:
    meant = closest(word, known)
    remedy = f'Did you mean "{meant}"?' if meant else f"Use one of {', '.join(known)}."
    found: Finding = fault(f"the unknown {what} {shown(word)}", "the words of a mapping file", remedy)
    return found


def of_our_names(grid: Grid) -> tuple[Layout, list[Finding]]:
    """Return the mapping of a CSV file whose heads are our own names, and the faults of its heads."""
    heads = {place: cell for (row, place), cell in grid.cells.items() if row == 1}
    columns: dict[str, str] = {}
    faults = []
    for place in sorted(heads):
        cell = heads[place]
        head = UNSEEN.sub("", cell.text).strip()
        if cell.finding:
            faults.append(cell.finding)
        elif head in columns:
            faults.append(
                Finding(grid.file, "", cell.address, f"a second column {quoted(head)}", "each once", "Take one of them out.")
            )
        elif head in FORMATS:
            columns[head] = " ".join(head.split())
        else:
            meant = closest(head, [name for name in FORMATS if name not in columns])
            remedy = f'Did you mean "{meant}"? Rename the column.' if meant else f"Use one of {', '.join(FORMATS)}."
            expected = "our names of columns, or a mapping file beside it"
            faults.append(Finding(grid.file, "", cell.address, f"a column {quoted(head)}", expected, remedy))
    if not faults:
        for names in (_KEYS, ("period",), ("value",)):
            if not set(names) & set(columns):
                words = " or ".join(names)
                faults.append(Finding(grid.file, "", "A1", f"no column {words}", f"a column {words}", "Add the column."))
    return Layout(columns=columns), faults


def rows(grids: Mapping[str, Grid], mapping: Layout, file: str) -> tuple[list[ReturnedRow], list[Finding]]:
    """Return the rows of a file under a mapping, and what is wrong with the file as a whole."""
    visible = [name for name, grid in grids.items() if grid.is_visible]
    name = mapping.sheet if mapping.sheet or len(visible) != 1 else visible[0]
    if name not in grids:
        listed = ", ".join(quoted(one) for one in visible[:10]) + (" and others" if len(visible) > 10 else "")
        meant = closest(name, visible)
        remedy = f'Did you mean "{meant}"? ' if meant else ""
        return [], [Finding(file, name, "", f"the sheets {listed}", "the sheet of the results", f"{remedy}Name it in sheet.")]
    grid = grids[name]
    heads: dict[str, list[int]] = {}
    for (row, place), cell in grid.cells.items():
        if row == mapping.header_row:
            heads.setdefault(" ".join(UNSEEN.sub("", cell.text).split()), []).append(place)
    faults = []
    for field_name, head in mapping.columns.items():
        if len(heads.get(head, ())) > 1:
            first, second, *_ = (grid.at(mapping.header_row, place).address for place in sorted(heads[head]))
            found, remedy = f"a second head {quoted(head)}, beside that of {first}", "Rename one of the two columns."
            faults.append(Finding(file, name, second, found, f"one column for {field_name}", remedy))
        elif head not in heads:
            meant = closest(head, list(heads))
            remedy = f'Did you mean "{meant}"?' if meant else "Correct columns or header_row in the mapping file."
            found = f"no head {quoted(head)} in row {mapping.header_row}"
            faults.append(Finding(file, name, f"A{mapping.header_row}", found, f"the head of {field_name}", remedy))
    if faults:
        return [], faults
    places = {field_name: heads[head][0] for field_name, head in mapping.columns.items()}
    return list(_rows(grid, mapping, places)), []


def _rows(grid: Grid, mapping: Layout, places: Mapping[str, int]) -> Iterator[ReturnedRow]:
    numbers = sorted({row for row, _ in grid.cells if row > mapping.header_row})
    merged = grid.merged_over(numbers, set(places.values()))
    beyond: dict[int, list[Finding]] = {}
    for (number, _), cell in grid.cells.items():
        if cell.finding and not grid.name:
            beyond.setdefault(number, []).append(cell.finding)
    for number in numbers:
        cells = {name: _shown(grid.at(number, place), mapping) for name, place in places.items()}
        findings = list(beyond.get(number, ()))
        if all(cells[name].is_empty for name in RESULT if name in cells) and not findings:
            named = {name: cell for name, cell in cells.items() if name in _KEYS and not cell.is_empty}
            if named:  # nothing is returned for this KPI, which the answer says; a heading names none
                yield ReturnedRow(grid.name, number, named)
            continue
        first = next(iter(cells.values()))
        if number in grid.hidden_rows:
            findings.append(_finding(grid, first, "a result in a hidden row", "rows that can be seen", "Unhide it, or clear it."))
        findings += [
            _finding(grid, cell, f"{name} in a hidden column", "columns that can be seen", "Unhide it, or leave it out.")
            for name, cell in cells.items()
            if places[name] in grid.hidden_columns and not cell.is_empty
        ]
        if number in merged:
            remedy = "Unmerge them and write each value."
            findings.append(Finding(grid.file, grid.name, merged[number], "merged cells", "one value in each cell", remedy))
        fixed = {name: Cell(first.address, text) for name, text in mapping.fixed.items()}
        yield ReturnedRow(grid.name, number, {**cells, **fixed}, findings=tuple(findings))


def _shown(cell: Cell, mapping: Layout) -> Cell:
    """Return a percentage cell as the number that it shows, where the mapping says that this is meant."""
    if cell.kind is CellKind.PERCENT and mapping.percent_cells == AS_SHOWN:
        return Cell(cell.address, f"{(Decimal(cell.text) * 100).normalize():f}", CellKind.NUMBER)
    return cell


def _finding(grid: Grid, cell: Cell, found: str, expected: str, remedy: str) -> Finding:
    return Finding(grid.file, grid.name, cell.address, found, expected, remedy)
