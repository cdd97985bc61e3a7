"""Read one table: match its header, parse its columns, check it against its schema, and name the cell of each fault."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from kpireport import schemas
from kpireport.errors import Finding
from kpireport.sources import formats, workbook
from kpireport.sources.remedies import quoted
from kpireport.sources.workbook import Sheet

PATTERNS_IN_WORDS = {
    f"must look like {schemas.KPI_ID}": "capital letters, a hyphen and digits, such as CF-01",
    f"must look like {schemas.GSS_CODE}": "a GSS code of a letter and eight digits, such as E08000035",
    f"must look like {schemas.SHA256}": "a SHA-256: 64 digits and letters a to f",
    f"must look like {schemas.TIME_OF_DAY}": "a time of day, such as 09:30",
    f"must look like {schemas.MOMENT}": "a time in UTC, such as 2024-10-18T09:12:00Z",
    f"must look like {schemas.CODE}": "a code of letters, digits and underscores",
    f"must look like {schemas.FINGERPRINT}": "12 digits and letters a to f, as make changes prints them",
}
MOST = 1_000
"""How many bad cells of one column are told one by one."""
_WHOLE_TABLE = {"multiple_fields_uniqueness", "column_in_schema", "column_in_dataframe"}
"""Checks of pandera that concern rows or headers: those are looked at here, where the cells are known."""


class Severity(StrEnum):
    """Whether a finding stops the reports, for it cannot be true, or is shown in them, for it could be."""

    FAULT = "fault"
    WARNING = "warning"


Findings = Iterator[tuple[Severity, Finding]]


@dataclass(frozen=True)
class Table:
    """A parsed table, and where its cells are."""

    frame: pd.DataFrame
    """One row is one row of the sheet, in the schema's columns and dtypes; the index is the sheet's row number."""
    file: str = ""
    sheet: str = ""
    positions: dict[str, int] = field(default_factory=dict)
    """The place of each column in the sheet, from 0."""
    is_whole: bool = True
    """Whether the file could be opened and has every column: only then can it be compared with other tables."""
    unsound: frozenset[int] = frozenset()
    """Rows with a faulty cell, which comparisons leave out."""

    @property
    def sound(self) -> pd.DataFrame:
        """The rows without a faulty cell."""
        return self.frame.loc[~self.frame.index.isin(self.unsound)] if self.unsound else self.frame

    def finding(self, row: int, column: str, found: str, expected: str, remedy: str) -> Finding:
        """Return a finding about one cell."""
        return Finding(self.file, self.sheet, workbook.address(int(row), self.positions[column]), found, expected, remedy)

    def more(self, column: str, count: int) -> list[Finding]:
        """Return the finding that there are so many more bad cells in a column, where there are any."""
        if count <= 0:
            return []
        found, remedy = f"{count:,} more cells of {column} that are not right", "Correct the column, and look again."
        letter = workbook.address(1, self.positions[column]).removesuffix("1")
        return [Finding(self.file, self.sheet, f"{letter}:{letter}", found, f"{column} as above", remedy)]

    def faults(self, column: str, found: "pd.Series[str]", expected: str, remedy: str) -> Findings:
        """Yield a fault in `column` of each row of `found`, which says what was found; its index is the row in the sheet."""
        for row, text in zip(found.index.tolist(), found.tolist(), strict=True):
            yield Severity.FAULT, self.finding(row, column, text, expected, remedy)

    def warnings(self, column: str, found: "pd.Series[str]", expected: str, remedy: str) -> Findings:
        """Yield a warning in `column` of each row of `found`, as `faults` does."""
        for _, finding in self.faults(column, found, expected, remedy):
            yield Severity.WARNING, finding


Tables = Mapping[str, Table]
"""The tables by the last word of their names."""


def empty(name: str) -> pd.DataFrame:
    """Return the frame of a table without rows."""
    columns = {
        column: formats.parse(pd.Series([], dtype="str"), np.zeros(0, dtype=np.int8), _format(name, column)).column
        for column in schemas.TABLES[name].columns
    }
    return pd.DataFrame(columns).rename_axis("row")


def read(name: str, content: bytes, file: str) -> tuple[Table, list[Finding]]:
    """Return the table `name` (of `schemas.TABLES`) in `content`, the bytes of `file`, with all its faults."""
    sheet = workbook.read(content, file, list(schemas.TABLES[name].columns))
    faults = list(sheet.findings)
    if not sheet.is_readable:
        return Table(empty(name), file, sheet.name, is_whole=False), faults
    positions, header_faults = _match_header(name, sheet)
    faults += header_faults
    columns: dict[str, pd.Series[Any]] = {}
    bad: dict[str, pd.Series[bool]] = {}
    table = Table(pd.DataFrame(), file, sheet.name, positions)
    for column in schemas.TABLES[name].columns:
        if column in positions:
            place = positions[column]
            parsed = formats.parse(sheet.cells[place], sheet.kinds[:, place], _format(name, column), MOST)
            faults += [
                table.finding(cell.row, column, f"{column} {cell.found}", cell.expected, cell.remedy) for cell in parsed.bad_cells
            ]
            faults += table.more(column, parsed.more)
            columns[column], bad[column] = parsed.column, pd.Series(parsed.is_bad, sheet.cells.index)
        else:
            columns[column] = empty(name)[column].reindex(sheet.cells.index)
    frame = pd.DataFrame(columns, index=sheet.cells.index)
    is_bad = pd.DataFrame(bad, index=sheet.cells.index)
    is_whole = len(positions) == len(schemas.TABLES[name].columns)
    table = Table(frame, file, sheet.name, positions, is_whole)
    found, is_bad = _schema_faults(name, table, is_bad)
    return Table(frame, file, sheet.name, positions, is_whole, frozenset(frame.index[is_bad.any(axis=1)])), faults + found


def closest(word: str, words: Sequence[str]) -> str:
    """Return the one of `words` that `word` probably means, or ""."""
    if len(word) > 200:
        return ""
    plain = {re.sub(r"[\s_-]+", "_", one.lower()): one for one in words}
    found = difflib.get_close_matches(re.sub(r"[\s_-]+", "_", word.strip().lower()), list(plain), n=1, cutoff=0.7)
    return plain[found[0]] if found else ""


def _format(name: str, column: str) -> str:
    return str((schemas.TABLES[name].columns[column].metadata or {})["format"])


def _match_header(name: str, sheet: Sheet) -> tuple[dict[str, int], list[Finding]]:
    """Return the place of each column, and the header's faults. A misspelt heading counts as the column it means."""
    expected = list(schemas.TABLES[name].columns)
    positions: dict[str, int] = {}
    faults: list[Finding] = []

    def fault(position: int | None, found: str, should_be: str, remedy: str) -> None:
        cell = "" if position is None else workbook.address(1, position)
        faults.append(Finding(sheet.file, sheet.name, cell, found, should_be, remedy))

    unknown: list[int] = []
    for position, heading in enumerate(sheet.header):
        if heading in positions:
            fault(position, f"a second column {quoted(heading)}", "each column once", "Delete or rename one of the two columns.")
        elif heading in expected:
            positions[heading] = position
        elif heading or _has_text(sheet, position):
            unknown.append(position)
    missing = [column for column in expected if column not in positions]
    for position in unknown:
        heading = sheet.header[position]
        meant = closest(heading, missing) if heading else ""
        if meant:
            missing.remove(meant)
            positions[meant] = position
            fault(position, f"a column {quoted(heading)}", f'"{meant}"', f'Did you mean "{meant}"? Rename the column.')
        else:
            found = f"a column {quoted(heading)}" if heading else "a column without a name"
            remedy = "Delete the column, or move it to another file."
            fault(position, found, f"only the columns of the {sheet.file.rsplit('.', 1)[0]} table", remedy)
    for column in missing:
        description = schemas.TABLES[name].columns[column].description
        fault(
            None,
            f'no column "{column}"',
            f'a column "{column}": {description}',
            "Add the column; its cells may be empty if not known.",
        )
    return positions, faults


