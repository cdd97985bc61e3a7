"""The folder beside the published ones in which a period is built, and the lock that lets only one build of a period run.

`outputs/.building-2024-25-q2/` is whole or absent: it is made under the lock and removed with it, so that whatever is found there
at the next start was left by a process that died.
"""

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from kpireport.errors import PublishingError
from kpireport.publishing import replacement
from kpireport.schemas import TABLES

NAME = ".building-"
TABLE_FOLDERS = sorted({table.split("/", 1)[0] for table in TABLES})
"""The folders of a data folder that are copied: those that hold tables."""
_DISK = {errno.ENOSPC, errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.EFBIG, errno.ENAMETOOLONG}
"""What a disk may refuse; any other error of the system is a defect."""


@dataclass(frozen=True)
class Staging:
    """Where a build puts what it reads and makes."""

    root: Path

    @property
    def inputs(self) -> Path:
        """The folder in which notebooks run: `data/` and `council.yaml`, copied so that nobody can change them meanwhile."""
        return self.root / "inputs"

    @property
    def work(self) -> Path:
        """One folder for each notebook's files, and what kernels need while they run."""
        return self.root / "work"

    @property
    def published(self) -> Path:
        """The folder that takes the period's place when all is well."""
        return self.root / "published"


@contextmanager
def staging(outputs: Path, period: str) -> Iterator[Staging]:
    """Hold the period's lock and give an empty staging folder beside `outputs/period`; remove both at the end.

    Raises
    ------
    PublishingError
        When another build of the period is under way, or the folder cannot be written.
    """
    root = outputs / f"{NAME}{period}"
    try:
        outputs.mkdir(parents=True, exist_ok=True)
        lock = _lock(outputs / f".lock-{period}")
    except OSError as error:
        raise PublishingError(f"The folder {outputs} cannot be written: {error.strerror}. Choose another with --out.") from None
    if lock is None:
        raise PublishingError(f"Another build of {period} is under way in {outputs}. Wait until it ends, then run this again.")
    try:
        replacement.recover(outputs / period, aside=root / replacement.ASIDE)
        _remove(root)
        place = Staging(root)
        for folder in (place.inputs, place.work, place.published):
            folder.mkdir(parents=True)
        yield place
    except OSError as error:
        if error.errno not in _DISK:
            raise
        raise PublishingError(f"{error.filename or outputs}: {error.strerror}. Nothing was published.") from error
    finally:
        _remove(root)
        _unlock(outputs / f".lock-{period}", lock)


def copy_inputs(place: Staging, *, data: Path, council: Path) -> None:
    """Copy the tables of `data` and the council's particulars into the staging folder, but no office program's lock files."""
    (place.inputs / "data").mkdir()
    for folder in TABLE_FOLDERS:
        if (data / folder).is_dir():
            shutil.copytree(
                data / folder,
                place.inputs / "data" / folder,
                ignore=shutil.ignore_patterns("~$*", ".*"),
                ignore_dangling_symlinks=True,
            )
    shutil.copyfile(council, place.inputs / "council.yaml")


def _remove(folder: Path, patience: float = 5.0) -> None:
    """Remove a folder; where a process that is just ending still holds a file of it, try again for a while."""
    deadline = time.monotonic() + patience
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
        if time.monotonic() > deadline:
            return
        if folder.exists():
            time.sleep(0.1)


def _lock(path: Path) -> int | None:
    """Return the open, locked file, or None when another process holds it. The system frees the lock of a process that dies."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        if not _take(handle):
            os.close(handle)
            return None
        with suppress(FileNotFoundError):
            if os.name == "nt" or os.path.samestat(os.fstat(handle), os.stat(path)):
                return handle
        os.close(handle)  # the holder before us removed the file after we opened it: take the new one


def _unlock(path: Path, handle: int) -> None:
    if os.name != "nt":
        path.unlink(missing_ok=True)
    os.close(handle)
    if os.name == "nt":
        with suppress(PermissionError):  # another build took it meanwhile
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
