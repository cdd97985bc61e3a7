"""The manifest is a statement that other tools read, and only a sound one is read by ours."""

import copy
import json
import re
from dataclasses import replace

import pytest
from kpireport.errors import PublishingError
from kpireport.publishing import manifest
from kpireport.publishing.manifest import Manifest, Resource, Run

DIGEST = "0f" * 32
ABOUT = Manifest(
    occasion="scrutiny",
    period="2024-25 Q2",
    settings={"board": "CF", "as_known_on": "2024-11-15"},
    reports=(Run("scrutiny-board-cf", "Children", "scrutiny_board", {"board": "CF", "years": 3, "is_short": False}),),
    scheme="target-tolerance-v1",
    schemas={"register/kpis": DIGEST},
    source_sha256=DIGEST,
    inputs=(Resource("inputs/data/register/kpis.csv", DIGEST, 12, 1, DIGEST),),
    code=(Resource("code/notebooks/scrutiny_board.ipynb", DIGEST, 9),),
    evidence=(Resource("evidence/checks.csv", DIGEST, 3),),
    outputs=(Resource("index.html", DIGEST, 7), Resource("a/b.pdf", DIGEST, 8)),
    version="0.1.0",
    python="3.11.7",
    platform="linux-x86_64",
    libraries={"pandas": "3.1.1"},
)


@pytest.mark.parametrize("about", [ABOUT, replace(ABOUT, forms=("pdf",))], ids=["all forms", "one form"])
def test_what_is_written_is_what_is_read(about):
    content = manifest.written(manifest.statement(about))
    assert manifest.parse(content) == about
    assert manifest.parse(content).sha256 == manifest.sha256(content)


def test_command_line_of_a_report_is_told():
    wanted = ["scrutiny", "--quarter=2", "--year=2024-25", "--set=board=CF", "--set=as_known_on=2024-11-15"]
    assert (ABOUT.folder, ABOUT.arguments) == ("2024-25-q2-scrutiny-known-2024-11-15", wanted)


def is_uri(text):
    return isinstance(text, str) and re.fullmatch(r"[a-z][a-z0-9+.-]*:\S+", text)


def check_descriptor(told, *, digest_needed):
    """A ResourceDescriptor: at least one of uri, digest and content; every field of its type."""
    kinds = {
        "uri": str, "digest": dict, "name": str, "downloadLocation": str, "mediaType": str, "content": str, "annotations": dict,
    }  # fmt: skip
    assert told.keys() <= kinds.keys()
    assert told.keys() & {"uri", "digest", "content"}
    assert all(isinstance(told[name], kinds[name]) for name in told)
    assert "digest" in told or not digest_needed
    assert all(re.fullmatch("[0-9a-f]{64}", value) for key, value in told.get("digest", {}).items() if key == "sha256")


def test_statement_has_the_fields_that_in_toto_and_slsa_require():
    """Sources: in-toto attestation framework, spec/v1/statement.md; SLSA v1.0, build provenance schema."""
    told = json.loads(manifest.written(manifest.statement(ABOUT)))
    assert told.keys() == {"_type", "subject", "predicateType", "predicate"}
    assert told["_type"] == "https://in-toto.io/Statement/v1"
    assert told["predicateType"] == "https://slsa.dev/provenance/v1"
    for one in told["subject"]:
        check_descriptor(one, digest_needed=True)
    names = [one["name"] for one in told["subject"]]
    assert len(names) == len(set(names)) == 2
    definition, details = told["predicate"]["buildDefinition"], told["predicate"]["runDetails"]
    assert told["predicate"].keys() == {"buildDefinition", "runDetails"}
    assert definition.keys() <= {"buildType", "externalParameters", "internalParameters", "resolvedDependencies"}
    assert is_uri(definition["buildType"])
    assert isinstance(definition["externalParameters"], dict)
    assert definition["externalParameters"]
    assert isinstance(definition["internalParameters"], dict)
    for one in definition["resolvedDependencies"]:
        check_descriptor(one, digest_needed=True)
    assert details.keys() <= {"builder", "metadata", "byproducts"}
    assert details["builder"].keys() <= {"id", "version", "builderDependencies"}
    assert is_uri(details["builder"]["id"])
    assert all(isinstance(value, str) for value in details["builder"]["version"].values())
    for one in details["byproducts"]:
        check_descriptor(one, digest_needed=False)


DEFINITION = ("predicate", "buildDefinition")
WRONG = {
    "another_statement": (("_type",), "https://in-toto.io/Statement/v0.1"),
    "another_predicate": (("predicateType",), "https://slsa.dev/provenance/v2"),
    "another_build": ((*DEFINITION, "buildType"), "urn:kpireport:reports-from-register:v2"),
    "no_predicate": (("predicate",), None),
    "subject_not_a_list": (("subject",), {}),
    "name_leaves_the_folder": (("subject", 0, "name"), "../index.html"),
    "name_is_absolute": (("subject", 0, "name"), "/index.html"),
    "name_is_of_a_drive": (("subject", 0, "name"), "C:index.html"),
    "name_with_backslash": (("subject", 0, "name"), "a\\..\\..\\b"),
    "name_with_line_break": (("subject", 0, "name"), "a\nb"),
    "name_twice": (("subject", 0, "name"), "a/b.pdf"),
    "no_digest": (("subject", 0, "digest"), {}),
    "short_digest": (("subject", 0, "digest", "sha256"), "0f"),
    "number_as_text": (("subject", 0, "annotations", "bytes"), "7"),
    "neither_input_nor_code": ((*DEFINITION, "resolvedDependencies", 0, "name"), "outputs/index.html"),
    "occasion_leaves_the_folder": ((*DEFINITION, "externalParameters", "occasion"), "../x"),
    "period_leaves_the_folder": ((*DEFINITION, "externalParameters", "period"), "/etc"),
    "setting_not_text": ((*DEFINITION, "externalParameters", "settings"), {"board": 1}),
    "unknown_form": ((*DEFINITION, "externalParameters", "forms"), ["html", "exe"]),
    "form_twice": ((*DEFINITION, "externalParameters", "forms"), ["html", "html"]),
    "no_form": ((*DEFINITION, "externalParameters", "forms"), []),
    "form_is_no_word": ((*DEFINITION, "externalParameters", "forms"), [["html"]]),
    "version_not_text": (("predicate", "runDetails", "builder", "version", "python"), 3.11),
}


@pytest.mark.parametrize("case", WRONG)
def test_unsound_manifest_is_refused(case):
    told = copy.deepcopy(manifest.statement(ABOUT))
    *path, last = WRONG[case][0]
    part = told
    for step in path:
        part = part[step]
    part[last] = WRONG[case][1]
    with pytest.raises(PublishingError, match="not a manifest"):
        manifest.parse(manifest.written(told))


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'"manifest"'])
def test_what_is_no_statement_at_all_is_refused(content):
    with pytest.raises(PublishingError, match="not a manifest"):
        manifest.parse(content)


def test_fields_of_others_are_passed_over():
    told = manifest.statement(ABOUT) | {"comment": "read and agreed"}
    told["predicate"]["runDetails"]["metadata"] = {"invocationId": "7"}
    assert manifest.parse(manifest.written(told)) == ABOUT
