"""The Survey of Internal Control."""

from kpireport.schemas.columns import table, text, whole, word
from kpireport.vocabulary import SurveyAnswer

SURVEY_RESPONSES = table(
    "responses",
    "Survey of Internal Control: one row is what one respondent answered to one question in one year.",
    {
        "year": whole("Year of the survey.", at_least=2000, at_most=2100),
        "directorate": text("Directorate of the respondent (directorates table).", required=True),
        "question": text("What was asked about, such as Performance Monitoring.", required=True),
        "answer": word(SurveyAnswer, "The answer; empty when the question was left blank.", required=False),
        "respondent": text("A number that stands for the respondent; never a name.", required=True, matches=r"[A-Z0-9-]+"),
        "producer": text("Who ran the survey, or that its respondents are illustrative.", required=True),
    },
    unique=["year", "question", "respondent"],
)
