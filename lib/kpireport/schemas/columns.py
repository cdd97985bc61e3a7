"""What tables are made of, a column of each format, and whether one is as its schema says."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

# Text is held in one way whether or not pyarrow is there; it is also a third faster for registers of ordinary size. pandera
# looks at the setting when it is imported.
pd.options.mode.string_storage = "python"
import pandera.pandas as pa  # noqa: E402

KPI_ID = r"[A-Z]{2,5}-[0-9]{2,5}"
GSS_CODE = r"[A-Z][0-9]{8}"
CODE = r"[A-Za-z0-9_]+"
FINGERPRINT = r"[0-9a-f]{12}"
SHA256 = "[0-9a-f]{64}"
TIME_OF_DAY = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
LARGE = 50_000
"""Rows from which a table is checked by the few of its rows that tell."""
MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"


def _column(dtype: Any, description: str, format: str, *checks: pa.Check, required: bool, nullable: bool = False) -> pa.Column:
    """Return a column; a `required` one may have no empty cell."""
    filled = [pa.Check.str_length(min_value=1, error="must not be empty")] if required and dtype is str else []
    return pa.Column(
        dtype,
        checks=[*filled, *checks],
        nullable=nullable and not required,
        description=description,
        metadata={"format": format, "required": required},
    )


def text(description: str, *, required: bool = False, format: str = "text", matches: str = "") -> pa.Column:
    """Return a column of text; `matches` is a pattern that every filled cell matches whole."""
    checks = [pa.Check.str_matches(rf"^(?:{matches})?$", error=f"must look like {matches}")] if matches else []
    return _column(str, description, format, *checks, required=required)


def word(words: type[StrEnum], description: str, *, required: bool = True) -> pa.Column:
    """Return a column that holds words of a closed set."""
    allowed = [*map(str, words), *([] if required else [""])]
    check = pa.Check.isin(allowed, error=f"must be one of {', '.join(words)}")
    return _column(str, description, "text", check, required=required)


def number(description: str, *, at_least: float | None = None, required: bool = False) -> pa.Column:
    """Return a column of numbers."""
    checks = [] if at_least is None else [pa.Check.ge(at_least, error=f"must be {at_least:g} or more")]
    return _column(float, description, "number", *checks, required=required, nullable=True)


def whole(description: str, *, at_least: int, at_most: int, required: bool = True) -> pa.Column:
    """Return a column of whole numbers."""
    check = pa.Check.in_range(at_least, at_most, error=f"must be from {at_least} to {at_most}")
    return _column(pd.Int64Dtype(), description, "whole", check, required=required, nullable=True)


def day(description: str, *, required: bool = False) -> pa.Column:
    """Return a column of days."""
    return _column("datetime64[s]", description, "day", required=required, nullable=True)


def table(name: str, description: str, columns: dict[str, pa.Column], *, unique: Sequence[str]) -> pa.DataFrameSchema:
    """Return the schema of one table, in which no two rows share the values of the `unique` columns."""
    return pa.DataFrameSchema(columns, name=name, description=description, strict=True, unique=list(unique), coerce=False)


def check(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> pd.DataFrame:
    """Return what is wrong with `frame`: one row is one failed check of one cell, with `row`, `column`, `found`, `expected`.

    `row` is the frame's index label, or missing when the whole column fails. An empty result means that the frame is valid.
    """
    if len(frame) > LARGE and not frame.duplicated([name for name in schema.unique or () if name in frame]).any():
        found = _failures(schema, frame.loc[_telling(frame)])
        if found.empty:
            return found
    return _failures(schema, frame)


def _telling(frame: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Return whether each row is one of the few that tell whether the frame is valid.

    Every check looks at one cell: a column of text is valid when its different texts are, one of numbers or days when its least
    and its greatest are and, where there is one, a missing one.
    """
    told = np.zeros(len(frame), dtype=bool)
    for name in frame:
        column = frame[name].reset_index(drop=True)
        if isinstance(column.dtype, pd.StringDtype):
            told |= ~column.duplicated().to_numpy()
            continue
        is_missing = column.isna().to_numpy()
        places = [*np.flatnonzero(is_missing)[:1], *([] if is_missing.all() else [column.argmin(), column.argmax()])]
        told[places] = True
    return told


def _failures(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> pd.DataFrame:
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        faults = pd.DataFrame(
            {
                "row": cases["index"],
                "column": cases["column"].astype(str),
                "found": cases["failure_case"],
                "expected": cases["check"].astype(str),
            }
        )
        return faults.drop_duplicates(["row", "column", "expected"], ignore_index=True)
    return pd.DataFrame(columns=["row", "column", "found", "expected"])


KPI_REF = {"kpi_id": text("Identifier of the KPI (kpis table).", required=True, matches=KPI_ID)}
CONTACT = "Never in a public edition."
MADE_BY = {"producer": text('Who keeps the record, or "illustrative".', required=True)}
