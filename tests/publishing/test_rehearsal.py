"""A kernel finds its report assembled, once, while nothing that it is made from has changed."""

import nbformat
import pytest
from kpireport.publishing.rehearsal import Assembled, _digest, imported


class Build:
    """A report's build that counts how often it is asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, *, data: str, council: str, quarter: str, as_known_on: str = "") -> str:
        self.asked.append(quarter)
        return f"{quarter} assembled anew"


@pytest.fixture
def inputs(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "results.csv").write_text("value\n1\n", encoding="utf-8")
    (tmp_path / "council.yaml").write_text("name: Smallborough\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def build(inputs):
    """A build with one report kept, of 2024-25 Q2."""
    assembled = Assembled(Build(), inputs, _digest(inputs))
    assembled.keep(asked(inputs), "kept")
    return assembled


def asked(inputs, **changes):
    here = {"data": str(inputs / "data"), "council": str(inputs / "council.yaml"), "quarter": "2024-25 Q2"}
    return here | changes


def test_a_notebook_in_the_folder_of_the_inputs_finds_its_report(build, inputs, monkeypatch):
    monkeypatch.chdir(inputs)
    assert build(data="data", council="council.yaml", quarter="2024-25 Q2", as_known_on="") == "kept"


@pytest.mark.parametrize("change", [{"quarter": "2024-25 Q1"}, {"as_known_on": "2024-10-28"}, {"data": "elsewhere"}])
def test_another_report_is_assembled(build, inputs, change):
    assert "anew" in build(**asked(inputs, **change))


def test_a_report_is_given_once_so_that_nobody_finds_what_another_did_to_it(build, inputs):
    assert build(**asked(inputs)) == "kept"
    assert "anew" in build(**asked(inputs))


def test_a_changed_input_has_the_report_assembled_anew(build, inputs):
    (inputs / "data" / "results.csv").write_text("value\n2\n", encoding="utf-8")
    assert "anew" in build(**asked(inputs))


def test_a_parameter_that_does_not_exist_is_refused_as_by_the_report_itself(build, inputs):
    with pytest.raises(TypeError, match="nonsense"):
        build(**asked(inputs, nonsense="x"))


def test_imports_of_a_notebook_are_found_and_magics_passed_over(tmp_path):
    cells = ["%load_ext x", "import a.b", "from c import d, e\nfrom f.g import h"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, tmp_path / "one.ipynb")
    assert imported(tmp_path / "one.ipynb") == ["a.b", "c", "c.d", "c.e", "f.g", "f.g.h"]
