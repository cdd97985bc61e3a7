"""The store keeps what it is given, once, whole, for ever."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from kpireport.publishing import evidence
from kpireport.publishing.manifest import sha256


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def test_a_file_is_kept_once_by_its_content(tmp_path, work):
    (work / "a.csv").write_bytes(b"kpi_id\n")
    kept = evidence.keep(tmp_path, work / "a.csv", work=work)
    first = evidence.find(tmp_path, kept)
    assert kept == sha256(b"kpi_id\n")
    assert first.read_bytes() == b"kpi_id\n"
    before = first.stat()
    assert evidence.keep(tmp_path, b"kpi_id\n", work=work) == kept
    assert (first.stat().st_ino, first.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert first.stat().st_mode & 0o222 == 0
    assert [path.name for path in work.iterdir()] == ["a.csv"]


def test_many_at_once_keep_the_same_files(tmp_path, work):
    contents = [bytes([number % 7]) * 100_000 for number in range(70)]
    with ThreadPoolExecutor(16) as pool:
        kept = set(pool.map(lambda content: evidence.keep(tmp_path, content, work=work), contents))
    assert len(kept) == 7
    assert all(evidence.find(tmp_path, digest) for digest in kept)
    assert list(work.iterdir()) == []


def test_a_process_that_dies_while_it_writes_leaves_nothing_in_the_store(tmp_path, work, monkeypatch):
    def die(handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", die)
    with pytest.raises(KeyboardInterrupt):
        evidence.keep(tmp_path, b"half", work=work)
    assert evidence.find(tmp_path, sha256(b"half")) is None
    assert not (tmp_path / evidence.STORE).exists()


def test_damaged_file_is_not_found_and_is_put_right_when_it_is_kept_again(tmp_path, work):
    kept = evidence.keep(tmp_path, b"ten", work=work)
    place = evidence.place_of(tmp_path, kept)
    place.chmod(0o644)
    place.write_bytes(b"tem")
    assert evidence.find(tmp_path, kept) is None
    evidence.keep(tmp_path, b"ten", work=work)
    assert evidence.find(tmp_path, kept).read_bytes() == b"ten"
