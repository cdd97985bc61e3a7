"""Every kind of report, executed in this process as its notebook says: once, for whoever looks at pages, charts or workbooks.

No kernel is started and nothing is published: a cell's one call gives a page, whose outputs stand in the notebook as execution
leaves them. The registers are the repository's own.
"""

import ast
import base64
import os
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import nbformat
from kpireport.presentation import blocks
from kpireport.presentation.drawing import draw
from kpireport.publishing import document, html, pdf

ROOT = Path(__file__).resolve().parent.parent
KINDS = tuple(sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb") if path.stem != "explore"))
"""One report of each kind, as its notebook's own parameters ask for."""


@contextmanager
def _in_the_notebooks_folder():
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


def _outputs(source: str, names: dict) -> list:
    """Run a cell, and return what its last line shows."""
    tree = ast.parse(source)
    if not tree.body or not isinstance(tree.body[-1], ast.Expr):
        exec(compile(tree, "cell", "exec"), names)
        return []
    exec(compile(ast.Module(tree.body[:-1], []), "cell", "exec"), names)
    shown = eval(compile(ast.Expression(tree.body[-1].value), "cell", "eval"), names)
    return [nbformat.v4.new_output("display_data", data=data, metadata=metadata) for data, metadata in shown.outputs()]


@cache
def executed(kind: str) -> nbformat.NotebookNode:
    """Return a report's notebook with its outputs, its charts drawn."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{kind}.ipynb", as_version=4)
    names: dict = {}
    with _in_the_notebooks_folder():
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = _outputs(cell.source, names)
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


def attachments(kind: str) -> dict[str, bytes]:
    """Return the files that are published beside a report, by their names."""
    found = {}
    for cell in executed(kind).cells:
        for output in cell.get("outputs", []):
            about = output.metadata.get(blocks.METADATA, {})
            if about.get("part") == "attachment":
                found[about["name"]] = base64.b64decode(output.data[about["mimetype"]])
    return found
