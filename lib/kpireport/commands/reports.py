"""The verbs that make reports: one for each occasion, and `year` for all that are due."""

import argparse
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpireport.commands.options import add_places, add_verb
from kpireport.errors import ParameterError

if TYPE_CHECKING:
    from kpireport.publishing.plan import Request

OCCASIONS = {
    "quarter": ("every report of a quarter", "2024-25-q2", True),
    "scrutiny": ("the public report for each Scrutiny Board", "2024-25-q2-scrutiny", True),
    "executive": ("the two-page update for the Executive Board", "2024-25-q2-executive", True),
    "annual": ("the Annual Performance Report", "2023-24-annual", False),
    "bca": ("the Best City Ambition Scorecard", "2023-24-bca", False),
    "survey": ("the analysis of the Survey of Internal Control", "2024-survey", False),
    "assurance": ("the annual assurance report to the audit committee", "2023-24-assurance", False),
}
"""What each verb makes, an example of its folder, and whether it is made each quarter. A report says which verb is its own."""


def add(verbs: Any) -> None:
    """Add the verbs to the command line."""
    for occasion, (what, folder, is_quarterly) in OCCASIONS.items():
        _add_occasion(verbs, occasion, what, folder, is_quarterly=is_quarterly)
    year = add_verb(
        verbs,
        "year",
        _year,
        help="make everything of a year that is due",
        description="Make every report of a financial year that is due: a quarter is once its round has a cut-off.",
    )
    year.add_argument("--year", required=True, metavar="YEAR", help="the financial year, such as 2023-24")
    year.add_argument("--by", default="", metavar="DAY", help="only what was due by this day, such as 2024-02-29")
    add_places(year)


def _add_occasion(verbs: Any, occasion: str, what: str, folder: str, *, is_quarterly: bool) -> None:
    verb = add_verb(
        verbs,
        occasion,
        _publish,
        help=f"make {what}",
        description=f"Make {what} and publish the files together in OUT/{folder}, replacing what was there.",
    )
    if is_quarterly:
        verb.add_argument("--quarter", default="", metavar="N", help="1 to 4 (default: as in params/)")
    verb.add_argument("--year", default="", metavar="YEAR", help="the year, such as 2024-25 (default: as in params/)")
    add_places(verb)
    verb.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another parameter of the reports, such as as_known_on=2024-11-15; directorate=CF or board=CF makes only that one "
        "(give another --out, or the others leave the folder)",
    )


def _publish(options: argparse.Namespace) -> None:
    from kpireport.publishing.plan import Request

    _make(Request(options.verb, getattr(options, "quarter", ""), options.year, settings=tuple(options.set)), options)


def _year(options: argparse.Namespace) -> None:
    from kpireport.publishing.year import due
    from kpireport.sources import register

    try:
        by = date.fromisoformat(options.by) if options.by else None
    except ValueError:
        raise ParameterError(f'by: "{options.by}" is not a day: write it like 2024-02-29.') from None
    data = Path(options.data or "data").expanduser()
    if not data.is_dir():
        raise ParameterError(f'data: there is no folder "{data}".')
    for request in due(register.load(data).rounds, year=options.year, by=by):
        period = f"{request.year} Q{request.number}" if request.number else request.year
        print(f"Making {request.occasion}, {period}.")
        _make(request, options)


def _make(request: "Request", options: argparse.Namespace) -> None:
    from kpireport.publishing.publication import publish

    asked = replace(request, data=options.data, council=options.council)
    done = publish(asked, outputs=Path(options.out).expanduser(), timeout=options.timeout)
    if done.warnings:
        print(f"The data gave {done.warnings} warning{'' if done.warnings == 1 else 's'}: questions that do not stop a report.")
    made = f"{done.reports} report{'' if done.reports == 1 else 's'}"
    print(f"Published {made}, {done.files} files. Begin with {done.folder / 'index.html'}")
