"""A specification becomes the same SVG every time, in the bundled font, with British figures."""

import json
import re

import pytest
from kpireport.errors import RenderingError
from kpireport.presentation.drawing import draw


def spec(**encoding):
    return {"data": {"values": [{"a": "2024-04-01T00:00:00", "b": -1234.5}]}, "mark": "point", "encoding": encoding}


def test_the_same_specification_gives_the_same_svg_as_when_a_notebook_has_carried_it():
    one = spec(x={"field": "b", "type": "quantitative", "scale": {"domain": [-1234.5, 0.1 + 0.2]}})
    assert draw(one) == draw(json.loads(json.dumps(one, sort_keys=False, indent=1)))


def test_dates_and_numbers_are_british():
    axis = {"format": "%d %B %Y", "values": [{"year": 2024, "month": "apr", "date": 1}]}
    date = draw(spec(x={"field": "a", "type": "temporal", "axis": axis}))
    assert "01 April 2024" in date
    money = draw(spec(x={"field": "b", "type": "quantitative", "axis": {"format": "$,.1f", "values": [-1234.5]}}))
    assert "−£1,234.5" in money


def test_text_is_measured_and_written_in_the_first_font_asked_for():
    drawn = draw({**spec(x={"field": "b", "type": "quantitative"}), "config": {"font": "Liberation Sans, Arial"}})
    assert set(re.findall(r'font-family="([^"]+)"', drawn)) == {"Liberation Sans, Arial"}


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"mark": "nonsense", "data": {"values": []}}, id="not_vega_lite"),
        pytest.param({"mark": "point", "data": {"values": [{"a": float("nan")}]}}, id="not_json"),
    ],
)
def test_what_cannot_be_drawn_is_a_rendering_error(broken):
    with pytest.raises(RenderingError, match="A chart cannot be drawn"):
        draw(broken)


def test_nothing_is_fetched_from_a_network():
    with pytest.raises(RenderingError):
        draw(
            {
                "mark": "point",
                "data": {"url": "https://example.org/data.csv"},
                "encoding": {"x": {"field": "a", "type": "nominal"}},
            }
        )
