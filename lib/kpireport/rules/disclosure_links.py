"""How the counts of published tables hang together: which cells sum to which, in one table and between tables.

A set of linked tables is two frames. `cells`: one row is one cell of one table, with `cell` (its own name), `table`, `count`, and
`is_shown` (False for a count that no table prints but that a reader can think of, such as the rest of a whole). `links`: one row
is one cell's part in one linear relation, with `relation`, `cell` and `sign`: 1 for a part, -1 for a total, so that the signed
counts of a relation sum to 0. Source: the rating contract, part 8 (totals, the complement, another published table).
"""

from collections.abc import Sequence

import pandas as pd

from kpireport.vocabulary import ALL_PEOPLE

LINK_COLUMNS = ["relation", "cell", "sign"]


def margins(cells: pd.DataFrame, dimensions: Sequence[str], *, total: str = ALL_PEOPLE) -> pd.DataFrame:
    """Return the links by which each table's totals are the sums of its parts, along every dimension.

    A row whose value of a dimension is `total` is the sum, over that dimension, of the rows that share its table and its other
    dimensions. A total without parts, and parts without a total, give no link. An empty table gives none.

    Parameters
    ----------
    cells
        One row is one cell, with `cell`, `table` and the columns named in `dimensions`; no two rows of a table share them all.
    """
    links = []
    for dimension in dimensions:
        others = ["table", *(name for name in dimensions if name != dimension)]
        is_total = cells[dimension] == total
        sums = cells.groupby(others, sort=False, dropna=False)
        has_both = is_total.groupby(sums.ngroup()).transform("any") & (~is_total).groupby(sums.ngroup()).transform("any")
        relation = dimension + "/" + cells[others].astype(str).agg("/".join, axis="columns") if len(cells) else cells["cell"]
        links.append(
            pd.DataFrame({"relation": relation, "cell": cells["cell"], "sign": is_total.map({True: -1, False: 1})})[has_both]
        )
    return _joined(links)


def same_counts(cells: pd.DataFrame, on: Sequence[str]) -> pd.DataFrame:
    """Return the links by which cells of several tables that describe the same people have the same count.

    One relation ties each cell to the one before it among those that agree in every column of `on`.
    """
    before = cells.groupby(list(on), sort=False, dropna=False)["cell"].shift()
    pairs = cells.assign(before=before)[before.notna()]
    relation = "same/" + pairs["before"].astype(str) + "/" + pairs["cell"].astype(str)
    return _joined(
        [
            pd.DataFrame({"relation": relation, "cell": pairs["cell"], "sign": 1}),
            pd.DataFrame({"relation": relation, "cell": pairs["before"], "sign": -1}),
        ]
    )


def with_complements(cells: pd.DataFrame, shares: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cells with the rest of each whole added, and the links part + rest = whole.

    A share of 97 out of 100 tells that 3 are not in it. Nobody prints the 3, yet they are a small count to be kept.

    Parameters
    ----------
    shares
        One row is one published share: the cells `part` and `whole`.
    """
    counts = cells.set_index("cell")["count"]
    tables = cells.set_index("cell")["table"]
    rest = pd.DataFrame(
        {
            "cell": "rest of " + shares["whole"] + " without " + shares["part"],
            "table": shares["part"].map(tables),
            "count": shares["whole"].map(counts).astype(float) - shares["part"].map(counts).astype(float),
            "is_shown": False,
        }
    )
    relation = "complement/" + shares["whole"] + "/" + shares["part"]
    roles = ((shares["part"], 1), (rest["cell"], 1), (shares["whole"], -1))
    links = [pd.DataFrame({"relation": relation, "cell": cell, "sign": sign}) for cell, sign in roles]
    shown = cells if "is_shown" in cells else cells.assign(is_shown=True)
    return pd.concat([shown, rest], ignore_index=True), _joined(links)


def _joined(links: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(links, ignore_index=True)[LINK_COLUMNS] if links else pd.DataFrame(columns=LINK_COLUMNS)
