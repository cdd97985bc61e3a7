"""Sparklines decorate: hidden from assistive technology, broken where a result is missing."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.presentation import sparkline
from kpireport.presentation.sparkline import HEIGHT, WIDTH

results = st.lists(st.none() | st.floats(-1e12, 1e12), max_size=70)


def paths(svg: str) -> list[str]:
    return [path.attrib["d"] for path in ElementTree.fromstring(svg).iter("path")]


def test_a_missing_result_breaks_the_line():
    (line,) = paths(sparkline.svg([1.0, 2.0, None, 3.0, 4.0]))
    assert line.count("M") == 2


def test_the_highest_value_is_at_the_top_and_the_last_has_the_dot():
    svg = sparkline.svg([0.0, 10.0, 5.0])
    (line,) = paths(svg)
    heights = [float(place.split()[1]) for place in re.split("[ML]", line)[1:]]
    assert heights[1] == min(heights)
    assert f'cy="{heights[-1]:g}"' in svg


def test_targets_are_dashed_and_drawn_on_the_same_scale():
    target, line = paths(sparkline.svg([1.0, 2.0], [2.0, 2.0]))
    assert target.split()[-1] == line.split()[-1]


def test_it_is_hidden_from_assistive_technology():
    assert 'aria-hidden="true"' in sparkline.svg([1.0])
    assert sparkline.typst([1.0]).startswith("#pdf.artifact(")


@pytest.mark.parametrize("values", [[], [None], [float("nan")]])
def test_without_results_there_is_nothing_to_draw(values):
    assert sparkline.svg(values) == sparkline.typst(values) == ""


def test_targets_must_match_results():
    with pytest.raises(ValueError, match="3 values has 1 targets"):
        sparkline.svg([1, 2, 3], [1])


@given(results)
def test_it_stays_within_its_box(values):
    svg = sparkline.svg(values)
    for x, y in re.findall(r"([-\d.e+]+) ([-\d.e+]+)", " ".join(paths(svg)) if svg else ""):
        assert 0 <= float(x) <= WIDTH
        assert 0 <= float(y) <= HEIGHT
