"""Writes an executed notebook as one HTML file: no script, nothing fetched, readable by everyone.

Also an nbconvert exporter: ``jupyter nbconvert --to kpireport-html report.ipynb``.
"""

import re
from datetime import date
from functools import lru_cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbformat import NotebookNode
from traitlets import default

from kpireport.errors import RenderingError
from kpireport.presentation import theme, wording
from kpireport.publishing import brand, document
from kpireport.publishing.document import Chart
from kpireport.publishing.pages import CSP, without_dead_links

TEMPLATES = Path(__file__).parent / "templates"
_TAG = re.compile(r"<[a-zA-Z](?:[^>\"]|\"[^\"]*\")*>")
_NOT_NEEDED = re.compile(r' (?:role|aria-[a-z]+|class|pointer-events|font-family)="[^"]*"| (?:fill-)?opacity="1"')
"""What a drawing in a page does without: what would be read out number by number, and what is the same throughout."""
_SAID = re.compile(r'<(?P<mark>path|line)\b.* aria-label="(?P<words>[^"]*)".*/>', re.DOTALL)
"""A mark that says what it is, as those of axes and frames do not."""
_ID = re.compile(r'\bid="([^"]+)"')
_WIDTH = re.compile(r'<svg[^>]*\bwidth="([0-9.]+)"')
NARROW = 480
"""The widest drawing, in pixels, of which two stand side by side."""


class HtmlReport(TemplateExporter):
    """An executed notebook as an HTML report."""

    export_from_notebook = "KPI report (HTML)"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension(self) -> str:
        return ".html"

    @default("template_name")
    def _template_name(self) -> str:
        return "kpireport_html"

    @default("extra_template_basedirs")
    def _own_templates_only(self) -> list[str]:
        # nbconvert's own default is the working folder, where a folder of the same name would shadow the template.
        return [str(TEMPLATES)]

    def default_filters(self) -> Any:
        """Yield nbconvert's filters and ours."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "inline_svg", inline_svg
        yield "is_narrow", is_narrow
        yield "markdown_below_heading", markdown_below_heading

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the HTML of a notebook, and nbconvert's resources."""
        report = document.read(nb)
        given = {
            **(resources or {}),
            "report": report,
            "colours": brand.colours(report.head),
            "logo": brand.logo(report.head),
            "css": (files("kpireport.presentation") / "report.css").read_text(encoding="utf-8"),
            "csp": CSP,
            "up_to": wording.day(date.fromisoformat(report.head.date)),
        }
        written, found = super().from_notebook_node(nb, given, **kw)
        return without_dead_links(written), found


@lru_cache(maxsize=1)
def exporter() -> HtmlReport:
    """Return this process's exporter, made once: it holds the templates."""
    return HtmlReport()  # type: ignore[no-untyped-call]


def export(notebook: NotebookNode) -> str:
    """Return the HTML of an executed notebook.

    Raises
    ------
    RenderingError
        When the notebook is not a report, or a chart cannot be drawn.
    """
    try:
        return exporter().from_notebook_node(notebook)[0]
    except RenderingError:
        raise
    except Exception as error:
        raise RenderingError(f"The HTML could not be written: {error}") from error


def is_narrow(chart: Chart) -> bool:
    """Return whether two drawings of this width stand side by side on a wide screen."""
    width = _WIDTH.search(chart.svg)
    return width is not None and float(width[1]) <= NARROW


def inline_svg(chart: Chart) -> str:
    """Return a chart's SVG to stand in a page: named and described for those who cannot see it, its ids its own.

    The roles and labels of its parts would be read out number by number; they are taken away. What a mark says of itself becomes
    its title, which appears beside the pointer and is not read out, as nothing within an image is.
    """
    name = f"chart-{chart.number}"
    drawing = chart.svg[chart.svg.index("<svg") :]
    ids = {own for tag in _TAG.findall(drawing) for own in _ID.findall(_NOT_NEEDED.sub("", tag))}
    svg = _TAG.sub(lambda tag: _telling(tag[0], _renamed(_NOT_NEEDED.sub("", tag[0]), ids, name)), drawing)
    told = f'<title id="{name}-title">{escape(chart.title)}</title><desc id="{name}-desc">{escape(chart.alt)}</desc>'
    start, rest = svg.split(">", 1)
    return f'{start} font-family="{theme.FONTS}" role="img" aria-labelledby="{name}-title {name}-desc">{told}{rest}'


def _telling(tag: str, bare: str) -> str:
    """Return a bare tag with what it says of itself as its title."""
    said = _SAID.fullmatch(tag)
    return bare if said is None else f"{bare[:-2]}><title>{said['words']}</title></{said['mark']}>"


def _renamed(tag: str, ids: set[str], name: str) -> str:
    """Return a tag of a drawing with the drawing's ids, and what refers to them, made its own."""
    for own in sorted(ids, key=len, reverse=True):
        for opening, closing in (('id="', '"'), ("url(#", ")"), ('href="#', '"')):
            tag = tag.replace(f"{opening}{own}{closing}", f"{opening}{name}-{own}{closing}")
    return tag


def markdown_below_heading(source: str) -> str:
    """Return the HTML of what a markdown cell says below its heading."""
    return str(markdown2html_mistune(source))
