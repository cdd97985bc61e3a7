"""The words of the reporting timetable: who meets, what is to be done by a day, and who reads it."""

from enum import StrEnum


class Body(StrEnum):
    """Who considers performance on a day: a meeting, or those who answer the survey."""

    DMT = "dmt"
    CLT = "clt"
    SCRUTINY_BOARD = "scrutiny_board"
    EXECUTIVE_BOARD = "executive_board"
    AUDIT_COMMITTEE = "audit_committee"
    SURVEY = "survey"


class Step(StrEnum):
    """What the timetable sets a deadline for, in the order in which a quarter and then a year are reported."""

    REQUESTS = "requests"
    REMINDER = "reminder"
    RETURNS = "returns"
    HIGHLIGHTS = "highlights"
    COMMENTARY = "commentary"
    CUT_OFF = "cut_off"
    PACKS = "packs"
    ESCALATIONS = "escalations"
    CLT_PAPERS = "clt_papers"
    EXECUTIVE_PAPERS = "executive_papers"
    SCRUTINY_PAPERS = "scrutiny_papers"
    ANNUAL_PAPERS = "annual_papers"
    SURVEY_REPORT = "survey_report"
    ASSURANCE_PAPERS = "assurance_papers"


class Reader(StrEnum):
    """Who has to do with an entry of the timetable: who meets, or who answers for the deadline."""

    SERVICES = "services"
    DIRECTORATES = "directorates"
    TEAM = "team"
    CLT = "clt"
    MEMBERS = "members"
