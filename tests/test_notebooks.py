"""A report is three files that agree: its notebook narrates, its parameters file names what the notebook takes."""

import ast
import importlib
import inspect
import json
from pathlib import Path

import papermill
import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
REPORTS = sorted(path.stem for path in (ROOT / "params").glob("*.yaml") if (ROOT / "notebooks" / f"{path.stem}.ipynb").exists())
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
PROGRAMMING = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.IfExp, ast.Lambda, ast.ListComp, ast.Try, ast.With)


def code_cells(name: str) -> list[dict]:
    notebook = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_both_quarterly_reports_are_found():
    assert {"clt_quarterly", "directorate_pack"} <= set(REPORTS)


@pytest.mark.parametrize("name", REPORTS)
def test_params_file_notebook_and_build_take_the_same_parameters(name):
    declared = set(papermill.inspect_notebook(ROOT / "notebooks" / f"{name}.ipynb"))
    given = set(yaml.safe_load((ROOT / "params" / f"{name}.yaml").read_text(encoding="utf-8"))) - {"report"}
    taken = set(inspect.signature(importlib.import_module(f"kpireport.reports.{name}").build).parameters)
    assert declared == given == taken


def test_the_only_notebook_that_is_no_report_is_the_one_to_explore_with():
    assert set(NOTEBOOKS) - set(REPORTS) == {"explore"}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_only_narrates(name):
    for cell in code_cells(name):
        tree = ast.parse("".join(cell["source"]))
        assert not [type(node).__name__ for node in ast.walk(tree) if isinstance(node, PROGRAMMING)]
        if "setup" not in cell["metadata"].get("tags", []) and "parameters" not in cell["metadata"].get("tags", []):
            assert len(tree.body) == 1, "one call under each heading"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_is_stored_without_outputs_and_about_ten_cells_long(name):
    cells = code_cells(name)
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells)
    assert len(cells) <= 13
