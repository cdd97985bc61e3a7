"""The two ways in for a file, as the tests look at them: a table of the register, and a return. Run in a process of its own."""

import resource
import sys
from unittest.mock import patch

from kpireport.collection import answers, intake
from kpireport.collection.against_record import Outcome
from kpireport.collection.blame import Blame
from kpireport.sources import tables

MAPPING = b"""\
columns: {kpi_id: bca_indicator, period: period, value: value, note: producer, due_on: published_on}
fixed: {reason: As planned.}
"""
COLUMNS = ("value", "published_on", "producer")


def get_ready() -> float:
    """Have everything loaded; return the bytes that this process has."""
    import forms

    forms.before()
    return peak()


def peak() -> float:
    """Return the most bytes that this process has ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def as_table(content: bytes, ending: str) -> tuple[list[str], list[dict[str, str]]]:
    """Return the faults of a file as scorecard/outcomes, as they are told, and its rows, each cell as text."""
    table, faults = tables.read("scorecard/outcomes", content, f"scorecard/outcomes{ending}")
    rows = [
        {name: str(row[name])[:10] if name == "published_on" else str(row[name]) for name in COLUMNS}
        for row in table.frame.to_dict("records")
    ]
    return [str(fault) for fault in faults], rows


def as_return(content: bytes, ending: str) -> tuple[list[str], list[dict[str, str]]]:
    """Return the faults of a file that a service sent, and the results that are taken in."""
    import forms  # known to the process in which this runs

    before = forms.before()
    # The rest of the record beside the new row is read by other tests, and takes most of the time.
    with patch.object(intake, "_blame", lambda *_: Blame({}, {})):
        found = before.collect({f"sent{ending}": content, "sent.mapping.yaml": MAPPING})
    (answer,) = found.answers
    for block in answers.page(answer):
        assert block.html
    answers.marked(answer)
    rows = [
        {
            "value": str(one.claim.value),
            "published_on": (one.claim.commentary or {}).get("due_on", ""),
            "producer": one.claim.note,
        }
        for one in answer.of(Outcome.TAKEN)
    ]
    return [str(fault) for fault in answer.faults], rows
