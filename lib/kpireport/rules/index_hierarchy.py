"""The hierarchy of a composite index: an index, its dimensions, their components and indicators, as rows of a table.

One row is one node: `node`, `parent` ("" for the index itself), `weight` among its siblings (of the index: any), and `polarity`
of an indicator ("" for the others). The depth is free.
"""

from collections.abc import Iterator

import pandas as pd

from kpireport.errors import Finding
from kpireport.vocabulary import Polarity

SIGN = {Polarity.HIGHER_IS_BETTER: 1.0, Polarity.LOWER_IS_BETTER: -1.0}
"""By polarity: what turns an indicator so that more is better. Others cannot be in an index."""


def check_hierarchy(hierarchy: pd.DataFrame, *, file: str = "scorecard/hierarchy") -> list[Finding]:
    """Return a fault for everything that keeps the table from being one tree of weighted nodes with judged indicators."""
    nodes, parents = hierarchy["node"], hierarchy["parent"]
    top = nodes[parents == ""].tolist()
    weights = hierarchy[parents != ""].groupby("parent", sort=False)["weight"].sum()
    is_leaf = ~nodes.isin(parents)
    cases = [
        (nodes[nodes.duplicated()], "listed twice", "one row for each node", "Remove one of the rows."),
        (parents[~parents.isin([*nodes, ""])], "a parent that is no node", "a node of the table", "Add it, or correct the name."),
        (nodes[~(hierarchy["weight"] >= 0)], "no weight of 0 or more", "a weight", "Give its weight among its siblings."),
        (weights.index[weights == 0], "parts that weigh nothing", "a weight above 0 among its parts", "Give the weights."),
        (
            nodes[is_leaf & ~hierarchy["polarity"].isin(list(SIGN))],
            "an indicator of no polarity",
            " or ".join(SIGN),
            "Say which.",
        ),
        (nodes[~is_leaf & (hierarchy["polarity"] != "")], "a polarity", "none: its indicators have it", "Empty the cell."),
        (
            nodes[~nodes.isin(_reached(hierarchy))],
            "not below the index",
            "a parent that leads up to the index",
            "Mend its parent.",
        ),
    ]
    faults = [
        Finding(file, "", "", f"{node}: {found}", expected, remedy)
        for places, found, expected, remedy in cases
        for node in dict.fromkeys(places)
    ]
    if len(top) != 1:
        faults.append(
            Finding(file, "", "", f"{len(top)} nodes without a parent", "one: the index", "Name the parents of the others.")
        )
    return faults


def levels_of(hierarchy: pd.DataFrame) -> dict[str, int]:
    """Return how many steps each node stands below the index, the index first."""
    parents = dict(zip(hierarchy["node"], hierarchy["parent"], strict=True))

    def steps(node: str) -> Iterator[str]:
        while parents[node]:
            node = parents[node]
            yield node

    return {node: sum(1 for _ in steps(node)) for node in sorted(parents, key=lambda node: (sum(1 for _ in steps(node)), node))}


def _reached(hierarchy: pd.DataFrame) -> set[str]:
    """Return the nodes that hang below a node without a parent."""
    reached = set(hierarchy.loc[hierarchy["parent"] == "", "node"])
    while more := set(hierarchy.loc[hierarchy["parent"].isin(reached), "node"]) - reached:
        reached |= more
    return reached
