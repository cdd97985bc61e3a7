"""Drawings of charts, kept by content: a chart is drawn once for all reports, editions and forms, today and next week.

An entry is named by the SHA-256 of all that decides how the chart looks: its specification to the letter, the version of the
drawing library, the fonts, and our drawing code. It carries a digest of its own; one that does not fit it is drawn again.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kpireport.presentation import drawing

NAME = ".charts"
LARGEST = 256 * 2**20
"""The size in bytes to which the drawings are kept; the longest unused go first."""


class ChartCache:
    """The drawings kept in a folder, which is made with the first of them.

    Parameters
    ----------
    work
        A folder of the caller's own on the same disk, in which a drawing is written before it is moved to its place; None for the
        place itself.
    """

    def __init__(self, folder: Path, *, work: Path | None = None) -> None:
        self._folder, self._work = folder, work
        self.drawn = 0
        """How many charts had to be drawn."""

    def draw(self, spec: dict[str, Any]) -> str:
        """Return the SVG of a specification.

        Raises
        ------
        RenderingError
            When the specification cannot be drawn.
        """
        text = drawing.written(spec)
        key = hashlib.sha256(f"{drawing.identity()}\n{text}".encode()).hexdigest()
        path = self._folder / key[:2] / f"{key}.svg"
        if (kept := _read(path, key)) is not None:
            return kept
        with _held(path.parent):
            if (kept := _read(path, key)) is not None:
                return kept  # another process drew it meanwhile
            svg = drawing.draw(spec)
            self.drawn += 1
            _write(path, key, svg, self._work or path.parent)
        return svg


def trim(folder: Path, largest: int = LARGEST) -> None:
    """Remove the drawings that were not used for longest until the rest take no more than `largest` bytes."""
    entries = []
    for path in folder.glob("*/*"):
        with suppress(OSError):
            entries.append((path.stat().st_mtime_ns, path.stat().st_size, path))
    size = sum(size for _, size, _ in entries)
    for _, own, path in sorted(entries):
        if size <= largest:
            break
        with suppress(OSError):
            path.unlink()
            size -= own


def _digest(key: str, svg: bytes) -> str:
    return hashlib.sha256(key.encode() + b"\n" + svg).hexdigest()


def _read(path: Path, key: str) -> str | None:
    """Return the drawing, or None when there is none that is whole."""
    try:
        digest, _, svg = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if digest.decode("ascii", "replace") != _digest(key, svg):
        return None
    with suppress(OSError):
        os.utime(path)  # used now: it is among the last to go
    return svg.decode()


def _write(path: Path, key: str, svg: str, work: Path) -> None:
    """Put the drawing in its place in one step. A full or read-only disk costs time, not the report."""
    content = svg.encode()
    beside = work / f"{key}.{os.getpid()}"
    try:
        beside.write_bytes(_digest(key, content).encode() + b"\n" + content)
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Let one process at a time draw what belongs in a folder; where that cannot be asked, two may draw the same."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        yield
        return
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


if os.name == "nt":

    def _lock(handle: int) -> None:
        """Windows opens no folder: never called."""

else:
    import fcntl

    def _lock(handle: int) -> None:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
