"""One report of Riverside, published for real, and its bundle."""

import shutil
import zipfile
from pathlib import Path

import pytest
from kpireport.publishing import manifest
from kpireport.publishing.plan import Places, Request
from kpireport.publishing.publication import publish
from kpireport.verification import bundle, reperformance
from kpireport.verification.reperformance import Environment, Remade

ROOT = Path(__file__).resolve().parent.parent.parent
RIVERSIDE = ROOT / "tests" / "councils" / "riverside"
PERIOD = "2024-25-q2-scrutiny"


@pytest.fixture(scope="session")
def outputs(tmp_path_factory) -> Path:
    """An outputs folder with the report for one Scrutiny Board."""
    folder = tmp_path_factory.mktemp("published") / "outputs"
    request = Request("scrutiny", "2", "2024-25", data=str(RIVERSIDE), settings=("board=ENV",))
    publish(request, outputs=folder, places=Places(ROOT), say=lambda line: None)
    return folder


@pytest.fixture(scope="session")
def bundle_file(outputs) -> Path:
    """Its bundle, as it was written."""
    return bundle.write(outputs, PERIOD, data=RIVERSIDE, places=Places(ROOT))


@pytest.fixture(scope="session")
def _unpacked(bundle_file, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(bundle_file) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def whole(_unpacked, tmp_path) -> Path:
    """The files of the bundle, for a test to change."""
    shutil.copytree(_unpacked, tmp_path / "whole")
    return tmp_path / "whole"


@pytest.fixture
def work(tmp_path) -> Path:
    """An empty folder to verify in."""
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.fixture(scope="session")
def _here(_unpacked, outputs, tmp_path_factory) -> Environment:
    about = manifest.read(outputs / PERIOD)
    return reperformance.prepare(_unpacked / "code", about, tmp_path_factory.mktemp("environment"), lambda line: None)


@pytest.fixture
def honest(monkeypatch, outputs, _here):
    """Stand in for making the reports again: what comes of it is what was really published."""
    monkeypatch.setattr(reperformance, "prepare", lambda *given: _here)
    monkeypatch.setattr(reperformance, "perform", lambda *given: Remade(outputs / PERIOD))


@pytest.fixture
def untrusted(monkeypatch):
    """Fail the test when code from the bundle is run, or its inputs are read."""

    def refuse(*given):
        raise AssertionError("the bundle was trusted")

    monkeypatch.setattr(reperformance, "perform", refuse)
    monkeypatch.setattr(reperformance, "prepare", refuse)
