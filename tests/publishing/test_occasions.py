"""Several occasions built as one give what each gives on its own; what goes wrong with one stops none of the others."""

import json
import os
import subprocess
import sys

import pytest
import tiny_project
from kpireport.publishing import manifest
from test_publication import contents

SCRIPT = """
import json, sys
from pathlib import Path
sys.path[:0] = {paths}
import tiny_project
from kpireport.publishing import plan
from kpireport.publishing.asked import Request
from kpireport.publishing.publication import publish_all
places = plan.Places(Path({root}), {package})
for groups in json.loads(sys.argv[1]):
    groups = [[Request(*one) for one in group] for group in groups]
    for request, done in publish_all(groups, outputs=Path(sys.argv[2]), places=places, load=tiny_project.register_of_nothing):
        print("RESULT", request.told, type(done).__name__, getattr(done, "folder", done), sep="|")
"""
EXECUTIVE = tiny_project.MODULE.replace('"quarter"', '"executive"')
SCRUTINY = tiny_project.MODULE.replace('"quarter"', '"scrutiny"')
FAULTY = """
from kpireport.errors import DataError, Finding
OCCASION = "partnership"
def build(*, data: str, council: str, quarter: str, as_known_on: str = ""):
    raise DataError([Finding("a.csv", "", "B2", "x", "y", "z")])
"""
SHOWS_ITS_PROCESS = "import os, kpireport; kpireport.trace = getattr(kpireport, 'trace', 0) + 1; print(kpireport.trace)"


def run(project, *builds, out="outputs"):
    """Publish lists of groups, one after the other, in a process of its own; return what it says of each occasion."""
    script = project.root / "build.py"
    values = {"root": str(project.root), "package": project.places.package}
    script.write_text(SCRIPT.format(paths=sys.path, **{name: repr(value) for name, value in values.items()}), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, str(script), json.dumps(builds), str(project.root / out)],
        env=os.environ | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return [line.split("|")[1:] for line in ran.stdout.splitlines() if line.startswith("RESULT|")]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = tiny_project.make(tmp_path_factory.mktemp("occasions"), "tiny_reports_occasions")
    project.add("overview", SHOWS_ITS_PROCESS)
    project.add("update", SHOWS_ITS_PROCESS, module=EXECUTIVE)
    project.add("board", "1 / 0", module=SCRUTINY)
    project.add("ward", module=FAULTY)
    return project


@pytest.fixture(scope="module")
def together(project):
    """Four occasions as one, of which two fail."""
    return run(project, [[["quarter"], ["scrutiny"], ["executive"], ["partnership"], ["annual"]]])


def test_each_occasion_is_published_or_told_why_not(project, together):
    assert [(name, kind) for name, kind, _ in together] == [
        ("quarter", "Published"),
        ("scrutiny", "NotebookError"),
        ("executive", "Published"),
        ("partnership", "DataError"),
        ("annual", "ParameterError"),
    ]
    left = {path.name: path for path in project.outputs.iterdir() if not path.name.startswith(".")}
    assert left.keys() == {
        "2024-25-q2",
        "2024-25-q2-executive",
        "2024-25-q2-scrutiny.failed",
        "2024-25-q2-partnership",
        "index.html",
    }
    assert set(contents(left["2024-25-q2-partnership"])) == {"faults.html", "faults.csv"}
    assert "board.ipynb" in contents(left["2024-25-q2-scrutiny.failed"])
    assert not list(project.outputs.glob(".building*"))
    assert not list(project.outputs.glob(".lock*"))


def test_each_is_what_it_is_alone_and_sees_nothing_of_the_others(project, together):
    run(project, [[["quarter"]]], [[["executive"]]], out="alone")
    for name in ("2024-25-q2", "2024-25-q2-executive"):
        alone, built = contents(project.root / "alone" / name), contents(project.outputs / name)
        assert alone.keys() == built.keys()
        assert [file for file in alone if alone[file] != built[file]] == ["run.json"]
    assert b'"1\\n"' in contents(project.outputs / "2024-25-q2-executive")["update.ipynb"]


def test_one_team_makes_one_group_after_the_other(project):
    groups = [[["quarter", "1", "2023-24"]], [["scrutiny"]], [["quarter", "3", "2023-24"], ["executive", "3", "2023-24"]]]
    told = run(project, groups, out="groups")
    assert [(name, kind) for name, kind, _ in told] == [
        ("quarter, 2023-24 Q1", "Published"),
        ("scrutiny", "NotebookError"),
        ("quarter, 2023-24 Q3", "Published"),
        ("executive, 2023-24 Q3", "Published"),
    ]
    assert manifest.read(project.root / "groups" / "2023-24-q3-executive").period == "2023-24 Q3"
    assert not list((project.root / "groups").glob(".building*"))
