"""What a report may show of the survey: which years, in which order, and what a public edition leaves out."""

import pandas as pd
import pytest
from kpireport.rules.survey_results import for_year

DIRECTORATES = pd.DataFrame({"directorate": ["CF", "AH", "SR"], "directorate_name": ["Children", "Adults", "Strategy"]})


def responses(*groups: tuple[int, str, str, str, int], producer="I&P") -> pd.DataFrame:
    """Return respondents from groups of (year, question, directorate, answer, how many)."""
    rows = [
        {
            "year": year,
            "question": question,
            "directorate": directorate,
            "answer": answer,
            "respondent": f"{year}-{place}-{number}",
        }
        for place, (year, question, directorate, answer, count) in enumerate(groups)
        for number in range(count)
    ]
    columns = ["year", "question", "directorate", "answer", "respondent"]
    return pd.DataFrame(rows, columns=columns).assign(producer=producer).astype({"year": "Int64"})


@pytest.fixture(scope="module")
def two_years():
    return responses(
        (2021, "Zeal", "AH", "Well embedded", 30),
        (2023, "Zeal", "AH", "Well embedded", 15),
        (2023, "Zeal", "AH", "Not embedded", 15),
        (2024, "Zeal", "AH", "Well embedded", 27),
        (2024, "Zeal", "AH", "Not embedded", 3),
        (2024, "Zeal", "CF", "Fairly embedded", 20),
        (2024, "Zeal", "SR", "Don't know", 4),
        (2024, "Zeal", "SR", "Not applicable", 2),
        (2024, "Care", "CF", "Well embedded", 12),
        (2024, "Care", "CF", "", 1),
        (2024, "Rare", "CF", "Well embedded", 9),
    )


def test_the_year_before_is_the_latest_one_with_a_survey(two_years):
    assert for_year(two_years, DIRECTORATES, year=2024).previous == 2023
    assert for_year(two_years, DIRECTORATES, year=2023).previous == 2021
    assert for_year(two_years, DIRECTORATES, year=2021).previous is None


def test_questions_keep_the_order_of_the_table_and_this_year_comes_first(two_years):
    answers = for_year(two_years, DIRECTORATES, year=2024).answers
    assert list(dict.fromkeys(zip(answers["question"], answers["year"], strict=True))) == [
        ("Zeal", 2024),
        ("Zeal", 2023),
        ("Care", 2024),
    ]


def test_question_that_fewer_than_ten_answered_is_named_and_not_shown(two_years):
    results = for_year(two_years, DIRECTORATES, year=2024)
    assert results.too_small == ("Rare",)
    for frame in (results.answers, results.positive, results.changes, results.by_directorate):
        assert "Rare" not in set(frame["question"])


def test_a_year_too_small_to_show_is_not_replaced_by_the_year_before():
    small = responses((2023, "Zeal", "AH", "Well embedded", 30), (2024, "Zeal", "AH", "Well embedded", 9))
    results = for_year(small, DIRECTORATES, year=2024)
    assert results.answers.empty
    assert results.by_directorate.empty
    assert results.too_small == ("Zeal",)


def test_a_question_not_asked_before_has_no_change(two_years):
    assert set(for_year(two_years, DIRECTORATES, year=2024).changes["question"]) == {"Zeal"}


def test_changes_stand_with_their_interval_when_the_respondents_are_known(two_years):
    changes = for_year(two_years, DIRECTORATES, year=2024).changes.set_index("answer")
    # 27 of 54 against 15 of 30, and 3 of 54 against 15 of 30.
    assert changes.loc["Well embedded", ["shown_change_points", "is_significant"]].tolist() == [0, False]
    assert changes.loc["Not embedded", ["shown_percent", "previous_shown_percent", "is_significant"]].tolist() == [6, 50, True]


def test_directorates_stand_in_their_order_and_small_ones_are_hidden_with_the_next(two_years):
    rows = for_year(two_years, DIRECTORATES, year=2024).by_directorate
    zeal = rows[(rows["question"] == "Zeal") & (rows["year"] == 2024)].drop_duplicates("directorate")
    assert zeal["directorate_name"].tolist() == ["Children", "Adults", "Strategy"]
    assert zeal["is_hidden"].tolist() == [True, False, True]


def test_a_change_of_a_directorate_hidden_in_one_year_is_hidden_too(two_years):
    more = pd.concat([two_years, responses((2023, "Zeal", "CF", "Well embedded", 40))])
    changes = for_year(more, DIRECTORATES, year=2024).directorate_changes
    hidden = changes[changes["directorate"] == "CF"]
    assert len(hidden) == 4
    assert hidden[["shown_change_points", "low_points", "high_points", "is_significant"]].isna().all(axis=None)


def test_public_edition_has_whole_percentages_and_nothing_to_work_a_count_out_of(two_years):
    results = for_year(two_years, DIRECTORATES, year=2024, edition="public")
    counts = ["count", "of", "not_applicable", "blank"]
    assert results.answers[counts].isna().all(axis=None)
    assert results.positive[["count", "of"]].isna().all(axis=None)
    assert results.changes[["of", "previous_of", "low_points", "high_points", "is_significant"]].isna().all(axis=None)
    shares = [
        *results.answers["percent"],
        *results.positive["percent"],
        *results.changes["percent"],
        *results.changes["change_points"],
    ]
    assert shares == [round(share) for share in shares]
    assert results.by_directorate.empty
    assert results.directorate_changes.empty


def test_editions_print_the_same_percentages(two_years):
    internal, public = (for_year(two_years, DIRECTORATES, year=2024, edition=edition) for edition in ("internal", "public"))
    assert internal.answers["shown_percent"].tolist() == public.answers["shown_percent"].tolist()
    assert internal.changes["shown_change_points"].tolist() == public.changes["shown_change_points"].tolist()


def test_whose_respondents_are_made_up_is_told_by_question_and_year(two_years):
    real = for_year(two_years, DIRECTORATES, year=2024)
    assert not real.answers["is_illustrative"].any()
    last_year = two_years.assign(producer=two_years["producer"].mask(two_years["year"] == 2023, "illustrative"))
    results = for_year(last_year, DIRECTORATES, year=2024)
    assert results.answers.groupby("year")["is_illustrative"].all().to_dict() == {2023: True, 2024: False}
    assert results.changes["is_illustrative"].all()


@pytest.mark.parametrize("year", [2022, 2025])
def test_a_year_without_a_survey_has_no_figures(two_years, year):
    results = for_year(two_years, DIRECTORATES, year=year)
    assert results.previous is None
    assert all(frame.empty for frame in (results.answers, results.positive, results.changes, results.by_directorate))


def test_a_council_without_a_survey_has_no_figures():
    results = for_year(responses(), DIRECTORATES, year=2024)
    assert results.answers.empty
    assert results.directorate_changes.empty
