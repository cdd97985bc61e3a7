"""Working days in England: Monday to Friday without bank holidays, which the library `holidays` knows, substitutes included."""

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache
def _of_year(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("GB", subdiv="ENG", years=year))


def bank_holidays(first: date, last: date) -> dict[date, str]:
    """Return the bank holidays from `first` to `last` that take away a weekday, earliest first, each with its name."""
    found = {day: name for year in range(first.year, last.year + 1) for day, name in _of_year(year).items()}
    return {day: found[day] for day in sorted(found) if first <= day <= last and day.weekday() < 5}


def is_working_day(day: date) -> bool:
    """Return whether `day` is a weekday and no bank holiday."""
    return day.weekday() < 5 and day not in _of_year(day.year)


def why_not(day: date) -> str:
    """Return why `day` is no working day: its bank holiday's name, or the name of the weekday; "" when it is one."""
    return _of_year(day.year).get(day, "") or ("" if day.weekday() < 5 else f"{day:%A}")


def on_or_before(day: date) -> date:
    """Return `day`, or the last working day before it when it is none."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def shifted(day: date, count: int) -> date:
    """Return the working day that is `count` working days after `day`, or before it when `count` is negative.

    `day` itself is not counted, and may be any day: one working day after a Sunday is Monday. 0 is the day itself when it is a
    working day, and otherwise the last one before it.
    """
    if count == 0:
        return on_or_before(day)
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def counted(first: date, last: date) -> int:
    """Return how many working days after `first` the day `last` is; negative when it is before it.

    `shifted(first, counted(first, last))` is `last` for working days that differ.
    """
    if last < first:
        return -counted(last, first)
    days = (first + timedelta(days=offset) for offset in range(1, (last - first).days + 1))
    return sum(is_working_day(day) for day in days)
