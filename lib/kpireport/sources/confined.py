"""Have a file that anybody can send read in a process of its own, which is stopped when it takes too long or too much memory.

One process reads file after file and is started anew only when it had to be stopped. It is given a function of ours by name, and
gives back plain values (texts, numbers, lists), never objects: whatever a file does to it ends there.

The limits are the machine's own where it has them (Linux, macOS): seconds of a processor, so that a busy machine refuses nothing.
A watch ends the process on every machine.
"""

import atexit
import io
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, cast

SECONDS = 10
"""Of a processor, for one file."""
PATIENCE = 6
"""How many times as long a file may take by the clock."""
MEMORY = 400_000_000
"""Bytes, beside the hundred million of a process that has read nothing."""
_LARGEST_FILE = 1 << 28
_SIZE = struct.Struct(">BQ")
_ROOT = Path(__file__).resolve().parents[2]


class Why(StrEnum):
    """Why a call had no answer."""

    TIME = "time"
    MEMORY = "memory"
    DEATH = "death"


class StoppedError(Exception):
    """The process had to be stopped, or died: `why` says of what."""

    def __init__(self, why: Why) -> None:
        super().__init__(str(why))
        self.why = why


class Confined:
    """One process, started when it is first called."""

    def __init__(self, *, seconds: int = SECONDS, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._lock = threading.Lock()

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what `function`, of one of our modules, gives for some plain values.

        Raises
        ------
        StoppedError
            When it takes too long or too much memory, or ends the process.
        """
        asked = pickle.dumps((function, arguments), pickle.HIGHEST_PROTOCOL)
        with self._lock:
            if self._process is not None and (self._owner != os.getpid() or self._process.poll() is not None):
                self._process = None  # of the process that this one was forked from, or ended
            process = self._process = self._process or self._start()
            is_late = threading.Event()

            def stop() -> None:
                is_late.set()
                process.kill()

            watch = threading.Timer(self._seconds * PATIENCE, stop)
            watch.daemon = True
            watch.start()
            try:
                _send(cast(IO[bytes], process.stdin), 0, asked)
                state, answer = _receive(cast(IO[bytes], process.stdout))
            except (EOFError, OSError):
                self._process = None
                code = _ended(process)
                is_late_by_its_own = hasattr(signal, "SIGXCPU") and code == -signal.SIGXCPU
                raise StoppedError(Why.TIME if is_late.is_set() or is_late_by_its_own else Why.DEATH) from None
            except BaseException:  # stopped by hand: its answer is waited for no more
                self._process = None
                process.kill()
                raise
            finally:
                watch.cancel()
            if state == 1:  # its memory is as it is: the next file begins anew
                self._process = None
                _ended(process)
                raise StoppedError(Why.MEMORY)
        given = _Plain(io.BytesIO(answer)).load()
        if state == 2:
            raise RuntimeError(f"A defect in a reader:\n{given}")
        return given

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            if self._process is not None and self._owner == os.getpid():
                _ended(self._process)
            self._process = None

    def _start(self) -> "subprocess.Popen[bytes]":
        paths = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH", "")])])
        program = "from kpireport.sources import confined; confined.serve()"
        self._owner = os.getpid()
        return subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-c", program, str(self._seconds), str(self._memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"},
        )


class _Plain(pickle.Unpickler):
    """Reads plain values alone."""

    def find_class(self, module: str, name: str, /) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is not a plain value")


readers = Confined()
"""What reads files that come from elsewhere."""
atexit.register(readers.close)


def _ended(process: "subprocess.Popen[bytes]") -> int:
    """Make sure that a process has ended; return its code."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue
    try:
        return process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _send(pipe: IO[bytes], state: int, content: bytes) -> None:
    pipe.write(_SIZE.pack(state, len(content)))
    pipe.write(content)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> tuple[int, bytes]:
    head = pipe.read(_SIZE.size)
    if len(head) < _SIZE.size:
        raise EOFError
    state, size = _SIZE.unpack(head)
    content = pipe.read(size)
    if len(content) < size:
        raise EOFError
    return state, content


def serve() -> None:
    """Answer one call after another, until nobody asks any more. This is what the process does."""
    import gc
    import traceback

    seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    gc.disable()  # cells refer to nothing that refers to them
    is_limited = False
    while True:
        try:
            _, content = _receive(asked)
        except EOFError:
            return
        try:
            function, arguments = pickle.loads(content)  # noqa: S301 - from the process that started this one
            if not is_limited:
                _limit(memory)
                is_limited = True
            _allow(seconds)
            given = pickle.dumps(function(*arguments), pickle.HIGHEST_PROTOCOL)
        except MemoryError:
            _send(answers, 1, b"")
            return
        except Exception:
            _send(answers, 2, pickle.dumps(traceback.format_exc()))
            continue
        _send(answers, 0, given)


def _limit(memory: int) -> None:
    """Limit this process to so many bytes more than it has, and let it write no large file."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    if hard == resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return  # where the size cannot be told, it cannot be limited
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = pages * resource.getpagesize() + memory
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _allow(seconds: int) -> None:
    """Give this process so many seconds of a processor more."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    most = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
