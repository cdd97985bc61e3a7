"""Reports made on the machines of a Dask cluster, with the same files as here.

The caller reads and checks the data, and publishes; the cluster only makes jobs. To it travel the build's inputs and notebooks,
once, by content, and each job's parameters; back come the job's files. A job whose worker is lost is made again by another. The
page of progress is Dask's own.

Trust is Dask's: whoever reaches a scheduler can run any code on its workers and on the machines of its clients, since Dask sends
pickles. Use a cluster that is yours alone, on a network that is; with a tls:// address and certificates in Dask's own
configuration (`distributed.comm.tls`), only holders of a certificate reach it.
"""

import hashlib
import logging
import queue
import re
import time
import uuid
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import dask
import distributed
from distributed import Client, KilledWorker

from kpireport.errors import DeadKernelError, ParameterError
from kpireport.publishing import remote
from kpireport.publishing.orders import Order, Produced, Settings
from kpireport.publishing.parameters import Value
from kpireport.publishing.plan import Job
from kpireport.publishing.remote import Build, Made, Makers, Requirements

REACHED_WITHIN = 6
"""Seconds within which a scheduler must answer."""
PATIENCE = 60.0
"""Seconds for which a build waits for a worker when the last one has gone."""
TRIES = 3
"""How often a job is made whose maker dies."""
_ADDRESS = re.compile(r"(tcp|tls)://[^\s/]+:\d{1,5}")
_makers = Makers()
"""Those of this process, when it is a worker of a cluster."""


