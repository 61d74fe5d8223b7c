"""Text on the kiosk's screen: broken into lines, as large as its place allows, in the order in which it is read.

Rule: nothing is cut off. A text that does not fit at the smallest legible size is set smaller still, and a test that
draws every page in every language sees it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pygame

from firmware.drivers.panel.lettering import visual
from firmware.drivers.panel.text import Colour, font, line_height, line_width, wrap

__all__ = ["Align", "Paragraph", "draw", "fit"]

_SMALLER = 0.93
_LEADING = 1.12
"""A little less than the font's own: room on a small panel is worth more than air between lines."""
_ILLEGIBLE_PX = 8

Align = Literal["centre", "left", "right"]


@dataclass(frozen=True)
class Paragraph:
    """A text laid out: its lines at a size."""

    lines: tuple[str, ...]
    face: Path
    size_px: int

    @property
    def width_px(self) -> int:
        return max(line_width(line, self.face, self.size_px) for line in self.lines)

    @property
    def height_px(self) -> int:
        return (len(self.lines) - 1) * self.step_px + line_height(self.face, self.size_px)

    @property
    def step_px(self) -> int:
        """From one line to the next."""
        return round(_LEADING * self.size_px)


@functools.lru_cache(maxsize=4096)
def fit(text: str, face: Path, box: tuple[int, int], *, largest_px: int, smallest_px: int) -> Paragraph:
    """The text as large as the box allows, above `smallest_px` if that can be; a doctor's title stays with the name."""
    text = text.replace("Dr ", "Dr\N{NO-BREAK SPACE}")
    for size_px in _sizes(largest_px, smallest_px):
        paragraph = Paragraph(tuple(wrap(text, face, size_px, box[0])), face, size_px)
        if paragraph.height_px <= box[1] and paragraph.width_px <= box[0]:
            return paragraph
    return paragraph


def draw(
    surface: pygame.Surface, paragraph: Paragraph, colour: Colour, rect: pygame.Rect, align: Align = "centre"
) -> Paragraph:
    """Draw the lines in the middle of a rectangle's height, each centred or from one of its sides.

    Returns:
        The paragraph as it was drawn: in as many lines, none much shorter than the others.
    """
    paragraph = _balanced(paragraph)
    loaded = font(paragraph.face, paragraph.size_px)
    top = rect.centery - paragraph.height_px // 2
    for line in paragraph.lines:
        written = loaded.render(visual(line), True, colour)  # noqa: FBT003 - pygame's argument has no name
        # SDL_ttf makes room above for letters like أ that rise over the line, and would push their line down.
        bottom = top + line_height(paragraph.face, paragraph.size_px)
        place = written.get_rect(bottom=bottom, centerx=rect.centerx)
        if align != "centre":
            setattr(place, align, getattr(rect, align))
        surface.blit(written, place)
        top += paragraph.step_px
    return paragraph


def _sizes(largest_px: int, smallest_px: int) -> Iterator[int]:
    size = float(max(largest_px, smallest_px))
    while size > smallest_px:
        yield round(size)
        size *= _SMALLER
    size = smallest_px
    while size >= _ILLEGIBLE_PX:
        yield round(size)
        size *= _SMALLER


@functools.lru_cache(maxsize=512)
def _balanced(paragraph: Paragraph) -> Paragraph:
    lines, face, size_px = list(paragraph.lines), paragraph.face, paragraph.size_px
    text = " ".join(lines)
    low, high = 0, paragraph.width_px
    while len(lines) > 1 and high - low > size_px // 2:
        middle = (low + high) // 2
        narrower = wrap(text, face, size_px, middle)
        if len(narrower) > len(lines) or max(line_width(one, face, size_px) for one in narrower) > middle:
            low = middle
        else:
            high, lines = middle, narrower
    return replace(paragraph, lines=tuple(lines))
