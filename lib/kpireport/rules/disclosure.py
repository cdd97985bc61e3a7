"""Disclosure control of public editions: small counts are hidden, and others with them until none can be worked out.

Counts 1 to 4 are hidden (primary suppression, shown as [c]). Then further counts are hidden (secondary suppression, shown alike)
until no hidden count can be worked out from totals, from the complement, or from another published table. Applied before a chart
or a table sees the data. `disclosure_links` says how the cells hang together, `disclosure_attack` what a reader could work out.
Source: the rating contract, part 8.
"""

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from kpireport.rules.disclosure_attack import Attack
from kpireport.vocabulary import Suppression

SMALLEST_SHOWN = 5
"""Counts from 1 to one less than this are small. A count of 0 describes nobody and is shown."""
MINIMUM_GROUP = 10
"""A breakdown of a survey shows no group with fewer respondents."""


def is_small(counts: pd.Series) -> pd.Series:
    """Return which counts are small: 1 to 4. Missing counts are not."""
    return counts.between(1, SMALLEST_SHOWN - 1)


def protect(cells: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return the cells with `suppression`: primary or secondary for a hidden count, "" for a shown one.

    While a hidden count can be worked out, one more is hidden: among the shown counts other than 0 that stand in a relation with
    it, the one that leaves the fewest relations with a single hidden count; then a part rather than a total; then the smallest;
    then the first by name. At the end, counts hidden on the way that turned out not to be needed are shown again, the last one
    hidden first. Tables without a small count are left as they are.

    Parameters
    ----------
    cells
        One row is one cell: `cell` (unique), `count` (a whole number, or missing when the publisher has none either) and
        perhaps `is_shown`, as in `disclosure_links`. A count that is not printed is protected when it is small.
    links
        One row is one cell's part in one relation. A relation with a missing count is left out; one that does not hold to the
        unit (perturbed figures) is taken to be known with its difference, which is the safer assumption.

    Raises
    ------
    ValueError
        When a count is negative or not whole, a link names no cell, or a small count cannot be kept by hiding others (because it
        stands in a relation alone).
    """
    counts = cells["count"].to_numpy(dtype=float)
    if (counts < 0).any() or (counts != np.floor(counts))[~np.isnan(counts)].any():
        raise ValueError("counts must be whole numbers of 0 or more")
    printed = cells["is_shown"].to_numpy(dtype=bool) if "is_shown" in cells else np.ones(len(cells), dtype=bool)
    printed = printed & ~np.isnan(counts)
    small = is_small(cells["count"]).to_numpy(dtype=bool, na_value=False)
    search = _Search(_relations(cells, links, counts), np.nan_to_num(counts), printed, small, cells["cell"].to_numpy())
    hidden = search.hidden_counts()
    words = np.select([hidden & printed & small, hidden & printed], [Suppression.PRIMARY, Suppression.SECONDARY], "")
    return cells.assign(suppression=pd.Series(words, index=cells.index, dtype="str"))


def for_publication(protected: pd.DataFrame, *, round_to: int | None = None) -> pd.DataFrame:
    """Return only what may leave the building: printed cells, hidden counts missing and `is_hidden`, no word on which were small.

    With `round_to` 5 every shown count is rounded to its nearest multiple of 5, independently of the others (halves up), so that
    parts and total may not sum. Rounding comes on top of suppression: a reader then knows less than the attack assumes.
    """
    printed = protected[protected["is_shown"]] if "is_shown" in protected else protected
    is_hidden = printed["suppression"] != ""
    counts = printed["count"].astype(float).mask(is_hidden)
    if round_to:
        counts = (counts / round_to + 0.5).floordiv(1) * round_to
    return printed.drop(columns=["suppression"]).assign(count=counts, is_hidden=is_hidden)


def hide_small_groups(groups: pd.DataFrame, respondents: pd.Series, by: list[str]) -> pd.Series:
    """Return which groups of a survey's breakdown must not be shown.

    Groups with fewer than 10 respondents are hidden. As the whole is published, the hidden groups together must not be a small
    group either, and must be more than one: the next smallest groups are hidden until at least two groups with respondents, and
    ten respondents, are. A group without respondents is hidden and protects nobody; with nobody to hide nothing more is hidden.

    Parameters
    ----------
    groups
        One row is one group; those that share the columns `by` are the parts of one whole. Ties in size keep their order.
    respondents
        How many respondents each group has; missing counts as none.
    """
    sizes = respondents.fillna(0).astype(float)
    keys = groups.assign(size=sizes).groupby(by, sort=False, dropna=False).ngroup()
    order = pd.DataFrame({"whole": keys, "size": sizes}).sort_values(["whole", "size"], kind="stable")
    real = order["size"] > 0
    # What would be hidden before this group's turn: the smaller ones of its whole.
    hidden_people = order.groupby("whole")["size"].cumsum() - order["size"]
    hidden_groups = real.astype(int).groupby(order["whole"]).cumsum() - real.astype(int)
    too_small = order["size"] < MINIMUM_GROUP
    is_needed = (real & too_small).groupby(order["whole"]).transform("any")
    unsafe_before = (hidden_groups < 2) | (hidden_people < MINIMUM_GROUP)
    return (too_small | (is_needed & unsafe_before)).reindex(groups.index)


def _relations(cells: pd.DataFrame, links: pd.DataFrame, counts: np.ndarray) -> csr_array:
    """Return one row for each relation without a missing count, one column for each cell, with the signs."""
    if not cells["cell"].is_unique:
        raise ValueError("each cell must have a name of its own")
    columns = pd.Index(cells["cell"]).get_indexer(links["cell"])
    if (columns < 0).any():
        raise ValueError(f"links name cells that are not there: {sorted(set(links['cell'][columns < 0]))}")
    rows, names = pd.factorize(links["relation"])
    signs = links["sign"].to_numpy(dtype=float)
    matrix = csr_array((signs, (rows, columns)), shape=(len(names), len(cells)))
    unknown = np.unique(rows[np.isnan(counts[columns])])
    return matrix[np.setdiff1d(np.arange(len(names)), unknown)]


class _Search:
    """The search for counts to hide with the small ones."""

    def __init__(
        self, relations: csr_array, counts: np.ndarray, printed: np.ndarray, small: np.ndarray, names: np.ndarray
    ) -> None:
        self._relations = relations
        self._members = csr_array((np.ones(relations.nnz, dtype=int), relations.indices, relations.indptr), shape=relations.shape)
        self._cells = self._members.T.tocsr()
        self._counts, self._printed, self._small = counts, printed, small
        # A reader knows that no 0 is hidden, but not that an unprinted count is not 0.
        self._attack = Attack(relations, counts, np.where(printed, 1.0, 0.0))
        self._is_total = np.bincount(relations.indices[relations.data < 0], minlength=len(counts)) > 0
        self._order = np.argsort(np.argsort(names.astype(str), kind="stable"), kind="stable")

    def hidden_counts(self) -> np.ndarray:
        hidden: np.ndarray = self._small | ~self._printed
        chosen = []
        while len(exposed := self._exposed(hidden)):
            best = self._choose(exposed, hidden)
            hidden[best] = True
            chosen.append(best)
        for cell in reversed(chosen):
            hidden[cell] = False
            if len(self._exposed(hidden)):
                hidden[cell] = True
        return hidden

    def _exposed(self, hidden: np.ndarray) -> np.ndarray:
        """Return the cells that can be worked out and must not be: those alone in a relation if there are any."""
        if not self._small.any():
            return np.array([], dtype=int)
        kept = hidden & (self._printed | self._small)
        numbers = np.asarray(self._members @ hidden.astype(int))
        alone = kept & (np.asarray(self._cells @ (numbers == 1).astype(int)) > 0)
        return np.flatnonzero(alone) if alone.any() else np.flatnonzero(self._attack.worked_out(hidden, kept))

    def _choose(self, exposed: np.ndarray, hidden: np.ndarray) -> int:
        """Return the shown count to hide next for the first of the exposed cells."""
        numbers = np.asarray(self._members @ hidden.astype(int))
        first = exposed[np.argmin(self._order[exposed])]
        own = self._cells[[first]].indices
        single = own[numbers[own] == 1]
        part = next(cells for cells in self._attack.parts(hidden) if first in cells)
        for relations in (single, own, np.unique(self._cells[part].indices)):
            near = np.unique(self._members[relations].indices)
            near = near[~hidden[near] & (self._counts[near] > 0)]
            if len(near):
                left_alone = np.asarray(self._cells[near] @ (numbers == 0).astype(int))
                return int(near[np.lexsort((self._order[near], self._counts[near], self._is_total[near], left_alone))[0]])
        raise ValueError("a small count cannot be kept by hiding others: leave its table out")
