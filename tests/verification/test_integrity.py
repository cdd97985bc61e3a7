import stat
import zipfile

import pytest
from kpireport.verification import integrity
from kpireport.verification.integrity import Fault, FaultKind, UnsafeBundleError


def entry(name: str, **told) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    for key, value in told.items():
        setattr(made, key, value)
    return made


def written(path, *entries):
    with zipfile.ZipFile(path, "w") as archive:
        for one in entries:
            archive.writestr(one, b"content")
    return path


HOSTILE = {
    "leads up": [entry("../outside.txt")],
    "leads up from within": [entry("inputs/../../outside.txt")],
    "is absolute": [entry("/tmp/outside.txt")],
    "is absolute on Windows": [entry("C:/outside.txt")],
    "leads up on Windows": [entry("inputs\\..\\..\\outside.txt")],
    "is a stream on Windows": [entry("a.txt:hidden")],
    "is a device on Windows": [entry("inputs/NUL.csv")],
    "ends with a dot": [entry("inputs/a.")],
    "has an empty part": [entry("inputs//a.csv")],
    "holds a character that is not seen": [entry("inputs/a\u202ecsv.exe")],
    "is a link": [entry("inputs/link", external_attr=(stat.S_IFLNK | 0o777) << 16)],
    "is a device": [entry("inputs/device", external_attr=(stat.S_IFCHR | 0o666) << 16)],
    "stands there twice": [entry("a.csv"), entry("a.csv")],
    "stands there twice but for capitals": [entry("a.csv"), entry("A.CSV")],
    "stands there twice but for how an accent is written": [entry("\u00e9.csv"), entry("e\u0301.csv")],
    "is a file and a folder": [entry("inputs"), entry("inputs/a.csv")],
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("entries", HOSTILE.values(), ids=HOSTILE)
def test_zip_with_one_entry_that_is_not_safe_writes_nothing_anywhere(tmp_path, entries):
    bundle = written(tmp_path / "bundle.zip", entry("good.txt"), *entries)
    folder = tmp_path / "deep" / "opened"
    folder.mkdir(parents=True)
    with pytest.raises(UnsafeBundleError, match="was not opened: it is not safe"):
        integrity.unpack(bundle, folder)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["bundle.zip", "deep", "opened"]


def test_zip_that_would_fill_the_disk_is_not_opened(tmp_path, monkeypatch):
    bundle = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(3_000_000))
    assert bundle.stat().st_size < 5_000
    for limit in ("FILE_BYTES", "ALL_BYTES"):
        with monkeypatch.context() as patched:
            patched.setattr(integrity, limit, 1_000_000)
            with pytest.raises(UnsafeBundleError, match="3000000 bytes"):
                integrity.unpack(bundle, tmp_path)
    monkeypatch.setattr(integrity, "ENTRIES", 0)
    with pytest.raises(UnsafeBundleError, match="holds 1 files"):
        integrity.unpack(bundle, tmp_path)


def test_list_of_files_that_would_fill_the_memory_is_not_read(tmp_path, monkeypatch):
    bundle = written(tmp_path / "bundle.zip", *(entry(f"{number}.csv") for number in range(100)))
    monkeypatch.setattr(integrity, "DIRECTORY_BYTES", 1_000)
    monkeypatch.setattr(zipfile, "ZipFile", lambda *given: pytest.fail("it was read"))
    with pytest.raises(UnsafeBundleError, match="lists more files than a bundle can hold"):
        integrity.unpack(bundle, tmp_path)


def test_entry_that_is_longer_than_it_says_is_not_believed(tmp_path):
    bundle = tmp_path / "liar.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("a.csv", b"x" * 5_000)
    content = bundle.read_bytes()
    directory = content.rindex(b"PK\x01\x02")
    shorter = content[: directory + 24] + (10).to_bytes(4, "little") + content[directory + 28 :]
    bundle.write_bytes(shorter)
    folder = tmp_path / "opened"
    folder.mkdir()
    with pytest.raises(UnsafeBundleError, match=r"liar\.zip cannot be opened"):
        integrity.unpack(bundle, folder)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + bytes(10)])
def test_file_that_is_no_zip_is_told_so(tmp_path, content):
    (tmp_path / "bundle.zip").write_bytes(content)
    with pytest.raises(UnsafeBundleError, match="is no bundle, or is damaged"):
        integrity.unpack(tmp_path / "bundle.zip", tmp_path)


def test_one_flipped_bit_of_the_content_is_found(tmp_path):
    bundle = written(tmp_path / "bundle.zip", entry("a.csv"))
    bundle.write_bytes(bundle.read_bytes().replace(b"content", b"contenu", 1))
    (tmp_path / "opened").mkdir()
    with pytest.raises(UnsafeBundleError, match="CRC"):
        integrity.unpack(bundle, tmp_path / "opened")


def test_names_as_services_give_them_are_kept(tmp_path):
    names = ["returns/2024-25-q2/Q2 KPIs (final) – café.xlsx", "inputs/data/register/kpis.csv"]
    (tmp_path / "opened").mkdir()
    integrity.unpack(written(tmp_path / "bundle.zip", *map(entry, names)), tmp_path / "opened")
    assert set(integrity.digests(tmp_path / "opened")) == set(names)


def test_every_file_that_is_not_as_the_manifest_says_is_named():
    found = {"a": "1", "b": "9", "d": "4", "manifest.json": "5"}
    faults = integrity.check(found, {"a": "1", "b": "2", "c": "3"}, frozenset({"manifest.json"}))
    assert faults == [Fault("b", FaultKind.CHANGED), Fault("c", FaultKind.MISSING), Fault("d", FaultKind.ADDED)]
    assert [str(fault).split(":")[0] for fault in faults] == ["b was changed", "c is missing", "d was added"]


def test_link_in_a_folder_is_not_followed(tmp_path):
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "link").symlink_to(tmp_path / "secret")
    assert integrity.digests(tmp_path / "folder") == {"link": ""}
