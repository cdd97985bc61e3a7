"""Workbooks made part by part, so that anything can be wrong with them."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_DOCUMENT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = "xl/worksheets/sheet1.xml"

HEADS = ("bca_indicator", "area", "group", "period", "value", "published_on", "producer")
SOUND = {
    "bca_indicator": "CD-01",
    "area": "E08000035",
    "group": "all",
    "period": "2024-25 Q2",
    "value": 741,
    "published_on": "2024-10-01",
    "producer": "Service",
}
"""One row that both the register's table scorecard/outcomes and a return of the small register can hold."""
COLUMNS = dict(zip(HEADS, "ABCDEFG", strict=True))
STYLES = (
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="0.0%"/></numFmts>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs>'
)
"""Style 1 is a date, style 2 a percentage."""


def text(address: str, words: str) -> str:
    """Return a cell of text."""
    return f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{escape(words)}</t></is></c>'


def number(address: str, digits: object, style: int = 0) -> str:
    """Return a cell of a number, whatever its digits."""
    return f'<c r="{address}" s="{style}"><v>{digits}</v></c>'


def stored(address: str, inside: str, **attributes: str) -> str:
    """Return a cell with what stands in its tag: `t="b"` makes it a logical value."""
    return f'<c r="{address}" {" ".join(f"{key}={value!r}" for key, value in attributes.items())}>{inside}</c>'


def line(row: int, cells: Iterable[str], attributes: str = "") -> str:
    return f'<row r="{row}" {attributes}>{"".join(cells)}</row>'


def head(row: int = 1, names: Iterable[str] = HEADS) -> str:
    return line(row, (text(f"{letter}{row}", name) for letter, name in zip("ABCDEFGHIJ", names, strict=False)))


def record(row: int = 2, attributes: str = "", **cells: str) -> str:
    """Return the sound row; a cell given as XML (with {} for its address) stands in place of its own."""
    made = []
    for name, value in SOUND.items():
        address = f"{COLUMNS[name]}{row}"
        if name in cells:
            made.append(cells[name].replace("{}", address))
        else:
            made.append(number(address, value) if isinstance(value, int) else text(address, value))
    return line(row, made, attributes)


def sheet(rows: Iterable[str], before: str = "", after: str = "", name: str = MAIN, start: str = "") -> str:
    return f'{XML}{start}<worksheet xmlns="{name}">{before}<sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'


def parts(
    sheet_xml: str,
    *,
    main: str = MAIN,
    document: str = DOCUMENT,
    styles: str = STYLES,
    strings: str | None = None,
    properties: str = "",
    sheets: str = '<sheet name="outcomes" sheetId="1" r:id="rId1"/>',
    more: Mapping[str, str | bytes] | None = None,
) -> dict[str, str | bytes]:
    """Return the parts of a workbook by name."""
    relation = f'<Relationship Id="{{}}" Type="{document}/{{}}" Target="{{}}"/>'
    package = "http://schemas.openxmlformats.org/package/2006"
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{XML}<Types xmlns="{package}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": f'{XML}<Relationships xmlns="{package}/relationships">'
        f"{relation.format('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>",
        "xl/workbook.xml": f'{XML}<workbook xmlns="{main}" xmlns:r="{document}">{properties}<sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{package}/relationships">'
        + relation.format("rId1", "worksheet", "worksheets/sheet1.xml")
        + relation.format("rId2", "worksheet", "worksheets/sheet2.xml")
        + relation.format("rId3", "styles", "styles.xml")
        + relation.format("rId4", "sharedStrings", "sharedStrings.xml")
        + "</Relationships>",
        "xl/styles.xml": f'{XML}<styleSheet xmlns="{main}">{styles}</styleSheet>',
        SHEET: sheet_xml,
    }
    if strings is not None:
        made["xl/sharedStrings.xml"] = f'{XML}<sst xmlns="{main}">{strings}</sst>'
    return made | dict(more or {})


def packed(made: Mapping[str, str | bytes], *again: tuple[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return parts as a zip; those of `again` follow, whether or not there are some of their names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method, compresslevel=1 if method == zipfile.ZIP_DEFLATED else None) as archive:
        for name, content in [*made.items(), *again]:
            archive.writestr(name, content)
    return stream.getvalue()


def book(*rows: str, before: str = "", after: str = "", start: str = "", **how: object) -> bytes:
    """Return a workbook of one sheet with these rows; of a header and the sound row without any."""
    made = sheet(rows or (head(), record()), before, after, str(how.get("main", MAIN)), start)
    return packed(parts(made, **how))  # type: ignore[arg-type]


def with_cell(**cells: str) -> bytes:
    """Return a workbook whose one row has a cell of XML."""
    return book(head(), record(**cells))


def csv_of(**cells: str) -> str:
    """Return the sound row as CSV, with other texts in some cells as they stand."""
    values = {name: str(value) for name, value in SOUND.items()} | cells
    return ",".join(HEADS) + "\n" + ",".join(values[name] for name in HEADS) + "\n"
