"""Counts carry their denominators, and the two bases never share one."""

from collections import Counter

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from kpireport.rules.counts import count_ratings, resting_on_rounding

RATED = [(basis, rag) for basis in ("target", "directional") for rag in ("red", "amber", "green")]
UNRATED = [
    ("none", state)
    for state in ("not_due", "awaited", "not_published", "suppressed", "not_applicable", "not_available", "not_rated")
]


def frame(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["directorate", "basis", "rating"], dtype="str")


def test_each_basis_has_its_own_denominator():
    kpis = frame([("CF", "target", "red"), ("CF", "target", "green"), ("AH", "directional", "green"), ("AH", "none", "awaited")])
    counts = count_ratings(kpis).set_index(["basis", "rating"])
    assert counts.loc[("target", "green"), ["count", "of"]].tolist() == [1, 2]
    assert counts.loc[("directional", "green"), ["count", "of"]].tolist() == [1, 1]
    assert counts.loc[("none", "awaited"), ["count", "of"]].tolist() == [1, 4]
    assert counts.loc[("target", "amber"), ["count", "of"]].tolist() == [0, 2]


def test_counts_by_directorate_have_every_rating_of_every_directorate_in_register_order():
    counts = count_ratings(
        frame([("CF", "target", "red"), ("AH", "none", "awaited"), ("CF", "none", "not_due")]), by="directorate"
    )
    assert list(zip(counts["basis"], counts["rating"], strict=True)) == (RATED + UNRATED) * 2
    assert counts["directorate"].unique().tolist() == ["CF", "AH"]
    by_place = counts.set_index(["directorate", "basis", "rating"])
    assert by_place.loc[("CF", "none", "not_due"), ["count", "of"]].tolist() == [1, 2]
    assert by_place.loc[("AH", "target", "red"), ["count", "of"]].tolist() == [0, 0]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(["CF", "AH"]), st.sampled_from(RATED + UNRATED)), max_size=40))
def test_counts_agree_with_counting(drawn):
    kpis = frame([(directorate, basis, rating) for directorate, (basis, rating) in drawn])
    counts = count_ratings(kpis)
    by_hand = Counter(pair for _, pair in drawn)
    assert counts["count"].tolist() == [by_hand[pair] for pair in RATED + UNRATED]
    parts = count_ratings(kpis, by="directorate")
    assert parts.groupby(["basis", "rating"])["count"].sum().sum() == counts["count"].sum() == len(drawn)


def test_ratings_that_rest_on_rounding_are_found():
    ratings = [("green", "amber"), ("red", "red"), ("", ""), ("green", "")]
    assert resting_on_rounding(pd.DataFrame(ratings, columns=["rag", "unrounded_rag"])).index.tolist() == [0]
