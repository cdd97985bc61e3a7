"""What is wrong with a file made from a hostile register: whatever of it is more, or less, than text."""

import csv
import email
import email.policy
import io
import json
import re
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import hostile_register
import icalendar
import openpyxl
import pikepdf
from kpireport.presentation.markup import clean, showable

ELEMENTS = frozenset(
    [
        *(
            "html",
            "head",
            "meta",
            "title",
            "style",
            "body",
            "a",
            "header",
            "main",
            "nav",
            "section",
            "footer",
            "p",
            "h1",
            "h2",
            "h3",
        ),
        *("h4", "h5", "ul", "ol", "li", "dl", "dt", "dd", "div", "span", "strong", "em", "b", "i", "br", "blockquote", "table"),
        *("caption", "thead", "tbody", "tr", "th", "td", "colgroup", "col", "figure", "figcaption", "details", "summary", "pre"),
        *("code", "small", "hr", "svg", "g", "path", "rect", "text", "tspan", "line", "circle", "polygon", "polyline", "defs"),
        *("clippath", "desc"),
    ]
)
"""Every element that our pages have; nothing that loads, runs or sends is among them."""
ADDRESS = re.compile(r"#[\w-]+|https?://(?!evil)[^\s]+|mailto:[\w.+-]+@(?:riverside|sampleford)\.example|[\w.%/-]+(?:#[\w-]+)?")
LEADING = {"href", "src", "action", "xlink:href", "data", "srcset", "formaction"}
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARKED = re.compile(rf"{hostile_register.MARK}\([\w.~-]*\)")
SHORT = ("<b>R</b>", "<i>t</i>", "<u>\"'#[$")
"""Bodies of words that several rows share."""


def bare(text: str) -> str:
    """Return a text without any space, as lines may be broken anywhere, and without what nobody sees."""
    return "".join(character for character in clean(text) if not character.isspace() and unicodedata.category(character) != "Cf")


WHOLE = (hostile_register.BODY, hostile_register.UNBRACED, hostile_register.PLAIN)
IN_A_LIST = tuple(body.replace("\\", "\\\\").replace("|", "\\|") for body in WHOLE)
"""The bodies as a whole definition holds them, in which bars part the columns."""
BODIES = tuple(map(bare, (*WHOLE, *IN_A_LIST, *SHORT)))


def cut_short(text: str, form: Callable[[str], str] = bare) -> list[str]:
    """Return every mark in a text that is not followed by its whole body, or by the beginning of one and an ellipsis."""
    said, bodies = form(text), [form(body) for body in BODIES]
    found = []
    for mark in MARKED.finditer(said):
        rest = said[mark.end() : mark.end() + max(map(len, bodies)) + 1]
        begins = re.split(r"…|\.\.\.", rest)[0]
        if not any(rest.startswith(body) or body.startswith(begins) for body in bodies):
            found.append(f"{mark.group()}{rest[:80]}")
    return found


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.texts: list[str] = []
        self._plain = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ELEMENTS:
            self.wrong.append(f"the element {tag}")
        for name, value in attrs:
            if name.startswith("on"):
                self.wrong.append(f"the attribute {name} of {tag}")
            if name in {"href", "src", "action", "xlink:href", "data", "srcset", "formaction"} and not ADDRESS.fullmatch(
                value or ""
            ):
                self.wrong.append(f"{name}={value!r}"[:120])
            if name == "style" and re.search(r"url\(|expression|@import", value or ""):
                self.wrong.append(f"style {value}")
        self.texts.append(" ")

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        if not re.fullmatch(" sha256 of all above: [0-9a-f]{64} ", data):
            self.wrong.append(f"a comment {data[:60]!r}")


def of_html(text: str, *, has_markdown: bool = False) -> list[str]:
    """Return what is wrong with a page."""
    page = _Page(text)
    unseen = [f"the character {one!r}" for one in sorted(set(UNSEEN.findall(text)))]
    short = [one for one in cut_short("".join(page.texts)) if not (has_markdown and ".narrative." in one)]
    return [*page.wrong, *unseen, *short]


def of_pdf(path: Path) -> list[str]:
    """Return what is wrong with a PDF."""
    said = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True).stdout
    wrong = [] if bare(hostile_register.MARK) in bare(said) else ["no mark"]
    with pikepdf.open(path) as opened:
        wrong += [name for name in ("/OpenAction", "/AA", "/AcroForm") if name in opened.Root]
        names = opened.Root.get("/Names", {})
        wrong += [name for name in ("/JavaScript", "/EmbeddedFiles") if name in names]
        for page in opened.pages:
            for note in page.get("/Annots", []):
                action = note.get("/A", {})
                if action.get("/S", "/GoTo") not in ("/GoTo",):
                    wrong.append(f"an action {action.get('/S')} {str(action.get('/URI', ''))[:80]}")
    return wrong


