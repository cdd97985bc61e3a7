"""Figures inside sentences are filled in from the results."""

import pandas as pd
import pytest
from kpi_rows import kpi
from kpireport.presentation import narrative


def said(text: str, **changes) -> str:
    written = pd.DataFrame({"kpi_id": ["CH-01"], "reason": [text]})
    return str(narrative.filled(written, ["reason"], pd.DataFrame([kpi(**changes)]))["reason"].iloc[0])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Repairs were {CH-01.value} on time.", "Repairs were 87.3% on time."),
        ("{CH-01.value} {CH-01.period}, against {CH-01.comparator}", "87.3% 2024-25 Q2, against 91.0%"),
        ("The target is {CH-01.target}; it is {CH-01.rating}.", "The target is 95.0% or more; it is red."),
        ("It {CH-01.change}.", "It worsened: fell from 91.0% to 87.3%."),
        ("Of another list: {ZZ-99.value}", "Of another list: –"),
        ("Braces of {another} kind stay", "Braces of {another} kind stay"),
    ],
)
def test_placeholder_is_the_figure_as_printed(text, shown):
    assert said(text) == shown


def test_another_result_is_another_figure_in_the_sentence():
    assert said("{CH-01.value}", value=88.04) == "88.0%"


def test_what_was_written_is_left_alone():
    written = pd.DataFrame({"reason": ["{CH-01.value}"]})
    narrative.filled(written, ["reason"], pd.DataFrame([kpi()]))
    assert written["reason"].tolist() == ["{CH-01.value}"]
