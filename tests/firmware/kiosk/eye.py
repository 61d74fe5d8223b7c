"""An eye and a ruler before a kiosk's screen: finds in the picture what is drawn, and measures it there.

Rule: every length, colour and place is taken from pixels. From the view comes only what a person would be told: which
words to look for and where they should be, and where a finger is said to mean something.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pygame

from firmware.drivers.panel import Panel
from firmware.drivers.panel.fonts import CAPITALS
from firmware.drivers.panel.lettering import visual
from firmware.kiosk.drawing.labels import Written
from firmware.kiosk.drawing.view import View

__all__ = ["Colour", "Picture", "contrast", "faults", "seen"]

CAPITAL_MM, TARGET_MM, GAP_MM, LOW_MM = 6.1, 20.0, 3.0, 74.0
LETTERS, CONTROLS = 4.5, 3.0
"""Least contrasts (WCAG 1.4.3, 1.4.11)."""

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Picture:
    """What is on the screen."""

    surface: pygame.Surface
    px_per_mm: float
    written: Sequence[Written]
    touchable: Sequence[pygame.Rect]
    code: pygame.Rect | None = None
    """Where a QR code is."""

    @property
    def paper(self) -> Colour:
        return _colour(self.surface, (0, 0))

    @cached_property
    def controls(self) -> list[pygame.Rect]:
        """What looks like a button: a frame that stands out from the paper, whatever is inside."""
        drawn = pygame.mask.from_threshold(self.surface, self.paper, (1, 1, 1, 255))
        drawn.invert()
        least = round(8 * self.px_per_mm)
        letters = [place for _, place in self.written]
        found = [rect for rect in drawn.get_bounding_rects() if min(rect.size) >= least]
        found = [rect for rect in found if not any(place.contains(rect) and place != rect for place in letters)]
        found = [rect for rect in found if self.code is None or not self.code.contains(rect)]
        framed = [rect for rect in found if _is_framed(drawn, rect) and self._border(rect) >= CONTROLS]
        return [rect for rect in framed if not any(other.contains(rect) for other in framed if other != rect)]

    def _border(self, rect: pygame.Rect) -> float:
        return contrast(_colour(self.surface, (rect.left + 1, rect.centery)), self.paper)


def seen(panel: Panel, view: View) -> Picture:
    """What a view has drawn on its panel."""
    zones = [zone.rect for zone in view.zones if zone.rect.size != panel.size_px]
    return Picture(panel.surface, panel.size_px[0] / panel.width_mm, view.written, zones, view.code)


def faults(picture: Picture, *, is_low: bool = False) -> list[str]:
    """Everything that breaks a rule, in words."""
    return [
        *_sizes(picture),
        *_gaps(picture),
        *_places(picture),
        *(_heights(picture) if is_low else ()),
        *_letters(picture),
        *_cut(picture),
    ]


def contrast(one: Colour, other: Colour) -> float:
    """WCAG's ratio of two colours."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _sizes(picture: Picture) -> Iterator[str]:
    least = TARGET_MM * picture.px_per_mm
    for rect in picture.controls:
        if min(rect.size) < least:
            yield f"a control of {rect.width} x {rect.height} px is smaller than 20 mm"


def _gaps(picture: Picture) -> Iterator[str]:
    for one, other in itertools.combinations(picture.controls, 2):
        beside = max(one.left - other.right, other.left - one.right)
        below = max(one.top - other.bottom, other.top - one.bottom)
        if max(beside, below) < GAP_MM * picture.px_per_mm:
            yield f"{one} and {other} are less than 3 mm apart"


def _places(picture: Picture) -> Iterator[str]:
    """What can be touched is drawn, what is drawn can be touched, and all of it is on the screen."""
    drawn = {tuple(rect) for rect in picture.controls}
    said = {tuple(rect) for rect in picture.touchable}
    for rect in sorted(drawn ^ said):
        yield f"{rect} is {'not to be seen' if rect in said else 'no control'}"
    for rect in picture.controls:
        if not picture.surface.get_rect().contains(rect):
            yield f"{rect} is not on the screen"


def _heights(picture: Picture) -> Iterator[str]:
    height = picture.surface.get_height()
    top = height - max(height / 2, LOW_MM * picture.px_per_mm)
    for rect in picture.controls:
        if rect.top < top:
            yield f"{rect} is above the lower part"


