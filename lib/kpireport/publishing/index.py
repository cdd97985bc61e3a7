"""The front page of a published period: every report in its formats, every file with its size."""

import re
from datetime import date
from html import unescape
from pathlib import Path

from kpireport.presentation import phrases
from kpireport.presentation.blocks import Block
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import html_text, lines, quiet, unseen, words
from kpireport.publishing import brand, kpi_places
from kpireport.publishing.document import Head
from kpireport.publishing.manifest import MANIFEST, RUN
from kpireport.publishing.orders import Produced
from kpireport.publishing.pages import page

NAME = "index.html"
FORMATS = {"html": "To read on a screen", "pdf": "To print or send", "ipynb": "To look into"}
KINDS = {"html": "Page", "pdf": "PDF", "ipynb": "Notebook"}
COUNCIL, DATA_DATE, SAMPLES = "kpireport-council", "kpireport-data-date", "kpireport-samples"
"""What a page says of itself: whose reports, the last day of their results (ISO), and whether some figures are samples."""
_FACT = re.compile(r'<meta name="(kpireport-[a-z-]+)" content="([^"]*)">')
ILLUSTRATIVE = "Some results are samples that no producer published; each report says how many. They are not to be quoted."


def render(produced: list[Produced], folder: Path, *, period: str) -> str:
    """Return the page for the reports whose files are in `folder`."""
    heads = [one.head for one in produced if one.head]
    formats = {ending: told for ending, told in FORMATS.items() if any(folder.glob(f"*.{ending}"))}  # not all are always made
    columns = [Column("Report", 2.0), *(Column(told) for told in formats.values())]
    rows = (
        [_name(one.head), *(_link(folder, one.job.stem, ending, one.head.title) for ending in formats)]
        for one in produced
        if one.head
    )
    body = [f"<p>Made from the results received up to {_days(heads)}.</p>\n"]
    if any(head.is_illustrative for head in heads):
        body.append(f'<p class="illustrative"><strong>Illustrative figures.</strong> {ILLUSTRATIVE}</p>\n')
    body += [
        "<h2>Reports</h2>\n",
        table(f"Each report in {phrases.count_in_words(len(formats), 'format')}", columns, rows, kind="cards").html,
    ]
    titles = {f"{one.job.stem}.html": one.head.title for one in produced if one.head}
    body.append(kpi_places.shown(kpi_places.places(titles, folder)))
    if attached := {name: told for one in produced for name, told in one.attached.items()}:
        body += ["<h2>Figures as files</h2>\n<ul>\n", *(_item(folder, name, told) for name, told in attached.items()), "</ul>\n"]
    body.append(
        "<h2>How these files were made</h2>\n<ul>\n"
        f'<li><a href="{MANIFEST}">{MANIFEST}</a>: what they were made from, and how to tell that they are unchanged</li>\n'
        f'<li><a href="{RUN}">{RUN}</a>: when they were made</li>\n</ul>\n'
    )
    return page(
        heading=f"Performance reports, {period}",
        body="".join(body),
        council=heads[0].council,
        colours=brand.colours(heads[0]),
        logo=brand.logo(heads[0]),
        facts={
            COUNCIL: heads[0].council,
            DATA_DATE: max(head.date for head in heads),
            SAMPLES: "yes" if any(head.is_illustrative for head in heads) else "no",
        },
    )


def facts(folder: Path) -> dict[str, str]:
    """Return what the page of a published folder says of itself (`COUNCIL`, `DATA_DATE`, `SAMPLES`); older ones say nothing."""
    found = _FACT.findall((folder / NAME).read_text(encoding="utf-8", errors="replace"))
    return {name: unescape(fact) for name, fact in found}


def _days(heads: list[Head]) -> str:
    return phrases.join([phrases.day(date.fromisoformat(day)) for day in sorted({head.date for head in heads})])


def _name(head: Head) -> Block:
    return lines([words(head.title), quiet(words(head.subtitle))])


def _link(folder: Path, stem: str, ending: str, title: str) -> Block:
    name = f"{stem}.{ending}"
    seen = words(f"{KINDS[ending]} ({size((folder / name).stat().st_size)})")
    return Block(f'<a href="{html_text(name)}">{seen.html}{unseen(f": {title}").html}</a>', seen.typst, seen.text)


def _item(folder: Path, name: str, told: str) -> str:
    return (
        f'<li><a href="{html_text(name)}">{html_text(told)}</a>: {html_text(name)}, {size((folder / name).stat().st_size)}</li>\n'
    )


def size(count: int) -> str:
    """Return a number of bytes as people read it: 812 bytes, 35 kB, 1.2 MB."""
    if count < 1_000:
        return f"{count} bytes"
    return f"{count / 1_000:.0f} kB" if count < 999_500 else f"{count / 1_000_000:.1f} MB"
