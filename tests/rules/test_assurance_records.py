"""Records kept for the assurance report, and what their figures amount to."""

from datetime import date

import pandas as pd
import pytest
from kpireport import schemas
from kpireport.periods import financial_year, quarter
from kpireport.rules import assurance_conclusions as conclusions
from kpireport.rules import assurance_records as records
from kpireport.rules import sampling
from kpireport.rules.assurance_evidence import NOT_MEASURED, Figure, number, share
from kpireport.vocabulary import Conclusion, Evidence
from rules.rule_frames import _frame

YEAR = financial_year(2023)
QUARTERS = [quarter(2023, number) for number in (1, 2, 3, 4)]
KNOWN_ON = date(2024, 10, 31)


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def test_a_report_not_issued_by_the_day_is_late_and_one_not_yet_due_is_left_out():
    rows = [
        ("on the day", "2024-05-10", "2024-05-10"),
        ("a day late", "2024-05-10", "2024-05-11"),
        ("not issued", "2024-05-10", None),
        ("issued after this report", "2024-05-10", "2024-11-01"),
        ("not yet due", "2024-11-01", None),
    ]
    cells = [
        {"report": name, "quarter": "2023-24 Q4", "due_on": day(due), "issued_on": day(out) if out else None}
        for name, due, out in rows
    ]
    issued = _frame(schemas.REPORTS_ISSUED, cells)
    found = records.reports_due(issued, QUARTERS, known_on=KNOWN_ON)
    assert found.set_index("report")["is_on_time"].to_dict() == {
        "a day late": False,
        "issued after this report": False,
        "not issued": False,
        "on the day": True,
    }
    assert found.set_index("report")["days_late"].dropna().to_dict() == {"a day late": 1, "on the day": 0}
    assert records.reports_on_timetable(found) == Figure(25, 1, 4)


def test_quarters_made_again_are_counted_once_and_attempts_each_time():
    attempts = _frame(
        schemas.REPERFORMANCES,
        [
            {"period": "2023-24 Q1", "performed_on": day("2023-11-01"), "verdict": "failed"},
            {"period": "2023-24 Q1", "performed_on": day("2023-12-01"), "verdict": "same"},
            {"period": "2023-24 Q2", "performed_on": day("2024-12-01"), "verdict": "same"},  # after the report
            {"period": "2022-23 Q2", "performed_on": day("2023-12-01"), "verdict": "same"},  # of another year
        ],
    )
    found = records.reperformed(attempts, QUARTERS, known_on=KNOWN_ON)
    assert records.quarters_reperformed(found, QUARTERS) == Figure(25, 1, 4)
    assert records.reperformances_same(found) == Figure(50, 1, 2)
    assert records.quarters_reperformed(found.iloc[:0], QUARTERS) == Figure(None, 0, 0)


def decisions() -> pd.DataFrame:
    rows = [
        {
            "report_ref": f"DR-{number:02d}",
            "decision_type": "key" if number % 3 else "officer",
            "decided_on": day("2023-06-30") if number < 10 else day("2023-07-01"),
            "outcome": "adequate" if number % 2 else "missing",
            "checked_on": day("2023-08-01"),
        }
        for number in range(20)
    ]
    rows += [{**rows[0], "report_ref": "DR-OLD", "decided_on": day("2023-03-31")}]
    rows += [{**rows[0], "report_ref": "DR-NEW", "decided_on": day("2024-04-01")}]
    return _frame(schemas.DECISION_REPORTS, rows)


def test_each_quarter_is_sampled_and_only_the_sample_counts():
    found = records.decision_checks(decisions(), YEAR, known_on=KNOWN_ON, seed="s", size=4)
    assert found.reports.groupby("quarter")["is_sampled"].sum().to_dict() == {"2023-24 Q1": 4, "2023-24 Q2": 4}
    drawn = {
        name: sampling.sample([f"DR-{number:02d}" for number in own], seed=f"s {name}", size=4)
        for name, own in (("2023-24 Q1", range(10)), ("2023-24 Q2", range(10, 20)))
    }
    assert found.reports.loc[found.reports["is_sampled"], "report_ref"].tolist() == [*drawn["2023-24 Q1"], *drawn["2023-24 Q2"]]
    adequate = sum(int(reference[-2:]) % 2 for references in drawn.values() for reference in references)
    assert records.success_measures_adequate(found) == share(adequate, 8)
    outcomes = found.outcomes.set_index(["decision_type", "outcome"])["count"]
    assert outcomes["", "adequate"] == outcomes["key", "adequate"] + outcomes["officer", "adequate"] == adequate
    assert found.low < 100 * adequate / 8 < found.high


