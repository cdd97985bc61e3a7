"""A small record before a quarter's returns, the forms that ask for them, and hands that fill the forms in as Excel does."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import small_register
from kpireport import periods
from kpireport.collection import asking, intake, record, requests
from kpireport.collection.intake import Intake
from kpireport.collection.record import Standing
from kpireport.collection.return_form import TABLES, FormRow, RowKind, Stamp, read_stamp
from kpireport.sources import council, register
from kpireport.sources.council import Council
from small_register import Texts

QUARTER = periods.parse_quarter("2024-25 Q2")
FOLDER = "returns/2024-25-q2"
RECEIVED = datetime(2024, 10, 18, 9, 12)
Fill = Mapping[tuple[str, str], Mapping[str, object]]
"""What is filled in: by KPI and period of a row of `Results`, the content of each field."""


ASKED = {("CF-01", "2023-24"), ("CF-02", "2023/24 Summer")}
"""Results of the small register that are not in yet, beside those that came after the quarter."""


def texts() -> Texts:
    """Return the tables of the small register before the quarter's returns came; shares carry their counts."""
    tables = small_register.texts()
    rows = [
        row
        for row in tables["register/results"]
        if row["received_on"] <= "2024-09-30" and (row["kpi_id"], row["period"]) not in ASKED
    ]
    for row in rows:
        if row["kpi_id"] == "AH-01" and row["group"] == "all":
            row |= {"numerator": f"{float(row['value']) * 10:g}", "denominator": "1000"}
    for kpi in tables["register/kpis"]:
        kpi |= {"lag_months": "0", "introduced": "2023-24 Q1" if kpi["kpi_id"] == "CHE-01" else "2022-23 Q1"}
    return small_register.agreed(tables | {"register/results": rows})


@dataclass(frozen=True)
class Before:
    """The record before the quarter's returns."""

    standing: Standing
    council: Council
    forms: Mapping[str, bytes]
    """Each directorate's form, by its code."""

    def collect(self, files: Mapping[str, bytes], **how: object) -> Intake:
        """Take in files, named without their folder."""
        there = {f"{FOLDER}/{name}": content for name, content in files.items()}
        how = {"quarter": QUARTER, "received_at": RECEIVED} | how
        return intake.take_in(there, self.standing, self.council, **how)


def write(folder: Path, tables: Texts | None = None) -> Path:
    """Write the record before the returns, and council.yaml beside; return the data folder."""
    return small_register.write(folder, texts() if tables is None else tables)


@cache
def before() -> Before:
    """Return the record before the quarter's returns, and the forms made from it."""
    with TemporaryDirectory() as folder:
        data = write(Path(folder))
        ours = council.load(Path(folder) / "council.yaml")
        asked = asking.ask(register.load(data), ours, quarter=QUARTER)
        made = {one.key: requests.workbook(asked, one) for one in asked.recipients}
        return Before(record.standing(data), ours, made)


def stamp_of(content: bytes) -> Stamp:
    """Return the stamp of a form."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return read_stamp([[cell.value for cell in row] for row in book["stamp"].iter_rows()])


@cache
def rows_of(content: bytes) -> dict[tuple[str, str, str], FormRow]:
    """Return the rows of a form by sheet, KPI and period; wards and groups by sheet, area or group, and period."""
    return {
        (row.sheet, row.kpi_id if row.sheet != "Wards and groups" else f"{row.kpi_id} {row.area} {row.group}", row.period): row
        for row in stamp_of(content).rows
        if row.kind is not RowKind.FREE
    }


def address(content: bytes, kpi_id: str, period: str, field: str, sheet: str = "Results") -> str:
    """Return the address of a cell of a form."""
    return TABLES[sheet].address(field, rows_of(content)[sheet, kpi_id, period].row)


def edited(content: bytes, edit: Callable[[openpyxl.Workbook], None]) -> bytes:
    """Return a workbook after an edit, saved as a person's program saves it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def filled(content: bytes, fill: Fill, sheet: str = "Results") -> bytes:
    """Return a form with cells filled in."""

    def edit(book: openpyxl.Workbook) -> None:
        for (kpi_id, period), cells in fill.items():
            for field, value in cells.items():
                book[sheet][address(content, kpi_id, period, field, sheet)] = value

    return edited(content, edit)


def new_rows(found: Intake, before: Before) -> Iterator[dict[str, str]]:
    """Yield the rows that an intake adds to the record, every cell as text."""
    import csv

    content = found.files.get("register/results.csv")
    if content is None:
        return
    old = before.standing.contents["register/results"][1]
    assert content.startswith(old)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))
    yield from rows[len(list(csv.reader(io.StringIO(old.decode("utf-8"), newline="")))) - 1 :]
