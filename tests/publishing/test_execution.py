"""How a notebook fails is told apart, in the kernels and worker processes that a build really uses."""

import pytest
import tiny_project
from kpireport.errors import DeadKernelError, NotebookError, NotebookTimeoutError, RenderingError
from kpireport.publishing import orders, workers
from kpireport.publishing import plan as plans
from kpireport.publishing.occasion import _python_path
from kpireport.publishing.staging import copy_inputs, staging

NOTEBOOKS = {
    "good": ["## Numbers", "print('told'); import warnings; warnings.warn('take care')"],
    "raises": ["## Numbers", "ratio = 1 / 0"],
    "sleeps": ["## Waiting", "import time; time.sleep(60)"],
    "dies": ["## Memory", "import os; os._exit(1)"],
    "leaves": ["import sys; sys.exit(0)", "print('never')"],
    "unlabelled": [
        "from kpireport.presentation.blocks import Page, Title\nPage((Title('C', 'Again', 'x', False, '2024-10-28'),))"
    ],
    "escapes": [
        "from kpireport.presentation.blocks import Page, Attachment\nPage((Attachment('../out.csv', 'text/csv', b'x', 'd'),))"
    ],
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What became of each notebook, and where its files are."""
    project = tiny_project.make(tmp_path_factory.mktemp("run"), "tiny_reports_run")
    for name, cells in NOTEBOOKS.items():
        project.add(name, *cells)
    plan = plans.make_plan(project.places, tiny_project.QUARTER)
    with staging(project.outputs, "2024-25-q2") as place:
        copy_inputs(place, data=plan.data, council=plan.council)
        orders.write_kernel(place)
        settings = orders.Settings(place, 6, _python_path(project.places))
        told = []
        produced = workers.run(plans.jobs(plan, None), settings, when_done=lambda one: told.append(one.job.stem), meanwhile=list)
        assert sorted(told) == sorted(NOTEBOOKS)
        files = {one.job.stem: sorted(path.name for path in (place.work / one.job.stem).iterdir()) for one in produced}
        kept = {path.stem: path.read_text(encoding="utf-8") for path in place.work.glob("*/*.ipynb")}
        yield {one.job.stem: one for one in produced}, files, kept


def test_good_notebook_becomes_a_page_a_pdf_and_a_notebook(outcomes):
    produced, files, _ = outcomes
    assert produced["good"].failure is None
    assert produced["good"].head.title == "good"
    assert files["good"] == ["good.html", "good.ipynb", "good.pdf"]


def test_what_a_library_warned_is_passed_on_and_not_published(outcomes):
    produced, _, kept = outcomes
    assert any("take care" in warning for warning in produced["good"].warnings)
    assert "take care" not in kept["good"].replace("warnings.warn('take care')", "")
    assert "told" in kept["good"]


@pytest.mark.parametrize(
    ("stem", "kind", "words"),
    [
        (
            "raises",
            NotebookError,
            ['raises: the cell [4] under "Numbers" (ratio = 1 / 0) failed', "ZeroDivisionError: division by zero"],
        ),
        ("sleeps", NotebookTimeoutError, ['sleeps: the cell [4] under "Waiting" (import time', "longer than 6 seconds"]),
        ("dies", DeadKernelError, ['under "Memory" (import os; os._exit(1))', "died"]),
        ("leaves", NotebookError, ["stopped before the cell", "(import sys; sys.exit(0))"]),
        ("unlabelled", RenderingError, ["unlabelled: ", "2 title parts"]),
        ("escapes", NotebookError, ['a file named "../out.csv"']),
    ],
)
def test_failure_is_told_by_its_kind_notebook_and_cell(outcomes, stem, kind, words):
    failure = outcomes[0][stem].failure
    assert type(failure) is kind
    assert [word for word in words if word not in str(failure)] == []


def test_every_failed_notebook_is_there_to_be_looked_at(outcomes):
    _, files, kept = outcomes
    for stem in NOTEBOOKS.keys() - {"good"}:
        assert f"{stem}.ipynb" in files[stem]
    assert "ZeroDivisionError" in kept["raises"]
