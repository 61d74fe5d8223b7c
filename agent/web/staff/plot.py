"""Lines over days, and bars, as the shapes of an SVG picture. Pure; the template `plot.html` draws them.

Rule: no style is in the shapes, because the pages' policy lets only the style sheet give one. A day of which nothing is
known is a gap, never a zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from agent.web.days import day_name
from agent.web.staff.words import number

__all__ = ["Bar", "Bars", "Line", "Plot", "Point", "Series", "barred", "plotted"]

_WIDTH, _HEIGHT = 960, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 28, 12, 28
_BARS_HEIGHT, _BARS_TOP = 170, 22
_BAR_SHARE = 0.7
_NAMED_DAYS = 8
_STEPS = 4


class Point(NamedTuple):
    x: float
    y: float
    title: str
    is_sure: bool


class Bar(NamedTuple):
    x: float
    y: float
    width: float
    height: float
    name: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A picture of bars, each with its figure above and its name below."""

    bars: Sequence[Bar]
    width: int
    height: int
    foot: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What is drawn as one line."""

    name: str
    style: str
    """Class of the style sheet."""
    values: Sequence[float | None]
    """One for each day; None where nothing is known."""
    titles: Sequence[str]
    """What a day's point says when it is pointed at."""
    is_sure: Sequence[bool]
    """Whether a day has people enough to say something by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A series in the picture."""

    name: str
    style: str
    paths: Sequence[str]
    """SVG path data, a piece for each run of days without a gap."""
    points: Sequence[Point]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A picture."""

    lines: Sequence[Line]
    rules: Sequence[tuple[float, str]]
    """Horizontal ones: height, and what stands beside it."""
    days: Sequence[tuple[float, str]]
    band: tuple[float, float] | None
    """Where the values should be: upper edge, and height."""
    width: int = _WIDTH
    height: int = _HEIGHT
    left: int = _LEFT
    right: int = _WIDTH - _RIGHT
    foot: int = _HEIGHT - _BOTTOM


def plotted(
    days: Sequence[date], series: Sequence[Series], *, top: int, unit: str, band: tuple[float, float] | None = None
) -> Plot:
    """
    Args:
        top: the highest value that has room; what is above it is drawn there.
        unit: what stands behind the numbers at the left.
        band: the values between which the lines should be.
    """
    across, down = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def x(place: int) -> float:
        return round(_LEFT + across * (place + 0.5) / len(days), 1)

    def y(value: float) -> float:
        return round(_TOP + down * (1 - min(value, top) / top), 1)

    every = -(-len(days) // _NAMED_DAYS)
    named = [place for place in range(len(days)) if (len(days) - 1 - place) % every == 0]
    return Plot(
        lines=[_line(one, x, y) for one in series],
        rules=[(y(value), f"{number(value)}{unit}") for value in (top * step / _STEPS for step in range(_STEPS + 1))],
        days=[(x(place), day_name(days[place], "fr", "d MMM")) for place in named],
        band=None if band is None else (y(band[1]), round(y(band[0]) - y(band[1]), 1)),
    )


def barred(names: Sequence[str], values: Sequence[float]) -> Bars:
    """
    Args:
        names: one for each value.
    """
    top = max([*values, 1.0])
    across, down = _WIDTH / len(values), _BARS_HEIGHT - _BARS_TOP - _BOTTOM
    bars = []
    for place, (name, value) in enumerate(zip(names, values, strict=True)):
        tall = round(down * value / top, 1)
        wide = round(across * _BAR_SHARE, 1)
        x = round(across * place + (across - wide) / 2, 1)
        bars.append(Bar(x, round(_BARS_TOP + down - tall, 1), wide, tall, name, number(value, 1 if value < 10 else 0)))
    return Bars(bars=bars, width=_WIDTH, height=_BARS_HEIGHT, foot=_BARS_HEIGHT - _BOTTOM)


def _line(series: Series, x: Callable[[int], float], y: Callable[[float], float]) -> Line:
    points = [
        None if value is None else Point(x(place), y(value), series.titles[place], series.is_sure[place])
        for place, value in enumerate(series.values)
    ]
    runs = (list(run) for is_known, run in groupby(points, lambda point: point is not None) if is_known)
    return Line(
        name=series.name,
        style=series.style,
        paths=["M" + "L".join(f"{point.x} {point.y}" for point in run if point) for run in runs],
        points=[point for point in points if point],
    )
