"""Read a table kept as Parquet, for a KPI Data Record too large to be pleasant as CSV.

Its columns become text by the rules of a workbook's cells (a number its digits, a day its ISO form), so that everything after
this reads both alike. Rows are named as they would be if it were saved as CSV: the first record is row 2.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet

from kpireport.sources.cells import digits

MOST_ROWS = 50_000_000
"""A few bytes can stand for any number of equal rows."""


class UnreadableError(ValueError):
    """Why a file could not be read, in words."""


def read(content: bytes) -> tuple[list[str], pd.DataFrame, list[str]]:
    """Return the names of the columns, their cells and the form of each: text, number or day.

    The cells are categorical text, "" where there is none; the index is the row, from 2.

    Raises
    ------
    UnreadableError
        When it is not Parquet, or a column is neither text nor numbers nor days.
    """
    try:
        rows = pyarrow.parquet.read_metadata(pa.BufferReader(content)).num_rows
        if rows > MOST_ROWS:
            raise UnreadableError(f"a table of {rows:,} rows, more than {MOST_ROWS:,}")
        table = pyarrow.parquet.read_table(pa.BufferReader(content), use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableError("a file that is not Parquet") from error
    columns, forms = {}, []
    for place, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
        form, written = _form(name, column.type)
        try:
            columns[place] = _categorical(column, written)
        except (pa.ArrowException, ValueError, OverflowError) as error:  # text that is not UTF-8, a day that no calendar has
            raise UnreadableError(f'a column "{name}" that cannot be read ({str(error)[:80]})') from error
        forms.append(form)
    cells = pd.DataFrame(columns, index=pd.RangeIndex(2, table.num_rows + 2, name="row"))
    return list(table.column_names), cells, forms


def _form(name: str, kind: pa.DataType) -> tuple[str, Callable[[Any], str]]:
    """Return the form of a column's cells, and what writes one of them."""
    if pa.types.is_dictionary(kind):
        return _form(name, kind.value_type)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return "text", str
    if pa.types.is_integer(kind):
        return "number", str
    if pa.types.is_float64(kind):
        return "number", digits
    if pa.types.is_date(kind):
        return "day", lambda day: day.isoformat()
    if pa.types.is_null(kind):
        return "text", str
    raise UnreadableError(f'a column "{name}" of {kind}')


def _categorical(column: pa.ChunkedArray, written: Callable[[Any], str]) -> pd.Categorical:
    column = column.cast(pa.string()) if pa.types.is_null(column.type) else column
    encoded = column if pa.types.is_dictionary(column.type) else pa.compute.dictionary_encode(column)
    whole = encoded.unify_dictionaries().combine_chunks()
    different = [written(value) if value == value else "" for value in whole.dictionary.to_pylist()]
    codes = whole.indices.fill_null(len(different)).to_numpy(zero_copy_only=False)
    texts = [*different, ""]
    # Two cells of one text, such as a missing one and NaN, are one word.
    order = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    places = np.array([order[text] for text in texts], dtype=np.int64)
    return pd.Categorical.from_codes(places[codes], categories=pd.Index(list(order), dtype="str"))
