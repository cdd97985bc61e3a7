"""What the verbs of a quarter's round share: whose register, which quarter, on which day, and how services are asked."""

import argparse
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kpireport.errors import ParameterError

if TYPE_CHECKING:
    from kpireport.collection.chase import Steps
    from kpireport.collection.contacts import AskedBy
    from kpireport.periods import Period
    from kpireport.sources.council import Council

PARAMS = Path("params")
QUARTERLY = "clt_quarterly.yaml"
"""The parameters file that says which quarter is meant when none is asked for."""
COLLECTION = "collection.yaml"


@dataclass(frozen=True)
class Round:
    """The quarter that a verb is about."""

    data: Path
    council: "Council"
    quarter: "Period"
    outputs: Path


def add_round(verb: argparse.ArgumentParser) -> None:
    """Add the options that say which quarter of whose register is meant."""
    verb.add_argument("--quarter", default="", metavar="N", help="1 to 4 (default: as in params/)")
    verb.add_argument("--year", default="", metavar="YEAR", help="the year, such as 2024-25 (default: as in params/)")
    verb.add_argument(
        "--data", default="", metavar="DIR", help="the register; its council.yaml is used if it has one (default: data)"
    )
    verb.add_argument("--council", default="", metavar="FILE", help="the council's particulars (default: params/council.yaml)")
    verb.add_argument("--out", default="outputs", metavar="DIR", help="where the folder of the files goes (default: outputs)")


def add_day(verb: argparse.ArgumentParser, help: str) -> None:
    """Add the option that says as on which day."""
    verb.add_argument("--on", default="", metavar="DAY", help=help)


def asked_round(options: argparse.Namespace) -> Round:
    """Return the round that was asked for; raises ParameterError for a quarter or a place that cannot be."""
    from kpireport.periods import parse_quarter
    from kpireport.publishing import parameters

    data, particulars = asked_council(options)
    usual = _read(QUARTERLY).get("quarter", "")
    quarter = parse_quarter(parameters.quarter_of(usual, number=options.quarter, year=options.year))
    return Round(data, particulars, quarter, Path(options.out).expanduser())


def asked_council(options: argparse.Namespace) -> tuple[Path, "Council"]:
    """Return the data folder asked for and its council; raises ParameterError for a place that cannot be."""
    from kpireport.sources import council

    data = Path(options.data or "data").expanduser()
    if not data.is_dir():
        raise ParameterError(f'data: there is no folder "{data}".')
    beside = data / "council.yaml"
    named = Path(options.council).expanduser() if options.council else PARAMS / "council.yaml"
    return data, council.load(beside if options.data and not options.council and beside.is_file() else named)


def asked_day(options: argparse.Namespace) -> date | None:
    """Return the day asked for; None when it was left open."""
    text = options.on
    if not text:
        return None
    try:
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ParameterError(f'on: "{text}" is not a day: write it like 2025-02-03.') from None


def collection_settings() -> tuple["AskedBy", "Steps"]:
    """Return for whom a workbook is made, and when reminders change their tone, from `params/collection.yaml`.

    Raises
    ------
    ParameterError
        With everything that is wrong with the file.
    """
    from kpireport.collection.chase import Steps
    from kpireport.collection.contacts import AskedBy
    from kpireport.publishing import parameters

    numbers = {"second_reminder_after": "second_after", "third_reminder_after": "third_after", "escalate_after": "escalate_after"}
    given = _read(COLLECTION)
    faults = parameters.check_names(given, ["ask", *numbers], f"params/{COLLECTION}")
    if "ask" in given and given["ask"] not in tuple(AskedBy):
        faults.append(f'params/{COLLECTION}: ask: "{given["ask"]}" is not one of {" and ".join(AskedBy)}.')
    faults += [
        f'params/{COLLECTION}: {name}: "{given[name]}" is not a number of working days from 1 to 250.'
        for name in numbers
        if name in given and not (re.fullmatch("[0-9]{1,3}", given[name]) and 1 <= int(given[name]) <= 250)
    ]
    if faults:
        raise ParameterError("\n".join(faults))
    return AskedBy(given["ask"]), Steps(**{own: int(given[name]) for name, own in numbers.items()})


def _read(name: str) -> dict[str, str]:
    from kpireport.publishing import parameters

    if not (PARAMS / name).is_file():
        raise ParameterError(f"There is no file {PARAMS / name}. Run this in the folder that holds params/ and notebooks/.")
    return parameters.read(PARAMS / name)
