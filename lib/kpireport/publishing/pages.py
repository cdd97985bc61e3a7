"""The plain pages that publishing writes itself: one file, no script, nothing fetched, in the reports' own style."""

from html import escape
from importlib.resources import files

CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def page(*, title: str, heading: str, body: str, kicker: str = "") -> str:
    """Return a whole page; `body` is HTML, the rest is text. `kicker` stands over the heading."""
    css = (files("kpireport.presentation") / "report.css").read_text(encoding="utf-8")
    over = f'<p class="council">{escape(kicker)}</p>\n' if kicker else ""
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{CSP}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{css}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">Skip to the content</a>\n'
        f'<header class="masthead">\n{over}<h1>{escape(heading)}</h1>\n</header>\n'
        f'<main id="main">\n{body}</main>\n</body>\n</html>\n'
    )
