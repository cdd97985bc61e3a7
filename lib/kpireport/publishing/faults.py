"""The faults of the data as two files beside the published ones: a page to read, and a table to sort and hand round."""

import csv
import io
import os
from pathlib import Path

from kpireport.errors import Finding
from kpireport.presentation import phrases
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import html_text, words
from kpireport.publishing.pages import page

COLUMNS = {
    "file": Column("File", 1.2),
    "sheet": Column("Sheet", 0.6),
    "cell": Column("Cell", 0.5),
    "found": Column("What was found"),
    "expected": Column("What is expected", 1.5),
    "remedy": Column("What to do", 1.5),
}
HTML = "faults.html"
CSV = "faults.csv"


def write(folder: Path, faults: list[Finding], *, period: str, work: Path) -> None:
    """Write the faults into the period's folder, made when it is not there; its other files stay as they are.

    Parameters
    ----------
    work
        A folder of the caller's own on the same disk, where they are written first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in ((HTML, as_html(faults, period=period).encode()), (CSV, as_csv(faults).encode("utf-8-sig"))):
        beside = work / name
        beside.write_bytes(content)
        os.replace(beside, folder / name)


def as_html(faults: list[Finding], *, period: str) -> str:
    """Return the page."""
    count, told = phrases.count(len(faults), "fault"), html_text(period)
    rows = ([words(getattr(fault, column) or "–") for column in COLUMNS] for fault in faults)
    body = (
        f"<p>{html_text(count)} must be put right before the reports of {told} can be made. Nothing was published; any "
        f'earlier files of this folder are as they were. The same list is in <a href="{CSV}">{CSV}</a>.</p>\n'
        f"{table(f'{count}, by file and cell', list(COLUMNS.values()), rows, kind='cards').html}\n"
    )
    return page(heading=f"Faults in the data for {period}", body=body)


def as_csv(faults: list[Finding]) -> str:
    """Return the table. Text that a spreadsheet would take for a formula is marked as text."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.head for column in COLUMNS.values())
    writer.writerows([_as_text(getattr(fault, column)) for column in COLUMNS] for fault in faults)
    return text.getvalue()


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
