"""What stands on a button: a mark, a text, a phrase below it; as much of it as all buttons of a group have room for.

Rule: buttons of a group are written alike, and the text is the last to go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pygame

from firmware.drivers.panel.fonts import BOLD, REGULAR
from firmware.drivers.panel.lettering import is_right_to_left
from firmware.drivers.panel.text import Colour
from firmware.kiosk.drawing import marks
from firmware.kiosk.drawing.letters import Align, Paragraph, draw, fit
from firmware.kiosk.sheets.parts import Button, Mark

__all__ = ["RISE", "Label", "Setting", "Written", "draw_label", "fit_labels"]

RISE = 0.1
"""How far Arabic letters rise over their line, for a size of 1."""
_PHRASE = 0.82
"""Size of a phrase for a text of 1."""
_MARK = 0.62
"""Share of a button's height."""
_MARK_WIDTH = 0.4
_MARK_WIDTH_BY_PHRASE = 0.14
_TEXT_ABOVE_PHRASE = 0.56
_CENTRE: Align = "centre"


Written = tuple[Paragraph, pygame.Rect]
"""A text and where it was drawn."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How the labels of a group are set."""

    largest_px: int
    least_px: int
    """Of the letters; a text that finds no room at this size is smaller: see `Label.smallest_px`."""
    pad: int
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """Of one button, laid out."""

    text: Paragraph | None
    phrase: Paragraph | None = None
    mark: Mark = ""
    mark_px: int = 0

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        return tuple(one for one in (self.text, self.phrase) if one is not None)

    @property
    def smallest_px(self) -> int:
        return min((one.size_px for one in self.paragraphs), default=1_000)


def fit_labels(buttons: Sequence[Button], boxes: Sequence[tuple[int, int]], setting: Setting) -> list[Label]:
    """The labels of a group, each in the box of its button."""
    marked = [replace(one, mark="done") if one.is_chosen and one.text else one for one in buttons]
    shorter = [replace(one, text=one.short or one.text, phrase="") for one in marked]
    without_mark = [replace(one, mark="") if one.text else one for one in shorter]
    least = replace(setting, largest_px=setting.least_px)
    for some, tried in ((marked, setting), (marked, least), (shorter, setting), (without_mark, setting)):
        labels = [_label(one, box, tried) for one, box in zip(some, boxes, strict=True)]
        if min(label.smallest_px for label in labels) >= setting.least_px:
            break
    common = min((label.text.size_px for label in labels if label.text), default=setting.least_px)
    alike = replace(setting, largest_px=common, least_px=min(setting.least_px, common))
    return [_label(one, box, alike) for one, box in zip(some, boxes, strict=True)]


def draw_label(
    surface: pygame.Surface,
    label: Label,
    rect: pygame.Rect,
    ink: Colour,
    accent: Colour,
    *,
    pad: int,
    is_mirrored: bool,
    is_centred: bool = False,
) -> list[Written]:
    """Draw a label on its button, and return its texts and where they are.

    Args:
        accent: of the mark.
        is_mirrored: whether it is read from right to left.
        is_centred: whether the mark stands close to the words, and both in the middle.
    """
    inner, align = rect, _CENTRE
    if label.mark:
        drawn = marks.drawn(label.mark, label.mark_px, accent, is_mirrored=is_mirrored and label.mark == "back")
        if label.text is None:
            surface.blit(drawn, drawn.get_rect(center=rect.center))
            return []
        beside = label.mark_px + 2 * pad
        if is_centred:
            slack = rect.width - beside - pad // 2 - max(one.width_px for one in label.paragraphs)
            rect = rect.inflate(-slack, 0)
        inner = pygame.Rect(rect.left + beside, rect.top, rect.width - beside - pad // 2, rect.height)
        place = drawn.get_rect(left=rect.left + pad, centery=rect.centery)
        align = "left"
        if is_mirrored:
            inner.left, place.right, align = rect.left + pad // 2, rect.right - pad, "right"
        surface.blit(drawn, place)
    top = inner.centery - sum(one.height_px for one in label.paragraphs) // 2
    if label.text:
        top += _rise(label.text.lines[0], label.text.size_px) // 2
    written = []
    for one in label.paragraphs:
        line = pygame.Rect(inner.left, top, inner.width, one.height_px)
        written.append((draw(surface, one, ink, line, align), line))
        top += one.height_px
    return written


def _rise(text: str, size_px: int) -> int:
    """Room above a text for letters like أ, which rise over their line."""
    return round(RISE * size_px) if is_right_to_left(text) else 0


def _label(button: Button, box: tuple[int, int], setting: Setting) -> Label:
    width, height = box
    if not button.text:
        return Label(None, None, button.mark, round(min(box) * _MARK))
    of_width = _MARK_WIDTH_BY_PHRASE if button.phrase else _MARK_WIDTH
    mark_px = min(round(height * _MARK), round(width * of_width)) if button.mark else 0
    pad, least = setting.pad, setting.least_px
    height -= 2 * (max(2, pad // 6) + 1) + _rise(button.text, least)  # letters never touch the border
    inner = max(1, width - (mark_px + 5 * pad // 2 if button.mark else 3 * pad // 4))
    share = _TEXT_ABOVE_PHRASE if button.phrase else 1.0
    face = BOLD if setting.is_bold or button.phrase else REGULAR
    largest = (inner, round(height * share))
    text = fit(button.text, face, largest, largest_px=setting.largest_px, smallest_px=least)
    if not button.phrase:
        return Label(text, None, button.mark, mark_px)
    below = (inner, height - text.height_px)
    largest_px = max(least, round(text.size_px * _PHRASE))
    phrase = fit(button.phrase, REGULAR, below, largest_px=largest_px, smallest_px=least)
    return Label(text, phrase, button.mark, mark_px)
