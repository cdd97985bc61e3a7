"""Past definitions, against a plain walk through the rows of each field."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.periods import parse_quarter
from kpireport.rules import definitions, oversight
from rules.rule_frames import changes, kpis, only_kpi, targets

QUARTERS = ["2023-24 Q4", "2024-25 Q1", "2024-25 Q2", "2024-25 Q3"]
Q1, Q2 = parse_quarter("2024-25 Q1"), parse_quarter("2024-25 Q2")


def at(quarter, kpi_rows=({},), target_rows=(), change_rows=(), known_on=None):
    return definitions.as_at(
        kpis(*kpi_rows), targets(*target_rows), changes(*change_rows), quarter=parse_quarter(quarter), known_on=known_on
    )


def test_a_list_on_which_nothing_changed_is_as_it_was():
    now = kpis({}), targets({"target": 50.0})
    then = at("2020-21 Q1", target_rows=[{"target": 50.0}])
    for before, after in zip(then, now, strict=True):
        pd.testing.assert_frame_equal(before, after)


def test_every_kind_of_field_is_undone_and_keeps_its_type():
    now = {"tolerance": 2.0, "decimals": 1, "polarity": "lower_is_better", "directorate": "CF", "retired": "2024-25 Q3"}
    rows = [
        {"field": "tolerance", "old_value": "", "new_value": "2"},
        {"field": "decimals", "old_value": "0", "new_value": "1"},
        {"field": "polarity", "old_value": "higher_is_better", "new_value": "lower_is_better"},
        {"field": "directorate", "old_value": "AH", "new_value": "CF"},
        {"field": "retired", "old_value": "", "new_value": "2024-25 Q3"},
    ]
    then, _ = at("2023-24 Q4", [now, {"kpi_id": "CF-02", **now}], change_rows=rows)
    assert then.dtypes.equals(kpis(now).dtypes)
    assert pd.isna(then["tolerance"].iloc[0])
    assert then[["decimals", "polarity", "directorate", "retired"]].iloc[0].tolist() == [0, "higher_is_better", "AH", ""]
    assert then["tolerance"].iloc[1] == 2.0  # another KPI, of which nothing changed


def test_targets_go_back_to_the_rows_that_there_were():
    now = [{"from_period": "Apr 2019", "to_period": "Mar 2024", "target": 90.0}, {"from_period": "Apr 2024", "target": 95.0}]
    rows = [
        {"change": "target_set", "field": "target from Apr 2019", "old_value": "90", "new_value": "90 until Mar 2024"},
        {"change": "target_set", "field": "target from Apr 2024", "old_value": "", "new_value": "95"},
    ]
    _, then = at("2023-24 Q4", target_rows=now, change_rows=rows)
    assert then[["from_period", "to_period", "target"]].to_numpy().tolist() == [["Apr 2019", "", 90.0]]
    assert then.dtypes.equals(targets(*now).dtypes)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 9)), max_size=6),
    st.integers(0, 3),
    st.none() | st.integers(0, 3),
)
def test_a_value_is_that_of_the_last_change_in_force(steps, asked, known):
    """Each step is the quarter of effect (in order), the quarter of the agreement, and the new tolerance."""
    days = [parse_quarter(quarter).end for quarter in QUARTERS]
    rows, value = [], ""
    for effect, agreed, new in sorted(steps, key=lambda step: step[0]):
        rows.append(
            {
                "quarter": QUARTERS[effect],
                "agreed_on": pd.Timestamp(days[agreed]),
                "field": "tolerance",
                "old_value": value,
                "new_value": str(new),
            }
        )
        value = str(new)
    expected = ""
    for row in rows:
        is_known = known is None or row["agreed_on"].date() <= days[known]
        expected = row["new_value"] if row["quarter"] <= QUARTERS[asked] and is_known else expected
    now = {"tolerance": float(value) if value else None}
    then, _ = at(QUARTERS[asked], [now], change_rows=rows, known_on=None if known is None else days[known])
    found = then["tolerance"].iloc[0]
    assert (pd.isna(found) and expected == "") or found == float(expected)


AMBER = [{"kpi_id": "CF-01", "period": period, "value": 49.0, "received_on": date(2024, 7, 1)} for period in QUARTERS[:2]]


@pytest.mark.parametrize(
    ("quarter", "effect", "agreed_on", "rating", "previous"),
    [
        ("2024-25 Q1", "2024-25 Q1", "2024-06-01", "amber", "red"),
        ("2024-25 Q1", "2024-25 Q2", "2024-06-01", "red", "red"),
        ("2024-25 Q1", "2024-25 Q1", "2024-09-01", "red", "red"),  # agreed after the report's last day
        ("2024-25 Q1", "2023-24 Q4", "2024-03-01", "amber", "amber"),
    ],
)
def test_a_quarter_is_rated_by_the_definitions_of_its_day(quarter, effect, agreed_on, rating, previous):
    day = {"received_on": date(2024, 4, 10)}
    shown = only_kpi(
        [{"tolerance": 2.0, "tolerance_type": "absolute", "lag_months": 0}],
        [{"target": 50.0}],
        [AMBER[0] | day, AMBER[1]],
        {"q4_2023_24": date(2024, 4, 30), "q1_2024_25": date(2024, 8, 1)},
        quarter=quarter,
        change_rows=[{"quarter": effect, "agreed_on": pd.Timestamp(agreed_on)}],
    )
    assert (shown["rating"], shown["previous_rating"]) == (rating, previous)


def test_rows_of_one_agreement_are_one_change():
    rows = changes(
        {}, {"field": "tolerance_type", "new_value": "absolute"}, {"change": "added", "field": "", "new_value": "unit: %"}
    )
    told = definitions.agreements(rows)
    assert told["change"].tolist() == ["tolerance_set", "added"]
    assert told["values"].tolist() == [(("tolerance", "", "2"), ("tolerance_type", "", "absolute")), ()]


def test_a_definition_is_in_date_on_its_review_day():
    rows = kpis(
        {"next_review": pd.Timestamp("2024-09-30")},
        {"kpi_id": "CF-02"},
        {"kpi_id": "CF-03", "next_review": pd.Timestamp("2024-10-01")},
    )
    assert oversight.reviews_due(rows, on=date(2024, 10, 1))["kpi_id"].tolist() == ["CF-01", "CF-02"]
