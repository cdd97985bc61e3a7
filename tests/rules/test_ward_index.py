"""The index of wards: whose figures it takes, and how wards stand to each other."""

import city_tables
import pandas as pd
import pytest
from kpireport import periods
from kpireport.errors import DataError
from kpireport.rules import ward_index


def built(year: str = "2023-24", **changed):
    tables = city_tables.frames() | changed
    results = tables["results"]
    return ward_index.build(
        tables["index_hierarchy"],
        tables["index_values"],
        results[results["vintage"] == 1],
        tables["kpis"],
        tables["areas"],
        tables["ward_tiles"],
        year=periods.parse(year),
    )


def test_scores_are_those_worked_out_by_hand():
    # Crowding 2, 10, 18 of 0 to 20 is 90, 50, 10; reviews 40, 60, 70 of 0 to 100 are that, and weigh three times as much.
    wards = built().wards.set_index("area_name")
    assert wards["score"].to_dict() == pytest.approx({"Adel": 52.5, "Beeston": 57.5, "Chapel": 55.0})
    assert wards["rank_label"].to_dict() == {"Beeston": "1", "Chapel": "2", "Adel": "3"}
    assert wards["fifth"].to_dict() == {"Beeston": 2, "Chapel": 4, "Adel": 5}
    assert wards["row"].to_dict() == {"Beeston": 2, "Chapel": 3, "Adel": 1}


def test_a_kpi_gives_its_own_name_polarity_and_ward_results():
    index = built()
    node = index.nodes.set_index("node").loc["reviews"]
    assert node[["node_name", "polarity", "unit"]].tolist() == ["Reviews done in time", "higher_is_better", "%"]
    taken = index.figures[index.figures["node"] == "reviews"]
    assert taken[["period", "value"]].to_numpy().tolist() == [["2023-24 Q4", value] for value in (40.0, 60.0, 70.0)]


def test_components_say_which_wards_are_at_their_ends():
    row = built().components.iloc[0]
    assert row[["node_name", "dimension_name", "lowest_wards", "highest_wards"]].tolist() == ["Homes", "Needs", "Adel", "Beeston"]
    assert row["median"] == pytest.approx(55.0)


def test_the_latest_year_that_has_values_is_shown():
    assert built("2024-25").period == "2023-24"
    assert built("2022-23") is None


def test_a_ward_without_a_tile_is_still_ranked():
    tables = city_tables.frames()
    wards = built(ward_tiles=tables["ward_tiles"].iloc[1:]).wards
    assert wards["rank"].tolist() == [1, 2, 3]
    assert wards.loc[wards["area_name"] == "Adel", "row"].isna().all()


def test_a_ward_with_half_its_weight_missing_has_no_rank():
    tables = city_tables.frames()
    results = tables["results"]
    is_missing = results["kpi_id"].eq("AH-01") & results["area"].eq("E05000001")
    wards = built(results=results[~is_missing]).wards
    assert wards["area_name"].tolist() == ["Beeston", "Chapel", "Adel"]
    assert wards["rank_label"].tolist() == ["1", "2", ""]
    assert pd.isna(wards["score"].iloc[-1])


def test_a_hierarchy_that_is_no_tree_is_a_fault_of_the_data():
    hierarchy = city_tables.frames()["index_hierarchy"]
    with pytest.raises(DataError, match="homes"):
        built(index_hierarchy=hierarchy.assign(parent=hierarchy["parent"].mask(hierarchy["node"] == "needs", "nowhere")))
