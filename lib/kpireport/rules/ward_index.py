"""The Social Progress Index of a council's wards, from its tables and the register's own ward results.

An indicator that is a KPI takes its ward results from the KPI Data Record, so that a ward's figure is held once. Every stage of
the index stays to be looked at (`rules.composite_index`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kpireport.errors import DataError
from kpireport.periods import Period
from kpireport.rules import composite_index
from kpireport.rules.availability import period_days
from kpireport.rules.composite_index import CompositeIndex
from kpireport.rules.index_hierarchy import check_hierarchy, levels_of
from kpireport.vocabulary import ALL_PEOPLE, Normalisation

MINIMUM_SHARE = 0.5
"""The least share of a part's weight that must be present for it to have a score."""
FIFTHS = 5
COLUMNS = ["node", "area", "period", "value", "producer"]


@dataclass(frozen=True, eq=False)
class WardIndex:
    """An index of wards, its parts and the figures that they are made of."""

    period: str
    """The year of the index."""
    nodes: pd.DataFrame
    """One row is the index, a dimension, a component or an indicator, from the top down in the table's order: `node`,
    `node_name`, `parent`, `level` (0 is the index), `weight`, `polarity`, `unit`, `kpi_id`."""
    figures: pd.DataFrame
    """One row is one indicator in one ward: `node`, `area`, `period` (the figure's own), `value`, `producer`."""
    stages: CompositeIndex
    wards: pd.DataFrame
    """One row is one ward, best first: `area`, `area_name`, `score` (0 to 100), `rank`, `rank_label`, `of`, `fifth` (1 is the
    best), and `row` and `column` on the tile map, missing without a tile."""
    dimensions: pd.DataFrame
    """One row is one ward, in the same order; one column is one node below the index, with its score."""
    components: pd.DataFrame
    """One row is one component: `node`, `node_name`, `dimension_name`, `lowest`, `median`, `highest` of the wards' scores, and
    `lowest_wards` and `highest_wards`, their names parted by semicolons."""


def build(
    hierarchy: pd.DataFrame,
    values: pd.DataFrame,
    results: pd.DataFrame,
    kpis: pd.DataFrame,
    areas: pd.DataFrame,
    tiles: pd.DataFrame,
    *,
    year: Period,
) -> WardIndex | None:
    """Return the index of a financial year, or of the latest year before it that has values; None without any.

    Each indicator is brought to 0 to 100 between the ends that the hierarchy declares, and scores are averaged by weight.

    Parameters
    ----------
    hierarchy, values, tiles
        The tables index_hierarchy, index_values and ward_tiles.
    results
        One row is one KPI, area, group and period at the vintage to be shown; only those for everyone are used.

    Raises
    ------
    DataError
        With every fault of the hierarchy.
    """
    known = values[period_days(values["period"]) <= pd.Timestamp(year.end)]
    if hierarchy.empty or known.empty:
        return None
    period = str(known["period"].iloc[int(period_days(known["period"]).argmax())])
    nodes = _nodes(hierarchy, kpis)
    if faults := check_hierarchy(nodes, file="scorecard/index_hierarchy"):
        raise DataError(faults)
    own = known.loc[known["period"] == period, COLUMNS]
    both = pd.concat([own, _of_kpis(hierarchy, results, wards=own["area"], until=year)], ignore_index=True)
    stages = composite_index.build(
        both.assign(period=period)[["area", "period", "node", "value"]],
        nodes,
        normalisation=Normalisation.MIN_MAX,
        minimum_share=MINIMUM_SHARE,
        bounds=hierarchy.dropna(subset=["low", "high"])[["node", "low", "high"]],
    )
    nodes = nodes.assign(level=nodes["node"].map(levels_of(nodes))).sort_values("level", kind="stable", ignore_index=True)
    wards = _wards(stages, nodes, areas, tiles)
    scores = stages.scores[["area", "node", "score"]].pivot_table(index="area", columns="node", values="score")
    dimensions = nodes.loc[nodes["level"] == 1, "node"]
    return WardIndex(
        period=period,
        nodes=nodes[["node", "node_name", "parent", "level", "weight", "polarity", "unit", "kpi_id"]],
        figures=both,
        stages=stages,
        wards=wards,
        dimensions=scores.reindex(index=wards["area"], columns=dimensions).reset_index(drop=True),
        components=_components(stages, nodes, areas),
    )


