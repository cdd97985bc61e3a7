"""The evidence store: everything that published reports were made from, by content, so that a bundle can be made later.

`outputs/.evidence/0f/0fa3…` holds the file whose SHA-256 that is. A file is written once and never changed; what several builds
share is kept once. `make clean` removes the store with the rest of `outputs/`.
"""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from kpireport.publishing.manifest import sha256

STORE = ".evidence"
"""The store's folder in `outputs/`."""


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, read piece by piece, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def place_of(outputs: Path, wanted: str) -> Path:
    """Return where the store of an outputs folder keeps the file of a digest."""
    return outputs / STORE / wanted[:2] / wanted


def keep(outputs: Path, content: Path | bytes, *, work: Path) -> str:
    """Put a file into the store of an outputs folder and return its SHA-256.

    The file is whole in `work` before it is moved to its place in one step, so that a process that dies leaves nothing half
    written in the store, and two builds that keep the same file at once both succeed.

    Parameters
    ----------
    work
        A folder of the caller's own on the same disk.
    """
    known = sha256(content) if isinstance(content, bytes) else digest(content)
    if find(outputs, known):
        return known
    handle, name = tempfile.mkstemp(dir=work)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                with content.open("rb") as source:
                    shutil.copyfileobj(source, file)
            file.flush()
            os.fsync(file.fileno())
        kept = digest(beside)
        place = place_of(outputs, kept)
        place.parent.mkdir(parents=True, exist_ok=True)
        beside.chmod(0o444)
        try:
            beside.replace(place)
        except PermissionError:  # Windows, where another build put the same file there meanwhile
            if not place.is_file():
                raise
        return kept
    finally:
        beside.unlink(missing_ok=True)


def find(outputs: Path, wanted: str) -> Path | None:
    """Return where the store has the file of a digest; None when it has not, or has it damaged."""
    place = place_of(outputs, wanted)
    return place if place.is_file() and digest(place) == wanted else None
