"""The verb that makes a quarter's requests to services."""

import argparse
from typing import Any

from kpireport.commands.opening import show
from kpireport.commands.options import add_open, add_verb
from kpireport.commands.rounds import add_day, add_round, asked_day, asked_round, collection_settings


def add(verbs: Any) -> None:
    """Add the verb to the command line."""
    requests = add_verb(
        verbs,
        "requests",
        _requests,
        help="make the workbooks in which services return a quarter's results",
        description="Make a workbook for each directorate, or each key contact (params/collection.yaml), with what is due in the "
        "quarter, and a draft e-mail to each, in OUT/2024-25-q2-requests. Nothing is sent.",
    )
    add_round(requests)
    add_day(requests, "results received by this day are not asked for again (default: the quarter's last day)")
    add_open(requests)


def _requests(options: argparse.Namespace) -> None:
    from kpireport.collection import request_pages
    from kpireport.collection.asking import ask
    from kpireport.presentation import phrases
    from kpireport.publishing import brand
    from kpireport.publishing.asked import folder_name
    from kpireport.publishing.document import Head
    from kpireport.publishing.folder import publish_folder
    from kpireport.sources import register

    asked, (by, _) = asked_round(options), collection_settings()
    council = asked.council
    asking = ask(register.load(asked.data), council, quarter=asked.quarter, by=by, known_on=asked_day(options))
    heading = f"Requests for {asked.quarter}"
    head = Head(council.name, heading, "", False, "", council.brand_colour, council.accent_colour)
    folder = publish_folder(
        asked.outputs,
        folder_name("requests", str(asked.quarter)),
        request_pages.files(asking),
        heading=heading,
        body=request_pages.index(asking),
        council=council.name,
        colours=brand.colours(head),
    )
    results, workbooks = phrases.count(len(asking.asked), "result"), phrases.count(len(asking.recipients), "workbook")
    print(f"Asked for: {results}, in {workbooks}, due back by {phrases.day(asking.due_on)}.")
    print(f"Nothing was sent. Begin with {folder / 'index.html'}")
    show(folder / "index.html", is_asked=options.open)
