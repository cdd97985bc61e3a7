"""Disclosure control of a register's results: which values a public edition leaves out, given everything else that it prints.

The linked tables are the results themselves: numerators, denominators, and values that are counts. They hang together within a
KPI and period: a share with the rest of its whole, a group with the rest of everyone, wards with the council. Source: the rating
contract, part 8.
"""

import pandas as pd

from kpireport.rules.disclosure import for_publication, protect
from kpireport.rules.disclosure_links import same_counts, with_complements
from kpireport.vocabulary import ALL_PEOPLE, Absence, AreaType

_PEOPLE = ["numerator", "denominator"]


def protect_results(results: pd.DataFrame, kpis: pd.DataFrame, areas: pd.DataFrame, *, area: str) -> pd.DataFrame:
    """Return the results as a public edition may show them: hidden figures missing, `absence` "suppressed".

    A result whose count is hidden loses its value and numerator; one whose denominator is hidden loses its value and denominator,
    as value and denominator would give the numerator. Figures that are not whole counts, and results without a numerator,
    disclose nobody and are left alone. Give only the results of KPIs that count people; whether a KPI does is not for a rule to
    guess.

    Parameters
    ----------
    results
        One row is one KPI, area, group and period at the vintage to be published (all that are, or have been, published: what
        another edition prints is part of the attack), with a unique index.
    area
        The council's own area: the whole of its wards.
    """
    cells, links = linked_counts(results, kpis, areas, area=area)
    shown = for_publication(protect(cells, links))
    hidden = shown[shown["is_hidden"]]
    has = {name: results.index.isin(hidden.loc[hidden["table"] == name, "row"]) for name in ("value", *_PEOPLE)}
    is_suppressed = has["value"] | has["numerator"] | has["denominator"]
    return results.assign(
        value=results["value"].mask(is_suppressed),
        numerator=results["numerator"].mask(has["numerator"]),
        denominator=results["denominator"].mask(has["denominator"]),
        absence=results["absence"].mask(is_suppressed, str(Absence.SUPPRESSED)),
    )


def linked_counts(
    results: pd.DataFrame, kpis: pd.DataFrame, areas: pd.DataFrame, *, area: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the counts of the results as cells with their links (see `disclosure_links`).

    One row is one count: `cell`, `table` ("value", "numerator" or "denominator"), `row` (the index of its result), `count`,
    `is_shown`, and the result's `kpi_id`, `area`, `group` and `period`. A rest that would be negative (perturbed figures) is no
    count.
    """
    key = ["kpi_id", "area", "group", "period"]
    units = results["kpi_id"].map(kpis.set_index("kpi_id")["unit"])
    tables = []
    for name in ("value", *_PEOPLE):
        is_count = (results[name] >= 0) & (results[name] % 1 == 0) & ((name != "value") | (units == "number"))
        counts = results.loc[is_count, key].assign(table=name, row=results.index[is_count], count=results.loc[is_count, name])
        tables.append(counts.assign(unit=units[is_count]))
    cells = pd.concat(tables, ignore_index=True)
    cells = cells.assign(cell=cells["table"].str.cat(cells[key], sep="/") if len(cells) else cells["table"], is_shown=True)
    shares = pd.concat([_shares(cells), _groups(cells)], ignore_index=True)
    counts_by_cell = cells.set_index("cell")["count"]
    shares = shares[shares["whole"].map(counts_by_cell) >= shares["part"].map(counts_by_cell)]
    wards, rest, parts = _wards(cells, areas, area)
    with_rest, complements = with_complements(cells, shares)
    # Where a result is the count itself, its numerator counts the same people: neither may tell the other.
    twice = same_counts(cells[cells["unit"].eq("number") & cells["table"].ne("denominator")], [*key, "count"])
    return pd.concat([with_rest, rest], ignore_index=True), pd.concat([complements, wards, parts, twice], ignore_index=True)


def _shares(cells: pd.DataFrame) -> pd.DataFrame:
    """Return each percentage's numerator as part of its denominator."""
    percent = cells[cells["unit"] == "%"]
    tops, bottoms = (percent.loc[percent["table"] == name, ["row", "cell"]] for name in _PEOPLE)
    both = tops.merge(bottoms, on="row", how="inner", validate="one_to_one", suffixes=("_part", "_whole"))
    return pd.DataFrame({"part": both["cell_part"], "whole": both["cell_whole"]})


def _groups(cells: pd.DataFrame) -> pd.DataFrame:
    """Return each group of people as part of everyone in its area."""
    key = ["table", "kpi_id", "area", "period"]
    everyone = cells.loc[cells["group"] == ALL_PEOPLE, [*key, "cell"]].rename(columns={"cell": "whole"})
    groups = cells.loc[cells["group"] != ALL_PEOPLE, [*key, "cell"]].rename(columns={"cell": "part"})
    return groups.merge(everyone, on=key, how="inner", validate="many_to_one")[["part", "whole"]]


def _wards(cells: pd.DataFrame, areas: pd.DataFrame, area: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the links of wards with their council, and the rest of the council where wards are left out, with its links."""
    key = ["table", "kpi_id", "group", "period"]
    wards = areas.loc[areas["area_type"] == AreaType.WARD, ["area", "boundaries"]]
    editions = wards.groupby("boundaries").size()
    parts = cells.merge(wards, on="area", how="inner", validate="many_to_one")
    councils = cells.loc[cells["area"] == area, [*key, "cell", "count"]].rename(columns={"cell": "whole", "count": "all"})
    parts = parts.merge(councils, on=key, how="inner", validate="many_to_one")
    relation = "wards/" + parts["whole"] + "/" + parts["boundaries"]
    links = pd.concat(
        [
            pd.DataFrame({"relation": relation, "cell": parts["cell"], "sign": 1}),
            pd.DataFrame({"relation": relation, "cell": parts["whole"], "sign": -1}).drop_duplicates(),
        ]
    )
    sums = (
        parts.assign(relation=relation)
        .groupby("relation", as_index=False)
        .agg({"count": "sum", "cell": "size", "all": "first", "boundaries": "first"})
    )
    left_out = sums[(sums["cell"] < sums["boundaries"].map(editions).astype(float)) & (sums["all"] >= sums["count"])]
    rest = pd.DataFrame(
        {
            "cell": "rest of " + left_out["relation"],
            "table": "rest",
            "count": left_out["all"] - left_out["count"],
            "is_shown": False,
        }
    )
    return links, rest, pd.DataFrame({"relation": left_out["relation"], "cell": rest["cell"], "sign": 1})
