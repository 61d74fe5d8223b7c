"""Text on the kiosk's screen: broken into lines, as large as its place allows, in the order in which it is read.

Rule: nothing is cut off. A text that does not fit at the smallest legible size is set smaller still, and a test that
draws every page in every language sees it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pygame

from firmware.drivers.panel.lettering import visual

__all__ = ["CAPITAL_EM", "Paragraph", "draw", "fit"]

CAPITAL_EM = 0.729
"""Height of a capital of DejaVu Sans, in ems."""
_SMALLER = 0.93
_ILLEGIBLE_PX = 8

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Paragraph:
    """A text laid out: its lines at a size."""

    lines: tuple[str, ...]
    face: Path
    size_px: int

    @property
    def width_px(self) -> int:
        return max(_width(line, self.face, self.size_px) for line in self.lines)

    @property
    def height_px(self) -> int:
        return len(self.lines) * _font(self.face, self.size_px).get_linesize()


def fit(text: str, face: Path, box: tuple[int, int], *, largest_px: int, smallest_px: int) -> Paragraph:
    """The text as large as the box allows, above `smallest_px` if that can be."""
    for size_px in _sizes(largest_px, smallest_px):
        paragraph = Paragraph(_balanced(text, face, size_px, box[0]), face, size_px)
        if paragraph.height_px <= box[1] and paragraph.width_px <= box[0]:
            return paragraph
    return paragraph


def draw(surface: pygame.Surface, paragraph: Paragraph, colour: Colour, middle: tuple[int, int]) -> None:
    """Draw the lines centred on a point."""
    font = _font(paragraph.face, paragraph.size_px)
    top = middle[1] - paragraph.height_px // 2
    for line in paragraph.lines:
        written = font.render(visual(line), True, colour)  # noqa: FBT003 - pygame's argument has no name
        surface.blit(written, written.get_rect(midtop=(middle[0], top)))
        top += font.get_linesize()


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
    lines = _filled(text, face, size_px, width_px)
    low, high = 0, width_px
    while len(lines) > 1 and high - low > size_px // 2:
        middle = (low + high) // 2
        narrower = _filled(text, face, size_px, middle)
        if len(narrower) > len(lines) or max(_width(one, face, size_px) for one in narrower) > middle:
            low = middle
        else:
            high, lines = middle, narrower
    return tuple(lines)


def _filled(text: str, face: Path, size_px: int, width_px: int) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):  # a no-break space is part of its word
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer, face, size_px) <= width_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@lru_cache(maxsize=4096)
def _width(line: str, face: Path, size_px: int) -> int:
    return _font(face, size_px).size(visual(line))[0]


@lru_cache(maxsize=64)
def _font(face: Path, size_px: int) -> pygame.font.Font:
    pygame.font.init()
    return pygame.font.Font(face, size_px)
