"""A tiny project in a temporary folder: reports whose notebooks do what a test needs, over a register of nothing."""

import importlib
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import nbformat
from kpireport.publishing.occasion import Published
from kpireport.publishing.plan import Places, Request
from kpireport.sources.register import SourceFile

MODULE = """
from types import SimpleNamespace
OCCASION = "quarter"
def build(*, data: str, council: str, quarter: str, as_known_on: str = ""):
    return SimpleNamespace(scheme="scheme-v1")
"""
PACK = """
from types import SimpleNamespace
OCCASION = "quarter"
def variants(register):
    return {name: {"directorate": code} for code, name in register.directorates.items()}
def build(*, data: str, council: str, quarter: str, directorate: str, as_known_on: str = ""):
    return SimpleNamespace(scheme="scheme-v1")
"""
BOARD = """
from types import SimpleNamespace
OCCASION = "quarter"
TOLD_APART_BY = "board"
def build(*, data: str, council: str, quarter: str, board: str, as_known_on: str = ""):
    return SimpleNamespace(scheme="scheme-v1")
"""
TITLE = """
from kpireport.presentation.blocks import Page, Title
Page((Title("Smallborough Council", {title!r}, quarter, True, "2024-10-28"),))
"""
PARAMETERS = {"data": "data", "council": "params/council.yaml", "quarter": "2024-25 Q2", "as_known_on": ""}


@dataclass
class Project:
    """The folder, and what a build of it needs to be told."""

    root: Path
    places: Places

    @property
    def outputs(self) -> Path:
        return self.root / "outputs"

    @property
    def published(self) -> Path:
        return self.outputs / "2024-25-q2"

    def add(self, name: str, *cells: str, module: str = MODULE, parameters: dict[str, str] | None = None) -> Path:
        """Add a report whose notebook has these cells after its parameters; a cell that begins with # is prose."""
        given = PARAMETERS | (parameters or {})
        lines = "".join(f'{key}: "{value}"\n' for key, value in given.items())
        (self.root / "params" / f"{name}.yaml").write_text(lines, encoding="utf-8")
        package = self.root / "code" / self.places.package
        (package / f"{name}.py").write_text(module, encoding="utf-8")
        importlib.invalidate_caches()
        notebook = nbformat.v4.new_notebook(
            metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "P"}}
        )
        assigned = "\n".join(f"{key} = {value!r}" for key, value in given.items())
        first = nbformat.v4.new_code_cell(assigned, metadata={"tags": ["parameters"]})
        rest = [
            nbformat.v4.new_markdown_cell(cell)
            if cell.startswith("#")
            else nbformat.v4.new_code_cell(textwrap.dedent(cell).strip())
            for cell in (TITLE.format(title=name), *cells)
        ]
        notebook.cells = [first, *rest]
        path = self.root / "notebooks" / f"{name}.ipynb"
        nbformat.write(notebook, path)
        return path


def make(root: Path, package: str) -> Project:
    """Make an empty project whose reports' modules are in a package of their own."""
    for folder in ("params", "notebooks", "data/register", f"code/{package}"):
        (root / folder).mkdir(parents=True)
    (root / "code" / package / "__init__.py").touch()
    (root / "data" / "register" / "kpis.csv").write_text("kpi_id\nAH-01\n", encoding="utf-8")
    (root / "params" / "council.yaml").write_text("name: Smallborough Council\n", encoding="utf-8")
    sys.path.insert(0, str(root / "code"))
    importlib.invalidate_caches()
    return Project(root, Places(root, package))


def register_of_nothing(data: Path) -> SimpleNamespace:
    """Stand in for `sources.register.load`."""
    return SimpleNamespace(
        directorates={"AH": "adults", "CF": "children"},
        warnings=(),
        files=(SourceFile("register/kpis.csv", "", 1),),
    )


def publishing(publish: Callable[..., Published], places: Places) -> Callable[..., Published]:
    """Return `publish` as the command line calls it, but for the places and the register of a tiny project."""
    return lambda *given, **named: publish(*given, **named | {"places": places, "load": register_of_nothing})


QUARTER = Request("quarter")
