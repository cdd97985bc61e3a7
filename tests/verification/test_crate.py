"""The RO-Crate describes the bundle's files and the run that made them, without a clock."""

import json
import shutil
import sys
import zipfile

import by_hand
import pytest
from by_hand import PERIOD, ROOT
from kpireport.errors import PublishingError
from kpireport.publishing import manifest
from kpireport.publishing.plan import Places
from kpireport.verification import crate

rocrate = pytest.importorskip("rocrate.rocrate")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    root = tmp_path_factory.mktemp("crate")
    by_hand.publish(root / "outputs", by_hand.RIVERSIDE, root)
    return root / "outputs"


@pytest.fixture(scope="module")
def written(outputs, tmp_path_factory):
    return crate.write(outputs, PERIOD, to=tmp_path_factory.mktemp("to"), data=by_hand.RIVERSIDE, places=Places(ROOT))


@pytest.fixture(scope="module")
def described(written):
    """Each thing that the crate describes, by its identifier."""
    with zipfile.ZipFile(written) as archive:
        told = json.loads(archive.read(crate.METADATA))
    assert told["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    return {one["@id"]: one for one in told["@graph"]}


def ids(told):
    return {one["@id"] for one in (told if isinstance(told, list) else [told])}


def test_every_file_is_a_part_with_its_size_and_digest(outputs, written, described):
    about = manifest.read(outputs / PERIOD)
    with zipfile.ZipFile(written) as archive:
        sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    assert ids(described["./"]["hasPart"]) == sizes.keys() - {crate.METADATA}
    for name in sizes.keys() - {crate.METADATA}:
        assert described[name]["contentSize"] == str(sizes[name]), name
        assert "File" in described[name]["@type"], name
    for one in about.materials:
        assert described[one.name]["sha256"] == one.sha256


def test_run_is_an_action_from_inputs_and_code_to_outputs(described):
    run = described["#run"]
    assert run["@type"] == "CreateAction"
    assert (run["startTime"], run["endTime"]) == ("2024-10-30T09:12:00Z", "2024-10-30T09:12:30Z")
    assert ids(run["instrument"]) == {"#kpireport"}
    assert {"inputs/data/register/kpis.csv", "inputs/council.yaml", "code/params/clt_quarterly.yaml"} <= ids(run["object"])
    assert {"outputs/clt-quarterly.html", "evidence/decisions.csv"} <= ids(run["result"])
    assert not ids(run["object"]) & ids(run["result"])
    assert described["#kpireport"]["@type"] == "SoftwareApplication"


def test_root_says_what_ro_crate_requires(described):
    root, metadata = described["./"], described[crate.METADATA]
    assert metadata["about"] == {"@id": "./"}
    assert metadata["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert all(root[name] for name in ("name", "description", "datePublished", "license"))
    assert root["datePublished"] == "2024-10-30T09:12:30Z"
    assert root["temporalCoverage"] == "2024-07-01/2024-09-30"
    assert ids(root["conformsTo"]) == {crate.PROFILE}
    assert crate.PROFILE in described


def test_the_library_that_knows_ro_crate_reads_it_and_two_are_the_same(outputs, written, tmp_path):
    again = crate.write(outputs, PERIOD, to=tmp_path, data=by_hand.RIVERSIDE, places=Places(ROOT))
    assert again.read_bytes() == written.read_bytes()
    read = rocrate.ROCrate(again)
    assert read.name == "Performance reports, 2024-25 Q2"
    assert len(read.data_entities) > 10


def test_without_the_library_the_message_says_how_to_get_it(outputs, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "rocrate.rocrate", None)
    with pytest.raises(PublishingError, match="make crate installs it"):
        crate.write(outputs, PERIOD, to=tmp_path, data=by_hand.RIVERSIDE, places=Places(ROOT))


def test_run_without_times_is_refused(outputs, tmp_path):
    copied = shutil.copytree(outputs, tmp_path / "outputs")
    (copied / PERIOD / manifest.RUN).write_text("{}")
    with pytest.raises(PublishingError, match="when the reports were made"):
        crate.write(copied, PERIOD, data=by_hand.RIVERSIDE, places=Places(ROOT))
