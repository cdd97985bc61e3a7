"""A build is asked to stop: by Ctrl-C, by whatever watches over a service, by the closing of its terminal. It stops, in one line.

Stages are told by what there is: a file that the data or a cell writes; KPIREPORT_SOAK=1 stops builds at random moments as well.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import aftermath
import pytest
from nursery import Quick

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals of a terminal, and copies of processes")
SOAK = os.environ.get("KPIREPORT_SOAK") == "1"
SEED = int(os.environ.get("KPIREPORT_SEED", "20261123"))
ROOT = Path(__file__).resolve().parent.parent.parent
STOPPED = "Stopped. What was unfinished is not published."
WAITS = """
from pathlib import Path
import time
Path({there!r}).touch()
while True: time.sleep(0.05)
"""
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


def send(build, number, times):
    """Send the signal to every process of the terminal, as it does, some times in a row."""
    for _ in range(times):
        try:
            os.killpg(build.pid, number)
        except ProcessLookupError:
            return


def await_file(build, path):
    while not path.exists():
        assert build.poll() is None, build.said()
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("stage", "number", "times"),
    [
        ("a cell runs", signal.SIGINT, 3),
        ("a cell runs", signal.SIGTERM, 1),
        ("the reports are assembled", signal.SIGHUP, 2),
        *([(stage, number, 3) for stage in ("a cell runs", "the reports are assembled") for number in SIGNALS] if SOAK else []),
    ],
)
def test_build_that_is_asked_to_stop_says_so_in_one_line_and_leaves_nothing(nursery, project, stage, number, times):
    there = project.root / "there"
    if stage == "a cell runs":
        project.add("waits", "## Waiting", WAITS.format(there=str(there)))
    else:
        reads = f"def build(**given):\n{WAITS.format(there=str(there)).replace(chr(10), chr(10) + '    ')}"
        project.add("waits", module=f"OCCASION = 'quarter'\n{reads.replace('**given', '*, data, council, quarter, as_known_on')}")
    build = Quick(nursery, project)
    await_file(build, there)
    send(build, number, times)
    code, said = build.finish()
    assert code == 130, said
    assert said.splitlines()[-1] == STOPPED
    assert said.count(STOPPED) == 1
    aftermath.check(project, build, among=[{}], told=said)
    assert list(project.outputs.iterdir()) == []


def test_build_that_nohup_keeps_from_its_terminal_goes_on_when_that_is_closed(nursery, project):
    there, goes_on = project.root / "there", project.root / "goes on"
    project.add("waits", "## Waiting", WAITS.format(there=str(there)).replace("True", f"not Path({str(goes_on)!r}).exists()"))
    build = Quick(nursery, project, passes_over=[int(signal.SIGHUP)])
    await_file(build, there)
    send(build, signal.SIGHUP, 1)
    goes_on.touch()
    code, said = build.finish()
    assert code == 0, said
    aftermath.check(project, build, among=[aftermath.published(project.published)], told=said)


def test_program_that_has_just_begun_stops_in_one_line_as_well(tmp_path):
    """From the moment on at which it is ours: before that, Python has no words of ours to say."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        "class Found:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'kpireport.commands.reports': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Found())\n",
        encoding="utf-8",
    )
    ran = subprocess.run(
        [sys.executable, "-m", "kpireport", "quarter", "--out", str(tmp_path / "out")],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "lib"), str(tmp_path)])},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", f"{STOPPED}\n")
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not SOAK, reason="a long one: set KPIREPORT_SOAK=1")
@pytest.mark.parametrize("number", range(60))
def test_build_that_is_stopped_at_any_moment_leaves_what_was_or_what_is_new(nursery, project, number):
    project.add("good", "## Numbers", "1 + 1")
    project.add("other", "## Numbers", "2 + 2")
    began = time.monotonic()
    first = Quick(nursery, project)
    code, said = first.finish()
    assert code == 0, said
    took, before = time.monotonic() - began, aftermath.published(project.published)
    project.add("good", "## Numbers", "3 + 3")
    chance = random.Random(f"{SEED} {number}")
    fraction, sent, times = chance.random(), chance.choice(SIGNALS), chance.choice((1, 2, 5))
    tried = f"seed {SEED}, number {number}: {sent.name} {times} times after {fraction:.0%} of a build of {took:.1f} s"
    build = Quick(nursery, project)
    time.sleep(fraction * took)
    send(build, sent, times)
    code, said = build.finish()
    told = f"{tried}\n{code}\n{said}"
    now = aftermath.published(project.published)
    if code == 0:
        assert now != before, told
    else:
        assert code == 130, told
        assert said.splitlines()[-1] == STOPPED, told
    aftermath.check(project, build, among=[before, now] if code else [now], told=told)
    assert aftermath.is_whole(project.published), told
    again = Quick(nursery, project)
    code, said = again.finish()
    assert code == 0, said
    aftermath.check(project, again, among=[aftermath.published(project.published)], told=said)
    assert now in (before, aftermath.published(project.published)), told
