"""Writes results as open data: a tidy CSV file, and CSVW metadata that says what each of its columns holds.

Source: Model for Tabular Data and Metadata on the Web, and Metadata Vocabulary for Tabular Data (W3C, 2015).
"""

import csv
import io
import json
from typing import Any

import pandas as pd

from kpireport import schemas
from kpireport.presentation import left_out, wording
from kpireport.presentation.blocks import Attachment, Page
from kpireport.presentation.results_file import FORMULA_STARTS
from kpireport.presentation.year_report import Annual

NAME = left_out.OPEN_DATA
METADATA_NAME = f"{NAME}-metadata.json"
"""The name by which readers of CSVW find the metadata of a file."""
DATATYPES: dict[str, Any] = {
    "number": "number",
    "whole": "integer",
    "day": {"base": "date", "format": "yyyy-MM-dd"},
}
"""CSVW's datatype of each format of the schemas; all others are text."""


def files(report: Annual) -> Page:
    """Return the two files that are published beside the report."""
    about = f"{report.title} {report.review.year}, {report.council.name}"
    return Page(
        (
            Attachment(NAME, "text/csv", results_csv(report.open_results), "The KPI results as open data, one row a result"),
            Attachment(METADATA_NAME, "application/csvm+json", metadata(about), "What each column of the open data holds (CSVW)"),
        )
    )


def results_csv(results: pd.DataFrame) -> bytes:
    """Return the results as CSV in UTF-8: figures at full precision, days as ISO, a missing cell empty.

    Text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(results.columns)
    writer.writerows([[_cell(value) for value in row] for row in results.itertuples(index=False, name=None)])
    return stream.getvalue().encode("utf-8")


def _cell(value: Any) -> str:
    if wording.is_missing(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    return repr(value.item() if hasattr(value, "item") else value)


def metadata(about: str) -> bytes:
    """Return the CSVW metadata of the results, made from `schemas.OPEN_RESULTS`; `about` is the file's title."""
    schema = schemas.OPEN_RESULTS
    columns = []
    for name, column in schema.columns.items():
        terms = column.metadata or {}
        described = {
            "name": name,
            # The first title is the column's head in the file, by which a reader of the metadata matches it.
            "titles": [name, _title(name)],
            "datatype": DATATYPES.get(terms["format"], "string"),
            "dc:description": column.description,
        }
        columns.append(described | ({"required": True} if terms["required"] else {}))
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": NAME,
        "dc:title": about,
        "dc:description": schema.description,
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ","},
        "tableSchema": {"columns": columns, "primaryKey": list(schema.unique or [])},
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _title(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}".replace("_", " ").replace("Kpi", "KPI").replace(" id", " identifier")
