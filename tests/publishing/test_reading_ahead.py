"""The register is read in another process while this one imports; what is then given is what lies there when it is asked for."""

import os
import shutil
import signal
from pathlib import Path

import pytest
from kpireport.errors import DataError
from kpireport.publishing import offspring, reading_ahead
from kpireport.publishing.content_digest import Digests
from kpireport.sources import register
from kpireport.sources.register import Register

DATA = Path(__file__).parents[2] / "data"
TABLES = [name for name in Register.__annotations__ if name not in {"warnings", "unknown", "files"}]

pytestmark = pytest.mark.skipif(not offspring.can_fork(), reason="only where a process can be copied")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Give a copy of the project's data, of which this process has read nothing."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how often this very process reads tables."""
    read, here, examine = list[int](), os.getpid(), register.examine

    def counted(contents: register.Contents) -> object:
        if os.getpid() == here:
            read.append(len(contents))
        return examine(contents)

    monkeypatch.setattr(register, "_loaded", {})
    monkeypatch.setattr(register, "examine", counted)
    return read


def test_what_was_read_ahead_is_the_same_to_the_last_bit_and_is_not_read_again(data: Path, read_here: list[int]) -> None:
    with reading_ahead.begun(data) as ahead:
        copied = Path(shutil.copytree(data, data.with_name("copied")))
        given = ahead.load(copied)
        assert ahead.load(copied) is given
    assert not read_here
    register._loaded.clear()
    read = register.load(data)
    assert read_here
    digests = Digests()
    assert [name for name in TABLES if digests.of(getattr(given, name)) != digests.of(getattr(read, name))] == []
    assert (given.warnings, given.files) == (read.warnings, read.files)


def test_data_changed_meanwhile_are_read_as_they_are(data: Path, read_here: list[int]) -> None:
    changed = Path(shutil.copytree(data, data.with_name("changed")))
    barometer = changed / "register" / "barometer.csv"
    barometer.write_text("\n".join(barometer.read_text(encoding="utf-8").splitlines()[:-1]) + "\n", encoding="utf-8")
    with reading_ahead.begun(data) as ahead:
        given = ahead.load(changed)
    assert read_here
    assert len(given.barometer) == len(register.load(data).barometer) - 1


def test_faults_are_told_as_without_it(data: Path, read_here: list[int]) -> None:
    results = data / "register" / "results.csv"
    results.write_text(results.read_text(encoding="utf-8") + "no such KPI,,,,\n", encoding="utf-8")
    with pytest.raises(DataError) as alone:
        register.load(data)
    with reading_ahead.begun(data) as ahead, pytest.raises(DataError) as after:
        ahead.load(data)
    assert after.value.faults == alone.value.faults


def test_a_reader_that_is_killed_costs_time_only(data: Path, read_here: list[int]) -> None:
    with reading_ahead.begun(data) as ahead:
        os.kill(ahead.reader, signal.SIGKILL)
        assert len(ahead.load(data).kpis)
    assert read_here


def test_no_process_is_left_when_nothing_is_asked(data: Path) -> None:
    with reading_ahead.begun(data) as ahead:
        assert ahead.reader
    with pytest.raises(ChildProcessError):
        os.waitpid(ahead.reader, os.WNOHANG)


def test_more_data_than_memory_holds_twice_are_not_read_ahead(
    data: Path, read_here: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_ahead, "MOST", 1000)
    with reading_ahead.begun(data) as ahead:
        assert not ahead.reader
        assert len(ahead.load(data).kpis)
    assert read_here
