"""The command line: one verb for each target of the Makefile."""

import argparse
import os
import signal
import sys
import tempfile
import traceback
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from kpireport.errors import ExitCode, KpireportError, ParameterError

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
CODES = """exit codes:
  0 done             2 parameters       3 data             4 a notebook's cell failed
  5 timeout          6 dead kernel      7 rendering        8 publishing
  1 a defect of kpireport               130 stopped by Ctrl-C"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m kpireport",
        description="Make a council's performance reports from its KPI register.",
        epilog=CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    verbs = top.add_subparsers(dest="verb", metavar="VERB")
    for occasion, (what, folder, is_quarterly) in OCCASIONS.items():
        _add_occasion(verbs, occasion, what, folder, is_quarterly=is_quarterly)
    year = verbs.add_parser(
        "year",
        help="make everything of a year that is due",
        description="Make every report of a financial year that is due: a quarter is once its round has a cut-off.",
        epilog=CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    year.add_argument("--year", required=True, metavar="YEAR", help="the financial year, such as 2023-24")
    year.add_argument("--by", default="", metavar="DAY", help="only what was due by this day, such as 2024-02-29")
    _add_places(year)
    sample = verbs.add_parser(
        "sample",
        help="write a made-up register of any size",
        description="Write a made-up register, the same for the same seed, in the shape that the reports read.",
        allow_abbrev=False,
    )
    sample.add_argument("--kpis", type=int, default=100, metavar="N", help="how many KPIs (default: 100)")
    sample.add_argument("--years", type=int, default=6, metavar="M", help="how many years of results (default: 6)")
    sample.add_argument("--seed", type=int, default=1, metavar="N", help="another seed gives other figures (default: 1)")
    sample.add_argument("--out", required=True, metavar="DIR", help="the folder to write")
    return top


def _add_occasion(verbs: Any, occasion: str, what: str, folder: str, *, is_quarterly: bool) -> None:
    verb = verbs.add_parser(
        occasion,
        help=f"make {what}",
        description=f"Make {what} and publish the files together in OUT/{folder}, replacing what was there.",
        epilog=CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    if is_quarterly:
        verb.add_argument("--quarter", default="", metavar="N", help="1 to 4 (default: as in params/)")
    verb.add_argument("--year", default="", metavar="YEAR", help="the year, such as 2024-25 (default: as in params/)")
    _add_places(verb)
    verb.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another parameter of the reports, such as as_known_on=2024-11-15; directorate=CF or board=CF makes only that one "
        "(give another --out, or the others leave the folder)",
    )


def _add_places(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--data", default="", metavar="DIR", help="the register; its council.yaml is used if it has one (default: data)"
    )
    verb.add_argument("--council", default="", metavar="FILE", help="the council's particulars (default: params/council.yaml)")
    verb.add_argument("--out", default="outputs", metavar="DIR", help="where the folder of the files goes (default: outputs)")
    verb.add_argument("--timeout", type=_seconds, default=600, metavar="SECONDS", help="allowed for each cell (default: 600)")


def _seconds(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 1 to 86400")
    return int(text)


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


def _sample(options: argparse.Namespace) -> None:
    from kpireport.sample import write

    write(Path(options.out).expanduser(), kpis=options.kpis, years=options.years, seed=options.seed)
    print(f"Wrote a made-up register to {options.out}")


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks, and return the exit code; what went wrong is one message on stderr."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, _stop)
    top = parser()
    options = top.parse_args(arguments)
    if options.verb is None:
        top.print_help()
        return ExitCode.DONE
    try:
        {"sample": _sample, "year": _year}.get(options.verb, _publish)(options)
    except KpireportError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("Stopped. Nothing was published.", file=sys.stderr)
        return ExitCode.INTERRUPTED
    except Exception:
        print(f"This is a defect of kpireport, not of your data. Please send {_log()} to its maintainers.", file=sys.stderr)
        return ExitCode.DEFECT
    return ExitCode.DONE


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _log() -> str:
    """Write the traceback of the current error to a new file and return its path."""
    handle, path = tempfile.mkstemp(prefix="kpireport-defect-", suffix=".log", text=True)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(traceback.format_exc())
    return path


if __name__ == "__main__":
    sys.exit(main())
