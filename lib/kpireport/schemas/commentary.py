"""What services say and what the team chose, quarter by quarter."""

from kpireport.schemas.columns import KPI_ID, KPI_REF, day, table, text, word
from kpireport.vocabulary import HighlightChoice

COMMENTARY = table(
    "commentary",
    "Commentary: one row is what a service says about one KPI in one quarter.",
    {
        "quarter": text("Quarter reported on.", required=True, format="quarter"),
        **KPI_REF,
        "reason": text("Why the result is as it is."),
        "action": text("What is being done."),
        "owner": text("Post that owns the action."),
        "due_on": day("Day by which the action is to be done."),
        "narrative": text("Anything else to be said to the reader."),
    },
    unique=["quarter", "kpi_id"],
)
HIGHLIGHTS = table(
    "highlights",
    "The team's choice of highlight items: one row is one decision about one KPI in one quarter.",
    {
        "quarter": text("Quarter reported on.", required=True, format="quarter"),
        **KPI_REF,
        "choice": word(HighlightChoice, "Include, or exclude although it is a candidate."),
        "reason": text("Why.", required=True),
        "chosen_by": text("Post that decided.", required=True),
    },
    unique=["quarter", "kpi_id"],
)
ESCALATIONS = table(
    "escalations",
    "Matters escalated by directorates to the Corporate Leadership Team: one row is one matter.",
    {
        "quarter": text("Quarter reported on.", required=True, format="quarter"),
        "directorate": text("Directorate that escalates it (directorates table).", required=True),
        "kpi_id": text("KPI concerned, where there is one (kpis table).", matches=KPI_ID),
        "matter": text("What is escalated.", required=True),
        "request": text("What is asked of the team.", required=True),
        "raised_by": text("Post that raised it.", required=True),
    },
    unique=["quarter", "directorate", "matter"],
)
