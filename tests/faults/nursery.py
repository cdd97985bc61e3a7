"""Builds of tiny projects that begin in a moment: each is a copy of a process that has imported what a build imports.

A build is otherwise as a person starts it: a session of its own, one thread, its own environment and folder for temporary files.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import psutil
from separate_build import MARK, Build

CHART = """
from kpireport.presentation.blocks import Attachment, Chart, Page
spec = {{"data": {{"values": [{{"a": n, "b": n % {several}}} for n in range(9)]}}, "mark": "bar",
        "encoding": {{"x": {{"field": "a", "type": "ordinal"}}, "y": {{"field": "b", "type": "quantitative"}}}}}}
Page((Chart(spec, "Nine bars", "number", "made up", "Nine bars of some heights."),
      Attachment("results.csv", "text/csv", b"kpi_id\\nAH-0{several}\\n", "Every figure")))
"""
"""A cell with a chart and a file; `several` tells one state of the report from another."""
SERVER = """
import sys
sys.path[:0] = {paths}
import ctypes, importlib, json, os, resource, signal
import tiny_project
import nbclient, nbconvert, nbformat, papermill, pandas
from kpireport import interrupts
from kpireport.__main__ import STOPPED, main
from kpireport.publishing import execution, kernel, plan, publication
asked = {{}}
signal.pthread_sigmask(signal.SIG_BLOCK, interrupts.STOPPING)  # until the copy is ready for them
print("ready", flush=True)
for line in sys.stdin:
    order = json.loads(line)
    if "poll" in order:
        number, status = os.waitpid(order["poll"], os.WNOHANG)
        print(json.dumps(os.waitstatus_to_exitcode(status) if number else None), flush=True)
    elif child := os.fork():
        print(child, flush=True)
    else:
        asked = order
        break
if not asked:
    raise SystemExit
os.setsid()
for number, name in enumerate(("in", "out", "err")):
    handle = os.open(asked[name], os.O_RDWR | os.O_APPEND | os.O_NOCTTY)
    os.dup2(handle, number)
    os.close(handle)
sys.stdout, sys.stderr = open(1, "w"), open(2, "w")
for number in asked["passes_over"]:
    signal.signal(number, signal.SIG_IGN)
os.environ.update(asked["environment"])
sys.path.insert(0, asked["root"] + "/code")
importlib.invalidate_caches()
for name, most in asked["limits"].items():
    resource.setrlimit(getattr(resource, name), (most, most))
places = plan.Places(publication.Path(asked["root"]), asked["package"])
publication.publish = tiny_project.publishing(publication.publish, places)
interrupts.obey()
try:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, interrupts.STOPPING)
    done = main(asked["words"])
except KeyboardInterrupt:  # before it had begun
    print(STOPPED, flush=True)
    done = 130
interrupts.pass_over()
sys.exit(done)
"""


class Nursery:
    """The process that builds are copies of.

    Parameters
    ----------
    wrapped
        A command before that of Python, such as one for file systems of its own.
    """

    def __init__(self, folder: Path, *, wrapped=(), **environment: str) -> None:
        self.mark = uuid.uuid4().hex
        script = folder / "nursery.py"
        script.write_text(SERVER.format(paths=[str(Path(path).resolve()) for path in sys.path if path]), encoding="utf-8")
        inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}  # kernels obey it
        self._process = subprocess.Popen(
            [*wrapped, sys.executable, str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=inherited | {MARK: self.mark, "PYTHONHASHSEED": "0", "KPIREPORT_JOBS": "2"} | environment,
        )
        assert self._process.stdout.readline() == "ready\n"
        self.pid = self._process.pid

    def ask(self, **order: object) -> int | None:
        """Return what the process answers."""
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


class Quick(Build):
    """A build under way that is a copy of a nursery's process.

    Parameters
    ----------
    words
        What the command line says after the verb, beside where the reports go.
    limits
        Of the system, by name, such as RLIMIT_FSIZE.
    told
        Where it prints to, when that is another file than its own, such as a terminal.
    passes_over
        Signals that it takes no notice of from its beginning, as nohup has it.
    """

    def __init__(
        self, nursery: Nursery, project, *, words=(), out=None, limits=None, passes_over=(), told=None, **environment: str
    ) -> None:
        self.mark, self._nursery = nursery.mark, nursery
        self._told = Path(project.root) / f"told-{uuid.uuid4().hex[:8]}"
        self.temporary = Path(project.root) / f"tmp-{uuid.uuid4().hex[:8]}"
        self.temporary.mkdir()
        self._told.touch()
        self.pid = nursery.ask(
            words=["quarter", "--out", str(out or project.outputs), "--timeout", "60", *words],
            root=str(project.root),
            package=project.places.package,
            environment={"TMPDIR": str(self.temporary)} | environment,
            limits=limits or {},
            passes_over=list(passes_over),
            **{"in": os.devnull, "out": str(told or self._told), "err": str(told or self._told)},
        )
        self._code: int | None = None

    def poll(self) -> int | None:
        """Return the exit code; None while it runs."""
        if self._code is None:
            self._code = self._nursery.ask(poll=self.pid)
        return self._code

    def said(self) -> str:
        """Return what it has said so far."""
        return self._told.read_text(encoding="utf-8", errors="replace")

    def finish(self, patience: float = 600.0) -> tuple[int, str]:
        """Return the exit code and everything that it said, when it has ended; a build that goes on for ever is a fault."""
        until = time.monotonic() + patience
        while self.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        if self.poll() is None:
            for process in self.relatives():
                process.kill()
            raise AssertionError(f"the build never ends:\n{self.said()}")
        return self.poll(), self.said()

    def relatives(self) -> list[psutil.Process]:
        """Return every process of every build of the nursery."""
        return [process for process in super().relatives() if process.pid != self._nursery.pid]

    def end(self, number: int = signal.SIGKILL) -> None:
        """Send the build a signal, or nothing when it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def family(self) -> dict[str, list[psutil.Process]]:
        """Return the processes of the build by what they do, as far as they are there."""
        found: dict[str, list[psutil.Process]] = {"build": [], "watcher": [], "worker": [], "zygote": [], "kernel": []}
        try:
            build = psutil.Process(self.pid)
            children = sorted(build.children(), key=lambda child: child.pid)
            found["build"] = [build]
            for child in children:
                if os.getsid(child.pid) == child.pid:
                    found["watcher"].append(child)
                elif kernels := child.children():
                    found["zygote"], found["kernel"] = [child], kernels
                else:
                    found["worker"].append(child)
        except (psutil.NoSuchProcess, ProcessLookupError):
            pass
        return found


def of_its_own(folder: Path, size: str) -> list[str] | None:
    """Return the words that give a command a small disk at `folder`, which nobody else sees; None where that is not allowed."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return None
    words = [unshare, "--mount"] if os.getuid() == 0 else [unshare, "--mount", "--map-root-user"]
    mounted = [*words, "sh", "-c", f'mount -t tmpfs -o size={size} kpireport "$0" && exec "$@"', str(folder)]
    tried = subprocess.run([*mounted, "true"], capture_output=True, check=False)
    return mounted if tried.returncode == 0 else None
