"""How far one place is from another, as the crow flies. Pure."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from core.edge.place import Place

__all__ = ["distance_m"]

_EARTH_M = 6_371_009
"""Mean radius of the earth (H. Moritz, Geodetic Reference System 1980, Journal of Geodesy 74, 2000)."""


def distance_m(one: Place, other: Place) -> int:
    """The great-circle distance in metres, on a sphere: up to 0.5 % off the true earth's.

    The haversine form, which stays exact between places that are close to each other (R. W. Sinnott, Virtues of the
    Haversine, Sky and Telescope 68, 1984).
    """
    north, north_too = radians(one.latitude), radians(other.latitude)
    up, across = (north_too - north) / 2, radians(other.longitude - one.longitude) / 2
    haversine = sin(up) ** 2 + cos(north) * cos(north_too) * sin(across) ** 2
    return round(2 * _EARTH_M * asin(min(1.0, sqrt(haversine))))
