"""The steps of a quarter's reporting, in their order: what is done, with which command, where it is seen, and what it needs.

Source: the council's account of its arrangements, points 18, 35, 50, 65 and 78: timetable, requests, returns, highlight items
with commentary, reports to management teams and the leadership team, escalation, and one checklist that holds all the steps.
"""

import shlex
from collections.abc import Mapping
from typing import NamedTuple

from kpireport.collection import receipt
from kpireport.periods import Period, financial_year
from kpireport.vocabulary import Step

SCRUTINY_QUARTERS = (2, 4)
"""The quarters after which Scrutiny Boards meet on performance."""
YEARLY = ("annual", "bca", "survey", "assurance")
"""What is made once a year, after the last quarter."""


class Plan(NamedTuple):
    """What a step is, whatever its state."""

    title: str
    how: str
    command: str
    look: str
    needs: tuple[str, ...] = ()
    deadline: Step | None = None


TITLES = {
    "annual": ("Make the Annual Performance Report", Step.ANNUAL_PAPERS),
    "bca": ("Make the Best City Ambition Scorecard", Step.ANNUAL_PAPERS),
    "survey": ("Make the analysis of the Survey of Internal Control", Step.SURVEY_REPORT),
    "assurance": ("Make the annual assurance report", Step.ASSURANCE_PAPERS),
}


def plans(quarter: Period, places: Mapping[str, str]) -> dict[str, Plan]:
    """Return the steps in their order, by their keys.

    `places` are the words of make, DATA and OUT, that say where it reads and writes, where they are not the usual ones.
    """
    asked = {"Q": str(quarter.quarter_number), "YEAR": str(quarter.financial_year()), **places}
    name = str(quarter).lower().replace(" ", "-")
    data, out = places.get("DATA", "data"), places.get("OUT", "outputs")
    steps = {
        "dates": Plan(
            "Set the dates of the round",
            "Give the quarter a row in the rounds table, and share the timetable with key contacts: a page, a workbook and a "
            "calendar file.",
            _make("timetable", {"YEAR": reporting_year(quarter), **places}),
            f"{data}/reference/rounds and {data}/reference/meetings",
        ),
        "requests": Plan(
            "Ask services for their results",
            "Make a workbook for each service with what is due, and send the drafted e-mails yourself: nothing is sent for you.",
            _make("requests", asked),
            f"{out}/{name}-requests/index.html",
            ("dates",),
            Step.REQUESTS,
        ),
        "collect": Plan(
            "Take in the returns",
            f"Save each file that services send in {data}/{receipt.folder_of(quarter)}, run this, and send each service its "
            "answer. It may be run again after every new file: what is in is not taken twice.",
            _make("collect", asked),
            f"{out}/{name}-answers/index.html",
            ("requests",),
            Step.RETURNS,
        ),
        "chase": Plan(
            "Chase what is missing",
            "See whose results are late and by how much, and send the drafted reminders. What stays away is reported as awaited.",
            _make("chase", asked),
            f"{out}/{name}-chase/index.html",
            ("collect",),
            Step.RETURNS,
        ),
        "highlights": Plan(
            "Choose the highlight items",
            "Make the reports as a draft and read their candidates. Write each decision with its reason into the highlights "
            "table.",
            _make("quarter", asked),
            f"{data}/commentary/highlights",
            ("collect",),
            Step.HIGHLIGHTS,
        ),
        "commentary": Plan(
            "Get the commentary of the highlight items",
            "Ask the key contacts of each adverse highlight for its reason, the action, who owns it and by when.",
            _make("requests", asked),
            f"{data}/commentary/commentary",
            ("highlights",),
            Step.COMMENTARY,
        ),
        "approve": Plan(
            "Have each directorate approve its results",
            "Record who approved them, when, and of which files. Results that nobody approved are marked provisional.",
            f'{_make("approve", asked)} DIRECTORATE=CODE BY="POST"',
            f"{data}/register/sign_offs",
            ("collect",),
            Step.CUT_OFF,
        ),
        "close": Plan(
            "Close the round",
            "Write the last day whose results count into the rounds table (cut_off_on). Later results wait for the next report.",
            "",
            f"{data}/reference/rounds",
            ("collect",),
            Step.CUT_OFF,
        ),
        "reports": Plan(
            "Make the directorate packs and the quarterly report",
            "Make them all in one step, read each page, and issue the packs to the Directorate Management Teams.",
            _make("quarter", asked),
            f"{out}/{name}/index.html",
            ("commentary", "close"),
            Step.PACKS,
        ),
        "escalate": Plan(
            "Record what Directorate Management Teams escalate",
            "After their meetings, write each matter and what is asked into the escalations table, and make the reports again.",
            "",
            f"{data}/commentary/escalations",
            ("reports",),
            Step.ESCALATIONS,
        ),
        "verify": Plan(
            "Check that the reports can be made again",
            "Make them a second time from what was kept of their inputs, and compare. Auditors may ask for the same.",
            _make("verify", {"PERIOD": name, **places}, "PERIOD", "OUT"),
            f"{out}/index.html",
            ("reports",),
        ),
        "issue": Plan(
            "Issue the report to the Corporate Leadership Team",
            "Issue it with its papers, and write the day on which each report went out into the list of reports issued.",
            "",
            f"{data}/assurance/reports_issued",
            ("reports",),
            Step.CLT_PAPERS,
        ),
        "executive": Plan(
            "Make the update for Executive Board members",
            "Make the two pages from the same figures, after the leadership team has met.",
            _make("executive", asked),
            f"{out}/{name}-executive/index.html",
            ("reports",),
            Step.EXECUTIVE_PAPERS,
        ),
    }
    if quarter.quarter_number in SCRUTINY_QUARTERS:
        steps["scrutiny"] = Plan(
            "Make the Scrutiny Boards' reports",
            "Make the public report of each board, and read it as a resident would.",
            _make("scrutiny", asked),
            f"{out}/{name}-scrutiny/index.html",
            ("reports",),
            Step.SCRUTINY_PAPERS,
        )
    if quarter.quarter_number == 4:
        for occasion in YEARLY:
            title, deadline = TITLES[occasion]
            period = period_of(occasion, quarter)
            command = _make(occasion, {"YEAR": period, **places})
            look = f"{out}/{period}-{occasion}/index.html"
            needs = () if occasion == "survey" else ("reports",)  # the survey is of managers, not of results
            steps[occasion] = Plan(title, "Make it and read every page.", command, look, needs, deadline)
    return steps


def period_of(occasion: str, quarter: Period) -> str:
    """Return the period of what is made on an occasion of a quarter's round; the survey is held in the year that ends."""
    if occasion == "survey":
        return str(quarter.end.year)
    if occasion == "timetable":
        return reporting_year(quarter)
    return str(quarter.financial_year()) if occasion in YEARLY else str(quarter)


def reporting_year(quarter: Period) -> str:
    """Return the financial year in which a quarter is reported: that of the day after its end."""
    return str(financial_year(quarter.end.year - (quarter.end.month < 3)))


def _make(verb: str, words: Mapping[str, str], *only: str) -> str:
    """Return a command of make with its words, or only some of them."""
    kept = {name: text for name, text in words.items() if not only or name in only}
    return " ".join([f"make {verb}", *(f"{name}={shlex.quote(text)}" for name, text in kept.items())])
