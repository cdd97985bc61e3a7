"""What can go wrong through no defect of ours, each with its exit code and a message that says what to do.

A fault stops the reports; a warning is shown in them. Nothing here prints: `__main__` turns an error into text and a code.
"""

import difflib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import total_ordering


class ExitCode(IntEnum):
    """The exit code of `python -m kpireport`, by cause."""

    DONE = 0
    DEFECT = 1  # an unexpected error: a defect of kpireport
    PARAMETERS = 2
    DATA = 3
    NOTEBOOK = 4
    TIMEOUT = 5
    DEAD_KERNEL = 6
    RENDERING = 7
    PUBLISHING = 8
    FIGURES_MATCH = 10  # verified: every figure is the same, some bytes are not
    DIFFERS = 11  # verified: what was published is not what its inputs give
    INCONCLUSIVE = 12  # verified as far as this machine can
    BUNDLE = 13  # a bundle that cannot be opened, or not safely
    INTERRUPTED = 130


@total_ordering
@dataclass(frozen=True)
class Finding:
    """One fault or warning about one place in the data: where, what was found, what is expected, what to do.

    `file` is relative to the data folder; `sheet` is "" for a CSV file; `cell` is an A1 address, or "" for the whole sheet.
    Findings are ordered as they are looked up: by file and sheet, by column, and in a column by row.
    """

    file: str
    sheet: str
    cell: str
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        """Return the finding as one line."""
        sheet = f", sheet {self.sheet}" if self.sheet else ""
        cell = f", cell {self.cell}" if self.cell else ""
        return f"{self.file}{sheet}{cell}: found {self.found}; expected {self.expected}. {self.remedy}"

    def __lt__(self, other: "Finding") -> bool:
        """Whether this one is looked up before another."""
        return self._place() < other._place()

    def _place(self) -> tuple[object, ...]:
        column, row = re.findall("^([A-Z]*)([0-9]*)", self.cell)[0]
        below = int(row) if row else math.inf  # what is said of a whole column comes after its cells
        return self.file, self.sheet, len(column), column, below, self.cell, self.found, self.expected, self.remedy


class KpireportError(Exception):
    """An error that its reader can put right: the message is for a person and needs no traceback."""

    exit_code: ExitCode = ExitCode.DEFECT


class ParameterError(KpireportError):
    """A parameter is unknown, of the wrong type or impossible. All faults are in the message, one a line."""

    exit_code = ExitCode.PARAMETERS


class DataError(KpireportError):
    """The data under `data/` has faults: every fault at once, one line each."""

    exit_code = ExitCode.DATA

    def __init__(self, faults: list[Finding]) -> None:
        self.faults = sorted(faults)
        count = f"{len(faults)} fault{'s' if len(faults) != 1 else ''} in the data; nothing was published."
        super().__init__("\n".join([count, *(f"  {fault}" for fault in self.faults)]))


class NotebookError(KpireportError):
    """A cell of a notebook failed; the message names the notebook and the cell."""

    exit_code = ExitCode.NOTEBOOK


class NotebookTimeoutError(NotebookError):
    """A cell of a notebook took longer than allowed."""

    exit_code = ExitCode.TIMEOUT


class DeadKernelError(NotebookError):
    """The process that ran a notebook died."""

    exit_code = ExitCode.DEAD_KERNEL


class RenderingError(KpireportError):
    """An executed notebook could not be made into HTML or PDF."""

    exit_code = ExitCode.RENDERING


class PublishingError(KpireportError):
    """The finished files could not be moved to their place."""

    exit_code = ExitCode.PUBLISHING


def shown(text: str) -> str:
    """Return `text` in quotation marks for a message, on one line and not too long."""
    line = text if text.isprintable() else repr(text)[1:-1]
    return f'"{line[:80]}…"' if len(line) > 80 else f'"{line}"'


def suggest(name: str, known: Iterable[str]) -> str:
    """Return the sentence that helps someone who wrote `name` to find the word among `known` that they meant."""
    known = list(known)
    if close := difflib.get_close_matches(name, known, n=1):
        return f'Did you mean "{close[0]}"?'
    return f"Use one of: {', '.join(known)}."
