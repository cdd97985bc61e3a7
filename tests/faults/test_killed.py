"""A process of a build is killed outright, as when memory runs out: the reports are those of before, or the new ones, whole.

The ordinary run tries each process once, one build after another; KPIREPORT_SOAK=1 a hundred moments, each followed by a good
build. What was tried is printed: the same seed (KPIREPORT_SEED) gives the same processes, and the same parts of a build's time.
"""

import os
import random
import sys
import time
from contextlib import suppress

import aftermath
import psutil
import pytest
import tiny_project
from nursery import CHART, Quick
from tiny_project import PACK

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are copies, and end with their parent, on Linux")
SOAK = os.environ.get("KPIREPORT_SOAK") == "1"
SEED = int(os.environ.get("KPIREPORT_SEED", "20261123"))
KINDS = ("build", "kernel", "zygote", "worker", "watcher")
ROUNDS = [[kind] for kind in KINDS for _ in range(20)] if SOAK else [["build", *KINDS]]
"""What is killed, one build after another, before a build is let alone."""


@pytest.fixture(scope="module")
def two(tmp_path_factory, nursery):
    """A project with two states, what each of them publishes, and how many seconds a build took."""
    project = tiny_project.make(tmp_path_factory.mktemp("killed"), "tiny_faults_killed")
    project.add("team_pack", module=PACK, parameters={"directorate": "CF"})
    states = {}
    for several in (3, 4):
        notebook = project.add("bars", "## Bars", CHART.format(several=several))
        began = time.monotonic()
        build = Quick(nursery, project, KPIREPORT_JOBS="1")
        code, words = build.finish()
        assert code == 0, words
        took = time.monotonic() - began
        states[several] = notebook.read_bytes(), aftermath.published(project.published)
        aftermath.check(project, build, among=[states[several][1]])
    assert states[3] != states[4]
    return project, states, took


@pytest.mark.parametrize(("number", "kinds"), list(enumerate(ROUNDS)))
def test_whatever_is_killed_whenever_the_reports_are_whole_and_the_next_build_is_good(two, nursery, number, kinds):
    project, states, took = two
    notebook, after = states[3 + number % 2]
    chance = random.Random(f"{SEED} {number}")
    (project.root / "notebooks" / "bars.ipynb").write_bytes(notebook)
    for kind in kinds:
        jobs, fraction = chance.choice("123") if SOAK else "1", chance.random()
        tried = f"seed {SEED}, number {number}: {kind} killed after {fraction:.0%} of a build of {took:.1f} s, {jobs} at once"
        print(tried)
        before = aftermath.published(project.published)
        build = Quick(nursery, project, KPIREPORT_JOBS=jobs)
        time.sleep(fraction * took)
        is_killed = False
        while not is_killed and build.poll() is None:
            if victims := build.family()[kind]:
                with suppress(psutil.NoSuchProcess):  # it ended by itself in this moment
                    chance.choice(victims).kill()
                    is_killed = True
        code, words = build.finish()
        told = f"{tried}\n{code}\n{words}"
        aftermath.check(project, build, among=[after] if code == 0 else [before, after], told=told)
        if code and kind == "build":
            assert code == -9, told
        elif code:
            assert code == 6, told
            assert any(stem in words for stem in ("bars", "team-pack")), told
    again = Quick(nursery, project)
    code, words = again.finish()
    assert code == 0, words
    aftermath.check(project, again, among=[after], told=words)
    assert aftermath.is_whole(project.published)
