"""The published percentages from respondent-level rows, denominators, rounding, change and breakdowns."""

import math
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kpireport import schemas
from kpireport.rules.survey import ANSWERS, breakdown, change, distribution, positive_share, rounded_percent
from kpireport.vocabulary import ILLUSTRATIVE, Rounding

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "survey" / "responses.csv"
MONITORING, ESCALATION = "Performance Monitoring", "Escalation of Concerns"
BATCHES = settings.default.max_examples // 10
"""Ten cases stand in each example, as the rules take whole frames."""


@pytest.fixture(scope="module")
def sample():
    rows = pd.read_csv(SAMPLE, dtype="str", keep_default_na=False)
    return rows.assign(year=rows["year"].astype("Int64"))


def responses(counts: dict[str, int], *, year=2024, question="Q", directorate="AH", first=0) -> pd.DataFrame:
    answers = [answer for answer, count in counts.items() for _ in range(count)]
    people = [str(first + number) for number in range(len(answers))]
    frame = pd.DataFrame({"answer": answers, "respondent": people}, dtype="str")
    return frame.assign(year=year, question=question, directorate=directorate)


def shown(distributed, question, year):
    rows = distributed[(distributed["question"] == question) & (distributed["year"] == year)]
    return [int(share) for share in rows["shown_percent"]]


# The published survey


def test_sample_respondents_are_valid_and_say_that_they_are_illustrative(sample):
    assert schemas.check(schemas.SURVEY_RESPONSES, sample).empty
    assert set(sample["producer"]) == {ILLUSTRATIVE}


@pytest.mark.parametrize("rounding", Rounding)
def test_published_percentages(sample, rounding):
    rows = distribution(sample, rounding=rounding)
    assert shown(rows, MONITORING, 2024)[:2] == [64, 30]
    assert shown(rows, MONITORING, 2023)[:2] == [58, 37]
    assert shown(rows, ESCALATION, 2024)[:2] == [67, 28]
    assert shown(rows, ESCALATION, 2023)[:2] == [62, 31]
    assert rows.groupby(["question", "year"])["shown_percent"].sum().unique().tolist() == [100.0]


def test_published_directions_of_the_other_answers(sample):
    """One of the four stayed level, a couple improved, and Performance Monitoring "Not embedded" rose slightly."""
    rows = change(distribution(sample), year=2024, previous=2023).set_index(["question", "answer"])["shown_change_points"]
    assert rows[MONITORING, "Not embedded"] == 1
    assert rows[MONITORING, "Don't know"] == 0
    assert rows[ESCALATION, "Not embedded"] < 0
    assert rows[ESCALATION, "Don't know"] < 0


def test_positive_shares_agree_with_the_published_parts(sample):
    shares = positive_share(distribution(sample)).set_index(["question", "year"])["shown_percent"]
    assert shares.to_dict() == {(ESCALATION, 2023): 93, (ESCALATION, 2024): 95, (MONITORING, 2023): 95, (MONITORING, 2024): 94}


def test_published_changes_alone_claim_nothing():
    """The published percentages come without N."""
    rows = pd.DataFrame({"question": MONITORING, "answer": "Well embedded", "year": [2023, 2024], "percent": [58.0, 64.0]})
    row = change(rows.assign(of=pd.NA), year=2024, previous=2023).squeeze()
    assert row["change_points"] == 6.0
    assert row[["low_points", "high_points", "is_significant"]].isna().all()


# Denominators


def test_blank_and_not_applicable_are_in_no_denominator_and_counted_beside_it():
    rows = distribution(responses({"Well embedded": 3, "Don't know": 1, "Not applicable": 5, "": 2}))
    assert rows.set_index("answer")["percent"].to_dict() == {
        "Well embedded": 75.0,
        "Fairly embedded": 0.0,
        "Not embedded": 0.0,
        "Don't know": 25.0,
    }
    assert rows[["of", "not_applicable", "blank"]].drop_duplicates().to_numpy().tolist() == [[4, 5, 2]]


def test_question_that_nobody_answered_has_no_percentages():
    rows = distribution(responses({"": 4}))
    assert rows["percent"].isna().all()
    assert rows["shown_percent"].isna().all()
    assert positive_share(rows)["percent"].isna().all()


def test_no_respondents_give_no_rows():
    assert distribution(responses({})).empty


# Rounding


def largest_remainder_by_hand(counts, decimals):
    """Hamilton's method in exact fractions: the seats of a parliament of 100 (or 1,000) members."""
    seats = [Fraction(100 * 10**decimals * count, sum(counts)) for count in counts]
    given_out = [math.floor(seat) for seat in seats]
    by_remainder = sorted(range(len(seats)), key=lambda place: (-(seats[place] % 1), -seats[place], place))
    for place in by_remainder[: 100 * 10**decimals - sum(given_out)]:
        given_out[place] += 1
    return [whole / 10**decimals for whole in given_out]


