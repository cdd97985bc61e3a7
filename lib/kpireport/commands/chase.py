"""The verb that shows what services have not returned, and drafts the reminders."""

import argparse
from typing import Any

from kpireport.commands.opening import show
from kpireport.commands.options import add_open, add_verb
from kpireport.commands.rounds import add_day, add_round, asked_day, asked_round, collection_settings


def add(verbs: Any) -> None:
    """Add the verb to the command line."""
    chase = add_verb(
        verbs,
        "chase",
        _chase,
        help="show what has not been returned for a quarter, and draft reminders",
        description="List the results that are due and missing, how late each is, and draft a reminder to each service, and to "
        "its director when it is very late (params/collection.yaml), in OUT/2024-25-q2-chase. Nothing is sent.",
    )
    add_round(chase)
    add_day(chase, "as on this day, such as 2025-02-03 (default: today)")
    add_open(chase)


def _chase(options: argparse.Namespace) -> None:
    from kpireport.collection import chase_pages
    from kpireport.collection.chase import chase, today
    from kpireport.presentation import phrases
    from kpireport.publishing import brand
    from kpireport.publishing.asked import folder_name
    from kpireport.publishing.document import Head
    from kpireport.publishing.folder import publish_folder
    from kpireport.sources import register

    asked, (by, steps) = asked_round(options), collection_settings()
    council, on = asked.council, asked_day(options) or today()
    chasing = chase(register.load(asked.data), council, quarter=asked.quarter, on=on, by=by, steps=steps)
    heading = f"Results awaited for {asked.quarter}"
    head = Head(council.name, heading, "", False, "", council.brand_colour, council.accent_colour)
    folder = publish_folder(
        asked.outputs,
        folder_name("chase", str(asked.quarter)),
        chase_pages.files(chasing),
        heading=heading,
        body=chase_pages.index(chasing),
        council=council.name,
        colours=brand.colours(head),
    )
    missing = phrases.count(len(chasing.outstanding), "result")
    letters = phrases.count(len(chasing.reminders) + len(chasing.escalations), "letter")
    print(f"Due and missing on {phrases.day(on)}: {missing}. Drafted: {letters}; nothing was sent.")
    print(f"Begin with {folder / 'index.html'}")
    show(folder / "index.html", is_asked=options.open)
