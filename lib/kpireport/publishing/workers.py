"""The processes that make reports, one for each core, and the one from which their kernels are copied.

Each worker runs a notebook in a kernel, cleans it, and makes the HTML and the PDF of it. Everything a worker or its kernel prints
goes to a file of its own. Workers and kernels end with the process that started them, however it ends: nothing is left behind.
Where a process cannot be copied safely, workers and kernels are started anew, which takes longer and gives the same files.
"""

import multiprocessing
import os
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing import connection, reduction
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from kpireport.errors import DeadKernelError
from kpireport.publishing import offspring, worker_process, zygote
from kpireport.publishing.orders import Order, Produced, Settings
from kpireport.publishing.plan import Job

JOBS = "KPIREPORT_JOBS"
"""The variable of the environment that says how many processes make reports at once; without it, as many as there are cores."""
KERNELS = "KPIREPORT_KERNELS"
"""The variable of the environment that, when it says "ordinary", has every kernel started as a process of its own."""
GRACE = 8
"""Seconds that workers are given to stop kernels that are no copies."""


def run(
    jobs: list[Job], settings: Settings, *, when_done: Callable[[Produced], None], meanwhile: Callable[[], None]
) -> list[Produced]:
    """Return what became of every job, in their order, made by a team of its own (`Team.results`)."""
    with team(settings, size=len(jobs)) as workers:
        workers.copy_kernels_from_here(lambda: None)
        workers.begin([Order(job, settings, 0) for job in jobs])
        return workers.results(when_done=when_done, meanwhile=meanwhile)


@contextmanager
def team(settings: Settings, *, size: int | None = None) -> Iterator["Team"]:
    """Give processes that make reports, as many as there are cores or `size`, and stop them at the end.

    They begin at once to get ready, while the caller finds out what is to be made. `settings` are those of the first jobs.
    """
    workers = Team(settings, cores() if size is None else min(cores(), size))
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
    order: Order | None = None
    """What it makes just now."""
    number: int = 0
    """The place of that among the orders."""
    is_used: bool = False
    """Whether it was ever given anything to make."""


@dataclass
class _Source:
    """A process from which kernels are copied."""

    process: BaseProcess
    lifeline: Connection
    is_ready: bool | None = None
    """Whether kernels can be copied from it; None until that has to be known."""


