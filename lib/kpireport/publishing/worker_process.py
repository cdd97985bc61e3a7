"""A process that makes reports, one job after another, or from which kernels are copied: what it does from its start.

What they or their kernels print goes to files in the staging folder of what they just make.
"""

import logging
import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import connection, reduction
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from kpireport.publishing import offspring, zygote
from kpireport.publishing.staging import Staging

if TYPE_CHECKING:
    from kpireport.publishing.orders import Produced, Settings


def work(pipe: Connection, settings: "Settings", parent: int | None) -> None:
    """Make one job after another, until there is none or the process that started us has gone.

    `settings` are those of the first jobs. A number announces as many new doors, each to a process that kernels are copied from.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the process that started us decides
    signal.signal(signal.SIGTERM, _leave)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if parent is not None:
        offspring.end_with_parent(parent)
        offspring.let_go({pipe.fileno()})
    else:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    _move_to(settings)
    from kpireport.publishing import making

    making.get_ready(settings)
    doors: list[zygote.Door] = []
    with suppress(EOFError):
        while (order := pipe.recv()) is not None:
            if isinstance(order, int):
                for door in doors:
                    door.close()
                doors = [Connection(reduction.recv_handle(pipe)) for _ in range(order)]
                continue
            _move_to(order.settings)
            own = None if order.source is None else doors[order.source]
            try:
                answer: Produced | BaseException = making.make(
                    order.job, order.settings, log=_log(order.settings.staging), door=own
                )
            except Exception as error:
                answer = portable(error)
            _print_to(Path(os.devnull))  # the staging folder may be removed now
            pipe.send(answer)


def _move_to(settings: "Settings") -> None:
    """Print to the staging folder of what is made next, and have its surroundings."""
    _print_to(_log(settings.staging))
    os.environ |= settings.environment


def _log(staging: Staging) -> Path:
    return staging.work / f"worker-{os.getpid()}.log"


def _print_to(path: Path) -> None:
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)


def portable(error: Exception) -> Exception:
    """Return an error that another process can be told, with where it came about."""
    told = traceback.format_exc()
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:
        error = RuntimeError(repr(error))
    error.add_note(f"In a process that makes reports:\n{told}")
    return error


def be_zygote(
    lifeline: Connection, doors: list[zygote.Door], prepare: Callable[[Connection], None], settings: "Settings", parent: int
) -> None:
    """Be the process from which kernels are copied (`zygote.serve`)."""
    offspring.end_with_parent(parent)
    _print_to(_log(settings.staging))
    zygote.serve(lifeline, doors, prepare, environment=settings.environment, python_path=settings.python_path.split(os.pathsep))


def _leave(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise SystemExit(128 + number)  # through papermill, which stops the kernel on its way out


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
