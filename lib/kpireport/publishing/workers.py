"""The processes that run notebooks and make their files, one for each core.

Each worker runs a notebook in a kernel, cleans it, and makes the HTML and the PDF of it. Everything a worker or its kernel prints
goes to a file of its own. A worker ends with the process that started it, and its kernel with the worker: nothing is left behind.
"""

import json
import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from types import FrameType

from kpireport.errors import DeadKernelError, KpireportError, RenderingError
from kpireport.presentation.blocks import DRAW_LATER
from kpireport.publishing.document import Head
from kpireport.publishing.plan import Job
from kpireport.publishing.staging import Staging

JOBS = "KPIREPORT_JOBS"
"""The variable of the environment that says how many processes make reports at once; without it, as many as there are cores."""
GRACE = 8
"""Seconds that workers are given to stop their kernels."""


@dataclass(frozen=True)
class Produced:
    """What became of one job. Its files are in `work/STEM/` of the staging folder."""

    job: Job
    head: Head | None
    """The report's title, council and day; None when it failed."""
    attached: dict[str, str]
    """The description of each attached file, by name."""
    warnings: list[str]
    """What libraries wrote to stderr while the notebook ran."""
    seconds: float
    failure: KpireportError | None = None


@dataclass(frozen=True)
class Settings:
    """What every worker needs to know."""

    staging: Staging
    timeout: int
    """Seconds allowed for each cell."""
    python_path: str
    """Where kernels find our package, in the form of PYTHONPATH."""


def run(
    jobs: list[Job], settings: Settings, *, when_done: Callable[[Produced], None], meanwhile: Callable[[], None]
) -> list[Produced]:
    """Return what became of every job, in their order. A job that fails stops none of the others.

    Parameters
    ----------
    when_done
        Takes what became of each job as soon as it is known.
    meanwhile
        Is called about twice a second.

    Raises
    ------
    DeadKernelError
        When a worker itself died.
    """
    produced: dict[str, Produced] = {}
    with _pool(min(_cores(), len(jobs)), settings) as pool:
        waiting: set[Future[Produced]] = {pool.submit(_produce, job) for job in jobs}
        while waiting:
            done, waiting = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
            meanwhile()
            for future in done:
                try:
                    one = future.result()
                except BrokenProcessPool:
                    missing = ", ".join(job.stem for job in jobs if job.stem not in produced)
                    message = f"A process that makes reports died. Was the machine short of memory? Not made: {missing}."
                    raise DeadKernelError(message) from None
                produced[one.job.stem] = one
                when_done(one)
    return [produced[job.stem] for job in jobs]


@contextmanager
def _pool(size: int, settings: Settings) -> Iterator[ProcessPoolExecutor]:
    """Give a pool whose workers are stopped at once when something goes wrong, such as Ctrl-C."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(size, mp_context=context, initializer=_prepare, initargs=(settings,)) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            _stop(multiprocessing.active_children())
            raise


def _stop(workers: list[BaseProcess]) -> None:
    """Stop workers: asked first, so that they can stop their kernels; after `GRACE` seconds, killed.

    A worker may lose the request, when it comes in the middle of a callback of its event loop. The kernel of a killed worker
    notices that its parent has gone, and ends by itself.
    """
    for worker in workers:
        worker.terminate()
    until = time.monotonic() + GRACE
    for worker in workers:
        worker.join(max(0.0, until - time.monotonic()))
        if worker.is_alive():
            worker.kill()


def _cores() -> int:
    if (asked := os.environ.get(JOBS, "")).isdecimal() and int(asked):
        return int(asked)
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_settings: Settings
"""Set once in each worker, when it starts."""


def _prepare(settings: Settings) -> None:
    """Make a new worker's surroundings, and so its kernels', the same on every machine."""
    global _settings
    _settings = settings
    log = os.open(settings.staging.work / f"worker-{os.getpid()}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the process that started us decides
    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    own = settings.staging.work / "jupyter"
    os.environ |= {
        DRAW_LATER: "1",
        "PYTHONPATH": settings.python_path,
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "IPYTHONDIR": str(own / "ipython"),  # nobody's start-up files
        "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
        "JUPYTER_PATH": str(own),
    }


def write_kernel(staging: Staging) -> None:
    """Write the description of the kernel to run: this very Python, whatever kernels the person has installed."""
    folder = staging.work / "jupyter" / "kernels" / "python3"
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "kpireport.publishing.kernel", "-f", "{connection_file}", "--HistoryManager.enabled=False"]
    about = {"argv": command, "display_name": "Python 3", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(about), encoding="utf-8")


def _leave(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise SystemExit(128 + number)  # through papermill, which stops the kernel on its way out


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _produce(job: Job) -> Produced:
    """Run one notebook and make its files; a failure that its reader can put right is part of the answer."""
    from kpireport.publishing import canonical, document, execution, html, pdf

    began = time.perf_counter()
    folder = _settings.staging.work / job.stem
    folder.mkdir()
    kept = folder / f"{job.stem}.ipynb"
    try:
        executed = execution.execute(
            job.notebook,
            job.parameters,
            name=job.stem,
            cwd=_settings.staging.inputs,
            kept=kept,
            timeout=_settings.timeout,
        )
        notebook = document.drawn(canonical.canonical(executed))
        kept.write_bytes(canonical.written(notebook))
        head = document.read(notebook).head
        attached = canonical.attached_files(notebook)
        for file in attached:
            (folder / file.name).write_bytes(file.content)
        (folder / f"{job.stem}.html").write_text(html.export(notebook), encoding="utf-8", newline="\n")
        (folder / f"{job.stem}.pdf").write_bytes(pdf.export(notebook))
    except RenderingError as error:
        return Produced(job, None, {}, [], time.perf_counter() - began, RenderingError(f"{job.stem}: {error}"))
    except KpireportError as error:
        return Produced(job, None, {}, [], time.perf_counter() - began, error)
    return Produced(
        job,
        head,
        {file.name: file.description for file in attached},
        canonical.written_to_stderr(executed),
        time.perf_counter() - began,
    )
