"""What a machine of a cluster does: it keeps processes ready that make reports as they are made locally, one job after another.

Such a process, a maker, is started anew from the code on the disk, since the process that takes the cluster's orders has threads
and must not be copied. It has a team of one (`workers`) in a temporary folder of its own, and ends when it is told to, when
nothing has been asked of it for a while, or when the process that started it has gone. It knows nothing of Dask.
"""

import io
import os
import pickle
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, cast

from kpireport import environment
from kpireport.errors import DeadKernelError, ParameterError
from kpireport.publishing import orders, workers
from kpireport.publishing.orders import Order, Produced, Settings
from kpireport.publishing.plan import Job
from kpireport.publishing.rehearsal import import_ours
from kpireport.publishing.source_code import PACKAGE, source_digest
from kpireport.publishing.staging import Staging

NOTEBOOKS = "notebooks"
IDLE = 120.0
"""Seconds after which a maker without a job ends, lest one stay whose build was killed."""
GRACE = 5.0
"""Seconds that a maker is given to end."""

_MAIN = "import sys; from kpireport.publishing import remote; remote.main(sys.argv[1:])"
"""The program of a maker; run as a module it would have classes of its own, which nobody else could read."""


@dataclass(frozen=True)
class Requirements:
    """What the files of a report depend on beside its inputs: it must be the same on every machine."""

    source_sha256: str
    """The digest of the package's source, as in the manifest."""
    python: str
    """Its version and the platform."""
    lock: str
    """The product's part of the lock."""

    @classmethod
    def here(cls, lock: str) -> "Requirements":
        """Return those of this machine; `lock` is the lock's whole text."""
        return cls(source_digest(), _python(), environment.section(lock, "product") if lock else "")

    def differences(self) -> list[str]:
        """Return in what this machine differs, a line each."""
        found = []
        if source_digest() != self.source_sha256:
            found.append("its kpireport is another version")
        if _python() != self.python:
            found.append(f"it has {_python()}, not {self.python}")
        try:
            return found + environment.unsatisfied(self.lock)
        except ImportError:
            return [*found, "pip is not installed there"]


def _python() -> str:
    return f"Python {platform.python_version()} on {sys.platform}-{platform.machine().lower()}"


@dataclass(frozen=True)
class Build:
    """What all jobs of one build have in common."""

    name: str
    """Different for every build."""
    requirements: Requirements
    timeout: int
    """Seconds allowed for each cell."""
    forms: tuple[str, ...]
    keeps_charts: bool
    """Whether drawings of earlier builds, which the worker has kept, are used."""


@dataclass(frozen=True)
class Made:
    """What became of one job, with its files: what a maker answers."""

    produced: Produced
    files: dict[str, bytes]
    log: str
    """What was printed outside the notebook, when it failed."""


def pack(inputs: Path, notebooks: Iterable[Path]) -> bytes:
    """Return what jobs read, the folder of inputs and the notebooks, as one zip: the same bytes for the same content."""
    files = {f"inputs/{path.relative_to(inputs).as_posix()}": path for path in inputs.rglob("*") if path.is_file()}
    files |= {f"{NOTEBOOKS}/{path.name}": path for path in notebooks}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED, 1)
    return packed.getvalue()