def _nodes(hierarchy: pd.DataFrame, kpis: pd.DataFrame) -> pd.DataFrame:
    """Return the hierarchy with what a KPI says of itself: its name, unit and polarity."""
    terms = kpis.set_index("kpi_id")
    is_kpi = hierarchy["kpi_id"].isin(terms.index)
    filled = {
        column: hierarchy[column].mask(is_kpi, hierarchy["kpi_id"].map(terms[name]))
        for column, name in (("node_name", "kpi_name"), ("unit", "unit"), ("polarity", "polarity"))
    }
    return hierarchy.assign(**filled).reset_index(drop=True)


def _of_kpis(hierarchy: pd.DataFrame, results: pd.DataFrame, *, wards: pd.Series, until: Period) -> pd.DataFrame:
    """Return each KPI's results in the wards, of the latest period by `until` that has the most of them."""
    nodes = hierarchy.loc[hierarchy["kpi_id"] != "", ["node", "kpi_id"]]
    is_used = results["area"].isin(set(wards)) & results["group"].eq(ALL_PEOPLE) & results["value"].notna()
    found = results[is_used].assign(end=lambda rows: period_days(rows["period"]))
    found = found[found["end"] <= pd.Timestamp(until.end)].merge(nodes, on="kpi_id", how="inner", validate="many_to_one")
    counted = found.assign(wards=found.groupby(["node", "period"])["area"].transform("size"))
    order = counted.sort_values(["wards", "end"], kind="stable").drop_duplicates("node", keep="last")[["node", "period"]]
    used = counted.merge(order, on=["node", "period"], how="inner", validate="many_to_one")
    return pd.DataFrame(used[COLUMNS])


def _wards(stages: CompositeIndex, nodes: pd.DataFrame, areas: pd.DataFrame, tiles: pd.DataFrame) -> pd.DataFrame:
    top = nodes.loc[nodes["parent"] == "", "node"].iloc[0]
    ranked = stages.ranks.loc[stages.ranks["node"] == top, ["area", "score", "rank", "of", "rank_label"]]
    named = ranked.merge(areas[["area", "area_name"]], on="area", how="left", validate="one_to_one")
    placed = named.merge(tiles[["area", "row", "column"]], on="area", how="left", validate="one_to_one")
    # Wards on one rank share a fifth, the better one.
    fifth = np.ceil(placed["rank"].astype(float) * FIFTHS / placed["of"].astype(float))
    ordered = placed.assign(fifth=fifth.astype("Int64"), last=placed["rank"].isna())
    listed: pd.DataFrame = ordered.sort_values(["last", "rank", "area_name"], ignore_index=True)
    return listed[["area", "area_name", "score", "rank", "rank_label", "of", "fifth", "row", "column"]]


def _components(stages: CompositeIndex, nodes: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    names, area_names = nodes.set_index("node")["node_name"], areas.set_index("area")["area_name"]
    listed = nodes.loc[(nodes["level"] == 2) & nodes["node"].isin(nodes["parent"]), ["node", "node_name", "parent"]]
    rows = []
    for node in listed["node"]:
        scores = stages.scores.loc[stages.scores["node"] == node].dropna(subset="score").set_index("area")["score"].round(9)
        ends = {}
        for word, end in (("lowest", scores.min()), ("highest", scores.max())):
            ends[word] = end
            ends[f"{word}_wards"] = "; ".join(sorted(area_names[scores.index[scores == end]]))
        rows.append({"node": node, "median": scores.median(), **ends})
    columns = ["node", "lowest", "median", "highest", "lowest_wards", "highest_wards"]
    told = listed.assign(dimension_name=listed["parent"].map(names)).drop(columns="parent")
    return told.merge(pd.DataFrame(rows, columns=columns), on="node", how="left", validate="one_to_one")
