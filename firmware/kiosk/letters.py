"""Text on the kiosk's screen: broken into lines, as large as its place allows, in the order in which it is read.

Rule: nothing is cut off. A text that does not fit at the smallest legible size is set smaller still, and a test that
draws every page in every language sees it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pygame

from firmware.drivers.panel.lettering import visual
from firmware.drivers.panel.text import Colour, font, line_width, wrap

__all__ = ["Paragraph", "draw", "fit"]

_SMALLER = 0.93
_ILLEGIBLE_PX = 8


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
        return len(self.lines) * font(self.face, self.size_px).get_linesize()


def fit(text: str, face: Path, box: tuple[int, int], *, largest_px: int, smallest_px: int) -> Paragraph:
    """The text as large as the box allows, above `smallest_px` if that can be."""
    for size_px in _sizes(largest_px, smallest_px):
        paragraph = Paragraph(_balanced(text, face, size_px, box[0]), face, size_px)
        if paragraph.height_px <= box[1] and paragraph.width_px <= box[0]:
            return paragraph
    return paragraph


def draw(surface: pygame.Surface, paragraph: Paragraph, colour: Colour, middle: tuple[int, int]) -> None:
    """Draw the lines centred on a point."""
    loaded = font(paragraph.face, paragraph.size_px)
    top = middle[1] - paragraph.height_px // 2
    for line in paragraph.lines:
        written = loaded.render(visual(line), True, colour)  # noqa: FBT003 - pygame's argument has no name
        surface.blit(written, written.get_rect(midtop=(middle[0], top)))
        top += loaded.get_linesize()


def _sizes(largest_px: int, smallest_px: int) -> Iterator[int]:
    size = float(max(largest_px, smallest_px))
    while size > smallest_px:
        yield round(size)
        size *= _SMALLER
    size = smallest_px
    while size >= _ILLEGIBLE_PX:
        yield round(size)
        size *= _SMALLER


def _balanced(text: str, face: Path, size_px: int, width_px: int) -> tuple[str, ...]:
    """The fewest lines that hold the text, none much shorter than the others."""
    lines = wrap(text, face, size_px, width_px)
    low, high = 0, width_px
    while len(lines) > 1 and high - low > size_px // 2:
        middle = (low + high) // 2
        narrower = wrap(text, face, size_px, middle)
        if len(narrower) > len(lines) or max(line_width(one, face, size_px) for one in narrower) > middle:
            low = middle
        else:
            high, lines = middle, narrower
    return tuple(lines)
