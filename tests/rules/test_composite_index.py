"""A composite index from its hierarchy, each stage beside a plain second opinion."""

import math
import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kpireport.errors import DataError
from kpireport.rules.composite_index import build
from kpireport.rules.index_hierarchy import check_hierarchy
from kpireport.vocabulary import Aggregation, Normalisation

HIERARCHY = pd.DataFrame(
    [
        ("index", "", 1.0, ""),
        ("needs", "index", 1.0, ""),
        ("opportunity", "index", 1.0, ""),
        ("health", "needs", 3.0, ""),
        ("homes", "needs", 1.0, "higher_is_better"),
        ("smoking", "health", 1.0, "lower_is_better"),
        ("activity", "health", 1.0, "higher_is_better"),
        ("skills", "opportunity", 1.0, "higher_is_better"),
    ],
    columns=["node", "parent", "weight", "polarity"],
)
INDICATORS = ["homes", "smoking", "activity", "skills"]
BOUNDS = pd.DataFrame({"node": INDICATORS, "low": 0.0, "high": 100.0})
BATCHES = settings.default.max_examples // 10
"""Ten areas and more stand in each example."""


def values(table: dict[str, dict[str, float | None]]) -> pd.DataFrame:
    rows = [(area, "2024", node, value) for area, figures in table.items() for node, value in figures.items()]
    return pd.DataFrame(rows, columns=["area", "period", "node", "value"]).astype({"value": float})


def built(table, *, minimum_share=1.0, normalisation=Normalisation.MIN_MAX, bounds=BOUNDS, hierarchy=HIERARCHY, **options):
    return build(values(table), hierarchy, normalisation=normalisation, bounds=bounds, minimum_share=minimum_share, **options)


def scores(index, area="Leeds"):
    rows = index.scores[index.scores["area"] == area]
    return {node: None if np.isnan(score) else round(score, 9) for node, score in zip(rows["node"], rows["score"], strict=True)}


LEEDS = {"homes": 60.0, "smoking": 20.0, "activity": 40.0, "skills": 50.0}


def test_scores_rise_through_the_hierarchy_by_weight():
    assert scores(built({"Leeds": LEEDS})) == {
        "index": 55.0,
        "needs": 60.0,
        "opportunity": 50.0,
        "health": 60.0,
        "homes": 60.0,
        "smoking": 80.0,
        "activity": 40.0,
        "skills": 50.0,
    }


def test_geometric_mean_lets_a_low_part_weigh_more():
    index = scores(built({"Leeds": LEEDS}, aggregation=Aggregation.GEOMETRIC))
    assert index["health"] == pytest.approx(math.sqrt(80 * 40))
    assert index["index"] == pytest.approx(math.sqrt((80 * 40) ** (3 / 8) * 60 ** (1 / 4) * 50))


def test_geometric_mean_with_nothing_in_one_part_is_nothing():
    assert scores(built({"Leeds": LEEDS | {"activity": 0.0}}, aggregation=Aggregation.GEOMETRIC))["health"] == 0.0


def test_values_beyond_the_declared_bounds_are_cut_off_and_marked():
    index = built({"Leeds": LEEDS | {"smoking": 130.0}})
    row = index.normalised.set_index("node").loc["smoking"]
    assert (row["score"], row["is_clipped"]) == (0.0, True)
    assert (row["low"], row["high"]) == (-100.0, 0.0)


def test_undeclared_bounds_are_the_least_and_the_greatest_of_all_years():
    two_years = pd.concat(
        [values({"Leeds": LEEDS}), values({"Leeds": LEEDS | {"homes": 80.0, "smoking": 10.0}}).assign(period="2025")]
    )
    index = build(two_years, HIERARCHY, normalisation=Normalisation.MIN_MAX, minimum_share=0.1)
    rows = index.normalised.set_index(["node", "period"])["score"]
    assert rows["homes"].to_dict() == rows["smoking"].to_dict() == {"2024": 0.0, "2025": 100.0}


@pytest.mark.parametrize("method", Normalisation)
def test_indicator_that_tells_no_area_from_another_has_no_scores(method):
    index = built({"Leeds": LEEDS, "York": LEEDS}, normalisation=method, bounds=None)
    assert index.normalised["score"].isna().all()
    assert index.scores["score"].isna().all()
    assert index.ranks["rank"].isna().all()


def test_z_scores_are_cut_off_at_the_declared_limit():
    areas = {f"area {number}": LEEDS | {"homes": 60.0} for number in range(20)} | {"Leeds": LEEDS | {"homes": 90.0}}
    rows = built(areas, normalisation=Normalisation.Z, bounds=None, limit=2.0, minimum_share=0.1).normalised
    leeds = rows[(rows["area"] == "Leeds") & (rows["node"] == "homes")].squeeze()
    assert (leeds["score"], leeds["is_clipped"]) == (2.0, True)


