"""Publish files that are not reports, such as requests to services and certificates: all of them in one step, or none."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from kpireport.errors import PublishingError
from kpireport.presentation.blocks import Block
from kpireport.presentation.markup import html_text
from kpireport.publishing import index, replacement
from kpireport.publishing.pages import page
from kpireport.publishing.staging import staging

MADE = ".kpireport"
"""A file that says that a folder is ours, so that we may replace it."""


def publish_folder(
    outputs: Path,
    name: str,
    files: Mapping[str, bytes],
    *,
    heading: str,
    body: list[Block],
    council: str = "",
    colours: Mapping[str, str] | None = None,
    described: Mapping[str, str] | None = None,
) -> Path:
    """Write `files` and an `index.html` that tells what they are to `outputs/name`, replacing what an earlier call left there.

    Parameters
    ----------
    files
        The content of each file by its path in the folder; "/" parts folders.
    body
        What the index says, in order; the list of the files follows.
    described
        What a file is, by its path, for the list. Files without a description are not listed.

    Raises
    ------
    PublishingError
        When the folder holds files that kpireport did not make, or cannot be written; it is then as it was.
    """
    target = outputs / name
    if target.exists() and not (target / MADE).is_file():
        raise PublishingError(f"{target} is not a folder that kpireport made. Move it, or choose another --out.")
    with staging(outputs, name) as place:
        for path, content in files.items():
            parts = PurePosixPath(path)
            if parts.is_absolute() or ".." in parts.parts or "\\" in path:
                raise PublishingError(f'A file named "{path}" would leave {target}. Nothing was published.')
            there = place.published / parts
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(content)
        told = "".join(
            f'<li><a href="{html_text(path)}">{html_text(words)}</a>: {html_text(path)}, {index.size(len(files[path]))}</li>\n'
            for path, words in (described or {}).items()
        )
        listed = f"<h2>Files</h2>\n<ul>\n{told}</ul>\n" if told else ""
        html = page(heading=heading, body="".join(block.html for block in body) + listed, council=council, colours=colours)
        (place.published / index.NAME).write_text(html, encoding="utf-8", newline="\n")
        (place.published / MADE).write_text(
            "Made by kpireport: this folder is replaced when it is made again.\n", encoding="utf-8"
        )
        replacement.replace(place.published, target, aside=place.root / replacement.ASIDE)
    return target
