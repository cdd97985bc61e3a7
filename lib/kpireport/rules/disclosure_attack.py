"""What a reader can work out: the hidden counts that everything published leaves only one value for.

The reader knows every shown count, every relation between counts, that counts are whole and not negative, and that a count of 0
is never hidden. A hidden count is worked out when a single value of it satisfies all of that. Source: the rating contract, part
8; the attack is the "exact disclosure" audit of linked tables of the statistical disclosure control literature (Willenborg and
de Waal, Elements of Statistical Disclosure Control, 2001), solved as an integer linear programme.
"""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components


class Attack:
    """An attack on one set of linked tables; what it found about unchanged parts of them is kept between trials."""

    def __init__(self, relations: csr_array, counts: np.ndarray, lowest: np.ndarray) -> None:
        """Take the relations (one row each, one column a cell), the true counts, and the least value each could have."""
        self._relations = relations
        self._counts = counts
        self._lowest = lowest
        self._highest = 2 * counts.max(initial=0) + 10
        self._found: dict[tuple[int, ...], np.ndarray] = {}

    def worked_out(self, hidden: np.ndarray, kept: np.ndarray) -> np.ndarray:
        """Return which cells are hidden in vain: True for a hidden cell of those to be kept that only its true count can fill."""
        found = np.zeros(len(hidden), dtype=bool)
        for cells in self.parts(hidden):
            if not kept[cells].any():
                continue
            key = tuple(cells)
            if key not in self._found:
                self._found[key] = self._without_choice(cells, kept[cells])
            found[self._found[key]] = True
        return found

    def parts(self, hidden: np.ndarray) -> list[np.ndarray]:
        """Return the hidden cells in parts that share no relation: what is known of one says nothing about another."""
        cells = np.flatnonzero(hidden)
        touched = self._relations[:, cells]
        linked = (abs(touched).T @ abs(touched)).tocsr()
        number, labels = connected_components(linked, directed=False)
        order = np.argsort(labels, kind="stable")
        return [] if number == 0 else np.split(cells[order], np.flatnonzero(np.diff(labels[order])) + 1)

    def _without_choice(self, cells: np.ndarray, kept: np.ndarray) -> np.ndarray:
        """Return the cells of one part that are to be kept and can have no value but their own.

        Any other solution of the part's relations shows a choice for every cell in which it differs from the truth, so that one
        solution settles many cells.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp  # only here: its import takes longer than most reports

        relations = self._relations[:, cells]
        relations = relations[np.flatnonzero(np.diff(relations.indptr))]
        truth = self._counts[cells]
        if relations.shape[0] == 0:
            return cells[:0]
        constraint = LinearConstraint(relations, lb=relations @ truth, ub=relations @ truth)
        bounds = Bounds(self._lowest[cells], np.full(len(cells), self._highest))
        fixed = kept.copy()

        def differs(objective: np.ndarray) -> None:
            solution = milp(objective, integrality=np.ones(len(cells), dtype=int), bounds=bounds, constraints=constraint)
            if solution.x is not None:
                fixed[np.rint(solution.x) != truth] = False

        differs(-np.ones(len(cells)))
        differs(np.ones(len(cells)))
        for place in range(len(cells)):
            for way in (-1.0, 1.0):
                if fixed[place]:
                    differs(way * (np.arange(len(cells)) == place))
        vain: np.ndarray = cells[fixed]
        return vain
