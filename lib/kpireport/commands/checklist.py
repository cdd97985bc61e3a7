"""The verb that shows how far a quarter's reporting is."""

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpireport.commands.opening import show
from kpireport.commands.options import add_open, add_verb
from kpireport.commands.rounds import Round, add_round, asked_round
from kpireport.errors import DataError, PublishingError

if TYPE_CHECKING:
    from kpireport.collection.checklist_states import Made
    from kpireport.sources.register import Register
    from kpireport.vocabulary import Step

COLLECTED = ("requests", "answers", "chase")
"""What collection publishes, which is no report and has no manifest."""
REPORTED = ("quarter", "executive", "scrutiny", "annual", "bca", "survey", "assurance", "timetable")


def add(verbs: Any) -> None:
    """Add the verb to the command line."""
    checklist = add_verb(
        verbs,
        "checklist",
        _checklist,
        help="show the steps of a quarter's reporting: done, to do or blocked",
        description="Work out from the files which steps of a quarter's reporting are done, which can be taken now and which "
        "wait for others, with the command for each; print the list, and publish it as a page in OUT/2024-25-q2-checklist.",
    )
    add_round(checklist)
    add_open(checklist)


def _checklist(options: argparse.Namespace) -> None:
    from kpireport.collection import checklist as steps
    from kpireport.collection import checklist_pages
    from kpireport.publishing import brand
    from kpireport.publishing.asked import folder_name
    from kpireport.publishing.document import Head
    from kpireport.publishing.folder import publish_folder
    from kpireport.sources import register as registers

    asked = asked_round(options)
    places = _places(options)
    try:
        register = registers.load(asked.data)
    except DataError as error:
        found = steps.unreadable(asked.council, quarter=asked.quarter, faults=len(error.faults), places=places)
    else:
        found = steps.checklist(
            register,
            asked.council,
            data=asked.data,
            quarter=asked.quarter,
            folders=_folders(asked, register),
            verdict=_verdict(asked),
            deadlines=_deadlines(register, str(asked.quarter)),
            places=places,
        )
    council, heading = asked.council, f"Checklist for {asked.quarter}"
    folder = publish_folder(
        asked.outputs,
        folder_name("checklist", str(asked.quarter)),
        {},
        heading=heading,
        body=checklist_pages.index(found),
        council=council.name,
        colours=brand.colours(Head(council.name, heading, "", False, "", council.brand_colour, council.accent_colour)),
    )
    print(checklist_pages.plain(found))
    print(f"\nThe same as a page: {folder / 'index.html'}")
    show(folder / "index.html", is_asked=options.open)


def _places(options: argparse.Namespace) -> dict[str, str]:
    """Return the words of make that say where it reads and writes, where they are not the usual ones."""
    given = {"DATA": options.data, "OUT": options.out if options.out != "outputs" else ""}
    return {name: text for name, text in given.items() if text}


def _folders(asked: Round, register: "Register") -> "dict[str, Made]":
    """Return what has been published of the quarter and its year, by occasion."""
    from kpireport.collection.checklist_states import Made
    from kpireport.collection.checklist_steps import period_of
    from kpireport.publishing import index, manifest
    from kpireport.publishing.asked import folder_name

    now = {f"{manifest.INPUTS}data/{file.path}": file.sha256 for file in register.files}
    found = {}
    for occasion in (*COLLECTED, *REPORTED):
        folder = asked.outputs / folder_name(occasion, period_of(occasion, asked.quarter))
        if not (folder / index.NAME).is_file():
            continue
        try:
            inputs = manifest.read(folder).inputs if occasion in REPORTED else ()
        except PublishingError:
            continue
        then = {one.name: one.sha256 for one in inputs if one.name.startswith(f"{manifest.INPUTS}data/")}
        found[occasion] = Made(folder.name, occasion in COLLECTED or then == now)
    return found


def _verdict(asked: Round) -> str:
    """Return what verification concluded of the quarter's reports as they are; "" when nobody verified them."""
    from kpireport.publishing import manifest, verified
    from kpireport.publishing.asked import folder_name

    try:
        about = manifest.read(Path(asked.outputs) / folder_name("quarter", str(asked.quarter)))
    except PublishingError:
        return ""
    concluded = verified.recall(asked.outputs, about.sha256)
    return concluded.verdict if concluded else ""


def _deadlines(register: "Register", quarter: str) -> "dict[Step, date]":
    """Return the days by which the quarter's steps are due: its own, and those of the yearly reports that show its figures."""
    from kpireport.commands.deadlines import entries
    from kpireport.rules import timetable
    from kpireport.vocabulary import Step

    found = entries(register)
    own = found[(found["step"] != "") & (found["period"].map(timetable.quarter_of) == quarter)] if len(found) else found
    first = own.drop_duplicates("step")
    return {Step(step): on.date() for step, on in zip(first["step"], first["on"], strict=True)}
