"""A KPI's result in everyday words."""

import pytest
from kpireport.presentation import plain_english
from kpireport.rules.highlights import Reason
from kpireport.vocabulary import NotRated, Rag
from presentation import sample_report


@pytest.fixture(scope="module")
def rows():
    return sample_report.report().performance.kpis.set_index("kpi_id", drop=False)


@pytest.mark.parametrize(
    ("written", "measure_type", "said"),
    [
        ("2024-25 Q2", "in_period", "July to September 2024"),
        ("2024-25 Q2", "snapshot", "the end of September 2024"),
        ("2024-25 Q2", "cumulative", "April to September 2024"),
        ("2024-25 Q4", "cumulative", "April 2024 to March 2025"),
        ("Sep 2024", "in_period", "September 2024"),
        ("Sep 2024", "snapshot", "the end of September 2024"),
        ("2023-24", "annual", "April 2023 to March 2024"),
        ("2023/24", "academic_year", "the school year 2023/24"),
        ("2023/24 Spring", "termly", "the spring term of 2024"),
        ("Year to Jun 2024", "rolling_year", "the year to June 2024"),
        ("2020 to 2022", "pooled_years", "2020 to 2022"),
        ("2023", "annual", "2023"),
        ("", "annual", ""),
    ],
)
def test_periods_are_said_as_people_say_them(written, measure_type, said):
    assert plain_english.period(written, measure_type) == said


def test_a_result_its_target_and_its_change_are_three_short_sentences(rows):
    assert list(plain_english.told(rows.loc["AH-01"], "Smallborough"))[:3] == [
        "The latest figure is 95.0%, for July to September 2024.",
        "That meets the target of 95.0% or more.",
        "That is worse than before: in April to June 2024 it was 95.9%.",
    ]


def test_a_missed_target_says_by_how_much_and_a_narrow_miss_that_it_is_narrow(rows):
    missed = rows.loc["AH-01"].copy()
    missed[["rating", "rag", "value", "gap_to_target"]] = ["red", "red", 90.0, -5.0]
    assert list(plain_english.against_target(missed)) == ["That misses the target of 95.0% or more, by 5.0 percentage points."]
    missed["rating"] = str(Rag.AMBER)
    assert next(plain_english.against_target(missed)).startswith("That just misses")


def test_a_tracker_has_no_target_and_no_judgement(rows):
    said = " ".join(plain_english.told(rows.loc["CD-02"], "Smallborough"))
    assert "There is no target." in said
    assert "It has gone down: in 2022 it was 27." in said or "better than before" in said


def test_an_old_figure_is_shown_with_why_there_is_no_newer_one(rows):
    late = rows.loc["AH-01"].copy()
    late["rating"] = str(NotRated.AWAITED)
    said = list(plain_english.result(late))
    assert said == ["The latest figure is 95.0%, for July to September 2024.", "The newest figure has not come in yet."]
    late["value"] = float("nan")
    assert list(plain_english.result(late)) == ["The newest figure has not come in yet."]


def test_special_variation_outweighs_chance_and_chance_outweighs_usual_variation(rows):
    row = rows.loc["AH-01"].copy()
    row[["variation", "change_significance"]] = ["concern", "similar"]
    assert list(plain_english.beyond_chance(row)) == ["This is worse than we would usually see."]
    row["variation"] = "common_cause"
    assert list(plain_english.beyond_chance(row)) == ["The change is small and could be chance."]
    row["change_significance"] = "worse"
    assert list(plain_english.beyond_chance(row)) == ["Figures go up and down all the time. This one is nothing unusual."]


def test_every_reason_and_every_way_of_having_no_figure_has_words():
    assert set(plain_english.REASONS) == {str(reason) for reason in Reason}
    assert set(plain_english.NO_FIGURE) == {str(state) for state in NotRated} - {"not_rated"}


def test_the_country_is_named_with_its_figure_only_where_counts_tell(rows):
    row = rows.loc["AH-01"].copy()
    row[["significance", "benchmark_value", "benchmark_name"]] = ["worse", 97.0, "England"]
    assert list(plain_english.benchmark(row, "Leeds")) == ["Leeds is doing worse than England, where it is 97.0%."]
    row["benchmark_value"] = float("nan")
    assert list(plain_english.benchmark(row, "Leeds")) == []
