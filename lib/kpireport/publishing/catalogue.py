"""The page over all published folders: `outputs/index.html`, made again after each publication from what lies there."""

import os
from datetime import date
from html import escape
from pathlib import Path
from urllib.parse import quote

from kpireport.errors import PublishingError
from kpireport.presentation import phrases
from kpireport.presentation.blocks import Block
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import lines, words
from kpireport.publishing import faults, freshness, index, manifest, verified
from kpireport.publishing.asked import AS_KNOWN_ON
from kpireport.publishing.manifest import Manifest
from kpireport.publishing.pages import page

MARK = ".council"
"""The file that says that a folder of published folders is one council's, and holds the council's name."""
NAMED = 3
"""How many reports of one folder are named before the rest are counted."""


def refresh(outputs: Path) -> None:
    """Write the page anew, in one step: one row is one published folder, the latest period first."""
    found = [(folder, about) for folder in sorted(outputs.iterdir()) if (about := _manifest(folder))]
    rows = [_row(outputs, folder, about) for folder, about in sorted(found, key=lambda one: one[0].name, reverse=True)]
    columns = [Column("Period", 1.2), Column("Reports", 4), Column("Size", 1, is_number=True), Column("Verified", 1.6)]
    caption = f"{phrases.count(len(rows), 'folder')} of published reports"
    councils = _councils(outputs)
    nothing = "" if councils else "<p>Nothing has been published yet.</p>\n"
    body = (table(caption, columns, rows, kind="cards").html if rows else nothing) + councils
    beside = outputs / f".{index.NAME}.{os.getpid()}"
    written = freshness.sealed(page(heading="Published performance reports", body=body))
    beside.write_text(written, encoding="utf-8", newline="\n")
    beside.chmod(0o644)
    beside.replace(outputs / index.NAME)


def mark(outputs: Path, council: str) -> None:
    """Say that `outputs` holds the published folders of one of several councils, and write its own page."""
    outputs.mkdir(parents=True, exist_ok=True)
    (outputs / MARK).write_text(council, encoding="utf-8", newline="\n")
    refresh(outputs)


def _councils(outputs: Path) -> str:
    """Return the table of councils whose folders lie in this one: one row is one council; "" where there is none."""
    folders = [folder for folder in sorted(outputs.iterdir()) if (folder / MARK).is_file() and (folder / index.NAME).is_file()]
    if not folders:
        return ""
    rows = [_council(folder) for folder in folders]
    columns = [Column("Council", 3), Column("Latest", 1.4), Column("Folders", 1, is_number=True), Column("Not published", 3)]
    return table(phrases.count(len(folders), "council"), columns, rows, kind="cards").html


def _council(folder: Path) -> list[Block]:
    found = [(path.name, about) for path in sorted(folder.iterdir()) if (about := _manifest(path))]
    faulty = [path.parent.name for path in sorted(folder.glob(f"*/{faults.HTML}"))]
    name = words((folder / MARK).read_text(encoding="utf-8"))
    told = [
        Block(f'<a href="{quote(f"{folder.name}/{period}/{faults.HTML}")}">{words(said).html}</a>', words(said).typst, said)
        for period in faulty
        for said in [f"Faults in the data of {period}"]
    ]
    return [
        Block(f'<a href="{quote(f"{folder.name}/{index.NAME}")}">{name.html}</a>', name.typst, name.text),
        words(found[-1][1].period if found else "–"),
        words(str(len(found))),
        lines(told) if told else words("–"),
    ]


def _manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a published folder; None for whatever else lies there."""
    if folder.name.startswith(".") or not (folder / index.NAME).is_file():
        return None
    try:
        return manifest.read(folder)
    except PublishingError:
        return None


def _row(outputs: Path, folder: Path, about: Manifest) -> list[Block]:
    titles = list(dict.fromkeys(report.title for report in about.reports))
    link = words(about.period + phrases.as_known(str(about.settings.get(AS_KNOWN_ON, ""))))
    address = f"{folder.name}/{index.NAME}"
    return [
        Block(f'<a href="{escape(address)}">{link.html}</a>', link.typst, link.text),
        words(phrases.join_some(titles, NAMED)),
        words(index.size(sum(file.size or 0 for file in about.outputs))),
        _verdict(outputs, about.sha256),
    ]


def _verdict(outputs: Path, sha256: str) -> Block:
    """Return what verification concluded of a manifest, and the day, with a link to the certificate where it is held."""
    found = verified.recall(outputs, sha256)
    if found is None:
        return words("Not verified")
    told = words(f"{found.verdict}, {phrases.day(date.fromisoformat(found.day))}")
    if not (outputs / found.certificate).is_file():
        return told
    return Block(f'<a href="{escape(found.certificate)}">{told.html}</a>', told.typst, told.text)
