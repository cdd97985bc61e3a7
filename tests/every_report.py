"""Every kind of report, executed in this process as its notebook says: once, for whoever looks at charts, pages or workbooks.

No kernel is started and nothing is published: a cell's one call gives a page, whose outputs stand in the notebook as execution
leaves them. The register is the repository's own.
"""

import ast
import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from kpireport.presentation import blocks
from kpireport.presentation.drawing import draw
from kpireport.publishing import document, html, pdf

ROOT = Path(__file__).resolve().parent.parent
SOAK = os.environ.get("KPIREPORT_SOAK") == "1"
ALL = tuple(sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb") if path.stem != "explore"))
KINDS = ALL if SOAK else tuple(kind for kind in ALL if kind != "assurance")
"""One report of each kind, as its notebook's parameters ask for. The assurance report re-reads the year, and has charts of the
survey's kind only; its own tests look at its PDF."""
SMALLER: dict[str, dict[str, str]] = {} if SOAK else {"scrutiny_board": {"board": "SR"}}
"""What is asked for instead in the ordinary run."""


@contextmanager
def _in_the_notebooks_folder() -> Iterator[None]:
    before, drawing = Path.cwd(), os.environ.get(blocks.DRAW_LATER)
    os.chdir(ROOT / "notebooks")
    os.environ[blocks.DRAW_LATER] = "1"
    try:
        yield
    finally:
        os.chdir(before)
        del os.environ[blocks.DRAW_LATER]
        if drawing is not None:
            os.environ[blocks.DRAW_LATER] = drawing


def _outputs(source: str, names: dict[str, Any]) -> list[nbformat.NotebookNode]:
    """Run a cell, and return what its last line shows."""
    tree = ast.parse(source)
    *before, last = tree.body
    exec(compile(ast.Module([*before, *([] if isinstance(last, ast.Expr) else [last])], []), "cell", "exec"), names)
    if not isinstance(last, ast.Expr):
        return []
    shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    return [nbformat.v4.new_output("display_data", data=data, metadata=metadata) for data, metadata in shown.outputs()]


@cache
def executed(kind: str, **asked: str) -> nbformat.NotebookNode:
    """Return a report's notebook with its outputs, its charts drawn; `asked` are parameters that it is to have instead."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{kind}.ipynb", as_version=4)
    names: dict[str, Any] = {}
    with _in_the_notebooks_folder():
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = _outputs(cell.source, names)
                if "parameters" in cell.metadata.get("tags", []):
                    names |= SMALLER.get(kind, {}) | asked
    return document.drawn(notebook, draw)


@cache
def read(kind: str) -> document.Document:
    """Return a report as the exporters read it."""
    return document.read(executed(kind))


def charts(kind: str) -> list[document.Chart]:
    """Return a report's charts."""
    return [part for section in read(kind).sections for part in section.parts if isinstance(part, document.Chart)]


@cache
def as_html(kind: str) -> str:
    """Return a report as HTML."""
    return html.export(executed(kind))


@cache
def as_pdf(kind: str) -> bytes:
    """Return a report as PDF."""
    return pdf.export(executed(kind))


def workbooks(kind: str) -> dict[str, bytes]:
    """Return the workbooks that are published beside a report, by their names."""
    found = {}
    for cell in executed(kind).cells:
        for output in cell.get("outputs", []):
            about = output.metadata.get(blocks.METADATA, {})
            if about.get("part") == "attachment" and about["name"].endswith(".xlsx"):
                found[about["name"]] = base64.b64decode(output.data[about["mimetype"]])
    return found
