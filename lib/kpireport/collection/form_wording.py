"""What the return workbook and the letters say: instructions, the example, and results and deadlines in words."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from kpireport.collection.contacts import Contact
from kpireport.collection.return_form import (
    BREAKDOWNS,
    EARLIER,
    EXAMPLE,
    RESULTS,
    SIGN_OFF_SHEET,
    RowKind,
)
from kpireport.periods import Period
from kpireport.presentation import wording

if TYPE_CHECKING:
    from kpireport.collection.asking import Asking

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ASKED: Mapping[RowKind, str] = {RowKind.DUE: "Due", RowKind.AWAITED: "Still awaited"}
SIGN_OFF: Mapping[str, str] = {
    "sender": "Filled in by (post)",
    "sent_on": "Filled in on (day)",
    "signed_by": "Approved for the directorate by (post)",
    "signed_on": "Approved on (day)",
}
SIGN_OFF_HELP = "Posts, not names of people. Results that nobody has approved are marked provisional in the reports."

Lines = list[tuple[str, str]]


def weekday(day: date) -> str:
    """Return a day with its weekday: "Friday 24 January 2025"."""
    return f"{WEEKDAYS[day.weekday()]} {wording.day(day)}"


def salutation(contacts: tuple[Contact, ...]) -> str:
    """Return how a letter begins: to one post by its name, to several as colleagues."""
    named = [contact.name for contact in contacts if contact.name != contact.address]
    return f"Dear {named[0]}," if len(contacts) == 1 and named else "Dear colleagues,"


def target(row: pd.Series) -> str:
    """Return a KPI's target in words, as a sentence begins."""
    said = wording.target(row)
    return f"{said[:1].upper()}{said[1:]}"


def held(row: pd.Series) -> str:
    """Return a result of the record in words, as reports print it: "62.8% [p]", "– not published [x]"."""
    return wording.result({str(name): cell for name, cell in row.items()} | {"rating": ""})


def last_results(rows: pd.DataFrame) -> str:
    """Return a KPI's results, latest first, one a line: "2024-25 Q2: 62.8%"."""
    return "\n".join(f"{row['period']}: {held(row)}" for _, row in rows.iterrows())


def last_result(row: pd.Series) -> str:
    """Return the last result of a ward or group: "2024-25 Q2: 62.8%"."""
    figure = wording.figure(row["last_value"], str(row["unit"]), int(row["decimals"]))
    return f"{row['last_period']}: {figure}"


def example(quarter: Period) -> dict[str, str | float | date]:
    """Return the example row of `Results`, which is no result."""
    before = quarter.previous()
    return {
        "kpi_id": EXAMPLE,
        "kpi_name": "Reviews done in time",
        "definition": "Reviews done within 20 working days of the day they were due, as a share of all reviews of the period.",
        "unit": "%",
        "last_results": f"{before}: 84.2%\n{before.previous()}: 85.0%",
        "target": "90.0% or more",
        "asked": ASKED[RowKind.DUE],
        "period": str(quarter),
        "value": 86.5,
        "numerator": 173.0,
        "denominator": 200.0,
        "maturity": "Provisional",
        "reason": "Two of nine reviewers left in the summer; the backlog is being cleared oldest first.",
        "action": "Appoint two reviewers and hold reviews on Saturdays until then.",
        "owner": "Head of Reviews",
        "due_on": quarter.shift(6).end,
        "escalate": "No",
        "note": "Counts are from the case system on the last day of the period.",
    }


def instructions(asking: "Asking", results: int, *, has_parts: bool) -> list[tuple[tuple[str, str], Lines]]:
    """Return the tables of the first sheet: the heads of each, and its lines."""
    steps = [
        (
            "1. Results",
            f"On the sheet {RESULTS.name}: {wording.count(results, 'result')}, one on each row below the example.",
        ),
        ("2. Value", "A number in the unit beside it, without the unit: 95.3 where the unit is %, not 95.3% and not 0.953."),
        ("", "Where numerator and denominator are asked for, give both."),
        ("3. No value", "Leave Value empty and choose why: the reason is a return too. Do not write 0, n/a or TBC."),
        ("4. Maturity", "Provisional while the figure may still change; otherwise Final."),
        ("5. Commentary", "Reason, action, owner (a post) and date where a result misses its target, or is a cause for concern."),
        ("6. Escalation", "Choose Yes to raise the matter with the Corporate Leadership Team; say under action what is asked."),
    ]
    if has_parts:
        steps.append((f"7. {BREAKDOWNS.name}", "Fill in what you hold, by the same rules. Leave the rest empty."))
    number = 8 if has_parts else 7
    steps += [
        (
            f"{number}. Corrections",
            f"Where an earlier result has changed, fill in its row on the sheet {EARLIER.name}: the new value, and why. "
            "The free rows at its end are for any other period.",
        ),
        (f"{number + 1}. {SIGN_OFF_SHEET}", "Say who filled in the workbook and, once it is approved, who approved it and when."),
        (
            f"{number + 2}. Return",
            f"Save the workbook under its own name and send it back by {weekday(asking.due_on)}. Part of the results is better "
            "than none: send the workbook again when the rest is there.",
        ),
    ]
    words = [
        ("White cells", "To be filled in. Excel says what each takes when you select it."),
        (
            "Grey cells",
            "For reading; they are locked. If one is wrong, say so in your mail: it is put right in the register.",
        ),
        ("Dark grey cells", "Not needed on that row."),
        ("[p]  [r]", "Provisional; revised since the previous quarter's report."),
        ("[c]  [x]  [z]", "Confidential because the numbers are small; not available; not applicable."),
        ("Still awaited", "The result fell due in an earlier quarter and has not come in."),
        ("Rows and columns", "Do not sort, insert or delete any: each row is read where it stands."),
    ]
    return [(("Step", "What to do"), steps), (("Sign", "What it means"), words)]
