"""Small frames in the shape of the register, for tests of rules: name only the columns that the test is about."""

from datetime import date

import pandas as pd
from kpireport import schemas
from kpireport.periods import parse_quarter
from kpireport.rules import performance
from kpireport.rules.performance import Performance

AREA = "E08000035"
_KPI = {
    "kpi_id": "CF-01",
    "kpi_name": "A KPI",
    "directorate": "CF",
    "scrutiny_board": "CF",
    "kind": "kpi",
    "unit": "%",
    "decimals": 1,
    "polarity": "higher_is_better",
    "measure_type": "in_period",
    "frequency": "quarterly",
    "period_kind": "quarter",
    "lag_months": 0,
    "comparator_rule": "previous_period",
    "target_type": "value",
    "tolerance_type": "absolute",
    "introduced": "2019-20 Q1",
}
_RESULT = {
    "kpi_id": "CF-01",
    "area": AREA,
    "group": "all",
    "maturity": "final",
    "vintage": 1,
    "received_on": date(2020, 1, 1),
    "producer": "illustrative",
}
_CELLS = {"number": (float("nan"), "float64"), "whole": (pd.NA, "Int64"), "day": (pd.NaT, "datetime64[s]")}
"""What an empty cell holds, and the type, of the formats that are not text."""


def _frame(schema, rows: list[dict]) -> pd.DataFrame:
    assert not {name for row in rows for name in row} - set(schema.columns)
    index = pd.RangeIndex(2, len(rows) + 2, name="row")
    columns = {}
    for name, column in schema.columns.items():
        empty, dtype = _CELLS.get(column.metadata["format"], ("", "str"))
        columns[name] = pd.Series([row.get(name, empty) for row in rows], index=index, dtype=dtype)
    return pd.DataFrame(columns)


def kpis(*rows: dict) -> pd.DataFrame:
    """Return KPI Supporting Information; what a row does not name is that of a plain quarterly KPI."""
    return _frame(schemas.KPIS, [_KPI | row for row in rows])


def targets(*rows: dict) -> pd.DataFrame:
    """Return targets; what a row does not name is a target from 2019-20 on."""
    return _frame(schemas.TARGETS, [{"kpi_id": "CF-01", "from_period": "2019-20"} | row for row in rows])


def results(*rows: dict) -> pd.DataFrame:
    """Return a KPI Data Record; what a row does not name is a final first vintage of the whole council."""
    return _frame(schemas.RESULTS, [_RESULT | row for row in rows])


def rounds(**cut_offs: date) -> pd.DataFrame:
    """Return rounds by quarter, such as ``q2_2024_25=date(2024, 10, 28)``."""
    rows = [
        {"quarter": f"{name[3:7]}-{name[8:]} {name[:2].upper()}", "returns_due_on": day, "cut_off_on": day, "clt_on": day}
        for name, day in cut_offs.items()
    ]
    return _frame(schemas.ROUNDS, rows)


def changes(*rows: dict) -> pd.DataFrame:
    """Return changes to the KPI list; what a row does not name is a tolerance of 2 agreed in 2024-25 Q1, where there was none."""
    plain = {"quarter": "2024-25 Q1", "kpi_id": "CF-01", "change": "tolerance_set", "field": "tolerance", "new_value": "2"}
    plain |= {"detail": "Agreed.", "agreed_by": "Team", "agreed_on": pd.Timestamp("2024-06-01"), "fingerprint": "0" * 12}
    return _frame(schemas.KPI_CHANGES, [plain | row for row in rows])


def risks(*rows: dict) -> pd.DataFrame:
    """Return corporate risks."""
    return _frame(schemas.RISKS, list(rows))


def report(
    kpi_rows,
    target_rows=(),
    result_rows=(),
    cut_offs=None,
    *,
    quarter="2024-25 Q2",
    as_known_on=None,
    rebases=None,
    change_rows=None,
) -> Performance:
    """Return the performance of a quarter made from such rows."""
    return performance.for_quarter(
        kpis(*kpi_rows),
        targets(*target_rows),
        results(*result_rows),
        rounds(**(cut_offs or {})),
        quarter=parse_quarter(quarter),
        area=AREA,
        as_known_on=as_known_on,
        rebases=rebases,
        changes=None if change_rows is None else changes(*change_rows),
    )


def only_kpi(*arguments, **keywords) -> pd.Series:
    """Return the one KPI of such a report."""
    shown = report(*arguments, **keywords).kpis
    assert len(shown) == 1
    return shown.iloc[0]
