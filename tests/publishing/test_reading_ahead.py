"""The register is read in another process while this one imports; what is then given is what lies there when it is asked for."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import json, os, shutil, signal, sys
from pathlib import Path
from kpireport.errors import DataError
from kpireport.publishing import reading_ahead
from kpireport.publishing.content_digest import Digests
from kpireport.sources import register

data, read, here, examine = Path(sys.argv[1]), [], os.getpid(), register.examine

def counted(contents):
    if os.getpid() == here:
        read.append(len(contents))
    return examine(contents)

register.examine = counted

def copied(name):
    return Path(shutil.copytree(data, data.with_name(name)))

def forgotten():
    register._loaded.clear()
    read.clear()

def same():
    with reading_ahead.begun(data) as ahead:
        given = ahead.load(copied("copied"))
        is_given_again = ahead.load(data) is given
    times_read = len(read)
    forgotten()
    alone, digests = register.load(data), Digests()
    frames = [name for name in vars(alone) if name not in ("warnings", "unknown", "files")]
    differing = [name for name in frames if digests.of(getattr(given, name)) != digests.of(getattr(alone, name))]
    differing += [name for name in ("warnings", "unknown", "files") if getattr(given, name) != getattr(alone, name)]
    return {"read": times_read, "is_given_again": is_given_again, "frames": len(frames), "differing": differing}

def changed():
    other = copied("changed")
    path = other / "register" / "barometer.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\\n".join(lines[:-1]) + "\\n", encoding="utf-8")
    with reading_ahead.begun(data) as ahead:
        given = ahead.load(other)
    return {"read": len(read), "rows": len(given.barometer), "before": len(lines) - 1}

def faulty():
    other = copied("faulty")
    path = other / "register" / "barometer.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2024-25 Q", "the year of Q"), encoding="utf-8")
    told = []
    with reading_ahead.begun(other) as ahead:
        for load in (register.load, ahead.load):
            try:
                load(other)
            except DataError as error:
                told.append([str(fault) for fault in error.faults])
    return {"told": told}

def killed():
    with reading_ahead.begun(data) as ahead:
        os.kill(ahead.reader, signal.SIGKILL)
        kpis = len(ahead.load(data).kpis)
    return {"read": len(read), "kpis": kpis}

def unasked():
    with reading_ahead.begun(data) as ahead:
        reader = ahead.reader
    return {"reader": reader, "is_there": Path(f"/proc/{reader}").exists()}

def large():
    reading_ahead.MOST = 1000
    with reading_ahead.begun(data) as ahead:
        kpis = len(ahead.load(data).kpis)
    return {"reader": ahead.reader, "read": len(read), "kpis": kpis}

told = {}
for case in (same, changed, faulty, killed, unasked, large):
    forgotten()
    told[case.__name__] = case()
print(json.dumps(told))
"""
"""A process of one thread, which alone may be copied; it prints what it found in each case."""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2, reason="only where a process can be copied, and has two cores"
)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What the program found in each case."""
    folder = tmp_path_factory.mktemp("ahead")
    subprocess.run(["cp", "-r", str(ROOT / "data"), str(folder / "data")], check=True)
    environment = os.environ | {"PYTHONPATH": str(ROOT / "lib")}
    program = [sys.executable, "-c", PROGRAM, str(folder / "data")]
    ran = subprocess.run(program, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_what_was_read_ahead_is_the_same_to_the_last_bit_and_is_not_read_again(found):
    same = found["same"]
    assert same["frames"] > 30
    assert (same["read"], same["is_given_again"], same["differing"]) == (0, True, [])


def test_data_changed_meanwhile_are_read_as_they_are(found):
    changed = found["changed"]
    assert (changed["read"], changed["rows"]) == (1, changed["before"] - 1)


def test_faults_are_told_as_without_it(found):
    alone, after = found["faulty"]["told"]
    assert alone
    assert after == alone


def test_a_reader_that_is_killed_costs_time_only(found):
    assert found["killed"]["read"] == 1
    assert found["killed"]["kpis"]


def test_no_process_is_left_when_nothing_is_asked(found):
    assert found["unasked"]["reader"]
    assert not found["unasked"]["is_there"]


def test_more_data_than_memory_holds_twice_are_not_read_ahead(found):
    large = found["large"]
    assert (large["reader"], large["read"]) == (0, 1)
    assert large["kpis"]
