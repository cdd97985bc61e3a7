"""Builds at the same time: of one period, one is made and the others say why not; of several, each is whole."""

import sys

import aftermath
import pytest
from nursery import CHART, Quick

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="builds are copies of processes")
WAITS = """
from pathlib import Path
import time
(Path({there!r}) / quarter.replace(" ", "-")).touch()
while not (Path({there!r}) / "go").exists(): time.sleep(0.02)
"""


def test_of_one_period_one_build_is_made_and_of_several_each_is_whole(nursery, project):
    """They share the drawings, the evidence and what was made before; all run until each has begun, and end together."""
    there = project.root / "there"
    there.mkdir()
    project.add("bars", "## Bars", CHART.format(several=3), WAITS.format(there=str(there)))
    quarters = {"2": "2024-25-Q2", "1": "2024-25-Q1", "3": "2023-24-Q3"}
    years = {"2": "2024-25", "1": "2024-25", "3": "2023-24"}
    builds = {
        number: Quick(nursery, project, words=["--quarter", number, "--year", years[number]], KPIREPORT_JOBS="1")
        for number in quarters
    }
    for number, name in quarters.items():
        while not (there / name).exists():
            assert builds[number].poll() is None, builds[number].said()
    for _ in range(2):
        refused = Quick(nursery, project, words=["--quarter", "2", "--year", "2024-25"])
        code, said = refused.finish()
        assert code == 8, said
        assert said.startswith("Another build of 2024-25-q2 is under way in")
        assert len(said.splitlines()) == 1
    (there / "go").touch()
    for build in builds.values():
        code, said = build.finish()
        assert code == 0, said
    alone = {}
    for name in quarters.values():
        folder = project.outputs / name.lower()
        assert aftermath.is_whole(folder)
        alone[name] = aftermath.published(folder)
        assert f'href="{name.lower()}/index.html"' in (project.outputs / "index.html").read_text(encoding="utf-8")
    aftermath.check(project, builds["2"], among=[alone["2024-25-Q2"]], told=said)
    again = Quick(nursery, project, words=["--quarter", "1", "--rebuild"], KPIREPORT_JOBS="1")
    code, said = again.finish()
    assert code == 0, said
    assert aftermath.published(project.outputs / "2024-25-q1") == alone["2024-25-Q1"]
