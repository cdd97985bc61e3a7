"""How a quarter's rating of one KPI was known over time: from each day on which the answer changed, what a report would show."""

from dataclasses import replace

import pandas as pd

from kpireport.periods import Period
from kpireport.rules import availability, definitions, performance, sign_offs
from kpireport.rules.record import Record

SHOWN = ["period", "value", "maturity", "target", "upper", "tolerance_size", "rating", "basis"]
"""What of a KPI must differ for a report to show something else."""
_LEFT_OUT = ["previous_rating", "previous_basis", "is_new", "rating_move"]


def ratings(record: Record, kpi_id: str, *, quarter: Period, area: str) -> pd.DataFrame:
    """Return what the quarter's report would have shown of a KPI from its last day on: one row is one answer, earliest first.

    Columns: `known_from`, the first day that gives the answer, then those of `Performance.kpis` that rest on the one quarter.
    What was known changes as results arrive, as definitions and targets are agreed, and as directorates approve. Empty when the
    KPI was not on the list.
    """
    own = _of_kpi(record, kpi_id, area, quarter)
    days = _days(own, quarter)
    # Each day is asked about a copy of the KPI that has what was known then, so that all are worked out at once.
    copies = [_as_at(own, kpi_id, quarter, day, number) for number, day in enumerate(days)]
    kpis, targets, results = (pd.concat(frames, ignore_index=True) for frames in zip(*copies, strict=True))
    told = performance.for_quarter(kpis, targets, results, record.rounds.iloc[:0], quarter=quarter, area=area).kpis
    numbers = told["kpi_id"].str.rpartition("@")[2].astype(int)
    rows = told.assign(kpi_id=kpi_id, known_from=[days[number] for number in numbers]).drop(columns=_LEFT_OUT)
    before = rows[SHOWN].shift()
    is_same = (rows[SHOWN] == before) | (rows[SHOWN].isna() & before.isna())
    return rows[~is_same.all(axis="columns")].reset_index(drop=True)


def _of_kpi(record: Record, kpi_id: str, area: str, quarter: Period) -> Record:
    results = availability.of_council(record.results[record.results["kpi_id"] == kpi_id], area)
    return replace(
        record,
        kpis=record.kpis[record.kpis["kpi_id"] == kpi_id],
        targets=record.targets[record.targets["kpi_id"] == kpi_id],
        results=results[results["period_end"] <= pd.Timestamp(quarter.end)].drop(columns="period_end"),
        kpi_changes=record.kpi_changes[record.kpi_changes["kpi_id"] == kpi_id],
    )


def _days(own: Record, quarter: Period) -> list[pd.Timestamp]:
    """Return the last day of the quarter, and each later day on which anything of the KPI reached the register."""
    told = pd.concat([own.results["received_on"], own.kpi_changes["agreed_on"], own.sign_offs["signed_on"]])
    end = pd.Timestamp(quarter.end)
    return [end, *sorted(set(told[told > end]))]


def _as_at(
    own: Record, kpi_id: str, quarter: Period, day: pd.Timestamp, number: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the KPI's definition, targets and results as known at the end of a day, under a name of their own."""
    signed = sign_offs.provisional_until_signed(own, known_on=day.date())
    kpis, targets = definitions.as_at(own.kpis, own.targets, own.kpi_changes, quarter=quarter, known_on=day.date())
    known = signed.results[signed.results["received_on"] <= day]
    name = f"{kpi_id}@{number}"
    return kpis.assign(kpi_id=name), targets.assign(kpi_id=name), known.assign(kpi_id=name)
