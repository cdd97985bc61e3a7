"""The verb that makes everything of a year that is due."""

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpireport.commands.options import add_places, add_reuse, add_scheduler, add_verb
from kpireport.commands.reports import make_all
from kpireport.errors import ParameterError

if TYPE_CHECKING:
    from kpireport.sources.register import Register
    from kpireport.vocabulary import Step


def add(verbs: Any) -> None:
    """Add the verb to the command line."""
    year = add_verb(
        verbs,
        "year",
        _year,
        help="make everything of a year that is due",
        description="Make every report of a financial year that is due: by the timetable where the meetings table has its "
        "meeting, otherwise once its round has a cut-off. A report of a quarter whose round is open is never made.",
    )
    year.add_argument("--year", required=True, metavar="YEAR", help="the financial year, such as 2023-24")
    year.add_argument("--by", default="", metavar="DAY", help="only what was due by this day, such as 2024-02-29")
    add_places(year)
    add_scheduler(year)
    add_reuse(year)


def _year(options: argparse.Namespace) -> None:
    from kpireport.publishing import surroundings
    from kpireport.publishing.asked import Places, Request

    surroundings.at_start(Places())  # the code as it is now, before it is imported
    from kpireport.publishing.year import due, waiting
    from kpireport.sources import register

    try:
        by = date.fromisoformat(options.by) if options.by else None
    except ValueError:
        raise ParameterError(f'by: "{options.by}" is not a day: write it like 2024-02-29.') from None
    data = Path(options.data or "data").expanduser()
    if not data.is_dir():
        raise ParameterError(f'data: there is no folder "{data}".')
    read = register.load(data)
    deadlines = _deadlines(read)
    for line in waiting(read.rounds, year=options.year, by=by, deadlines=deadlines):
        print(line)
    # Reports of one period are built as one: they share what is worked out of it.
    by_period: dict[tuple[str, str], list[Request]] = {}
    for request in due(read.rounds, year=options.year, by=by, deadlines=deadlines):
        by_period.setdefault((request.year, request.number), []).append(request)
    make_all(list(by_period.values()), options)


def _deadlines(register: "Register") -> "dict[tuple[Step, str], date]":
    """Return the day by which the timetable wants each report; nothing where no meeting is recorded."""
    from kpireport.commands.deadlines import entries
    from kpireport.rules import timetable

    return {} if register.meetings.empty else timetable.due_reports(entries(register))
