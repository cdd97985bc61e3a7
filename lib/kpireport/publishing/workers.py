"""The processes that make reports, one for each core, and the one from which their kernels are copied.

Each worker runs a notebook in a kernel, cleans it, and makes the HTML and the PDF of it. Everything a worker or its kernel prints
goes to a file of its own. Workers and kernels end with the process that started them, however it ends: nothing is left behind.
Where a process cannot be copied safely, workers and kernels are started anew, which takes longer and gives the same files.
"""

import json
import multiprocessing
import os
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from kpireport.errors import DeadKernelError, KpireportError
from kpireport.presentation.blocks import DRAW_LATER
from kpireport.publishing import chart_cache, offspring, worker_process, zygote
from kpireport.publishing.document import Head
from kpireport.publishing.plan import Job
from kpireport.publishing.staging import Staging

FORMS = ("html", "pdf")

JOBS = "KPIREPORT_JOBS"
"""The variable of the environment that says how many processes make reports at once; without it, as many as there are cores."""
KERNELS = "KPIREPORT_KERNELS"
"""The variable of the environment that, when it says "ordinary", has every kernel started as a process of its own."""
GRACE = 8
"""Seconds that workers are given to stop kernels that are no copies."""


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
    kernel_seconds: float = 0.0
    """How long papermill waited for its kernel."""


@dataclass(frozen=True)
class Settings:
    """What everyone who makes a job needs to know."""

    staging: Staging
    timeout: int
    """Seconds allowed for each cell."""
    python_path: str
    """Where kernels find our package, in the form of PYTHONPATH."""
    forms: tuple[str, ...] = FORMS
    """In which forms a report is written, of `FORMS`."""
    keeps_charts: bool = True
    """Whether drawings outlive the build, and those of earlier builds are used."""

    @property
    def charts(self) -> Path:
        """The folder of the charts' drawings."""
        return (self.staging.root.parent if self.keeps_charts else self.staging.work) / chart_cache.NAME

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make a kernel's surroundings the same on every machine."""
        own = self.staging.work.absolute() / "jupyter"
        return {
            DRAW_LATER: "1",
            "PYTHONPATH": self.python_path,
            "PYTHONHASHSEED": "0",
            "TZ": "UTC",
            "IPYTHONDIR": str(own / "ipython"),  # nobody's start-up files
            "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
            "JUPYTER_PATH": str(own),
        }


def run(
    jobs: list[Job], settings: Settings, *, when_done: Callable[[Produced], None], meanwhile: Callable[[], None]
) -> list[Produced]:
    """Return what became of every job, in their order, made by a team of its own (`Team.results`)."""
    with team(settings, size=len(jobs)) as workers:
        workers.copy_kernels_from_here(lambda: None)
        workers.begin(jobs)
        return workers.results(when_done=when_done, meanwhile=meanwhile)


@contextmanager
def team(settings: Settings, *, size: int | None = None) -> Iterator["Team"]:
    """Give processes that make reports, as many as there are cores or `size`, and stop them at the end.

    They begin at once to get ready, while the caller finds out what is to be made.
    """
    workers = Team(settings, _cores() if size is None else min(_cores(), size))
    try:
        yield workers
    except BaseException:
        workers.stop()
        raise
    workers.dismiss()


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    door: zygote.Door | None
    """The zygote's end of the worker's way to it, until there is a zygote."""
    job: Job | None = None


