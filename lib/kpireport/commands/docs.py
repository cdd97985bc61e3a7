"""The verb that builds the handbook."""

import argparse
from pathlib import Path
from typing import Any

from kpireport.commands.opening import show
from kpireport.commands.options import add_open, add_verb


def add(verbs: Any) -> None:
    """Add the verb to the command line."""
    docs = add_verb(
        verbs,
        "docs",
        _docs,
        help="build the handbook",
        description="Build the handbook in OUT/handbook: the analyst's year, the data dictionary made from the schemas, the "
        "rules with the cases that the tests check, how to add a KPI, a report or a council, the auditor's guide and the "
        "services' guide.",
    )
    docs.add_argument("--out", default="outputs", metavar="DIR", help="where the handbook's folder goes (default: outputs)")
    add_open(docs)


def _docs(options: argparse.Namespace) -> None:
    from kpireport.handbook import building

    folder = building.publish(Path(), Path(options.out).expanduser())
    print(f"The handbook is made. Begin with {folder / 'index.html'}")
    show(folder / "index.html", is_asked=options.open)
