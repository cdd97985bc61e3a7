"""Kernels that are copies of a ready process give the files that ordinary ones give, share nothing, and leave nothing."""

import json
import os
import signal
import sys
import time

import pytest
import tiny_project
from kpireport.publishing import offspring, worker_process, workers
from kpireport.publishing import plan as plans
from kpireport.publishing.occasion import _python_path
from kpireport.publishing.orders import Order, Settings, write_kernel
from kpireport.publishing.staging import copy_inputs, staging
from separate_build import Build

SOAK = pytest.mark.skipif(os.environ.get("KPIREPORT_SOAK") != "1", reason="tests/faults stop builds: KPIREPORT_SOAK=1 both ways")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are copies only on Linux")
CHART = """
import os, sys
from kpireport.presentation.blocks import Chart, Page
spec = {"data": {"values": [{"a": n, "b": n % 3} for n in range(9)]}, "mark": "bar",
        "encoding": {"x": {"field": "a", "type": "ordinal"}, "y": {"field": "b", "type": "quantitative"}}}
Page((Chart(spec, "Nine bars", "number", "made up", "Nine bars of three heights."),))
"""
SURROUNDINGS = """
import os, sys, time
print(sorted({"words", "in", "a", "set"}), list({"north", "east", "south", "west"}), time.tzname, os.path.basename(os.getcwd()))
print([name for name in ("IPYTHONDIR", "KPIREPORT_DRAW_LATER", "PYTHONHASHSEED", "TZ") if name in os.environ], sys.argv[0][-9:])
"""
LEAVES_A_TRACE = """
import kpireport, os, builtins
assert not hasattr(kpireport, "trace"), "the state of another notebook"
kpireport.trace = builtins.trace = os.environ["TRACE"] = "here"
"""


def published(project):
    return {path.name: path.read_bytes() for path in project.published.iterdir()}


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """What a build publishes and says of itself, with kernels that are copies and with ordinary ones."""
    made = {}
    project = tiny_project.make(tmp_path_factory.mktemp("kernels"), "tiny_reports_kernels")
    project.add("bars", "## Bars", CHART)
    project.add("surroundings", SURROUNDINGS)
    project.add("trace_one", LEAVES_A_TRACE)
    project.add("trace_two", LEAVES_A_TRACE)
    for kernels in ("", "ordinary"):
        build = Build(project, kernels=kernels)
        code, words = build.finish()
        assert code == 0, words
        made[kernels] = (published(project), build.left(), sorted(path.name for path in project.outputs.iterdir()))
    return made


def test_files_are_the_same_byte_for_byte(both):
    copied, ordinary = both[""][0], both["ordinary"][0]
    assert ordinary.keys() == copied.keys()
    assert [name for name in ordinary if copied[name] != ordinary[name]] == ["run.json"]


def test_papermill_waits_less_for_a_kernel_that_is_a_copy(both):
    copied, ordinary = (
        min(one["kernel_start_seconds"] for one in json.loads(both[kernels][0]["run.json"])["reports"].values())
        for kernels in ("", "ordinary")
    )
    assert 0 < copied < ordinary


def test_nothing_is_left_after_success(both):
    for _, processes, files in both.values():
        assert processes == []
        assert [name for name in files if name.startswith((".building", ".lock"))] == []


@pytest.fixture
def started(project):
    """What becomes of one good notebook in a team of workers."""

    def run(prepare=lambda: None):
        project.add("good", "## Numbers", "1 + 1")
        plan = plans.make_plan(project.places, tiny_project.QUARTER)
        with staging(project.outputs, "2024-25-q2") as place:
            copy_inputs(place, data=plan.data, council=plan.council)
            write_kernel(place)
            settings = Settings(place, 60, _python_path(project.places), ("html",))
            with workers.team(settings, size=1) as team:
                prepare()
                team.copy_kernels_from_here(lambda: None)
                team.begin([Order(job, settings, 0) for job in plans.jobs(plan, None)])
                return team.results(when_done=lambda one: None, meanwhile=lambda: None)

    return run


def test_where_no_process_may_be_copied_workers_and_kernels_are_started_anew(started, monkeypatch):
    monkeypatch.setattr(offspring, "can_fork", lambda: False)
    assert [one.failure for one in started()] == [None]


def test_kernels_are_started_anew_when_reading_the_data_began_what_cannot_be_copied(started, monkeypatch):
    monkeypatch.setattr(workers, "can_copy_kernels", lambda: True)
    assert [one.failure for one in started(lambda: monkeypatch.setattr(offspring, "can_fork", lambda: False))] == [None]


def test_kernels_are_started_anew_when_what_they_are_copied_from_has_died(started, monkeypatch):
    monkeypatch.setattr(workers, "can_copy_kernels", lambda: True)
    monkeypatch.setattr(worker_process, "be_zygote", lambda *given: os._exit(1))
    assert [one.failure for one in started()] == [None]


def test_a_failing_a_slow_and_a_dying_notebook_leave_no_process(project):
    project.add("dies", "import os, subprocess; subprocess.Popen(['sleep', '100']); os._exit(9)")
    project.add("raises", "1 / 0")
    project.add("sleeps", "import time; time.sleep(100)")
    build = Build(project, timeout=2)
    code, words = build.finish()
    assert code == 6, words
    assert "took longer than 2 seconds" in words
    assert "died in the cell" in words
    assert "ZeroDivisionError" in words
    assert build.left() == []
    assert [path.name for path in project.outputs.iterdir()] == ["2024-25-q2.failed"]


@SOAK
@pytest.mark.parametrize("kernels", ["", "ordinary"])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_of_a_build_that_is_stopped(project, sent, kernels):
    running = project.root / "running"
    project.add("slow", f"import pathlib, time; pathlib.Path({str(running)!r}).touch(); time.sleep(100)")
    build = Build(project, kernels=kernels)
    until = time.monotonic() + 60
    while not running.exists() and build.process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    assert len(build.relatives()) > 3
    if sent == signal.SIGINT:
        os.killpg(build.process.pid, sent)  # as a terminal does: every process of the group
    else:
        build.process.send_signal(sent)
    code, words = build.finish()
    assert code == (-signal.SIGKILL if sent == signal.SIGKILL else 130), words
    assert build.left() == []
    assert list(project.outputs.iterdir()) == []
