"""The bill of materials says what the lock says, as its schema wants it; and a licence that asks for a look is found."""

import csv
import io
import json
import os
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from kpireport.environment import GROUPS, pins, section
from kpireport.verification import bill, licences
from kpireport.verification.licences import Licence

ROOT = Path(__file__).resolve().parents[2]
LOCK, PROJECT = ROOT / "requirements.lock", ROOT / "pyproject.toml"


@pytest.fixture(scope="module")
def written():
    return bill.written(LOCK, PROJECT)


@pytest.fixture(scope="module")
def read(written):
    return json.loads(written)


def test_the_bill_is_as_its_schema_wants_it(read):
    is_soak = os.environ.get("KPIREPORT_SOAK") == "1"  # all of them take half a minute
    few = read if is_soak else {**read, "components": read["components"][:40], "dependencies": read["dependencies"][:5]}
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(few)) is None
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps({**few, "components": [{"name": "x"}]})) is not None


def test_every_pin_of_the_lock_is_in_it_with_each_of_its_hashes(read):
    lock = LOCK.read_text(encoding="utf-8")
    pinned = set(re.findall(r"(?m)^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)", lock))
    libraries = [one for one in read["components"] if one["type"] == "library"]
    assert {(one["name"], one["version"]) for one in libraries} == pinned
    hashes = [each["content"] for one in libraries for each in one["externalReferences"][0]["hashes"]]
    assert sorted(set(hashes)) == sorted(set(re.findall("sha256:([0-9a-f]{64})", lock)))
    assert all(one["externalReferences"][0]["hashes"] for one in libraries)


def test_the_graph_leads_from_the_product_to_all_that_it_needs_here_and_nowhere_else(read):
    needs = {one["ref"]: one["dependsOn"] for one in read["dependencies"]}
    assert {ref for found in needs.values() for ref in found} <= set(needs)
    assert [ref for ref in needs["kpireport"] if ref.startswith("group:")] == sorted(f"group:{group}" for group in GROUPS)
    reached, waiting = set(), ["group:product"]
    while waiting:
        if (ref := waiting.pop()) not in reached:
            reached.add(ref)
            waiting += needs[ref]
    here = {f"pkg:pypi/{name}@{version}" for name, version in pins(section(LOCK.read_text(encoding="utf-8"), "product"))}
    elsewhere = {ref for ref in here - reached if ref.startswith(("pkg:pypi/cffi@", "pkg:pypi/pycparser@"))}
    assert here - reached == elsewhere, "only what pyzmq needs on PyPy, and the lock has without a marker"
    scopes = {one["bom-ref"]: one["scope"] for one in read["components"] if "scope" in one}
    assert {scopes[ref] for ref in here} == {"required"}


def test_the_same_lock_gives_the_same_bytes_without_a_day_or_a_place(written):
    assert bill.written(LOCK, PROJECT) == written
    assert "timestamp" not in written.decode()
    assert str(ROOT) not in written.decode()


def test_licences_are_listed_with_those_first_that_ask_for_a_look(read):
    rows = list(csv.DictReader(io.StringIO(bill.licence_csv(bill.packages(LOCK.read_text(encoding="utf-8"))).decode())))
    kinds = [licences.KINDS.index(row["kind"]) for row in rows]
    assert kinds == sorted(kinds)
    by_name = {row["package"]: row for row in rows}
    assert by_name["pandoc"]["kind"] == licences.COPYLEFT
    assert by_name["pikepdf"]["kind"] == licences.WEAK
    assert by_name["Liberation Sans"]["licence"] == "OFL-1.1"
    installed = {
        row["package"] for row in rows if row["kind"] == licences.UNKNOWN and not row["note"].startswith("Not installed")
    }
    assert installed == set(), "a package is under a licence that nobody has looked at"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("MIT", licences.PERMISSIVE),
        ("(MIT OR GPL-3.0-only)", licences.PERMISSIVE),
        ("MPL-2.0 AND MIT", licences.WEAK),
        ("GPL-2.0-or-later AND MIT", licences.COPYLEFT),
        ("Apache-2.0 WITH LLVM-exception", licences.PERMISSIVE),
        ("BSD (which one, its file says)", licences.PERMISSIVE),
        ("Our own words AND MIT", licences.UNKNOWN),
        ("", licences.UNKNOWN),
    ],
)
def test_kind_of_a_licence(words, kind):
    assert Licence(words).kind == kind


def test_a_file_changed_after_it_was_installed_is_found(monkeypatch, tmp_path):
    info = tmp_path / "thing-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n")
    (tmp_path / "thing.py").write_text("x = 1\n")
    (info / "RECORD").write_text(
        "thing.py,sha256=-KLHnoB_T5i1kK2cfMfBtWfZpdcBTo3IPNN9GFtqVG0,6\ngone.py,sha256=x,1\nthing.pyc,,\n"
    )
    monkeypatch.setattr(metadata, "distribution", lambda name: metadata.PathDistribution(info))
    monkeypatch.setattr(metadata, "files", lambda name: metadata.PathDistribution(info).files)
    assert bill.not_as_published([bill.Package("thing", "1.0", ("product",), ())]) == [
        "thing: thing.py was changed",
        "thing: gone.py is missing",
    ]


def test_the_product_asks_for_nothing_that_only_the_bill_would_need():
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))
    assert not [one for one in project["project"]["dependencies"] if "cyclonedx" in one]
