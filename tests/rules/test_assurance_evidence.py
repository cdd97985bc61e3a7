"""Evidence for the assurance report against plain counting of the same rows."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport import schemas
from kpireport.periods import parse_quarter
from kpireport.rules import assurance_evidence as evidence
from kpireport.rules import availability
from kpireport.rules.assurance_evidence import Figure
from rules.rule_frames import AREA, _frame, changes, kpis, report, results

Q1, Q2 = parse_quarter("2024-25 Q1"), parse_quarter("2024-25 Q2")
COMPLETE = {
    **dict.fromkeys(["definition", "accountable_officer", "key_contacts", "source", "limitations", "defined_by"], "x"),
    "checked_by": "x",
    "next_review": pd.Timestamp("2024-06-30"),
}


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_share_is_rounded_half_up_but_never_hides_an_exception(first, second):
    count, of = min(first, second), max(first, second)
    shown = evidence.share(count, of).value
    if not of:
        assert shown is None
    else:
        exact = 100 * count / of
        assert abs(shown - exact) <= 0.5 or shown in (1, 99)
        assert (shown == 100) == (count == of)
        assert (shown == 0) == (count == 0)


@pytest.mark.parametrize(("count", "of", "shown"), [(1, 8, 13), (15, 109, 14), (299, 300, 99), (1, 300, 1), (2, 2, 100)])
def test_shares_as_printed(count, of, shown):
    assert evidence.share(count, of) == Figure(shown, count, of)


def test_targets_are_counted_for_kpis_that_could_have_one():
    shown = report(
        [
            {"kpi_id": "CF-01", "tolerance": 2.0},
            {"kpi_id": "CF-02"},
            {"kpi_id": "CF-03"},  # promises a value, but the targets table has none
            {"kpi_id": "CF-04", "target_type": "increase"},
            {"kpi_id": "CF-05", "kind": "tracker", "target_type": "none"},
        ],
        [{"kpi_id": "CF-01", "target": 90.0}, {"kpi_id": "CF-02", "target": 80.0}],
        [{"kpi_id": "CF-01", "period": "2024-25 Q2", "value": 91.0}],
    ).kpis
    assert evidence.targets_set(shown) == Figure(50, 2, 4)
    assert evidence.tolerances_set(shown) == Figure(50, 1, 2)


def test_supporting_information_is_complete_when_no_column_is_empty():
    rows = kpis({"kpi_id": "CF-01", **COMPLETE}, {"kpi_id": "CF-02", **COMPLETE, "limitations": "", "next_review": pd.NaT})
    assert evidence.information_complete(rows) == Figure(50, 1, 2)
    assert evidence.information_gaps(rows)[["kpi_id", "missing"]].to_numpy().tolist() == [["CF-02", "limitations; next_review"]]
    by_column = evidence.information_by_column(rows).set_index("column")["filled"]
    assert (by_column["limitations"], by_column["next_review"], by_column["source"]) == (1, 1, 2)
    assert evidence.limitations_stated(rows) == Figure(50, 1, 2)


@pytest.mark.parametrize(("on", "count"), [(date(2024, 6, 30), 1), (date(2024, 7, 1), 0)])
def test_a_definition_is_in_date_on_its_review_day_and_not_after(on, count):
    rows = kpis({"kpi_id": "CF-01", **COMPLETE}, {"kpi_id": "CF-02"})
    assert evidence.definitions_in_date(rows, on=on).count == count


def test_a_change_agreed_after_its_quarter_is_not_agreed_and_the_first_list_is_no_change():
    rows = kpis({"kpi_id": "CF-01"}, {"kpi_id": "CF-02", "introduced": "2024-25 Q1"}, {"kpi_id": "CF-03"})
    added = {"change": "added", "field": "", "new_value": "unit: %"}
    first = kpis({})["introduced"].iloc[0]
    recorded = changes(
        {"kpi_id": "CF-01", "quarter": first, **added},  # on the list from its beginning
        {"kpi_id": "CF-02", **added, "agreed_on": pd.Timestamp("2024-06-30")},
        {"kpi_id": "CF-01", "agreed_on": pd.Timestamp("2024-07-01")},
        {"kpi_id": "CF-01", "field": "tolerance_type", "new_value": "absolute", "agreed_on": pd.Timestamp("2024-07-01")},
        {"kpi_id": "CF-03", "quarter": "2024-25 Q3"},  # later than the quarters asked for
    )
    quarters = [parse_quarter(first), Q1, Q2]
    found = evidence.list_changes(rows, recorded, quarters)
    assert found[["kpi_id", "change", "is_agreed"]].to_numpy().tolist() == [
        ["CF-01", "tolerance_set", False],
        ["CF-02", "added", True],
    ]
    assert evidence.list_changes_agreed(found) == Figure(50, 1, 2)


def test_a_list_that_did_not_change_is_not_measured():
    found = evidence.list_changes(kpis({}), changes(), [Q1, Q2])
    assert evidence.list_changes_agreed(found) == Figure(None, 0, 0)


def returned(kpi_rows: list[dict], result_rows: list[dict]) -> pd.DataFrame:
    shown = report(kpi_rows, (), result_rows, quarter=str(Q2))
    own = availability.of_council(results(*result_rows), AREA)
    return evidence.returns(shown.kpis, own, Q2, due_on=date(2024, 10, 25)).set_index("kpi_id")


def test_returns_are_on_time_late_or_missing():
    kpi_rows = [{"kpi_id": f"CF-0{number}"} for number in (1, 2, 3, 4)]
    before = [{"kpi_id": row["kpi_id"], "period": "2024-25 Q1", "value": 1.0} for row in kpi_rows]
    now = {"period": "2024-25 Q2", "value": 2.0}
    rows = [
        *before,
        {"kpi_id": "CF-01", **now, "received_on": pd.Timestamp("2024-10-25")},
        {"kpi_id": "CF-02", **now, "received_on": pd.Timestamp("2024-10-26")},
        {"kpi_id": "CF-04", **now, "value": None, "absence": "not_published", "received_on": pd.Timestamp("2024-10-01")},
    ]
    found = returned(kpi_rows, rows)
    assert found["is_on_time"].to_dict() == {"CF-01": True, "CF-02": False, "CF-03": False, "CF-04": True}
    assert found["is_missing"].to_dict() == {"CF-01": False, "CF-02": False, "CF-03": True, "CF-04": False}
    counted = evidence.count_returns([(Q2, found.reset_index())])
    assert counted.to_dict("records") == [{"quarter": "2024-25 Q2", "due": 4, "on_time": 2, "late": 1, "missing": 1}]
    assert evidence.returns_on_time(counted) == Figure(50, 2, 4)


def test_the_first_vintage_counts_and_a_result_due_before_is_not_due_again():
    yearly = {"measure_type": "annual", "frequency": "annual", "period_kind": "financial_year"}
    rows = [
        {"kpi_id": "CF-01", "period": "2024-25 Q2", "value": 2.0, "received_on": pd.Timestamp("2024-10-20")},
        {"kpi_id": "CF-01", "period": "2024-25 Q2", "value": 3.0, "vintage": 2, "received_on": pd.Timestamp("2024-12-01")},
        {"kpi_id": "CF-02", "period": "2023-24", "value": 2.0},  # fell due at the end of March
    ]
    found = returned([{"kpi_id": "CF-01"}, {"kpi_id": "CF-02", **yearly}], rows)
    assert found.index.tolist() == ["CF-01"]
    assert found["is_on_time"].all()


def test_a_benchmark_is_of_another_area_for_a_period_that_had_ended():
    row = {"value": 1.0, "producer": "DfE"}
    benchmarks = _frame(
        schemas.BENCHMARKS,
        [
            {"kpi_id": "CF-01", "area": "E92000001", "period": "2023-24", **row},
            {"kpi_id": "CF-01", "area": "E08000003", "period": "2023-24", **row},
            {"kpi_id": "CF-02", "area": AREA, "period": "2023-24", **row},
            {"kpi_id": "CF-03", "area": "E92000001", "period": "2024-25", **row},
        ],
    )
    listed = kpis(*({"kpi_id": f"CF-0{number}"} for number in (1, 2, 3)))
    assert evidence.benchmarks_held(listed, benchmarks, area=AREA, by=date(2024, 3, 31)) == Figure(33, 1, 3)


def test_an_adverse_highlight_needs_an_action_and_a_favourable_one_a_narrative():
    quarter = "2024-25 Q2"
    state = {"rating": ["red", "green", "green", "red"], "rag": ["red", "green", "green", "red"], "previous_rating": "green"}
    shown = pd.DataFrame({"kpi_id": ["CF-01", "CF-02", "CF-03", "CF-04"], **state})
    chosen = [{"quarter": quarter, "kpi_id": kpi_id, "choice": "include"} for kpi_id in shown["kpi_id"]]
    chosen.append({"quarter": quarter, "kpi_id": "CF-05", "choice": "exclude"})
    full = {"reason": "r", "action": "a", "owner": "o", "due_on": pd.Timestamp("2025-01-31")}
    spoken = [
        {"kpi_id": "CF-01", **full},
        {"kpi_id": "CF-02", "narrative": "n"},
        {"kpi_id": "CF-03", **full, "action": ""},
        {"kpi_id": "CF-04", "narrative": "n"},
    ]
    commentary = _frame(schemas.COMMENTARY, [{"quarter": quarter, **row} for row in spoken])
    figure = evidence.commentary_complete(_frame(schemas.HIGHLIGHTS, chosen), commentary, {quarter: shown})
    assert figure == Figure(50, 2, 4)


def test_revisions_are_new_figures_and_not_confirmations():
    day = {"received_on": pd.Timestamp("2024-05-01")}
    rows = results(
        {"period": "2023-24 Q1", "value": 1.0, **day},
        {"period": "2023-24 Q1", "value": 2.0, "vintage": 2, **day},
        {"period": "2023-24 Q2", "value": 1.0, "maturity": "provisional", **day},
        {"period": "2023-24 Q2", "value": 1.0, "vintage": 2, **day},
        {"period": "2023-24 Q3", "value": 1.0, "received_on": pd.Timestamp("2024-03-31")},
        {"period": "2023-24 Q3", "value": 2.0, "vintage": 2, "received_on": pd.Timestamp("2025-04-01")},
    )
    assert evidence.results_revised(rows, start=date(2024, 4, 1), end=date(2025, 3, 31)) == Figure(25, 1, 4)


def test_restated_ratings_of_several_quarters_are_added_up():
    frames = [pd.DataFrame({"is_rating_changed": flags}) for flags in ([True, False], [False, False])]
    assert evidence.ratings_restated(frames) == Figure(25, 1, 4)
    assert evidence.ratings_restated([frames[0].iloc[:0]]) == Figure(None, 0, 0)
