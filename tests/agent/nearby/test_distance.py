"""Distances against those that others have measured."""

from __future__ import annotations

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.nearby.distance import distance_m
from core.edge.place import Place

_PLACES = st.builds(Place, latitude=st.floats(-90, 90), longitude=st.floats(-180, 180))


def place(latitude: float, longitude: float) -> Place:
    return Place(latitude=latitude, longitude=longitude)


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        ((48.8566, 2.3522), (51.5074, -0.1278), 343_900),  # Paris and London, on the ellipsoid (Vincenty)
        ((48.8566, 2.3522), (40.7128, -74.0060), 5_852_900),  # Paris and New York
        ((43.2927, 5.5703), (43.2927, 5.5703), 0),
        ((0, 0), (90, 0), 10_001_966),  # a quarter of the meridian
        ((-21.115, 55.536), (48.8566, 2.3522), 9_372_000),  # La Réunion
    ],
)
def test_a_distance_is_the_true_one_within_half_a_percent(
    one: tuple[float, float], other: tuple[float, float], metres: int
) -> None:
    assert distance_m(place(*one), place(*other)) == pytest.approx(metres, rel=0.005)


@given(_PLACES, _PLACES)
def test_a_distance_is_the_same_both_ways_and_never_more_than_half_the_earth(one: Place, other: Place) -> None:
    there = distance_m(one, other)

    assert there == distance_m(other, one)
    assert 0 <= there <= 6_371_009 * pi + 1


def test_across_the_date_line_the_short_way_is_taken() -> None:
    assert distance_m(place(-17, 179.9), place(-17, -179.9)) < 22_000
