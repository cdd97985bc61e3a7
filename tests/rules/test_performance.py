"""A quarter's report: who is on the list, what is shown, what moved, and what came too late."""

from datetime import date

import pandas as pd
import pytest
from kpireport.errors import DataError
from kpireport.rules.performance import of_kpis
from rule_frames import only_kpi, report

CUT_OFFS = {"q1_2024_25": date(2024, 7, 28), "q2_2024_25": date(2024, 10, 28)}
JULY, OCTOBER = date(2024, 7, 20), date(2024, 10, 20)
Q1 = {"period": "2024-25 Q1", "received_on": JULY}
Q2 = {"period": "2024-25 Q2", "received_on": OCTOBER}
TARGET = {"target": 95.0}
BAND = {"tolerance": 2.0}


@pytest.mark.parametrize(
    ("kpi", "is_listed"),
    [
        ({"introduced": "2024-25 Q2"}, True),
        ({"introduced": "2024-25 Q3"}, False),
        ({"retired": "2024-25 Q3"}, True),
        ({"retired": "2024-25 Q2"}, False),
    ],
)
def test_kpi_is_on_the_list_from_its_introduction_until_its_retirement(kpi, is_listed):
    assert len(report([kpi]).kpis) == is_listed


def test_results_received_after_the_cut_off_are_not_used_and_are_told():
    rows = [Q1 | {"value": 96.0}, Q2 | {"value": 94.0, "received_on": date(2024, 10, 29)}]
    late = report([BAND], [TARGET], rows, CUT_OFFS)
    assert late.kpis["rating"].tolist() == ["awaited"]
    assert late.received_late[["kpi_id", "period", "value"]].to_numpy().tolist() == [["CF-01", "2024-25 Q2", 94.0]]
    assert late.received_late["received_on"].dt.date.tolist() == [date(2024, 10, 29)]
    assert late.history["period"].tolist() == ["2024-25 Q1"]


@pytest.mark.parametrize(
    ("kpi", "row"),
    [
        pytest.param({"lag_months": 3}, {"value": 94.0}, id="not_due_until_next_quarter"),
        pytest.param({}, {"value": 94.0, "vintage": 2}, id="revision_of_a_result_that_was_in_time"),
    ],
)
def test_result_after_the_cut_off_is_not_late_when_it_was(kpi, row):
    rows = [Q1 | {"value": 96.0}, Q2 | {"value": 95.0}, Q2 | row | {"received_on": date(2024, 10, 29)}]
    rows = rows if "vintage" in row else [rows[0], rows[2]]
    assert report([BAND | kpi], [TARGET], rows, CUT_OFFS).received_late.empty


def test_day_of_the_cut_off_still_counts():
    assert only_kpi([BAND], [TARGET], [Q2 | {"value": 96.0, "received_on": date(2024, 10, 28)}], CUT_OFFS).rating == "green"


def test_open_round_uses_the_whole_record():
    open_round = report([BAND], [TARGET], [Q2 | {"value": 96.0, "received_on": date(2030, 1, 1)}])
    assert open_round.known_on is None
    assert open_round.kpis["rating"].tolist() == ["green"]
    assert open_round.received_late.empty


def test_as_known_on_replaces_the_cut_off():
    early = report([BAND], [TARGET], [Q2 | {"value": 96.0}], CUT_OFFS, as_known_on=date(2024, 10, 19))
    assert [early.known_on, early.kpis["rating"][0]] == [date(2024, 10, 19), "awaited"]


def test_report_as_known_before_the_last_cut_off_knows_no_more_for_the_last_report():
    rows = [Q1 | {"value": 96.0}, Q1 | {"value": 94.0, "vintage": 2, "received_on": date(2024, 7, 27)}]
    early = report([BAND], [TARGET], rows, CUT_OFFS, as_known_on=date(2024, 7, 26))
    assert early.restated.empty
    assert early.kpis["previous_rating"].tolist() == ["green"]


MOVES = [
    pytest.param(96.0, 90.0, "newly_red", id="green_to_red"),
    pytest.param(94.0, 90.0, "newly_red", id="amber_to_red"),
    pytest.param(None, 90.0, "newly_red", id="awaited_to_red"),
    pytest.param(96.0, 94.0, "worse", id="green_to_amber"),
    pytest.param(90.0, 94.0, "better", id="red_to_amber"),
    pytest.param(96.0, 97.0, "same", id="green_and_green"),
    pytest.param(90.0, 89.0, "same", id="red_and_red"),
    pytest.param(None, 96.0, "newly_rated", id="awaited_to_green"),
    pytest.param(96.0, None, "no_longer_rated", id="green_to_awaited"),
    pytest.param(None, None, "", id="awaited_twice"),
]


@pytest.mark.parametrize(("then", "now", "move"), MOVES)
def test_move_of_a_rating_since_the_last_report(then, now, move):
    rows = [row | {"value": value} for row, value in ((Q1, then), (Q2, now)) if value is not None]
    kpi = only_kpi([BAND], [TARGET], rows, CUT_OFFS)
    assert [kpi.rating_move, kpi.is_new] == [move, now is not None]


