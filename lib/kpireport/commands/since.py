"""The verbs of the record's own history: what changed since a report was made, and which changes are not on record."""

import argparse
import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpireport.commands.opening import show
from kpireport.commands.options import add_open, add_verb
from kpireport.commands.rounds import asked_council
from kpireport.errors import ParameterError

if TYPE_CHECKING:
    import pandas as pd

    from kpireport.periods import Period

PUBLISHED = "results.csv"
_PERIOD = re.compile(r"([0-9]{4}-[0-9]{2})-q([1-4])(?:-known-([0-9]{4}-[0-9]{2}-[0-9]{2}))?")


def add(verbs: Any) -> None:
    """Add the verbs to the command line."""
    since = add_verb(
        verbs,
        "since",
        _since,
        help="list what changed since a quarter's report was made",
        description="List the results revised or received late, and the definitions and targets changed, since a quarter's "
        "report was made, in OUT/2023-24-q4-since. It is worked out from the register, and compared with the published file.",
    )
    since.add_argument(
        "--period", required=True, metavar="FOLDER", help="2023-24-q4, or 2023-24-q4-known-2024-05-20 for one as known on a day"
    )
    changes = add_verb(
        verbs,
        "changes",
        _changes,
        help="print the rows that register/kpi_changes lacks",
        description="Print a row for each difference between the KPI list and what was last agreed, ready to append to "
        "register/kpi_changes once it says who agreed it and when. Nothing is written.",
    )
    for verb in (since, changes):
        verb.add_argument("--data", default="", metavar="DIR", help="the register (default: data)")
    since.add_argument("--council", default="", metavar="FILE", help="the council's particulars (default: params/council.yaml)")
    since.add_argument("--out", default="outputs", metavar="DIR", help="where the folder of the files goes (default: outputs)")
    add_open(since)


def _since(options: argparse.Namespace) -> None:
    from kpireport.presentation import since_pages
    from kpireport.publishing import brand
    from kpireport.publishing.document import Head
    from kpireport.publishing.folder import publish_folder
    from kpireport.rules import restatements
    from kpireport.sources import register

    quarter, known_on = _asked(options.period)
    data, council = asked_council(options)
    outputs = Path(options.out).expanduser()
    told = restatements.since(register.load(data), quarter=quarter, area=council.area, known_on=known_on)
    published = _published(outputs / options.period / PUBLISHED)
    compared = None if published is None else restatements.differences(published, told.then.kpis)
    heading = f"What changed since the report on {quarter}"
    head = Head(council.name, heading, "", False, "", council.brand_colour, council.accent_colour)
    folder = publish_folder(
        outputs,
        f"{options.period}-since",
        {since_pages.CSV: since_pages.since_csv(told)},
        heading=heading,
        body=since_pages.body(told, compared),
        council=council.name,
        colours=brand.colours(head),
        described={since_pages.CSV: "Everything that changed, as a table"},
    )
    for said in since_pages.summary(told, compared):
        print(said)
    print(f"Begin with {folder / 'index.html'}")
    show(folder / "index.html", is_asked=options.open)


def _asked(text: str) -> tuple["Period", date | None]:
    """Return the quarter and the day that a folder's name says."""
    from kpireport.periods import parse_quarter

    found = _PERIOD.fullmatch(text)
    try:
        if not found:
            raise ValueError
        year, number, day = found.groups()
        return parse_quarter(f"{year} Q{number}"), date.fromisoformat(day) if day else None
    except ValueError:
        expected = "write it like 2023-24-q4, or 2023-24-q4-known-2024-05-20"
        raise ParameterError(f'period: "{text}" is not the folder of a quarter\'s reports: {expected}.') from None


def _published(file: Path) -> "pd.DataFrame | None":
    """Return a published results file as text; None when there is none that says what is compared."""
    import pandas as pd

    from kpireport.rules.restatements import SHOWN

    if not file.is_file():
        return None
    read = pd.read_csv(file, dtype="str", keep_default_na=False, encoding="utf-8")
    return read if {"kpi_id", *SHOWN} <= set(read.columns) else None


def _changes(options: argparse.Namespace) -> None:
    from kpireport.sources import kpi_changes, register

    data = Path(options.data or "data").expanduser()
    if not data.is_dir():
        raise ParameterError(f'data: there is no folder "{data}".')
    tables = {name.split("/")[1]: register.located(data, name) for name in kpi_changes.READ}
    if not all(table.is_whole and (table.file or name == "kpi_changes") for name, table in tables.items() if name != "rounds"):
        register.load(data)  # which says what is wrong
    rows, passed_over = kpi_changes.unrecorded(tables)
    own = tables["kpi_changes"]
    if passed_over:
        print(f"Left out, as their own rows have a fault that reports name: {', '.join(passed_over)}.", file=sys.stderr)
    if not rows:
        print("Every other definition is as last agreed." if passed_over else "Every definition is as last agreed.")
        return
    if not own.file:
        print(",".join(kpi_changes.COLUMNS))
    for row in rows:
        print(kpi_changes.as_line(row, own))
