"""Change tables of the record: rows are added at the end, and all that changes together changes in one step.

Existing bytes of a table stay as they are. New files are written whole beside the old ones, then a journal that lists them; from
that moment they are the record (see `sources.journal`). A process killed at any moment leaves the record as it was, or complete.
"""

import csv
import hashlib
import io
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kpireport import locks, schemas
from kpireport.errors import DataError, ParameterError, PublishingError
from kpireport.presentation.results_file import FORMULA_STARTS
from kpireport.sources import journal, register
from kpireport.sources.register import Contents
from kpireport.sources.remedies import NUMBER
from kpireport.sources.tables import Table

LOCK = ".kpireport-collect.lock"
Row = Mapping[str, str]
"""One row of a table, every cell as text; a column that is not named is empty."""
_PATIENCE = 5.0


@dataclass(frozen=True)
class Standing:
    """The record as it stands."""

    contents: Contents = field(repr=False)
    tables: Mapping[str, Table] = field(repr=False)


def standing(data: Path) -> Standing:
    """Return the record as it stands; raises DataError with every fault of it."""
    contents, faults = register.open_tables(data)
    tables, found, _ = register.examine(contents)
    if faults + found:
        raise DataError(sorted({*faults, *found}))
    return Standing(contents, tables)


@contextmanager
def held(data: Path) -> Iterator[None]:
    """Hold the record's lock, and finish first what a process that died left half moved.

    Raises
    ------
    PublishingError
        When another process changes the record, or the folder cannot be written.
    """
    path = data / LOCK
    try:
        handle = locks.take(path)
    except OSError as error:
        raise PublishingError(f"The folder {data} cannot be written: {error.strerror}. The record is as it was.") from None
    if handle is None:
        raise PublishingError(f"Another collect or approval is under way in {data}. Wait until it ends, then run this again.")
    try:
        recover(data)
        yield
    finally:
        locks.free(path, handle)


def recover(data: Path) -> None:
    """Finish what a process that died left half moved, and remove what it had only begun to write."""
    if (data / journal.JOURNAL).is_file():
        _move(data, journal.listed(data))
    for folder in (data, *(data / name for name in journal.FOLDERS)):
        for left in folder.glob(".*.new"):
            left.unlink()


def replace(data: Path, files: Mapping[str, bytes]) -> None:
    """Put all of `files` (by their paths relative to the data folder) in the place of the old ones, in one step."""
    if not files:
        return
    for name, content in files.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        _write(journal.beside(data / name), content)
    for folder in {(data / name).parent for name in files}:
        _settle(folder)
    listed = json.dumps({"files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}})
    beginning = journal.beside(data / journal.JOURNAL)
    _write(beginning, listed.encode())
    _rename(beginning, data / journal.JOURNAL)
    _settle(data)  # from here on the new files are the record
    _move(data, sorted(files))


def _move(data: Path, names: Iterable[str]) -> None:
    names = list(names)
    for name in names:
        new = journal.beside(data / name)
        if new.is_file():
            _rename(new, data / name)
    for folder in {(data / name).parent for name in names}:
        _settle(folder)
    (data / journal.JOURNAL).unlink()
    _settle(data)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _rename(old: Path, new: Path) -> None:
    """Rename a file; where another program has the place open (Windows), wait for it a while."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            os.replace(old, new)
            return
        except PermissionError as error:
            if os.name != "nt" or time.monotonic() > deadline:
                raise PublishingError(f"{new} is open in another program. Close it, then run this again.") from error
            time.sleep(0.1)


def _settle(folder: Path) -> None:
    """Have the system put a folder's names on the disk."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def with_rows(contents: Contents, name: str, rows: Sequence[Row]) -> tuple[str, bytes]:
    """Return the file of the table `name` and its bytes with `rows` at the end; all bytes before them stay as they are.

    Raises
    ------
    ParameterError
        When the table is a workbook: rows can be added to CSV only.
    """
    file, content = contents.get(name, (f"{name}.csv", b""))
    if file.endswith(".xlsx"):
        remedy = "In Excel, save it as CSV UTF-8 and remove the workbook."
        raise ParameterError(f"{file}: rows can be added to a CSV file only. {remedy}")
    if not content:
        content = (",".join(schemas.TABLES[name].columns) + "\n").encode()
    end = line_end(content)
    if not content.endswith(b"\n"):
        content += end.encode()
    return file, content + as_csv(heads(content), rows, end).encode("utf-8")


def heads(content: bytes) -> list[str]:
    """Return the heads of a CSV file."""
    return [head.strip() for head in next(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))]


def line_end(content: bytes) -> str:
    """Return how the first line of a CSV file ends."""
    first, feed, _ = content.partition(b"\n")
    return "\r\n" if feed and first.endswith(b"\r") else "\n"


def as_csv(columns: Sequence[str], rows: Iterable[Row], end: str) -> str:
    """Return rows as CSV; words that a spreadsheet takes for a formula begin with an apostrophe, which reading takes away."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator=end).writerows([[_cell(row.get(column, "")) for column in columns] for row in rows])
    return stream.getvalue()


def _cell(value: str) -> str:
    is_formula = value.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(value)
    return f"'{value}" if is_formula else value


def lines_of(content: bytes) -> list[str]:
    """Return the text of each row of a CSV file as it stands, the heads first; a quoted cell may run over several lines."""
    rows: list[str] = []
    is_open = False
    for line in io.StringIO(content.decode("utf-8"), newline=""):
        if is_open:
            rows[-1] += line
        else:
            rows.append(line)
        is_open ^= line.count('"') % 2 == 1
    return rows
