"""What lies under a data folder and is no plain file of it: links that lead out of it or round in a circle, files closed to us.

Whoever can write into the folder could otherwise have any file of this machine read, told of in a message and put in a bundle.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from kpireport.errors import Finding

PASSED_OVER = ("~$", ".")
"""How the names of files begin that no one reads: office programs' lock files, and hidden ones."""


def check(data: Path, folders: Iterable[str]) -> list[Finding]:
    """Return a fault for each such thing in some of the folders of `data`. A link to nothing is passed over: it is no file."""
    whole = data.resolve()
    return sorted(fault for folder in folders for fault in _faults(data, whole, data / folder))


def _faults(data: Path, whole: Path, folder: Path) -> Iterator[Finding]:
    if folder.is_symlink():
        yield from _of_link(data, whole, folder)
        return
    for base, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            path = Path(base) / name
            if name.startswith(PASSED_OVER):
                continue
            if path.is_symlink():
                yield from _of_link(data, whole, path)
            elif not os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
                remedy = "Let whoever runs this read it, or take it out of the folder."
                yield Finding(_name(data, path), "", "", "something that may not be read", "a file that may be read", remedy)


def _of_link(data: Path, whole: Path, path: Path) -> Iterator[Finding]:
    if path.is_dir():
        found = "a link to a folder"
    elif path.exists() and not path.resolve().is_relative_to(whole):
        found = "a link that leads out of the data folder"
    else:
        return
    yield Finding(_name(data, path), "", "", found, "a file of its own", "Put a copy of what is meant in its place.")


def _name(data: Path, path: Path) -> str:
    return path.relative_to(data).as_posix()
