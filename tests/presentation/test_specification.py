"""A chart's specification is the same whether altair puts it together and checks it, or we do, which is quicker."""

import json

import altair as alt
import pandas as pd
import pytest
from kpireport.presentation.charts import marks
from kpireport.presentation.charts.marks import Note

ONE = pd.DataFrame({"month": [1, 2], "value": [1.5, 2.5]})
OTHER = pd.DataFrame({"month": [3], "value": [0.5]})
SIZES = {"autosize": "none", "height": 100, "padding": {"left": 1, "top": 2, "right": 3, "bottom": 4}, "width": 200}


def line(rows):
    return alt.Chart(rows).mark_line(color="#000000").encode(x="month:Q", y="value:Q")


@pytest.mark.parametrize(
    "layers",
    [
        [line(ONE)],
        [line(ONE), line(ONE)],
        [line(ONE), line(OTHER), line(ONE).mark_point(size=3), *marks.labels([(Note("Target", 3.0), 1.0)])],
        [line(OTHER), marks.label(Note("Pandemic", 1.0), 2.0), *marks.boxes([])],
    ],
    ids=["one layer", "layers of the same data", "layers of different data", "words"],
)
def test_layers_are_put_together_as_altair_would(layers):
    quick, checked = marks._unchecked(layers, SIZES), marks._checked(layers, SIZES)
    assert json.dumps(quick | {"config": 0}) == json.dumps(checked | {"config": 0})
