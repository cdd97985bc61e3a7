"""The folder beside the published ones in which a period is built, and the lock that lets only one build of a period run.

`outputs/.building-2024-25-q2/` is whole or absent: it is made under the lock and removed with it, even when the build is killed
where another process can watch over it. Whatever is found there at the next start was left by a machine that stopped.
"""

import errno
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kpireport import locks
from kpireport.errors import DataError, PublishingError
from kpireport.interrupts import uninterrupted
from kpireport.publishing import offspring, replacement
from kpireport.sources import journal, links

NAME = ".building-"
PATIENCE = 3.0
"""Seconds for which a lock is waited."""
CLEARING = 10.0
"""Seconds for which the process that clears up after one that was killed waits for its lock."""
_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.EFBIG, errno.ENAMETOOLONG}
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
    def notebooks(self) -> Path:
        """The folder of the notebooks that are run, copied likewise."""
        return self.root / "notebooks"

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
        When another build of the period is under way, the folder cannot be written, or somebody removed it meanwhile.
    """
    root, lock_file, place = outputs / f"{NAME}{period}", outputs / f".lock-{period}", Staging(outputs / f"{NAME}{period}")
    lock: int | None = None
    if outputs.resolve() == Path(outputs.resolve().anchor):
        raise PublishingError(f"{outputs} holds the whole system, and cannot hold reports. Choose another folder with --out.")

    def clear() -> None:
        replacement.recover(outputs / period, aside=root / replacement.ASIDE)
        _remove(root)

    def clear_up() -> None:
        # The lock may be freed a moment after its holder was seen to end. When it is not, the next build has it, and cleared all.
        if outputs.is_dir() and (left := _take(lock_file, CLEARING)) is not None:
            clear()
            locks.free(lock_file, left)

    with refusals_told(outputs), offspring.watched(clear_up):
        try:
            with uninterrupted():
                lock = _lock(outputs, lock_file, period)
                clear()
                for folder in (place.inputs, place.notebooks, place.work, place.published):
                    folder.mkdir(parents=True)
            with removal_told(place):
                yield place
        finally:
            with uninterrupted():
                if lock is not None:
                    _remove(root)
                    locks.free(lock_file, lock)


@contextmanager
def refusals_told(outputs: Path) -> Iterator[None]:
    """Raise what a disk refuses, such as to take more than it holds, as a PublishingError."""
    try:
        yield
    except OSError as error:
        if error.errno not in _DISK:
            raise
        raise PublishingError(f"{error.filename or outputs}: {error.strerror}. Nothing was published.") from error


@contextmanager
def removal_told(place: Staging) -> Iterator[None]:
    """Raise whatever goes wrong because somebody removed the staging folder as a PublishingError that says so."""
    try:
        yield
    except Exception as error:
        if place.root.is_dir():
            raise
        raise PublishingError(f"{place.root} was removed while it was needed. Nothing was published. Run this again.") from error


def _lock(outputs: Path, lock_file: Path, period: str) -> int:
    try:
        outputs.mkdir(parents=True, exist_ok=True)
        lock = _take(lock_file, PATIENCE)
    except OSError as error:
        raise PublishingError(f"The folder {outputs} cannot be written: {error.strerror}. Choose another with --out.") from None
    if lock is None:
        raise PublishingError(f"Another build of {period} is under way in {outputs}. Wait until it ends, then run this again.")
    return lock


def _take(lock_file: Path, patience: float) -> int | None:
    """Return the lock, or None when another build has it; a build that has just been killed is given time to be cleared up."""
    until = time.monotonic() + patience
    while (lock := locks.take(lock_file)) is None and time.monotonic() < until:
        time.sleep(0.05)
    return lock


def copy_inputs(place: Staging, *, data: Path, council: Path) -> None:
    """Copy the tables of `data` and the council's particulars into the staging folder, but no office program's lock files.

    The copy holds the tables as they were before a collect or after it, never half of each.

    Raises
    ------
    DataError
        When something among them is a link that leads elsewhere, or may not be read.
    """
    if faults := links.check(data, journal.FOLDERS):
        raise DataError(faults)

    def copy(new: Mapping[str, Path]) -> None:
        shutil.rmtree(place.inputs / "data", ignore_errors=True)
        (place.inputs / "data").mkdir()
        for folder in journal.FOLDERS:
            if (data / folder).is_dir():
                shutil.copytree(
                    data / folder,
                    place.inputs / "data" / folder,
                    ignore=shutil.ignore_patterns("~$*", ".*"),
                    ignore_dangling_symlinks=True,
                )
        for name, path in new.items():
            shutil.copyfile(path, place.inputs / "data" / name)

    journal.read_settled(data, copy)
    shutil.copyfile(council, place.inputs / "council.yaml")


def copy_notebook(place: Staging, notebook: Path) -> Path:
    """Return a copy of the notebook in the staging folder: whoever works on it in JupyterLab can save it meanwhile."""
    copy = place.notebooks / notebook.name
    if not copy.exists():
        copy.parent.mkdir(exist_ok=True)
        shutil.copyfile(notebook, copy)
    return copy


def _remove(folder: Path, patience: float = 5.0) -> None:
    """Remove a folder; where a process that is just ending still holds a file of it, try again for a while."""
    deadline = time.monotonic() + patience
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
        if time.monotonic() > deadline:
            return
        if folder.exists():
            time.sleep(0.1)
