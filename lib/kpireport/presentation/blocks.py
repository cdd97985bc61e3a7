"""What a notebook cell shows: a page of parts, each in every form that JupyterLab, the HTML report and the PDF need.

A part leaves the notebook as one output (a MIME bundle). HTML reports read its ``text/html``, PDFs its ``text/x-typst``; a chart
leaves as a Vega-Lite specification, which publishing draws once for both. In JupyterLab, where nobody publishes, a chart is drawn
at once, so that the same cell shows the same chart.
"""

import base64
import os
from dataclasses import dataclass, field
from typing import Any

from IPython.display import display

DRAW_LATER = "KPIREPORT_DRAW_LATER"
"""The environment variable by which publishing tells a kernel to leave the drawing of charts to it."""
VEGA_LITE = "application/vnd.vegalite.v6+json"
METADATA = "kpireport"
"""The key of an output's metadata under which a part says what it is."""

Bundle = tuple[dict[str, Any], dict[str, Any]]


@dataclass(frozen=True)
class Block:
    """Prose or a table, in HTML, in Typst, and as plain text. All three are already escaped."""

    html: str
    typst: str
    text: str
    is_wide: bool = False
    """Whether the PDF sets the section that holds it on landscape pages."""

    def bundle(self) -> Bundle:
        """Return the output's data and metadata."""
        about = {"part": "block", "is_wide": True} if self.is_wide else {"part": "block"}
        return {"text/html": self.html, "text/x-typst": self.typst, "text/plain": self.text}, {METADATA: about}


@dataclass(frozen=True)
class Title:
    """The head of a report: the page's one h1, and what publishing prints on every page and in the files' metadata."""

    council: str
    title: str
    subtitle: str
    is_illustrative: bool
    date: str
    """The day of the report (ISO): the last day whose results it uses. It dates the PDF; the clock never does."""
    brand_colour: str = ""
    """The council's colour, as ``#rrggbb``; "" for ours."""
    accent_colour: str = ""
    logo: str = ""
    """A picture as a `data:` address; "" for none."""
    colophon: str = ""
    """What the page ends with; "" for the day up to which results are in it."""

    def bundle(self) -> Bundle:
        """Return the output's data and metadata; the template draws the head from the metadata."""
        text = f"{self.title}: {self.subtitle}, {self.council}"
        about = {
            "part": "title",
            "council": self.council,
            "title": self.title,
            "subtitle": self.subtitle,
            "is_illustrative": self.is_illustrative,
            "date": self.date,
            "brand_colour": self.brand_colour,
            "accent_colour": self.accent_colour,
        }
        if self.logo:
            about["logo"] = self.logo
        if self.colophon:
            about["colophon"] = self.colophon
        return {"text/plain": text}, {METADATA: about}


@dataclass(frozen=True)
class Chart:
    """A chart: its specification, and the words that every reader needs beside it, all plain text, not yet escaped."""

    spec: dict[str, Any]
    """A complete Vega-Lite 6 specification with its data, as a dict."""
    title: str
    """What the chart shows to be so, as a sentence."""
    subtitle: str
    """Unit, area and period."""
    source: str
    alt: str
    """The text alternative: what a person who cannot see the chart needs to know, made from the data."""
    data: Block | None = None
    """The figures as a table, one click away in HTML."""

    def bundle(self) -> Bundle:
        """Return the output's data and metadata; drawn as SVG unless publishing draws later."""
        about = {"part": "chart", "title": self.title, "subtitle": self.subtitle, "source": self.source, "alt": self.alt}
        if self.data is not None:
            about["data_html"] = self.data.html
        content: dict[str, Any] = {"text/plain": f"{self.title}. {self.alt}"}
        if os.environ.get(DRAW_LATER):
            content[VEGA_LITE] = self.spec
        else:
            from kpireport.presentation.drawing import draw

            content["image/svg+xml"] = draw(self.spec)
        return content, {METADATA: about}


@dataclass(frozen=True)
class Attachment:
    """A file that travels in the notebook and is published beside the report, such as a workbook."""

    name: str
    mimetype: str
    content: bytes = field(repr=False)
    description: str

    def bundle(self) -> Bundle:
        """Return the output's data (base64, as nbformat asks of any binary) and metadata."""
        data = {"text/plain": f"{self.description}: {self.name}", self.mimetype: base64.b64encode(self.content).decode("ascii")}
        about = {"part": "attachment", "name": self.name, "description": self.description, "mimetype": self.mimetype}
        return data, {METADATA: about}


Part = Block | Title | Chart | Attachment


@dataclass(frozen=True)
class Page:
    """What one call shows: its parts in reading order."""

    parts: tuple[Part, ...]

    def _ipython_display_(self) -> None:
        for data, metadata in self.outputs():
            display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]

    def outputs(self) -> list[Bundle]:
        """Return the outputs of the cell that shows the page: as publishing takes them, or dressed for JupyterLab."""
        if os.environ.get(DRAW_LATER):
            return [part.bundle() for part in self.parts]
        from kpireport.presentation import in_jupyterlab

        return [in_jupyterlab.bundle(part, styled=place == 0) for place, part in enumerate(self.parts)]
