"""Each rule told in words: a case for every branch, and what the words conclude held against the rule itself."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kpireport.rules import (
    availability_in_words,
    definitions_in_words,
    direction,
    direction_in_words,
    highlights_in_words,
    public_edition_in_words,
    rating,
    rating_in_words,
    significance_in_words,
    targets,
    targets_in_words,
    variation_in_words,
)
from kpireport.rules.availability import period_days

NONE = float("nan")
KPI = {
    "kpi_id": "CH-01",
    "kpi_name": "Bins collected",
    "definition": "Bins emptied on the day.",
    "kind": "kpi",
    "unit": "%",
    "decimals": 1,
    "polarity": "higher_is_better",
    "measure_type": "in_period",
    "frequency": "quarterly",
    "lag_months": 0,
    "comparator_rule": "previous_period",
    "comparable_from": "",
    "target_type": "value",
    "tolerance": NONE,
    "tolerance_type": "absolute",
    "dead_band": NONE,
    "value": 94.2,
    "target": 95.0,
    "upper": NONE,
    "comparator_value": NONE,
    "comparator_period": "",
    "period": "2024-25 Q2",
    "expected_period": "2024-25 Q2",
    "is_latest_expected": True,
    "maturity": "final",
    "absence": "",
    "rating": "",
    "unrounded_rag": "",
    "rag": "",
}


class Plain:
    """Figures as these tests print them."""

    def __init__(self, decimals=1):
        self.decimals = decimals

    def figure(self, value):
        return f"{value:.{self.decimals}f}"

    def amount(self, value):
        return f"{value:.10g}"

    difference = figure

    def day(self, value):
        return f"{value.day}/{value.month}/{value.year}"

    def period(self, text):
        return text


def kpi(**columns):
    return pd.Series(KPI | columns)


LOWER = {"polarity": "lower_is_better"}
RANGE = {"target_type": "range", "polarity": "within_range", "target": 20.0, "upper": 30.0, "tolerance": 2.0}
MORE = {"target_type": "increase", "target": NONE, "dead_band": 0.5, "comparator_value": 90.0, "comparator_period": "2024-25 Q1"}
OWED = {"is_latest_expected": False, "period": "2024-25 Q1"}


@pytest.mark.parametrize(
    ("columns", "word", "said"),
    [
        pytest.param({"value": 96.5}, "green", "96.5 is above the target of 95.0 by 1.5, so it is green (rule 3).", id="better"),
        pytest.param({"value": 94.96}, "green", "95.0 is the target itself, so it is green (rule 3).", id="as_printed"),
        pytest.param(
            {"tolerance": 1.0},
            "amber",
            "94.2 is below the target of 95.0 by 0.8, within the tolerance of 1, so it is amber (rule 3).",
            id="within_tolerance",
        ),
        pytest.param(
            {"tolerance": 0.8}, "amber", "by 0.8, exactly the tolerance of 0.8, which is still within it", id="at_the_edge"
        ),
        pytest.param({"tolerance": 0.5}, "red", "by 0.8, more than the tolerance of 0.5, so it is red (rule 3).", id="beyond"),
        pytest.param({}, "red", "No tolerance is agreed, so there is no amber band (rule 4) and it is red", id="no_tolerance"),
        pytest.param(
            LOWER | {"value": 96.0, "tolerance": 2.0, "tolerance_type": "percent_of_target"},
            "amber",
            "The tolerance is 2% of 95.0, which is 1.9: amber ends at 96.9 (rule 2).",
            id="percent_of_target",
        ),
        pytest.param(LOWER, "green", "94.2 is below the target of 95.0 by 0.8, and lower is better", id="lower_is_better"),
        pytest.param(
            RANGE | {"value": 30.0}, "green", "30.0 is in the wanted range, 20.0 to 30.0, so it is green", id="in_range"
        ),
        pytest.param(
            RANGE | {"value": 18.5}, "amber", "below the lower end of the wanted range, 20.0 to 30.0, by 1.5", id="under"
        ),
        pytest.param(
            RANGE | {"value": 33.0}, "red", "above the upper end of the wanted range, 20.0 to 30.0, by 3, more", id="over"
        ),
        pytest.param(MORE, "green", "94.2 against 90.0 is better by 4.2, more than the dead band of 0.5, so it", id="increase"),
        pytest.param(
            MORE | {"value": 89.6}, "amber", "a change of 0.4, within the dead band of 0.5: no material", id="dead_band"
        ),
        pytest.param(MORE | {"value": 80.0}, "red", "80.0 against 90.0 is worse by 10, more than the dead band", id="worse"),
        pytest.param(MORE | {"target_type": "decrease"}, "red", "94.2 against 90.0 is worse by 4.2", id="decrease_that_rose"),
        pytest.param(MORE | {"comparator_value": NONE}, "not_rated", "no earlier result to compare with", id="no_comparator"),
        pytest.param({"kind": "tracker"}, "not_rated", "never rated (rule 6)", id="tracker"),
        pytest.param({"target_type": "none"}, "not_rated", "No target has been set", id="no_target"),
        pytest.param({"target": NONE}, "not_rated", "No target covers 2024-25 Q2", id="target_of_other_periods"),
        pytest.param({"polarity": "neutral"}, "not_rated", "does not say which way is good", id="neutral"),
        pytest.param(OWED | {"rating": "awaited"}, "awaited", "was not in the record, so it is awaited (rule 7)", id="awaited"),
        pytest.param(OWED | {"rating": "awaited"}, "awaited", "94.2 of 2024-25 Q1, is shown with its own period", id="stale"),
        pytest.param(OWED | {"rating": "not_published"}, "not_published", "its producer had not published it", id="absent"),
        pytest.param(OWED | {"rating": "suppressed"}, "suppressed", "2024-25 Q2 is hidden, as it could tell of", id="hidden"),
        pytest.param(
            OWED | {"rating": "not_due", "expected_period": ""}, "not_due", "No result had fallen due yet", id="not_due"
        ),
        pytest.param({"maturity": "provisional"}, "red", "it is rated all the same, and marked [p] (rule 8)", id="provisional"),
    ],
)
def test_rating_in_words(columns, word, said):
    told = rating_in_words.explain(kpi(**columns), Plain())
    assert told.conclusion == word
    assert said in " ".join(told.said)


def test_rounding_that_turns_the_colour_is_told():
    told = rating_in_words.explain(kpi(value=94.96, rag="green", unrounded_rag="red"), Plain())
    assert told.said[0].endswith("94.96 is printed, and compared, as 95.0 (rule 1). Figures before rounding would give red.")


def test_every_rule_that_is_named_is_one_of_the_scheme():
    assert list(rating_in_words.RULES) == list(range(1, 11))


NUMBERS = st.integers(-400, 400).map(lambda number: number / 20)
MAYBE = st.one_of(st.just(NONE), NUMBERS)
SIZES = st.one_of(st.just(NONE), st.integers(0, 60).map(lambda number: number / 20))


@st.composite
def rows(draw):
    kind = draw(st.sampled_from(["value", "range", "increase", "decrease", "none"]))
    target = draw(MAYBE)
    width = draw(SIZES)
    return KPI | {
        "kind": draw(st.sampled_from(["kpi", "kpi", "kpi", "tracker"])),
        "decimals": draw(st.integers(0, 2)),
        "polarity": draw(st.sampled_from(["higher_is_better", "lower_is_better", "within_range", "neutral"])),
        "target_type": kind,
        "value": draw(NUMBERS),
        "target": target,
        "upper": target + width if kind == "range" else NONE,
        "tolerance": draw(SIZES),
        "tolerance_type": draw(st.sampled_from(["absolute", "percent_of_target"])),
        "dead_band": draw(SIZES),
        "comparator_value": draw(MAYBE),
    }


@settings(max_examples=60)
@given(st.lists(rows(), min_size=1, max_size=20))
def test_words_come_to_the_same_rating_and_direction_as_the_rules(cases):
    frame = pd.DataFrame(cases)
    rated, moved = rating.rate(frame), direction.directions(frame)
    for place, row in frame.iterrows():
        printed = Plain(row["decimals"])
        assert rating_in_words.explain(row, printed).conclusion == (rated.loc[place, "rag"] or "not_rated")
        assert direction_in_words.explain(row, printed).conclusion == moved.loc[place, "direction"]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        pytest.param({}, "Its rule is the period before: 2024-25 Q1.", id="previous_period"),
        pytest.param({"comparator_rule": "same_period_last_year"}, "a year earlier: 2023-24 Q2.", id="last_year"),
        pytest.param({"measure_type": "cumulative"}, "A cumulative figure is compared with the same point", id="cumulative"),
        pytest.param(
            {"measure_type": "rolling_year", "period": "Year to Sep 2024"},
            "whatever the KPI's rule: Year to Sep 2023.",
            id="rolling",
        ),
        pytest.param({"period": "2020 to 2022"}, "that share no year: 2017 to 2019.", id="pooled"),
        pytest.param({"period": "2023", "frequency": "biennial"}, "two years earlier: 2021.", id="biennial"),
        pytest.param({}, "The record has no figure for it", id="no_earlier_figure"),
        pytest.param({"comparable_from": "2024-25 Q2"}, "before 2024-25 Q2, when its present definition began", id="redefined"),
        pytest.param(
            {"comparator_value": 90.0}, "94.2 against 90.0: up by 4.2, and higher is better, so it is improving.", id="up"
        ),
        pytest.param(LOWER | {"comparator_value": 90.0}, "and lower is better, so it is worsening.", id="up_for_the_worse"),
        pytest.param(
            {"comparator_value": 94.0, "dead_band": 0.5}, "up by 0.2, no more than the dead band of 0.5", id="dead_band"
        ),
        pytest.param({"comparator_value": 94.21}, "the same as printed, so there is no change.", id="same"),
        pytest.param(
            {"comparator_value": 90.0, "kind": "tracker"}, "A tracker is told without judgement: increasing.", id="tracker"
        ),
        pytest.param(RANGE | {"comparator_value": 99.0}, "nearer to the wanted range, so it is improving.", id="towards_range"),
        pytest.param(RANGE | {"value": 22.0, "comparator_value": 25.0}, "no nearer to the wanted range", id="within_range"),
        pytest.param({"value": NONE}, "There is no result to compare.", id="no_result"),
    ],
)
def test_direction_in_words(columns, said):
    assert said in " ".join(direction_in_words.explain(kpi(**columns), Plain()).said)


DATED = pd.DataFrame(
    {
        "kpi_id": "CH-01",
        "from_period": ["2023-24 Q1", "2024-25 Q1", "2025-26 Q1"],
        "to_period": ["2023-24 Q4", "", ""],
        "target": [90.0, 95.0, 97.0],
        "upper": NONE,
        "profile": ["", "yearly", ""],
    }
)


@pytest.mark.parametrize("period", ["2022-23 Q4", "2023-24 Q4", "2024-25 Q1", "2025-26 Q1", "Year to Mar 2024"])
def test_target_in_force_is_the_one_that_the_rule_takes(period):
    row = kpi(period=period)
    results = pd.DataFrame([row]).assign(period_end=period_days(pd.Series([period])))
    taken = targets.with_targets(results, DATED)["target"].iloc[0]
    place = targets_in_words.in_force(DATED, results["period_end"].iloc[0].date())
    assert (NONE if place is None else DATED["target"].iloc[place]) == pytest.approx(taken, nan_ok=True)


@pytest.mark.parametrize(
    ("columns", "day", "said"),
    [
        pytest.param({}, date(2024, 9, 30), '95.0, from 2024-25 Q1 and open since. It is called "yearly".', id="open"),
        pytest.param({}, date(2023, 9, 30), "90.0, from 2023-24 Q1 until 2023-24 Q4.", id="closed"),
        pytest.param({}, date(2022, 9, 30), "No target covers 30/9/2022", id="before_any"),
        pytest.param({"kind": "tracker"}, date(2024, 9, 30), "A tracker has no target.", id="tracker"),
        pytest.param({"target_type": "increase"}, date(2024, 9, 30), "an increase, without a figure", id="interim"),
        pytest.param({"target_type": "none"}, date(2024, 9, 30), "No target had been set.", id="none"),
    ],
)
def test_target_in_words(columns, day, said):
    assert said in targets_in_words.explain(kpi(**columns), DATED, day=day, printed=Plain())


@pytest.mark.parametrize(
    ("columns", "known_on", "said"),
    [
        pytest.param(
            {}, date(2024, 11, 8), "the latest one due by 30/9/2024 is that of 2024-25 Q2. Results received by", id="in"
        ),
        pytest.param({}, None, "No cut-off of the round is on record", id="open_round"),
        pytest.param(OWED, None, "That result was not in. The latest one available is shown, of 2024-25 Q1", id="stale"),
        pytest.param(OWED | {"absence": "suppressed"}, None, "That result has no figure to show. The latest", id="hidden"),
        pytest.param(OWED | {"value": NONE}, None, "no figure for this or any earlier period", id="nothing"),
        pytest.param({"expected_period": "2024-25 Q1"}, None, "A later result was in already, and is shown", id="early"),
        pytest.param({"lag_months": 2, "frequency": "annual"}, None, "comes each year and is due 2 months after", id="lag"),
    ],
)
def test_availability_in_words(columns, known_on, said):
    told = availability_in_words.explain(kpi(**columns), quarter_end=date(2024, 9, 30), known_on=known_on, printed=Plain())
    assert said in " ".join(told)


CHART = {
    "variation": "common_cause",
    "variation_rule": "",
    "variation_side": "",
    "variation_why_not": "",
    "assurance": "",
    "points": 20,
    "mean": 90.0,
    "lower_limit": 85.0,
    "upper_limit": 95.0,
}


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        pytest.param({}, "is 85.0 to 95.0. None of the four rules catches the last result: usual variation.", id="usual"),
        pytest.param(
            {"variation": "concern", "variation_rule": "outside_limits", "variation_side": "low"},
            "The last result is below the usual range (the first of the four rules): special cause, for the worse.",
            id="outside",
        ),
        pytest.param(
            {"variation": "improvement", "variation_rule": "trend", "variation_side": "high"}, "running have risen", id="trend"
        ),
        pytest.param(
            {"variation": "neutral_high", "variation_rule": "two_of_three", "variation_side": "high"},
            "the range's upper half (the third of the four rules): special cause, high; told without judgement.",
            id="two_of_three",
        ),
        pytest.param(
            {"variation": "concern", "variation_rule": "one_side", "variation_side": "low"}, "are below the mean", id="one_side"
        ),
        pytest.param({"assurance": "hit_or_miss"}, "the target lies within the usual range", id="hit_or_miss"),
        pytest.param(
            {
                "variation": "concern",
                "variation_rule": "trend",
                "variation_side": "low",
                "assurance": "consistently_passing",
            },
            "Reports leave that out, because the latest results run against it.",
            id="contradicted",
        ),
        pytest.param({"variation": "", "variation_why_not": "too_few_points"}, "it has fewer than 12 results.", id="no_chart"),
        pytest.param({"variation": "", "variation_why_not": "overlapping_windows"}, "its periods share months", id="overlap"),
    ],
)
def test_variation_in_words(columns, said):
    assert said in " ".join(variation_in_words.explain(kpi(**CHART | columns), Plain()))


COMPARED = {
    "benchmark_name": "England",
    "benchmark_period": "2024-25 Q2",
    "benchmark_value": 90.0,
    "significance": "better",
    "significance_why_not": "",
    "lower_95": 93.0,
    "upper_95": 95.0,
}


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        pytest.param({}, "England, 90.0 in 2024-25 Q2: 94.2, 95% interval 93.0 to 95.0: significantly better at", id="better"),
        pytest.param({"significance": "similar"}, "not significantly different at the 95% level.", id="similar"),
        pytest.param(
            {"significance": "not_compared", "significance_why_not": "different_period", "benchmark_period": "2023"},
            "Not compared with England: its latest figure is of another period, 2023.",
            id="another_period",
        ),
        pytest.param(
            {"significance": "not_compared", "significance_why_not": "no_interval"}, "has no counts", id="without_counts"
        ),
    ],
)
def test_comparison_with_the_country_in_words(columns, said):
    assert said in significance_in_words.benchmark(kpi(**COMPARED | columns), Plain())


@pytest.mark.parametrize(
    ("word", "low", "high", "said"),
    [
        ("similar", -1.5, 0.5, "is a fall of 1.5 to a rise of 0.5, which includes no change, so it may be chance."),
        ("better", 0.5, 2.5, "is a rise of 0.5 to a rise of 2.5, which leaves out no change, so it is more than chance."),
        ("not_compared", NONE, NONE, "cannot be said: the record has no counts"),
    ],
)
def test_change_beyond_chance_in_words(word, low, high, said):
    row = kpi(change_significance=word, change_lower_95=low, change_upper_95=high, change_why_not="no_interval")
    assert said in significance_in_words.change(row, Positive())


class Positive(Plain):
    """Differences without a sign."""

    def difference(self, value):
        return self.figure(abs(value))


@pytest.mark.parametrize(
    ("word", "size", "said"),
    [
        ("decreasing_getting_better", 12.0, "a significant trend, a fall, for the better."),
        ("increasing", 12.0, "a significant trend, a rise."),
        ("no_significant_change", 3.0, "is 3.00; above 9.5495 would be significant (99.8%): no significant change."),
        ("no_significant_change", 12.0, "the slope does not keep its sign when one of the results is left out"),
        ("too_few_points", NONE, "fewer than 5 results"),
        ("cannot_be_calculated", NONE, "the record has no counts"),
    ],
)
def test_recent_trend_in_words(word, size, said):
    assert said in significance_in_words.recent_trend(kpi(recent_trend=word, trend_chi_squared=size, trend_why_not="no_counts"))


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        ("newly red; restated", "newly red: it is red, and was amber in the previous report"),
        ("red with one of the largest gaps to target", "2.5 tolerances from its target, one of the 5 largest gaps"),
        ("one of the largest improvements", "better than its comparator, by 4.2, one of the 5 largest"),
        ("awaited twice running", "it is awaited, and was awaited in the previous report"),
        ("linked to a red corporate risk", 'its corporate risk, LCC 21, is rated "Very high"'),
        ("", "No rule proposes it as a highlight item."),
        ("chosen by the team", "No rule proposes it as a highlight item."),
    ],
)
def test_reasons_for_a_highlight_in_words(reasons, said):
    row = kpi(previous_rating="amber", gap_in_tolerances=-2.5, change=4.2, risk_ref="LCC 21")
    assert said in " ".join(highlights_in_words.explain(row, reasons, Plain()))


def test_choice_of_a_highlight_in_words():
    assert (
        highlights_in_words.chosen("include", "Members asked", "Head of Policy") == "Head of Policy included it: Members asked."
    )
    assert highlights_in_words.chosen("exclude", "Known.", "Head of Policy") == "Head of Policy left it out: Known."
    assert "has not decided" in highlights_in_words.chosen("", "", "")


@pytest.mark.parametrize(
    ("name", "unit", "said"),
    [
        ("Pupils excluded", "number", 'its words name people ("Pupils"): counts of 1 to 4'),
        ("Waste recycled", "%", 'It counts only things ("Waste")'),
        ("Budget variance", "£k", "Its unit, £k, does not rest on a count of people"),
        ("Events held", "number", "nothing in its name says that it counts only things"),
    ],
)
def test_disclosure_in_words(name, unit, said):
    assert said in public_edition_in_words.explain(kpi(kpi_name=name, definition="", unit=unit))


def test_changes_of_the_definition_in_words():
    changes = pd.DataFrame(
        {
            "quarter": ["2022-23 Q1", "2024-25 Q2", "2024-25 Q3"],
            "change": ["added", "tolerance_set", "amended"],
            "field": ["", "tolerance", "kpi_name"],
            "old_value": ["", "", "Bins"],
            "new_value": ["all of it", "2", "Bins collected"],
            "agreed_by": "CLT",
            "agreed_on": pd.to_datetime(["2022-05-31", "2024-12-01", "2024-12-02"]).astype("datetime64[s]"),
        }
    )

    def in_force(known_on):
        return definitions_in_words.in_force(changes, quarter_end=date(2024, 9, 30), known_on=known_on).tolist()

    assert in_force(None) == [True, True, False]
    assert in_force(date(2024, 11, 8)) == [True, False, False]
    told = [definitions_in_words.change(row, Plain()) for _, row in changes.iterrows()]
    assert told[0] == "Added to the list in 2022-23 Q1, agreed by CLT on 31/5/2022."
    assert told[1] == 'Tolerance changed in 2024-25 Q2 from nothing to "2", agreed by CLT on 1/12/2024.'
