import pytest
from kpireport.errors import PublishingError
from kpireport.presentation.markup import words
from kpireport.publishing.folder import publish_folder


def published(tmp_path, **files: bytes):
    names = {"a.txt": b"one", "below/b.txt": b"two"} | files
    return publish_folder(tmp_path, "q2", names, heading="A <b>", body=[words("x < y")], described={"below/b.txt": "The second"})


def test_files_and_their_page_are_there_and_text_stays_text(tmp_path):
    folder = published(tmp_path)
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == {
        ".kpireport", "index.html", "a.txt", "below/b.txt",
    }  # fmt: skip
    html = (folder / "index.html").read_text(encoding="utf-8")
    assert "A &lt;b&gt;" in html
    assert "x &lt; y" in html
    assert 'href="below/b.txt"' in html


def test_our_own_folder_is_replaced_whole_and_another_is_left_alone(tmp_path):
    published(tmp_path, **{"old.txt": b""})
    assert not (published(tmp_path) / "old.txt").exists()
    (tmp_path / "q2" / ".kpireport").unlink()
    with pytest.raises(PublishingError, match="not a folder that kpireport made"):
        published(tmp_path)
    assert (tmp_path / "q2" / "a.txt").read_bytes() == b"one"


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "..\\x"])
def test_a_name_that_leaves_the_folder_is_refused(tmp_path, name):
    with pytest.raises(PublishingError, match="would leave"):
        published(tmp_path, **{name: b""})
    assert not (tmp_path / "q2").exists()
