"""Periods: written one way, read one way, and stepped without surprise."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport import periods
from kpireport.periods import PeriodKind, last_ended, parse

YEARS = st.integers(1950, 2050)
PERIODS = st.one_of(
    st.builds(periods.month, YEARS, st.integers(1, 12)),
    st.builds(periods.quarter, YEARS, st.integers(1, 4)),
    st.builds(periods.term, YEARS, st.sampled_from(list(periods.TERMS))),
    st.builds(periods.financial_year, YEARS),
    st.builds(periods.calendar_year, YEARS),
    st.builds(periods.academic_year, YEARS),
    st.builds(periods.rolling_year, YEARS, st.integers(1, 12)),
    st.builds(lambda first, more: periods.pooled_years(first, first + more), YEARS, st.integers(1, 5)),
)


@given(PERIODS)
def test_every_period_is_read_as_it_is_written(period):
    assert parse(str(period)) == period


@given(PERIODS)
def test_previous_period_ends_before_this_one_and_is_as_long(period):
    before = period.previous()
    assert before.end < period.end
    assert before.kind is period.kind
    if period.kind not in (PeriodKind.TERM, PeriodKind.ROLLING_YEAR):
        assert before.months == period.months
        assert (period.start - before.end).days == 1


@given(PERIODS)
def test_same_period_last_year_has_the_same_months(period):
    before = period.same_last_year()
    assert (before.end.month, before.end.year) == (period.end.month, period.end.year - 1)


@given(st.sampled_from(list(PeriodKind)), st.dates(date(1980, 1, 1), date(2060, 12, 31)))
def test_last_ended_period_has_ended_and_the_next_one_has_not(kind, on):
    last = last_ended(kind, on)
    assert last.end <= on
    following = {PeriodKind.POOLED_YEARS: 12, PeriodKind.ROLLING_YEAR: 3}.get(kind)
    if kind is PeriodKind.TERM:
        assert (on - last.end).days < 31 + 150
    else:
        assert last.shift(following or last.months).end > on


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024-25 Q2", date(2024, 7, 1), date(2024, 9, 30)),
        ("2024-25 Q4", date(2025, 1, 1), date(2025, 3, 31)),
        ("Feb 2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023/24 Spring", date(2024, 1, 1), date(2024, 3, 31)),
        ("Year to Jun 2024", date(2023, 7, 1), date(2024, 6, 30)),
        ("2020 to 2022", date(2020, 1, 1), date(2022, 12, 31)),
    ],
)
def test_period_covers_its_months(text, start, end):
    assert (parse(text).start, parse(text).end) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mar-24",
        "2024-26",
        "2024-25 Q5",
        "2024-25Q2",
        "2024/26",
        "Sept 2024",
        "2022 to 2020",
        "24-25",
        "2024-25 Q2\n",
        "２０２４",
        "0001",
        "31/04/2024",
    ],
)
def test_what_is_not_written_as_a_period_is_refused(text):
    with pytest.raises(ValueError, match="is not a period"):
        parse(text)


def test_a_year_is_not_a_quarter():
    with pytest.raises(ValueError, match="write it like 2024-25 Q2"):
        periods.parse_quarter("2024-25")
