"""The published form of an executed notebook: the same inputs give the same bytes, on any day and in any folder.

Execution leaves times, random ids, process numbers and addresses in a notebook; none of them is part of the report.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode

from kpireport.errors import NotebookError
from kpireport.presentation.blocks import METADATA

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class AttachedFile:
    """A file that travelled in a notebook."""

    name: str
    description: str
    content: bytes


def canonical(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook without anything that differs between two executions of the same inputs.

    What a library wrote to stderr goes too (`written_to_stderr` keeps it): it holds paths and process numbers of one machine.
    """
    cells = []
    for position, cell in enumerate(notebook.cells):
        digest = hashlib.sha256(cell.source.encode()).hexdigest()[:8]
        metadata = {key: value for key, value in cell.metadata.items() if key not in {"papermill", "execution"} and value != []}
        clean = _node({**cell, "id": f"{position:02d}-{digest}", "metadata": _node(metadata)})
        if cell.cell_type == "code":
            clean.outputs = _outputs(cell.outputs)
        cells.append(clean)
    kept = {key: value for key, value in notebook.metadata.items() if key not in {"papermill", "widgets", "language_info"}}
    about = _node({**kept, "language_info": _node({"name": "python"})})
    return _node({"nbformat": 4, "nbformat_minor": 5, "metadata": about, "cells": cells})


def _node(content: Mapping[str, Any]) -> NotebookNode:
    return NotebookNode(content)  # type: ignore[no-untyped-call]


def _outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return outputs without stderr and addresses in memory; what one cell printed is one output however it arrived."""
    kept: list[NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream":
            if output.name == "stderr":
                continue
            text = _without_addresses(output.text)
            if kept and kept[-1].output_type == "stream":
                kept[-1] = _node({**kept[-1], "text": kept[-1].text + text})
            else:
                kept.append(_node({**output, "text": text}))
        elif isinstance(plain := output.get("data", {}).get("text/plain"), str):
            data = _node({**output.data, "text/plain": _without_addresses(plain)})
            kept.append(_node({**output, "data": data}))
        else:
            kept.append(output)
    return kept


def _without_addresses(text: str) -> str:
    return re.sub(r"\bat 0x[0-9a-fA-F]+", "at 0x0", text)


def written(notebook: NotebookNode) -> bytes:
    """Return the bytes of the notebook's file: keys sorted, one newline at the end."""
    text: str = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    return (text.rstrip("\n") + "\n").encode()


def written_to_stderr(notebook: NotebookNode) -> list[str]:
    """Return the last line of what each cell wrote to stderr, such as a library's warning."""
    streams = (output for cell in notebook.cells for output in cell.get("outputs", []) if output.get("name") == "stderr")
    return [stream.text.strip().splitlines()[-1] for stream in streams if stream.text.strip()]


def parts(notebook: NotebookNode, kind: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the data and our own metadata of every output that is a part of a kind (`presentation.blocks`), in order."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    marked = ((output.get("data", {}), output.get("metadata", {}).get(METADATA, {})) for output in outputs)
    return [(data, about) for data, about in marked if about.get("part") == kind]


def attached_files(notebook: NotebookNode) -> list[AttachedFile]:
    """Return the files that travel in a notebook.

    Raises
    ------
    NotebookError
        When a name is not that of a plain file: it must not lead out of the folder.
    """
    files = []
    for data, about in parts(notebook, "attachment"):
        if not _FILE_NAME.fullmatch(about["name"]):
            raise NotebookError(f'A notebook attaches a file named "{about["name"]}": use letters, digits, dots and hyphens.')
        files.append(AttachedFile(about["name"], about["description"], base64.b64decode(data[about["mimetype"]])))
    return files
