"""What the record held on a day, what was due, and what may be shown: told apart in the order of the rating contract."""

from calendar import monthrange
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kpireport import periods
from kpireport.periods import PeriodKind, parse, parse_quarter
from kpireport.rules import availability
from kpireport.vocabulary import Frequency
from rule_frames import AREA, kpis, only_kpi, results

Q2 = parse_quarter("2024-25 Q2")
QUARTERS = [periods.quarter(2023 + number // 4, number % 4 + 1) for number in range(8)]


@pytest.mark.parametrize(
    ("kind", "frequency", "lag", "anchor", "by", "expected"),
    [
        ("quarter", "quarterly", 0, "", date(2024, 9, 30), "2024-25 Q2"),
        ("quarter", "quarterly", 1, "", date(2024, 9, 30), "2024-25 Q1"),
        ("quarter", "quarterly", 3, "", date(2024, 9, 30), "2024-25 Q1"),
        ("quarter", "quarterly", 4, "", date(2024, 9, 30), "2023-24 Q4"),
        ("quarter", "annual", 0, "2019-20 Q3", date(2024, 9, 30), "2023-24 Q3"),
        ("month", "monthly", 0, "", date(2024, 9, 30), "Sep 2024"),
        ("month", "monthly", 2, "", date(2024, 12, 31), "Oct 2024"),
        ("month", "quarterly", 1, "", date(2024, 9, 30), "Jun 2024"),
        ("month", "quarterly", 1, "May 2020", date(2024, 9, 30), "Aug 2024"),
        ("term", "termly", 0, "", date(2024, 9, 30), "2023/24 Summer"),
        ("term", "termly", 3, "", date(2024, 9, 30), "2023/24 Spring"),
        ("term", "annual", 1, "2019/20 Autumn", date(2024, 9, 30), "2023/24 Autumn"),
        ("financial_year", "annual", 6, "", date(2024, 9, 30), "2023-24"),
        ("financial_year", "annual", 7, "", date(2024, 9, 30), "2022-23"),
        ("calendar_year", "annual", 9, "", date(2024, 9, 30), "2023"),
        ("academic_year", "annual", 1, "", date(2024, 9, 30), "2023/24"),
        ("rolling_year", "quarterly", 3, "", date(2024, 9, 30), "Year to Jun 2024"),
        ("rolling_year", "monthly", 2, "", date(2024, 9, 30), "Year to Jul 2024"),
        ("rolling_year", "quarterly", 0, "Year to Nov 2022", date(2024, 9, 30), "Year to Aug 2024"),
        ("pooled_years", "annual", 12, "", date(2024, 9, 30), "2020 to 2022"),
        ("pooled_years", "annual", 12, "2014 to 2015", date(2024, 12, 31), "2022 to 2023"),
        ("calendar_year", "biennial", 6, "2019", date(2024, 9, 30), "2023"),
        ("financial_year", "biennial", 6, "2020-21", date(2024, 9, 30), "2022-23"),
        ("financial_year", "biennial", 6, "", date(2024, 9, 30), "None"),
    ],
)
def test_expected_period_is_the_latest_that_has_fallen_due(kind, frequency, lag, anchor, by, expected):
    start = parse(anchor) if anchor else None
    assert str(availability.expected_period(PeriodKind(kind), Frequency(frequency), lag, start, by)) == expected


def month_end(number: int) -> date:
    return date(number // 12, number % 12 + 1, monthrange(number // 12, number % 12 + 1)[1])


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


@given(st.sampled_from(["quarter", "month", "financial_year", "rolling_year"]), st.integers(0, 24), st.integers(24_190, 24_310))
def test_expected_period_is_due_and_the_next_one_is_not(kind, lag, by):
    frequency = {"quarter": "quarterly", "month": "monthly", "financial_year": "annual", "rolling_year": "quarterly"}[kind]
    step = {"quarterly": 3, "monthly": 1, "annual": 12}[frequency]
    expected = availability.expected_period(PeriodKind(kind), Frequency(frequency), lag, None, month_end(by))
    assert month_number(expected.end) + lag <= by < month_number(expected.end) + step + lag


def test_record_as_known_holds_the_latest_vintage_received_by_the_day():
    record = results(
        {"period": "2023-24", "value": 39.6, "received_on": date(2024, 6, 1)},
        {"period": "2023-24", "value": 38.7, "vintage": 2, "received_on": date(2024, 11, 1)},
    )
    before, after = (availability.as_known(record, day) for day in (date(2024, 10, 31), date(2024, 11, 1)))
    assert before[["value", "is_revised"]].to_numpy().tolist() == [[39.6, False]]
    assert after[["value", "is_revised"]].to_numpy().tolist() == [[38.7, True]]
    assert availability.as_known(record, None)["value"].tolist() == [38.7]
    assert availability.as_known(record, date(2024, 5, 31)).empty


@pytest.mark.parametrize(
    ("first", "second", "is_revised"),
    [
        ({"value": 5.0}, {"value": 5.0, "maturity": "final"}, False),
        ({"absence": "not_published"}, {"value": 5.0}, False),
        ({"value": 5.0}, {"value": 5.0, "denominator": 70.0}, False),
        ({"value": 5.0}, {"value": 5.1}, True),
        ({"value": 5.0, "denominator": 70.0}, {"value": 5.0, "denominator": 71.0}, True),
        ({"value": 5.0}, {"absence": "suppressed"}, True),
    ],
)
def test_a_revision_changes_a_figure_that_was_there(first, second, is_revised):
    record = results({"period": "2023-24", "maturity": "provisional"} | first, {"period": "2023-24", "vintage": 2} | second)
    assert availability.as_known(record, None)["is_revised"].tolist() == [is_revised]


def test_vintages_of_wards_and_groups_are_their_own():
    record = results(
        {"period": "2023-24", "value": 1.0},
        {"period": "2023-24", "value": 2.0, "area": "E05000001"},
        {"period": "2023-24", "value": 3.0, "group": "most deprived tenth"},
    )
    assert availability.as_known(record, None)["value"].tolist() == [1.0, 2.0, 3.0]
    assert availability.of_council(record, AREA)["value"].tolist() == [1.0]


STATES = [
    pytest.param({"period": "2024-25 Q2", "value": 5.0}, "green", id="expected_result_in"),
    pytest.param({"period": "2024-25 Q1", "value": 5.0}, "awaited", id="stale_result_is_awaited"),
    pytest.param({"period": "2024-25 Q2", "absence": "not_published"}, "not_published", id="national_source_late"),
    pytest.param({"period": "2024-25 Q2", "absence": "suppressed"}, "suppressed", id="suppressed"),
    pytest.param({"period": "2024-25 Q2", "absence": "not_applicable"}, "not_applicable", id="not_applicable"),
    pytest.param({"period": "2024-25 Q2", "absence": "not_available"}, "not_available", id="not_available"),
    pytest.param({"period": "2024-25 Q1", "absence": "not_published"}, "awaited", id="an_old_reason_explains_nothing_new"),
    pytest.param({"period": "2024-25 Q3", "value": 5.0}, "awaited", id="a_later_quarter_is_not_yet_known"),
]


@pytest.mark.parametrize(("result", "rating"), STATES)
def test_state_of_a_result(result, rating):
    assert only_kpi([{}], [{"target": 4.0}], [result]).rating == rating


@pytest.mark.parametrize(
    ("kpi", "expected"),
    [
        ({"kind": "tracker", "target_type": "none"}, "not_rated"),
        ({"target_type": "none"}, "not_rated"),
        ({"target_type": "increase"}, "not_rated"),
    ],
)
def test_tracker_or_kpi_without_target_or_comparator_is_not_rated_once_its_result_is_in(kpi, expected):
    assert only_kpi([kpi], [], [{"period": "2024-25 Q2", "value": 5.0}]).rating == expected
    assert only_kpi([kpi], [], []).rating == "awaited"


def test_nothing_is_due_of_a_kpi_for_periods_before_it_joined_the_list():
    yearly = {"period_kind": "financial_year", "frequency": "annual", "lag_months": 6, "introduced": "2024-25 Q1"}
    new = only_kpi([yearly], [{"target": 4.0}])
    assert [new.rating, new.expected_period] == ["not_due", ""]
    with_old_results = only_kpi([yearly], [{"target": 4.0}], [{"period": "2022-23", "value": 5.0}])
    assert [with_old_results.rating, with_old_results.expected_period] == ["awaited", "2023-24"]


def test_a_result_that_comes_before_it_is_due_is_rated():
    early = only_kpi([{"lag_months": 6, "introduced": "2024-25 Q2"}], [{"target": 4.0}], [{"period": "2024-25 Q2", "value": 5.0}])
    assert [early.rating, early.expected_period, early.is_latest_expected] == ["green", "", True]


def test_a_later_reason_for_absence_does_not_hide_the_result_that_was_due():
    rows = [{"period": "2023-24 Q4", "value": 5.0}, {"period": "2024-25 Q2", "absence": "not_published"}]
    assert only_kpi([{"lag_months": 4}], [{"target": 4.0}], rows).rating == "green"


def test_stale_value_is_shown_with_its_own_period_and_the_reason_of_the_expected_one():
    rows = [
        {"period": "2024-25 Q1", "value": 5.0, "note": "Old note."},
        {"period": "2024-25 Q2", "absence": "not_published", "note": "The source is late."},
    ]
    shown = only_kpi([{}], [{"target": 4.0}], rows)
    assert [shown.period, shown.value, shown.absence, shown.note] == ["2024-25 Q1", 5.0, "not_published", "The source is late."]
    assert [shown.rating, shown.rag, shown.basis, shown.is_latest_expected] == ["not_published", "", "none", False]


RECORD = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.integers(0, 700),
        st.sampled_from([1.0, 2.0, 3.0, "not_published", "suppressed", "not_available"]),
    ),
    max_size=12,
)


def shown_by_hand(record, introduced, lag, known_on):
    """Return the state and the shown period of one quarterly KPI, by going through its record entry by entry."""
    known = {}
    for number, received_after, content in record:
        if date(2023, 6, 30) + timedelta(days=received_after) <= known_on and QUARTERS[number].end <= Q2.end:
            known[QUARTERS[number]] = content
    owed = [quarter for quarter in QUARTERS if month_number(quarter.end) + lag <= month_number(Q2.end)]
    owed = owed[-1] if owed and (owed[-1].end >= introduced.start or any(old <= owed[-1] for old in known)) else None
    with_value = [quarter for quarter in sorted(known) if isinstance(known[quarter], float)]
    shown = with_value[-1] if with_value else sorted(known)[-1] if known else None
    if with_value and (owed is None or with_value[-1] >= owed):
        state = ""
    elif owed is None:
        state = "not_due"
    elif known and sorted(known)[-1] >= owed:
        state = known[sorted(known)[-1]]
    else:
        state = "awaited"
    return state, str(shown or "")


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(RECORD, st.integers(0, 7), st.integers(0, 12)), min_size=1, max_size=12), st.integers(0, 700))
def test_state_and_shown_result_agree_with_the_record_read_by_hand(drawn, known_after):
    known_on = date(2023, 6, 30) + timedelta(days=known_after)
    rows, table, by_hand = [], [], []
    for number, (record, introduced, lag) in enumerate(drawn):
        kpi_id = f"CF-{number:02d}"
        # Vintages are received in their order.
        entries = sorted(record, key=lambda entry: entry[1])
        table.append({"kpi_id": kpi_id, "lag_months": lag, "introduced": str(QUARTERS[introduced])})
        by_hand.append(shown_by_hand(entries, QUARTERS[introduced], lag, known_on))
        for vintage, (quarter, received_after, content) in enumerate(entries, start=1):
            held = {"value": content} if isinstance(content, float) else {"absence": content}
            received = date(2023, 6, 30) + timedelta(days=received_after)
            rows.append({"kpi_id": kpi_id, "period": str(QUARTERS[quarter]), "vintage": vintage, "received_on": received} | held)
    known = availability.as_known(availability.of_council(results(*rows), AREA), known_on)
    latest = availability.latest(kpis(*table), known, Q2)
    assert list(zip(latest["state"], latest["period"], strict=True)) == by_hand


def test_period_days_are_looked_up_once_and_missing_for_no_period():
    texts = pd.Series(["2024-25 Q2", "", "2024-25 Q2"], index=[7, 8, 9])
    ends = availability.period_days(texts)
    assert ends.dt.strftime("%d %B %Y").tolist()[::2] == ["30 September 2024"] * 2
    assert ends.isna().tolist() == [False, True, False]
    assert availability.period_days(texts.iloc[:0]).empty