def in_pdf(text: str) -> str:
    """Return a text as a PDF of ours prints it, without any space or hyphen, which lines' ends may add."""
    return bare(showable(text)).replace("-", "")


def of_workbook(content: bytes) -> list[str]:
    """Return what is wrong with a workbook: formulas, links out, words that are cut."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    wrong = ["external links"] if book._external_links else []
    wrong += ["macros"] if book.vba_archive else []
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    wrong.append(f"a formula in {sheet.title}!{cell.coordinate}: {str(cell.value)[:60]}")
                if cell.hyperlink is not None and cell.hyperlink.target:
                    wrong.append(f"a link in {sheet.title}!{cell.coordinate}: {cell.hyperlink.target[:60]}")
                if isinstance(cell.value, str):
                    wrong += [f"{sheet.title}!{cell.coordinate}: {one}" for one in cut_short(cell.value)]
    wrong += [
        f"property {name}" for name, value in vars(book.properties).items() if isinstance(value, str) and UNSEEN.search(value)
    ]
    return wrong


def of_csv(text: str) -> list[str]:
    """Return what is wrong with a CSV file: cells that a spreadsheet takes for formulas and are no numbers."""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    cells = [cell for row in rows for cell in row]
    wrong = [f"a formula: {cell[:60]!r}" for cell in cells if cell.startswith(FORMULA) and not _is_number(cell)]
    widths = {len(row) for row in rows}
    return [
        *wrong,
        *(["rows of different lengths"] if len(widths) > 1 else []),
        *(one for cell in cells for one in cut_short(cell)),
    ]


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?", cell) is not None


def of_letter(content: bytes) -> list[str]:
    """Return what is wrong with a draft e-mail: headers of its own, recipients that the register does not have."""
    read = email.message_from_bytes(content, policy=email.policy.default)
    known = {
        "From",
        "To",
        "Cc",
        "Subject",
        "Date",
        "Message-ID",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
        "X-Unsent",
    }
    wrong = [f"the header {name}" for name in read if name not in known]
    wrong += [f"{name} twice" for name in known if len(read.get_all(name, [])) > 1]
    people = [one.addr_spec for name in ("To", "Cc") if read[name] for one in read[name].addresses]
    wrong += [f"the recipient {one!r}" for one in people if not one.endswith("@riverside.example")]
    return wrong + [f"a defect {one!r}" for one in read.defects]


def of_calendar(content: bytes) -> list[str]:
    """Return what is wrong with a calendar file."""
    known = {"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "SUMMARY", "DESCRIPTION", "CATEGORIES", "CLASS", "DTSTART", "DTEND"}
    known |= {"TRANSP", "X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-CDO-BUSYSTATUS"}
    read = icalendar.Calendar.from_ical(content)
    wrong = [f"a line of {len(line)} bytes" for line in content.split(b"\r\n") if len(line) > 75]
    for event in read.walk("VEVENT"):
        wrong += [f"the property {name}" for name in event if name not in known]
        wrong += cut_short(str(event["SUMMARY"]))
    return wrong


def of_json(text: str) -> list[str]:
    """Return what is wrong with the texts of a JSON file."""

    def texts(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            for part in value.values() if isinstance(value, dict) else value:
                yield from texts(part)

    return [one for said in texts(json.loads(text)) for one in cut_short(said)]


def of_notebook(text: str) -> list[str]:
    """Return what is wrong with the outputs of an executed notebook."""
    wrong = []
    for cell in json.loads(text)["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            wrong += [f"output of type {output['output_type']}"] if output["output_type"] != "display_data" else []
            wrong += [f"a form {kind}" for kind in data if kind in ("text/javascript", "application/javascript")]
            wrong += of_html("".join(data.get("text/html", "")), has_markdown=True)
    return wrong


def of_file(path: Path) -> list[str]:
    """Return what is wrong with a file, by its kind."""
    match path.suffix:
        case ".html":
            return of_html(path.read_text(encoding="utf-8"), has_markdown=True)
        case ".pdf":
            return of_pdf(path)
        case ".xlsx":
            return of_workbook(path.read_bytes())
        case ".csv":
            return of_csv(path.read_bytes().decode("utf-8"))
        case ".eml":
            return of_letter(path.read_bytes())
        case ".ics":
            return of_calendar(path.read_bytes())
        case ".ipynb":
            return of_notebook(path.read_text(encoding="utf-8"))
        case ".json":
            return of_json(path.read_text(encoding="utf-8"))
    return []


def of_folder(folder: Path) -> Iterator[str]:
    """Yield what is wrong with the files of a folder."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for one in of_file(path):
            yield f"{path.relative_to(folder)}: {one}"
