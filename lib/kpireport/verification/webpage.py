"""Read what an HTML report shows: its tables cell by cell, its words, its drawings.

Only what a reader, or the program that reads to one, can meet: scripts and styles are left out.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SILENT = {"style", "script", "template"}
INLINE = {"a", "abbr", "b", "br", "code", "em", "i", "small", "span", "strong", "sub", "sup", "time", "wbr"}
SPOKEN = ("aria-label", "alt", "title", "href")
"""Attributes that say something to a reader."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass
class Table:
    """A table as it stands."""

    caption: str = ""
    heading: str = ""
    """The nearest heading above it."""
    rows: list[list[str]] = field(default_factory=list)
    """The text of every cell; the first row holds the columns' heads."""


@dataclass
class Passage:
    """A run of words outside tables and drawings: a paragraph, a heading, an item of a list, a label."""

    heading: str
    text: str


@dataclass
class Drawing:
    """A drawing."""

    name: str
    """Its title, or the heading above it."""
    labels: list[str] = field(default_factory=list)
    """The words in it."""
    marks: list[str] = field(default_factory=list)
    """Every element with its attributes, in order."""


@dataclass
class Webpage:
    """What a page shows, each kind in reading order."""

    tables: list[Table] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)


def read(html: str) -> Webpage:
    """Return what a page, or a piece of one, shows."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_passage()
    return reader.page


class _Reader(HTMLParser):
    """Gathers text by where it stands; a page that is not well formed is read as far as it goes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Webpage()
        self._open: list[str] = []
        self._headings = dict.fromkeys(HEADINGS, "")
        self._heading = ""
        self._text: list[str] = []
        self._cell: list[str] | None = None
        self._caption: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where the text that follows stands."""
        given = {name: value or "" for name, value in attrs}
        if tag == "svg" and not self._within("svg"):
            self.end_passage()
            self.page.drawings.append(Drawing(self._heading))
        if tag == "svg" or self._within("svg"):
            self.page.drawings[-1].marks.append(f"<{tag} {' '.join(f'{name}={value!r}' for name, value in attrs)}>")
        else:
            self._start(tag)
            for name in SPOKEN:
                if given.get(name, "").strip():
                    self._say(given[name], name)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element that ends at once, as SVG writes them."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Put what has been gathered in its place."""
        if tag not in self._open:
            return
        while self._open.pop() != tag:
            pass
        if self._within("svg") or tag == "svg":
            return
        tables = self.page.tables
        if tag in ("td", "th") and self._cell is not None and tables and tables[-1].rows:
            tables[-1].rows[-1].append(_line(self._cell))
            self._cell = None
        elif tag == "caption" and self._caption is not None and tables:
            tables[-1].caption = _line(self._caption)
            self._caption = None
        elif tag in HEADINGS:
            self._heading = _line(self._text)
            self.end_passage()
        elif tag not in INLINE:
            self.end_passage()

    def handle_data(self, data: str) -> None:
        """Gather text."""
        if any(tag in SILENT for tag in self._open):
            return
        if self._within("svg"):
            drawing = self.page.drawings[-1]
            if text := " ".join(data.split()):
                drawing.labels.append(text)
                if self._open[-1] == "title" and self._open[-2:-1] == ["svg"]:
                    drawing.name = text
        elif self._cell is not None:
            self._cell.append(data)
        elif self._caption is not None:
            self._caption.append(data)
        else:
            self._text.append(data)

    def end_passage(self) -> None:
        """Close the passage that is being gathered."""
        if text := _line(self._text):
            self.page.passages.append(Passage(self._heading, text))
        self._text = []

    def _start(self, tag: str) -> None:
        match tag:
            case "table":
                self.end_passage()
                self.page.tables.append(Table(heading=self._heading))
            case "tr" if self.page.tables:
                self.page.tables[-1].rows.append([])
            case "td" | "th":
                self._cell = []
            case "caption":
                self._caption = []
            case "br":
                self.handle_data(" ")
            case _ if tag not in INLINE:
                self.end_passage()

    def _say(self, text: str, name: str) -> None:
        """Take what an attribute says: in a table it is a passage too, so that the cell's own text stays as printed."""
        self.page.passages.append(Passage(self._heading, f"{name}: {' '.join(text.split())}"))

    def _within(self, tag: str) -> bool:
        return tag in self._open


def _line(pieces: list[str]) -> str:
    return " ".join("".join(pieces).split())
