"""What changed since a report was made, on lists of one KPI."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from kpireport.errors import ParameterError
from kpireport.periods import parse_quarter
from kpireport.rules import restatements
from kpireport.vocabulary import Because
from rules.rule_frames import AREA, changes, kpis, results, rounds, targets

Q1 = parse_quarter("2024-25 Q1")
CUT_OFF = date(2024, 8, 1)
KPI = {"tolerance": 2.0, "tolerance_type": "absolute", "lag_months": 0}
FIRST = {"kpi_id": "CF-01", "period": "2024-25 Q1", "value": 49.0, "received_on": date(2024, 7, 20)}
LATER = date(2024, 9, 2)


def since(result_rows, change_rows=(), kpi_rows=(KPI,), target_rows=({"target": 50.0},), **terms):
    record = SimpleNamespace(
        kpis=kpis(*kpi_rows),
        targets=targets(*target_rows),
        results=results(*result_rows),
        rounds=rounds(q1_2024_25=CUT_OFF),
        rebases=None,
        kpi_changes=changes(*change_rows),
    )
    return restatements.since(record, quarter=Q1, area=AREA, **terms)


def moved(told) -> list[list[str]]:
    return told.ratings[["old_rating", "new_rating", "because"]].to_numpy().tolist()


def test_nothing_changed_since():
    told = since([FIRST])
    assert (told.known_on, told.recorded_to) == (CUT_OFF, CUT_OFF)
    assert all(rows.empty for rows in (told.ratings, told.revised, told.received_late, told.list_changes, told.target_changes))


@pytest.mark.parametrize(
    ("rows", "expected", "revised", "late"),
    [
        ([FIRST, FIRST | {"value": 51.0, "vintage": 2, "received_on": LATER}], ["amber", "green", Because.REVISED], 1, 0),
        ([FIRST | {"received_on": LATER}], ["awaited", "amber", Because.FIRST], 0, 1),
        (
            [FIRST | {"period": "2023-24 Q4", "value": 60.0}, FIRST | {"received_on": LATER}],
            ["awaited", "amber", Because.NEWER],
            0,
            1,
        ),
    ],
)
def test_a_result_that_came_later_is_told_with_both_ratings(rows, expected, revised, late):
    told = since(rows)
    assert moved(told) == [expected]
    assert (len(told.revised), len(told.received_late)) == (revised, late)
    assert told.recorded_to == LATER


def test_a_day_that_was_asked_for_stands_instead_of_the_cut_off():
    rows = [FIRST, FIRST | {"value": 51.0, "vintage": 2, "received_on": LATER}]
    assert since(rows, known_on=LATER).ratings.empty
    assert moved(since(rows, known_on=date(2024, 7, 1))) == [["awaited", "green", Because.FIRST]]


def test_an_open_round_knows_everything():
    with pytest.raises(ParameterError, match="no cut-off yet"):
        restatements.since(SimpleNamespace(rounds=rounds(), results=results(FIRST), kpi_changes=changes()), quarter=Q1, area=AREA)


def test_a_change_agreed_later_for_the_same_quarter_moves_the_rating_and_one_for_the_next_does_not():
    row = {"field": "tolerance", "old_value": "", "new_value": "2", "agreed_on": pd.Timestamp(LATER)}
    told = since([FIRST], [row | {"quarter": "2024-25 Q1"}])
    assert moved(told) == [["red", "amber", Because.JUDGED]]
    assert told.list_changes["values"].tolist() == [(("tolerance", "", "2"),)]
    told = since([FIRST], [row | {"quarter": "2024-25 Q2"}])
    assert moved(told) == []
    assert len(told.list_changes) == 1


def test_a_target_set_since_is_told_apart():
    row = {"change": "target_set", "field": "target from 2019-20", "old_value": "48", "new_value": "50", "quarter": "2024-25 Q2"}
    told = since([FIRST], [row])
    assert (len(told.list_changes), len(told.target_changes)) == (0, 1)
    assert told.then.kpis["target"].tolist() == told.now.kpis["target"].tolist() == [48.0]


def test_a_revised_result_is_rated_then_by_the_definitions_of_then():
    row = {"old_value": "", "quarter": "2024-25 Q1", "agreed_on": pd.Timestamp(LATER)}
    told = since([FIRST, FIRST | {"value": 48.5, "vintage": 2, "received_on": LATER}], [row])
    assert told.revised[["old_rating", "new_rating"]].to_numpy().tolist() == [["red", "amber"]]


def test_a_published_file_is_compared_figure_by_figure():
    then = since([FIRST]).then.kpis
    file = pd.DataFrame([{"kpi_id": "CF-01", "period": "2024-25 Q1", "value": "49.0", "target": "50.0", "rating": "amber"}])
    assert restatements.differences(file, then).empty
    other = pd.concat([file.assign(value="49.1", rating="red"), file.assign(kpi_id="CF-99")])
    assert restatements.differences(other, then).to_numpy().tolist() == [
        ["CF-01", "value", "49.1", "49.0"],
        ["CF-01", "rating", "red", "amber"],
        ["CF-99", "kpi_id", "CF-99", ""],
    ]
