"""Read a large CSV file quickly, where nothing about it is doubtful.

A KPI Data Record of a million rows is a hundred megabytes of text in which the same words come again and again. pyarrow reads it
as columns of different words and their places. Whatever it would read otherwise than Python's own strict reader (rows of unequal
length, quotation marks in odd places, text that is not UTF-8) is left to that reader, which is slow and
names the cell.
"""

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

LARGE = 1_000_000
"""Bytes from which a file is worth it."""
MOST_COLUMNS = 1_000
"""A file with more of them is not plain."""
_QUOTED = re.compile(rb'(?:(?<=[,\n])|\A)"(?:[^"]|"")*"(?=[,\r\n]|\Z)')
_ODD_LINE_END = re.compile(rb"\r(?!\n)")


def read(content: bytes) -> tuple[list[str], pd.DataFrame] | None:
    """Return the cells of row 1, and those below it: each column is categorical text, the index the row in the file from 2.

    None when the file is not plain enough.
    """
    content = content.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in content or _ODD_LINE_END.search(content) or (b'"' in content and b'"' in _QUOTED.sub(b"", content)):
        return None
    width = content.split(b"\n", 1)[0].count(b",") + 1
    if not 2 <= width <= MOST_COLUMNS:
        return None
    names = [str(place) for place in range(width)]
    words = pa.dictionary(pa.int32(), pa.string())
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(content),
            read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=16_000_000, use_threads=False),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, words),
                null_values=[],
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    table = table.unify_dictionaries()
    columns = {place: _categorical(table.column(place).combine_chunks()) for place in range(width)}
    header = [str(column[0]) for column in columns.values()]
    if not any(cell.strip() for cell in header):
        return None
    cells = pd.DataFrame({place: column[1:] for place, column in columns.items()})
    cells.index = pd.RangeIndex(2, len(cells) + 2, name="row")
    return header, cells


def _categorical(column: pa.DictionaryArray) -> pd.Categorical:
    different = pd.Index(column.dictionary.to_pylist(), dtype="str")
    return pd.Categorical.from_codes(column.indices.to_numpy(zero_copy_only=False), categories=different)


def is_blank(cells: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Return whether each row of categorical cells holds nothing but blanks."""
    found = np.ones(len(cells), dtype=bool)
    for place in cells:
        column = cells[place].array
        found &= np.array([not word.strip() for word in column.categories], dtype=bool)[column.codes]
    return found
