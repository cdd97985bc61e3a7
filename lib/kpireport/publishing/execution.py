"""Run one notebook with its parameters in a kernel of its own, and say plainly how it failed when it does.

Papermill runs the cells. A failing cell is marked in the notebook that it leaves; a cell that takes too long and a kernel that
dies leave a notebook in which every cell is called completed, and `sys.exit()` in a cell leaves no error at all. So what happened
is read from the exceptions, and a notebook counts as run only when every one of its cells was.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError
from nbclient.exceptions import DeadKernelError as NbclientDeadKernelError
from nbformat import NotebookNode
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import write_ipynb

from kpireport.errors import DeadKernelError, NotebookError, NotebookTimeoutError
from kpireport.publishing import kernels
from kpireport.publishing.parameters import Value
from kpireport.publishing.zygote import Door

KERNEL = "python3"
START_TIMEOUT = 120
"""Seconds that a kernel may take to start, on a slow and busy machine."""


ENGINE = "kpireport"
SHOWN, SHOWN_PARTS = 10_000, 10
"""Of a notebook that was stopped because it wrote without end: how many characters of how many parts are left."""


@dataclass(frozen=True)
class Executed:
    """A notebook that has run, every cell of it."""

    notebook: NotebookNode
    start_seconds: float
    """How long papermill waited for the kernel to be ready."""


class WritesOnce(NBClientEngine):  # type: ignore[misc]
    """Papermill's own engine, without its saving of the whole notebook before and after each cell.

    A notebook that stops in its middle is written where `kept` says.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **given: Any) -> Any:
        """Run the cells."""
        kept = given.pop("kept")
        try:
            return super().execute_managed_notebook(nb_man, kernel_name, **given)
        except BaseException:
            if given["kernel_manager_class"].is_flooded:
                _cut(nb_man.nb)
            write_ipynb(nb_man.nb, kept)
            raise


papermill_engines.register(ENGINE, WritesOnce)


def execute(
    notebook: Path,
    parameters: Mapping[str, Value],
    *,
    name: str,
    cwd: Path,
    kept: Path,
    timeout: int,
    log: Path,
    environment: Mapping[str, str],
    door: Door | None = None,
) -> Executed:
    """Return the notebook as executed in the folder `cwd`; `timeout` is in seconds, for each cell.

    Parameters
    ----------
    kept
        Where the notebook is written as it ran, or as far as it did.
    log
        Takes what the kernel's process prints outside the notebook.
    environment
        The variables of a copied kernel's environment; an ordinary kernel has those of this process.
    door
        Leads to the process from which the kernel is copied; None to start an ordinary one.

    Raises
    ------
    NotebookError
        When a cell raises an error or leaves the notebook early; its kinds NotebookTimeoutError and DeadKernelError when a cell
        takes longer than allowed, and when the process that runs the notebook dies. The message names notebook and cell.
    """
    manager = kernels.manager(door, log, environment)
    try:
        executed: NotebookNode = papermill.execute_notebook(
            _without_braces(notebook),
            _without_braces(kept),
            dict(parameters),
            engine_name=ENGINE,
            request_save_on_cell_execute=False,
            kernel_name=KERNEL,
            language="python",
            progress_bar=False,
            cwd=str(cwd),
            start_timeout=START_TIMEOUT,
            execution_timeout=timeout,
            iopub_timeout=timeout,  # its outputs arrive when they arrive: a busy machine loses none
            autosave_cell_every=0,
            shutdown_kernel="immediate",
            kernel_manager_class=manager,
            config=kernels.CONFIG,
            kept=str(kept),
        )
    except PapermillExecutionError as error:
        raise NotebookError(
            f"{name}: {_cell(error.source, error.exec_count, kept)} failed. {error.ename}: {error.evalue}"
        ) from None
    except CellTimeoutError:
        raise NotebookTimeoutError(f"{name}: {_last_started(kept)} took longer than {timeout} seconds and was stopped.") from None
    except NbclientDeadKernelError:
        if manager.is_flooded:
            most = f"{kernels.LARGEST // 2**20} MB"
            raise NotebookError(f"{name}: {_last_started(kept)} printed or showed more than {most} and was stopped.") from None
        raise DeadKernelError(
            f"{name}: the process that ran the notebook died in {_last_started(kept)}. Was the machine short of memory?"
        ) from None
    except RuntimeError as error:
        if "ernel" not in str(error):
            raise
        raise DeadKernelError(f"{name}: no process to run the notebook could be started: {error}.") from None
    if unfinished := [cell for cell in executed.cells if cell.cell_type == "code" and cell.source.strip() and not _is_done(cell)]:
        raise NotebookError(f"{name}: the notebook stopped before {_cell(unfinished[0].source, None, kept)} was done.")
    return Executed(executed, manager.seconds)


def _cut(notebook: NotebookNode) -> None:
    """Leave what was first printed and shown: lines without end would take more memory than there is to be written down."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = cell.outputs[:SHOWN_PARTS]
            for one in cell.outputs:
                one.update({"text": one.text[:SHOWN]} if "text" in one else {})


def _is_done(cell: NotebookNode) -> bool:
    return cell.execution_count is not None and not any(output.output_type == "error" for output in cell.outputs)


def _without_braces(path: Path) -> str:
    """Return the path as papermill wants it: a format string."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _last_started(kept: Path) -> str:
    """Return the words for the last cell that was begun, from the notebook as far as it was written."""
    begun = [cell for cell in _cells(kept) if cell.cell_type == "code" and cell.metadata.get("papermill", {}).get("start_time")]
    return _cell(begun[-1].source, len(begun), kept) if begun else "its first cell"


def _cells(kept: Path) -> list[NotebookNode]:
    try:
        cells: list[NotebookNode] = nbformat.read(kept, as_version=4).cells  # type: ignore[no-untyped-call]
    except (OSError, ValueError):
        return []  # it died before anything was written
    return cells


def _cell(source: str, count: int | None, kept: Path) -> str:
    """Return the words for a cell: its number in JupyterLab, the heading that it stands under, how its code begins."""
    heading = ""
    for cell in _cells(kept):
        if cell.cell_type == "markdown" and (found := re.search(r"(?m)^#{1,6} (.+)$", cell.source)):
            heading = f' under "{found[1].strip()}"'
        elif cell.source == source:
            break
    begins = next(iter(source.strip().splitlines()), "")[:80]
    return f"the cell{f' [{count}]' if count else ''}{heading} ({begins})"
