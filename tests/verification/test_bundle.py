"""The evidence bundle: whole, the same every time, and never half of it."""

import os
import re
import shutil
import subprocess
import sys
import zipfile

import by_hand
import pytest
from by_hand import FILES, PERIOD, ROOT
from kpireport.__main__ import main
from kpireport.errors import KpireportError, ParameterError, PublishingError
from kpireport.publishing import evidence, manifest
from kpireport.publishing.manifest import sha256
from kpireport.publishing.plan import Places
from kpireport.verification import bundle

SENT = b"kpi_id,value\nPE-01,64\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A published folder, with the register it was made from, in which two results name the returns they were taken from."""
    root = tmp_path_factory.mktemp("bundle")
    data = root / "data"
    shutil.copytree(by_hand.RIVERSIDE, data)
    results = data / "register" / "results.csv"
    lines = results.read_text(encoding="utf-8").splitlines()
    header = lines[0].split(",")
    files = {1: "returns/sent.csv", 2: "returns/lost.csv"}
    for number, file in files.items():
        cells = lines[number].split(",")
        cells[header.index("source_file")] = file
        cells[header.index("source_sha256")] = sha256(SENT if number == 1 else b"lost")
        lines[number] = ",".join(cells)
    results.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (data / "returns").mkdir()
    (data / "returns" / "sent.csv").write_bytes(SENT)
    (data / "returns" / "lost.csv").write_bytes(b"another file of that name")
    inputs = root / "as read"
    inputs.mkdir()
    shutil.copytree(data, inputs / "data")
    shutil.copyfile(data / "council.yaml", inputs / "council.yaml")
    by_hand.publish(root / "outputs", data, root, by_hand.audited(inputs, root / "audit"))
    return root


@pytest.fixture
def outputs(made, tmp_path):
    """A copy of the outputs folder of one's own."""
    return shutil.copytree(made / "outputs", tmp_path / "outputs")


def write(outputs, made, **given):
    return bundle.write(outputs, PERIOD, data=made / "data", places=Places(ROOT), **given)


def test_bundle_holds_every_file_that_its_manifest_names_and_says_what_else(outputs, made):
    about = manifest.read(outputs / PERIOD)
    path = write(outputs, made)
    assert path == outputs / "bundles" / f"{PERIOD}-{about.sha256[:12]}.zip"
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    named = {one.name: one.sha256 for one in about.materials + about.evidence}
    named |= {f"outputs/{name}": sha256(content) for name, content in FILES.items()}
    assert bundle.expected(about) == named
    assert {name: sha256(contents[name]) for name in named} == named
    beside = {"README.html", "__main__.py", "manifest.json", "run.json", "returns/sent.csv"}
    assert contents.keys() - named.keys() == beside
    assert contents["__main__.py"] == contents["code/lib/kpireport/verification/standalone.py"]
    assert contents["returns/sent.csv"] == SENT


def test_same_published_folder_gives_the_same_bytes(outputs, made, tmp_path, monkeypatch):
    first = write(outputs, made).read_bytes()
    elsewhere = shutil.copytree(outputs, tmp_path / "else where", copy_function=shutil.copy)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    before = os.umask(0o077)
    try:
        second = write(elsewhere, made, to=tmp_path / "a" / "own name.zip")
    finally:
        os.umask(before)
    assert second == tmp_path / "a" / "own name.zip"
    assert second.read_bytes() == first
    assert [path.name for path in second.parent.iterdir()] == ["own name.zip"]


def test_lost_evidence_is_found_in_todays_files_where_they_are_the_same(outputs, made, tmp_path):
    first = write(outputs, made).read_bytes()
    shutil.rmtree(outputs / evidence.STORE)
    assert write(outputs, made, to=tmp_path).read_bytes() == first


def test_evidence_that_is_nowhere_any_more_is_named_and_nothing_is_written(outputs, made, tmp_path):
    shutil.rmtree(outputs / evidence.STORE)
    data = shutil.copytree(made / "data", tmp_path / "data")
    with (data / "register" / "kpis.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    (data / "register" / "targets.csv").unlink()
    with pytest.raises(PublishingError) as error:
        bundle.write(outputs, PERIOD, data=data, places=Places(ROOT))
    told = str(error.value)
    assert "inputs/data/register/kpis.csv" in told
    assert "inputs/data/register/targets.csv" in told
    assert "inputs/data/register/results.csv" not in told
    assert not (outputs / "bundles").exists()


def test_published_file_that_was_changed_or_removed_is_named(outputs, made):
    (outputs / PERIOD / "results.csv").write_bytes(b"kpi_iD\n")
    (outputs / PERIOD / "clt-quarterly.html").unlink()
    with pytest.raises(PublishingError) as error:
        write(outputs, made)
    assert "outputs/results.csv was changed" in str(error.value)
    assert "outputs/clt-quarterly.html is missing" in str(error.value)


def test_damaged_evidence_is_not_taken(outputs, made, tmp_path):
    about = manifest.read(outputs / PERIOD)
    kpis = next(one for one in about.inputs if one.name.endswith("register/kpis.csv"))
    place = evidence.place_of(outputs, kpis.sha256)
    place.chmod(0o644)
    place.write_bytes(place.read_bytes().replace(b"1", b"2", 1))
    with pytest.raises(PublishingError, match=r"register/kpis\.csv is no longer held"):
        bundle.write(outputs, PERIOD, data=tmp_path, places=Places(ROOT))
    with zipfile.ZipFile(write(outputs, made)) as archive:  # today's file is the same
        assert sha256(archive.read(kpis.name)) == kpis.sha256


@pytest.mark.parametrize(
    "period",
    ["", ".", "..", "../2024-25-q2", "/etc", "2024-25-q2/..", "2024-25 Q2", "2024-25-q9", ".evidence", "-x", "2024-25-q2\n"],
)
def test_what_is_not_the_name_of_a_published_folder_is_refused(outputs, made, period):
    with pytest.raises(ParameterError, match="period: "):
        bundle.write(outputs, period, data=made / "data")
    assert not (outputs / "bundles").exists()


def test_page_tells_an_auditor_what_it_is_and_links_only_what_is_there(outputs, made):
    path = write(outputs, made)
    with zipfile.ZipFile(path) as archive:
        page, names = archive.read("README.html").decode(), set(archive.namelist())
    links = re.findall(r'href="([^"#]+)"', page)
    assert {"outputs/clt-quarterly.html", "outputs/index.html", "evidence/decisions.csv"} <= set(links) <= names
    assert "<script" not in page
    for words in (
        "Internal.",
        f"python {path.name}",
        manifest.read(outputs / PERIOD).sha256,
        "not prove",
        "Riverside",
        "lost.csv",
    ):
        assert words in page, words
    assert "returns/sent.csv" not in page


def test_zip_is_a_program_that_needs_nothing_but_python(outputs, made, tmp_path):
    path = write(outputs, made)
    command = [sys.executable, "-I", "-S", str(path), "--help"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "python BUNDLE.zip" in ran.stdout


def test_command_line_writes_the_bundle_and_says_that_it_is_internal(outputs, made, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    words = ["bundle", "--period", PERIOD, "--out", str(outputs), "--to", str(tmp_path / "to")]
    assert main(words) == 0
    assert "internal" in capsys.readouterr().out
    assert len(list((tmp_path / "to").glob("*.zip"))) == 1
    assert main(["bundle", "--period", "../x", "--out", str(outputs)]) == ParameterError("").exit_code


def test_folder_that_cannot_be_written_is_said_in_one_line(outputs, made, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(KpireportError, match="could not be written"):
        write(outputs, made, to=tmp_path / "file" / "below")
