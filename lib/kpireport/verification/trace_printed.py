"""Finds what was printed of a KPI: the rows and sentences of a report's page, and the line of the table of figures beside it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kpireport.presentation import theme, wording
from kpireport.publishing.manifest import Run
from kpireport.schemas import KPI_ID
from kpireport.verification.bundle import OUTPUTS
from kpireport.verification.trace_source import Source, label
from kpireport.verification.trace_steps import Said
from kpireport.verification.webpage import Table
from kpireport.vocabulary import ALL_PEOPLE

LATEST = {"Latest result", "Latest result and target", "Latest figure"}
"""The heads of columns that print a KPI's latest result."""
COLOURS = {"Rating", "Colour", "State", "Rating at year end"}
"""The heads of columns that print its rating."""
_FIGURES = LATEST | {"Outturn", "Last result", "Result"}
_SHOWN_TOO = COLOURS | {"Target"}
_KPI = re.compile(rf"\b{KPI_ID}\b")
_SENTENCES = 2
_AGAIN = ("aria-label: ", "alt: ", "title: ", "href: ", "The figures in this chart: ")
"""How passages begin that say again, to those who listen or open a table, what another says."""
_SYMBOLS = re.compile(r"(?: \[[a-z]\])+$")


def printed(row: pd.Series) -> str:
    """Return a KPI's result as reports print it, without symbols: "83.1%"; "" when it has none."""
    return "" if wording.is_missing(row["value"]) else _SYMBOLS.sub("", wording.result(row))


def headline(row: pd.Series) -> str:
    """Return the figure and the rating in a few words: "83.1% in 2024-25 Q2, amber"."""
    rating = theme.rating_word(str(row["rating"])).lower()
    if wording.is_missing(row["value"]):
        return f"No figure, {rating}"
    return f"{printed(row)} {wording.in_period(str(row['period']))}, {rating}"


@dataclass(frozen=True)
class _Place:
    heading: str
    caption: str
    cells: Mapping[str, str]
    """What the row prints, by the column's head."""


def places(source: Source, run: Run, row: pd.Series, names: Mapping[str, str]) -> Iterator[Said]:
    """Yield where a report prints a KPI, and what it prints there.

    Parameters
    ----------
    names
        The identifier of each KPI by its name.
    """
    path, report = f"{OUTPUTS}{run.stem}.html", label(run)
    file, sha256 = source.published(f"{run.stem}.html"), source.digest(path)
    if path in source.altered:
        yield Said(f"{run.stem}.html is not as it was published: its SHA-256 is not the manifest's.", file, sha256, is_wrong=True)
    page = source.page(run)
    if page is None:
        yield Said(f"{report}: its page is not held.", file, sha256, is_wrong=True)
        return
    figure, count = printed(row), 0
    for place in _places(page.tables, row, names):
        count += 1
        shown = "; ".join(f'{head.lower()} "{text}"' for head, text in place.cells.items())
        word = theme.rating_word(str(row["rating"]))
        missing = [(text, figure) for head, text in place.cells.items() if head in LATEST and figure and figure not in text]
        missing += [(text, word) for head, text in place.cells.items() if head in COLOURS and word not in text]
        where = f'{file}, under "{place.heading}", table "{place.caption}"'
        yield Said(f"{report}: {shown}.", where, sha256)
        for text, wanted in missing:
            told = f'{report} prints "{text}", where its own inputs give {wanted}.'
            yield Said(told, where, sha256, is_wrong=True)
    name = str(row["kpi_name"])
    spoken = [
        one for one in page.passages if figure and name in one.text and figure in one.text and not one.text.startswith(_AGAIN)
    ]
    sentences = list(dict.fromkeys((one.heading, one.text) for one in spoken))
    for heading, text in sentences[:_SENTENCES]:
        yield Said(f'{report}: "{text}"', f'{file}, under "{heading}"', sha256)
    if not count and not sentences:
        yield Said(f"{report} counts it among its KPIs, and prints no row of it.", file, sha256)


def _places(tables: list[Table], row: pd.Series, names: Mapping[str, str]) -> Iterator[_Place]:
    kpi_id, name = str(row["kpi_id"]), str(row["kpi_name"])
    for table in tables:
        heads, *rows = table.rows or [[]]
        is_series = table.caption.startswith(f"{name}, ") and heads[:1] == ["Period"]
        for cells in rows:
            if len(cells) != len(heads) or not cells:
                continue
            wanted = cells[0] == str(row["period"]) if is_series else _kpi_of(cells[0], names) == kpi_id
            shown = {head: text for head, text in zip(heads, cells, strict=True) if head in _FIGURES | _SHOWN_TOO and text}
            if wanted and shown.keys() & _FIGURES:
                yield _Place(table.heading, table.caption, shown)


def _kpi_of(cell: str, names: Mapping[str, str]) -> str:
    """Return the KPI that a row's head names, by its identifier or else by the longest name that it begins with."""
    if found := _KPI.search(cell):
        return found[0]
    begins = [name for name in names if cell == name or cell.startswith(f"{name} ")]
    return names[max(begins, key=len)] if begins else ""


def in_results(source: Source, row: pd.Series) -> Iterator[Said]:
    """Yield the line of a KPI in each published table of figures, and whatever of it is not what its inputs give."""
    for name, lines in source.results.items():
        path, place = f"{OUTPUTS}{name}", source.published(name)
        sha256 = source.digest(path)
        if path in source.altered:
            yield Said(f"{name} is not as it was published: its SHA-256 is not the manifest's.", place, sha256, is_wrong=True)
        wanted = {"kpi_id": str(row["kpi_id"])}
        if "area" in lines[0][1]:
            wanted |= {"area": source.council.area, "group": ALL_PEOPLE, "period": str(row["period"])}
        found = [(line, told) for line, told in lines if all(told.get(key) == text for key, text in wanted.items())]
        if not found:
            yield Said(f"{name} has no row of it.", place, sha256, is_wrong="area" not in lines[0][1])
        for line, told in found:
            where = f"{place}, line {line}"
            shown = [f'{column} "{told[column]}"' for column in ("result_printed", "value", "period", "rating") if column in told]
            yield Said(f"{name}: {', '.join(shown)}.", where, sha256)
            for column, text, value in _differences(told, row):
                told_wrong = f'{name} has "{text}" for {column}, where its own inputs give "{value}".'
                yield Said(told_wrong, where, sha256, is_wrong=True)


def _differences(told: Mapping[str, str], row: pd.Series) -> Iterator[tuple[str, str, str]]:
    """Yield each column of a published row that is not what was worked out again: its name, as published, and again."""
    for column in told.keys() & set(row.index):
        if not _is_same(told[column], row[column]) and not (column == "rating" and told["rating"] == row["rag"]):
            yield column, told[column], str(row[column])
    again = {"result_printed": wording.result(row), "target_printed": wording.target(row), "change_printed": wording.change(row)}
    for column, value in again.items():
        if told.get(column, value).removeprefix("'") != value:
            yield column, told[column], value


def _is_same(text: str, value: Any) -> bool:
    """Return whether a cell of a published CSV file says a value."""
    if wording.is_missing(value):
        return text == ""
    if isinstance(value, pd.Timestamp):
        return text == value.date().isoformat()
    if isinstance(value, str):
        return text.removeprefix("'") == value
    if str(value) in ("True", "False"):
        return text == str(value).lower()
    try:
        return float(text) == float(value)
    except ValueError:
        return False
