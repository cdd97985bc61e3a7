"""Compares figures with the golden files, small CSVs that people read; `make golden` writes them again."""

import os
from pathlib import Path

import pandas as pd

KPI_FIGURES = [
    *("kpi_id", "period", "value", "target", "upper", "basis", "rating"),
    *("comparator_period", "comparator_value", "direction"),
]
"""What a report of a quarter prints of a KPI."""
GOLDEN = Path(__file__).resolve().parent / "golden"


def is_golden(frame: pd.DataFrame, name: str) -> bool:
    """Whether `frame` is, to the digit, the golden file `name`, such as survey/answers.csv."""
    written, path = frame.to_csv(index=False, lineterminator="\n"), GOLDEN / name
    if os.environ.get("KPIREPORT_GOLDEN"):  # make golden
        path.parent.mkdir(exist_ok=True)
        path.write_text(written, encoding="utf-8")
    return written == path.read_text(encoding="utf-8")
