"""The data dictionary: every table and column, as the schemas have them, with an example from the register in `data/`."""

import csv
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from kpireport import schemas
from kpireport.presentation.blocks import Block
from kpireport.presentation.data_table import Column, table
from kpireport.presentation.markup import html_text, words

FOLDERS = {
    "register": "The register: KPIs, targets, results",
    "reference": "What the register refers to",
    "commentary": "Commentary and choices",
    "scorecard": "The Best City Ambition Scorecard",
    "survey": "The Survey of Internal Control",
    "assurance": "The annual assurance report",
}
"""What the tables of each folder of `data/` are about."""
PUBLISHED = "Open data of the annual report"
FORMATS = {
    "text": "text",
    "list": "words, parted by semicolons",
    "period": "a period, such as 2024-25 Q2, Sep 2024 or 2023-24",
    "quarter": "a quarter, such as 2024-25 Q2",
    "number": "a number: digits, with a point before decimals",
    "whole": "a whole number",
    "day": "a day, 01/04/2024 or 2024-04-01",
}
OF_KPI = "the KPI's own"
UNITS = {
    "baseline": OF_KPI,
    "column": "columns of tiles",
    "complaints": "complaints",
    "contacts": "contacts",
    "dead_band": OF_KPI,
    "decimals": "decimal places",
    "denominator": "what it counts",
    "expectation": "the measure's own",
    "high": "the indicator's own",
    "history_years": "years",
    "lag_months": "months",
    "low": "the indicator's own",
    "numerator": "what it counts",
    "order": "places",
    "partly_from": "the measure's own",
    "row": "rows of tiles",
    "rows_refused": "rows",
    "rows_taken": "rows",
    "target": OF_KPI,
    "tolerance": "the KPI's own, or % of the target: see tolerance_type",
    "upper": OF_KPI,
    "value": OF_KPI,
    "vintage": "vintages",
    "weight": "a share",
    "year": "years",
}
"""The unit of each column of numbers, by its name."""
OTHERWISE = {
    ("scorecard/outcomes", "value"): "the indicator's own",
    ("scorecard/index_values", "value"): "the indicator's own",
    ("scorecard/index_hierarchy", "weight"): "relative to its siblings",
}
LONGEST = 70
"""Characters of an example that are shown."""
HEADS = [Column("Column", 1.4), Column("What it holds", 2.4), Column("Written as", 1.9), Column("Filled", 0.7)]
EXAMPLE = Column("Example", 1.5)


def page(folder: str, data: Path) -> str:
    """Return the page of the tables in one folder of `data/`, as Markdown."""
    parts = [f"# {FOLDERS[folder]}\n"]
    for name, schema in schemas.TABLES.items():
        if name.split("/")[0] == folder:
            parts.append(section(name, schema, _examples(data / f"{name}.csv")))
    return "\n".join(parts)


def published(data: Path) -> str:
    """Return the page of the open data that the annual report attaches, as Markdown."""
    schema = schemas.OPEN_RESULTS
    examples = {**_examples(data / "register/kpis.csv"), **_examples(data / "register/results.csv")}
    return f"# {PUBLISHED}\n\n{section('annual-results.csv', schema, {name: examples.get(name, '') for name in schema.columns})}"


def pages() -> dict[str, str]:
    """Return the name of the page for each folder, and its title."""
    return {f"data-{folder}.md": title for folder, title in FOLDERS.items()}


def section(name: str, schema: Any, examples: Mapping[str, str]) -> str:
    """Return what is said of one table: one row is one column of it."""
    rows = [_row(name, column, about, examples.get(column, "")) for column, about in schema.columns.items()]
    keys = ", ".join(f"`{key}`" for key in schema.unique or ())
    said = [f"## {name}\n", f"{schema.description}\n"]
    if name in schemas.TABLES:
        is_optional = name in schemas.OPTIONAL_TABLES
        lies = f"In `data/{name}.csv`, or `.xlsx`."
        said.append(f"{lies} {'A council may do without it.' if is_optional else 'Every council needs it.'}\n")
    if keys:
        said.append(f"No two rows have the same {keys}.\n")
    html = table(f"Columns of {name}", [*HEADS, EXAMPLE], rows).html
    return "\n".join([*said, html])


def _row(name: str, column: str, about: Any, example: str) -> list[Block]:
    meta = about.metadata or {}
    written = [FORMATS[meta["format"]], *allowed(about)]
    if unit := unit_of(name, column, meta["format"]):
        written.append(f"unit: {unit}")
    code = Block(f"<code>{html_text(column)}</code>", "", column)
    filled = "always" if meta["required"] else "may be empty"
    shown = example if len(example) <= LONGEST else f"{example[: LONGEST - 1]}…"
    return [code, _marked(about.description), words("; ".join(written)), words(filled), words(shown or "–")]


def allowed(about: Any) -> list[str]:
    """Return what a column's checks ask of a cell, in their own words."""
    return [str(check.error) for check in about.checks if check.error and check.error != "must not be empty"]


def unit_of(name: str, column: str, format: str) -> str:
    """Return the unit of a column of numbers; "" for any other."""
    return OTHERWISE.get((name, column)) or UNITS[column] if format in {"number", "whole"} else ""


def _marked(text: str) -> Block:
    """Return a description, in which names of columns stand between backticks."""
    parts = [
        f"<code>{html_text(part)}</code>" if is_code else html_text(part)
        for is_code, group in groupby(enumerate(text.split("`")), key=lambda one: bool(one[0] % 2))
        for _, part in group
    ]
    return Block("".join(parts), "", text)


def _examples(file: Path) -> dict[str, str]:
    """Return the first filled cell of each column of a table; nothing where there is no such file."""
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return _first_filled(csv.DictReader(opened))


def _first_filled(rows: Iterable[Mapping[str, str | None]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        found |= {column: cell for column, cell in row.items() if cell and column not in found}
    return found
