"""Counts of ratings, each with its denominator. Ratings on a target and directional ratings never share a total.

Source: the rating contract, part 2, rules 1 and 9.
"""

import pandas as pd

from kpireport.vocabulary import Basis, NotRated, Rag

_ROWS = pd.DataFrame(
    [(str(basis), str(rag)) for basis in (Basis.TARGET, Basis.DIRECTIONAL) for rag in Rag]
    + [(str(Basis.NONE), str(state)) for state in NotRated],
    columns=["basis", "rating"],
)


def count_ratings(kpis: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Return how many KPIs have each rating, on each basis, in the whole or for each value of a column.

    One row is one (`by`,) `basis` and `rating`, those that do not occur included, with `count` and its denominator `of`: for a
    rating, the KPIs rated on that basis; for a reason of not being rated (basis "none"), all KPIs of the list, trackers included.
    """
    grouped = kpis.assign(**{by: kpis[by]} if by else {"whole": ""})
    group = by or "whole"
    every = grouped[[group]].drop_duplicates().merge(_ROWS, how="cross") if by else _ROWS.assign(whole="")
    found = grouped.groupby([group, "basis", "rating"], sort=False).size().rename("count").reset_index()
    rows = every.merge(found, on=[group, "basis", "rating"], how="left", validate="one_to_one")
    rows = rows.assign(count=rows["count"].fillna(0).astype(int))
    on_basis = rows.groupby([group, "basis"])["count"].transform("sum")
    everyone = rows.groupby(group)["count"].transform("sum")
    rows = rows.assign(of=on_basis.where(rows["basis"] != Basis.NONE, everyone))
    return rows[[*([by] if by else []), "basis", "rating", "count", "of"]]


def resting_on_rounding(kpis: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of KPIs whose rating would be another if figures were compared before they are rounded as printed."""
    is_rated = (kpis["rag"] != "") & (kpis["unrounded_rag"] != "")
    return kpis[is_rated & (kpis["rag"] != kpis["unrounded_rag"])]
