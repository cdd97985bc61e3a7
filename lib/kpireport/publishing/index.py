"""The front page of a published period: every report in its formats, every file with its size."""

from datetime import date
from html import escape
from pathlib import Path

from kpireport.publishing.manifest import MANIFEST, RUN
from kpireport.publishing.pages import page
from kpireport.publishing.workers import Produced

NAME = "index.html"
FORMATS = {"html": "Read on screen", "pdf": "Print or send (PDF)", "ipynb": "Notebook"}
ILLUSTRATIVE = "Some figures are illustrative: sample values that no producer published. Each report says which."


def render(produced: list[Produced], folder: Path, *, period: str) -> str:
    """Return the page for the reports whose files are in `folder`."""
    first = produced[0].about
    council = str(first.get("council", ""))
    heading = f"Performance reports, {period}"
    days = sorted({str(one.about["date"]) for one in produced if one.about.get("date")})
    lines = []
    if days:
        lines.append(f"<p>Made from the results received by {_in_words(days[-1])}.</p>\n")
    if any(one.about.get("is_illustrative") for one in produced):
        lines.append(f'<p class="illustrative">{escape(ILLUSTRATIVE)}</p>\n')
    attached = {name: words for one in produced for name, words in one.attached.items()}
    lines += ["<h2>Reports</h2>\n", _reports(produced, folder)]
    if attached:
        lines += ["<h2>Figures</h2>\n<ul>\n", *(_item(folder, name, words) for name, words in attached.items()), "</ul>\n"]
    lines.append("<h2>How these files were made</h2>\n<ul>\n")
    lines.append(
        f'<li><a href="{MANIFEST}">{MANIFEST}</a>: what they were made from, and how to tell that they are unchanged</li>\n'
    )
    lines.append(f'<li><a href="{RUN}">{RUN}</a>: when they were made</li>\n</ul>\n')
    return page(title=f"{heading}, {council}" if council else heading, heading=heading, body="".join(lines), kicker=council)


def _reports(produced: list[Produced], folder: Path) -> str:
    head = "".join(f'<th scope="col">{escape(words)}</th>' for words in FORMATS.values())
    rows = []
    for one in produced:
        title, subtitle = str(one.about.get("title", one.job.stem)), str(one.about.get("subtitle", ""))
        cells = "".join(f"<td>{_link(folder, f'{one.job.stem}.{ending}', title)}</td>" for ending in FORMATS)
        rows.append(f'<tr><th scope="row">{escape(title)}<br><small>{escape(subtitle)}</small></th>{cells}</tr>\n')
    return (
        '<div class="table" tabindex="0" role="region" aria-labelledby="reports"><table>\n'
        '<caption id="reports">Each report in three formats</caption>\n'
        f'<thead><tr><th scope="col">Report</th>{head}</tr></thead>\n<tbody>\n{"".join(rows)}</tbody></table></div>\n'
    )


def _link(folder: Path, name: str, title: str) -> str:
    ending = name.rsplit(".", 1)[1].upper().replace("IPYNB", "Notebook")
    words = f"{ending}, {size((folder / name).stat().st_size)}"
    return f'<a href="{escape(name)}" aria-label="{escape(f"{title}: {words}")}">{words}</a>'


def _item(folder: Path, name: str, words: str) -> str:
    return f'<li><a href="{escape(name)}">{escape(words)}</a> ({escape(name)}, {size((folder / name).stat().st_size)})</li>\n'


def size(count: int) -> str:
    """Return a number of bytes as people read it: 812 bytes, 35 kB, 1.2 MB."""
    if count < 1_000:
        return f"{count} bytes"
    return f"{count / 1_000:.0f} kB" if count < 999_500 else f"{count / 1_000_000:.1f} MB"


def _in_words(day: str) -> str:
    when = date.fromisoformat(day)
    return f"{when.day} {when:%B} {when.year}"
