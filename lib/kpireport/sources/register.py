"""Load every table under a data folder, whole and checked, or raise with every fault of every file at once."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kpireport import schemas
from kpireport.errors import DataError, Finding
from kpireport.sources import consistency, journal, links, tables
from kpireport.sources.tables import Table

ENDINGS = (".csv", ".xlsx", ".parquet")
Contents = dict[str, tuple[str, bytes]]
"""The file of each table, relative to the data folder, and its bytes, by the table's name; only those that there are."""


@dataclass(frozen=True)
class SourceFile:
    """One file that was read."""

    path: str
    """Relative to the data folder."""
    sha256: str
    rows: int


@dataclass(frozen=True, eq=False)
class Register:
    """The council's performance data: one frame per table of `schemas.TABLES`, whose index is the row in its sheet."""

    kpis: pd.DataFrame
    targets: pd.DataFrame
    results: pd.DataFrame
    kpi_changes: pd.DataFrame
    rebases: pd.DataFrame
    risks: pd.DataFrame
    barometer: pd.DataFrame
    returns: pd.DataFrame
    sign_offs: pd.DataFrame
    rounds: pd.DataFrame
    meetings: pd.DataFrame
    directorates: pd.DataFrame
    boards: pd.DataFrame
    board_choices: pd.DataFrame
    pillars: pd.DataFrame
    plan_themes: pd.DataFrame
    areas: pd.DataFrame
    area_lookup: pd.DataFrame
    comparator_sets: pd.DataFrame
    benchmarks: pd.DataFrame
    commentary: pd.DataFrame
    highlights: pd.DataFrame
    escalations: pd.DataFrame
    replaced: pd.DataFrame
    responses: pd.DataFrame
    expectations: pd.DataFrame
    reports_issued: pd.DataFrame
    reperformances: pd.DataFrame
    decision_reports: pd.DataFrame
    roles: pd.DataFrame
    opportunities: pd.DataFrame
    self_assessment: pd.DataFrame
    indicators: pd.DataFrame
    outcomes: pd.DataFrame
    index_hierarchy: pd.DataFrame
    index_values: pd.DataFrame
    community_voice: pd.DataFrame
    ward_tiles: pd.DataFrame
    warnings: tuple[Finding, ...]
    """The questions that the data gives, which stop no report."""
    unknown: tuple[Finding, ...]
    """Those of them that are about files which no report reads."""
    files: tuple[SourceFile, ...]


_loaded: dict[str, Register] = {}
"""What this process has loaded, by the digest of all files' names and bytes."""


def load(data: Path) -> Register:
    """Return the register in the folder `data`.

    Each table of `schemas.TABLES` is one file, .csv, .xlsx or .parquet. The same bytes are read only once in a process; whoever
    is given a register must not change its frames.

    Raises
    ------
    DataError
        With every fault of every file: what was found where, what is expected, what to do.
    """
    contents, faults = open_tables(data)
    digests = {file: hashlib.sha256(content).hexdigest() for file, content in contents.values()}
    unknown = _unknown_files(data)
    key = _key(digests, unknown)
    if not faults and key in _loaded:
        return _loaded[key]
    read, found, warnings = examine(contents)
    faults += found
    if faults:
        raise DataError(sorted(set(faults)))
    files = [SourceFile(file, digests[file], len(read[name.split("/")[1]].frame)) for name, (file, _) in contents.items()]
    frames = {word: table.frame for word, table in read.items()}
    register = Register(**frames, warnings=tuple(sorted({*warnings, *unknown})), unknown=tuple(unknown), files=tuple(files))
    know(register)
    return register


def know(register: Register) -> None:
    """Have `load` give this register, which another process has read, wherever it finds the files from which that read it."""
    _loaded.clear()  # one register at a time: a large one fills the memory
    _loaded[_key({file.path: file.sha256 for file in register.files}, register.unknown)] = register


def _key(digests: Mapping[str, str], unknown: Iterable[Finding]) -> str:
    return hashlib.sha256(repr((sorted(digests.items()), list(unknown))).encode()).hexdigest()


