"""A process of a build is killed outright, as when memory runs out: the reports are those of before, or the new ones, whole.

The ordinary run tries each process once or twice; KPIREPORT_SOAK=1 a hundred moments. What was tried is printed: the same seed
(KPIREPORT_SEED) gives the same processes, and the same parts of a build's time.
"""

import os
import random
import sys
import time

import aftermath
import pytest
import tiny_project
from nursery import CHART, Quick
from tiny_project import PACK

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are copies, and end with their parent, on Linux")
SOAK = os.environ.get("KPIREPORT_SOAK") == "1"
SEED = int(os.environ.get("KPIREPORT_SEED", "20261123"))
ORDINARY = ["build", "build", "kernel", "zygote", "worker", "watcher"]
VICTIMS = ORDINARY if not SOAK else [kind for kind in ("build", "kernel", "zygote", "worker", "watcher") for _ in range(20)]


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


@pytest.mark.parametrize(("number", "kind"), list(enumerate(VICTIMS)))
def test_whatever_is_killed_whenever_the_reports_are_whole_and_the_next_build_is_good(two, nursery, number, kind):
    project, states, took = two
    notebook, after = states[3 + number % 2]
    chance = random.Random(f"{SEED} {number} {kind}")
    fraction, jobs = chance.random(), chance.choice("123") if SOAK else "1"
    tried = f"seed {SEED}, number {number}: {kind} killed after {fraction:.0%} of a build of {took:.1f} s, {jobs} at once"
    print(tried)
    (project.root / "notebooks" / "bars.ipynb").write_bytes(notebook)
    before = aftermath.published(project.published)
    build = Quick(nursery, project, KPIREPORT_JOBS=jobs)
    time.sleep(fraction * took)
    victim = []
    while not victim and build.poll() is None:
        victim = build.family()[kind]
    if victim and build.poll() is None:
        chance.choice(victim).kill()
    code, words = build.finish()
    told = f"{tried}\n{code}\n{words}"
    aftermath.check(project, build, among=[before, after])
    if code == 0:
        assert aftermath.published(project.published) == after, told
    elif kind == "build":
        assert code == -9, told
    else:
        assert code == 6, told
        assert "Traceback" not in words, told
        assert any(stem in words for stem in ("bars", "team-pack")), told
    again = Quick(nursery, project, KPIREPORT_JOBS=jobs)
    code, words = again.finish()
    assert code == 0, f"{tried}\n{words}"
    aftermath.check(project, again, among=[after])
    assert aftermath.is_whole(project.published)
