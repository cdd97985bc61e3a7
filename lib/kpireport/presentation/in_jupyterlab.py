"""How the parts of a page look in JupyterLab, where no template stands around them: as in the published report.

A part keeps its other forms; its HTML is wrapped so that the reports' stylesheet reaches it and nothing else on the page. Text
and lines take the colours of JupyterLab's own theme, light or dark.
"""

import base64
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from kpireport.presentation.blocks import Attachment, Block, Bundle, Chart, Part, Title
from kpireport.presentation.markup import html_text

ROOM = "kpireport"
"""The class within which the stylesheet holds."""
LIVE = "application/vnd.vegalite.v5+json"
"""The newest Vega-Lite that JupyterLab 4.6 brings with it; altair's own renderers fetch theirs from elsewhere."""
_IN_JUPYTERLAB = """
& {
  --ink: var(--jp-content-font-color1, #0b0c0c); --muted: color-mix(in srgb, var(--ink) 72%, transparent); --paper: transparent;
  --panel: var(--jp-layout-color2, #f4f5f6); --hairline: var(--jp-border-color1, #c9ced2);
  --link: var(--jp-content-link-color, #12436d); --focus: var(--link);
  max-width: 64rem; font-size: 0.9375rem; padding: 0.1rem 0.25rem; overflow-wrap: break-word;
}
.head { border-left: 6px solid var(--accent); padding: 0.1rem 0 0.1rem 1rem; margin: 0.5rem 0 1rem; }
.head h1 { margin: 0.2rem 0; font-size: 1.7rem; line-height: 1.2; font-weight: bold; }
.head p { margin: 0; }
dl, dd { margin-left: 0; }
dl dt { float: none; clear: none; width: auto; margin: 0; font-weight: inherit; }
.said dt { font-weight: bold; }
.said > div { grid-template-columns: 8rem minmax(0, 1fr); }
dl dd { width: auto; padding: 0; margin-bottom: 0; }
h3 { margin: 1.25rem 0 0.4rem; font-weight: bold; }
.chart { margin: 0.75rem 0 1.25rem; }
.drawing img { display: block; width: auto; max-width: 100%; }
table { table-layout: auto; margin: 0; border: 0; }
thead { border: 0; }
tbody tr, tbody tr:nth-child(odd), tbody tr:hover { background: none; }
th, td { text-align: left; vertical-align: top; white-space: normal; max-width: none; }
tbody th { font-weight: normal; }
thead th { font-weight: bold; }
.number { text-align: right; }
.message { border-left: 4px solid var(--hairline); padding-left: 0.9rem; }
"""


@dataclass(frozen=True)
class Live(Chart):
    """A chart that JupyterLab draws itself, to point at and to zoom; no report has one."""


@lru_cache(maxsize=1)
def stylesheet() -> str:
    """Return the reports' stylesheet as it holds within one element, what is of a whole page or of paper left out.

    The class stands three times, so that it weighs more than what JupyterLab says of any table or list.
    """
    css = (files("kpireport.presentation") / "report.css").read_text(encoding="utf-8")
    css = css[: css.index("@media print")]
    css = re.sub(r"(?m)^html \{.*\}\n", "", css)
    css = re.sub(r"(:root|\bbody) \{", "& {", css)
    return f"{f'.{ROOM}' * 3} {{\n{css}{_IN_JUPYTERLAB}}}"


def bundle(part: Part, *, styled: bool) -> Bundle:
    """Return a part's data and metadata as JupyterLab shows it; one part of each output is `styled` for all of it."""
    data, metadata = part.bundle()
    return {**data, "text/html": _dressed(_html(part, data), styled=styled)}, metadata


def outputs(part: Part, *, styled: bool) -> list[Bundle]:
    """Return a part as the outputs of a cell: one, or three for a live chart, its words before and after it."""
    if not isinstance(part, Live):
        return [bundle(part, styled=styled)]
    spec = {**part.spec, "$schema": "https://vega.github.io/schema/vega-lite/v5.json"}
    return [
        ({"text/plain": part.title, "text/html": _dressed(f"<figcaption>{_caption(part)}</figcaption>", styled=styled)}, {}),
        ({"text/plain": part.alt, LIVE: spec}, {LIVE: {"embed_options": _EMBED}}),
        ({"text/plain": part.source, "text/html": _dressed(_below(part), styled=False)}, {}),
    ]


_EMBED = {"actions": {"export": True, "source": False, "compiled": False, "editor": False}, "renderer": "svg"}
"""A chart can be saved as a picture. Vega's online editor, which would be sent the figures, is not offered."""


def _dressed(html: str, *, styled: bool) -> str:
    style = f"<style>{stylesheet()}</style>" if styled else ""
    return f'{style}<div class="{ROOM}">{html}</div>'


def _html(part: Part, data: dict[str, Any]) -> str:
    if isinstance(part, Block):
        return part.html
    if isinstance(part, Title):
        return (
            f'<header class="head" style="border-color:{html_text(part.brand_colour or "#12436d")}">'
            f"<p>{html_text(part.council)}</p><h1>{html_text(part.title)}</h1><p>{html_text(part.subtitle)}</p></header>"
        )
    if isinstance(part, Attachment):
        address = f"data:{part.mimetype};base64,{data[part.mimetype]}"
        name = html_text(part.name)
        return f'<p><a download="{name}" href="{address}">{name}</a>: {html_text(part.description)}</p>'
    drawn = base64.b64encode(data["image/svg+xml"].encode()).decode("ascii")
    picture = f'<img alt="{html_text(part.alt)}" src="data:image/svg+xml;base64,{drawn}">'
    drawing = f'<div class="drawing">{picture}</div>'
    return f'<figure class="chart"><figcaption>{_caption(part)}</figcaption>{drawing}{_below(part)}</figure>'


def _caption(chart: Chart) -> str:
    subtitle = f' <span class="subtitle">{html_text(chart.subtitle)}</span>' if chart.subtitle else ""
    return f'<span class="finding">{html_text(chart.title)}</span>{subtitle}'


def _below(chart: Chart) -> str:
    source = f'<p class="source">{html_text(chart.source)}</p>' if chart.source else ""
    if chart.data is None:
        return source
    return f"{source}<details><summary>The figures in this chart</summary>{chart.data.html}</details>"
