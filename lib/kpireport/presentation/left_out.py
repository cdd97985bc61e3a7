"""Says what a report leaves out of a long list, and where the whole of it is."""

from kpireport.presentation.blocks import Block
from kpireport.presentation.markup import EMPTY, paragraph, words

WORKBOOK = "clt-scorecard.xlsx"
"""The workbook that is published with a quarter's reports."""
RESULTS = "results.csv"
OPEN_DATA = "annual-results.csv"


def shown(caption: str, printed: int, total: int) -> str:
    """Return a table's caption; of a table that is cut it says how many lines are shown."""
    return caption if printed == total else f"{caption}; {printed:,} are shown"


def more(printed: int, total: int, where: str) -> Block:
    """Return the line below a list that says how many more there are and where; nothing below a whole one."""
    return EMPTY if printed == total else paragraph(words(f"And {total - printed:,} more, {where}."), kind="quiet")


def on_sheet(name: str) -> str:
    """Return where the rest is: a worksheet of the quarter's workbook."""
    return f"in {WORKBOOK}, worksheet {name}"


def scorecard_sheet(directorate: str) -> str:
    """Return the worksheet that holds a directorate's whole scorecard in the workbook of a large register."""
    return f"Scorecard {directorate}"
