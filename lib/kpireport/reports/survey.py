"""The yearly analysis of the Survey of Internal Control: answers to each question, how they changed, and directorates."""

from dataclasses import dataclass
from pathlib import Path

from kpireport import periods
from kpireport.errors import ParameterError
from kpireport.periods import PeriodKind
from kpireport.rules import public_edition, survey_results
from kpireport.rules.survey_results import SurveyResults
from kpireport.sources import council as councils
from kpireport.sources import register as registers
from kpireport.sources.council import Council
from kpireport.vocabulary import Edition

OCCASION = "survey"
LAST_DAY = "05-31"
"""The survey is held in May: its last day dates the report."""


@dataclass(frozen=True)
class Survey:
    """What officers and the committee read of the survey each year."""

    council: Council
    title: str
    subtitle: str
    date: str
    """The last day of the survey (ISO)."""
    scheme: str
    """No rating scheme: nothing of the survey is rated."""
    edition: str
    results: SurveyResults
    illustrative: int
    """How many of the questions and years shown have made-up respondents."""


def build(*, data: str, council: str, year: str, edition: str = Edition.INTERNAL) -> Survey:
    """Assemble the analysis of the survey of `year` from the register in the folder `data`.

    Parameters
    ----------
    council
        Path of the council's own particulars (YAML).
    year
        The calendar year of the survey, such as 2024.
    edition
        A public edition has percentages alone.

    Raises
    ------
    ParameterError
        When `year` is a financial year.
    DataError
        With every fault of the register.
    """
    if periods.parse(year).kind is not PeriodKind.CALENDAR_YEAR:
        raise ParameterError(f"year: the survey is held once in a calendar year: write {year[:4]}, not {year}.")
    register, authority = registers.load(Path(data)), councils.load(Path(council))
    if edition == Edition.PUBLIC:
        public_edition.refuse_addresses({"responses": register.responses, "directorates": register.directorates})
    results = survey_results.for_year(register.responses, register.directorates, year=int(year), edition=edition)
    shown = results.answers.drop_duplicates(["question", "year"])
    compared = f", compared with {results.previous}" if results.previous else ""
    return Survey(
        council=authority,
        title="Survey of Internal Control",
        subtitle=f"Analysis of the answers of {year}{compared}",
        date=f"{year}-{LAST_DAY}",
        scheme="",
        edition=edition,
        results=results,
        illustrative=int(shown["is_illustrative"].sum()),
    )