@contextmanager
def team(scheduler: str, *, lock: Path, say: Callable[[str], None]) -> Iterator["ClusterTeam"]:
    """Give a cluster that makes reports, as `workers.team` gives processes.

    Parameters
    ----------
    scheduler
        The address of a Dask scheduler, such as tcp://host:8786.
    lock
        What must be installed on every worker, as here.

    Raises
    ------
    ParameterError
        When the scheduler cannot be reached, or a worker's code or libraries are not these.
    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    text = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    with dask.config.set({"distributed.comm.timeouts.connect": f"{REACHED_WITHIN}s"}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"distributed\.")  # of versions, which we compare ourselves, and of large inputs
        with _reached(scheduler) as client:
            requirements = Requirements.here(text)
            _check(client, scheduler, requirements)
            if "dashboard" in client.scheduler_info().get("services", {}):
                say(f"Progress on the cluster: {client.dashboard_link}")
            workers = ClusterTeam(client, scheduler, requirements)
            try:
                yield workers
            finally:
                workers.stop()


@contextmanager
def _reached(scheduler: str) -> Iterator[Any]:
    if not _ADDRESS.fullmatch(scheduler):
        raise ParameterError(f'scheduler: "{scheduler}" is not the address of a Dask scheduler: write it like tcp://host:8786.')
    try:
        client: Any = Client(  # type: ignore[no-untyped-call]
            scheduler, timeout=REACHED_WITHIN, set_as_default=False, name="kpireport"
        )
    except (OSError, TimeoutError, ValueError, RuntimeError, ImportError, TypeError) as error:
        reason = str(error).splitlines()[0] if str(error) else "no answer"
        raise ParameterError(
            f"scheduler: no Dask scheduler answers at {scheduler} ({reason}). "
            "Start one (dask scheduler) with workers (dask worker), or leave SCHEDULER out to build on this machine."
        ) from None
    try:
        yield client
    finally:
        with suppress(OSError, TimeoutError):
            client.close(timeout=2)


def _check(client: Any, scheduler: str, requirements: Requirements) -> None:
    """Refuse a cluster that has no worker, or one whose code or libraries are others."""
    try:
        client.wait_for_workers(1, timeout=REACHED_WITHIN)
    except TimeoutError:
        raise ParameterError(f"scheduler: {scheduler} has no worker. Start some: dask worker {scheduler}") from None
    told: Mapping[str, Any] = client.run(_differences, requirements, on_error="return")
    lines = [f"  {worker}: {'; '.join(found)}" for worker, found in sorted(told.items()) if isinstance(found, list) and found]
    lines += [f"  {worker}: {_reason(error)}" for worker, error in sorted(told.items()) if isinstance(error, BaseException)]
    if lines:
        raise ParameterError(
            "\n".join(
                ["scheduler: workers of the cluster would not make the same files. Give them the code and lock of here.", *lines]
            )
        )


def _reason(error: BaseException) -> str:
    return "kpireport is not installed there" if isinstance(error, ModuleNotFoundError) else str(error) or repr(error)


class ClusterTeam:
    """The cluster as one build uses it: what `workers.Team` is on one machine."""

    def __init__(self, client: Any, scheduler: str, requirements: Requirements) -> None:
        self._client, self._scheduler, self._requirements = client, scheduler, requirements
        self._orders: list[Order] = []
        self._futures: list[Any] = []
        self._ready: list[Any] = []
        self._seen = time.monotonic()
        self._name = uuid.uuid4().hex[:12]
        self._builds: dict[Settings, tuple[Build, Any]] = {}
        """The build, and the inputs as the cluster has them, of each occasion."""

    def get_ready(self, settings: Iterable[Settings], notebooks: Mapping[str, Path]) -> None:
        """Have the workers get ready for occasions whose inputs are copied; those with the same inputs share what is made ready.

        Parameters
        ----------
        notebooks
            Those that jobs may run, by file name.
        """
        self._end_builds()
        started: dict[Build, Any] = {}
        for one in settings:
            packed = remote.pack(one.staging.inputs, notebooks.values())
            digest = hashlib.sha256(packed).hexdigest()
            build = Build(f"{self._name}-{digest[:12]}", self._requirements, one.timeout, one.forms, one.keeps_charts)
            if build not in started:
                # As a task, unlike data that is scattered, it can be had again when every worker that held it is lost.
                started[build] = self._client.submit(_same, packed, key=f"kpireport-inputs-{digest}")
                self._ready += [
                    self._client.submit(
                        _get_ready, build, started[build], key=f"get-ready-{build.name}-{number}", workers=[worker]
                    )
                    for number, worker in enumerate(self._client.scheduler_info(n_workers=-1)["workers"])
                ]
            self._builds[one] = build, started[build]

    def open_sources(self, settings: Settings, count: int, prepare: Callable[[Connection], None]) -> list[Connection]:
        """Return no process of this machine: kernels are copied from a process on each worker."""
        return []

    def begin(self, orders: Iterable[Order]) -> None:
        """Hand all jobs to the cluster."""
        self._orders = list(orders)
        self._futures = [
            self._client.submit(
                _make,
                *self._builds[order.settings],
                order.job.stem,
                order.job.report,
                order.job.notebook.name,
                dict(order.job.parameters),
                key=f"{order.job.stem}-{number}-{self._builds[order.settings][0].name}",
                retries=TRIES - 1,
            )
            for number, order in enumerate(self._orders)
        ]

    def results(self, *, when_done: Callable[[Produced], None], meanwhile: Callable[[], None]) -> list[Produced]:
        """Return what became of every job, in their order, its files in the staging folder; as `workers.Team.results`.

        Raises
        ------
        DeadKernelError
            When the scheduler or every worker has gone, or a job has made several workers die.
        """
        produced: dict[int, Produced] = {}
        pending = {future.key: number for number, future in enumerate(self._futures)}
        finished = queue.SimpleQueue[Any]()
        for future in self._futures:
            future.add_done_callback(finished.put)
        while pending:
            try:
                done = [finished.get(timeout=0.5)]
            except queue.Empty:
                done = []
            meanwhile()
            for future in done:
                number = pending.pop(future.key)
                produced[number] = self._received(self._orders[number], future)
                when_done(produced[number])
            if pending:
                self._look_for_workers(self._orders[number].job for number in pending.values())
        return [produced[number] for number in range(len(self._orders))]

    def _look_for_workers(self, missing: Iterable[Job]) -> None:
        if self._client.scheduler_info(n_workers=-1)["workers"]:
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > PATIENCE:
            stems = ", ".join(job.stem for job in missing)
            raise DeadKernelError(
                f"Every worker of {self._scheduler} has gone. Start some, and run this again. Not made: {stems}."
            )

    def _received(self, order: Order, future: Any) -> Produced:
        job, work = order.job, order.settings.staging.work
        if future.status in {"cancelled", "lost"}:
            raise DeadKernelError(f"The Dask scheduler at {self._scheduler} has gone. Start it again, and run this again.")
        if future.status == "error":
            error = future.exception()
            if isinstance(error, KilledWorker):
                message = f"{job.stem}: every worker that made it died. Were the machines short of memory?"
                raise DeadKernelError(message) from None
            if isinstance(error, ModuleNotFoundError):
                raise ParameterError(f"scheduler: a worker that has come to {self._scheduler} has no kpireport.") from None
            raise error
        made: Made | Exception = future.result()
        if isinstance(made, Exception):
            raise made
        folder = work / job.stem
        folder.mkdir()
        for name, content in made.files.items():
            (folder / Path(name).name).write_bytes(content)
        if made.log:
            (work / f"worker-{job.stem}.log").write_text(made.log, encoding="utf-8")
        future.release()
        return replace(made.produced, job=job)

    def release(self) -> None:
        """Let the processes on the workers end, when there is nothing more to make."""
        self.stop()

    def stop(self) -> None:
        """Cancel what is not finished, and end the processes that the build has on the workers."""
        with suppress(OSError, TimeoutError, CancelledError, RuntimeError):  # a scheduler that has gone
            self._client.cancel([*self._futures, *self._ready])
            self._end_builds()

    def _end_builds(self) -> None:
        for name in {build.name for build, _ in self._builds.values()}:
            self._client.run(_stop, name, on_error="ignore")
        self._builds = {}


# What follows runs on the workers.


def _same(packed: bytes) -> bytes:
    return packed


def _differences(requirements: Requirements) -> list[str]:
    return requirements.differences()


def _folder() -> Path:
    """Return a folder in that of the worker, which Dask removes even after a worker that was killed."""
    return Path(distributed.get_worker().local_directory) / "kpireport"


def _get_ready(build: Build, packed: bytes) -> None:
    _makers.get_ready(build, packed, _folder(), count=distributed.get_worker().state.nthreads)


def _make(
    build: Build, packed: bytes, stem: str, report: str, notebook: str, parameters: Mapping[str, Value]
) -> Made | Exception:
    job = Job(stem, report, Path(notebook), Path(f"{report}.yaml"), parameters)
    try:
        return _makers.make(build, packed, job, _folder())
    except ParameterError as error:
        return ParameterError(f"scheduler: the worker {distributed.get_worker().address} would not make the same files: {error}.")


def _stop(build: str) -> None:
    _makers.stop(build)