class Team:
    """The processes of one build."""

    def __init__(self, settings: Settings, size: int) -> None:
        self._settings = settings
        self._are_copies = offspring.can_fork()
        self._copies_kernels = can_copy_kernels()
        self._lifeline: Connection | None = None
        self._zygote: BaseProcess | None = None
        self._has_zygote: bool | None = None
        """Whether kernels are copied; None until that has to be known."""
        self._jobs: list[Job] = []
        self._waiting: deque[Job] = deque()
        self._workers = [self._new_worker() for _ in range(size)]

    def _new_worker(self) -> _Worker:
        ours, theirs = multiprocessing.Pipe()
        their_door, door = multiprocessing.Pipe() if self._copies_kernels else (None, None)
        process = _start(worker_process.work, theirs, their_door, self._settings, os.getpid() if self._are_copies else None)
        theirs.close()
        if their_door is not None:
            their_door.close()
        return _Worker(process, ours, door)

    def copy_kernels_from_here(self, prepare: Callable[[], None]) -> None:
        """Have kernels copied from this process as it is now: what it has imported and read, they have.

        Parameters
        ----------
        prepare
            What else every kernel would do first; called where the kernels are copied from, while this process goes on.
        """
        if not self._copies_kernels or not offspring.can_fork():
            return
        self._lifeline, end = multiprocessing.Pipe()
        doors = [worker.door for worker in self._workers if worker.door is not None]
        self._zygote = _start(worker_process.be_zygote, end, doors, prepare, self._settings, os.getpid())
        for inherited in (end, *doors):
            inherited.close()

    def begin(self, jobs: Iterable[Job]) -> None:
        """Give every worker its first job, as soon as there is what kernels are copied from; the rest wait for `results`."""
        if self._has_zygote is None:
            self._has_zygote = self._await_zygote()
        self._jobs = list(jobs)
        self._waiting = deque(self._jobs)
        self._hand_out()

    def _await_zygote(self) -> bool:
        """Return whether kernels can be copied; where there is no zygote or it has died, they are started anew."""
        if self._lifeline is not None:
            with suppress(EOFError, OSError):
                return bool(self._lifeline.recv() == "ready")
        return False

    def _hand_out(self) -> None:
        for worker in self._workers:
            if worker.job is None and self._waiting:
                worker.job = self._waiting.popleft()
                with suppress(OSError):  # a dead one is found out when its answer is waited for
                    worker.pipe.send((worker.job, self._has_zygote))

    def results(self, *, when_done: Callable[[Produced], None], meanwhile: Callable[[], None]) -> list[Produced]:
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
        while len(produced) < len(self._jobs):
            answering = connection.wait([worker.pipe for worker in self._workers if worker.job is not None], timeout=0.5)
            meanwhile()
            for worker in self._workers:
                if worker.pipe not in answering:
                    continue
                try:
                    answer = worker.pipe.recv()
                except (EOFError, OSError):
                    missing = ", ".join(job.stem for job in self._jobs if job.stem not in produced)
                    message = f"A process that makes reports died. Was the machine short of memory? Not made: {missing}."
                    raise DeadKernelError(message) from None
                if isinstance(answer, BaseException):
                    raise answer
                worker.job = None
                self._hand_out()
                produced[answer.job.stem] = answer
                when_done(answer)
        return [produced[job.stem] for job in self._jobs]

    def dismiss(self) -> None:
        """Let every process end, when there is nothing more to make."""
        self._end_kernels()
        for worker in self._workers:
            with suppress(OSError):
                worker.pipe.send(None)
        self._wait_for_all(GRACE)

    def stop(self) -> None:
        """Stop every process at once.

        A worker whose kernel is no copy is asked first, so that it can stop it. It may lose the request, when it comes in the
        middle of a callback of its event loop; the kernel of a killed worker notices that its parent has gone, and ends.
        """
        self._end_kernels()
        for worker in self._workers:
            if self._has_zygote or worker.job is None:
                worker.process.kill()
            else:
                worker.process.terminate()
        self._wait_for_all(GRACE)

    def _end_kernels(self) -> None:
        if self._lifeline is not None:
            self._lifeline.close()

    def _wait_for_all(self, patience: float) -> None:
        until = time.monotonic() + patience
        for process in [worker.process for worker in self._workers] + ([self._zygote] if self._zygote else []):
            process.join(max(0.0, until - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()
        for worker in self._workers:
            worker.pipe.close()


def can_copy_kernels() -> bool:
    """Whether kernels may be copies of this process.

    Sets of words are walked through in the same order in every kernel only when the seed of their hashes is fixed.
    """
    return offspring.can_fork() and not sys.flags.hash_randomization and os.environ.get(KERNELS, "") != "ordinary"


def _start(target: Callable[..., None], *arguments: object) -> BaseProcess:
    """Start a process: a copy of this one where that is safe."""
    context = multiprocessing.get_context("fork" if offspring.can_fork() else "spawn")
    process: BaseProcess = context.Process(target=target, args=arguments, daemon=True)  # type: ignore[attr-defined]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads of libraries that are prepared for it
        process.start()
    return process


def _cores() -> int:
    if (asked := os.environ.get(JOBS, "")).isdecimal() and int(asked):
        return int(asked)
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def write_kernel(staging: Staging) -> None:
    """Write the description of the kernel to run: this very Python, whatever kernels the person has installed."""
    folder = staging.work / "jupyter" / "kernels" / "python3"
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "kpireport.publishing.kernel", "-f", "{connection_file}"]
    about = {
        "argv": command,
        "display_name": "Python 3",
        "language": "python",
        "metadata": {"supported_encryption": "curve"},  # what a kernel says is for nobody else on the machine
    }
    (folder / "kernel.json").write_text(json.dumps(about), encoding="utf-8")