def located(data: Path, name: str) -> Table:
    """Return one table with the places of its cells, for those who find a fault in it after the register is loaded.

    A table that the council does without has no file.
    """
    contents, _ = open_tables(data)
    if name not in contents:
        return Table(tables.empty(name))
    file, content = contents[name]
    return tables.read(name, content, file)[0]


def examine(
    contents: Contents, read_before: Mapping[str, Table] | None = None
) -> tuple[dict[str, Table], list[Finding], list[Finding]]:
    """Return the tables by the last word of their names, their faults and their warnings, whether or not they are on a disk.

    Parameters
    ----------
    read_before
        Sound tables that are not to be read again, by the last word of their names.
    """
    read, faults = dict(read_before or {}), list[Finding]()
    for name in schemas.TABLES:
        word = name.split("/")[1]
        if word in read:
            continue
        if name in contents:
            file, content = contents[name]
            read[word], found = tables.read(name, content, file)
            faults += found
        else:
            read[word] = Table(tables.empty(name), is_whole=name in schemas.OPTIONAL_TABLES)
    found, warnings = consistency.check(read)
    # A cell that is faulty in itself is reported once: what follows from it is not.
    places = {(fault.file, fault.sheet, fault.cell) for fault in faults}
    return read, faults + [fault for fault in found if (fault.file, fault.sheet, fault.cell) not in places], warnings


def open_tables(data: Path) -> tuple[Contents, list[Finding]]:
    """Return the path and bytes of each table that has one file, and the faults of the others.

    The tables are as they were before a collect or after it, never some of each.

    Raises
    ------
    DataError
        When something among them is a link that leads elsewhere, or may not be read: nothing is opened then.
    """
    if faults := links.check(data, journal.FOLDERS):
        raise DataError(faults)
    return journal.read_settled(data, lambda new: _open(data, new))


def _open(data: Path, new: Mapping[str, Path]) -> tuple[Contents, list[Finding]]:
    contents: Contents = {}
    faults: list[Finding] = []
    for name in schemas.TABLES:
        files = [file for ending in ENDINGS if (file := f"{name}{ending}") in new or (data / file).is_file()]
        if len(files) == 1:
            contents[name] = (files[0], new.get(files[0], data / files[0]).read_bytes())
        elif files:
            remedy = "Keep the one that is right and move the other out of the folder."
            found = " and ".join(file.rsplit("/", 1)[-1] for file in files)
            faults.append(Finding(f"{name}.csv", "", "", found, "one file for each table", remedy))
        elif name not in schemas.OPTIONAL_TABLES:
            expected = f"a file {name}.csv or {name}.xlsx: {schemas.TABLES[name].description}"
            near = [finding.file for finding in _unknown_files(data) if tables.closest(_stem(finding.file), [_stem(name)])]
            remedy = _rename(near[0], name) if near else "Add the file."
            faults.append(Finding(f"{name}.csv", "", "", "no such file", expected, remedy))
    return contents, faults


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _rename(file: str, name: str) -> str:
    """Return what makes a file the table `name`."""
    if file.endswith(ENDINGS):
        return f"Rename {file} to {name}.{file.rsplit('.', 1)[1]}."
    return f"Save {file} as {name}.xlsx, or as CSV UTF-8."


def _unknown_files(data: Path) -> list[Finding]:
    """Return a warning for each file in the tables' folders that no report reads."""
    folders = sorted({name.split("/")[0] for name in schemas.TABLES})
    known = {f"{name}{ending}" for name in schemas.TABLES for ending in ENDINGS}
    files = sorted(
        f"{folder}/{path.name}"
        for folder in folders
        for path in (data / folder).glob("*")
        if path.is_file() and not path.name.startswith((".", "~$")) and path.suffix.lower() in (*ENDINGS, ".xls", ".xlsm", ".ods")
    )
    words = {_stem(name): name for name in schemas.TABLES}
    findings = []
    for file in (file for file in files if file not in known):
        meant = tables.closest(_stem(file), list(words))
        remedy = f"Did you mean {words[meant]}? {_rename(file, words[meant])}" if meant else "Move it elsewhere."
        findings.append(Finding(file, "", "", "a file that no report reads", "the tables of the data dictionary", remedy))
    return findings
