from collections.abc import Callable

import pytest
import small_register
from kpireport import schemas
from kpireport.errors import Finding
from kpireport.sources import consistency
from kpireport.sources.tables import Table
from small_register import Rows, Texts

Compare = Callable[[Callable[[Texts], None]], tuple[list[str], list[str]]]
VALID = small_register.texts()
VALID_FRAMES = small_register.frames()


def row(tables: Texts, table: str, **cells: str) -> dict[str, str]:
    """Return the one row of a table (by the last word of its name) with these cells."""
    (found,) = (one for one in rows(tables, table) if all(one[column] == text for column, text in cells.items()))
    return found


def rows(tables: Texts, table: str) -> Rows:
    return next(rows for name, rows in tables.items() if name.endswith(f"/{table}"))


def brief(finding: Finding) -> str:
    return f"{finding.file} {finding.cell}: {finding.found}"


@pytest.fixture
def compare() -> Compare:
    """Compare the tables of the small register after one change; give the faults and the warnings in brief."""

    def changed(change: Callable[[Texts], None]) -> tuple[list[str], list[str]]:
        tables = small_register.texts()
        change(tables)
        tables = small_register.agreed(tables)
        different = {name: rows for name, rows in tables.items() if rows != VALID[name]}
        frames = VALID_FRAMES | small_register.frames(different)
        read = {}
        for name in schemas.TABLES:
            frame = frames[name.split("/")[1]]
            places = {column: place for place, column in enumerate(frame.columns)}
            read[name.split("/")[1]] = Table(frame, name.split("/")[1], "", places)
        faults, warnings = consistency.check(read)
        return [brief(fault) for fault in faults], [brief(warning) for warning in warnings]

    return changed
