"""Put a finished folder in the place of an older one in a single step, so that a reader never sees half of each."""

import ctypes
import os
import sys
from pathlib import Path

from kpireport.errors import PublishingError

ASIDE = "aside"
"""The name, in the staging folder, under which the older folder waits while two renames are made."""
_AT_CWD = -100
_EXCHANGE = 2


def replace(finished: Path, place: Path, *, aside: Path) -> None:
    """Move `finished` to `place`; what was there is then at `finished` or at `aside`, for the caller to remove.

    On Linux the two folders change places in one system call. Elsewhere, two renames: should the process die between them,
    `recover` puts the older folder back.

    Raises
    ------
    PublishingError
        When a file of the older folder is open in another program, or the folder cannot be written; the older one is whole.
    """
    try:
        if not place.exists():
            finished.rename(place)
        elif not _exchange(finished, place):
            place.rename(aside)
            try:
                finished.rename(place)
            except OSError:
                aside.rename(place)
                raise
    except OSError as error:
        raise PublishingError(
            f"The finished files could not be moved to {place}: {error.strerror}. "
            "Close every file of that folder that is open in another program, then run this again."
        ) from error


def recover(place: Path, *, aside: Path) -> None:
    """Put back the older folder that a process which died between two renames left aside."""
    if aside.is_dir() and not place.exists():
        aside.rename(place)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; false where the system cannot do so."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(rename(_AT_CWD, os.fsencode(one), _AT_CWD, os.fsencode(other), _EXCHANGE) == 0)
