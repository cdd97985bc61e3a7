"""Candidates with their reasons, the team's choice, and the commentary without which an adverse item stops the report."""

from datetime import date

import pandas as pd
import pytest
from kpireport.rules import highlights
from rule_frames import report, risks

CUT_OFFS = {"q1_2024_25": date(2024, 7, 28), "q2_2024_25": date(2024, 10, 28)}
BAND = {"tolerance": 2.0}
RED_RISK = {"quarter": "2024-25 Q2", "risk_ref": "LCC 1", "rating": "Very high"}


def performance(values: dict[str, tuple], **columns):
    """Return a report with one KPI for each identifier, from its results of quarters 1 and 2 (None: not supplied)."""
    rows = [
        {"kpi_id": kpi_id, "period": period, "value": value, "received_on": day}
        for kpi_id, pair in values.items()
        for period, day, value in zip(("2024-25 Q1", "2024-25 Q2"), (date(2024, 7, 1), date(2024, 10, 1)), pair, strict=True)
        if value is not None
    ]
    kpis = [{"kpi_id": kpi_id, "kpi_name": f"Name of {kpi_id}", **BAND} | columns.get(kpi_id[:2], {}) for kpi_id in values]
    return report(kpis, [{"kpi_id": kpi_id, "target": 95.0} for kpi_id in values], rows, CUT_OFFS)


def reasons(shown, *risk_rows) -> dict[str, str]:
    found = highlights.candidates(shown, risks(*risk_rows))
    return dict(zip(found["kpi_id"], found["reasons"], strict=True))


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        pytest.param(96.0, 92.0, "newly red; red with one of the largest gaps to target", id="newly_red"),
        pytest.param(92.0, 91.0, "red with one of the largest gaps to target", id="red_again"),
        pytest.param(96.0, 97.0, "one of the largest improvements", id="improved"),
        pytest.param(None, None, "awaited twice running", id="awaited_twice"),
        pytest.param(96.0, None, None, id="awaited_once"),
        pytest.param(96.0, 95.5, None, id="worse_but_green"),
        pytest.param(96.0, 94.0, None, id="amber"),
    ],
)
def test_reasons_of_a_candidate(then, now, expected):
    assert reasons(performance({"CF-01": (then, now)})).get("CF-01") == expected


def test_red_when_first_reported_is_newly_red():
    shown = performance({"CF-01": (90.0, 90.0)}, CF={"introduced": "2024-25 Q2"})
    assert reasons(shown)["CF-01"].startswith("newly red")


def test_a_gap_is_measured_in_tolerances():
    # Ten points are 1.25 tolerances of one KPI; 2.1 points are 4.2 of the other.
    shown = performance({"AH-01": (86.0, 85.0), "CF-01": (92.9, 92.9)}, AH={"tolerance": 8.0}, CF={"tolerance": 0.5})
    assert highlights.candidates(shown, risks())["kpi_id"].tolist() == ["CF-01", "AH-01"]


def test_a_red_kpi_without_tolerance_has_no_gap_in_tolerances():
    assert reasons(performance({"CF-01": (90.0, 89.0)}, CF={"tolerance": float("nan")})) == {}


def test_an_improvement_that_the_last_report_already_told_is_none():
    yearly = {"period_kind": "financial_year", "frequency": "annual", "measure_type": "annual", "lag_months": 2}
    rows = [{"period": "2022-23", "value": 95.0}, {"period": "2023-24", "value": 99.0, "received_on": date(2024, 7, 1)}]
    cut_offs = {"q4_2023_24": date(2024, 4, 28), **CUT_OFFS}
    told, again = (report([yearly], [{"target": 95.0}], rows, cut_offs, quarter=f"2024-25 Q{number}") for number in (1, 2))
    assert reasons(told) == {"CF-01": "one of the largest improvements"}
    assert reasons(again) == {}


def test_only_the_largest_gaps_count():
    many = performance({f"CF-{number:02d}": (80.0, 92.0 - number) for number in range(9)})
    with_gap = {kpi_id for kpi_id, words in reasons(many).items() if highlights.Reason.LARGEST_GAP in words}
    assert with_gap == {f"CF-{number:02d}" for number in range(4, 9)}


def test_kpi_of_a_very_high_risk_is_linked_to_a_red_risk():
    shown = performance({"CF-01": (96.0, 96.0)}, CF={"risk_ref": "LCC 1"})
    assert reasons(shown, RED_RISK) == {"CF-01": "linked to a red corporate risk"}
    assert reasons(shown, RED_RISK | {"rating": "High"}) == {}
    assert reasons(shown, RED_RISK | {"quarter": "2024-25 Q1"}) == {}


