"""Every kind of file that is not as it should be, and what was decided about it, for both ways in.

READ means that the result arrives as its sender sees it. REFUSED means one sentence with file, sheet, cell and remedy.
"""

import base64
import codecs
import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import made
import openpyxl
from made import book, csv_of, head, line, number, packed, parts, record, sheet, stored, text, with_cell


class Read(dict[str, str]):
    """The row is read; what is given differs from the sound row."""


class Refused(tuple[str, ...]):
    """One fault, with all of these words in it."""

    def __new__(cls, *words: str) -> "Refused":
        return super().__new__(cls, words)


class Many(Refused):
    """More faults than one, of which one has all of these words in it."""


READ = Read()
MILLION = 1_000_000 if os.environ.get("KPIREPORT_SOAK") == "1" else 50_000
"""What "a million" is in the ordinary run: the files take longer to make than to read."""


@dataclass(frozen=True)
class Kind:
    decision: str
    make: Callable[[], bytes]
    as_table: Read | Refused
    as_return: Read | Refused | None = None
    """As the table where nothing is given."""
    ending: str = ".xlsx"


def picture() -> bytes:
    return base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def ole(*streams: str) -> bytes:
    """Return what looks like an old Office file with these streams in its directory."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(504)
        + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    )


def zip_of(**made_of: bytes) -> bytes:
    return packed({name.replace("__", "/"): content for name, content in made_of.items()})


def ods() -> bytes:
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": kind, "content.xml": b"<office:document-content/>", "META-INF/manifest.xml": b"<manifest/>"})


def with_parts(**changed: str | bytes) -> bytes:
    return packed(parts(sheet((head(), record())), more={name.replace("__", "/"): content for name, content in changed.items()}))


def start(doctype: str) -> bytes:
    return book(head(), record(), start=doctype)


def lying() -> bytes:
    """Return a workbook of which the directory says that a part is small, and it is not."""
    whole = packed(parts(sheet((head(), *(record(row) for row in range(2, 5000))))))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        size = archive.getinfo(made.SHEET).file_size
    return whole.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))


def bomb() -> bytes:
    """Return a workbook that unpacks to 450 MB of blanks; the zip is written piece by piece."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts("").items():
            if name != made.SHEET:
                archive.writestr(name, content)
        with archive.open(made.SHEET, "w") as part:
            blanks = b" " * 15_000_000
            for _ in range(30):
                part.write(blanks)
    return stream.getvalue()


def encrypted() -> bytes:
    """Return a zip whose parts say that they are encrypted."""
    whole = bytearray(book())
    with zipfile.ZipFile(io.BytesIO(bytes(whole))) as archive:
        places = [part.header_offset for part in archive.infolist()]
    for place in places:
        whole[place + 6] |= 1
    place = whole.find(b"PK\1\2")
    while place >= 0:
        whole[place + 8] |= 1
        place = whole.find(b"PK\1\2", place + 4)
    return bytes(whole)


def shared(count: int, cell: str) -> bytes:
    strings = "".join(f"<si><t>{words}</t></si>" for words in ("Service", "Team")[:count])
    return packed(parts(sheet((head(), record(producer=cell))), strings=strings))


def strict() -> bytes:
    day = stored("{}", "<v>2024-10-01T00:00:00</v>", t="d", s="1")
    made_of = sheet((head(), record(published_on=day)), name=made.STRICT)
    return packed(parts(made_of, main=made.STRICT, document=made.STRICT_DOCUMENT))


def by_openpyxl(edit: Callable[[openpyxl.Workbook], None]) -> bytes:
    opened = openpyxl.load_workbook(io.BytesIO(book()))
    edit(opened)
    stream = io.BytesIO()
    opened.save(stream)
    return stream.getvalue()


def many_styles(count: int) -> bytes:
    styles = "".join(f'<xf numFmtId="0" fontId="{number}" applyFont="1"/>' for number in range(count))
    formats = '<numFmts count="1"><numFmt numFmtId="164" formatCode="0.0%"/></numFmts>'
    return book(styles=f'{formats}<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/>{styles}</cellXfs>')


def blank_rows(count: int) -> bytes:
    return book(head(), record(), *(f'<row r="{row}" ht="15" customHeight="1"/>' for row in range(3, count + 3)))


