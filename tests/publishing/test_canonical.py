import base64
from itertools import pairwise

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kpireport.errors import NotebookError
from kpireport.publishing import canonical


def executed(pid: int, time: str, chunks: list[str]) -> nbformat.NotebookNode:
    """A notebook as an execution leaves it, with what differs from one run to the next."""
    streams = [nbformat.v4.new_output("stream", name="stdout", text=chunk) for chunk in chunks]
    warning = nbformat.v4.new_output("stream", name="stderr", text=f"/tmp/ipykernel_{pid}/1.py:1: UserWarning: take care\n")
    shown = nbformat.v4.new_output(
        "execute_result", {"text/plain": f"<Thing at 0x{pid:x}>", "text/html": "<b>1</b>"}, execution_count=1
    )
    code = nbformat.v4.new_code_cell("thing", execution_count=1, outputs=[*streams, warning, shown])
    code.metadata = {"tags": ["setup"], "papermill": {"start_time": time}, "execution": {"iopub.status.busy": time}}
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("## A"), code])
    made.metadata = {
        "papermill": {"output_path": f"/home/{pid}"},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"version": time},
    }
    return made


@settings(max_examples=20, deadline=None)
@given(pid=st.integers(1, 2**40), time=st.text(max_size=30), cuts=st.sets(st.integers(0, 11)))
def test_two_executions_have_one_canonical_form(pid, time, cuts):
    said = "hello world\n"
    places = [0, *sorted(cuts), len(said)]
    chunks = [said[a:b] for a, b in pairwise(places) if a != b]
    reference = canonical.written(canonical.canonical(executed(1, "noon", [said])))
    assert canonical.written(canonical.canonical(executed(pid, time, chunks))) == reference


def test_canonical_notebook_is_valid_and_keeps_what_readers_see():
    clean = canonical.canonical(executed(7, "noon", ["hello"]))
    nbformat.validate(clean)
    assert clean.cells[1].metadata == {"tags": ["setup"]}
    assert [output.output_type for output in clean.cells[1].outputs] == ["stream", "execute_result"]
    assert clean.cells[1].outputs[1].data["text/html"] == "<b>1</b>"


def test_canonical_leaves_its_argument_alone():
    made = executed(7, "noon", ["a", "b"])
    before = nbformat.writes(made)
    canonical.canonical(made)
    assert nbformat.writes(made) == before


def notebook_with_file(name: str) -> nbformat.NotebookNode:
    data = {"text/csv": base64.b64encode(b"a,b").decode(), "text/plain": name}
    about = {"kpireport": {"part": "attachment", "name": name, "description": "Figures", "mimetype": "text/csv"}}
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", data, metadata=about)])]
    )


def test_attached_file_comes_out_as_it_went_in():
    (file,) = canonical.attached_files(notebook_with_file("results.csv"))
    assert (file.name, file.description, file.content) == ("results.csv", "Figures", b"a,b")


@pytest.mark.parametrize("name", ["../results.csv", "/etc/passwd", "a/b.csv", ".hidden", "", "a\nb.csv", "a\\b.csv", "x" * 200])
def test_attached_file_cannot_lead_out_of_the_folder(name):
    with pytest.raises(NotebookError, match="attaches a file"):
        canonical.attached_files(notebook_with_file(name))
