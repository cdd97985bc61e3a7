"""Of a notebook that only shows its report it is known beforehand whether it would show anything new; of no other."""

import importlib
import inspect
import json
from pathlib import Path

import nbformat
import pytest
from kpireport.publishing import narration

ROOT = Path(__file__).resolve().parent.parent.parent
SHIPPED = sorted(path.stem for path in (ROOT / "params").glob("*.yaml") if (ROOT / "notebooks" / f"{path.stem}.ipynb").is_file())
SETUP = """
from kpireport.presentation import tables
from kpireport.reports import clt_quarterly
report = clt_quarterly.build(data=data, council=council, quarter=quarter, as_known_on=as_known_on)
"""
NAMES = ("data", "council", "quarter", "as_known_on")


def beyond(folder: Path, *cells: str, parameters: str = 'data = "data"') -> str:
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        *map(nbformat.v4.new_code_cell, cells),
    ]
    nbformat.write(notebook, folder / "own.ipynb")
    return narration.beyond(folder / "own.ipynb", report="kpireport.reports.clt_quarterly", parameters=NAMES)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_notebook_only_narrates(name):
    report = importlib.import_module(f"kpireport.reports.{name}")
    taken = inspect.signature(report.build).parameters
    assert narration.beyond(ROOT / "notebooks" / f"{name}.ipynb", report=report.__name__, parameters=taken) == ""


@pytest.mark.parametrize(
    "cell",
    [
        "tables.title(report)",
        "tables.figures(report.counts, 'Counts')",
        "from kpireport.presentation.tables import notes as about\nabout(report)",
        "figures = report.performance.kpis['value']\ntables.figures(figures, caption='Of ' 'all')",
        "tables.figures(report.highlights[0].history, quarter)",
        "report.counts",
    ],
)
def test_showing_parts_of_the_report_is_narrating(cell, tmp_path):
    assert beyond(tmp_path, SETUP, cell) == ""


@pytest.mark.parametrize(
    "cell",
    [
        "import pandas",
        "from pathlib import Path",
        "from kpireport.sources import register",
        "from kpireport.presentation.tables import *",
        "open('notes.txt').read()",
        "tables.title(open('notes.txt'))",
        "report.counts.to_csv('x')",
        "tables.figures(data, 'Where')",
        "tables.__loader__.get_data('x')",
        "tables.drawing._engine()",
        "from kpireport.presentation.drawing import Path",
        "from kpireport.presentation import drawing\ndrawing.Path('x')",
        "from kpireport.presentation import nothing_of_that_name",
        "from kpireport.presentation import charts as clt_quarterly",
        "%load_ext autoreload",
        "!date",
        "quarter = '2024-25 Q1'",
        "tables = report",
        "report.counts['value'] = 1",
        "del report",
        "for row in report.counts: tables.figures(row, 'x')",
        "tables.figures(*report.parts)",
        "tables.figures(**report.parts)",
        "f'{report.title}'",
        "clt_quarterly.variants(report)",
        "clt_quarterly.build(data=data, council=council, quarter='2024-25 Q1', as_known_on=as_known_on)",
        "clt_quarterly.build(data=data, council=council, quarter=quarter)",
        "clt_quarterly.build(data, council=council, quarter=quarter, as_known_on=as_known_on)",
        "clt_quarterly.build(data=council, council=data, quarter=quarter, as_known_on=as_known_on)",
        "from kpireport.reports import directorate_pack as clt_quarterly",
        "from kpireport.presentation import charts as data",
        "exec(report.title)",
        "__import__('os')",
    ],
)
def test_anything_else_is_more_than_narrating(cell, tmp_path):
    assert beyond(tmp_path, SETUP, cell)


@pytest.mark.parametrize("first", ["import os", "data = open('x').read()", "data = __file__", "more = 1", "data += 'x'"])
def test_parameters_are_only_named(first, tmp_path):
    assert beyond(tmp_path, SETUP, parameters=first)


def test_first_words_that_do_more_are_told(tmp_path):
    assert beyond(tmp_path, SETUP, "import os\nos.listdir()") == "import os"


def test_prose_is_not_code(tmp_path):
    path = ROOT / "notebooks" / "clt_quarterly.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].insert(3, {"cell_type": "markdown", "id": "x", "metadata": {}, "source": "import os"})
    (tmp_path / "clt_quarterly.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert narration.beyond(tmp_path / "clt_quarterly.ipynb", report="kpireport.reports.clt_quarterly", parameters=NAMES) == ""
