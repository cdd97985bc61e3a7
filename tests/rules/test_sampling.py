"""Samples that anyone can draw again."""

import hashlib
import random

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from kpireport.rules import sampling

REFERENCES = [f"DR-{number}" for number in range(1, 41)]
references = st.lists(st.text(alphabet="ABCDR-0123456789é", min_size=1, max_size=8), max_size=30)


def test_the_sample_is_this_one_on_every_machine():
    # Typed in from: for r in $(seq 1 40); do printf '%s DR-%s\n' $(printf 'spring\nDR-%s' $r | sha256sum | cut -c1-64) $r; done
    assert sampling.sample(REFERENCES, seed="spring", size=3) == ["DR-28", "DR-24", "DR-15"]


def test_the_digest_is_that_of_seed_line_feed_and_reference():
    first = sampling.draw_order(REFERENCES, seed="s")[0]
    by_hand = min((hashlib.sha256(b"s\n" + reference.encode()).hexdigest(), reference) for reference in REFERENCES)
    assert first == by_hand[1]


@given(references, st.text(max_size=5), st.integers(0, 40), st.randoms(use_true_random=False))
def test_the_order_of_the_references_does_not_matter(drawn, seed, size, chance: random.Random):
    shuffled = chance.sample(drawn, len(drawn))
    assert sampling.sample(shuffled, seed=seed, size=size) == sampling.sample(drawn, seed=seed, size=size)


@given(references, st.text(max_size=5), st.integers(0, 40))
def test_a_larger_sample_holds_the_smaller_one_and_nothing_is_drawn_twice(drawn, seed, size):
    smaller, larger = (sampling.sample(drawn, seed=seed, size=number) for number in (size, size + 1))
    assert larger[: len(smaller)] == smaller
    assert len(set(larger)) == len(larger) == min(size + 1, len(set(drawn)))


def test_each_reference_is_about_as_likely_as_any_other():
    times = pd.Series([name for seed in range(400) for name in sampling.sample(REFERENCES, seed=str(seed), size=10)])
    assert times.value_counts().reindex(REFERENCES).between(60, 140).all()


def test_groups_are_drawn_independently_and_keep_their_index():
    frame = pd.DataFrame({"ref": ["A", "B", "C", "A2"], "quarter": ["Q1", "Q2", "Q1", "Q2"]}, index=[9, 7, 5, 3])
    places = sampling.places(frame["ref"], frame["quarter"], seed="s")
    for quarter, own in frame.groupby("quarter")["ref"]:
        drawn = sampling.draw_order(own, seed=f"s {quarter}")
        assert [drawn[place - 1] for place in places[own.index]] == own.tolist()
