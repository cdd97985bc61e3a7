"""A notebook is saved as it is stored: its words and code, and nothing of who ran it when."""

import copy
import json
from pathlib import Path

import nbformat
import pytest
from kpireport.desk.saving import without_outputs

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent.parent / "notebooks").glob("*.ipynb"))


def run_somewhere(content: dict) -> dict:
    """Return a notebook as an editor holds it after Run All."""
    ran = copy.deepcopy(content)
    ran["metadata"] = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "version": "3.11.7", "file_extension": ".py"},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"1": {"secret": 5}}}},
    }
    for number, cell in enumerate(ran["cells"]):
        cell["metadata"] |= {
            "execution": {"iopub.execute_input": "2026-01-01"},
            "trusted": True,
            "jupyter": {"outputs_hidden": True},
        }
        cell["metadata"].setdefault("tags", [])
        if cell["cell_type"] == "code":
            cell["execution_count"] = number
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "4 children"}]
    return ran


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_that_was_run_and_saved_is_the_file_as_it_was(path):
    stored = path.read_text(encoding="utf-8")
    model = {"type": "notebook", "content": run_somewhere(json.loads(stored))}
    without_outputs(model, path=path.name, contents_manager=None)
    assert nbformat.writes(nbformat.from_dict(model["content"]), version=4) + "\n" == stored


@pytest.mark.parametrize("model", [{"type": "file", "content": "4 children"}, {"type": "directory", "content": None}])
def test_what_is_no_notebook_is_left_as_it_is(model):
    before = copy.deepcopy(model)
    without_outputs(model, path="here")
    assert model == before
