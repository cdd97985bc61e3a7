"""The timetable as a workbook: every meeting and deadline with real dates, to sort and filter, and the rules behind them."""

from datetime import date
from typing import Any

import pandas as pd

from kpireport.presentation import timetable_wording as said
from kpireport.presentation.blocks import Attachment
from kpireport.presentation.sheets import WORKBOOK_TYPE, Sheet, workbook
from kpireport.presentation.timetable_report import Timetable

FIRST_DAY = date(1899, 12, 30)
"""The day that a spreadsheet counts from."""
DAY_FORMAT = "ddd d mmm yyyy"
NONE = "[z]"
NOTES = {
    NONE: "Not applicable: a meeting of everyone concerned, or one whose time is not set.",
    "Reminder": "The day on which whoever answers for it is reminded.",
    "Rule": "As the table of rules has it: a number of days, weeks or working days, and what they are counted from.",
}


def workbook_of(report: Timetable) -> Attachment:
    """Return the workbook: the timetable, the rules and the bank holidays, one worksheet each."""
    closed = [{"Day": _serial(day), "Holiday": name} for day, name in report.bank_holidays.items()]
    rules = [
        {"Deadline": said.STEP_WORDS[step], "Counted as": said.rule(rule), "What is done": said.TASKS[step], "Rule": rule}
        for step, rule in report.rules.items()
    ]
    sheets = [
        Sheet(
            "Timetable",
            f"Meetings and deadlines, {report.subtitle}",
            pd.DataFrame([_row(entry) for entry in report.entries.to_dict("records")], dtype=object),
            formats={"Day": DAY_FORMAT, "Reminder": DAY_FORMAT},
            index_columns=2,
        ),
        Sheet("Rules", "How each deadline is counted", pd.DataFrame(rules, dtype=object)),
    ]
    if closed:
        holidays = pd.DataFrame(closed, dtype=object)
        sheets.append(Sheet("Holidays", "Bank holidays in England", holidays, formats={"Day": DAY_FORMAT}))
    illustrative = ["Dates of meetings are illustrative: made up for demonstration."] if report.illustrative else []
    content = workbook(
        sheets,
        notes=NOTES,
        title=f"{report.council.name}: {report.title}",
        intro=[report.subtitle, "Every meeting at which performance is considered, and every deadline before it."],
        about=["Days are dates: they can be sorted, filtered and counted with.", *illustrative],
        author=report.council.name,
        date=report.date,
    )
    return Attachment(f"timetable-{report.year}.xlsx", WORKBOOK_TYPE, content, "The timetable as a workbook")


def _row(entry: dict[Any, Any]) -> dict[str, Any]:
    return {
        "Day": _serial(entry["on"].date()),
        "What": said.what(entry),
        "Kind": "Deadline" if entry["step"] else "Meeting",
        "For": entry["period"],
        "Who": said.who(entry),
        "Directorate or board": entry["of_name"] or NONE,
        "Time": entry["starts_at"] or NONE,
        "Reminder": _serial(entry["remind_on"].date()),
        "Counted as": said.rule(entry["rule"]) or ("as the round records" if entry["step"] else "as it is set"),
    }


def _serial(day: date) -> int:
    return (day - FIRST_DAY).days
