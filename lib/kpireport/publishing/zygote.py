"""The process from which kernels are copied: it has imported what notebooks import, read the register, and does nothing else.

A kernel copied from it starts in a twentieth of a second instead of two seconds. It never draws, opens no socket of its own and
has no thread, since a copy of a process that has would hang (V8, zmq). It takes its orders from the workers, each by a pipe of
its own (a door), and ends, with every kernel, when the process that started it closes the lifeline or dies. There may be
several, each with what it has assembled itself.
"""

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.connection import Connection
from pathlib import Path

from kpireport.publishing import offspring

Door = Connection
READY = "ready"
"""What a zygote says when kernels can be copied from it."""
PATIENCE = 2.0
"""Seconds that a killed kernel may take to be gone."""


@dataclass(frozen=True)
class Start:
    """Asks for a kernel."""

    arguments: list[str]
    cwd: Path
    log: Path
    """Where what it prints goes, when it is not caught by the notebook."""
    environment: Mapping[str, str]
    """The variables of its environment that differ from those of the zygote."""


@dataclass(frozen=True)
class Poll:
    """Asks whether a kernel has ended."""

    kernel: int


@dataclass(frozen=True)
class Signal:
    """Sends a kernel, and what it started, a signal."""

    kernel: int
    number: int


Order = Start | Poll | Signal


@dataclass(frozen=True)
class Answer:
    """What became of an order."""

    kernel: int | None = None
    """The number of the process that was started."""
    code: int | None = None
    """The exit code of a kernel that has ended."""
    trouble: str = ""
    """Why there is no kernel."""


def serve(
    lifeline: Connection,
    doors: list[Door],
    prepare: Callable[[Connection], None],
    *,
    environment: Mapping[str, str],
    python_path: list[str],
) -> None:
    """Be the zygote until the lifeline is closed.

    Parameters
    ----------
    prepare
        Is called once with the lifeline, before the first order is taken: it does what every kernel would do first, as the
        process that started us asks it to.
    environment
        The variables of the kernels' environment that differ from ours.
    python_path
        The folders in which kernels look for modules first.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the process that started us decides
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    kept = {0, 1, 2, lifeline.fileno(), *(door.fileno() for door in doors)}
    offspring.let_go(kept)
    os.environ |= environment
    time.tzset()
    strangers = {"", os.getcwd(), os.path.dirname(os.path.abspath(sys.argv[0]))} - set(python_path)
    sys.path[:] = [*python_path, *(folder for folder in sys.path if folder not in {*strangers, *python_path})]
    offspring.adopt()
    try:
        prepare(lifeline)
    except (EOFError, OSError):
        return  # nothing more is asked of us
    gc.collect()
    gc.freeze()  # so that a kernel's first collection does not copy the memory that it shares
    with suppress(OSError):
        lifeline.send(READY)
    kernels: dict[int, Door] = {}
    ended: dict[int, int] = {}
    open_doors = list(doors)
    while True:
        for ready in connection.wait([lifeline, *open_doors]):
            if ready is lifeline:
                offspring.end_children()  # kernels, and what notebooks started that went off on its own
                return
            door = next(one for one in open_doors if one is ready)
            try:
                answer = _obey(door.recv(), ended)
            except (EOFError, OSError):
                open_doors.remove(door)
                for kernel in (kernel for kernel, asked in kernels.items() if asked is door):
                    _signal(kernel, signal.SIGKILL, ended)
                continue
            if answer.kernel:
                kernels[answer.kernel] = door
            with suppress(OSError):
                door.send(answer)


def _obey(order: Order, ended: dict[int, int]) -> Answer:
    match order:
        case Start():
            try:
                return Answer(kernel=offspring.fork(lambda: _be_kernel(order)))
            except OSError as error:
                return Answer(trouble=str(error))
        case Poll(kernel):
            return Answer(code=_ended(kernel, ended))
        case Signal(kernel, number):
            return Answer(code=_signal(kernel, number, ended))


def _be_kernel(order: Start) -> None:
    from kpireport.publishing import kernel

    os.setsid()
    os.environ |= order.environment
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    log = os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    offspring.let_go(())
    os.chdir(order.cwd)
    sys.path.insert(0, str(order.cwd))
    sys.argv = [kernel.__file__, *order.arguments]
    kernel.run(order.arguments)


def _ended(kernel: int, ended: dict[int, int]) -> int | None:
    if kernel not in ended:
        number, status = os.waitpid(kernel, os.WNOHANG)
        if number:
            with suppress(ProcessLookupError):
                os.killpg(kernel, signal.SIGKILL)  # whatever the notebook started and left
            ended[kernel] = os.waitstatus_to_exitcode(status)
    return ended.get(kernel)


def _signal(kernel: int, number: int, ended: dict[int, int]) -> int | None:
    if _ended(kernel, ended) is None:
        with suppress(ProcessLookupError):
            os.killpg(kernel, number)
        until = time.monotonic() + (PATIENCE if number == signal.SIGKILL else 0)
        while _ended(kernel, ended) is None and time.monotonic() < until:
            time.sleep(0.001)
    return _ended(kernel, ended)
