"""What every kernel of a build would do first, done once in the process from which they are copied."""

import ast
import importlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat

from kpireport.publishing.plan import Job


def rehearse(jobs: Iterable[Job], builds: Mapping[str, Callable[..., Any]], *, packages: Iterable[str]) -> None:
    """Import what the notebooks of `jobs` import of our own packages, and assemble the first of each report.

    What goes wrong is passed over: it goes wrong again where it is reported.
    """
    from kpireport.publishing import kernel  # noqa: F401 - so that it is there

    first = {job.report: job for job in reversed(list(jobs))}
    ours = set(packages)
    for notebook in sorted({job.notebook for job in first.values()}):
        for name in imported(notebook):
            if name.split(".", 1)[0] in ours:
                with suppress(Exception):
                    importlib.import_module(name)
    for report, job in first.items():
        with suppress(Exception):
            builds[report](**job.parameters)


def imported(notebook: Path) -> list[str]:
    """Return the names of the modules that a notebook imports, and of what it imports from them, which may be modules."""
    names = []
    cells = nbformat.read(notebook, as_version=4).cells  # type: ignore[no-untyped-call]
    for cell in cells:
        if cell.cell_type != "code":
            continue
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:
            continue  # a cell of magics
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return list(dict.fromkeys(names))
