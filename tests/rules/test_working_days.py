"""Working days in England, against a plain calendar of rules and against days typed in from the government's list."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.rules import working_days

D = date.fromisoformat
# Typed in from gov.uk/bank-holidays, England and Wales, and for the past from the proclamations.
PUBLISHED = {
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",  # Christmas and Boxing Day fell on a weekend
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",  # jubilee, funeral; New Year and Christmas moved
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",  # coronation
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",  # Boxing Day is a Saturday
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}
HOLIDAYS = {D(f"{year}-{day}") for year, days in PUBLISHED.items() for day in days.split()}
days = st.dates(date(2021, 2, 1), date(2027, 11, 30))


def is_open(day: date) -> bool:
    return day.isoweekday() <= 5 and day not in HOLIDAYS


@pytest.mark.parametrize("year", PUBLISHED)
def test_bank_holidays_are_those_published_with_their_substitutes(year):
    assert set(working_days.bank_holidays(date(year, 1, 1), date(year, 12, 31))) == {day for day in HOLIDAYS if day.year == year}


@given(days)
def test_a_working_day_is_a_weekday_and_no_bank_holiday(day):
    assert working_days.is_working_day(day) == is_open(day)
    assert (working_days.why_not(day) == "") == is_open(day)


@given(days, st.integers(-40, 40))
def test_shifted_is_what_counting_on_a_wall_calendar_gives(day, count):
    step, left, there = (1 if count > 0 else -1), abs(count), day
    while left or (count == 0 and not is_open(there)):
        there += timedelta(days=step)
        left -= is_open(there) and left > 0
    assert working_days.shifted(day, count) == there


@given(days.filter(is_open), days.filter(is_open))
def test_counting_and_shifting_are_inverse(first, last):
    assert working_days.shifted(first, working_days.counted(first, last)) == last
    assert working_days.counted(first, last) == -working_days.counted(last, first)


@pytest.mark.parametrize(
    ("day", "count", "there"),
    [
        ("2024-03-31", 1, "2024-04-02"),  # quarter's end on Easter Sunday: Easter Monday is closed
        ("2024-12-31", 1, "2025-01-02"),  # New Year's Day
        ("2024-05-28", -1, "2024-05-24"),  # spring bank holiday and a weekend
        ("2024-12-24", 1, "2024-12-27"),  # Christmas Day and Boxing Day
        ("2021-12-24", 1, "2021-12-29"),  # the two substitutes
        ("2022-09-16", 1, "2022-09-20"),  # the state funeral
        ("2025-04-17", 1, "2025-04-22"),  # Good Friday to Easter Monday
    ],
)
def test_days_counted_by_hand(day, count, there):
    assert working_days.shifted(D(day), count) == D(there)
