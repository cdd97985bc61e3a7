"""The plain pages that publishing writes itself: one file, no script, nothing fetched, in the reports' own style."""

from collections.abc import Mapping
from importlib.resources import files

from kpireport.presentation.markup import html_text

CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


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
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{CSP}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"{told}<title>{html_text(title)}</title>\n<style>\n{css}\n:root {{ {own}}}\n</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">Skip to the content</a>\n'
        f'<header class="masthead">\n{picture}{over}<h1>{html_text(heading)}</h1>\n</header>\n'
        f'<main id="main">\n{body}</main>\n</body>\n</html>\n'
    )
