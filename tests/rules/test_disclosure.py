"""What is hidden, and what leaves the building."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.rules.disclosure import for_publication, hide_small_groups, protect
from kpireport.rules.disclosure_links import margins, same_counts, with_complements


def one_way(counts: dict[str, float], table: str = "t") -> pd.DataFrame:
    """Return a table with one dimension; "all" is its total."""
    return pd.DataFrame(
        {"cell": [f"{table}/{name}" for name in counts], "table": table, "group": list(counts), "count": counts.values()}
    )


def suppression(counts: dict[str, float]) -> dict[str, str]:
    cells = one_way(counts)
    protected = protect(cells, margins(cells, ["group"]))
    return dict(zip(protected["group"], protected["suppression"], strict=True))


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"a": 1, "b": 9, "c": 7, "all": 17}, {"a": "primary", "c": "secondary"}),
        ({"a": 4, "b": 5, "c": 50, "all": 59}, {"a": "primary", "b": "secondary"}),
        ({"a": 5, "b": 9, "all": 14}, {}),
        ({"a": 0, "b": 9, "all": 9}, {}),
        ({"a": 3, "b": 4, "c": 9, "all": 16}, {"a": "primary", "b": "primary"}),
        ({"a": 3, "b": 0, "all": 3}, {"a": "primary", "all": "primary"}),
        ({"a": 2, "b": 9, "all": 11}, {"a": "primary", "b": "secondary"}),
    ],
    ids=[
        "smallest_other_part_is_hidden_too",
        "four_is_small_and_five_is_not",
        "nothing_small",
        "nobody_is_not_few",
        "two_small_counts_keep_each_other",
        "small_total_is_hidden_with_its_only_part",
        "no_part_is_left_but_the_only_other",
    ],
)
def test_counts_that_are_hidden(counts, hidden):
    assert {name: word for name, word in suppression(counts).items() if word} == hidden


def test_two_ones_that_make_a_two_need_a_third():
    """A shown rest of 2 for two hidden counts leaves 1 and 1."""
    hidden = {name for name, word in suppression({"a": 1, "b": 1, "c": 8, "d": 9, "all": 19}).items() if word}
    assert hidden == {"a", "b", "c"}


def test_a_share_gives_away_the_few_who_are_not_in_it():
    cells = pd.DataFrame({"cell": ["done in time", "due"], "table": "reviews", "count": [97, 100]})
    shares = pd.DataFrame({"part": ["done in time"], "whole": ["due"]})
    all_cells, links = with_complements(cells, shares)
    safe = for_publication(protect(all_cells, links))
    assert dict(zip(safe["cell"], safe["is_hidden"], strict=True)) == {"done in time": True, "due": False}


def test_a_count_hidden_in_one_table_is_hidden_in_the_other():
    one = one_way({"a": 3, "b": 9, "c": 20, "all": 32}, "one")
    two = one_way({"a": 3, "all": 32}, "two")
    cells = pd.concat([one, two], ignore_index=True)
    links = pd.concat([margins(one, ["group"]), same_counts(cells, ["group"])])
    assert for_publication(protect(cells, links)).query("is_hidden")["cell"].tolist() == ["one/a", "one/b", "two/a"]


def test_figures_perturbed_by_their_producer_are_protected_although_parts_and_total_differ():
    hidden = {name for name, word in suppression({"a": 3, "b": 25_587, "c": 14_405, "all": 39_998}).items() if word}
    assert hidden == {"a", "c"}


def test_a_count_that_nobody_has_protects_its_relation():
    protected = suppression({"a": 3, "b": np.nan, "all": 30})
    assert protected == {"a": "primary", "b": "", "all": ""}


def test_a_count_without_relations_is_hidden_alone():
    cells = pd.DataFrame({"cell": ["x", "y"], "table": "t", "count": [2, 3]})
    assert for_publication(protect(cells, margins(cells.assign(group="a"), ["group"])))["is_hidden"].all()


def test_publication_does_not_tell_small_counts_from_those_hidden_with_them():
    cells = one_way({"a": 1, "b": 9, "c": 7, "all": 17})
    safe = for_publication(protect(cells, margins(cells, ["group"])))
    assert "suppression" not in safe
    assert safe["count"].isna().tolist() == [True, False, True, False]


def test_rounding_to_five_is_independent_of_the_total():
    cells = one_way({"a": 6, "b": 7, "c": 8, "d": 0, "all": 21})
    safe = for_publication(protect(cells, margins(cells, ["group"])), round_to=5)
    assert safe["count"].tolist() == [5, 5, 10, 0, 20]


@pytest.mark.parametrize(
    ("counts", "message"),
    [([-1.0, 5.0], "whole numbers of 0 or more"), ([1.5, 5.0], "whole numbers of 0 or more"), ([1.0, 5.0], "cannot be kept")],
)
def test_impossible_counts_are_refused(counts, message):
    cells = pd.DataFrame({"cell": ["x", "y"], "table": "t", "count": counts})
    alone = pd.DataFrame({"relation": ["alone"], "cell": ["x"], "sign": [1]})
    with pytest.raises(ValueError, match=message):
        protect(cells, alone)


def test_a_link_to_no_cell_is_named():
    cells = pd.DataFrame({"cell": ["x"], "table": "t", "count": [1]})
    with pytest.raises(ValueError, match="'z'"):
        protect(cells, pd.DataFrame({"relation": ["r"], "cell": ["z"], "sign": [1]}))


def small_groups(*sizes: float) -> list[bool]:
    groups = pd.DataFrame({"question": "q", "group": range(len(sizes))})
    return hide_small_groups(groups, pd.Series(sizes, index=groups.index), ["question"]).tolist()


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ((10, 11, 12), [False, False, False]),
        ((9, 30, 20), [True, False, True]),
        ((3, 4, 30, 20), [True, True, False, True]),
        ((6, 7, 30), [True, True, False]),
        ((0, 30, 20), [True, False, False]),
        ((0, 4, 30, 20), [True, True, False, True]),
        ((9,), [True]),
    ],
    ids=[
        "ten_is_enough",
        "one_small_group_would_be_the_rest",
        "two_groups_of_seven_together_are_one_small_group",
        "two_groups_of_thirteen_together_are_enough",
        "nobody_needs_no_protection",
        "nobody_protects_nobody",
        "the_only_group",
    ],
)
def test_groups_of_a_survey_that_are_hidden(sizes, hidden):
    assert small_groups(*sizes) == hidden


@given(st.lists(st.integers(0, 25), min_size=1, max_size=7))
def test_hidden_groups_of_a_survey_are_never_one_or_few_together(sizes):
    hidden = small_groups(*sizes)
    together = [size for size, is_hidden in zip(sizes, hidden, strict=True) if is_hidden and size > 0]
    assert all(is_hidden or size >= 10 for size, is_hidden in zip(sizes, hidden, strict=True))
    if together and not all(hidden):
        assert len(together) >= 2
        assert sum(together) >= 10
    if all(size >= 10 for size in sizes):
        assert not any(hidden)
