"""What is traced: a published folder with what it was made from, or a bundle; read as it was when it was published.

Only files that are what the manifest says are read. The register is that of the publication, not today's.
"""

import csv
import importlib.util
import inspect
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from kpireport.errors import DataError, ParameterError, PublishingError
from kpireport.publishing import evidence, manifest
from kpireport.publishing.manifest import INPUTS, Manifest, Run
from kpireport.rules import quarter_report
from kpireport.rules.performance import Performance
from kpireport.sources import council as councils
from kpireport.sources import register as registers
from kpireport.sources import workbook
from kpireport.sources.council import Council
from kpireport.sources.register import Register
from kpireport.sources.tables import Table
from kpireport.verification import bundle, webpage
from kpireport.verification.bundle import OUTPUTS, RETURNS
from kpireport.verification.webpage import Webpage
from kpireport.vocabulary import ALL_PEOPLE


@dataclass(frozen=True, eq=False)
class Source:
    """Published reports with what they were made from, each file by its path in a bundle."""

    name: str
    about: Manifest
    files: Mapping[str, Path]
    """Those that are held. Inputs and evidence among them are what the manifest says."""
    altered: frozenset[str]
    """Published files, and evidence, that are there and are not what the manifest says, or published files that are not there."""
    inputs: Path
    """The folder of `data/` and `council.yaml`, as read."""
    outputs: Path | None
    """Where an evidence store may hold returns; None for a bundle."""
    data: Path | None
    """Today's register; None where it is not to be looked at."""

    @cached_property
    def register(self) -> Register:
        """The register as it was read for these reports; raises PublishingError where this version cannot read it."""
        try:
            return registers.load(self.inputs / "data")
        except DataError as error:
            first = str(error.faults[0]) if error.faults else ""
            found = f"This version of kpireport cannot read the register of {self.name}, made by version {self.about.version}"
            raise PublishingError(f"{found}: {first} Trace it with the code in its bundle.") from None

    @cached_property
    def council(self) -> Council:
        """The council's particulars, as read."""
        return councils.load(self.inputs / "council.yaml")

    @cached_property
    def _tables(self) -> dict[str, Table]:
        return {}

    def table(self, name: str) -> Table:
        """Return a table of the register with the places of its cells."""
        if name not in self._tables:
            self._tables[name] = registers.located(self.inputs / "data", name)
        return self._tables[name]

    def published(self, name: str) -> str:
        """Return where a published file is, in words."""
        return f"{self.name}/{name}" if self.outputs else f"{OUTPUTS}{name}"

    def place(self, name: str, row: int, column: str) -> tuple[str, str]:
        """Return where a cell of a table is, in words, and the digest of its file."""
        found = self.table(name)
        path = f"{INPUTS}data/{found.file}"
        sheet = f", sheet {found.sheet}" if found.sheet else ""
        cell = f", cell {workbook.address(row, found.positions[column])}" if column in found.positions else f", row {row}"
        return f"{path}{sheet}{cell}", self.digest(path)

    def digest(self, path: str) -> str:
        """Return the digest that the manifest gives a file of a bundle; "" for one that it does not name."""
        return self._digests.get(path, "")

    @cached_property
    def _digests(self) -> dict[str, str]:
        return bundle.expected(self.about)

    @cached_property
    def _evidence(self) -> dict[str, list[tuple[int, dict[str, str]]]]:
        return {}

    def evidence(self, name: str) -> list[tuple[int, dict[str, str]]]:
        """Return the rows of an evidence table, each with its line in the file; none where the table is not held."""
        if name not in self._evidence:
            path = self.files.get(f"{manifest.EVIDENCE}{name}")
            self._evidence[name] = read_csv(path.read_bytes()) if path else []
        return self._evidence[name]

    @cached_property
    def results(self) -> dict[str, list[tuple[int, dict[str, str]]]]:
        """The published CSV files that have a row for each KPI or result, by name; each row with its line."""
        found = {}
        for one in self.about.outputs:
            path = self.files.get(f"{OUTPUTS}{one.name}")
            if one.name.endswith(".csv") and path:
                rows = read_csv(path.read_bytes())
                if rows and {"kpi_id", "value"} <= rows[0][1].keys():
                    found[one.name] = rows
        return found

    @cached_property
    def _pages(self) -> dict[str, Webpage]:
        return {}

    def page(self, run: Run) -> Webpage | None:
        """Return what a report's page shows; None where it is not held."""
        name = f"{run.stem}.html"
        path = self.files.get(f"{OUTPUTS}{name}")
        if path is None:
            return None
        if name not in self._pages:
            self._pages[name] = webpage.read(path.read_text(encoding="utf-8", errors="replace"))
        return self._pages[name]

    @cached_property
    def _built(self) -> dict[str, tuple[Any, str]]:
        return {}

    def report(self, run: Run) -> tuple[Any, str]:
        """Return a report assembled again by today's code, or None and why that cannot be done."""
        if run.stem not in self._built:
            self._built[run.stem] = self._build(run)
        return self._built[run.stem]

    def _build(self, run: Run) -> tuple[Any, str]:
        name = f"kpireport.reports.{run.report}"
        if not run.report.isidentifier() or importlib.util.find_spec(name) is None:
            return None, f'This version of kpireport has no report "{run.report}".'
        build = importlib.import_module(name).build
        given = {**run.parameters, "data": str(self.inputs / "data"), "council": str(self.inputs / "council.yaml")}
        try:
            inspect.signature(build).bind(**given)
        except TypeError as error:
            return None, f"{run.stem} was made with other parameters than this version of kpireport takes: {error}."
        try:
            return build(**given), ""
        except (DataError, ParameterError) as error:
            return None, f"This version of kpireport cannot assemble {run.stem} again: {str(error).splitlines()[0]}"

    @cached_property
    def _candidates(self) -> dict[tuple[str, str], pd.DataFrame]:
        return {}

    def candidates(self, performance: Performance) -> pd.DataFrame:
        """Return what the rules propose as highlight items among all KPIs of the quarter (`highlights.candidates`)."""
        quarter, known_on = performance.quarter, performance.known_on
        key = str(quarter), str(known_on or "")
        if key not in self._candidates:
            told = quarter_report.assemble(
                self.register,
                quarter=quarter,
                area=self.council.area,
                comparators=self.council.comparators,
                as_known_on=str(known_on or ""),
            )
            self._candidates[key] = told.candidates
        return self._candidates[key]

    def held_return(self, file: str, sha256: str) -> tuple[bytes | None, bytes | None, str]:
        """Return a file that a service sent: as it was taken in, as it is now where it is another one, and where the first is.

        `sha256` may be "": then no file can be said to be the one.
        """
        name = f"{RETURNS}{file.removeprefix(RETURNS)}"
        if not manifest.is_inside(name):
            return None, None, ""
        in_bundle = self.files.get(name)
        places = [(name, in_bundle)] if in_bundle else []
        if sha256 and self.outputs and (kept := evidence.find(self.outputs, sha256)):
            places.append((f"{name}, in the evidence store", kept))
        now = self.data / name if self.data else None
        if now and now.is_file():
            places.append((str(now), now))
        contents = [(where, path.read_bytes()) for where, path in places]
        then = next(((content, where) for where, content in contents if sha256 and manifest.sha256(content) == sha256), None)
        other = next((content for _, content in reversed(contents) if manifest.sha256(content) != sha256), None)
        return (then[0] if then else None), other, (then[1] if then else "")


