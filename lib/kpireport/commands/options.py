"""What verbs of the command line share."""

import argparse
from collections.abc import Callable
from typing import Any

CODES = """exit codes:
  0 done             2 parameters       3 data             4 a notebook's cell failed
  5 timeout          6 dead kernel      7 rendering        8 publishing
  1 a defect of kpireport               130 stopped by Ctrl-C
  of verify, which is 0 for REPRODUCED: 10 FIGURES MATCH, 11 DIFFERS, 12 INCONCLUSIVE, 13 a bundle that is not safe to open"""


def add_verb(
    verbs: Any, name: str, run: Callable[[argparse.Namespace], None], *, help: str, description: str
) -> argparse.ArgumentParser:
    """Add a verb that calls `run` with what was asked; `run` raises a KpireportError for whatever a person can put right."""
    verb: argparse.ArgumentParser = verbs.add_parser(
        name,
        help=help,
        description=description,
        epilog=CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    verb.set_defaults(run=run)
    return verb


def add_places(verb: argparse.ArgumentParser) -> None:
    """Add the options that say where a build reads and writes."""
    verb.add_argument(
        "--data",
        default="",
        metavar="DIR",
        help="the register; its council.yaml is used if it has one (default: data). A folder of registers, a pattern such as "
        "'councils/*' or several folders: each council in OUT/its folder",
    )
    verb.add_argument("--council", default="", metavar="FILE", help="the council's particulars (default: params/council.yaml)")
    verb.add_argument("--out", default="outputs", metavar="DIR", help="where the folder of the files goes (default: outputs)")
    verb.add_argument("--timeout", type=_seconds, default=600, metavar="SECONDS", help="allowed for each cell (default: 600)")


def add_scheduler(verb: argparse.ArgumentParser) -> None:
    """Add the option that says which cluster makes the reports."""
    verb.add_argument(
        "--scheduler",
        default="",
        metavar="ADDRESS",
        help="make the reports on the Dask cluster of this scheduler, such as tcp://host:8786; its machines need the same code",
    )


def add_reuse(verb: argparse.ArgumentParser) -> None:
    """Add the options that say whether what was made before is used, and whether anything is made at all."""
    verb.add_argument("--rebuild", action="store_true", help="make every report and draw every chart, whatever was made before")
    verb.add_argument("--dry-run", action="store_true", help="only say which reports would be made, and why")


def _seconds(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 1 to 86400")
    return int(text)
