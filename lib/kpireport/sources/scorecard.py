"""Check that the parts of the Best City Ambition Scorecard's tables fit together."""

import pandas as pd

from kpireport.sources.tables import Findings, Tables

OWN = ["indicator_name", "unit", "decimals", "polarity", "period_kind", "source"]
"""What an indicator says of itself when no KPI says it."""


def check(tables: Tables) -> Findings:
    """Yield indicators that are defined twice or not at all, values of what has none, and wards on one tile."""
    if tables["indicators"].is_whole:
        yield from _indicators(tables)
    if tables["index_values"].is_whole and tables["index_hierarchy"].is_whole:
        yield from _index_values(tables)
    if tables["ward_tiles"].is_whole:
        yield from _tiles(tables)


def _indicators(tables: Tables) -> Findings:
    table, rows = tables["indicators"], tables["indicators"].sound
    is_shared = rows["kpi_id"] != ""
    for column in OWN:
        is_filled = rows[column].notna() & rows[column].astype("str").ne("")
        twice = (column + " beside kpi_id " + rows["kpi_id"])[is_shared & is_filled]
        yield from table.faults(column, twice, "an empty cell: the KPI says it", "Empty the cell, or the one of kpi_id.")
        missing = (column + " empty, of " + rows["bca_indicator"])[~is_shared & ~is_filled]
        yield from table.faults(column, missing, "a value, as no kpi_id is given", "Fill the cell, or give the KPI.")
    repeated = ("kpi_id " + rows["kpi_id"] + " a second time")[is_shared & rows["kpi_id"].duplicated()]
    yield from table.faults("kpi_id", repeated, "each KPI once", "Delete one of the two rows.")
    if tables["outcomes"].is_whole:
        outcomes = tables["outcomes"]
        own = outcomes.sound["bca_indicator"]
        found = ("bca_indicator " + own)[own.isin(rows.loc[is_shared, "bca_indicator"]) & ~own.duplicated()]
        remedy = "Delete the rows: the figures of a KPI are in the results and benchmarks tables."
        yield from outcomes.faults("bca_indicator", found, "a series that is no KPI", remedy)


def _index_values(tables: Tables) -> Findings:
    table, hierarchy = tables["index_values"], tables["index_hierarchy"].sound
    nodes = table.sound["node"]
    has_kpi = nodes.isin(hierarchy.loc[hierarchy["kpi_id"] != "", "node"])
    is_parent = nodes.isin(hierarchy["parent"])
    found = ("node " + nodes)[(has_kpi | is_parent) & ~nodes.duplicated()]
    yield from table.faults("node", found, "an indicator that is no KPI", "Delete its rows: its values come from elsewhere.")


def _tiles(tables: Tables) -> Findings:
    table, rows = tables["ward_tiles"], tables["ward_tiles"].sound
    places = pd.Series(rows["row"].astype("str") + "/" + rows["column"].astype("str"), index=rows.index)
    found = ("row and column " + places + " a second time")[places.duplicated()]
    yield from table.faults("row", found, "a tile of its own for each ward", "Move one of the two wards.")
