"""Read tables that change together as they were before a change or after it, never half of each.

`make collect` and `make approve` change several tables at once. They write each new file beside the old one, as `.NAME.new`, and
then a journal that lists them: from that moment the new files are the record, and moving them to their places is only tidying,
which anybody may finish. A reader therefore takes the new file of each table that the journal names and that has not been moved
yet, and reads again when anything was moved while it read.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kpireport.errors import PublishingError
from kpireport.schemas import TABLES

JOURNAL = ".kpireport-journal.json"
"""Lies in the data folder while new files are being moved to their places."""
FOLDERS = sorted({name.split("/")[0] for name in TABLES})
"""The folders of a data folder that hold tables."""
PATIENCE = 200
"""How many times a reader reads again, a hundredth of a second apart."""
Moved = TypeVar("Moved")


@dataclass(frozen=True)
class _State:
    """What lies under a data folder, so far as it tells whether anything was moved."""

    journal: bytes | None
    files: tuple[tuple[str, int, int, int], ...]
    """Path, inode, size and time of change (ns) of every file of the tables' folders."""


def beside(file: Path) -> Path:
    """Return where the new file of a table lies until it is moved."""
    return file.with_name(f".{file.name}.new")


def listed(data: Path) -> list[str]:
    """Return the files that the journal lists, relative to the data folder; none where there is no journal."""
    try:
        return list(json.loads((data / JOURNAL).read_bytes())["files"])
    except FileNotFoundError:
        return []


def read_settled(data: Path, read: Callable[[Mapping[str, Path]], Moved]) -> Moved:
    """Return what `read` gives, read while nothing was moved.

    Parameters
    ----------
    read
        Takes where the bytes of each table lie that the journal names and that has not been moved to its place yet, by its path
        relative to the data folder. It is called again when something was moved while it read.

    Raises
    ------
    PublishingError
        When the tables never stand still.
    """
    for attempt in range(PATIENCE):
        if attempt:
            time.sleep(0.01)
        try:
            before = _state(data)
            names = [] if before.journal is None else json.loads(before.journal)["files"]
            found = read({name: new for name in names if (new := beside(data / name)).is_file()})
            if _state(data) == before:
                return found
        except FileNotFoundError:
            continue  # moved between looking and reading
    raise PublishingError(f"The tables under {data} keep changing. Wait until nothing else writes them, then run this again.")


def _state(data: Path) -> _State:
    journal = data / JOURNAL
    files = sorted(path for folder in FOLDERS for path in (data / folder).glob("*") if path.is_file())
    found = [(str(path), status.st_ino, status.st_size, status.st_mtime_ns) for path in files for status in [path.stat()]]
    return _State(journal.read_bytes() if journal.is_file() else None, tuple(found))
