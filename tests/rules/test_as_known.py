"""What a report would have shown of a KPI on each day: the same as a report made as known on that day."""

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from kpireport.periods import parse_quarter
from kpireport.rules import as_known, performance, sign_offs
from kpireport.sources import council, register

RIVERSIDE = Path(__file__).resolve().parent.parent / "councils" / "riverside"
QUARTER = parse_quarter("2024-25 Q2")


@pytest.fixture(scope="module")
def record():
    return register.load(RIVERSIDE)


@pytest.fixture(scope="module")
def area():
    return council.load(RIVERSIDE / "council.yaml").area


def on_day(record, area, day) -> pd.DataFrame:
    """Return what a report as known on a day shows, worked out by itself."""
    signed = sign_offs.provisional_until_signed(record, known_on=day)
    told = performance.for_quarter(
        *(signed.kpis, signed.targets, signed.results, signed.rounds),
        quarter=QUARTER,
        area=area,
        as_known_on=day,
        changes=signed.kpi_changes,
    )
    return told.kpis.set_index("kpi_id")[as_known.SHOWN]


def test_each_answer_holds_from_its_first_day_to_the_day_before_the_next(record, area):
    told = {
        kpi_id: as_known.ratings(record, kpi_id, quarter=QUARTER, area=area).set_index("known_from")[as_known.SHOWN]
        for kpi_id in record.kpis["kpi_id"]
    }
    starts = sorted({day for rows in told.values() for day in rows.index})
    assert len(starts) > 2, "the register holds results that came after the quarter"
    middle = starts[len(starts) // 2]
    for day in (starts[0].date(), middle.date() - timedelta(days=1), middle.date(), starts[-1].date()):
        shown = on_day(record, area, day)
        for kpi_id in shown.index:
            answer = told[kpi_id].loc[: pd.Timestamp(day)].iloc[-1]
            pd.testing.assert_series_equal(answer, shown.loc[kpi_id], check_names=False)


def test_two_answers_running_are_never_the_same(record, area):
    for kpi_id in record.kpis["kpi_id"][:3]:
        rows = as_known.ratings(record, kpi_id, quarter=QUARTER, area=area)[as_known.SHOWN].astype(str)
        assert not (rows == rows.shift()).all(axis="columns").any()
