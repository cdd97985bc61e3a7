"""What the timetable says of its meetings and deadlines, in words that the page, the workbook and the calendar file share."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from kpireport.presentation import phrases
from kpireport.vocabulary import Body, Reader, Step

Entry = Mapping[str, Any]
"""A row of `reports.timetable.Timetable.entries`."""

READER_WORDS = {
    Reader.SERVICES: "Services and key contacts",
    Reader.DIRECTORATES: "Directorates",
    Reader.TEAM: "Performance team",
    Reader.CLT: "Corporate Leadership Team",
    Reader.MEMBERS: "Members",
}
STEP_WORDS = {
    Step.REQUESTS: "Requests go to key contacts",
    Step.REMINDER: "Key contacts are reminded of their returns",
    Step.RETURNS: "Results are returned",
    Step.HIGHLIGHTS: "Highlight items are chosen",
    Step.COMMENTARY: "Commentary on highlight items is in",
    Step.CUT_OFF: "Results are approved and close",
    Step.PACKS: "Directorate packs are issued",
    Step.ESCALATIONS: "Matters to escalate are in",
    Step.CLT_PAPERS: "Quarterly performance and risk report is issued",
    Step.EXECUTIVE_PAPERS: "In-year update is issued",
    Step.SCRUTINY_PAPERS: "Scrutiny Board report is issued",
    Step.ANNUAL_PAPERS: "Annual Performance Report is issued",
    Step.SURVEY_REPORT: "Analysis of the survey is issued",
    Step.ASSURANCE_PAPERS: "Annual assurance report is issued",
}
BODY_WORDS = {
    Body.DMT: "Directorate Management Team meets",
    Body.CLT: "Corporate Leadership Team meets",
    Body.SCRUTINY_BOARD: "Scrutiny Board meets",
    Body.EXECUTIVE_BOARD: "Executive Board meets",
    Body.AUDIT_COMMITTEE: "Corporate Governance and Audit Committee meets",
    Body.SURVEY: "Survey of Internal Control closes",
}
SEVERAL_WORDS = BODY_WORDS | {
    Body.DMT: "Directorate Management Teams meet",
    Body.SCRUTINY_BOARD: "Scrutiny Boards meet",
}
TASKS = {
    Step.REQUESTS: "Send each key contact a workbook with what is due of their KPIs (make requests).",
    Step.REMINDER: "Remind those who have not yet returned theirs (make chase).",
    Step.RETURNS: "Return the workbook that you were sent, filled in. Say in it why a result is not available.",
    Step.HIGHLIGHTS: "Choose the highlight items, and ask their key contacts for commentary.",
    Step.COMMENTARY: "Say why each highlighted result is as it is, what is done, by whom and by when.",
    Step.CUT_OFF: "Approve your directorate's results. What comes later waits for the next report.",
    Step.PACKS: "Issue each directorate's pack to its management team (make quarter).",
    Step.ESCALATIONS: "Say what your management team escalates to the Corporate Leadership Team, and what it asks for.",
    Step.CLT_PAPERS: "Issue the quarterly performance and risk report to the Corporate Leadership Team (make quarter).",
    Step.EXECUTIVE_PAPERS: "Issue the two-page update to Executive Board members (make executive).",
    Step.SCRUTINY_PAPERS: "Issue the board's public report (make scrutiny).",
    Step.ANNUAL_PAPERS: "Issue the Annual Performance Report with the Best City Ambition Scorecard (make annual, make bca).",
    Step.SURVEY_REPORT: "Issue the analysis of the Survey of Internal Control (make survey).",
    Step.ASSURANCE_PAPERS: "Issue the annual assurance report to the committee (make assurance).",
}
"""What is done by each deadline."""
ANCHOR_WORDS = {
    "quarter_end": "the quarter's end",
    str(Body.DMT): "the first Directorate Management Team meeting",
    str(Body.CLT): "the Corporate Leadership Team meeting",
    str(Body.SCRUTINY_BOARD): "the board's meeting",
    str(Body.EXECUTIVE_BOARD): "the Executive Board meeting",
    str(Body.AUDIT_COMMITTEE): "the committee's meeting",
    str(Body.SURVEY): "the survey's last day",
    str(Step.REQUESTS): "requests go out",
    str(Step.REMINDER): "the reminder",
    str(Step.RETURNS): "results are due",
    str(Step.HIGHLIGHTS): "highlight items are chosen",
    str(Step.COMMENTARY): "commentary is due",
    str(Step.CUT_OFF): "results close",
    str(Step.PACKS): "packs are issued",
    str(Step.ESCALATIONS): "matters to escalate are due",
    str(Step.CLT_PAPERS): "the quarterly report is issued",
}


def what(entry: Entry) -> str:
    """Return what happens, without its period: "Results are returned", "Scrutiny Board meets: Children and Families"."""
    if entry["step"]:
        said = STEP_WORDS[Step(entry["step"])]
    elif entry["body"] == Body.DMT and not entry["of_name"]:
        said = "Directorate Management Teams begin to meet"
    else:
        said = BODY_WORDS[Body(entry["body"])]
    return f"{said}: {entry['of_name']}" if entry["of_name"] else said


def who(entry: Entry) -> str:
    """Return whom an entry concerns: those who meet, or who answer for the deadline."""
    return READER_WORDS[Reader(entry["reader"])]


def what_of_several(entries: Iterable[Entry]) -> str:
    """Return what happens on one day at several directorates or boards: "... meets: Adults and Health; Children and Families"."""
    listed = list(entries)
    names = [str(entry["of_name"]) for entry in listed if entry["of_name"]]
    if len(names) < 2:
        return what(listed[0])
    said = STEP_WORDS[Step(listed[0]["step"])] if listed[0]["step"] else SEVERAL_WORDS[Body(listed[0]["body"])]
    return f"{said}: {'; '.join(names)}"


def rule(text: str) -> str:
    """Return a rule as a sentence's end: "2 weeks before results close"; "" for none."""
    if not text:
        return ""
    distance, _, anchor = text.rpartition(" ")
    return f"{distance} {ANCHOR_WORDS[anchor]}"


def weekday(on: date | pd.Timestamp) -> str:
    """Return a day with its weekday: "Friday 26 April 2024"."""
    return f"{on:%A} {phrases.day(on)}"


def short_day(on: date | pd.Timestamp) -> str:
    """Return a day of a known year: "Fri 26 Apr"."""
    return f"{on:%a} {on.day} {on:%b}"


def month(on: date | pd.Timestamp) -> str:
    """Return the month of a day: "April 2024"."""
    return f"{phrases.LONG_MONTHS[on.month - 1]} {on.year}"


def away(days: int) -> str:
    """Return how far off a day is that lies so many working days ahead; "" for the day itself."""
    return "" if days <= 0 else "the next working day" if days == 1 else f"in {days} working days"
