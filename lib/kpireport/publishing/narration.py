"""Whether a notebook only narrates: assembles its report and shows parts of it, and so depends on nothing but that report.

Of such a notebook it is known beforehand whether it would show anything new. One that does more, such as reading a file, is run
whenever reports are made, as nobody can tell what it depends on.
"""

import ast
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

import nbformat

from kpireport.publishing.parameters import TAG
from kpireport.publishing.source_code import PACKAGE

PAGES = "kpireport.presentation"
"""The package whose functions make parts of what they are given, and of nothing else."""
_PLACES = {"data", "council"}
"""The parameters that say where to read: only `build` may be told them."""


class _MoreError(Exception):
    """The notebook does more than narrate; the message is the code that does."""


def beyond(notebook: Path, *, report: str, parameters: Collection[str]) -> str:
    """Return the first words of a notebook's code that do more than narrate; "" when none do.

    Parameters
    ----------
    report
        The module of its report, such as kpireport.reports.clt_quarterly.
    parameters
        The names that its report's `build` takes: it must be given each as it is.
    """
    told = _Told(report, frozenset(parameters))
    cells = nbformat.read(notebook, as_version=4).cells  # type: ignore[no-untyped-call]
    for cell in cells:
        if cell.cell_type != "code":
            continue
        try:
            told.cell(ast.parse(cell.source), is_parameters=TAG in cell.metadata.get("tags", []))
        except (_MoreError, SyntaxError) as error:
            words = cell.source.strip() if isinstance(error, SyntaxError) else str(error)
            return words.splitlines()[0][:80]
    return ""


class _Told:
    """What the names of a notebook stand for, as far as it has been read."""

    def __init__(self, report: str, parameters: frozenset[str]) -> None:
        self._package, _, self._module = report.rpartition(".")
        self._parameters = parameters
        self._pages: dict[str, str] = {}
        """The dotted name of each module, function or class of the pages that was imported, by the name it was given."""
        self._builder = ""
        self._values = set[str]()

    def cell(self, tree: ast.Module, *, is_parameters: bool) -> None:
        """Read a cell; _MoreError when it does more than narrate."""
        for statement in tree.body:
            match statement:
                case ast.ImportFrom(module=str(module), names=names, level=0):
                    self._import(statement, module, names)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    if is_parameters and name in self._parameters and _is_literal(value):
                        continue  # papermill assigns them anew in the cell that it puts after this one
                    if is_parameters or name in {*self._parameters, *self._pages, self._builder}:
                        _more(statement)
                    self._expression(value)
                    self._values.add(name)
                case ast.Expr(value=value) if not is_parameters:
                    self._expression(value)
                case _:
                    _more(statement)

    def _import(self, statement: ast.ImportFrom, module: str, names: list[ast.alias]) -> None:
        for name in names:
            here = name.asname or name.name
            if here in {*self._parameters, *self._values, self._builder}:
                _more(statement)
            if _is_of_pages(f"{module}.{name.name}"):
                self._pages[here] = f"{module}.{name.name}"
            elif (module, name.name) == (self._package, self._module):
                self._builder = here
            else:
                _more(statement)

    def _expression(self, node: ast.expr) -> None:
        match node:
            case ast.Constant():
                pass
            case ast.Name(id=name) if name in self._values or name in self._parameters - _PLACES:
                pass
            case ast.Attribute(value=value, attr=name) if not name.startswith("_"):
                self._expression(value)
            case ast.Subscript(value=value, slice=part):
                self._expression(value)
                self._expression(part)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self._expression(part)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="build")) if name == self._builder:
                self._built(node)
            case ast.Call(func=called) if self._is_page(called) and all(keyword.arg for keyword in node.keywords):
                for part in (*node.args, *(keyword.value for keyword in node.keywords)):
                    self._expression(part)
            case _:
                _more(node)

    def _is_page(self, called: ast.expr) -> bool:
        """Whether what is called is `title`, or `tables.title`, imported from the pages."""
        match called:
            case ast.Name(id=name):
                return name in self._pages
            case ast.Attribute(value=ast.Name(id=name), attr=function):
                return name in self._pages and _is_of_pages(f"{self._pages[name]}.{function}")
        return False

    def _built(self, node: ast.Call) -> None:
        """Read the call of `build`: each parameter is given as it is, or what the notebook shows is another report."""
        given = {word.arg: word.value.id if isinstance(word.value, ast.Name) else "" for word in node.keywords}
        if node.args or given != {name: name for name in self._parameters}:
            _more(node)


@lru_cache(maxsize=256)
def _is_of_pages(name: str) -> bool:
    """Whether a dotted name is that of a module of the pages, or of a function or class that one of them defines.

    What they import from elsewhere, such as `Path`, is not of the pages.
    """
    if not name.startswith(f"{PAGES}.") or "._" in name:
        return False
    if _source(name) is not None:
        return True
    module, _, own = name.rpartition(".")
    source = _source(module)
    for statement in ast.parse(source).body if source is not None else ():
        match statement:
            case ast.FunctionDef(name=found) | ast.ClassDef(name=found) if found == own:
                return True
            case ast.ImportFrom(module=str(there), names=names):
                for alias in names:
                    if (alias.asname or alias.name) == own:
                        return _is_of_pages(f"{there}.{alias.name}")
    return False


def _source(module: str) -> str | None:
    """Return the source of a module of our package; None when there is no such module."""
    place = PACKAGE.parent.joinpath(*module.split("."))
    found = next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)
    return None if found is None else found.read_text(encoding="utf-8")


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


def _more(node: ast.AST) -> None:
    raise _MoreError(ast.unparse(node))