def _has_text(sheet: Sheet, position: int) -> bool:
    return bool(sheet.cells[position].str.strip().ne("").any())


def _schema_faults(name: str, table: Table, is_bad: pd.DataFrame) -> tuple[list[Finding], pd.DataFrame]:
    """Return the faults of well-formed cells that break the schema, and `is_bad` with those cells added.

    A cell that parsing has faulted already is passed over; so is a row that repeats another when its key is faulty.
    """
    schema = schemas.TABLES[name]
    faults: list[Finding] = []
    wrong = schemas.check(schema, table.frame)
    wrong = wrong.loc[~wrong["expected"].isin(_WHOLE_TABLE) & wrong["column"].isin(table.positions) & wrong["row"].notna()]
    marked = is_bad.copy()
    for column, cells in wrong.drop_duplicates(["row", "column"]).groupby("column", sort=False):
        cells = cells.loc[~is_bad[column].reindex(cells["row"]).to_numpy()]
        for row, found, expected in cells[["row", "found", "expected"]].head(MOST).itertuples(index=False):
            faults.append(table.finding(row, str(column), *_in_words(name, str(column), found, expected)))
        faults += table.more(str(column), len(cells) - MOST)
        marked.loc[cells["row"], column] = True
    key = list(schema.unique or [])
    if set(key) <= set(table.positions):
        is_sound = ~is_bad[key].any(axis=1)
        sound = table.frame.loc[is_sound, key]
        repeated = sound.loc[sound.duplicated(key, keep=False)]
        first = repeated.assign(first=repeated.index).groupby(key, sort=False)["first"].transform("first")
        again = repeated.index[repeated.duplicated(key)]
        remedy = "Delete one of the two rows, or correct it." + (" A revision is a new vintage." if "vintage" in key else "")
        for row in again[:MOST]:
            what = ", ".join(map(str, repeated.loc[row]))
            found_again = f"a repetition of row {first.loc[row]} ({what})"
            faults.append(table.finding(row, key[0], found_again, f"one row for each {', '.join(key)}", remedy))
        faults += table.more(key[0], len(again) - MOST)
        marked.loc[again, key[0]] = True
    return faults, marked


def _in_words(name: str, column: str, found: object, expected: str) -> tuple[str, str, str]:
    """Return found, expected and remedy of one failed check of pandera."""
    description = schemas.TABLES[name].columns[column].description or ""
    if pd.isna(found) or found == "":  # type: ignore[call-overload]
        return f"{column} empty", "a value", f"Fill the cell. {description}"
    text = f"{found:g}" if isinstance(found, float) else str(found)
    words = expected.removeprefix("must be one of ").split(", ") if expected.startswith("must be one of ") else []
    meant = closest(text, words)
    remedy = f'Write "{meant}".' if meant else f"Correct the cell. {description}"
    wanted = PATTERNS_IN_WORDS.get(expected, expected.removeprefix("must be ").removeprefix("must look like "))
    return f"{column} {quoted(text)}", wanted.replace("|", ", "), remedy