def test_kpi_not_on_the_last_list_is_first_reported():
    kpi = only_kpi([{"introduced": "2024-25 Q2"}], [TARGET], [Q1 | {"value": 90.0}, Q2 | {"value": 90.0}], CUT_OFFS)
    assert [kpi.previous_rating, kpi.previous_basis, kpi.rating_move] == ["", "", "first_reported"]


def test_rating_kept_for_a_result_that_is_not_new_is_the_same():
    yearly = {"period_kind": "financial_year", "frequency": "annual", "lag_months": 2, "measure_type": "annual"}
    kpi = only_kpi([yearly], [TARGET], [Q1 | {"period": "2023-24", "value": 96.0}], CUT_OFFS)
    assert [kpi.rating, kpi.rating_move, kpi.is_new] == ["green", "same", False]


def test_previous_rating_is_the_one_known_then_and_not_the_restated_one():
    rows = [
        Q1 | {"value": 96.0},
        Q1 | {"value": 90.0, "vintage": 2, "received_on": OCTOBER},
        Q2 | {"value": 90.0},
    ]
    kpi = only_kpi([BAND], [TARGET], rows, CUT_OFFS)
    assert [kpi.previous_rating, kpi.rating, kpi.rating_move] == ["green", "red", "newly_red"]


def test_first_target_after_an_interim_one_starts_a_new_basis():
    # The register keeps one target type for a KPI; the basis changes when the target begins.
    rows = [Q1 | {"value": 96.0}, Q2 | {"value": 97.0}]
    kpi = only_kpi([BAND], [TARGET | {"from_period": "2024-25 Q2"}], rows, CUT_OFFS)
    assert [kpi.previous_rating, kpi.previous_basis, kpi.rating_move, kpi.basis] == ["not_rated", "none", "newly_rated", "target"]


def test_unrated_kpi_has_neither_basis_nor_gap_though_its_stale_value_is_shown():
    kpi = only_kpi([BAND], [TARGET], [Q1 | {"value": 90.0}], CUT_OFFS)
    assert [kpi.value, kpi.target, kpi.rating, kpi.rag, kpi.basis, kpi.unrounded_rag] == [90.0, 95.0, "awaited", "", "none", ""]
    assert pd.isna(kpi.gap_to_target)
    assert not kpi.is_tolerance_missing


def test_kpi_without_any_result_shows_the_target_that_it_is_to_meet():
    assert only_kpi([BAND], [TARGET], [], CUT_OFFS)[["target", "floor", "tolerance_size"]].tolist() == [95.0, 93.0, 2.0]


def test_history_has_each_period_once_at_its_latest_vintage_with_its_own_target():
    rows = [Q2 | {"value": 94.0}, Q1 | {"value": 96.0}, Q1 | {"value": 95.0, "vintage": 2}]
    rows += [Q1 | {"value": 1.0, "area": "E05000001"}, Q1 | {"value": 2.0, "group": "most deprived tenth"}]
    held = [TARGET | {"to_period": "2024-25 Q1"}, {"target": 97.0, "from_period": "2024-25 Q2"}]
    history = report([BAND], held, rows, CUT_OFFS).history
    assert history[["period", "value", "target", "is_revised"]].to_numpy().tolist() == [
        ["2024-25 Q1", 95.0, 95.0, True],
        ["2024-25 Q2", 94.0, 97.0, False],
    ]


def test_one_directorates_kpis_keep_their_own_history_and_revisions():
    rows = [{"kpi_id": kpi_id} | row for kpi_id in ("CF-01", "CF-02") for row in (Q1 | {"value": 96.0}, Q2 | {"value": 90.0})]
    whole = report([{"kpi_id": "CF-01"}, {"kpi_id": "CF-02"}], [TARGET], rows, CUT_OFFS)
    part = of_kpis(whole, ["CF-02"])
    assert part.kpis["kpi_id"].tolist() == ["CF-02"]
    assert part.history["kpi_id"].tolist() == ["CF-02", "CF-02"]
    assert part.quarter == whole.quarter


def test_percentage_tolerance_of_a_zero_target_stops_the_report():
    with pytest.raises(DataError, match="a target of 0"):
        report([{"tolerance": 5.0, "tolerance_type": "percent_of_target"}], [{"target": 0.0}])


def test_report_of_an_empty_register_is_empty():
    empty = report([])
    assert empty.kpis.empty
    assert empty.history.empty


def test_declared_change_of_process_begins_the_limits_of_variation_again():
    quarters = [f"{year}-{year % 100 + 1} Q{number}" for year in range(2017, 2025) for number in (1, 2, 3, 4)][: 4 * 7 + 2]
    rows = [
        {"period": quarter, "value": 10.0 + 30.0 * (place >= 15), "received_on": JULY} for place, quarter in enumerate(quarters)
    ]
    change = pd.DataFrame({"kpi_id": ["CF-01"], "from_period": [quarters[15]], "reason": ["a new system"]})
    assert only_kpi([BAND], [TARGET], rows).variation == "improvement"
    rebased = only_kpi([BAND], [TARGET], rows, rebases=change)
    assert (rebased["variation"], rebased["mean"], rebased["points"]) == ("common_cause", 40.0, 15)
