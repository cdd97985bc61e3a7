"""Parameters of reports, checked before any kernel starts.

Papermill takes a misspelt name or a value of the wrong type with at most a line in a log, so the check is ours. A report's
parameters are the keyword parameters of its `build()`; its YAML file and its notebook's parameters cell name the same ones.
Values are read as text, as written, and parsed by what each name means: nothing is guessed from its look. A list, written as YAML
writes one, is text too: its words parted by semicolons, as in the register's tables.
"""

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import yaml

from kpireport import periods
from kpireport.errors import ParameterError, shown, suggest
from kpireport.periods import PeriodKind
from kpireport.schemas import CODE, KPI_ID
from kpireport.vocabulary import BoardOrder, BoardPart, Edition, KpiSelection

Value = str | int | bool
TAG = "parameters"
"""The tag of the cell of a notebook that assigns its parameters."""
LONGEST = 1_000
"""No value, and no word of a list, is longer than this many characters."""
MOST_YEARS = 50
"""How far back a chart may go."""


def _quarter(text: str) -> str:
    return str(periods.parse_quarter(text))


def _year(text: str) -> str:
    period = periods.parse(text)
    if period.kind not in (PeriodKind.FINANCIAL_YEAR, PeriodKind.CALENDAR_YEAR):
        raise ValueError(f"{shown(text)} is not a year: write it like 2023-24, or like 2024 for a survey")
    return text


def _day(text: str) -> str:
    if text and not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"{shown(text)} is not a day: write it like 2024-11-15, or leave it empty")
    try:
        return text and date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f"{shown(text)} is not a day of the calendar") from None


def _code(text: str) -> str:
    if not re.fullmatch(CODE, text):
        raise ValueError(f"{shown(text)} is not a code: a code has only letters, digits and _")
    return text


def _edition(text: str) -> str:
    if text not in list(Edition):
        raise ValueError(f"{shown(text)} is not an edition: write {' or '.join(Edition)}")
    return text


def _path(text: str) -> str:
    if not text:
        raise ValueError("the path is empty")
    return text


def _title(text: str) -> str:
    if not text:
        raise ValueError("the title is empty")
    return text


def _order(text: str) -> str:
    return _one_of(text, BoardOrder)


def _parts(text: str) -> str:
    return "; ".join(_one_of(word, BoardPart) for word in words_of(text))


def _kpis(text: str) -> str:
    if not text:
        raise ValueError("it names no KPI: write identifiers, or selections such as pillar: zero_carbon")
    return "; ".join(_kpi_or_selection(word) for word in words_of(text))


def _kpi_or_selection(word: str) -> str:
    selection, colon, code = word.partition(":")
    if not colon:
        if not re.fullmatch(KPI_ID, word):
            raise ValueError(
                f"{shown(word)} is not a KPI's identifier, such as CF-01, nor a selection, such as pillar: zero_carbon"
            )
        return word
    return f"{_one_of(selection.strip(), KpiSelection)}: {_code(code.strip())}"


def _one_of(word: str, known: Iterable[str]) -> str:
    if word not in list(known):
        raise ValueError(f"{shown(word)} is not a word that is known here. {suggest(word, known).rstrip('.')}")
    return word


def _history_years(text: str) -> int:
    if not re.fullmatch("[0-9]{1,2}", text) or not 1 <= int(text) <= MOST_YEARS:
        raise ValueError(f"{shown(text)} is not a number of years from 1 to {MOST_YEARS}")
    return int(text)


KINDS: dict[str, Callable[[str], Value]] = {
    "quarter": _quarter,
    "year": _year,
    "as_known_on": _day,
    "next_from": _day,
    "directorate": _code,
    "board": _code,
    "edition": _edition,
    "title": _title,
    "kpis": _kpis,
    "order_by": _order,
    "history_years": _history_years,
    "shows": _parts,
    "data": _path,
    "council": _path,
}
"""What a parameter of each name may hold; a name that is not here is checked by its annotation."""


def parse(name: str, text: str, annotation: object = str) -> Value:
    """Return the value that `text` means for the parameter `name`; raises ValueError with a sentence that says what is wrong."""
    if not text.isprintable() or any(len(word) > LONGEST for word in text.split(";")):
        raise ValueError(f"{shown(text)} holds a line break or another character that cannot be printed, or is too long")
    if name in KINDS:
        return KINDS[name](text)
    if annotation is bool:
        if text not in {"true", "false"}:
            raise ValueError(f"{shown(text)} is neither true nor false")
        return text == "true"
    if annotation is int:
        if not re.fullmatch("-?[0-9]+", text):
            raise ValueError(f"{shown(text)} is not a whole number")
        return int(text)
    return text