class Maker:
    """A process that makes one report after another of one build, and its folder."""

    def __init__(self, build: Build, packed: bytes, folder: Path) -> None:
        self.build = build
        folder.mkdir(parents=True, exist_ok=True)
        self._root = Path(tempfile.mkdtemp(prefix="build-", dir=folder)).absolute()
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            archive.extractall(self._root)
        path = os.pathsep.join([str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH", "")])])
        with (self._root / "maker.log").open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-c", _MAIN, str(self._root), str(build.timeout), str(int(build.keeps_charts)), *build.forms],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                # One maker makes one report at a time, whatever the variable says of processes at once.
                env=os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": path},
                start_new_session=True,  # Ctrl-C is for the process that takes the orders
            )
        self._asked = cast(IO[bytes], self._process.stdin)
        self._answers = cast(IO[bytes], self._process.stdout)
        self._bored = self._timer()

    def _timer(self) -> threading.Timer:
        timer = threading.Timer(IDLE, self.end)
        timer.daemon = True
        timer.start()
        return timer

    def make(self, job: Job) -> Made | Exception:
        """Return what became of a job, or the defect that stopped it.

        Raises
        ------
        DeadKernelError
            When the process died.
        """
        self._bored.cancel()
        try:
            pickle.dump(replace(job, notebook=self._root / NOTEBOOKS / job.notebook.name), self._asked)
            self._asked.flush()
            answer: Made | Exception = pickle.load(self._answers)  # noqa: S301 - our own process
        except (EOFError, OSError, pickle.UnpicklingError):
            message = f"{job.stem}: a process that makes reports died on {platform.node()}. Was the machine short of memory?"
            raise DeadKernelError(message) from None
        self._bored = self._timer()
        return answer

    @property
    def is_alive(self) -> bool:
        """Whether it can be given a job."""
        return self._process.poll() is None

    def end(self) -> None:
        """Let the process end, and remove its folder."""
        self._bored.cancel()
        with suppress(OSError):
            self._asked.close()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._clear_up()

    def kill(self) -> None:
        """Stop the process at once, with all that it started, and remove its folder."""
        self._bored.cancel()
        self._process.kill()
        self._clear_up()

    def _clear_up(self) -> None:
        self._process.wait()
        for pipe in (self._asked, self._answers):
            with suppress(OSError):
                pipe.close()
        shutil.rmtree(self._root, ignore_errors=True)


class Makers:
    """The makers of one machine: as many as it makes reports at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[Maker] = []
        self._busy: list[Maker] = []
        self._stopped: set[str] = set()

    def get_ready(self, build: Build, packed: bytes, folder: Path, *, count: int) -> None:
        """Start makers for a build, and do not wait until they are ready."""
        _refuse_others(build)
        with self._lock:
            if build.name not in self._stopped:
                there = sum(maker.build == build for maker in self._idle + self._busy)
                self._idle += [Maker(build, packed, folder) for _ in range(count - there)]

    def make(self, build: Build, packed: bytes, job: Job, folder: Path) -> Made | Exception:
        """Have a job made by a maker that is idle, or by a new one.

        Raises
        ------
        ParameterError
            When this machine's code or libraries are not those of the build.
        DeadKernelError
            When the maker died.
        """
        with self._lock:
            maker = next((one for one in self._idle if one.build == build and one.is_alive), None)
            if maker is not None:
                self._idle.remove(maker)
                self._busy.append(maker)
        if maker is None:
            _refuse_others(build)
            with self._lock:
                if build.name in self._stopped:
                    raise DeadKernelError(f"{job.stem}: the build was stopped.")
                maker = Maker(build, packed, folder)
                self._busy.append(maker)
        try:
            made = maker.make(job)
        except BaseException:
            maker.kill()
            with self._lock:
                self._busy.remove(maker)
            raise
        with self._lock:
            self._busy.remove(maker)
            if build.name not in self._stopped:
                self._idle.append(maker)
                return made
        maker.end()
        return made

    def stop(self, build: str) -> None:
        """End the makers of a build; those that are making a report are killed."""
        with self._lock:
            self._stopped.add(build)
            idle = [maker for maker in self._idle if maker.build.name == build]
            busy = [maker for maker in self._busy if maker.build.name == build]
            self._idle = [maker for maker in self._idle if maker not in idle]
        for maker in busy + idle:
            maker.kill()


def _refuse_others(build: Build) -> None:
    if found := build.requirements.differences():
        raise ParameterError("; ".join(found))


def main(arguments: list[str]) -> None:
    """Be a maker: read jobs from the standard input and write what became of them to the standard output."""
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # whatever is printed goes to the log
    os.close(nothing)
    root, parent = Path(arguments[0]), os.getppid()
    settings = Settings(
        Staging(root), int(arguments[1]), str(PACKAGE.parent), tuple(arguments[3:]), keeps_charts=arguments[2] == "1"
    )
    settings.staging.work.mkdir()
    orders.write_kernel(settings.staging)
    notebooks = sorted((root / NOTEBOOKS).iterdir())

    def prepare() -> None:
        import_ours(notebooks, {"kpireport"})
        with suppress(Exception):  # it goes wrong again in the notebook, which says so
            from kpireport.sources import register

            register.load(settings.staging.inputs / "data")

    def leave_with_parent() -> None:
        if os.getppid() != parent:
            raise SystemExit(1)

    try:
        with workers.team(settings, size=1) as team:
            team.copy_kernels_from_here(prepare)
            with suppress(EOFError):
                while True:
                    job = pickle.load(asked)  # noqa: S301 - from the process that started us
                    team.begin([Order(job, settings, 0)])
                    try:
                        (produced,) = team.results(when_done=lambda one: None, meanwhile=leave_with_parent)
                        answer: Made | Exception = _made(settings, produced)
                    except DeadKernelError:
                        raise  # the team's own process died
                    except Exception as error:
                        answer = error
                    pickle.dump(answer, answers)
                    answers.flush()
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _made(settings: Settings, produced: Produced) -> Made:
    """Take a job's files from the staging folder, so that the same job can be made there again."""
    folder = settings.staging.work / produced.job.stem
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    shutil.rmtree(folder)
    logs = sorted(settings.staging.work.glob("worker-*.log")) if produced.failure else []
    return Made(produced, files, "".join(log.read_text(encoding="utf-8", errors="replace") for log in logs))
