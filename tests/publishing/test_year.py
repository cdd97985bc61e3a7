"""What of a year is due follows from the timetable's deadlines, or from its rounds."""

from datetime import date

import pandas as pd
import pytest
from kpireport.errors import ParameterError
from kpireport.publishing.year import due, waiting
from kpireport.vocabulary import Step

ROUNDS = pd.DataFrame(
    {
        "quarter": [f"2023-24 Q{number}" for number in (1, 2, 3, 4)] + ["2024-25 Q1", "2024-25 Q2"],
        "cut_off_on": pd.to_datetime(["2023-08-11", "2023-11-10", "2024-02-09", "2024-05-10", "2024-08-09", None]),
    }
)


def made(**given) -> list[str]:
    return [f"{request.occasion} {request.number or request.year}" for request in due(ROUNDS, **given)]


def test_a_whole_year_ends_with_its_yearly_reports_and_the_survey_of_the_year_in_which_it_ends():
    assert made(year="2023-24") == [
        *("quarter 1", "executive 1"),
        *("quarter 2", "executive 2", "scrutiny 2"),
        *("quarter 3", "executive 3"),
        *("quarter 4", "executive 4", "scrutiny 4"),
        *("annual 2023-24", "bca 2023-24", "survey 2024", "assurance 2023-24"),
    ]


def test_an_open_round_is_not_due():
    assert made(year="2024-25") == ["quarter 1", "executive 1"]


def test_what_closes_on_the_day_is_due_by_it_and_what_closes_later_is_not():
    assert made(year="2023-24", by=date(2023, 11, 10))[-1] == "scrutiny 2"
    assert made(year="2023-24", by=date(2023, 11, 9)) == ["quarter 1", "executive 1"]


@pytest.mark.parametrize("year", ["2024", "2023/24", "last", "2030-31"])
def test_a_year_that_is_none_or_has_nothing_due_is_refused(year):
    with pytest.raises(ParameterError, match="year"):
        due(ROUNDS, year=year)


DEADLINES = {
    (Step.PACKS, "2023-24 Q2"): date(2023, 11, 10),
    (Step.EXECUTIVE_PAPERS, "2023-24 Q2"): date(2023, 12, 1),
    (Step.SCRUTINY_PAPERS, "2023-24 Q2"): date(2024, 1, 10),
    (Step.SCRUTINY_PAPERS, "2023-24 Q3"): date(2024, 4, 10),
    (Step.ANNUAL_PAPERS, "2023-24"): date(2024, 7, 12),
    (Step.SURVEY_REPORT, "2024"): date(2024, 6, 18),
    (Step.EXECUTIVE_PAPERS, "2024-25 Q2"): date(2024, 11, 29),
}


def test_the_timetable_says_when_each_report_is_due_and_the_round_when_it_does_not():
    assert made(year="2023-24", by=date(2023, 12, 1), deadlines=DEADLINES) == [
        *("quarter 1", "executive 1", "quarter 2", "executive 2"),
    ]
    assert made(year="2023-24", deadlines=DEADLINES)[4:] == [
        *("scrutiny 2", "quarter 3", "executive 3", "scrutiny 3"),
        *("quarter 4", "executive 4", "scrutiny 4", "assurance 2023-24", "survey 2024", "annual 2023-24", "bca 2023-24"),
    ]


def test_what_is_due_of_an_open_round_is_said_and_not_made():
    assert "executive 2" not in made(year="2024-25", by=date(2024, 12, 1), deadlines=DEADLINES)
    said = waiting(ROUNDS, year="2024-25", by=date(2024, 12, 1), deadlines=DEADLINES)
    assert said == ["Due 29/11/2024, not made: executive, 2024-25 Q2. The round of 2024-25 Q2 has no cut-off yet."]
    assert waiting(ROUNDS, year="2024-25", by=date(2024, 11, 28), deadlines=DEADLINES) == []
