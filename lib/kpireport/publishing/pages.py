"""The plain pages that publishing writes itself: one file, no script, nothing fetched, in the reports' own style."""

import re
from collections.abc import Mapping
from importlib.resources import files

from kpireport.presentation.markup import html_text

CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_ID = re.compile(r'\bid="([^"]+)"')
_LINK = re.compile(r'<a(?P<others>(?: class="[a-z]+")?) href="#(?P<place>[^"]*)">')


def page(
    *,
    heading: str,
    body: str,
    council: str = "",
    colours: Mapping[str, str] | None = None,
    facts: Mapping[str, str] | None = None,
    logo: str = "",
) -> str:
    """Return a whole page; `body` is HTML, the rest is text.

    Parameters
    ----------
    colours
        The council's own (`brand.colours`).
    facts
        What the page says of itself to a program, by name: ``<meta>`` elements.
    logo
        The council's, as an address (`brand.logo`).
    """
    css = (files("kpireport.presentation") / "report.css").read_text(encoding="utf-8")
    own = "".join(f"--{name.replace('_', '-')}: {colour}; " for name, colour in (colours or {}).items())
    title = f"{heading}, {council}" if council else heading
    told = "".join(f'<meta name="{html_text(name)}" content="{html_text(fact)}">\n' for name, fact in (facts or {}).items())
    over = f'<p class="council">{html_text(council)}</p>\n' if council else ""
    picture = f'<p class="logo"><img src="{html_text(logo)}" alt=""></p>\n' if logo else ""
    return without_dead_links(
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{CSP}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"{told}<title>{html_text(title)}</title>\n<style>\n{css}\n:root {{ {own}}}\n</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">Skip to the content</a>\n'
        f'<header class="masthead">\n{picture}{over}<h1>{html_text(heading)}</h1>\n</header>\n'
        f'<main id="main">\n{body}</main>\n</body>\n</html>\n'
    )


def without_dead_links(page: str) -> str:
    """Return a page in which a link to a place that the page does not have is mere words, as it is in the PDF."""
    places = set(_ID.findall(page))
    return _LINK.sub(lambda tag: tag[0] if tag["place"] in places else f"<a{tag['others']}>", page)
