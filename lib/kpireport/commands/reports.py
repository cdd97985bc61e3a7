"""The verbs that make reports: one for each occasion."""

import argparse
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpireport.commands.opening import show
from kpireport.commands.options import add_places, add_reuse, add_scheduler, add_verb
from kpireport.errors import ExitCode, KpireportError

if TYPE_CHECKING:
    from kpireport.publishing.asked import Request
    from kpireport.publishing.occasion import Published
    from kpireport.publishing.reading_ahead import ReadingAhead

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
EVERY_QUARTER = ("quarter", "scrutiny", "partnership", "executive")
"""The occasions of every quarter, which the verb `all` makes together."""


def add(verbs: Any) -> None:
    """Add the verbs to the command line."""
    for occasion, (what, folder, is_quarterly) in OCCASIONS.items():
        _add_occasion(verbs, occasion, what, folder, is_quarterly=is_quarterly)
    verb = add_verb(
        verbs,
        "all",
        _publish_all,
        help="make all reports of a quarter: quarter, scrutiny, partnership and executive",
        description="Make what the verbs quarter, scrutiny, partnership and executive make, each in its own folder, but read the "
        "register once and make all reports together, which is quicker. What goes wrong with one of them stops no other.",
    )
    _add_quarter(verb)
    _add_usual(verb)


def _add_quarter(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--quarter", default="", metavar="N", help="1 to 4 (default: as in params/)")


def _add_usual(verb: argparse.ArgumentParser) -> None:
    """Add the options that every verb takes which makes reports."""
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


def _add_occasion(verbs: Any, occasion: str, what: str, folder: str, *, is_quarterly: bool) -> None:
    verb = add_verb(
        verbs,
        occasion,
        _publish,
        help=f"make {what}",
        description=f"Make {what} and publish the files together in OUT/{folder}, replacing what was there.",
    )
    if is_quarterly:
        _add_quarter(verb)
    _add_usual(verb)
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


def _publish_all(options: argparse.Namespace) -> None:
    from kpireport.publishing.asked import Request

    settings = (f"as_known_on={options.known}",) if options.known else ()
    make_all([[Request(one, options.quarter, options.year, settings=settings) for one in EVERY_QUARTER]], options)


def make(request: "Request", options: argparse.Namespace) -> None:
    """Publish what `request` asks for from the places that the options name, and say what was made.

    When it is published already, made from what lies there now, nothing is done, nor is anything imported that takes time.
    """
    asked, outputs = _asked(request, options), Path(options.out).expanduser()
    if (page := _standing(asked, outputs, options)) is None and not options.dry_run:
        with _reading_ahead(options) as ahead:
            from kpireport.publishing.publication import publish

            done = publish(asked, outputs=outputs, load=ahead.load, **_given(options))
        _tell_warnings(done.warnings)
        page = _tell(done)
    if page:
        show(page, is_asked=options.open)


def make_all(groups: "Sequence[Sequence[Request]]", options: argparse.Namespace) -> None:
    """Publish much as `make` does one thing: what a group asks for is built as one, one group after the other.

    Raises
    ------
    KpireportError
        When something is not published; all that could be made is. Its exit code is the highest of all that went wrong.
    """
    outputs, is_any = Path(options.out).expanduser(), False
    todo: list[list[Request]] = []
    for group in groups:
        stale = []
        for request in group:
            page = _standing(asked := _asked(request, options), outputs, options)
            stale += [] if page else [asked]
            is_any = is_any or page is not None
        todo += [stale] if stale else []
    failed, worst, warned = dict[str, list[str]](), ExitCode.DONE, set[int]()
    if todo and not options.dry_run:
        with _reading_ahead(options) as ahead:
            from kpireport.publishing.publication import publish_all

            for request, done in publish_all(todo, outputs=outputs, load=ahead.load, **_given(options)):
                if isinstance(done, KpireportError):
                    failed.setdefault(str(done), []).append(request.told)
                    worst = max(worst, done.exit_code)
                else:
                    if done.warnings not in warned:
                        _tell_warnings(done.warnings)
                    warned.add(done.warnings)
                    _tell(done)
                    is_any = True
    if is_any:
        show(outputs / "index.html", is_asked=options.open)
    if failed:
        error = KpireportError("\n".join(f"{'; '.join(names)}: {told}" for told, names in failed.items()))
        error.exit_code = worst
        raise error


def _asked(request: "Request", options: argparse.Namespace) -> "Request":
    return replace(request, data=options.data, council=options.council, forms=options.forms)


def _standing(asked: "Request", outputs: Path, options: argparse.Namespace) -> Path | None:
    """Return the page with which to begin of what is published already; say so, or what would be made when only that is asked."""
    from kpireport.publishing import freshness, surroundings
    from kpireport.publishing.asked import Places

    standing = freshness.standing(asked, outputs=outputs, now=surroundings.at_start(Places()))
    if standing.folder and standing.is_fresh and not options.rebuild:
        since = f" on {standing.since}" if standing.since else ""
        print(f"Nothing to make: {standing.folder} is as published{since}. Begin with {standing.folder / 'index.html'}")
        return standing.folder / "index.html"
    if options.dry_run:
        from kpireport.publishing.foretelling import foretell

        print("\n".join(foretell(asked, standing, outputs=outputs, is_rebuild=options.rebuild)))
    return None


def _reading_ahead(options: argparse.Namespace) -> "AbstractContextManager[ReadingAhead]":
    """Have the register read from now on that will most likely be asked for; what makes reports is imported meanwhile."""
    from kpireport.publishing import reading_ahead
    from kpireport.publishing.asked import Places

    return reading_ahead.begun(Path(options.data).expanduser() if options.data else Places().root / "data")


def _given(options: argparse.Namespace) -> dict[str, Any]:
    return {"timeout": options.timeout, "scheduler": options.scheduler, "is_rebuild": options.rebuild}


def _tell_warnings(count: int) -> None:
    if count:
        print(f"The data gave {count} warning{'' if count == 1 else 's'}: questions that do not stop a report.")


def _tell(done: "Published") -> Path:
    """Say what was published, and return the page with which to begin."""
    made = f"{done.reports} report{'' if done.reports == 1 else 's'}"
    print(f"Published {made}, {done.files} files. Begin with {done.folder / 'index.html'}")
    return done.folder / "index.html"
