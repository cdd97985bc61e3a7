"""How JupyterLab saves a notebook: as it is stored, without outputs and without a trace of who ran it when.

`notebooks/jupyter_server_config.py` gives this to the server that `make lab` starts. Results belong in `outputs/`, which
publishing writes; a figure saved in a notebook would be copied with it long after it was revised.
"""

from typing import Any

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
VOLATILE = frozenset({"execution", "papermill", "collapsed", "scrolled", "trusted", "ExecuteTime", "vscode"})
"""What editors and executors write into a cell's metadata, and the next one writes otherwise."""


def without_outputs(model: dict[str, Any], **kwargs: Any) -> None:
    """Take outputs, counts and what changes from run to run out of a notebook that is about to be saved.

    A `pre_save_hook` of Jupyter's contents manager, which asks that `model` be changed in place. Files of other kinds are left.
    """
    content = model.get("content")
    if model.get("type") != "notebook" or not isinstance(content, dict) or content.get("nbformat") != 4:
        return
    content["metadata"] = {"kernelspec": dict(KERNEL), "language_info": {"name": "python"}}
    for cell in content["cells"]:
        cell["metadata"] = _lasting(cell["metadata"])
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None


def _lasting(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return what an author wrote of a cell's metadata, such as its tags; an empty list of tags says nothing."""
    kept = {name: value for name, value in metadata.items() if name not in VOLATILE}
    if isinstance(kept.get("jupyter"), dict):
        kept["jupyter"] = {name: value for name, value in kept["jupyter"].items() if name != "outputs_hidden"}
    return {name: value for name, value in kept.items() if value not in ([], {})}
