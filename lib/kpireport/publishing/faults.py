"""The faults of the data as two files beside the published ones: a page to read, and a table to sort and hand round."""

import csv
import io
import os
from html import escape
from pathlib import Path

from kpireport.errors import Finding
from kpireport.publishing.pages import page

COLUMNS = {
    "file": "File",
    "sheet": "Sheet",
    "cell": "Cell",
    "found": "What was found",
    "expected": "What is expected",
    "remedy": "What to do",
}
HTML = "faults.html"
CSV = "faults.csv"


def write(folder: Path, faults: list[Finding], *, period: str) -> None:
    """Write the faults into the period's folder, made when it is not there; its other files stay as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in ((HTML, as_html(faults, period=period).encode()), (CSV, as_csv(faults).encode("utf-8-sig"))):
        beside = folder / f".{name}"
        beside.write_bytes(content)
        os.replace(beside, folder / name)


def as_html(faults: list[Finding], *, period: str) -> str:
    """Return the page."""
    count = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"
    head = "".join(f'<th scope="col">{escape(words)}</th>' for words in COLUMNS.values())
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(getattr(fault, column))}</td>" for column in COLUMNS) + "</tr>\n" for fault in faults
    )
    body = (
        f"<p>{count} must be put right before the reports of {escape(period)} can be made. Nothing was published; any earlier "
        "files of this folder are as they were.</p>\n"
        '<div class="table" tabindex="0" role="region" aria-labelledby="faults"><table>\n'
        f'<caption id="faults">{count}, by file and cell</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n"
    )
    return page(title=f"Faults in the data for {period}", heading=f"Faults in the data for {period}", body=body)


def as_csv(faults: list[Finding]) -> str:
    """Return the table. Text that a spreadsheet would take for a formula is marked as text."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS.values())
    writer.writerows([_as_text(getattr(fault, column)) for column in COLUMNS] for fault in faults)
    return text.getvalue()


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
