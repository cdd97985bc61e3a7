"""An executed notebook read as a document: its head, its sections, and in each section its parts in reading order.

Both exporters read the notebook through here, so that HTML and PDF have the same parts and the same drawings. Inputs are never
part of a document, nor is what a cell printed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from kpireport.errors import RenderingError
from kpireport.presentation.blocks import METADATA, VEGA_LITE
from kpireport.presentation.drawing import draw
from kpireport.presentation.markup import clean

HIDDEN = frozenset({"parameters", "injected-parameters", "setup", "remove_cell"})
"""Tags of cells that no reader sees."""
SVG = "image/svg+xml"
Draw = Callable[[dict[str, Any]], str]
_HEADING = re.compile(r"^##[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Head:
    """The head of a report, as `presentation.blocks.Title` left it."""

    council: str
    title: str
    subtitle: str
    is_illustrative: bool
    date: str
    brand_colour: str = ""
    accent_colour: str = ""
    logo: str = ""
    colophon: str = ""


@dataclass(frozen=True)
class Block:
    """Prose or a table, ready for both forms."""

    html: str
    typst: str
    is_wide: bool
    kind: str = "block"


@dataclass(frozen=True)
class Chart:
    """A chart, drawn."""

    number: int
    """Its place among the charts of the document, from 1."""
    svg: str
    title: str
    subtitle: str
    source: str
    alt: str
    data_html: str
    kind: str = "chart"


@dataclass(frozen=True)
class Markdown:
    """What a markdown cell says below its heading."""

    source: str
    kind: str = "markdown"


@dataclass(frozen=True)
class Plain:
    """The output of a cell that is none of our parts, such as a frame an analyst looked at."""

    text: str
    kind: str = "plain"


@dataclass(frozen=True)
class Attachment:
    """A file published beside the report."""

    name: str
    description: str


Part = Block | Chart | Markdown | Plain


@dataclass(frozen=True)
class Section:
    """A heading of the second level and what stands below it; "" for what comes before the first."""

    heading: str
    anchor: str
    parts: tuple[Part, ...]

    @property
    def is_wide(self) -> bool:
        """Whether the PDF sets it on landscape pages."""
        return any(isinstance(part, Block) and part.is_wide for part in self.parts)


@dataclass(frozen=True)
class Document:
    """A report to be written as HTML or PDF."""

    head: Head
    sections: tuple[Section, ...]
    attachments: tuple[Attachment, ...]


def drawn(notebook: NotebookNode, draw: Draw = draw) -> NotebookNode:
    """Return the notebook with every chart that a kernel left as a specification drawn as SVG.

    Parameters
    ----------
    draw
        Draws one chart; another may remember what was drawn before.

    Raises
    ------
    RenderingError
        When a specification cannot be drawn.
    """
    return _with(notebook, cells=[_drawn_cell(cell, draw) for cell in notebook.cells])


def _drawn_cell(cell: NotebookNode, draw: Draw) -> NotebookNode:
    if not any(VEGA_LITE in output.get("data", {}) for output in cell.get("outputs", [])):
        return cell
    return _with(cell, outputs=[_drawn_output(output, draw) for output in cell.outputs])


def _drawn_output(output: NotebookNode, draw: Draw) -> NotebookNode:
    if VEGA_LITE not in output.get("data", {}) or SVG in output.data:
        return output
    kept = {mimetype: content for mimetype, content in output.data.items() if mimetype != VEGA_LITE}
    return _with(output, data=_with({**kept, SVG: draw(output.data[VEGA_LITE])}))


def _with(node: dict[str, Any], **changes: Any) -> NotebookNode:
    return NotebookNode({**node, **changes})  # type: ignore[no-untyped-call]


def read(notebook: NotebookNode) -> Document:
    """Return the document in an executed notebook.

    Raises
    ------
    RenderingError
        When the notebook has no title part or more than one, or holds the error of a failed cell.
    """
    outputs = [(number, output) for number, cell in _shown(notebook) for output in cell.get("outputs", [])]
    for number, output in outputs:
        if output.output_type == "error":
            raise RenderingError(f"Cell {number} of the notebook failed ({output.ename}): a report is made of cells that ran.")
    about = [_about(output) for _, output in outputs]
    heads = [one for one in about if one.get("part") == "title"]
    if len(heads) != 1:
        raise RenderingError(f"The notebook has {len(heads)} title parts; call tables.title(report) once, before anything else.")
    return Document(
        head=Head(**{name: _clean(value) for name, value in heads[0].items() if name in Head.__dataclass_fields__}),
        sections=tuple(_sections(drawn(notebook))),
        attachments=tuple(Attachment(one["name"], clean(one["description"])) for one in about if one.get("part") == "attachment"),
    )


def _clean(value: Any) -> Any:
    """Return a word of a head without what no page shows, such as characters that turn the reading order of what follows."""
    return clean(value) if isinstance(value, str) else value


def _about(output: NotebookNode) -> dict[str, Any]:
    return dict(output.get("metadata", {}).get(METADATA, {}))


def _shown(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    """Yield the cells that readers see, with their number from 1."""
    for number, cell in enumerate(notebook.cells, start=1):
        if not HIDDEN & set(cell.metadata.get("tags", [])):
            yield number, cell


def _sections(notebook: NotebookNode) -> Iterator[Section]:
    heading, anchors, charts = "", set[str](), 0
    parts: list[Part] = []
    for _, cell in _shown(notebook):
        if cell.cell_type == "markdown":
            before, *headed = _HEADING.split(cell.source)
            parts += _markdown(before)
            for name, below in zip(headed[::2], headed[1::2], strict=True):
                if heading or parts:
                    yield Section(heading, _anchor(heading, anchors), tuple(parts))
                heading, parts = name, _markdown(below)
        for output in cell.get("outputs", []):
            part = _part(output, charts + 1)
            if part is not None:
                charts += isinstance(part, Chart)
                parts.append(part)
    if heading or parts:
        yield Section(heading, _anchor(heading, anchors), tuple(parts))


def _markdown(source: str) -> list[Part]:
    return [Markdown(source.strip())] if source.strip() else []


def _anchor(heading: str, taken: set[str]) -> str:
    """Return a heading's anchor: its words, and a number when another has the same."""
    words = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-") or "section"
    anchor, number = f"section-{words}", 2
    while anchor in taken:
        anchor, number = f"section-{words}-{number}", number + 1
    taken.add(anchor)
    return anchor


def _part(output: NotebookNode, number: int) -> Part | None:
    about, data = _about(output), output.get("data", {})
    match about.get("part"):
        case "block":
            return Block(data["text/html"], data["text/x-typst"], bool(about.get("is_wide")))
        case "chart":
            words = {name: clean(about[name]) for name in ("title", "subtitle", "source", "alt")}
            return Chart(number=number, svg=data[SVG], data_html=about.get("data_html", ""), **words)
        case "title" | "attachment":
            return None
    if "text/markdown" in data:
        return Markdown(data["text/markdown"])
    return Plain(data["text/plain"]) if "text/plain" in data else None
