"""A process that makes reports, one job after another, or from which kernels are copied: what it does from its start.

What they or their kernels print goes to files in the staging folder.
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
from multiprocessing import connection
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from kpireport.publishing import offspring, zygote
from kpireport.publishing.staging import Staging

if TYPE_CHECKING:
    from kpireport.publishing.workers import Produced, Settings


def work(pipe: Connection, door: zygote.Door | None, settings: "Settings", parent: int | None) -> None:
    """Make one job after another, until there is none or the process that started us has gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the process that started us decides
    signal.signal(signal.SIGTERM, _leave)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if parent is not None:
        offspring.end_with_parent(parent)
        offspring.let_go({pipe.fileno(), *([door.fileno()] if door else [])})
    else:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    _print_to_log(settings.staging)
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    os.environ |= settings.environment
    from kpireport.publishing import making

    making.get_ready()
    with suppress(EOFError):
        while (order := pipe.recv()) is not None:
            job, has_zygote = order
            try:
                answer: Produced | BaseException = making.make(
                    job, settings, log=_log(settings.staging), door=door if has_zygote else None
                )
            except Exception as error:
                answer = _portable(error)
            pipe.send(answer)


def _log(staging: Staging) -> Path:
    return staging.work / f"worker-{os.getpid()}.log"


def _print_to_log(staging: Staging) -> None:
    log = os.open(_log(staging), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)


def _portable(error: Exception) -> Exception:
    """Return an error that another process can be told, with where it came about."""
    told = traceback.format_exc()
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:
        error = RuntimeError(repr(error))
    error.add_note(f"In a process that makes reports:\n{told}")
    return error


def be_zygote(
    lifeline: Connection, doors: list[zygote.Door], prepare: Callable[[], None], settings: "Settings", parent: int
) -> None:
    """Be the process from which kernels are copied (`zygote.serve`)."""
    offspring.end_with_parent(parent)
    _print_to_log(settings.staging)
    zygote.serve(lifeline, doors, prepare, environment=settings.environment, python_path=settings.python_path.split(os.pathsep))


def _leave(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise SystemExit(128 + number)  # through papermill, which stops the kernel on its way out


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
