"""What fuzzing begins with, and whatever it has found before, breaks no reader."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from targets import CORPUS, TARGETS

HERE = Path(__file__).resolve().parent
INPUTS = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*") if path.is_file())


def test_every_target_has_a_corpus():
    assert {name.split("/")[0] for name in INPUTS} == set(TARGETS)


@pytest.mark.parametrize("name", INPUTS)
def test_input_breaks_no_reader(name):
    TARGETS[name.split("/")[0]]((CORPUS / name).read_bytes())


@pytest.mark.skipif(os.environ.get("KPIREPORT_SOAK") != "1", reason="takes minutes: KPIREPORT_SOAK=1 runs it")
def test_five_minutes_of_fuzzing_find_nothing_new():
    pytest.importorskip("atheris")
    assert subprocess.run([sys.executable, str(HERE / "run.py"), "300"], check=False).returncode == 0