def test_a_check_after_the_day_of_the_report_is_not_known_to_it():
    found = records.decision_checks(decisions(), YEAR, known_on=date(2023, 7, 31), seed="s", size=4)
    assert records.sample_checked(found) == Figure(0, 0, 8)
    assert records.success_measures_adequate(found) == Figure(None, 0, 0)
    assert pd.isna(found.low)


def test_without_decision_reports_nothing_was_sampled():
    found = records.decision_checks(decisions().iloc[:0], YEAR, known_on=KNOWN_ON)
    assert records.sample_checked(found) == Figure(None, 0, 0)
    assert found.outcomes["count"].sum() == 0


def test_opportunities_dropped_are_not_counted_and_criteria_met_in_part_are_not_met():
    rows = [{"opportunity": status, "raised_year": "2022-23", "status": status} for status in ("done", "open", "dropped")]
    raised = records.opportunities_of(_frame(schemas.OPPORTUNITIES, rows), financial_year(2022))
    assert records.opportunities_done(raised) == Figure(50, 1, 2)
    criteria = _frame(
        schemas.SELF_ASSESSMENT,
        [
            {"framework": framework, "level": level, "criterion": str(place), "met": met}
            for place, (framework, level, met) in enumerate(
                [("RAP", "baseline", "yes"), ("RAP", "baseline", "partly"), ("RAP", "gold", "yes"), ("AQuA", "baseline", "yes")]
            )
        ],
    )
    assert records.rap_baseline(criteria) == Figure(50, 1, 2)
    assert records.criteria_met(criteria)[["level", "yes", "partly", "no", "of"]].to_numpy().tolist() == [
        ["baseline", 1, 1, 0, 2],
        ["gold", 1, 0, 0, 1],
        ["baseline", 1, 0, 0, 1],
    ]


def test_the_survey_without_its_counts_has_only_the_percentage_that_is_printed():
    rows = pd.DataFrame({"question": ["Q"], "year": [2024], "shown_percent": [94.0], "count": [None], "of": [float("nan")]})
    assert records.survey_share(rows, "Q", 2024) == Figure(94)
    assert records.survey_share(rows, "Q", 2023) == NOT_MEASURED


@pytest.mark.parametrize(
    ("value", "expectation", "partly_from", "expected"),
    [
        (80, 80, 60, Conclusion.MET),
        (79, 80, 60, Conclusion.PARTLY_MET),
        (60, 80, 60, Conclusion.PARTLY_MET),
        (59, 80, 60, Conclusion.NOT_MET),
        (79, 80, float("nan"), Conclusion.NOT_MET),
        (0, float("nan"), float("nan"), Conclusion.FOR_INFORMATION),
        (None, 0, float("nan"), Conclusion.NOT_MEASURED),
    ],
)
def test_conclusions(value, expectation, partly_from, expected):
    assert conclusions.conclusion(value, expectation, partly_from) is expected


def test_evidence_stands_beside_last_year_and_its_expectation():
    wanted = [
        {"aspect": "effectively_embed", "measure": "returns_on_time", "expectation": 95.0, "unit": "%", "source": "Timetable"},
        {"aspect": "effectively_embed", "measure": "escalations_raised", "expectation": 3.0, "unit": "number", "source": "x"},
        {"aspect": "define_and_document", "measure": "information_complete", "expectation": 100.0, "unit": "%", "source": "x"},
    ]
    now = {
        Evidence.RETURNS_ON_TIME: share(94, 100),
        Evidence.ESCALATIONS_RAISED: number(3),
        Evidence.INFORMATION_COMPLETE: share(1, 2),
        Evidence.RESULTS_REVISED: share(1, 4),
    }
    before = {Evidence.RETURNS_ON_TIME: share(96, 100), Evidence.INFORMATION_COMPLETE: share(1, 4)}
    rows = conclusions.concluded(now, before, _frame(schemas.EXPECTATIONS, wanted))
    by = rows.set_index("measure")
    assert by["conclusion"].to_dict() == {str(one): "not_measured" for one in Evidence} | {
        "returns_on_time": "not_met",
        "escalations_raised": "met",
        "information_complete": "not_met",
        "results_revised": "for_information",
    }
    assert by.loc["returns_on_time", ["previous_count", "move"]].tolist() == [96, "lower"]
    assert pd.isna(by.loc["information_complete", "previous_value"])  # kept no earlier version
    assert by.loc["escalations_raised", "aspect"] == "effectively_embed"  # as the table says
    counts = conclusions.count_conclusions(rows).set_index("conclusion")
    assert counts["count"].to_dict() == {"not_met": 2, "partly_met": 0, "met": 1, "not_measured": 17, "for_information": 1}
    assert set(counts["of"]) == {3}
    by_aspect = conclusions.count_conclusions(rows, "aspect")
    assert by_aspect["count"].sum() == len(rows) == len(Evidence)