class Team:
    """The processes of one build, or of several after each other."""

    def __init__(self, settings: Settings, size: int) -> None:
        self._settings = settings
        self._are_copies = offspring.can_fork()
        self._copies_kernels = can_copy_kernels()
        if self._are_copies:
            from kpireport.publishing import making  # noqa: F401 - imported once for all of them
        self._sources: list[_Source] = []
        self._orders: list[Order] = []
        self._waiting: deque[int] = deque()
        self._workers = [self._new_worker() for _ in range(size)]

    def _new_worker(self) -> _Worker:
        ours, theirs = multiprocessing.Pipe()
        process = _start(worker_process.work, theirs, self._settings, os.getpid() if self._are_copies else None)
        theirs.close()
        return _Worker(process, ours)

    def get_ready(self, settings: Iterable[Settings], notebooks: Mapping[str, Path]) -> None:
        """Do nothing: what notebooks read is on this machine."""

    def copy_kernels_from_here(self, prepare: Callable[[], None]) -> None:
        """Have kernels copied from this process as it is now: what it has imported and read, they have.

        Parameters
        ----------
        prepare
            What else every kernel would do first; called where the kernels are copied from, while this process goes on.
        """
        self.open_sources(self._settings, 1, lambda lifeline: prepare())

    def open_sources(self, settings: Settings, count: int, prepare: Callable[[Connection], None]) -> list[Connection]:
        """Start processes that are copies of this one as it is now, from which kernels are then copied, in place of earlier ones.

        Parameters
        ----------
        prepare
            What each does first, there: it may take orders and answer by the connection that it is given.

        Returns
        -------
        list[Connection]
            Our end of that connection for each of them; none where kernels cannot be copied.
        """
        self._close_sources()
        if not self._copies_kernels or not offspring.can_fork():
            return []
        theirs: list[list[Connection]] = []
        for _ in range(count):
            lifeline, end = multiprocessing.Pipe()
            pairs = [multiprocessing.Pipe() for _ in self._workers]
            doors = [door for door, _ in pairs]
            process = _start(worker_process.be_zygote, end, doors, prepare, settings, os.getpid())
            self._sources.append(_Source(process, lifeline))
            theirs.append([door for _, door in pairs])
            for inherited in (end, *doors):
                inherited.close()
        for number, worker in enumerate(self._workers):
            with suppress(OSError):  # a dead one is found out when its answer is waited for
                worker.pipe.send(count)
                for doors in theirs:
                    reduction.send_handle(worker.pipe, doors[number].fileno(), worker.process.pid)
        for doors in theirs:
            for door in doors:
                door.close()
        return [source.lifeline for source in self._sources]

    def begin(self, orders: Iterable[Order]) -> None:
        """Give every worker its first job, as soon as there is what kernels are copied from; the rest wait for `results`."""
        self._orders = [order if self._has(order.source) else replace(order, source=None) for order in orders]
        self._waiting = deque(range(len(self._orders)))
        self._hand_out()

    def _has(self, number: int | None) -> bool:
        """Return whether kernels can be copied from a source; where it has died, or there is none, they are started anew."""
        if number is None or number >= len(self._sources):
            return False
        source = self._sources[number]
        if source.is_ready is None:
            source.is_ready = False
            with suppress(EOFError, OSError):
                source.is_ready = bool(source.lifeline.recv() == zygote.READY)
        return source.is_ready

    def _hand_out(self) -> None:
        for worker in self._workers:
            if worker.order is None and self._waiting:
                worker.number = self._waiting.popleft()
                worker.order, worker.is_used = self._orders[worker.number], True
                with suppress(OSError):  # a dead one is found out when its answer is waited for
                    worker.pipe.send(worker.order)

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
        produced: dict[int, Produced] = {}
        while len(produced) < len(self._orders):
            answering = connection.wait([worker.pipe for worker in self._workers if worker.order is not None], timeout=0.5)
            meanwhile()
            for worker in self._workers:
                if worker.pipe not in answering:
                    continue
                try:
                    answer = worker.pipe.recv()
                except (EOFError, OSError):
                    missing = ", ".join(order.job.stem for number, order in enumerate(self._orders) if number not in produced)
                    message = f"A process that makes reports died. Was the machine short of memory? Not made: {missing}."
                    raise DeadKernelError(message) from None
                if isinstance(answer, BaseException):
                    raise answer
                number, worker.order = worker.number, None
                self._hand_out()
                produced[number] = answer
                when_done(answer)
        return [produced[number] for number in range(len(self._orders))]

    def release(self) -> None:
        """Let every process end, when there is nothing more to make, and do not wait for it."""
        self._end_kernels()
        for worker in self._workers:
            if not worker.is_used:
                worker.process.kill()  # it may not even be ready yet
            with suppress(OSError):
                worker.pipe.send(None)

    def dismiss(self) -> None:
        """Let every process end, when there is nothing more to make."""
        self.release()
        self._wait_for_all(GRACE)

    def stop(self) -> None:
        """Stop every process at once.

        A worker whose kernel is no copy is asked first, so that it can stop it. It may lose the request, when it comes in the
        middle of a callback of its event loop; the kernel of a killed worker notices that its parent has gone, and ends.
        """
        self._end_kernels()
        for worker in self._workers:
            if worker.order is None or worker.order.source is not None:
                worker.process.kill()
            else:
                worker.process.terminate()
        self._wait_for_all(GRACE)

    def _end_kernels(self) -> None:
        for source in self._sources:
            source.lifeline.close()
            if source.is_ready is None:
                source.process.kill()  # it still prepares itself, and has no kernel yet

    def _close_sources(self) -> None:
        self._end_kernels()
        _wait_for([source.process for source in self._sources], GRACE)
        self._sources = []

    def _wait_for_all(self, patience: float) -> None:
        _wait_for([*(worker.process for worker in self._workers), *(source.process for source in self._sources)], patience)
        for worker in self._workers:
            worker.pipe.close()


def _wait_for(processes: Iterable[BaseProcess], patience: float) -> None:
    """Wait until processes have ended, and end those that take longer than `patience` seconds.

    They are looked at again and again: what `Process.join` waits for was let go of by the process itself (`offspring.let_go`).
    """
    until, left = time.monotonic() + patience, list(processes)
    while left := [process for process in left if process.is_alive()]:
        if time.monotonic() > until:
            for process in left:
                process.kill()
                process.join()
        time.sleep(0.002)


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


def cores() -> int:
    """Return how many processes work at once."""
    if (asked := os.environ.get(JOBS, "")).isdecimal() and int(asked):
        return int(asked)
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