def blank_columns(rows: int) -> bytes:
    """Return a workbook whose every row has a formatted cell in each of the 16,384 columns."""
    blank = "".join(f'<c r="{made_address}" s="1"/>' for made_address in blank_addresses())
    return book(head(), record(), *(line(row, (blank.replace("#", str(row)),)) for row in range(3, rows + 3)))


def blank_addresses() -> list[str]:
    from openpyxl.utils import get_column_letter

    return [f"{get_column_letter(column)}#" for column in range(1, 16_385)]


def locale(words: str) -> dict[str, Callable[[], bytes]]:
    return {".csv": lambda: csv_of(value=f'"{words}"').encode(), ".xlsx": lambda: with_cell(value=text("{}", words))}


TWO = '<sheet name="outcomes" sheetId="1" r:id="rId1"/><sheet name="{}" sheetId="2" {} r:id="rId2"/>'
EMPTY = sheet(())
NAMED = "scorecard/outcomes.xlsx"

WHOLE_FILES = {
    "empty": Kind("refused", lambda: b"", Refused("an empty file, of 0 bytes", "Ask for it again")),
    "truncated": Kind("refused", lambda: book()[:-200], Refused("cut short or damaged", "Copy it or ask for it again.")),
    "truncated after its directory": Kind(
        "refused", lambda: book()[:900], Refused("cut short or damaged", "Copy it or ask for it again.")
    ),
    "damaged inside": Kind(
        "refused, with the part",
        lambda: with_parts(**{"xl__styles.xml": "<styleSheet>"}),
        Refused("the part xl/styles.xml is damaged"),
    ),
    "text": Kind("refused", lambda: b"hello", Refused("a file that is not a workbook", "Save it again from Excel")),
    "CSV named .xlsx": Kind("refused", lambda: csv_of().encode(), Refused("not a workbook", "give CSV the ending .csv")),
    "web page named .xlsx": Kind(
        "refused: Excel opens it, with a warning; what it holds is not cells",
        lambda: b"\xef\xbb\xbf\n<html><body><table><tr><td>1</td></tr></table></body></html>",
        Refused("a web page (HTML)", "Open it in Excel and save it as .xlsx."),
    ),
    "XML of 2003 named .xlsx": Kind(
        "refused",
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        Refused("an XML spreadsheet of 2003", "Open it in Excel and save it as .xlsx."),
    ),
    "picture named .xlsx": Kind("refused", picture, Refused("a picture", "Copy the figures into a workbook.")),
    "PDF named .xlsx": Kind("refused", lambda: b"%PDF-1.7\n", Refused("a PDF", "Copy the figures")),
    "old workbook named .xlsx": Kind(
        "refused", lambda: ole("Root Entry", "Workbook"), Refused("an old Excel workbook (.xls)", "Save it from Excel as .xlsx.")
    ),
    "password": Kind(
        "refused",
        lambda: ole("Root Entry", "EncryptionInfo", "EncryptedPackage"),
        Refused("a password-protected workbook", "Save it from Excel as .xlsx, without a password."),
    ),
    "password of a zip": Kind("refused", encrypted, Refused("a password-protected archive", "without a password")),
    "OpenDocument named .xlsx": Kind("refused", ods, Refused("a LibreOffice file (.ods)", "Save it from LibreOffice as .xlsx.")),
    "Word named .xlsx": Kind(
        "refused", lambda: zip_of(word__document_xml=b"") and packed({"word/document.xml": b""}), Refused("a Word document")
    ),
    "binary workbook named .xlsx": Kind(
        "refused",
        lambda: packed({"xl/workbook.bin": b""}),
        Refused("a binary Excel workbook (.xlsb)", "Save it from Excel as .xlsx."),
    ),
    "zip of something else": Kind(
        "refused", lambda: packed({"a.txt": b""}), Refused("an archive that is not a workbook", "Unpack it")
    ),
    "workbook named .csv": Kind("refused", book, Refused("a workbook", "Give it the ending .xlsx."), ending=".csv"),
    "web page named .csv": Kind(
        "refused", lambda: b"<!DOCTYPE html><table>", Refused("a web page (HTML)", "save it as CSV UTF-8"), ending=".csv"
    ),
    "picture named .csv": Kind("refused", picture, Refused("a picture"), ending=".csv"),
    "old workbook named .csv": Kind("refused", lambda: ole("Workbook"), Refused("an old Excel workbook"), ending=".csv"),
    "empty CSV": Kind("refused", lambda: b"", Refused("an empty file, of 0 bytes", "Ask for it again"), ending=".csv"),
}
BOMBS = {
    "external entity": Kind(
        "refused before it is looked for",
        lambda: start('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
        Refused("declares a document type, as no spreadsheet program does", "Save it again from Excel"),
    ),
    "entity bomb": Kind(
        "refused before anything is expanded",
        lambda: start('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'),
        Refused("declares a document type"),
    ),
    "entity bomb in UTF-16": Kind(
        "refused: a search for bytes would not find it",
        lambda: (
            with_parts(xl__styles_xml=b"")
            and with_parts(
                **{
                    "xl__styles.xml": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><styleSheet/>'.encode(
                        "utf-16"
                    )
                }
            )
        ),
        Refused("declares a document type"),
    ),
    "zip bomb": Kind("refused unopened", bomb, Refused("a workbook that unpacks to 450 MB, more than", "Copy the table alone")),
    "zip whose directory lies": Kind("refused", lying, Refused("the part xl/worksheets/sheet1.xml is damaged")),
    "two parts of one name": Kind(
        "refused: programs show different ones",
        lambda: packed(parts(sheet((head(), record()))), (made.SHEET, EMPTY)),
        Refused("two parts of one name, of which programs read different ones", "Save it again from Excel"),
    ),
    "two parts of one name but for capitals": Kind(
        "refused",
        lambda: packed(parts(sheet((head(), record()))), ("xl/Worksheets/Sheet1.xml", EMPTY)),
        Refused("two parts of one name"),
    ),
    "part named as a place elsewhere": Kind(
        "refused, though nothing is ever unpacked to a folder",
        lambda: packed(parts(sheet((head(), record())), more={"xl/../../../etc/cron.d/x": b"x"})),
        Refused("a part whose name is a place elsewhere"),
    ),
    "packed otherwise": Kind(
        "refused",
        lambda: packed(parts(sheet((head(), record()))), method=zipfile.ZIP_BZIP2),
        Refused("packed in a way that no spreadsheet"),
    ),
    "twenty thousand parts": Kind(
        "refused",
        lambda: packed(parts(EMPTY, more={f"x/{number}": b"" for number in range(20_000)}), method=zipfile.ZIP_STORED),
        Refused("a workbook of more than 10,000 parts"),
    ),
    "a million styles": Kind("read", lambda: many_styles(MILLION), READ),
    "a million blank rows": Kind("read", lambda: blank_rows(MILLION), READ),
    "a million blank columns": Kind("read", lambda: blank_columns(MILLION // 16_384), READ),
    "a million blank columns in CSV": Kind(
        "read", lambda: csv_of().replace("\n", "," * 499_000 + "\n").encode(), READ, ending=".csv"
    ),
    "whole sheet declared": Kind(
        "read: what a sheet says of its size is not believed", lambda: book(before='<dimension ref="A1:XFD1048576"/>'), READ
    ),
    "whole sheet merged": Kind(
        "refused",
        lambda: book(after='<mergeCells><mergeCell ref="A3:XFD1048576"/></mergeCells>'),
        Refused("A3:XFD1048576", "merged cells"),
        READ,
    ),
    "one cell far away": Kind(
        "refused as any remark beside a table; a return's mapping names the columns that it is about",
        lambda: book(head(), record(), line(1_048_576, [text("XFD1048576", "x")])),
        Refused("cell XFD1048576", "beyond the header", "clear the cell"),
        READ,
    ),
    "cell beyond the last": Kind(
        "refused",
        lambda: book(head(), record(), line(3, [text("XFE3", "x")])),
        Refused('a cell has the address "XFE3", which no sheet has'),
    ),
    "text of a million characters": Kind(
        "refused, with the cell",
        lambda: with_cell(producer=text("{}", "x" * 900_000)),
        Refused("cell G2", "a text of 900,000 characters"),
    ),
    "line of 50 MB": Kind(
        "refused, with the row",
        lambda: csv_of(producer="x" * 50_000_000).encode(),
        Refused("cell A2", "a line of more than 1,000,000 bytes"),
        Refused("a file of more than 20 MB", "Ask for it again"),
        ".csv",
    ),
    "cell of 200,000 characters in CSV": Kind(
        "refused, with the row",
        lambda: csv_of(producer="x" * 200_000).encode(),
        Refused("cell A2", "a cell of more than 131,072 characters"),
        ending=".csv",
    ),
}
SHEETS = {
    "Strict OOXML": Kind("read", strict, READ),
    "prefixed elements": Kind(
        "read",
        lambda: packed(
            parts(
                sheet((head(), record()))
                .replace("<", "<x:")
                .replace("<x:/", "</x:")
                .replace("<x:?", "<?")
                .replace("xmlns=", "xmlns:x=")
            )
        ),
        READ,
    ),
    "macros": Kind(
        "read: nothing in it is ever run",
        lambda: with_parts(**{"xl__vbaProject.bin": b"\xd0\xcf\x11\xe0 macro", "xl__macrosheets__sheet9.xml": EMPTY}),
        READ,
    ),
    "links to other workbooks": Kind(
        "read as last calculated: nothing is fetched",
        lambda: with_parts(
            **{
                "xl__worksheets__sheet1.xml": sheet((head(), record(value=stored("{}", "<f>[1]Sheet1!A1</f><v>741</v>")))),
                "xl__externalLinks__externalLink1.xml": "<externalLink/>",
            }
        ),
        READ,
    ),
    "days counted from 1904": Kind(
        "read", lambda: book(head(), record(published_on=number("{}", 44104, 1)), properties='<workbookPr date1904="1"/>'), READ
    ),
    "date cell": Kind("read", lambda: with_cell(published_on=number("{}", 45566, 1)), READ),
    "ISO date cell": Kind("read", lambda: with_cell(published_on=stored("{}", "<v>2024-10-01</v>", t="d")), READ),
    "date cell that is no day": Kind(
        "refused, with the cell",
        lambda: with_cell(published_on=stored("{}", "<v>soon</v>", t="d")),
        Refused("sheet outcomes, cell F2", '"soon", which is not a day'),
    ),
    "date cell beyond the calendar": Kind(
        "refused, with the cell", lambda: with_cell(published_on=number("{}", "9e12", 1)), Refused("cell F2", "#VALUE!")
    ),
    "time of day": Kind(
        "refused, with the cell",
        lambda: with_cell(published_on=number("{}", "45566.5", 1)),
        Refused("cell F2", "a time, 2024-10-01 12:00:00", "Write the day alone"),
    ),
    "merged cells in the data": Kind(
        "refused: which of the rows is meant cannot be told",
        lambda: book(
            head(),
            record(),
            record(3, period=text("{}", "2024-25 Q1")),
            after='<mergeCells><mergeCell ref="G2:G3"/></mergeCells>',
        ),
        Refused("cell G2:G3", "merged cells", "Unmerge the cells and write the value in each."),
        Refused("cell G2:G3", "merged cells", "Unmerge them and write each value."),
    ),
    "hidden sheet beside": Kind(
        "not read",
        lambda: packed(
            parts(
                sheet((head(), record())),
                sheets=TWO.format("lists", 'state="veryHidden"'),
                more={"xl/worksheets/sheet2.xml": sheet([line(1, [text("A1", "x")])])},
            )
        ),
        READ,
    ),
    "hidden sheet of the table's name": Kind(
        "refused: what is seen is another",
        lambda: packed(
            parts(
                sheet((head(), record())),
                sheets=TWO.format("seen", "").replace('sheetId="1"', 'sheetId="1" state="hidden"'),
                more={"xl/worksheets/sheet2.xml": sheet((head(), record()))},
            )
        ),
        Refused("sheet outcomes", "a hidden sheet of the table's name", "Unhide it"),
        READ,
    ),
    "two visible sheets": Kind(
        "the one of the table's name is read; a return must say which",
        lambda: packed(
            parts(sheet((head(), record())), sheets=TWO.format("notes", ""), more={"xl/worksheets/sheet2.xml": EMPTY})
        ),
        READ,
        Refused('the sheets "outcomes", "notes"', "Name it in sheet."),
    ),
    "two sheets of one name": Kind(
        "refused",
        lambda: packed(
            parts(sheet((head(), record())), sheets=TWO.format("Outcomes", ""), more={"xl/worksheets/sheet2.xml": EMPTY})
        ),
        Refused('the sheet "Outcomes" is there twice'),
    ),
    "no sheet": Kind("refused", lambda: packed(parts(EMPTY, sheets="")), Refused("there is no sheet of cells")),
    "sheet whose part is missing": Kind(
        "refused",
        lambda: packed({name: part for name, part in parts(EMPTY).items() if name != made.SHEET}),
        Refused("the part xl/worksheets/sheet1.xml is missing"),
    ),
    "hidden row": Kind(
        "a filter hides rows of a table, which are there; what a service hides may not be meant",
        lambda: book(head(), record(attributes='hidden="1"')),
        READ,
        Refused("sheet outcomes, cell A2", "a result in a hidden row", "Unhide it, or clear it."),
    ),
    "hidden column": Kind(
        "as hidden rows",
        lambda: book(before='<cols><col min="5" max="5" hidden="1"/></cols>'),
        READ,
        Refused("cell E2", "value in a hidden column", "Unhide it, or leave it out."),
    ),
    "duplicate heads": Kind(
        "refused: nobody can tell which is meant",
        lambda: book(
            head(names=[*made.HEADS[:5], "value", *made.HEADS[5:]]),
            line(
                2,
                [
                    text("A2", "CD-01"),
                    text("B2", "E08000035"),
                    text("C2", "all"),
                    text("D2", "2024-25 Q2"),
                    number("E2", 741),
                    number("F2", 7),
                    text("G2", "2024-10-01"),
                    text("H2", "Service"),
                ],
            ),
        ),
        Refused("cell F1", 'a second column "value"', "Delete or rename one of the two columns."),
        Refused("cell F1", 'a second head "value"', "Rename one of the two columns."),
    ),
    "header in row 4": Kind(
        "refused with the row, in one sentence; the mapping of a return says in which row",
        lambda: book(line(1, [text("A1", "Outcomes of the scorecard")]), head(4), record(5)),
        Refused("cell A4", "the header in row 4", "Delete the rows above it."),
        Many('no head "bca_indicator" in row 1', "header_row"),
    ),
    "rows without numbers": Kind(
        "read: they follow one another", lambda: book(*(row.replace(' r="', ' x="') for row in (head(), record()))), READ
    ),
    "one cell twice": Kind(
        "refused: programs show different ones",
        lambda: with_cell(value=number("{}", 741) + number("{}", 7)),
        Refused("cell E2 is there twice"),
    ),
    "rich text": Kind(
        "read",
        lambda: with_cell(
            producer=stored(
                "{}",
                "<is><r><t>Ser</t></r><r><rPr><b/></rPr><t>vice</t></r><rPh sb='0' eb='1'><t>sound</t></rPh></is>",
                t="inlineStr",
            )
        ),
        READ,
    ),
    "shared text": Kind("read", lambda: shared(1, stored("{}", "<v>0</v>", t="s")), READ),
    "shared text beyond the last": Kind(
        "refused, with the cell",
        lambda: shared(1, stored("{}", "<v>7</v>", t="s")),
        Refused("sheet outcomes, cell G2", '"7", which is not a text of the workbook'),
    ),
    "shared text below the first": Kind(
        "refused, with the cell",
        lambda: shared(2, stored("{}", "<v>-1</v>", t="s")),
        Refused("cell G2", "not a text of the workbook"),
    ),
    "style beyond the last": Kind("read", lambda: with_cell(value=number("{}", 741, 999_999)), READ),
}
CELLS = {
    "formula with its result": Kind("read", lambda: with_cell(value=stored("{}", "<f>700+41</f><v>741</v>")), READ),
    "formula without its result": Kind(
        "refused, with the cell",
        lambda: with_cell(value=stored("{}", "<f>700+41</f>")),
        Refused("sheet outcomes, cell E2", "a formula whose result is not stored", "Open the workbook in Excel and save it"),
    ),
    "array formula": Kind(
        "read", lambda: with_cell(value=stored("{}", '<f t="array" ref="E2">SUM(A1:A2*1)</f><v>741</v>')), READ
    ),
    "array formula without its result": Kind(
        "refused, with the cell",
        lambda: with_cell(value=stored("{}", '<f t="array" ref="E2">SUM(A1)</f>')),
        Refused("cell E2", "a formula whose result is not stored"),
    ),
    "shared formula": Kind("read", lambda: with_cell(value=stored("{}", '<f t="shared" si="0"/><v>741</v>')), READ),
    "shared formula without its result": Kind(
        "refused, with the cell",
        lambda: with_cell(value=stored("{}", '<f t="shared" si="0"/>')),
        Refused("cell E2", "a formula whose result is not stored"),
    ),
    "error": Kind(
        "refused, with the cell",
        lambda: with_cell(value=stored("{}", "<f>1/0</f><v>#DIV/0!</v>", t="e")),
        Refused("sheet outcomes, cell E2", "the Excel error #DIV/0!", "Mend the formula"),
    ),
    "error of a new kind": Kind(
        "refused, with the cell",
        lambda: with_cell(value=stored("{}", "<v>#SPILL!</v>", t="e")),
        Refused("cell E2", "the Excel error #SPILL!"),
    ),
    "logical value": Kind(
        "refused, with the cell",
        lambda: with_cell(value=stored("{}", "<v>1</v>", t="b")),
        Refused("cell E2", "the logical value TRUE", "Write it in words."),
    ),
    "percentage cell": Kind(
        "refused: 0.95 shown as 95% could mean either",
        lambda: with_cell(value=number("{}", "0.95", 2)),
        Refused("cell E2", "0.95 shown as 95%", "Set the cell's number format to General and write 95."),
    ),
    "not a number (NaN)": Kind(
        "refused, with the cell", lambda: with_cell(value=number("{}", "NaN")), Refused("cell E2", '"NaN", which is not a number')
    ),
    "infinity": Kind(
        "refused, with the cell", lambda: with_cell(value=number("{}", "INF")), Refused("cell E2", '"INF", which is not a number')
    ),
    "1e400": Kind(
        "refused, with the cell", lambda: with_cell(value=number("{}", "1e400")), Refused("cell E2", "a number that is too large")
    ),
    "5,000 digits": Kind(
        "refused, with the cell",
        lambda: with_cell(value=number("{}", "9" * 5000)),
        Refused("cell E2", "a number that is too large"),
    ),
    "number with an underscore": Kind(
        "refused: no program writes it, and Python reads it",
        lambda: with_cell(value=number("{}", "74_1")),
        Refused("cell E2", "which is not a number"),
    ),
    "two values in a cell": Kind(
        "refused", lambda: with_cell(value=stored("{}", "<v>74</v><v>1</v>")), Refused("a cell holds two values")
    ),
    "number as text": Kind(
        "a table's format says what it is; a form's cell has lost its own",
        lambda: with_cell(value=text("{}", "741")),
        READ,
        Refused("cell E2", '"741", a number kept as text', "type 741 again"),
    ),
    "text that turns around": Kind(
        "refused: it does not read as it is stored",
        lambda: with_cell(producer=text("{}", "Ser\u202eeciv")),
        Refused("cell G2", "a character that turns the order of the text around", "Write the text again"),
    ),
    "zero-width characters in text": Kind(
        "read as it is seen", lambda: with_cell(producer=text("{}", "\u200bSer\u2060vice\ufeff")), READ
    ),
    "zero-width characters in an identifier": Kind(
        "read as it is seen", lambda: with_cell(bca_indicator=text("{}", "CD-01\u200b")), READ
    ),
    "zero-width characters in a head": Kind(
        "read as it is seen", lambda: book(head(names=["\ufeffbca_indicator", *made.HEADS[1:]]), record()), READ
    ),
    "joiner of a script": Kind(
        "read: letters of some languages and pictures need it",
        lambda: with_cell(producer=text("{}", "Ser\u200dvice")),
        Read(producer="Ser\u200dvice"),
    ),
    "non-breaking space around": Kind("read without it", lambda: with_cell(producer=text("{}", "\u00a0Service\u00a0")), READ),
}
NUMBERS = {
    "1,234.5": ('"1,234.5"', "Write 1234.5, without commas."),
    "1.234,5": ('"1.234,5"', "Write 1234.5, with a point before decimals."),
    "1 234,5": ('"1 234,5"', "Write 1234.5, with a point before decimals."),
    "1\u00a0234": ("a non-breaking space", "Write 1234, without spaces."),
    "1\u202f234": ("a non-breaking space", "Write 1234, without spaces."),
    "(123)": ('"(123)"', "Write -123, with a hyphen for minus."),
    "12%": ('"12%"', "Write 12; the KPI's unit says that it is a percentage."),
    "£1.2m": ('"£1.2m"', "Write digits only, in the KPI's unit."),
    "\u221212": ("a dash that is not a hyphen", "Write -12, with a hyphen for minus."),
    " 12": ("spaces around it", "Write 12, without spaces."),
    "12 ": ("spaces around it", "Write 12, without spaces."),
    "\u200b12": ("a character that cannot be seen", "Write 12"),
    "NaN": ('"NaN"', "Leave the cell empty"),
    "inf": ('"inf"', "Write the number alone"),
    "1e400": ('"1e400"', "Write the number alone"),
    "٣": ('"٣"', "Write the number alone"),
}
CSV = {
    "cp1252": Kind(
        "refused, with the cell",
        lambda: csv_of(producer="Serv\xeece").encode("cp1252"),
        Refused("cell G2", "a character that is not UTF-8 (byte 0xee)", "save it as CSV UTF-8"),
    ),
    "UTF-16 little-endian": Kind(
        "refused", lambda: codecs.BOM_UTF16_LE + csv_of().encode("utf-16-le"), Refused("UTF-16 text", "CSV UTF-8")
    ),
    "UTF-16 big-endian": Kind(
        "refused", lambda: codecs.BOM_UTF16_BE + csv_of().encode("utf-16-be"), Refused("UTF-16 text", "CSV UTF-8")
    ),
    "UTF-16 without its mark": Kind("refused", lambda: csv_of().encode("utf-16-le"), Refused("UTF-16 text", "CSV UTF-8")),
    "UTF-8 with a mark": Kind("read", lambda: codecs.BOM_UTF8 + csv_of().encode(), READ),
    "semicolons": Kind(
        "refused",
        lambda: csv_of().replace(",", ";").encode(),
        Refused("cell A1", "parted by something other than commas", "CSV UTF-8 (comma delimited)"),
    ),
    "tabs": Kind(
        "refused", lambda: csv_of().replace(",", "\t").encode(), Refused("cell A1", "parted by something other than commas")
    ),
    "quotes across lines": Kind("read", lambda: csv_of(producer='"Ser\r\nvice"').encode(), Read(producer="Ser\nvice")),
    "quotes inside quotes": Kind("read", lambda: csv_of(producer='"the ""Service"""').encode(), Read(producer='the "Service"')),
    "quotes that do not pair": Kind(
        "refused, with the row",
        lambda: csv_of(producer='"Service').encode(),
        Refused("cell A2", "quotation marks that do not pair", "Close each quotation mark"),
    ),
    "NUL": Kind(
        "refused, with the cell",
        lambda: csv_of(producer="Ser\0vice").encode(),
        Refused("cell G2", "a character without a meaning (NUL)"),
    ),
    "line ends of an old Mac": Kind("read", lambda: csv_of().replace("\n", "\r").encode(), READ),
    "line ends of Windows": Kind("read", lambda: csv_of().replace("\n", "\r\n").encode(), READ),
    "a lone carriage return": Kind(
        "refused: it would end the row",
        lambda: csv_of(producer="Ser\rvice").encode(),
        Refused("cell A2", "a line that is broken by a carriage return (CR)"),
    ),
    "a lone carriage return in quotes": Kind(
        "read as a line end", lambda: csv_of(producer='"Ser\rvice"').encode(), Read(producer="Ser\nvice")
    ),
    "unquoted comma": Kind(
        "refused, with the cell",
        lambda: csv_of(producer="a,b").encode(),
        Refused("cell H2", '"b", beyond the header', "in quotation marks"),
    ),
    "control character": Kind(
        "refused, with the cell",
        lambda: csv_of(producer="Ser\x07vice").encode(),
        Refused("cell G2", "a character that cannot be printed"),
    ),
    "a broken file of Excel": Kind(
        "refused, with the cell",
        lambda: csv_of(producer="Ser\ufffdvice").encode(),
        Refused("cell G2", "a character in it was lost"),
    ),
}
CSV = {name: Kind(kind.decision, kind.make, kind.as_table, kind.as_return, ".csv") for name, kind in CSV.items()}
IN_NUMBERS = {
    f"{words!a} in {ending}": Kind("refused, with the cell", make, Refused("cell E2", *told), None, ending)
    for words, told in NUMBERS.items()
    for ending, make in locale(words).items()
}
KINDS = {**WHOLE_FILES, **BOMBS, **SHEETS, **CELLS, **CSV, **IN_NUMBERS}
