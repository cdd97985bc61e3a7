"""What services owe, and how late it is."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from kpireport.periods import parse, parse_quarter
from kpireport.rules import assurance_evidence, availability, owed, performance
from kpireport.sources import register

ROOT = Path(__file__).resolve().parent.parent.parent
LEEDS = "E08000035"


@pytest.mark.parametrize(
    ("period", "lag", "quarter"),
    [
        ("2024-25 Q3", 0, "2024-25 Q3"),
        ("Dec 2024", 0, "2024-25 Q3"),
        ("Oct 2024", 0, "2024-25 Q3"),
        ("Nov 2024", 1, "2024-25 Q3"),
        ("Dec 2024", 1, "2024-25 Q4"),
        ("2023/24 Summer", 1, "2024-25 Q2"),
        ("2023", 4, "2024-25 Q1"),
        ("2021 to 2023", 9, "2024-25 Q2"),
        ("Year to Sep 2024", 3, "2024-25 Q3"),
    ],
)
def test_a_result_falls_due_in_the_quarter_of_its_end_and_lag(period, lag, quarter):
    assert str(owed.fell_due_in(parse(period), lag)) == quarter


def kpis(**columns) -> pd.DataFrame:
    row = {
        "kpi_id": "AA-01",
        "expected_period": "2024-25 Q3",
        "period_kind": "quarter",
        "frequency": "quarterly",
        "lag_months": 0,
        "introduced": "2022-23 Q1",
        "baseline_period": "",
    }
    return pd.DataFrame([row | columns])


def known(**values) -> pd.DataFrame:
    """The results of AA-01: a number, or the reason for its absence, by period."""
    rows = [
        {
            "kpi_id": "AA-01",
            "period": period.replace("_", " "),
            "value": value if isinstance(value, float) else float("nan"),
            "absence": value if isinstance(value, str) else "",
        }
        for period, value in values.items()
    ]
    frame = pd.DataFrame(rows, columns=["kpi_id", "period", "value", "absence"]).astype({"value": float})
    return frame.assign(period_end=availability.period_days(frame["period"]))


def asked(listed: pd.DataFrame, record: pd.DataFrame) -> list[tuple[str, bool]]:
    rows = owed.asked(listed, record, parse_quarter("2024-25 Q3"))
    return list(zip(rows["period"], rows["is_new"], strict=True))


QUARTERS = {f"{year}_Q{number}": 1.0 for year in ("2022-23", "2023-24") for number in (1, 2, 3, 4)}


def test_what_is_in_is_not_asked_for_and_what_never_came_is():
    assert asked(kpis(), known(**QUARTERS, **{"2024-25_Q2": 1.0})) == [("2024-25 Q3", True), ("2024-25 Q1", False)]


def test_every_month_of_the_quarter_is_asked_for():
    listed = kpis(expected_period="Dec 2024", period_kind="month", frequency="monthly")
    months = {f"{month}_2024": 1.0 for month in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep")}
    before = {
        f"{month}_2023": 1.0 for month in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    }
    assert asked(listed, known(**before, **months)) == [("Dec 2024", True), ("Nov 2024", True), ("Oct 2024", True)]


def test_a_reason_for_absence_is_an_answer_but_not_published_is_asked_again():
    for reason, still in (("not_available", []), ("suppressed", []), ("not_published", [("2024-25 Q3", True)])):
        record = known(**QUARTERS, **{"2024-25_Q1": 1.0, "2024-25_Q2": 1.0, "2024-25_Q3": reason})
        assert asked(kpis(), record) == still


def test_nothing_is_asked_for_from_before_a_kpi_joined_or_longer_ago_than_two_years():
    assert asked(kpis(introduced="2024-25 Q2"), known()) == [("2024-25 Q3", True), ("2024-25 Q2", False)]
    assert [period for period, _ in asked(kpis(introduced="2019-20 Q1"), known())][-1] == "2022-23 Q4"
    assert asked(kpis(expected_period=""), known()) == []


@pytest.mark.parametrize("quarter", ["2023-24 Q4", "2024-25 Q2", "2024-25 Q4"])
def test_the_newest_period_asked_for_is_the_return_that_the_assurance_report_counts(quarter):
    data, period = register.load(ROOT / "data"), parse_quarter(quarter)
    shown = performance.for_quarter(
        data.kpis, data.targets, data.results, data.rounds, quarter=period, area=LEEDS, as_known_on=period.end
    )
    own = availability.of_council(data.results[data.results["received_on"] <= pd.Timestamp(period.end)], LEEDS)
    rows = owed.asked(shown.kpis, availability.as_known(own, None), period)
    counted = assurance_evidence.returns(shown.kpis, own, period, due_on=period.end)
    explained = set(own.loc[own["absence"] == "not_published", "kpi_id"])
    newest = rows[rows["is_expected"] & rows["is_new"] & ~rows["kpi_id"].isin(explained)]
    missing = counted[counted["is_missing"] & ~counted["kpi_id"].isin(explained)]
    assert len(missing) > 10
    assert list(newest["kpi_id"]) == list(missing["kpi_id"])
    assert list(newest["period"]) == list(missing["period"])


@pytest.mark.parametrize(
    ("due", "done", "days", "working"),
    [
        ("2024-10-25", "2024-10-25", 0, 0),
        ("2024-10-25", "2024-10-20", -5, 0),
        ("2024-10-25", "2024-10-26", 1, 0),  # a Saturday
        ("2024-10-25", "2024-10-28", 3, 1),
        ("2024-12-20", "2025-01-02", 13, 6),  # Christmas Day, Boxing Day and New Year's Day
        ("2025-04-17", "2025-04-22", 5, 1),  # Good Friday and Easter Monday
    ],
)
def test_lateness_in_days_and_in_working_days(due, done, days, working):
    dates = pd.Series(pd.to_datetime([due])), pd.Series(pd.to_datetime([done]))
    assert owed.days_late(*dates).tolist() == [days]
    assert owed.working_days_late(*dates).tolist() == [working]


def test_what_has_not_come_is_measured_up_to_a_day_or_not_at_all():
    due, done = pd.Series(pd.to_datetime(["2024-10-25"])), pd.Series(pd.to_datetime([None])).astype("datetime64[s]")
    assert owed.days_late(due, done, on=date(2024, 10, 29)).tolist() == [4]
    assert owed.working_days_late(due, done, on=date(2024, 10, 29)).tolist() == [2]
    assert owed.days_late(due, done).isna().all()
    assert owed.working_days_late(due, done).isna().all()
