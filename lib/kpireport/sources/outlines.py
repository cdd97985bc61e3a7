"""Read the outlines of wards from `reference/wards.geojson`, where a council has the file; without it maps are made of tiles."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kpireport.errors import DataError, Finding

FILE = "reference/wards.geojson"
EXPECTED = "a GeoJSON FeatureCollection of polygons, each with the property area: the ward's GSS code"
Ring = list[tuple[float, float]]


def load(data: Path) -> dict[str, list[Ring]]:
    """Return the rings of each ward's outline, in degrees east and north, by GSS code; nothing without the file.

    Raises
    ------
    DataError
        When the file is not what `EXPECTED` says, with every feature that is not.
    """
    path = data / FILE
    if not path.is_file():
        return {}
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        if not isinstance(features, list):
            raise TypeError("features")
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DataError([_fault("something else", "Export it again as GeoJSON in WGS 84.")]) from None
    outlines: dict[str, list[Ring]] = {}
    faults = []
    for number, feature in enumerate(features, start=1):
        try:
            area = str(feature["properties"]["area"])
            rings = [[_point(point) for point in ring] for ring in _rings(feature["geometry"])]
        except (KeyError, TypeError, ValueError, IndexError):
            faults.append(_fault(f"feature {number}, which is no outline with a code", "Correct it or leave it out."))
            continue
        if area in outlines:
            faults.append(_fault(f'feature {number}: area "{area}" a second time', "Keep one outline for each ward."))
        outlines[area] = rings
    if faults:
        raise DataError(faults)
    return outlines


def _rings(geometry: dict[str, Any]) -> Iterator[list[Any]]:
    polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}[geometry["type"]]
    for polygon in polygons:
        yield from polygon


def _point(point: list[Any]) -> tuple[float, float]:
    east, north = float(point[0]), float(point[1])
    if not (-180 <= east <= 180 and -90 <= north <= 90):
        raise ValueError("not degrees")
    return east, north


def _fault(found: str, remedy: str) -> Finding:
    return Finding(FILE, "", "", found, EXPECTED, remedy)
