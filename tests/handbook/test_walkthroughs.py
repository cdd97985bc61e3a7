"""The handbook's steps, carried out as they stand there: each block of a page in its order, in a copy of the project.

A block of `sh` is run. One of another kind is put into the file that the line before it names: appended, written, or made a
notebook of. A block of `text` is what the command before it prints.
"""

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from kpireport.sources import register as registers
from nbformat import v4
from running import ROOT

STEP = re.compile(
    r"(?:(?P<how>Append to|Write|Make the notebook) `(?P<where>[^`]+)`:\n\n)?```(?P<kind>[a-z]+)\n(?P<what>.*?)```", re.DOTALL
)
LONG = "make quarter"
"""What is carried out only when a long run is asked for."""
TAKEN = (
    "lib",
    "notebooks",
    "params",
    "tests/councils/riverside",
    "Makefile",
    "requirements.lock",
    "pyproject.toml",
    "README.md",
    "LICENSE",
)

pytestmark = pytest.mark.skipif(shutil.which("make") is None or os.name == "nt", reason="make is not installed")


@pytest.fixture
def project(tmp_path) -> Path:
    """A copy of the project, to be used with the environment that runs the tests."""
    folder = tmp_path / "project"
    for name in TAKEN:
        there = folder / name
        there.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, there, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", ".*"))
        else:
            shutil.copyfile(ROOT / name, there)
    return folder


def steps(page: str) -> Iterator[re.Match[str]]:
    yield from STEP.finditer((ROOT / "lib" / "handbook" / page).read_text(encoding="utf-8"))


def carry_out(page: str, project: Path) -> list[str]:
    """Carry out every step of a page, and return what its commands printed."""
    printed: list[str] = []
    is_left_out = False
    for step in steps(page):
        there = project / (step["where"] or "")
        match step["kind"], step["how"]:
            case "sh", None:
                is_left_out = step["what"].startswith(LONG) and not os.environ.get("KPIREPORT_SOAK")
                if not is_left_out:
                    printed.append(run(step["what"], project))
            case "text", None:
                assert is_left_out or all(line in printed[-1] for line in step["what"].splitlines()), printed[-1]
            case "csv", "Append to":
                before = there.read_text(encoding="utf-8")
                there.write_text(f"{before.rstrip()}\n{step['what']}", encoding="utf-8")
            case _, "Write":
                there.write_text(step["what"], encoding="utf-8")
            case "python", "Make the notebook":
                nbformat.write(v4.new_notebook(cells=list(cells(step["what"]))), there)
            case other:
                raise AssertionError(f"{page}: nobody can tell what to do with {other}")
    return printed


def run(commands: str, project: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "PYTHONPATH"}}
    environment |= {"VIRTUAL_ENV": sys.prefix, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    ran = subprocess.run(["sh", "-e"], input=commands, cwd=project, env=environment, capture_output=True, text=True, timeout=900)
    assert ran.returncode == 0, f"{commands}{ran.stdout}{ran.stderr}"
    return ran.stdout


def cells(text: str) -> Iterator:
    """Yield the cells of a notebook written with a line `# %%` before each."""
    for part in re.split(r"(?m)^# %%", text)[1:]:
        kind, _, source = part.partition("\n")
        kind = kind.strip()
        if kind == "markdown":
            yield v4.new_markdown_cell(source.strip())
        else:
            yield v4.new_code_cell(source.strip(), metadata={"tags": [kind]} if kind else {})


def test_adding_a_kpi(project):
    printed = carry_out("add-kpi.md", project)
    added = registers.load(project.parent / "riverside")
    assert added.kpis["kpi_id"].tolist()[-1] == "PL-20"
    # The row of the page is the one that make changes prints, with the agreement filled in.
    (lacking,) = csv.reader(next(line for line in printed if "PL-20" in line).splitlines())
    (agreed,) = (row for row in added.kpi_changes.to_dict("records") if row["kpi_id"] == "PL-20")
    assert lacking[5] == agreed["new_value"]
    assert (lacking[7:9], lacking[9]) == (["", ""], agreed["fingerprint"])


def test_adding_a_report(project):
    carry_out("add-report.md", project)
    folder = project.parent / "reports" / "2024-25-q2-executive"
    assert {"red-list.html", "red-list.pdf", "red-list.ipynb", "executive-update.html"} <= {
        path.name for path in folder.iterdir()
    }
    assert "What is red" in (folder / "red-list.html").read_text(encoding="utf-8")
    assert "red-list.html" in (folder / "index.html").read_text(encoding="utf-8")


def test_adding_a_council(project):
    carry_out("add-council.md", project)
    page = project.parent / "reports" / "2024-25-q2-executive" / "executive-update.html"
    assert "Newtown City Council" in page.read_text(encoding="utf-8")
