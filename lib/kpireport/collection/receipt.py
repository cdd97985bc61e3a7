"""Read whatever lies in a quarter's folder of returns: our workbooks, other layouts with their mapping files, and CSV."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from kpireport.collection import form_return, mapping
from kpireport.collection.mapping import ENDING, Layout
from kpireport.collection.returned import Return
from kpireport.errors import DataError, Finding, shown
from kpireport.periods import Period
from kpireport.sources import grids, links
from kpireport.vocabulary import ReturnKind

FOLDER = "returns"
LARGEST = 20_000_000
"""No return has more bytes than this."""
MOST_ROWS = 20_000
"""Nor more rows."""
READ = (".xlsx", ".csv")
_OTHERS = {
    ".xls": "Save it from Excel as .xlsx.",
    ".xlsm": "Save it from Excel as .xlsx.",
    ".ods": "Save it from LibreOffice as .xlsx.",
    ".docx": "Copy the figures into the form.",
    ".pdf": "Copy the figures into the form.",
    ".eml": "Save the attached workbook from the message.",
    ".msg": "Save the attached workbook from the message.",
}


def now() -> datetime:
    """Return the time (UTC, whole seconds)."""
    return datetime.now(UTC).replace(microsecond=0, tzinfo=None)


def folder_of(quarter: Period) -> str:
    """Return where a quarter's returns lie, relative to the data folder: returns/2024-25-q2."""
    return f"{FOLDER}/{str(quarter).lower().replace(' ', '-')}"


def files_in(data: Path, quarter: Period) -> dict[str, bytes]:
    """Return every file of a quarter's returns, by its path relative to the data folder; no office program's lock files.

    Raises
    ------
    DataError
        When one of them is a link that leads elsewhere, or may not be read.
    """
    if faults := links.check(data, [folder_of(quarter)]):
        raise DataError(faults)
    folder = data / folder_of(quarter)
    paths = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    return {
        path.relative_to(data).as_posix(): _first_bytes(path)
        for path in paths
        if not path.name.startswith((".", "~$", "Thumbs.db", "desktop.ini"))
    }


def read_one(
    file: str, content: bytes, mapped: tuple[str, bytes] | None, *, quarter: str, area: str, codes: Iterable[str], today: date
) -> Return:
    """Return what one file gives.

    Parameters
    ----------
    mapped
        The path and bytes of its mapping file, if there is one.
    quarter, area, codes
        The quarter collected, the council's own area, and the codes of its directorates.
    today
        The day of receipt.
    """
    digest = hashlib.sha256(content).hexdigest()
    stem, dot, ending = file.rsplit("/", 1)[-1].rpartition(".")
    sender = stem or ending

    def refused(found: str, expected: str, remedy: str) -> Return:
        return Return(file, content, digest, None, sender, faults=(Finding(file, "", "", found, expected, remedy),))

    if f"{dot}{ending.lower()}" not in READ:
        remedy = _OTHERS.get(f"{dot}{ending.lower()}", "Ask for an .xlsx workbook or a CSV file, or take it out of the folder.")
        return refused(f"a file of the kind {dot}{ending.lower()}", "an .xlsx workbook or a CSV file", remedy)
    if len(content) > LARGEST:
        found, digest = f"a file of more than {LARGEST // 1_000_000} MB", ""
        return refused(found, "a workbook of results", "Ask for it again; leave pictures and other sheets out.")
    is_csv = ending.lower() == "csv"
    sheets, unreadable = grids.read_confined(content, file)
    if unreadable is not None:
        return Return(file, content, digest, None, sender, faults=(unreadable,))
    if mapped is None and not is_csv:
        return _form(file, content, digest, sender, sheets, quarter=quarter, area=area, today=today)
    if mapped is not None:
        layout, faults = mapping.parse(mapped[1], mapped[0])
        faults += _unknown_codes(layout, mapped[0], list(codes))
    else:
        layout, faults = mapping.of_our_names(sheets[""])
    if faults:
        return Return(file, content, digest, None, layout.sender or sender, faults=tuple(faults))
    rows, faults = mapping.rows(sheets, layout, file)
    if len(rows) > MOST_ROWS:
        return refused(*_too_many(len(rows)))
    kind = ReturnKind.CSV if is_csv else ReturnKind.MAPPED_WORKBOOK
    return Return(file, content, digest, kind, layout.sender or sender, layout.directorates, tuple(rows), faults=tuple(faults))


def _form(
    file: str,
    content: bytes,
    digest: str,
    sender: str,
    sheets: Mapping[str, grids.Grid],
    *,
    quarter: str,
    area: str,
    today: date,
) -> Return:
    if not form_return.is_form(sheets):
        found = "a workbook that is not our form, without a mapping file"
        remedy = f"Ask for our form, or describe the layout in {file.rsplit('/', 1)[-1].removesuffix('.xlsx')}{ENDING} beside it."
        return Return(file, content, digest, None, sender, faults=(Finding(file, "", "", found, "our form", remedy),))
    read = form_return.read(sheets, file, quarter=quarter, area=area, today=today)
    if len(read.rows) > MOST_ROWS:
        return Return(file, content, digest, None, sender, faults=(Finding(file, "", "", *_too_many(len(read.rows))),))
    return Return(
        file,
        content,
        digest,
        ReturnKind.WORKBOOK if read.stamp else None,
        read.stamp.recipient if read.stamp else sender,
        tuple(read.stamp.directorates.split(";")) if read.stamp else (),
        read.rows,
        faults=read.faults,
        loose_faults=read.loose_faults,
        questions=read.questions,
        approval=read.approval,
        filled_by=read.filled_by,
    )


def _too_many(rows: int) -> tuple[str, str, str]:
    remedy = "Return it in parts, each with a mapping file, or leave out the rows that were not asked for."
    return f"{rows:,} rows of results", f"at most {MOST_ROWS:,} in one return", remedy


def _unknown_codes(layout: Layout, file: str, codes: list[str]) -> list[Finding]:
    return [
        Finding(file, "", "", f"the directorate {shown(code)}", f"one of {', '.join(codes)}", "Correct directorates.")
        for code in layout.directorates
        if code not in codes
    ]


def mapping_of(file: str, files: Mapping[str, bytes]) -> tuple[str, bytes] | None:
    """Return the mapping file that lies beside a return, with its bytes."""
    name = f"{file.rsplit('.', 1)[0]}{ENDING}"
    return (name, files[name]) if name in files else None


def _first_bytes(path: Path) -> bytes:
    """Return the bytes of a file; of one that is too large, enough to tell."""
    with path.open("rb") as stream:
        return stream.read(LARGEST + 1)