def _letters(picture: Picture) -> Iterator[str]:
    pixels = pygame.surfarray.array3d(picture.surface).swapaxes(0, 1)
    least_px = math.ceil(CAPITAL_MM * picture.px_per_mm / CAPITALS)
    inside = [_inside(picture, rect) for rect in picture.controls]
    on_screen = [(paragraph, rect) for paragraph, rect in picture.written if picture.surface.get_rect().contains(rect)]
    for paragraph, rect in on_screen:
        one_line_px = paragraph.height_px - (len(paragraph.lines) - 1) * paragraph.step_px
        for row, line in enumerate(paragraph.lines):
            band = pygame.Rect(rect.left, rect.top + row * paragraph.step_px, rect.width, one_line_px)
            for one in inside:
                band = band.clip(one) if one.collidepoint(band.center) else band
            ink, ratio = _ink(pixels[band.top : band.bottom, band.left : band.right : 2])
            capital_mm = CAPITAL_MM * (ink + 1) / _height(line, paragraph.face, least_px)
            if capital_mm < CAPITAL_MM:
                yield f"{line!r} has capitals of {capital_mm:.1f} mm"
            if ratio < LETTERS:
                yield f"{line!r} has a contrast of {ratio:.1f}"


def _cut(picture: Picture) -> Iterator[str]:
    """Text that leaves its place: over the rim of the screen, into a control, or past the sides of a button."""
    pixels = pygame.surfarray.array2d(picture.surface)
    screen = picture.surface.get_rect()
    for paragraph, rect in picture.written:
        text = " ".join(paragraph.lines)
        if not screen.contains(rect):
            yield f"{text!r} is cut off by the screen"
            continue
        if any(one.colliderect(rect) and not one.contains(rect) for one in picture.controls):
            yield f"{text!r} runs over a control"
        middle = slice(rect.top + rect.height // 4, rect.bottom - rect.height // 4)  # off a button's round corners
        beside = (pixels[x, middle] for x in (rect.left - 2, rect.right + 1) if 0 <= x < screen.width)
        if any((column != column[0]).any() for column in beside):
            yield f"{text!r} is wider than its place"


def _inside(picture: Picture, rect: pygame.Rect) -> pygame.Rect:
    """A control without its frame, which is as thick as its colour lasts."""
    across = [_colour(picture.surface, (rect.left + at, rect.centery)) for at in range(1, round(2 * picture.px_per_mm))]
    thick = next((at for at, colour in enumerate(across, 1) if colour != across[0]), 0)
    return rect.inflate(-2 * thick, -2 * thick)


def _ink(pixels: np.ndarray) -> tuple[int, float]:
    """How high the letters of a line are, and their contrast to what is behind them."""
    packed = (pixels.astype(np.uint32) << np.array([16, 8, 0], np.uint32)).sum(axis=2)
    found, counts = np.unique(packed, return_counts=True)
    colours = [(int(one) >> 16, int(one) >> 8 & 255, int(one) & 255) for one in found]
    behind = colours[int(counts.argmax())]
    often = [one for one, count in zip(colours, counts, strict=True) if count >= max(4, 0.001 * packed.size)]
    letters = max(often, key=lambda one: contrast(one, behind))
    step = (np.array(letters) - np.array(behind)) / 4
    is_ink = ((pixels.astype(int) - np.array(behind)) * np.sign(step) >= np.abs(step)).all(axis=2)
    rows = np.flatnonzero(is_ink.any(axis=1))
    return (int(rows[-1] - rows[0] + 1) if len(rows) else 0), contrast(letters, behind)


@cache
def _height(line: str, face: Path, size_px: int) -> int:
    """How high the ink of a line is in letters of this size, as far as it stays within the line."""
    font = pygame.font.Font(face, size_px)
    written = font.render(visual(line), True, (0, 0, 0))
    above = max(0, written.get_height() - font.get_linesize())
    within = written.subsurface(0, above, written.get_width(), written.get_height() - above)
    parts = pygame.mask.from_surface(within).get_bounding_rects()
    return max(rect.bottom for rect in parts) - min(rect.top for rect in parts)


def _is_framed(drawn: pygame.Mask, rect: pygame.Rect) -> bool:
    """Whether the middle of all four edges is drawn through."""
    xs = range(rect.left + rect.width // 4, rect.right - rect.width // 4, 3)
    ys = range(rect.top + rect.height // 4, rect.bottom - rect.height // 4, 3)
    return all(drawn.get_at((x, y)) for x in xs for y in (rect.top + 1, rect.bottom - 2)) and all(
        drawn.get_at((x, y)) for y in ys for x in (rect.left + 1, rect.right - 2)
    )


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in (part / 255 for part in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _colour(surface: pygame.Surface, at: tuple[int, int]) -> Colour:
    red, green, blue, _ = surface.get_at(at)
    return red, green, blue
