"""Text put where the eye expects it: measured and centred by its capitals, never wider than its place.

Rule: positions are of the capitals' box; the font's own line box, with its room for accents, hangs lower than it looks.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pygame

from firmware.drivers.panel.fonts import CAPITALS
from firmware.drivers.panel.lettering import visual

__all__ = [
    "CAPITALS",
    "Align",
    "Colour",
    "draw_line",
    "draw_paragraph",
    "fitting_size",
    "font",
    "line_height",
    "line_width",
    "wrap",
]

_LEADING = 1.4
"""From one line of a paragraph to the next, for a size of 1."""

_SMALLEST_PX = 8

Align = Literal["left", "centre", "right"]
Colour = tuple[int, int, int]


@functools.lru_cache(maxsize=4096)
def line_width(text: str, face: Path, size_px: int) -> int:
    """Pixels from the first letter's left to the last one's right."""
    return _ruler(face, size_px).size(visual(text))[0]


@functools.lru_cache(maxsize=512)
def line_height(face: Path, size_px: int) -> int:
    """Pixels from one line to the next, as the face's maker wants it."""
    return _ruler(face, size_px).get_linesize()


def fitting_size(text: str, face: Path, *, width_px: int, capitals_px: int) -> int:
    """The largest size at which a line is no wider, and its capitals no higher, than given."""
    size_px = max(_SMALLEST_PX, int(capitals_px / CAPITALS))
    width = line_width(text, face, size_px)
    if width > width_px:
        size_px = max(_SMALLEST_PX, int(size_px * width_px / width))
        while size_px > _SMALLEST_PX and line_width(text, face, size_px) > width_px:
            size_px -= 1
    return size_px


def draw_line(
    surface: pygame.Surface,
    text: str,
    face: Path,
    size_px: int,
    colour: Colour,
    *,
    x: int,
    middle_y: int,
    align: Align = "left",
) -> int:
    """Draw one line, its capitals around `middle_y`, and return its width."""
    loaded = font(face, size_px)
    picture = loaded.render(visual(text), True, colour)  # noqa: FBT003 - SDL_ttf's antialiasing
    width = picture.get_width()
    left = {"left": x, "centre": x - width // 2, "right": x - width}[align]
    surface.blit(picture, (left, middle_y + round(size_px * CAPITALS / 2) - loaded.get_ascent()))
    return width


def draw_paragraph(
    surface: pygame.Surface,
    text: str,
    face: Path,
    colour: Colour,
    box: pygame.Rect,
    *,
    largest_px: int,
    align: Align = "left",
) -> None:
    """Draw text in as many lines as it takes, as large as fits its box, in the middle of its height."""
    size_px = largest_px
    while size_px > _SMALLEST_PX and not _fits(text, face, size_px, box):
        size_px = size_px * 19 // 20
    lines = wrap(text, face, size_px, box.width)
    step = round(size_px * _LEADING)
    x = {"left": box.left, "centre": box.centerx, "right": box.right}[align]
    first_y = box.centery - step * (len(lines) - 1) // 2
    for row, line in enumerate(lines):
        draw_line(surface, line, face, size_px, colour, x=x, middle_y=first_y + row * step, align=align)


def wrap(text: str, face: Path, size_px: int, width_px: int) -> list[str]:
    """Break text between words; a word wider than the place has a line of its own."""
    return list(_lines(text.split(" "), face, size_px, width_px))


def _lines(words: list[str], face: Path, size_px: int, width_px: int) -> Iterator[str]:
    line = words[0]
    for word in words[1:]:
        longer = f"{line} {word}"
        if line_width(longer, face, size_px) <= width_px:
            line = longer
        else:
            yield line
            line = word
    yield line


def _fits(text: str, face: Path, size_px: int, box: pygame.Rect) -> bool:
    lines = wrap(text, face, size_px, box.width)
    is_narrow = all(line_width(line, face, size_px) <= box.width for line in lines)
    return is_narrow and round(size_px * _LEADING) * len(lines) <= box.height


@functools.lru_cache(maxsize=16)
def font(face: Path, size_px: int) -> pygame.font.Font:
    """A face at a size, to draw with, loaded once."""
    return _loaded(face, size_px)


def _ruler(face: Path, size_px: int) -> pygame.font.Font:
    """A face at a size, to measure with until the next call: to find a size that fits, dozens are tried.

    One is set to each of them, because a face loaded at each costs 160 KB (measured).
    """
    ruler = _any_size(face)
    if ruler.point_size != size_px:
        ruler.point_size = size_px
    return ruler


@functools.cache
def _any_size(face: Path) -> pygame.font.Font:
    return _loaded(face, _SMALLEST_PX)


def _loaded(face: Path, size_px: int) -> pygame.font.Font:
    pygame.font.init()
    return pygame.font.Font(face, size_px)