def words_of(text: str) -> list[str]:
    """Return the words of a list."""
    return [word.strip() for word in text.split(";") if word.strip()]


def check(given: Mapping[str, str], build: Callable[..., object], where: str) -> tuple[dict[str, Value], list[str]]:
    """Return the parsed values of `given` and every fault: each one line, beginning with `where`.

    `given` must name exactly the keyword parameters of `build`.
    """
    expected = inspect.signature(build, eval_str=True).parameters
    values: dict[str, Value] = {}
    faults = check_names(given, expected, where)
    for name in [name for name in given if name in expected]:
        try:
            values[name] = parse(name, given[name], expected[name].annotation)
        except ValueError as error:
            faults.append(f"{where}: {name}: {error}.")
    return values, faults


def check_names(given: Iterable[str], expected: Iterable[str], where: str) -> list[str]:
    """Return a fault for each name of `given` that is unknown, and for each of `expected` that is missing."""
    given, expected = list(given), list(expected)
    unknown = [
        f"{where}: {shown(name)} is not one of its parameters. {suggest(name, expected)}"
        for name in given
        if name not in expected
    ]
    missing = [f'{where}: "{name}" is missing. Add it.' for name in expected if name not in given]
    return unknown + missing


class _OnlyText(yaml.BaseLoader):
    """Reads every value as the text that was written, and refuses a name given twice, which YAML's own loader would drop."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value]
        if twice := sorted({str(name) for name in names if names.count(name) > 1}):
            raise yaml.YAMLError(f'"{twice[0]}" is given twice')
        return super().construct_mapping(node, deep)


def read(path: Path) -> dict[str, str]:
    """Return the names and values of a parameters file, as text.

    Raises
    ------
    ParameterError
        When the file is not a plain list of names and values.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_OnlyText)  # noqa: S506  (BaseLoader makes nothing but text)
    except OSError as error:
        raise ParameterError(f"{path.name}: cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ParameterError(f"{path.name}: not a parameters file: {' '.join(str(error).split())[:200]}.") from None
    try:
        return {name: value if isinstance(value, str) else _list(value) for name, value in content.items()}
    except (AttributeError, TypeError, ValueError):
        raise ParameterError(f"{path.name}: write one parameter a line, like: quarter: 2024-25 Q2") from None


def _list(value: list[str | dict[str, str]]) -> str:
    """Return the words of a YAML list as text; a word such as `pillar: zero_carbon` is read by YAML as a name and a value."""
    if not isinstance(value, list):
        raise TypeError
    said = []
    for word in value:
        ((name, code),) = word.items() if isinstance(word, dict) else ((word, ""),)
        if not isinstance(name, str) or not isinstance(code, str) or ";" in name + code:
            raise TypeError
        said.append(f"{name}: {code}" if isinstance(word, dict) else name)
    return "; ".join(said)


def of_notebook(path: Path) -> list[str]:
    """Return the names that the parameters cell of a notebook assigns.

    Raises
    ------
    ParameterError
        When the file is not a notebook, or none of its cells is tagged `parameters`.
    """
    try:
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        cell = next(cell for cell in notebook.cells if TAG in cell.metadata.get("tags", []))
        tree = ast.parse(cell.source)
    except StopIteration:
        raise ParameterError(
            f'{path.name}: no cell is tagged "{TAG}", so it takes no parameters. Tag the cell that sets them.'
        ) from None
    except (ValueError, nbformat.reader.NotJSONError, nbformat.ValidationError, SyntaxError) as error:
        raise ParameterError(f"{path.name}: not a notebook that can be read: {' '.join(str(error).split())[:200]}.") from None
    targets = (target for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign) for target in _targets(node))
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _targets(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def quarter_of(default: str, *, number: str = "", year: str = "") -> str:
    """Return the quarter asked for, such as 2024-25 Q2; what was not asked for comes from `default`.

    Raises
    ------
    ParameterError
        Naming everything that is wrong with `number` and `year`.
    """
    faults = []
    if number and not re.fullmatch("[Qq]?[1-4]", number):
        faults.append(f"quarter: {shown(number)} is not a quarter: write 1, 2, 3 or 4.")
    if year and not re.fullmatch("[0-9]{4}-[0-9]{2}", year):
        faults.append(f"year: {shown(year)} is not a financial year: write it like 2024-25.")
    if faults:
        raise ParameterError("\n".join(faults))
    try:
        if number and year:
            return _quarter(f"{year} Q{number[-1]}")
        usual = periods.parse_quarter(default)
        return _quarter(f"{year or usual.financial_year()} Q{number[-1:] or usual.quarter_number}")
    except ValueError as error:
        raise ParameterError(f"quarter: {error}.") from None