@pytest.mark.parametrize(("minimum_share", "needs"), [(0.75, 60.0), (0.76, None)])
def test_missing_part_is_left_out_as_long_as_enough_weight_is_present(minimum_share, needs):
    index = built({"Leeds": LEEDS | {"homes": None}}, minimum_share=minimum_share)
    assert scores(index)["needs"] == needs
    parts = index.parts[index.parts["parent"] == "needs"].set_index("node")["weight_used"]
    assert parts.to_dict() == {"health": 1.0, "homes": 0.0}


def test_missing_row_is_a_missing_value():
    without = {node: figure for node, figure in LEEDS.items() if node != "skills"}
    assert scores(built({"Leeds": without}))["index"] is None


def test_areas_with_equal_scores_share_a_place():
    ranks = built({"Leeds": LEEDS, "York": LEEDS, "Hull": LEEDS | {"skills": 10.0}}).ranks
    of_index = ranks[ranks["node"] == "index"].set_index("area")["rank_label"]
    assert of_index.to_dict() == {"Leeds": "1=", "York": "1=", "Hull": "3"}


def test_geometric_mean_of_z_scores_is_refused():
    with pytest.raises(ValueError, match="min_max"):
        built({"Leeds": LEEDS}, normalisation=Normalisation.Z, aggregation=Aggregation.GEOMETRIC)


def test_value_of_no_indicator_is_named():
    with pytest.raises(ValueError, match="health"):
        built({"Leeds": LEEDS | {"health": 1.0}})


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"node": "homes", "polarity": "neutral"}, "homes: an indicator of no polarity"),
        ({"node": "health", "polarity": "higher_is_better"}, "health: a polarity"),
        ({"node": "homes", "parent": "houses"}, "houses: a parent that is no node"),
        ({"node": "homes", "weight": -1.0}, "homes: no weight of 0 or more"),
        ({"node": "skills", "weight": 0.0}, "opportunity: parts that weigh nothing"),
        ({"node": "needs", "parent": "health"}, "needs: not below the index"),
        ({"node": "needs", "parent": ""}, "2 nodes without a parent"),
    ],
)
def test_faults_of_a_hierarchy_are_named(change, found):
    wrong = HIERARCHY.set_index("node", drop=False).copy()
    wrong.loc[change["node"], list(change)] = list(change.values())
    faults = [fault.found for fault in check_hierarchy(wrong.reset_index(drop=True))]
    assert found in faults
    with pytest.raises(DataError):
        built({"Leeds": LEEDS}, hierarchy=wrong.reset_index(drop=True))


# Second opinion


def score_by_hand(node, figures, scale, aggregation, minimum_share):
    """One node of one area, downwards: None where it cannot be told."""
    children = HIERARCHY[HIERARCHY["parent"] == node]
    if children.empty:
        return scale(node, figures.get(node))
    parts = [
        (row.weight, score_by_hand(row.node, figures, scale, aggregation, minimum_share))
        for row in children.itertuples(index=False)
    ]
    there = [(weight, score) for weight, score in parts if score is not None]
    total = sum(weight for weight, _ in there)
    if not there or total / children["weight"].sum() < minimum_share - 1e-9:
        return None
    if aggregation == "geometric":
        return math.prod(score ** (weight / total) for weight, score in there)
    return sum(weight * score for weight, score in there) / total


def scale_by_hand(table, method):
    def scale(node, figure):
        known = [figures[node] for figures in table.values() if figures.get(node) is not None]
        if figure is None or len(set(known)) < 2:
            return None
        sign = -1 if node == "smoking" else 1
        if method == "z":
            return max(-3.0, min(3.0, sign * (figure - statistics.fmean(known)) / statistics.pstdev(known)))
        share = 100 * (figure - min(known)) / (max(known) - min(known))
        return share if sign == 1 else 100 - share

    return scale


figures_of_area = st.fixed_dictionaries({node: st.none() | st.integers(-50, 50) for node in INDICATORS})
ways = st.sampled_from([("min_max", "arithmetic"), ("min_max", "geometric"), ("z", "arithmetic")])


@settings(max_examples=BATCHES)
@given(st.lists(figures_of_area, min_size=10, max_size=14), ways, st.sampled_from([0.25, 0.5, 0.75, 1.0]))
def test_every_node_agrees_with_plain_python(areas, way, minimum_share):
    table = {f"area {number:02}": figures for number, figures in enumerate(areas)}
    method, aggregation = way
    index = built(
        table,
        normalisation=Normalisation(method),
        aggregation=Aggregation(aggregation),
        minimum_share=minimum_share,
        bounds=None,
    )
    scale = scale_by_hand(table, method)
    mine = index.scores.set_index(["area", "node"])["score"]
    for area, figures in table.items():
        for node in HIERARCHY["node"]:
            expected = score_by_hand(node, figures, scale, aggregation, minimum_share)
            if expected is None:
                assert np.isnan(mine[area, node])
            else:
                assert mine[area, node] == pytest.approx(expected, abs=1e-6)
    used = index.parts.dropna(subset=["weight_used"]).groupby(["area", "parent"])["weight_used"].sum()
    assert used.to_numpy() == pytest.approx(np.ones(len(used)))
