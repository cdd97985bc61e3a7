"""A lock file that one process holds at a time; the system frees the lock of a process that dies."""

import os
from contextlib import suppress
from pathlib import Path


def take(path: Path) -> int | None:
    """Return the open, locked file `path`, or None when another process holds it."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        if not _take(handle):
            os.close(handle)
            return None
        with suppress(FileNotFoundError):
            if os.name == "nt" or os.path.samestat(os.fstat(handle), os.stat(path)):
                return handle
        os.close(handle)  # the holder before us removed the file after we opened it: take the new one


def free(path: Path, handle: int) -> None:
    """Free the lock that `take` gave and remove its file."""
    if os.name != "nt":
        path.unlink(missing_ok=True)
    os.close(handle)
    if os.name == "nt":
        with suppress(PermissionError):  # another process took it meanwhile
            path.unlink(missing_ok=True)


if os.name == "nt":
    import msvcrt

    def _take(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
