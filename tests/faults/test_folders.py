"""What a build reads and writes is taken away, closed or changed under its hands."""

import os
import shutil
import signal
import sys
import time

import aftermath
import pytest
from kpireport.collection import record
from kpireport.publishing.staging import copy_inputs, staging
from nursery import CHART, Nursery, Quick, of_its_own

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="builds are copies of processes; a read-only disk")
WAITS = """
from pathlib import Path
import time
Path({there!r}).touch()
while not Path({go!r}).exists(): time.sleep(0.02)
"""
READS = """
from pathlib import Path
print([path.read_text() for path in sorted(Path(data).rglob("*.csv"))], Path(council).read_text())
"""
TABLES = ("register/results.csv", "register/returns.csv", "commentary/commentary.csv")


def begun(nursery, project, **given):
    """A build whose first report waits until told to go on."""
    there, go = project.root / "there", project.root / "go"
    project.add("a_first", "## Waiting", WAITS.format(there=str(there), go=str(go)))
    build = Quick(nursery, project, KPIREPORT_JOBS="1", **given)
    while not there.exists():
        assert build.poll() is None, build.said()
        time.sleep(0.01)
    return build, go


def test_what_is_read_is_what_was_there_when_the_build_began(nursery, project):
    project.add("b_second", "## Tables", READS, CHART.format(several=3))
    build, go = begun(nursery, project)
    kept = {path: path.read_bytes() for path in (project.root / "notebooks").iterdir()}
    (project.root / "data" / "register" / "kpis.csv").write_text("kpi_id\nCHANGED\n", encoding="utf-8")
    (project.root / "params" / "council.yaml").write_text("name: CHANGED\n", encoding="utf-8")
    project.add("b_second", "## CHANGED", "raise ValueError('CHANGED')")
    (project.root / "notebooks" / "a_first.ipynb").unlink()
    go.touch()
    code, said = build.finish()
    assert code == 0, said
    found = aftermath.published(project.published)
    aftermath.check(project, build, among=[found], told=said)
    assert aftermath.is_whole(project.published)
    assert [name for name, content in found.items() if b"CHANGED" in content] == []
    for path, content in kept.items():
        path.write_bytes(content)
    (project.root / "data" / "register" / "kpis.csv").write_text("kpi_id\nAH-01\n", encoding="utf-8")
    (project.root / "params" / "council.yaml").write_text("name: Smallborough Council\n", encoding="utf-8")
    again = Quick(nursery, project, KPIREPORT_JOBS="1")
    code, said = again.finish()
    assert code == 0, said
    aftermath.check(project, again, among=[found], told=said)


def test_outputs_that_are_removed_meanwhile_are_told_of_and_stay_away(nursery, project):
    build, go = begun(nursery, project)
    shutil.rmtree(project.outputs)
    go.touch()
    code, said = build.finish()
    assert code == 8, said
    assert said.splitlines()[-1].endswith("was removed while it was needed. Nothing was published. Run this again.")
    assert not project.outputs.exists()
    aftermath.check(project, build, among=[{}], told=said)


def test_outputs_that_may_only_be_read_are_told_of_in_one_line(tmp_path, project):
    disk = project.root / "disk"
    disk.mkdir()
    wrapped = of_its_own(disk, "1m,ro")
    if wrapped is None:
        pytest.skip("a disk of its own takes root, or name spaces of users")
    project.add("good", "1 + 1")
    reading = Nursery(tmp_path, wrapped=wrapped)
    try:
        build = Quick(reading, project, out=disk / "outputs")
        code, said = build.finish()
        assert build.left() == []
    finally:
        reading.close()
    assert code == 8, said
    assert said == f"The folder {disk / 'outputs'} cannot be written: Read-only file system. Choose another with --out.\n"


def test_a_copy_of_the_data_is_never_half_of_what_is_just_being_collected(tmp_path):
    """Another process changes three tables in one step, again and again, while builds begin."""
    data = tmp_path / "data"
    for name in TABLES:
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(b"turn 0\n")
    (tmp_path / "council.yaml").touch()
    collecting = os.fork()
    if collecting == 0:
        try:
            for turn in range(1, 1_000_000):
                record.replace(data, {name: f"turn {turn}\n".encode() for name in TABLES})
                time.sleep(0.002)
        finally:
            os._exit(1)
    try:
        seen = set()
        while len(seen) < 8:
            with staging(tmp_path / "outputs", "2024-25-q2") as place:
                copy_inputs(place, data=data, council=tmp_path / "council.yaml")
                found = {(place.inputs / "data" / name).read_bytes() for name in TABLES}
            assert len(found) == 1
            seen |= found
    finally:
        os.kill(collecting, signal.SIGKILL)
        os.waitpid(collecting, 0)
