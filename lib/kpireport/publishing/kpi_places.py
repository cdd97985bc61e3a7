"""Where the figures of KPIs are in published pages, so that an index can lead to each of them.

A page's own markup says it (`presentation.kpi_cells.name_of_figure`): what an index leads to is what the page holds.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import quote

from kpireport.presentation import phrases
from kpireport.presentation.markup import html_text

_PART = re.compile(
    r"<h2 id=\"[^\"]*\">(?P<section>.*?)</h2>|<h3 id=\"[^\"]*\">(?P<group>.*?)</h3>"
    r"|<span id=\"(?P<place>kpi-[^\"]+)\">(?P<name>.*?)</span>(?:<br><span class=\"quiet\">(?P<code>[^<]*)</span>)?",
    re.DOTALL,
)
_TAG = re.compile("<[^>]*>")
ANCHOR = "find-a-kpi"
"""The heading of the list in a page."""
FEW = 3
"""Groups that need no contents of their own."""


@dataclass(frozen=True)
class Place:
    """A KPI's figure in a page."""

    address: str
    """The file and the place in it."""
    name: str
    code: str
    """The KPI's identifier, as the page prints it; "" where it does not."""


def places(pages: Mapping[str, str], folder: Path) -> dict[str, list[Place]]:
    """Return the places of figures under the heading that they stand under, each KPI once, in the order of the pages.

    Parameters
    ----------
    pages
        The title of each page by its file name, the most general first: a KPI that several of them print is found in the first.
    folder
        Where the pages are.
    """
    found: dict[str, list[Place]] = {}
    known = set[str]()
    for name, title in pages.items():
        group = title
        for part in _PART.finditer((folder / name).read_text(encoding="utf-8")):
            if part["section"] is not None:
                group = title
            elif part["group"] is not None:
                group = _text(part["group"])
            elif part["place"] not in known:
                known.add(part["place"])
                place = Place(f"{quote(name)}#{quote(unescape(part['place']))}", _text(part["name"]), _text(part["code"] or ""))
                found.setdefault(group, []).append(place)
    return found


def _text(html: str) -> str:
    return unescape(_TAG.sub("", html))


def shown(found: Mapping[str, list[Place]]) -> str:
    """Return the list of an index: every KPI by name under its heading, each a link to its figure; "" when there are none."""
    total = sum(map(len, found.values()))
    if not total:
        return ""
    said = f"{phrases.count(total, 'KPI')}, each with its latest figure: a name leads to it."
    anchors = {group: f"{ANCHOR}-{number}" for number, group in enumerate(found, start=1)}
    return "".join(
        [
            f'<section aria-labelledby="{ANCHOR}">\n<h2 id="{ANCHOR}">Find a KPI</h2>\n<p>{html_text(said)}</p>\n',
            _contents(found, anchors) if len(found) > FEW else "",
            *(f'<h3 id="{anchors[group]}">{html_text(group)}</h3>\n{_list(listed)}' for group, listed in found.items()),
            "</section>\n",
        ]
    )


def _contents(found: Mapping[str, list[Place]], anchors: Mapping[str, str]) -> str:
    items = (
        f'<li><a href="#{anchors[group]}">{html_text(group)}</a> ({len(listed):,})</li>\n' for group, listed in found.items()
    )
    return f'<ul class="columns">\n{"".join(items)}</ul>\n'


def _list(listed: Iterable[Place]) -> str:
    items = (
        f'<li><a href="{html_text(place.address)}">{html_text(place.name)}</a>'
        + (f' <span class="quiet">{html_text(place.code)}</span>' if place.code else "")
        + "</li>\n"
        for place in listed
    )
    return f'<ul class="columns kpis">\n{"".join(items)}</ul>\n'
