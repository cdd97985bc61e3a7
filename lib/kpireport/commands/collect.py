"""The verbs that take in a quarter's returns, and record a directorate's approval of them."""

import argparse
import re
from datetime import datetime
from typing import Any

from kpireport.commands.opening import show
from kpireport.commands.options import add_open, add_verb
from kpireport.commands.rounds import add_day, add_round, asked_day, asked_round
from kpireport.errors import ParameterError


def add(verbs: Any) -> None:
    """Add the verbs to the command line."""
    collect = add_verb(
        verbs,
        "collect",
        _collect,
        help="take in what services returned for a quarter, and answer each return",
        description="Read every file in DATA/returns/2024-25-q2, check every cell, add what is right to the record, and answer "
        "each return with a page and a marked copy in OUT/2024-25-q2-answers. The files themselves are never changed.",
    )
    add_round(collect)
    collect.add_argument("--whole", action="store_true", help="take in only returns without a fault")
    collect.add_argument(
        "--received",
        default="",
        metavar="TIME",
        help="when new files were received, such as 2024-10-18 or 2024-10-18T09:12Z (default: now)",
    )
    collect.add_argument("--producer", default="", metavar="NAME", help="who produced the figures (default: the council)")
    add_open(collect)
    approve = add_verb(
        verbs,
        "approve",
        _approve,
        help="record that a directorate approves its results for a quarter",
        description="Record who approves the results that a directorate's returns gave, and of which files (SHA-256).",
    )
    add_round(approve)
    approve.add_argument("--directorate", required=True, metavar="CODE", help="the directorate, such as CF")
    approve.add_argument("--by", required=True, metavar="POST", help="the post that approves")
    approve.add_argument("--file", default="", metavar="NAME", help="one return only (default: all of the quarter's)")
    add_day(approve, "the day of the approval, such as 2024-10-28 (default: today)")


def _collect(options: argparse.Namespace) -> None:
    from kpireport.collection import answers, receipt, record
    from kpireport.collection.intake import take_in

    asked = asked_round(options)
    received = _received(options.received)
    with record.held(asked.data):
        intake = take_in(
            receipt.files_in(asked.data, asked.quarter),
            record.standing(asked.data),
            asked.council,
            quarter=asked.quarter,
            received_at=received,
            producer=options.producer.strip(),
            is_whole=options.whole,
        )
        record.replace(asked.data, intake.files)
    from kpireport.presentation import phrases
    from kpireport.publishing import brand
    from kpireport.publishing.asked import folder_name
    from kpireport.publishing.document import Head
    from kpireport.publishing.folder import publish_folder
    from kpireport.publishing.pages import page

    council, heading = asked.council, f"Answers to the returns for {asked.quarter}"
    colours = brand.colours(Head(council.name, heading, "", False, "", council.brand_colour, council.accent_colour))
    files: dict[str, bytes] = {}
    copies = []
    for answer in intake.answers:
        stem = answers.stem(answer, intake)
        body = "".join(block.html for block in answers.page(answer))
        name = answer.returned.file.rsplit("/", 1)[-1]
        told = page(heading=f"Answer to {name}", body=body, council=council.name, colours=colours)
        files[f"{stem}.html"] = told.encode("utf-8")
        if (copy := answers.marked(answer)) is not None:
            files[f"{stem}-marked.xlsx"] = copy
            copies.append(stem)
    folder = publish_folder(
        asked.outputs,
        folder_name("answers", str(asked.quarter)),
        files,
        heading=heading,
        body=answers.index(intake, copies),
        council=council.name,
        colours=colours,
    )
    faults = sum(len(answer.faults) for answer in intake.answers)
    returns = phrases.count(len(intake.answers), "return")
    told = f"{phrases.count(intake.taken, 'result')} taken in from {returns}; {phrases.count(faults, 'fault')}."
    print(f"{told} Begin with {folder / 'index.html'}")
    show(folder / "index.html", is_asked=options.open)


def _approve(options: argparse.Namespace) -> None:
    from kpireport.collection import record
    from kpireport.collection.chase import today
    from kpireport.collection.sign_off import approve

    asked = asked_round(options)
    with record.held(asked.data):
        approval = approve(
            record.standing(asked.data),
            quarter=asked.quarter,
            directorate=options.directorate,
            by=options.by,
            on=asked_day(options) or today(),
            file=options.file,
        )
        record.replace(asked.data, approval.files)
    for file in approval.signed:
        print(f"{options.directorate} approves {file}.")
    for file in approval.before:
        print(f"{options.directorate} had approved {file} already.")


def _received(text: str) -> datetime:
    """Return the time that was asked for, or now (UTC, whole seconds)."""
    from kpireport.collection.receipt import now

    if not text:
        return now()
    found = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2})(?::([0-9]{2}))?Z)?", text)
    try:
        if not found:
            raise ValueError
        return datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}:{found[3] or '00'}")
    except ValueError:
        raise ParameterError(f'received: "{text}" is not a time: write it like 2024-10-18 or 2024-10-18T09:12Z.') from None
