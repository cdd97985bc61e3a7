"""Adding a report takes three files: nothing else is changed."""

import shutil

import nbformat
from nbformat import v4
from running import ROOT, published

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

    folder = published(tmp_path / "out", "survey", root=tmp_path)
    made = {path.name for path in folder.iterdir()}
    assert {"greeting.html", "greeting.pdf", "greeting.ipynb", "index.html", "manifest.json"} <= made
    assert "Come in" in (folder / "greeting.html").read_text(encoding="utf-8")