def test_restated_rating_is_a_reason():
    first = {"period": "2024-25 Q1", "value": 96.0, "received_on": date(2024, 7, 1)}
    second = first | {"value": 94.0, "vintage": 2, "received_on": date(2024, 9, 1)}
    now = {"period": "2024-25 Q2", "value": 94.0, "received_on": date(2024, 10, 1)}
    assert reasons(report([BAND], [{"target": 95.0}], [first, second, now], CUT_OFFS)) == {"CF-01": "rating restated"}


def test_candidates_are_ranked_by_their_most_pressing_reason_then_by_the_number_of_reasons():
    shown = performance(
        {"CF-01": (96.0, 99.0), "CF-02": (92.0, 91.0), "CF-03": (None, None), "AH-01": (96.0, 92.0), "CF-04": (96.0, 92.5)},
        AH={"risk_ref": "LCC 1"},
    )
    found = highlights.candidates(shown, risks(RED_RISK))
    assert found["kpi_id"].tolist() == ["AH-01", "CF-04", "CF-02", "CF-01", "CF-03"]
    assert found["rank"].tolist() == [1, 2, 3, 4, 5]
    assert found["is_adverse"].tolist() == [True, True, True, False, True]


def choices(*rows: dict) -> pd.DataFrame:
    columns = ["quarter", "kpi_id", "choice", "reason", "chosen_by"]
    return pd.DataFrame(
        [{"quarter": "2024-25 Q2", "reason": "Because.", "chosen_by": "Head"} | row for row in rows], columns=columns
    )


SHOWN = performance({"CF-01": (96.0, 92.0), "CF-02": (96.0, 95.5), "CF-03": (90.0, 92.5)})
CANDIDATES = highlights.candidates(SHOWN, risks())


def test_team_chooses_among_candidates_and_may_add_its_own():
    made = choices(
        {"kpi_id": "CF-02", "choice": "include"},
        {"kpi_id": "CF-03", "choice": "exclude", "reason": "Told last quarter."},
        {"kpi_id": "CF-01", "choice": "include"},
    )
    chosen = highlights.chosen(CANDIDATES, made, SHOWN.kpis)
    assert chosen["kpi_id"].tolist() == ["CF-01", "CF-02"]
    assert chosen["rank"].tolist() == [1, 2]
    assert chosen["reasons"][1] == "chosen by the team"
    assert chosen["is_adverse"].tolist() == [True, False]
    assert chosen[["choice", "choice_reason", "chosen_by"]].iloc[0].tolist() == ["include", "Because.", "Head"]
    left_out = highlights.not_chosen(CANDIDATES, made, SHOWN.kpis)
    assert left_out[["kpi_id", "choice_reason"]].to_numpy().tolist() == [["CF-03", "Told last quarter."]]


def test_without_choices_nothing_is_chosen_and_every_candidate_is_told():
    assert highlights.chosen(CANDIDATES, choices(), SHOWN.kpis).empty
    left_out = highlights.not_chosen(CANDIDATES, choices(), SHOWN.kpis)
    assert left_out[["kpi_id", "choice_reason"]].to_numpy().tolist() == [["CF-01", ""], ["CF-03", ""]]


def test_choice_of_a_kpi_that_is_not_on_the_list_is_passed_over():
    assert highlights.chosen(CANDIDATES, choices({"kpi_id": "SR-09", "choice": "include"}), SHOWN.kpis).empty


WHOLE = {"kpi_id": "CF-01", "reason": "Demand.", "action": "More staff.", "owner": "Head", "due_on": pd.Timestamp("2025-03-31")}


@pytest.mark.parametrize(
    ("commentary", "found"),
    [
        ({}, "no reason, action, owner, date (due_on) for the highlight CF-01 Name of CF-01"),
        (WHOLE | {"action": ""}, "no action for the highlight CF-01 Name of CF-01"),
        (WHOLE | {"owner": "", "due_on": pd.NaT}, "no owner, date (due_on) for the highlight CF-01 Name of CF-01"),
        (WHOLE, None),
    ],
)
def test_adverse_highlight_needs_reason_action_owner_and_date(commentary, found):
    shown = performance({"CF-01": (96.0, 92.0)}, CF={"key_contacts": "a.person@example.org"})
    chosen = highlights.chosen(
        highlights.candidates(shown, risks()), choices({"kpi_id": "CF-01", "choice": "include"}), shown.kpis
    )
    frame = pd.DataFrame([commentary] if commentary else [], columns=list(WHOLE))
    faults = highlights.check_commentary(chosen, frame, shown.kpis)
    assert [fault.found for fault in faults] == ([found] if found else [])
    assert all("a.person@example.org" in fault.remedy for fault in faults)


def test_good_news_needs_no_commentary():
    chosen = highlights.chosen(CANDIDATES, choices({"kpi_id": "CF-02", "choice": "include"}), SHOWN.kpis)
    assert highlights.check_commentary(chosen, pd.DataFrame(columns=list(WHOLE)), SHOWN.kpis) == []