counts_of_answers = st.lists(st.integers(0, 60), min_size=4, max_size=4).filter(any)


@settings(max_examples=BATCHES)
@given(st.lists(counts_of_answers, min_size=10, max_size=10), st.integers(0, 1))
def test_largest_remainder_sums_to_one_hundred_and_agrees_with_plain_fractions(tables, decimals):
    frame = pd.DataFrame(
        [(name, 100 * count / sum(table)) for name, table in enumerate(tables) for count in table], columns=["key", "percent"]
    )
    rounded = rounded_percent(frame["percent"], [frame["key"]], decimals=decimals)
    assert (rounded - frame["percent"]).abs().max() < 10**-decimals
    for name, table in enumerate(tables):
        mine = rounded[frame["key"] == name].tolist()
        assert mine == largest_remainder_by_hand(table, decimals)
        assert sum(mine) == pytest.approx(100)


def test_thirds_are_not_printed_as_ninety_nine():
    percent = pd.Series([100 / 3] * 3)
    key = [pd.Series(["a"] * 3)]
    assert rounded_percent(percent, key, rounding=Rounding.NEAREST).sum() == 99
    assert rounded_percent(percent, key, rounding=Rounding.LARGEST_REMAINDER).tolist() == [34, 33, 33]


# Change


def wilson_by_hand(x, n):
    """The two roots of (p - x/n)² = z² p (1 - p) / n."""
    z = 1.959963984540054
    a, b, c = 1 + z * z / n, -(2 * x / n + z * z / n), (x / n) ** 2
    root = math.sqrt(max(b * b - 4 * a * c, 0.0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def newcombe_by_hand(x, n, y, m):
    p, q = x / n, y / m
    (l1, u1), (l2, u2) = wilson_by_hand(x, n), wilson_by_hand(y, m)
    return p - q - math.hypot(p - l1, u2 - q), p - q + math.hypot(u1 - p, q - l2)


def test_newcombes_own_example():
    """56 of 70 against 48 of 80: 0.0524 to 0.3339 (method 10, the first case of the paper's table II)."""
    now = responses({"Well embedded": 56, "Not embedded": 14}, year=2024)
    before = responses({"Well embedded": 48, "Not embedded": 32}, year=2023)
    row = change(distribution(pd.concat([now, before])), year=2024, previous=2023).set_index("answer").loc["Well embedded"]
    assert (row["low_points"], row["high_points"]) == (pytest.approx(5.24, abs=0.01), pytest.approx(33.39, abs=0.01))
    assert row["is_significant"]


@settings(max_examples=BATCHES)
@given(st.lists(st.tuples(counts_of_answers, counts_of_answers), min_size=10, max_size=10))
def test_distribution_and_change_agree_with_plain_python(pairs):
    frames = []
    for number, (now, before) in enumerate(pairs):
        frames.append(responses(dict(zip(ANSWERS, now, strict=True)), year=2024, question=str(number)))
        frames.append(responses(dict(zip(ANSWERS, before, strict=True)), year=2023, question=str(number)))
    rows = change(distribution(pd.concat(frames, ignore_index=True)), year=2024, previous=2023)
    rows = rows.set_index(["question", "answer"])
    for number, (now, before) in enumerate(pairs):
        for answer, x, y in zip(ANSWERS, now, before, strict=True):
            row = rows.loc[(str(number), answer)]
            low, high = newcombe_by_hand(x, sum(now), y, sum(before))
            assert row["change_points"] == pytest.approx(100 * (x / sum(now) - y / sum(before)), abs=1e-9)
            assert (row["low_points"], row["high_points"]) == (
                pytest.approx(100 * low, abs=1e-6),
                pytest.approx(100 * high, abs=1e-6),
            )
            if min(abs(low), abs(high)) > 1e-9:
                assert bool(row["is_significant"]) == (low > 0 or high < 0)


# Breakdowns


def test_directorate_of_nine_is_hidden_with_the_next_smallest(sample):
    rows = breakdown(sample, "directorate")
    hidden = rows[rows["is_hidden"]]
    assert set(hidden["year"]) == {2023}
    assert set(hidden["directorate"]) == {"SR", "CD"}
    assert hidden[["count", "of", "percent", "shown_percent", "not_applicable", "blank"]].isna().all(axis=None)


def test_breakdown_counts_only_those_who_answered_towards_the_minimum():
    ten = responses({"Well embedded": 9, "": 5}, directorate="AH")
    others = [responses({"Well embedded": 30}, directorate=name, first=100) for name in ("CD", "CF")]
    rows = breakdown(pd.concat([ten, *others]), "directorate").drop_duplicates("directorate")
    assert rows.set_index("directorate")["is_hidden"].to_dict() == {"AH": True, "CD": True, "CF": False}
