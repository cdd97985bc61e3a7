"""Wards on their outlines."""

import re

import pandas as pd
from kpireport.presentation.charts import ward_map
from kpireport.presentation.drawing import draw

OUTLINES = {
    "E05000001": [[(-1.6, 53.8), (-1.5, 53.8), (-1.5, 53.9), (-1.6, 53.9), (-1.6, 53.8)]],
    "E05000002": [[(-1.5, 53.8), (-1.4, 53.8), (-1.4, 53.9), (-1.5, 53.9), (-1.5, 53.8)]],
}
WARDS = pd.DataFrame(
    {
        "area": list(OUTLINES),
        "area_name": ["West", "East"],
        "rank_label": ["1", ""],
        "score": [61.5, None],
        "fifth": pd.array([1, None], dtype="Int64"),
    }
)


def test_each_ward_is_drawn_once_with_its_rank_and_fill_west_to_the_left():
    drawn = draw(ward_map(WARDS, OUTLINES, title="t", subtitle="s", source="x", alt_text="a").spec)
    shapes = re.findall(r'aria-label="((?:West|East)[^"]*)"[^>]* fill="(#[0-9a-fA-F]{6})"', drawn)
    assert shapes == [("West: rank 1, score 61.5", "#12436D"), ("East: not ranked", "#eceef0")]
    ranks = {text: float(x) for x, text in re.findall(r'transform="translate\(([\d.]+),[\d.]+\)"[^>]*>(1|–)<', drawn)}
    assert ranks["1"] < ranks["–"]


def test_a_degree_east_is_shorter_than_a_degree_north():
    spec = ward_map(WARDS, OUTLINES, title="t", subtitle="s", source="x", alt_text="a").spec
    width, height = spec["width"], spec["height"] - 48
    assert abs(width / height - 2 * 0.5895) < 0.03
