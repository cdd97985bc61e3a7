"""Outlines of wards are read from GeoJSON, or refused with what is wrong."""

import json

import pytest
from kpireport.errors import DataError
from kpireport.sources import outlines

SQUARE = [[-1.6, 53.8], [-1.5, 53.8], [-1.5, 53.9], [-1.6, 53.8]]


def feature(area="E05011384", kind="Polygon", coordinates=None) -> dict:
    return {"properties": {"area": area}, "geometry": {"type": kind, "coordinates": coordinates or [SQUARE]}}


def write(folder, *features) -> None:
    (folder / "reference").mkdir()
    text = json.dumps({"type": "FeatureCollection", "features": list(features)})
    (folder / "reference" / "wards.geojson").write_text(text, encoding="utf-8")


def test_a_council_without_the_file_has_no_outlines(tmp_path):
    assert outlines.load(tmp_path) == {}


def test_each_ward_has_the_rings_of_its_polygons(tmp_path):
    write(tmp_path, feature(), feature("E05011385", "MultiPolygon", [[SQUARE], [SQUARE, SQUARE]]))
    read = outlines.load(tmp_path)
    assert read["E05011384"] == [[tuple(point) for point in SQUARE]]
    assert len(read["E05011385"]) == 3


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"properties": {}, "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}, "feature 2, which is no outline"),
        (feature("E05011385", "Point", [-1.5, 53.8]), "feature 2, which is no outline"),
        (feature("E05011385", "Polygon", [[[430000, 433000]]]), "feature 2, which is no outline"),
        (feature(), 'feature 2: area "E05011384" a second time'),
    ],
    ids=["no_code", "a_point", "metres_instead_of_degrees", "twice"],
)
def test_a_feature_that_is_no_wards_outline_is_a_fault(tmp_path, wrong, found):
    write(tmp_path, feature(), wrong)
    with pytest.raises(DataError, match=found):
        outlines.load(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", '{"features": 1}', "{"])
def test_a_file_that_is_something_else_is_a_fault(tmp_path, text):
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "wards.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="something else"):
        outlines.load(tmp_path)
