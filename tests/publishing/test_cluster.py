"""Reports made on a Dask cluster are those made here; what goes wrong there is told as if it had gone wrong here."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from kpireport.publishing import remote
from kpireport.publishing.remote import Requirements
from running import ROOT, kpireport

RIVERSIDE = ("quarter", "--data", str(ROOT / "tests" / "councils" / "riverside"))
MAKERS = "publishing import remote"
soak = pytest.mark.skipif(os.environ.get("KPIREPORT_SOAK") != "1", reason="takes a minute: KPIREPORT_SOAK=1")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")


@dataclass
class Cluster:
    address: str
    workers: list[int]
    scratch: Path

    def makers(self) -> list[int]:
        """Return the processes that its workers have for making reports."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes().decode(errors="replace")
            except OSError:
                continue  # it has just ended
            if MAKERS in words and str(self.scratch) in words:
                found.append(int(path.parent.name))
        return found


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[Cluster]:
    scratch = tmp_path_factory.mktemp("scratch")
    program = [sys.executable, str(Path(__file__).with_name("a_cluster.py")), str(scratch)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "lib")}
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdin
        assert process.stdout
        address, *numbers = process.stdout.readline().split()
        yield Cluster(address, [int(number) for number in numbers], scratch)
        process.stdin.close()


@pytest.fixture(scope="module")
def local(tmp_path_factory) -> dict[str, bytes]:
    """What a build of Riverside on this machine publishes."""
    out = tmp_path_factory.mktemp("local")
    assert kpireport(*RIVERSIDE, "--out", str(out)).returncode == 0
    return files(out)


@pytest.fixture
def project(tmp_path) -> Path:
    """A copy of the project that is free to be changed."""
    for name in ("lib", "params", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def files(out: Path) -> dict[str, bytes]:
    (folder,) = (path for path in out.iterdir() if path.is_dir() and not path.name.startswith("."))
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "run.json"}


def unused() -> str:
    """Return an address at which nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{free.getsockname()[1]}"


def put_first(project: Path, code: str) -> None:
    """Put code at the beginning of the report's second cell of code."""
    path = project / "notebooks" / "clt_quarterly.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    second = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"][1]
    second["source"] = [f"{code}\n", *second["source"]]
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_cluster_publishes_the_same_bytes_and_keeps_no_process(cluster, local, tmp_path):
    ran = kpireport(*RIVERSIDE, "--out", str(tmp_path), "--scheduler", cluster.address)
    assert ran.returncode == 0, ran.stderr
    assert files(tmp_path) == local
    assert cluster.makers() == []


def test_a_scheduler_that_does_not_answer_is_named(tmp_path):
    ran = kpireport(*RIVERSIDE, "--out", str(tmp_path), "--scheduler", unused())
    assert (ran.returncode, ran.stderr.count("\n"), "no Dask scheduler answers at tcp://127.0.0.1:" in ran.stderr) == (2, 1, True)


def test_no_answer_is_known_within_ten_seconds():
    code = """
import sys, time
from kpireport.errors import ParameterError
from kpireport.publishing import cluster
began = time.monotonic()
try:
    cluster._reached(sys.argv[1]).__enter__()
except ParameterError:
    print(time.monotonic() - began)
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "lib")}
    ran = subprocess.run([sys.executable, "-c", code, unused()], env=environment, capture_output=True, text=True, check=True)
    assert float(ran.stdout) < 10


def test_an_address_that_is_none_is_told():
    code = """
import sys
from kpireport.errors import ParameterError
from kpireport.publishing import cluster
for address in sys.argv[1:]:
    try:
        cluster._reached(address).__enter__()
    except ParameterError as error:
        print(error)
"""
    wrong = ["host:8786", "http://host:8786", "tcp://host", "tcp://host:8786 x"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "lib")}
    ran = subprocess.run([sys.executable, "-c", code, *wrong], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.count("write it like tcp://host:8786") == len(wrong)


def test_workers_with_other_code_are_refused_by_name(cluster, project, tmp_path):
    with (project / "lib" / "kpireport" / "errors.py").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    ran = kpireport(*RIVERSIDE, "--out", str(tmp_path / "out"), "--scheduler", cluster.address, root=project)
    assert ran.returncode == 2, ran.stderr
    refused = [line for line in ran.stderr.splitlines() if line.endswith(": its kpireport is another version")]
    assert len(refused) == 2
    assert all("tcp://127.0.0.1:" in line for line in refused)


def test_a_machine_says_in_what_it_differs():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    here = Requirements.here(lock)
    assert here.differences() == []
    other = Requirements("0" * 64, "Python 2.7.18 on linux-x86_64", "# group: product\npandas==0.1\n")
    assert [line.split(" ", 1)[0] for line in other.differences()] == ["its", "it", "pandas"]


def test_what_travels_depends_on_content_alone(tmp_path):
    packed = []
    for name, age in (("one", 1), ("two", 10_000)):
        (tmp_path / name / "data").mkdir(parents=True)
        for file in ("b.csv", "a.csv"):
            (tmp_path / name / "data" / file).write_text(file)
            os.utime(tmp_path / name / "data" / file, (age, age))
        packed.append(remote.pack(tmp_path / name, []))
    assert packed[0] == packed[1]


@soak
def test_killing_a_worker_in_the_middle_loses_nothing(cluster, local, tmp_path):
    program = [sys.executable, "-m", "kpireport", *RIVERSIDE, "--out", str(tmp_path), "--scheduler", cluster.address]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "lib")}
    with subprocess.Popen(program, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as build:
        assert build.stdout
        for line in build.stdout:
            if line.startswith("1 of"):
                os.kill(cluster.workers[0], signal.SIGKILL)
                build.stdout.read()
    assert build.returncode == 0
    assert files(tmp_path) == local


@soak
@pytest.mark.parametrize(
    ("code", "exit_code"), [("raise ValueError('no')", 4), ("import time; time.sleep(600)", 5), ("import os; os._exit(9)", 6)]
)
def test_a_notebook_that_fails_there_fails_as_here(code, exit_code, cluster, project, tmp_path):
    put_first(project, code)
    out = tmp_path / "out"
    ran = kpireport(*RIVERSIDE, "--out", str(out), "--scheduler", cluster.address, "--timeout", "20", root=project)
    assert ran.returncode == exit_code, ran.stderr
    assert "clt-quarterly" in ran.stderr
    assert (out / "2024-25-q2.failed" / "clt-quarterly.ipynb").is_file()
    assert not (out / "2024-25-q2").exists()


@soak
def test_ctrl_c_stops_what_runs_on_the_workers(cluster, project, tmp_path):
    put_first(project, "import time; time.sleep(600)")
    program = [sys.executable, "-m", "kpireport", *RIVERSIDE, "--out", str(tmp_path / "out"), "--scheduler", cluster.address]
    environment = os.environ | {"PYTHONPATH": str(project / "lib")}
    with subprocess.Popen(program, cwd=project, env=environment, stdout=subprocess.PIPE, text=True) as build:
        assert build.stdout
        for line in build.stdout:
            if line.startswith("1 of"):
                build.send_signal(signal.SIGINT)
                break
        assert build.wait(30) == 130
    assert cluster.makers() == []
