"""The pictograms, drawn from lines: no picture file, sharp at every size, in whatever colour.

Rule: a mark is strokes on a field of 100 by 100, and says at the size of a fingertip what it means.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from firmware.drivers.panel.text import Colour
from firmware.kiosk.sheets.parts import Mark

__all__ = ["drawn"]

_FINER = 4
"""Drawn this many times larger and shrunk: pygame's own lines have no smooth edges."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Line:
    points: tuple[Point, ...]
    width: float = 8


@dataclass(frozen=True, slots=True)
class _Ring:
    x: float
    y: float
    radius: float
    width: float = 8
    """0 for a full disc."""


@dataclass(frozen=True, slots=True)
class _Area:
    points: tuple[Point, ...]


_Stroke = _Line | _Ring | _Area


def _line(*points: Point, width: float = 8) -> _Line:
    return _Line(points, width)


def _arc(x: float, y: float, radius: float, begin: float, end: float, squeeze: float = 1.0) -> _Line:
    """Between two angles in degrees, clockwise from the right."""
    angles = [math.radians(begin + (end - begin) * step / 24) for step in range(25)]
    return _Line(tuple((x + radius * squeeze * math.cos(one), y + radius * math.sin(one)) for one in angles))


def _box(left: float, top: float, right: float, bottom: float) -> _Line:
    return _line((left, top), (right, top), (right, bottom), (left, bottom), (left, top))


_FACE = (_Ring(50, 52, 38), _Ring(36, 46, 5, 0), _Ring(64, 46, 5, 0))

_MARKS: dict[Mark, tuple[_Stroke, ...]] = {
    "doctor": (
        _line((24, 8), (14, 8), (14, 34)),
        _line((58, 8), (68, 8), (68, 34)),
        _arc(41, 34, 27, 180, 0),
        _line((41, 61), (41, 70)),
        _arc(61, 70, 20, 180, 0),
        _line((81, 70), (81, 54)),
        _Ring(81, 44, 10),
    ),
    "child": (*_FACE, _arc(50, 54, 20, 150, 30), _arc(50, 15, 9, 100, -120)),
    "baby": (*_FACE, _Ring(50, 66, 10), _arc(50, 15, 9, 100, -120)),
    "wound": (
        _line((8, 64), (64, 8), (92, 36), (36, 92), (8, 64)),
        _line((30, 42), (58, 70), width=6),
        _line((42, 30), (70, 58), width=6),
        _Ring(41, 41, 4, 0),
        _Ring(50, 50, 4, 0),
        _Ring(59, 59, 4, 0),
    ),
    "result": (
        _line((40, 92), (16, 92), (16, 8), (66, 8), (84, 26), (84, 44)),
        _line((32, 34), (62, 34), width=6),
        _line((32, 52), (50, 52), width=6),
        _line((52, 76), (66, 90), (92, 60), width=10),
    ),
    "other": (_Ring(20, 50, 9, 0), _Ring(50, 50, 9, 0), _Ring(80, 50, 9, 0)),
    "ticket": (
        _line((20, 92), (20, 8), (80, 8), (80, 92), (65, 82), (50, 92), (35, 82), (20, 92)),
        _line((36, 28), (64, 28)),
        _line((36, 48), (64, 48)),
    ),
    "help": (
        _line((50, 10), (94, 88), (6, 88), (50, 10)),
        _line((50, 38), (50, 62), width=10),
        _Ring(50, 75, 6, 0),
    ),
    "card": (
        _box(6, 18, 94, 82),
        _Ring(30, 40, 9),
        _arc(30, 70, 15, 180, 360),
        _line((58, 40), (80, 40)),
        _line((58, 60), (80, 60)),
    ),
    "globe": (
        _Ring(50, 50, 42),
        _arc(50, 50, 42, -90, 270, squeeze=0.45),
        _line((10, 38), (90, 38), width=6),
        _line((10, 62), (90, 62), width=6),
    ),
    "read": (
        _Ring(42, 42, 32),
        _line((66, 66), (92, 92), width=12),
        _line((42, 28), (42, 56)),
        _line((28, 42), (56, 42)),
    ),
    "back": (_line((88, 50), (14, 50), width=10), _line((44, 18), (12, 50), (44, 82), width=10)),
    "done": (_line((12, 54), (38, 80), (88, 22), width=12),),
    "contrast": (_Ring(50, 50, 42), _Area((*_arc(50, 50, 42, -90, 90).points,))),
    "larger": (
        _line((38, 88), (66, 14), (94, 88), width=10),
        _line((48, 64), (84, 64)),
        _line((5, 88), (16, 58), (27, 88), width=6),
        _line((9, 78), (23, 78), width=5),
    ),
    "low": (
        _line((50, 8), (50, 66), width=10),
        _line((24, 42), (50, 68), (76, 42), width=10),
        _line((12, 90), (88, 90), width=10),
    ),
    "voice": (
        _line((10, 38), (26, 38), (50, 16), (50, 84), (26, 62), (10, 62), (10, 38)),
        _arc(50, 50, 22, -45, 45),
        _arc(50, 50, 38, -45, 45),
    ),
    "printer": (
        _line((28, 36), (28, 8), (72, 8), (72, 36)),
        _line((24, 72), (8, 72), (8, 36), (92, 36), (92, 72), (76, 72)),
        _box(28, 58, 72, 92),
    ),
    "touch": (
        _Ring(40, 36, 28, 6),
        _Ring(40, 36, 8, 0),
        _line((40, 36), (62, 92), (68, 70), (88, 62), (40, 36)),
    ),
    "clean": (_line((50, 8), (22, 52)), _line((50, 8), (78, 52)), _arc(50, 62, 30, -20, 200), _arc(50, 62, 16, 20, 90)),
}  # fmt: skip


@functools.lru_cache(maxsize=128)
def drawn(mark: Mark, size_px: int, colour: Colour, *, is_mirrored: bool = False) -> pygame.Surface:
    """A mark as a square picture on nothing."""
    large = pygame.Surface((size_px * _FINER, size_px * _FINER), pygame.SRCALPHA)
    large.fill((*colour, 0))
    for stroke in _MARKS.get(mark, ()):
        _draw(large, stroke, colour, size_px * _FINER / 100)
    small = pygame.transform.smoothscale(large, (size_px, size_px))
    return pygame.transform.flip(small, flip_x=True, flip_y=False) if is_mirrored else small


def _draw(surface: pygame.Surface, stroke: _Stroke, colour: Colour, unit: float) -> None:
    match stroke:
        case _Ring(x, y, radius, width):
            centre = (x * unit, y * unit)
            pygame.draw.circle(surface, colour, centre, (radius + width / 2) * unit, round(width * unit))
        case _Area(points):
            pygame.draw.polygon(surface, colour, [(x * unit, y * unit) for x, y in points])
        case _Line(points, width):
            _round_line(surface, points, colour, unit, width)


def _round_line(surface: pygame.Surface, points: Sequence[Point], colour: Colour, unit: float, width: float) -> None:
    """Round at its ends and corners, which pygame's thick lines are not."""
    half = width * unit / 2
    for x, y in points:
        pygame.draw.circle(surface, colour, (x * unit, y * unit), half)
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        length = math.hypot(x2 - x1, y2 - y1) or 1.0
        dx, dy = (y2 - y1) / length * half, (x1 - x2) / length * half
        corners = [(x1 * unit + dx, y1 * unit + dy), (x2 * unit + dx, y2 * unit + dy)]
        corners += [(x2 * unit - dx, y2 * unit - dy), (x1 * unit - dx, y1 * unit - dy)]
        pygame.draw.polygon(surface, colour, corners)
