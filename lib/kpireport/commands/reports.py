"""The verbs that make reports: one for each occasion."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpireport.commands.opening import show
from kpireport.commands.options import add_places, add_reuse, add_scheduler, add_verb

if TYPE_CHECKING:
    from kpireport.publishing.asked import Request

OCCASIONS = {
    "quarter": ("every report of a quarter", "2024-25-q2", True),
    "scrutiny": ("the public report for each Scrutiny Board", "2024-25-q2-scrutiny", True),
    "partnership": ("the report for each partnership board and Community Committee", "2024-25-q2-partnership", True),
    "executive": ("the two-page update for the Executive Board", "2024-25-q2-executive", True),
    "annual": ("the Annual Performance Report", "2023-24-annual", False),
    "bca": ("the Best City Ambition Scorecard", "2023-24-bca", False),
    "survey": ("the analysis of the Survey of Internal Control", "2024-survey", False),
    "assurance": ("the annual assurance report to the audit committee", "2023-24-assurance", False),
    "timetable": ("the timetable of a year's reporting", "2024-25-timetable", False),
}
"""What each verb makes, an example of its folder, and whether it is made each quarter. A report says which verb is its own."""


def add(verbs: Any) -> None:
    """Add the verbs to the command line."""
    for occasion, (what, folder, is_quarterly) in OCCASIONS.items():
        _add_occasion(verbs, occasion, what, folder, is_quarterly=is_quarterly)


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
    add_scheduler(verb)
    add_reuse(verb)
    verb.add_argument(
        "--known",
        default="",
        metavar="DAY",
        help="as known at the end of this day, such as 2024-05-20, in a folder of its own: OUT/2023-24-q4-known-2024-05-20",
    )
    verb.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another parameter of the reports, such as edition=internal; directorate=CF or board=CF makes only that one "
        "(give another --out, or the others leave the folder)",
    )


def _publish(options: argparse.Namespace) -> None:
    from kpireport.publishing.asked import Request

    settings = (*([f"as_known_on={options.known}"] if options.known else []), *options.set)
    make(Request(options.verb, getattr(options, "quarter", ""), options.year, settings=settings), options)


def make(request: "Request", options: argparse.Namespace) -> None:
    """Publish what `request` asks for from the places that the options name, and say what was made.

    When it is published already, made from what lies there now, nothing is done, nor is anything imported that takes time.
    """
    from kpireport.publishing import freshness, surroundings
    from kpireport.publishing.asked import Places

    asked, outputs = replace(request, data=options.data, council=options.council), Path(options.out).expanduser()
    standing = freshness.standing(asked, outputs=outputs, now=surroundings.at_start(Places()))
    if standing.folder and standing.is_fresh and not options.rebuild:
        since = f" on {standing.since}" if standing.since else ""
        print(f"Nothing to make: {standing.folder} is as published{since}. Begin with {standing.folder / 'index.html'}")
        show(standing.folder / "index.html", is_asked=options.open)
        return
    if options.dry_run:
        from kpireport.publishing.foretelling import foretell

        print("\n".join(foretell(asked, standing, outputs=outputs, is_rebuild=options.rebuild)))
        return
    from kpireport.publishing.publication import publish

    done = publish(asked, outputs=outputs, timeout=options.timeout, scheduler=options.scheduler, is_rebuild=options.rebuild)
    if done.warnings:
        print(f"The data gave {done.warnings} warning{'' if done.warnings == 1 else 's'}: questions that do not stop a report.")
    made = f"{done.reports} report{'' if done.reports == 1 else 's'}"
    print(f"Published {made}, {done.files} files. Begin with {done.folder / 'index.html'}")
    show(done.folder / "index.html", is_asked=options.open)
