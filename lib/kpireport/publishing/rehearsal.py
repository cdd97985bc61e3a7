"""What every kernel of a build would do first, done once in the process from which they are copied.

A notebook's first cell imports our modules and has its report assembled. All of that has been done before any kernel starts, so
that whatever is wrong is known; a kernel that is a copy of that process need not do it again.
"""

import ast
import hashlib
import importlib
import inspect
import sys
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from contextlib import suppress
from functools import update_wrapper
from pathlib import Path
from typing import Any

import nbformat

from kpireport.publishing.plan import Job

_PATHS = ("data", "council")


def rehearse(jobs: Iterable[Job], reports: Mapping[str, Any], *, package: str, inputs: Path) -> None:
    """Import what the notebooks of `jobs` import of our own packages, and have their first cells find their reports assembled.

    What goes wrong with an import is passed over: it goes wrong again in the notebook that asks for it.

    Parameters
    ----------
    reports
        The report of each job, by its stem, assembled from what is in the folder `inputs`.
    package
        The package of the reports' modules.
    """
    jobs = list(jobs)
    import_ours(sorted({job.notebook for job in jobs}), {"kpireport", package.split(".", 1)[0]})
    digest = _digest(inputs)
    for name in {job.report for job in jobs}:
        module = sys.modules[f"{package}.{name}"]
        own = {job.stem: job.parameters for job in jobs if job.report == name}
        assembled = Assembled(module.build, inputs, digest)
        for stem, parameters in own.items():
            assembled.keep(parameters, reports[stem])
        module.build = assembled  # type: ignore[attr-defined]


def import_ours(notebooks: Iterable[Path], ours: Collection[str]) -> None:
    """Import what notebooks import of the packages `ours`, and what a kernel is; what goes wrong is passed over."""
    from kpireport.publishing import kernel  # noqa: F401 - so that it is there

    for notebook in notebooks:
        for name in imported(notebook):
            if name.split(".", 1)[0] in ours:
                with suppress(Exception):
                    importlib.import_module(name)


class Assembled:
    """A report's `build`, which gives a report that was assembled before instead of assembling it again.

    Each is given once, and only while the inputs are, byte for byte, what it was assembled from.
    """

    def __init__(self, build: Callable[..., Any], inputs: Path, digest: str) -> None:
        self._build, self._inputs, self._digest = build, inputs.absolute(), digest
        self._reports: dict[Hashable, Any] = {}
        update_wrapper(self, build)

    def keep(self, parameters: Mapping[str, Any], report: Any) -> None:
        """Keep a report that was assembled with these parameters."""
        self._reports[self._key(parameters)] = report

    def __call__(self, **parameters: Any) -> Any:
        """Return the report that `build` would return."""
        try:
            report = self._reports.pop(self._key(parameters), None)
        except TypeError:  # not what `build` takes: it says so itself
            report = None
        return self._build(**parameters) if report is None or _digest(self._inputs) != self._digest else report

    def _key(self, parameters: Mapping[str, Any]) -> Hashable:
        bound = inspect.signature(self._build).bind(**parameters)
        bound.apply_defaults()
        given = bound.arguments
        return tuple((name, Path(value).resolve() if name in _PATHS else value) for name, value in sorted(given.items()))


def _digest(inputs: Path) -> str:
    files = sorted((path.relative_to(inputs).as_posix(), path) for path in inputs.rglob("*") if path.is_file())
    lines = (f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n" for name, path in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


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