def label(run: Run) -> str:
    """Return a report's title with the name of its files, which no other report has."""
    return f"{run.title} ({run.stem})"


def performance_of(report: Any) -> Performance | None:
    """Return the KPIs that a report shows, rated; None for a report that rates none."""
    for part in (report, getattr(report, "measures", None), getattr(report, "review", None)):
        found = getattr(part, "performance", None)
        if isinstance(found, Performance):
            return found
    return None


def read_csv(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a CSV file, each with the line on which it ends."""
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig", "replace"), newline=""))
    return [(reader.line_num, {name: text or "" for name, text in row.items() if name}) for row in reader]


def own_results(source: Source, kpi_id: str) -> pd.DataFrame:
    """Return a KPI's vintages in the KPI Data Record: of the council's own area, for everyone. The index is the sheet's row."""
    results = source.register.results
    is_own = (results["area"] == source.council.area) & (results["group"] == ALL_PEOPLE)
    return results[is_own & (results["kpi_id"] == kpi_id)]


def cell_of(content: bytes, file: str, sheet: str, cell: str) -> str | None:
    """Return what a cell of a return holds; None where there is no such cell, or the file cannot be read."""
    try:
        row, column = workbook.place(cell)
        book = workbook.open_book(content, data_only=True) if file.endswith(".xlsx") else None
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        OSError,
        SyntaxError,
    ):  # as sources.workbook expects of a damaged file
        return None
    if book is not None:
        found = book[sheet] if sheet in book.sheetnames else None if sheet else book.worksheets[0]
        value = None if found is None else found.cell(row, column + 1).value
        return None if value is None else str(value)
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig", "replace"), newline="")))
    return lines[row - 1][column] if row <= len(lines) and column < len(lines[row - 1]) else None
