import os
import subprocess
import sys
import time

import pytest
from kpireport.errors import PublishingError
from kpireport.publishing.staging import copy_inputs, staging

HOLDER = """
import sys, time
from pathlib import Path
from kpireport.publishing.staging import staging
with staging(Path(sys.argv[1]), "2024-25-q2") as place:
    (place.published / "half").touch()
    print("held", flush=True)
    time.sleep(60)
"""


def start_holder(outputs):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(outputs)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert holder.stdout.readline() == "held\n"
    return holder


def test_nothing_is_left_behind(tmp_path):
    with staging(tmp_path / "outputs", "2024-25-q2") as place:
        assert sorted(path.name for path in place.root.iterdir()) == ["inputs", "notebooks", "published", "work"]
    assert list((tmp_path / "outputs").iterdir()) == []


def test_nothing_is_left_behind_after_an_error(tmp_path):
    with pytest.raises(KeyboardInterrupt), staging(tmp_path, "2024-25-q2"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_second_build_of_a_period_says_so_and_another_period_goes_on(tmp_path):
    holder = start_holder(tmp_path)
    try:
        with pytest.raises(PublishingError, match="Another build of 2024-25-q2 is under way"), staging(tmp_path, "2024-25-q2"):
            pass
        assert (tmp_path / ".building-2024-25-q2" / "published" / "half").exists()
        with staging(tmp_path, "2024-25-q3"):
            pass
    finally:
        holder.kill()
        holder.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="watched over only on Linux")
def test_a_build_that_is_killed_is_cleared_up_at_once(tmp_path):
    holder = start_holder(tmp_path)
    holder.kill()
    holder.wait()
    until = time.monotonic() + 5
    while list(tmp_path.iterdir()) and time.monotonic() < until:
        time.sleep(0.01)
    assert list(tmp_path.iterdir()) == []


def test_the_next_build_need_not_wait_for_that(tmp_path):
    holder = start_holder(tmp_path)
    holder.kill()
    with staging(tmp_path, "2024-25-q2") as place:
        time.sleep(0.3)
        assert place.published.is_dir()
        assert list(place.published.iterdir()) == []
    holder.wait()


def test_what_a_stopped_machine_left_is_cleared_at_the_next_start(tmp_path):
    (tmp_path / ".building-2024-25-q2" / "published").mkdir(parents=True)
    (tmp_path / ".building-2024-25-q2" / "published" / "half").touch()
    (tmp_path / ".lock-2024-25-q2").touch()
    with staging(tmp_path, "2024-25-q2") as place:
        assert list(place.published.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(PublishingError, match="--out"), staging(tmp_path / "file" / "outputs", "2024-25-q2"):
        pass


def test_only_tables_are_copied(tmp_path):
    data = tmp_path / "data"
    for name in (
        "register/kpis.csv",
        "register/~$kpis.xlsx",
        "register/.~lock.kpis.csv#",
        "reference/areas.csv",
        "downloads/big.csv",
    ):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).touch()
    (tmp_path / "our council.yaml").write_text("name: Smallborough\n")
    with staging(tmp_path / "outputs", "2024-25-q2") as place:
        copy_inputs(place, data=data, council=tmp_path / "our council.yaml")
        copied = sorted(path.relative_to(place.inputs).as_posix() for path in place.inputs.rglob("*") if path.is_file())
    assert copied == ["council.yaml", "data/reference/areas.csv", "data/register/kpis.csv"]
