"""Adding a report takes three files: nothing else is changed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat import v4

ROOT = Path(__file__).resolve().parent.parent.parent
MODULE = '''
"""A page of three lines, made with the survey."""

from dataclasses import dataclass
from pathlib import Path

from kpireport.sources import council as councils
from kpireport.sources.council import Council

OCCASION = "survey"


@dataclass(frozen=True)
class Greeting:
    """What a visitor reads."""

    council: Council
    title: str
    subtitle: str
    date: str
    scheme: str
    illustrative: int


def build(*, data: str, council: str, year: str, wish: str) -> Greeting:
    """Assemble the page."""
    return Greeting(councils.load(Path(council)), wish, f"Visitors, {year}", "2024-05-31", "", 0)
'''


def test_three_files_are_a_report(tmp_path):
    for name in ("lib", "notebooks", "params", "tests/councils/riverside"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    (tmp_path / "params" / "survey.yaml").unlink()  # so that the new report is the only one of its occasion

    (tmp_path / "params" / "greeting.yaml").write_text(
        "data: tests/councils/riverside\ncouncil: params/council.yaml\nyear: 2024\nwish: Welcome\n", encoding="utf-8"
    )
    (tmp_path / "lib" / "kpireport" / "reports" / "greeting.py").write_text(MODULE.strip() + "\n", encoding="utf-8")
    parameters = 'data = "../data"\ncouncil = "../params/council.yaml"\nyear = "2024"\nwish = "Welcome"'
    setup = (
        "from kpireport.presentation import tables\nfrom kpireport.reports import greeting\n\n"
        "report = greeting.build(data=data, council=council, year=year, wish=wish)"
    )
    cells = [
        v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        v4.new_code_cell(setup, metadata={"tags": ["setup"]}),
        v4.new_code_cell("tables.title(report)"),
        v4.new_markdown_cell("## Come in"),
    ]
    nbformat.write(v4.new_notebook(cells=cells), tmp_path / "notebooks" / "greeting.ipynb")

    ran = subprocess.run(
        [sys.executable, "-m", "kpireport", "survey", "--out", "out"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "lib")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    made = {path.name for path in (tmp_path / "out" / "2024-survey").iterdir()}
    assert {"greeting.html", "greeting.pdf", "greeting.ipynb", "index.html", "manifest.json"} <= made
    assert "Come in" in (tmp_path / "out" / "2024-survey" / "greeting.html").read_text(encoding="utf-8")
