"""Writes an executed notebook as a PDF: Typst markup, compiled to PDF/UA-1 and PDF/A-2a with the bundled fonts only.

Also an nbconvert exporter: ``jupyter nbconvert --to kpireport-pdf report.ipynb``.
"""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pypandoc
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from traitlets import default

from kpireport.errors import RenderingError
from kpireport.presentation.markup import showable, typst_string, typst_text
from kpireport.presentation.theme import CHART_WIDTH, FONT_FOLDER
from kpireport.publishing import brand, document, tagging
from kpireport.publishing.document import Block, Chart, Document, Markdown, Part
from kpireport.publishing.html import TEMPLATES

STANDARDS = ["ua-1", "a-2a"]
TEXT_WIDTH = 498.0
"""Width of the text of a portrait page, in points: A4 less its margins."""
POINTS_A_PIXEL, POINTS_OF_A_MAP = 0.6, 0.7
"""The size of charts on paper, where two stand side by side, and of drawings of places; the smallest text is 8.4 points."""
LONG = 5000
"""Characters of markup that take more than half a page."""
_MARKDOWN = "markdown-smart-raw_html-raw_tex-raw_attribute+pipe_tables"
_CELL_BREAK = "ZZCELLBREAKZZ"


class PdfReport(TemplateExporter):
    """An executed notebook as a PDF report."""

    export_from_notebook = "KPI report (PDF)"
    output_mimetype = "text/x-typst"

    @default("file_extension")
    def _file_extension(self) -> str:
        return ".pdf"

    @default("template_extension")
    def _template_extension(self) -> str:
        return ".typ.j2"

    @default("template_name")
    def _template_name(self) -> str:
        return "kpireport_pdf"

    @default("extra_template_basedirs")
    def _own_templates_only(self) -> list[str]:
        return [str(TEMPLATES)]

    def default_filters(self) -> Any:
        """Yield nbconvert's filters and ours."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "typst_string", typst_string
        yield "typst_text", typst_text
        yield "typst_width", typst_width
        yield "is_narrow", is_narrow
        yield "goes_along", goes_along

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """Return the PDF of a notebook, and nbconvert's resources."""
        report = document.read(nb)
        day = date.fromisoformat(report.head.date)
        given = {
            **(resources or {}),
            "report": report,
            "colours": brand.colours(report.head),
            "logo": brand.logo(report.head),
            "markdown": _markdown(report),
            "typst_date": f"datetime(year: {day.year}, month: {day.month}, day: {day.day})",
        }
        source, resources = super().from_notebook_node(nb, given, **kw)
        return tagging.with_table_heads(_compiled(source, report)), resources


@lru_cache(maxsize=1)
def exporter() -> PdfReport:
    """Return this process's exporter, made once: it holds the templates."""
    return PdfReport()  # type: ignore[no-untyped-call]


def export(notebook: NotebookNode) -> bytes:
    """Return the PDF of an executed notebook.

    Raises
    ------
    RenderingError
        When the notebook is not a report, a chart cannot be drawn, or the pages cannot be set.
    """
    try:
        return exporter().from_notebook_node(notebook)[0]
    except RenderingError:
        raise
    except Exception as error:
        raise RenderingError(f"The PDF could not be written: {error}") from error


def _compiled(source: str, report: Document) -> bytes:
    charts = (part for section in report.sections for part in section.parts if isinstance(part, Chart))
    given = {
        "main.typ": source.encode(),
        "report.typ": (files("kpireport.presentation") / "report.typ").read_bytes(),
        **({"logo.svg": logo.encode()} if (logo := brand.logo_drawing(report.head)) else {}),
        **{f"chart-{chart.number}.svg": showable(chart.svg).encode() for chart in charts},
    }
    day = date.fromisoformat(report.head.date)
    import typst  # only where a PDF is made: a process that has it is never copied

    try:
        made: bytes = typst.compile(  # type: ignore[call-overload]
            given,  # several files at once, of which its type hints do not know
            format="pdf",
            pdf_standards=STANDARDS,
            timestamp=int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()),
            font_paths=[str(FONT_FOLDER)],
            ignore_system_fonts=True,
        )
    except typst.TypstError as error:
        hints = "; ".join(getattr(error, "hints", []))
        raise RenderingError(f"The PDF could not be set: {error}{f' ({hints})' if hints else ''}") from error
    return made


def typst_width(svg: str) -> str:
    """Return the width of a chart on paper, never wider than the text."""
    width = _width(svg)
    return f"{min(width * (POINTS_A_PIXEL if width <= CHART_WIDTH else POINTS_OF_A_MAP), TEXT_WIDTH):g}pt"


def is_narrow(part: Part) -> bool:
    """Return whether a part is a chart of which two stand side by side."""
    return isinstance(part, Chart) and _width(part.svg) <= CHART_WIDTH


def goes_along(part: Part) -> bool:
    """Return whether a part can be kept on one page with the charts after it: no long prose, new page or table."""
    return isinstance(part, Block) and len(part.typst) < LONG and not re.search(r"#new-page\(\)|-table\(", part.typst)


def _width(svg: str) -> float:
    found = re.search(r'<svg\b[^>]*?\bwidth="([0-9.]+)', svg)
    return float(found[1]) if found else TEXT_WIDTH / POINTS_OF_A_MAP


def _markdown(report: Document) -> dict[str, str]:
    """Return the Typst markup of every markdown part by its source, by one call of pandoc: its start costs more than its work."""
    sources = sorted({part.source for section in report.sections for part in section.parts if isinstance(part, Markdown)})
    if not sources:
        return {}
    joined = f"\n\n{_CELL_BREAK}\n\n".join(showable(source) for source in sources)
    converted = pypandoc.convert_text(joined, "typst", format=_MARKDOWN, extra_args=["--wrap=preserve"]).split(_CELL_BREAK)
    if len(converted) != len(sources):
        raise RenderingError(f"A markdown cell holds the word {_CELL_BREAK}, which parts the cells; write another.")
    return {source: made.strip() for source, made in zip(sources, converted, strict=True)}
