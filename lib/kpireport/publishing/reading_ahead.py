"""Reads the register in another process while this one imports what makes reports: each takes about a second.

What was read is known by its content. A build loads the register from its own copy of the data; when that is to the byte what was
read ahead, it need not read it again, and otherwise it does, as it does when the other process finds a fault or dies.
"""

import os
import pickle
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kpireport.publishing import offspring

MOST = 64 * 2**20
"""Bytes of data that are read ahead; of more, two copies at once would take too much memory."""


class ReadingAhead:
    """A register that another process reads."""

    def __init__(self, reader: int, end: int) -> None:
        self.reader, self._end = reader, end
        """The number of that process; 0 when there is none."""

    def load(self, data: Path) -> Any:
        """Return the register in the folder `data`, as `kpireport.sources.register.load` does."""
        from kpireport.sources import register

        if self._end >= 0:
            with suppress(EOFError, OSError, pickle.UnpicklingError), os.fdopen(os.dup(self._end), "rb") as pipe:
                register.know(pickle.load(pipe))  # noqa: S301 - from a copy of this process
            self.end()
        return register.load(data)

    def end(self) -> None:
        """Stop the other process, when it has not ended, and wait for it."""
        if self._end < 0:
            return
        os.close(self._end)
        self._end = -1
        with suppress(ProcessLookupError):
            os.kill(self.reader, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self.reader, 0)


@contextmanager
def begun(data: Path) -> Iterator[ReadingAhead]:
    """Have the register in a folder read from now on, where this process can be copied and there is a core for it."""
    ahead = _begin(data)
    try:
        yield ahead
    finally:
        ahead.end()


def _begin(data: Path) -> ReadingAhead:
    if not offspring.can_fork() or len(os.sched_getaffinity(0)) < 2 or not 0 < _size(data) <= MOST:
        return ReadingAhead(0, -1)
    end, other = os.pipe()
    reader = offspring.fork(lambda: _read(data, other))
    os.close(other)
    return ReadingAhead(reader, end)


def _size(folder: Path) -> int:
    try:
        return sum(path.stat().st_size for path in folder.glob("*/*") if path.is_file())
    except OSError:
        return 0


def _read(data: Path, end: int) -> None:
    """Read a register, and write it to a pipe; nothing when anything is wrong with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the process that started us decides
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    offspring.let_go({end})
    from kpireport.errors import KpireportError
    from kpireport.sources import register

    with suppress(KpireportError, OSError), os.fdopen(end, "wb") as pipe:
        pickle.dump(register.load(data), pipe, protocol=pickle.HIGHEST_PROTOCOL)
