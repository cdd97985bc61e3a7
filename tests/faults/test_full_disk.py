"""The disk is full, wherever in a build that is: one sentence, exit code 8, the reports as they were; with room, all is well.

The disk is a small one of its own, in memory, that nobody else sees. Where such a one may not be made, only the limit of a file's
size is tried.
"""

import os
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import aftermath
import pytest
import tiny_project
from kpireport.publishing.plan import Places
from nursery import CHART, Nursery, Quick, of_its_own
from tiny_project import PACK

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="disks in memory, limits and copies as Linux has them")
SOAK = os.environ.get("KPIREPORT_SOAK") == "1"
SEED = int(os.environ.get("KPIREPORT_SEED", "20261123"))
SIZE = 64 * 2**20
ROUNDS = 40 if SOAK else 2


@dataclass
class OnDisk:
    """A tiny project whose outputs are on a disk of their own, as we see it, and what its builds are copied from."""

    root: Path
    places: Places
    disk: Path
    nursery: Nursery

    @property
    def outputs(self) -> Path:
        return Path(f"/proc/{self.nursery.pid}/root{self.disk}/outputs")

    @property
    def published(self) -> Path:
        return self.outputs / "2024-25-q2"

    @property
    def filler(self) -> Path:
        return self.outputs.parent / "filler"

    def room(self) -> int:
        told = os.statvfs(self.outputs.parent)
        return told.f_bavail * told.f_frsize

    def fill(self, left: int) -> None:
        """Leave so many bytes of room."""
        with self.filler.open("wb") as file:
            file.truncate(0)
            os.posix_fallocate(file.fileno(), 0, max(self.room() - left, 1))

    def build(self, **given):
        return Quick(self.nursery, self, out=self.disk / "outputs", **given)


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory):
    """A project with two states, the bytes of each, and the most room that a build of it took."""
    folder = tmp_path_factory.mktemp("full")
    disk = folder / "disk"
    disk.mkdir()
    wrapped = of_its_own(disk, str(SIZE))
    if wrapped is None:
        pytest.skip("a disk of its own takes root, or name spaces of users")
    made = tiny_project.make(folder / "project", "tiny_faults_full")
    made.add("team_pack", module=PACK, parameters={"directorate": "CF"})
    nursery = Nursery(folder, wrapped=wrapped)
    project = OnDisk(made.root, made.places, disk, nursery)
    states, least = {}, SIZE
    for several in (3, 4):
        notebook = made.add("bars", "## Bars", CHART.format(several=several))
        build = project.build()
        while build.poll() is None:
            least = min(least, project.room())
            time.sleep(0.02)
        code, words = build.finish()
        assert code == 0, words
        states[several] = notebook.read_bytes(), aftermath.published(project.published)
    yield project, states, project.room() - least
    nursery.close()


@pytest.mark.parametrize("number", range(ROUNDS))
def test_disk_that_fills_up_anywhere_in_a_build_costs_nothing_that_was(on_disk, number):
    project, states, took = on_disk
    notebook, after = states[3 + number % 2]
    (project.root / "notebooks" / "bars.ipynb").write_bytes(notebook)
    before = aftermath.published(project.published)
    left = int(random.Random(f"{SEED} {number}").random() * took)
    project.fill(left)
    build = project.build()
    code, words = build.finish()
    told = f"seed {SEED}, number {number}: {left} bytes of room, of {took} that a build takes\n{code}\n{words}"
    print(told)
    aftermath.check(project, build, among=[before, after] if code == 8 else [after], told=told)
    if code:
        assert code == 8, told
        assert "No space left on device" in words, told
        assert len(words.splitlines()[-1].split(". ")) <= 2, told
    project.filler.unlink()
    again = project.build()
    code, words = again.finish()
    assert code == 0, f"{told}\nwith room: {words}"
    aftermath.check(project, again, among=[after], told=words)
    assert aftermath.is_whole(project.published)


def test_build_needs_no_room_where_temporary_files_are(on_disk):
    project, states, _ = on_disk
    own = Path(project.root).parent / "outputs-elsewhere"
    notebook, after = states[3]
    (project.root / "notebooks" / "bars.ipynb").write_bytes(notebook)
    project.fill(0)
    build = Quick(project.nursery, project, out=own, TMPDIR=str(project.disk))
    code, words = build.finish()
    project.filler.unlink()
    assert code == 0, words
    assert aftermath.published(own / "2024-25-q2") == after


def test_file_that_may_not_be_so_large_is_told_of(nursery, project):
    project.add("good", "## Numbers", "1 + 1")
    build = Quick(nursery, project, limits={"RLIMIT_FSIZE": 60_000})
    code, words = build.finish()
    assert code == 8, words
    assert words.splitlines()[-1].endswith("File too large. Nothing was published.")
    aftermath.check(project, build, among=[{}], told=words)
