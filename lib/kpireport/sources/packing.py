"""Say what a file is, whatever its ending, and look at a workbook's zip before anything opens it.

A workbook is a zip of XML. One that unpacks to gigabytes, has two parts of one name or parts with names of places elsewhere was
made by no spreadsheet program.
"""

import io
import re
import zipfile
from collections.abc import Collection

from kpireport.errors import Finding
from kpireport.sources.xml_parts import UNREADABLE

LARGEST = 400_000_000
"""Bytes of a table's workbook when it is unpacked. Returns have a limit of their own."""
MOST_PARTS = 10_000
_SQUEEZED, _SMALL = 200, 20_000_000
"""No program squeezes a part to a two-hundredth, but for a small one of blanks."""
_SAVE = "Save it from Excel as .xlsx, without a password."
_AGAIN = "Save it again from Excel as .xlsx; if Excel does not open it, ask for it again."
_ELSEWHERE = re.compile(r"(?:^|[\\/])\.\.(?:[\\/]|$)|^[\\/]|^[A-Za-z]:|\\|[\x00-\x1f]")

_STARTS = (
    (b"%PDF", "a PDF", "Copy the figures into a workbook."),
    (b"\x89PNG", "a picture", "Copy the figures into a workbook."),
    (b"\xff\xd8\xff", "a picture", "Copy the figures into a workbook."),
    (b"GIF8", "a picture", "Copy the figures into a workbook."),
    (b"II*\0", "a picture", "Copy the figures into a workbook."),
    (b"MM\0*", "a picture", "Copy the figures into a workbook."),
    (b"{\\rtf", "a text document", "Copy the figures into a workbook."),
    (b"7z\xbc\xaf", "an archive", "Unpack it and keep the workbook alone."),
    (b"Rar!", "an archive", "Unpack it and keep the workbook alone."),
    (b"\x1f\x8b", "an archive", "Unpack it and keep the workbook alone."),
    (b"PAR1", "a Parquet file", "Give it the ending .parquet."),
)
_IN_OLE = (
    ("EncryptedPackage", "a password-protected workbook", _SAVE),
    ("WordDocument", "an old Word document", "Copy the figures into a workbook."),
    ("PowerPoint Document", "an old presentation", "Copy the figures into a workbook."),
    ("__substg1.0", "an Outlook message", "Save the attached workbook from the message."),
    ("Workbook", "an old Excel workbook (.xls)", "Save it from Excel as .xlsx."),
    ("Book", "an old Excel workbook (.xls)", "Save it from Excel as .xlsx."),
)
_IN_ZIP = (
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)", "Save it from Excel as .xlsx."),
    ("word/document.xml", "a Word document", "Copy the figures into a workbook."),
    ("ppt/presentation.xml", "a presentation", "Copy the figures into a workbook."),
    ("content.xml", "a LibreOffice file (.ods)", "Save it from LibreOffice as .xlsx."),
)


def other_kind(content: bytes) -> tuple[str, str] | None:
    """Return what a file is that is neither text nor a zip, and the remedy; None where nothing tells."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        for name, found, remedy in _IN_OLE:
            if name.encode("utf-16-le") in content:
                return found, remedy
        return "an old or password-protected workbook", _SAVE
    for start, found, remedy in _STARTS:
        if content.startswith(start):
            return found, remedy
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<"):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
            return "an XML spreadsheet of 2003", "Open it in Excel and save it as .xlsx."
        if re.search(rb"<(?:!doctype html|html|table|body|head|meta|div)\b", start):
            return "a web page (HTML)", "Open it in Excel and save it as .xlsx."
    return None


def why_not(content: bytes, file: str, *, largest: int = LARGEST) -> Finding | None:
    """Return why a file is not opened as a workbook; None where it may be.

    Parameters
    ----------
    file
        Its path relative to the data folder.
    largest
        The most bytes it may have when it is unpacked.
    """

    def finding(found: str, remedy: str) -> Finding:
        return Finding(file, "", "", found, "an .xlsx workbook", remedy)

    if not content:
        return finding("an empty file, of 0 bytes", "Ask for it again, or save it again.")
    if other := other_kind(content):
        return finding(*other)
    if not content.startswith(b"PK"):
        text = content[:4096]
        if b"\0" not in text and re.search(rb"[,;\t]", text):
            return finding("a file that is not a workbook", "Save it again from Excel as .xlsx; give CSV the ending .csv.")
        return finding("a file that is not a workbook", _AGAIN)
    if content.count(b"PK\1\2") > MOST_PARTS:
        return finding(f"a workbook of more than {MOST_PARTS:,} parts", _AGAIN)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except UNREADABLE:
        return finding("a workbook that is cut short or damaged", "Copy it or ask for it again.")
    wrong = _why_not(parts, largest)
    return finding(*wrong) if wrong else None


def _why_not(parts: Collection[zipfile.ZipInfo], largest: int) -> tuple[str, str] | None:
    names = [part.filename for part in parts]
    for name, found, remedy in _IN_ZIP:
        if name in names:
            return found, remedy
    if "[Content_Types].xml" not in names and not any(name.endswith("workbook.xml") for name in names):
        return "an archive that is not a workbook", "Unpack it and keep the workbook alone."
    if any(part.flag_bits & 1 for part in parts):
        return "a password-protected archive", _SAVE
    if len({name.lower() for name in names}) < len(names):
        return "a workbook with two parts of one name, of which programs read different ones", _AGAIN
    if any(_ELSEWHERE.search(name) for name in names):
        return "a workbook with a part whose name is a place elsewhere", _AGAIN
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        return "a workbook packed in a way that no spreadsheet program uses", _AGAIN
    unpacked = sum(part.file_size for part in parts)
    is_squeezed = any(part.file_size > max(_SMALL, _SQUEEZED * part.compress_size) for part in parts)
    if unpacked > largest or is_squeezed:
        remedy = "Copy the table alone into a new workbook, without the empty rows and columns, and save it as .xlsx."
        most = "its size lets expect" if is_squeezed and unpacked <= largest else f"{largest // 1_000_000:,} MB"
        return f"a workbook that unpacks to {max(unpacked // 1_000_000, 1):,} MB, more than {most}", remedy
    return None


def damaged(why: str, file: str) -> Finding:
    """Return the finding about a workbook in whose parts something is wrong: `why` as of a `PartError`."""
    return Finding(file, "", "", f"a workbook that cannot be read: {why}", "an .xlsx workbook", _AGAIN)
