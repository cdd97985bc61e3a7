"""Worked examples: the table cases of the tests, read from the tests' own source, so that the handbook shows what is checked.

A test with table cases is a function decorated with ``pytest.mark.parametrize(names, cases)``. Its cases are read without running
anything, so that neither pytest nor what the tests import has to be installed.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kpireport.errors import ParameterError
from kpireport.presentation import phrases
from kpireport.presentation.blocks import Block
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import words

COLUMNS = ("columns", "kpi", "result")
"""The arguments of tests that hold columns of the register, by name."""
ALSO = "given"
"""The column of what only a few cases say."""


@dataclass(frozen=True)
class Case:
    """One case of a test: its name, "" when it has none, and what each of the test's arguments is."""

    name: str
    values: Mapping[str, Any]


def read(file: Path, test: str) -> list[Case]:
    """Return the cases of a test, in order.

    Raises
    ------
    ParameterError
        When the file has no such test, or a case is more than words, figures, days and tables of them.
    """
    try:
        module = ast.parse(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ParameterError(f"{file} cannot be read: {error.strerror}. The handbook is built in the project's folder.") from None
    constants = _constants(module)
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name == test:
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.parametrize":
                    return _cases(decorator, constants, f"{file.name}::{test}")
    raise ParameterError(f"{file} has no test {test} with table cases.")


def _constants(module: ast.Module) -> dict[str, ast.expr]:
    """Return what each name of a module stands for."""
    assigned = [node for node in module.body if isinstance(node, ast.Assign)]
    return {node.targets[0].id: node.value for node in assigned if isinstance(node.targets[0], ast.Name)}


def _cases(decorator: ast.Call, constants: Mapping[str, ast.expr], where: str) -> list[Case]:
    names, listed = (_followed(one, constants) for one in decorator.args[:2])
    arguments = _value(names, constants, where)
    arguments = [arguments] if isinstance(arguments, str) else list(arguments)
    given = [_value(one.value, constants, where) for one in decorator.keywords if one.arg == "ids"]
    if not isinstance(listed, ast.List | ast.Tuple):
        raise ParameterError(f"{where}: its cases are no list.")
    found = []
    for place, node in enumerate(listed.elts):
        one = _followed(node, constants)
        name = str(given[0][place]) if given else ""
        if isinstance(one, ast.Call) and ast.unparse(one.func) == "pytest.param":
            name = next((str(_value(word.value, constants, where)) for word in one.keywords if word.arg == "id"), name)
            values = [_value(argument, constants, where) for argument in one.args]
        else:
            whole = _value(one, constants, where)
            values = list(whole) if len(arguments) > 1 else [whole]
        found.append(Case(name, dict(zip(arguments, values, strict=True))))
    return found


def _followed(node: ast.expr, constants: Mapping[str, ast.expr]) -> ast.expr:
    """Return what a name of the module stands for."""
    while isinstance(node, ast.Name) and node.id in constants:
        node = constants[node.id]
    return node


def _value(node: ast.expr, constants: Mapping[str, ast.expr], where: str) -> Any:
    node = _followed(node, constants)
    match node:
        case ast.Constant():
            return node.value
        case ast.Tuple() | ast.List():
            values = [_value(one, constants, where) for one in node.elts]
            return tuple(values) if isinstance(node, ast.Tuple) else values
        case ast.Dict():
            found: dict[Any, Any] = {}
            for key, value in zip(node.keys, node.values, strict=True):
                told = _value(value, constants, where)
                found |= told if key is None else {_value(key, constants, where): told}
            return found
        case ast.UnaryOp(op=ast.USub()):
            return -_value(node.operand, constants, where)
        case ast.BinOp(op=ast.BitOr()):
            return _value(node.left, constants, where) | _value(node.right, constants, where)
        case ast.Call() if ast.unparse(node.func) == "date":
            return date(*(_value(one, constants, where) for one in node.args))
        case _ if ast.unparse(node) in ("float('nan')", "np.nan"):
            return None
    raise ParameterError(f"{where}: {ast.unparse(node)} is not a plain value.")


def defaults(file: Path) -> dict[str, Any]:
    """Return what the cases of a file's tests have where they say nothing: its constant CASE; nothing when it has none."""
    node = _constants(ast.parse(file.read_text(encoding="utf-8"))).get("CASE")
    if not isinstance(node, ast.Dict):
        return {}
    plain = [(key, value) for key, value in zip(node.keys, node.values, strict=True) if key is not None]
    return {str(ast.literal_eval(key)): ast.literal_eval(value) for key, value in plain}


def as_table(cases: list[Case], caption: str) -> Block:
    """Return the cases as a table: one row is one case, one column is what it gives or what is expected of it."""
    given = [_given(case.values) for case in cases]
    usual = [head for head in dict.fromkeys(head for row in given for head in row) if _is_usual(head, given)]
    rows = []
    for case, row in zip(cases, given, strict=True):
        others = {head: value for head, value in row.items() if head not in usual}
        also = {ALSO: others} if others else {}
        rows.append({head: row[head] for head in usual if head in row} | also | _rest(case.values))
    heads = list(
        dict.fromkeys([*usual, *(ALSO for row in rows if ALSO in row), *(head for case in cases for head in _rest(case.values))])
    )
    names = [_sentence(case.name) for case in cases]
    first = "Case"
    if not any(names):
        is_headed = all(heads[0] in row for row in rows)
        names = [said(row[heads[0]]) for row in rows] if is_headed else [f"Case {number}" for number in range(1, len(rows) + 1)]
        first = heads.pop(0) if is_headed else first
    lines = [[words(name), *(words(said(row.get(head, ""))) for head in heads)] for name, row in zip(names, rows, strict=True)]
    columns = [
        Column(_sentence(head), _share(column)) for head, column in zip([first, *heads], zip(*lines, strict=True), strict=True)
    ]
    return table(caption, columns, lines)


def _share(cells: Sequence[Block]) -> float:
    """Return the share of the table's width that a column's longest cell asks for."""
    longest = max(len(cell.text) for cell in cells)
    return 1.0 if longest <= 14 else 1.6 if longest <= 30 else 2.6


def _is_usual(head: str, given: list[dict[str, Any]]) -> bool:
    """Return whether so many cases say a column of the register that it deserves one of the table."""
    return sum(head in row for row in given) * 3 >= len(given)


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of the register that a case says, each on its own."""
    return {name: value for told in values if told in COLUMNS for name, value in values[told].items()}


def _rest(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in COLUMNS}


def said(value: Any) -> str:
    """Return a value of a case as a reader sees it."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case date():
            return phrases.day(value)
        case dict():
            return "; ".join(f"{_plain(str(name))} {said(one)}" for name, one in value.items()) or "none"
        case list() | tuple():
            return ", ".join(map(said, value))
    return _plain(str(value))


def _plain(text: str) -> str:
    """Return a word of the register, such as `higher_is_better`, as words; anything else as it is."""
    return text.replace("_", " ") if text.islower() and " " not in text else text


def _sentence(name: str) -> str:
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]
