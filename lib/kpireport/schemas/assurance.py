"""What the annual assurance report is made from."""

from kpireport.schemas.columns import MADE_BY, day, number, table, text, word
from kpireport.vocabulary import Aspect, DecisionType, Evidence, Framework, Met, OpportunityStatus, SuccessCheck, Verdict

EXPECTATIONS = table(
    "expectations",
    "What is expected of the arrangements: one row is one measure of the annual assurance report.",
    {
        "aspect": word(Aspect, "Aspect of the cycle of internal control under which it is reported."),
        "measure": word(Evidence, "What is measured."),
        "expectation": number("The least figure that meets the expectation.", at_least=0, required=True),
        "partly_from": number("The least figure that meets it in part; empty when there is no such thing.", at_least=0),
        "unit": text("% of the measure's denominator, or number.", required=True, matches="%|number"),
        "source": text("Where the expectation is stated.", required=True),
        **MADE_BY,
    },
    unique=["measure"],
)
REPORTS_ISSUED = table(
    "reports_issued",
    "Reports of the timetable: one row is one report for one quarter.",
    {
        "report": text("Name of the report.", required=True),
        "quarter": text("Quarter reported on; the fourth for a yearly report.", required=True, format="quarter"),
        "due_on": day("Day by which the timetable wants it issued.", required=True),
        "issued_on": day("Day on which it was issued; empty until then."),
        **MADE_BY,
    },
    unique=["report", "quarter"],
)
REPERFORMANCES = table(
    "reperformances",
    "Published quarters made again from their inputs: one row is one attempt.",
    {
        "period": text("Quarter whose reports were made again.", required=True, format="quarter"),
        "performed_on": day("Day of the attempt.", required=True),
        "verdict": word(Verdict, "The same figures, different ones, or no reports at all."),
        "note": text("What was found."),
        **MADE_BY,
    },
    unique=["period", "performed_on"],
)
DECISION_REPORTS = table(
    "decision_reports",
    "Decision reports: one row is one report, with what a check of 'How success will be measured' found.",
    {
        "report_ref": text("Reference of the report.", required=True, matches="[A-Za-z0-9/-]+"),
        "title": text("Title.", required=True),
        "decision_type": word(DecisionType, "Key decision, or decision by an officer."),
        "decided_on": day("Day of the decision.", required=True),
        "directorate": text("Directorate that wrote it (directorates table).", required=True),
        "outcome": word(SuccessCheck, "What the check found; empty when it was not checked.", required=False),
        "checked_on": day("Day of the check."),
        **MADE_BY,
    },
    unique=["report_ref"],
)
ROLES = table(
    "roles",
    "Roles and responsibilities: one row is one body or post, in the order of the report.",
    {"entity": text("Who.", required=True), "role": text("What they answer for.", required=True), **MADE_BY},
    unique=["entity"],
)
OPPORTUNITIES = table(
    "opportunities",
    "Opportunities for improvement: one row is one, with what became of it.",
    {
        "aspect": word(Aspect, "Aspect of the cycle of internal control."),
        "opportunity": text("What could be better.", required=True),
        "raised_year": text("Financial year of the report that raised it.", required=True, format="period"),
        "status": word(OpportunityStatus, "What became of it."),
        "follow_up": text("What was done, and what is left."),
        **MADE_BY,
    },
    unique=["opportunity", "raised_year"],
)
SELF_ASSESSMENT = table(
    "self_assessment",
    "Self-assessment against RAP levels and the AQuA Book: one row is one criterion.",
    {
        "framework": word(Framework, "RAP or AQuA."),
        "level": text("Level of the criterion, such as baseline, silver or gold; or its theme.", required=True),
        "criterion": text("What is asked.", required=True),
        "met": word(Met, "Whether it is met."),
        "evidence": text("What shows it, or what is missing.", required=True),
        **MADE_BY,
    },
    unique=["framework", "criterion"],
)
