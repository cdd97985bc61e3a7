"""Child processes that are copies of their parent: what they must let go of, and how they end with it.

Only where a process can be copied safely, which is Linux, and only while it has one thread.
"""

import ctypes
import os
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_NEVER_COPIED = {"vl_convert", "typst", "polars", "duckdb", "distributed"}
"""Libraries with threads of their own: in a copy of a process that has used one, it would wait for them for ever."""


def can_fork() -> bool:
    """Whether this process may be copied, here and now."""
    return sys.platform == "linux" and threading.active_count() == 1 and not _NEVER_COPIED & sys.modules.keys()


def end_with_parent(parent: int) -> None:
    """Ask the system to kill this process as soon as `parent`, which started it, has ended, however it ended."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before it could be asked
        os._exit(1)


def adopt() -> None:
    """Become the parent of every descendant whose own parent ends, so that `end_children` finds what went off on its own."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_children() -> None:
    """Kill every child of this process, and theirs as they become ours."""
    while children := _children():
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(child, 0)


def _children() -> list[int]:
    found = []
    for name in filter(str.isdecimal, os.listdir("/proc")):
        with suppress(OSError):
            told = Path(f"/proc/{name}/stat").read_text(encoding="utf-8", errors="replace")
            if int(told.rpartition(")")[2].split()[1]) == os.getpid():
                found.append(int(name))
    return found


def let_go(kept: Collection[int]) -> None:
    """Put /dev/null in the place of every open file that was inherited, but for the three standard ones and `kept`.

    They are not closed: an inherited object that is thrown away later would close whatever had taken the number meanwhile.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    for name in os.listdir("/proc/self/fd"):
        number = int(name)
        if number > 2 and number != nothing and number not in kept and os.path.exists(f"/proc/self/fd/{number}"):
            os.dup2(nothing, number)
    os.close(nothing)


def fork(run: Callable[[], None], *, ends_with_parent: bool = True) -> int:
    """Return the number of a new copy of this process, which does what `run` says, ends, and never comes back here."""
    parent = os.getpid()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads of libraries that are prepared for it
        child = os.fork()
    if child:
        return child
    code = 1
    try:
        if ends_with_parent:
            end_with_parent(parent)
        run()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


@contextmanager
def watched(clear_up: Callable[[], None]) -> Iterator[None]:
    """Have `clear_up` called by another process should this one die within the block, even when it is killed outright."""
    if not can_fork():
        yield
        return
    end, lifeline = os.pipe()
    watcher = fork(lambda: _watch(end, clear_up), ends_with_parent=False)
    os.close(end)
    try:
        yield
    finally:
        with suppress(BrokenPipeError):  # it was killed itself
            os.write(lifeline, b".")
        os.close(lifeline)
        os.waitpid(watcher, 0)


def _watch(end: int, clear_up: Callable[[], None]) -> None:
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)  # whoever waits for what our parent prints must not wait for us
    let_go({end})
    if not os.read(end, 1):
        clear_up()
