"""An attack on published tables by integer linear programming, which knows nothing of how the counts were hidden.

For each hidden count it finds the least and the greatest value that all shown counts, the relations, whole numbers and the rule
that a 0 is never hidden allow. A count is recovered when the two meet.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kpireport.rules.disclosure import for_publication, protect
from kpireport.rules.disclosure_links import margins, same_counts, with_complements
from scipy.optimize import linprog

EXAMPLES = settings.default.max_examples // 6  # an attack solves two programmes for each hidden count
FAR = 1e5


def recovered(cells: pd.DataFrame, links: pd.DataFrame, of: set[str] | None = None) -> set[str]:
    """Return the hidden counts (all, or those in `of`) that a reader of `cells` (missing where hidden) can work out."""
    published = cells.set_index("cell")["count"]
    printed = cells.set_index("cell")["is_shown"] if "is_shown" in cells else pd.Series(True, index=published.index)
    unknown = published.index[published.isna()]
    place = {cell: number for number, cell in enumerate(unknown)}
    rows, sums = [], []
    for _, relation in links.groupby("relation"):
        row, known = np.zeros(len(unknown)), 0.0
        for cell, sign in zip(relation["cell"], relation["sign"], strict=True):
            if cell in place:
                row[place[cell]] += sign
            else:
                known += sign * published[cell]
        if row.any():
            rows.append(row)
            sums.append(-known)
    found = set()
    for cell, number in place.items():
        if of is not None and cell not in of:
            continue
        objective = np.zeros(len(unknown))
        objective[number] = 1.0
        ends = []
        for way in (1.0, -1.0):
            solution = linprog(
                way * objective,
                A_eq=np.array(rows) if rows else None,
                b_eq=sums if rows else None,
                bounds=[(1.0 if printed[name] else 0.0, FAR) for name in unknown],
                integrality=1,
                method="highs",
            )
            assert solution.status == 0, solution.message
            ends.append(round(solution.x[number]))
        if ends[0] == ends[1]:
            found.add(cell)
    return found


def two_way(counts: np.ndarray, table: str) -> pd.DataFrame:
    """Return a table with its row totals, column totals and grand total, one row a cell."""
    whole = np.vstack([np.column_stack([counts, counts.sum(axis=1)]), np.append(counts.sum(axis=0), counts.sum())])
    wards = [*(f"ward {number}" for number in range(len(counts))), "all"]
    groups = [*(f"group {number}" for number in range(counts.shape[1])), "all"]
    return pd.DataFrame(
        [
            {"cell": f"{table}: {ward}, {group}", "table": table, "ward": ward, "group": group, "count": whole[row, column]}
            for row, ward in enumerate(wards)
            for column, group in enumerate(groups)
        ]
    )


def published(cells, links):
    return for_publication(protect(cells, links))


small_or_not = st.one_of(st.integers(0, 6), st.integers(5, 60))


@st.composite
def linked_tables(draw):
    """Two tables by ward that share their ward totals (and with those the grand total), and a share of the first."""
    wards, columns = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    first = np.array(draw(st.lists(small_or_not, min_size=wards * columns, max_size=wards * columns))).reshape(wards, columns)
    second = []
    for total in first.sum(axis=1):
        part = draw(st.integers(0, int(total)))
        second.append([part, int(total) - part])
    tables = pd.concat([two_way(first, "by age"), two_way(np.array(second), "by sex")], ignore_index=True)
    totals = tables[tables["group"] == "all"]
    links = [margins(tables, ["ward", "group"]), same_counts(totals, ["ward", "group"])]
    shares = pd.DataFrame({"part": ["by age: all, group 0"], "whole": ["by age: all, all"]})
    cells, complement = with_complements(tables, shares)
    return cells, pd.concat([*links, complement], ignore_index=True)


@settings(max_examples=EXAMPLES)
@given(linked_tables())
def test_nothing_is_recovered_from_linked_tables(tables):
    cells, links = tables
    protected = protect(cells, links)
    small = cells.loc[cells["count"].between(1, 4), "cell"]
    safe = for_publication(protected)
    assert safe.loc[safe["cell"].isin(small), "count"].isna().all()
    # What no table prints is for the attacker to find, but only small counts must not be found.
    is_known = protected["is_shown"] & (protected["suppression"] == "")
    known = protected.assign(count=protected["count"].astype(float).where(is_known))
    unprinted = set(cells.loc[~cells["is_shown"] & ~cells["cell"].isin(small), "cell"])
    assert recovered(known, links) <= unprinted


@settings(max_examples=EXAMPLES)
@given(linked_tables())
def test_nothing_is_hidden_where_no_count_is_small(tables):
    cells, links = tables
    large = cells.assign(count=cells["count"] * 5)
    assert (protect(large, links)["suppression"] == "").all()


@settings(max_examples=EXAMPLES)
@given(linked_tables())
def test_no_hidden_count_is_hidden_for_nothing(tables):
    """Showing any one of the counts hidden with the small ones would give one away."""
    cells, links = tables
    cells, links = cells[cells["is_shown"]], links[links["cell"].isin(cells.loc[cells["is_shown"], "cell"])]
    links = links[~links["relation"].str.startswith("complement")]
    protected = protect(cells, links)
    for cell in protected.loc[protected["suppression"] == "secondary", "cell"]:
        is_hidden = (protected["suppression"] != "") & (protected["cell"] != cell)
        assert recovered(protected.assign(count=protected["count"].astype(float).mask(is_hidden)), links)


def test_attack_finds_a_count_that_is_hidden_alone():
    cells = two_way(np.array([[3, 20], [30, 40]]), "t")
    naive = cells.assign(count=cells["count"].where(cells["count"] >= 5))
    assert recovered(naive, margins(cells, ["ward", "group"])) == {"t: ward 0, group 0"}


def test_attack_finds_what_only_whole_numbers_above_zero_give_away():
    """1 + 1 + 1 = 3 is hidden three times over, and there is no other way to make 3 of three counts that are not 0."""
    cells = pd.DataFrame({"cell": ["a", "b", "c", "all"], "table": "t", "group": ["a", "b", "c", "all"], "count": [1, 1, 1, 3]})
    naive = cells.assign(count=[np.nan, np.nan, np.nan, 3])
    assert recovered(naive, margins(cells, ["group"])) == {"a", "b", "c"}


def test_attack_finds_the_count_between_two_linked_tables():
    """Each table hides two of its three parts, but they hide different ones of the same parts."""
    one = pd.DataFrame({"cell": list("abct"), "table": "one", "group": ["a", "b", "c", "all"], "count": [np.nan, np.nan, 9, 20]})
    two = pd.DataFrame({"cell": list("ABCT"), "table": "two", "group": ["a", "b", "c", "all"], "count": [np.nan, 8, np.nan, 20]})
    cells = pd.concat([one, two], ignore_index=True)
    links = pd.concat([margins(cells, ["group"]), same_counts(cells, ["group"])])
    assert recovered(cells, links) == {"a", "b", "A", "C"}


@pytest.mark.parametrize("seed", range(3))
def test_a_table_of_thirty_three_wards_is_protected(seed):
    counts = np.random.default_rng(seed).poisson([3, 12, 40], size=(33, 3))
    cells = two_way(counts, "wards")
    links = margins(cells, ["ward", "group"])
    safe = published(cells, links)
    assert recovered(safe, links) == set()
    assert safe["is_hidden"].mean() < 0.6
