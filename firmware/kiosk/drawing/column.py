"""The text of a page: lines one below the other, at the largest common scale that has room for them.

Rule: where there is no room for all, lines leave, the highest rank first; those of rank 0 stay.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pygame

from firmware.drivers.panel.fonts import BOLD, REGULAR
from firmware.kiosk.drawing.letters import Paragraph, fit
from firmware.kiosk.sheets.parts import Sheet

__all__ = ["Column", "Line", "Placed", "lay_out", "lines_of", "place", "ranks"]

_FIRST_POINT = 3
"""Rank of the first of a list: it stays longer than a title that everybody knows."""
_LATER_POINTS = 6

Tone = Literal["ink", "quiet", "accent"]


@dataclass(frozen=True, slots=True)
class Line:
    """A text before it is laid out."""

    text: str
    tone: Tone
    share: float
    """Largest size, for a page of 1."""
    face: Path = REGULAR
    rank: int = 0
    is_point: bool = False
    """Whether it stands in a list, flush with the others."""


@dataclass(frozen=True, slots=True)
class Column:
    """Lines laid out, and how far apart they are."""

    lines: list[tuple[Line, Paragraph]]
    gap: int

    @property
    def height_px(self) -> int:
        spaces = (_space(one, other, self.gap) for (one, _), (other, _) in itertools.pairwise(self.lines))
        return sum(paragraph.height_px for _, paragraph in self.lines) + sum(spaces)


@dataclass(frozen=True, slots=True)
class Placed:
    """A text and where it stands."""

    paragraph: Paragraph
    tone: Tone
    rect: pygame.Rect
    is_point: bool = False


def lines_of(sheet: Sheet, *, are_joined: bool = False) -> list[Line]:
    """The lines of a sheet, from top to bottom.

    Args:
        are_joined: whether sentences that could stand alone share a paragraph, and a gist stands for the points, to
            save room.
    """
    has_news = sheet.has_news
    rank_of_title = 4 if has_news or sheet.has_all_points else 0
    label = Line(sheet.label, "quiet", 0.066, BOLD, rank=5 if sheet.number else _FIRST_POINT)
    texts = [Line(sheet.body, "ink", 0.07, rank=2 if has_news else 0), Line(sheet.note, "ink", 0.07)]
    points = sheet.points
    has_all_points = sheet.has_all_points or bool(sheet.gist)
    if are_joined:
        points = (sheet.gist or " ".join(f"{one}." for one in points),) if points else ()
        if not sheet.wait:
            texts = [Line(" ".join(one.text for one in texts if one.text), "ink", 0.07)]
    lines = [
        Line(sheet.title, "ink", 0.1, BOLD, rank_of_title),
        Line(sheet.eyebrow, "quiet", 0.066, rank=3 if has_news else 5),
        *((label,) if sheet.number else ()),
        Line(sheet.number, "accent", 0.42, BOLD),
        Line(sheet.wait, "ink", 0.08, BOLD, 1 if sheet.note else 0),
        *texts,
        *(() if sheet.number else (label,)),
        *(
            Line(
                point,
                "ink",
                0.066,
                rank=0 if has_all_points else _FIRST_POINT if at == 0 else _LATER_POINTS + at,
                is_point=sheet.has_all_points and len(points) > 1,
            )
            for at, point in enumerate(points)
        ),
    ]
    return [line for line in lines if line.text]


def ranks(lines: Sequence[Line]) -> list[int]:
    """Which lines to try to keep: all, then without the highest rank, down to those that stay."""
    return sorted({0, *(line.rank for line in lines)}, reverse=True)


def lay_out(lines: Sequence[Line], size: tuple[int, int], unit: float, gap: int, *, least_px: int) -> Column | None:
    """The lines at the largest common scale; None when they do not fit legibly.

    Args:
        unit: what a line's share is of, in pixels.
        gap: between two lines, in pixels.
    """
    width, height = size
    for percent in range(100, 20, -8):
        fitted = [(line, _at_scale(line, width, unit * percent / 100, least_px)) for line in lines]
        column = Column(fitted, gap)
        if column.height_px <= height and all(one.size_px >= least_px for _, one in fitted):
            return column
    return None


def place(column: Column, area: pygame.Rect) -> list[Placed]:
    """The lines in the middle of an area."""
    top = area.centery - column.height_px // 2
    widest = max((one.width_px for line, one in column.lines if line.is_point), default=0)
    placed: list[Placed] = []
    before: Line | None = None
    for line, paragraph in column.lines:
        if before is not None:
            top += _space(before, line, column.gap)
        width = widest if line.is_point else area.width
        rect = pygame.Rect(0, top, width, paragraph.height_px)
        rect.centerx = area.centerx
        placed.append(Placed(paragraph, line.tone, rect, line.is_point))
        top += paragraph.height_px
        before = line
    return placed


def _at_scale(line: Line, width: int, unit: float, least_px: int) -> Paragraph:
    largest = round(max(line.share * unit, least_px))
    box = (round(width * (0.9 if line.is_point else 1.0)), largest * 8)
    return fit(line.text, line.face, box, largest_px=largest, smallest_px=least_px)


def _space(one: Line, other: Line, gap: int) -> int:
    """Lines of a list stand closer."""
    return gap // 3 if one.is_point and other.is_point else gap
