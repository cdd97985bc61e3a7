import threading

import pytest
from kpireport.errors import PublishingError
from kpireport.publishing import replacement


@pytest.fixture
def folders(tmp_path):
    for name, text in (("new", "new"), ("place", "old")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page").write_text(text)
    return tmp_path


def without_exchange(monkeypatch):
    monkeypatch.setattr(replacement, "_exchange", lambda one, other: False)


def test_first_folder_is_moved_to_its_place(tmp_path):
    (tmp_path / "new").mkdir()
    replacement.replace(tmp_path / "new", tmp_path / "place", aside=tmp_path / "aside")
    assert [path.name for path in tmp_path.iterdir()] == ["place"]


@pytest.mark.parametrize("can_exchange", [True, False])
def test_new_folder_takes_the_place_of_the_old(folders, monkeypatch, can_exchange):
    if not can_exchange:
        without_exchange(monkeypatch)
    replacement.replace(folders / "new", folders / "place", aside=folders / "aside")
    assert (folders / "place" / "page").read_text() == "new"


def test_reader_finds_a_whole_folder_at_every_moment(folders):
    """Only where the system can exchange folders in one step."""
    if not replacement._exchange(folders / "new", folders / "place"):
        pytest.skip("this system cannot exchange two folders")
    stop = threading.Event()

    def replace_again_and_again():
        while not stop.is_set():
            replacement.replace(folders / "new", folders / "place", aside=folders / "aside")

    writer = threading.Thread(target=replace_again_and_again)
    writer.start()
    try:
        seen = {(folders / "place" / "page").read_text() for _ in range(5_000)}
    finally:
        stop.set()
        writer.join()
    assert seen == {"old", "new"}


def test_old_folder_comes_back_when_the_second_rename_fails(folders, monkeypatch):
    without_exchange(monkeypatch)
    renamed = type(folders).rename

    def rename(path, target):
        if path.name == "new":
            raise PermissionError(13, "Permission denied")
        return renamed(path, target)

    monkeypatch.setattr(type(folders), "rename", rename)
    with pytest.raises(PublishingError, match="open in another program"):
        replacement.replace(folders / "new", folders / "place", aside=folders / "aside")
    assert (folders / "place" / "page").read_text() == "old"


def test_old_folder_comes_back_after_a_death_between_two_renames(folders):
    (folders / "place").rename(folders / "aside")
    replacement.recover(folders / "place", aside=folders / "aside")
    assert (folders / "place" / "page").read_text() == "old"
