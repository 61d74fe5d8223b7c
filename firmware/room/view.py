"""A sheet drawn on the room's touch screen, and what lies under a finger.

The height is shared out among a head and four rows. On a 5-inch panel of 800 x 480 a row is 13 mm high, on one of 3.5
inches 9.8 mm; what a page does not need for buttons is for the patient's number. What is read from left to right in
French stands mirrored in Arabic.

Rule: the whole screen is drawn, and only when its sheet changes. Nothing is said by colour alone: an outcome has its
sign, a likely button its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pygame

from core.edge.words import RIGHT_TO_LEFT
from firmware.drivers.panel import Panel
from firmware.drivers.panel.fonts import BOLD, REGULAR
from firmware.drivers.panel.text import Align, Colour, draw_line, draw_paragraph, fitting_size
from firmware.drivers.panel.touchable import ACCENT, INK, PAPER, QUIET, WHITE, Zone, mirrored, target_at
from firmware.room.flow import Target
from firmware.room.sheet import Button, Sheet

__all__ = ["View"]

_ROWS = 4
_HEAD = 0.092
_MARGIN = 0.02
_GAP = 0.017
"""Of the height."""
_LEFT = 0.62
"""Of the width: who is here; beside it who comes next."""
_LINE = 0.08
"""Of the height: what a line beside the patient needs."""
_MAIN = 2
"""A main button is as wide as so many others."""

_AMBER: Colour = (255, 236, 194)
"""13.7:1 under ink."""
_RULE: Colour = (214, 208, 196)


class View:
    """Used from the main thread."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        width, height = panel.size_px
        self._unit = min(height, round(width * 0.6))
        self._gap = round(self._unit * _GAP)
        margin = round(self._unit * _MARGIN)
        self._page = pygame.Rect(0, 0, width, height).inflate(-2 * margin, -2 * margin)
        self._head_height = round(self._unit * _HEAD)
        self._row_height = (self._page.height - self._head_height - _ROWS * self._gap) // _ROWS
        self._shown: Sheet | None = None
        self._is_mirrored = False
        self.zones: list[Zone[Target]] = []

    def show(self, sheet: Sheet) -> None:
        """Put a sheet on the screen, if another one is there."""
        if sheet == self._shown:
            return
        self._shown = sheet
        self._is_mirrored = sheet.language in RIGHT_TO_LEFT
        self.zones = []
        self._panel.surface.fill(_AMBER if sheet.is_alarm else PAPER)
        self._head(sheet)
        body = self._page.copy()
        body.top += self._head_height + self._gap
        rows = [*([(sheet.banner,)] if sheet.banner else []), *sheet.rows]
        body.height = self._page.bottom - body.top - len(rows) * (self._row_height + self._gap)
        step = self._row_height + self._gap
        is_list = not (sheet.number or sheet.label or sheet.body)
        for place, row in enumerate(rows):
            is_first = is_list and place < len(rows) - 1  # a list begins below the head, its way back stays below
            self._row(row, (body.top if is_first else body.bottom + self._gap) + place * step)
        if sheet.aside:
            self._beside(sheet, body)
            body.width = round(body.width * _LEFT)
        if not is_list:
            self._patient(sheet, body)
        self._panel.show()

    def target_at(self, x: int, y: int) -> Target | None:
        """What a finger at this pixel is on."""
        return target_at(self.zones, x, y)

    def _head(self, sheet: Sheet) -> None:
        """The room and its doctor; an outcome takes their place for a while."""
        strip = pygame.Rect(self._page.left, self._page.top, self._page.width, self._head_height)
        colour, face = QUIET, REGULAR
        if sheet.notice:
            colour, face = WHITE, BOLD
            ground = INK if sheet.is_refused else ACCENT
            pygame.draw.rect(self._panel.surface, ground, strip, border_radius=self._gap)
        inner = strip.inflate(-2 * self._gap, 0)
        clock = inner.copy()
        clock.width = round(inner.width * 0.14)
        clock.right = inner.right
        self._line(sheet.time, clock, face, colour, "right")
        inner.width -= clock.width + self._gap
        self._line(sheet.notice or sheet.head, inner, face, colour, "left")

    def _patient(self, sheet: Sheet, area: pygame.Rect) -> None:
        """Who is here, as large as the page allows, or what is to be said instead."""
        if not sheet.number:
            self._paragraphs([part for part in (sheet.label, sheet.body) if part], area)
            return
        label = area.inflate(-2 * self._gap, 0)
        label.height = round(min(area.height * 0.34, self._unit * 0.1))
        self._line(sheet.label, label, REGULAR, INK, "centre")
        name = area.inflate(-2 * self._gap, 0)
        name.height = round(min(area.height * 0.3, self._unit * 0.11)) if sheet.name else 0
        name.bottom = area.bottom
        self._line(sheet.name, name, BOLD, INK, "centre", capitals=0.5)
        number = pygame.Rect(area.left, label.bottom, area.width, name.top - label.bottom)
        size_px = fitting_size(
            sheet.number, BOLD, width_px=round(area.width * 0.9), capitals_px=round(number.height * 0.78)
        )
        self._text(sheet.number, BOLD, size_px, ACCENT, number, "centre")

    def _paragraphs(self, texts: Sequence[str], area: pygame.Rect) -> None:
        """The first in bold, one below the other in the middle of their area."""
        height = min(area.height // len(texts), round(self._unit * 0.24))
        top = area.centery - len(texts) * height // 2
        for place, text in enumerate(texts):
            box = pygame.Rect(area.left, top + place * height, area.width, height).inflate(-2 * self._gap, 0)
            face, share = (REGULAR, 0.055) if place else (BOLD, 0.075)
            largest_px = round(self._unit * share)
            draw_paragraph(
                self._panel.surface, text, face, INK, self._mirror(box), largest_px=largest_px, align="centre"
            )

    def _beside(self, sheet: Sheet, area: pygame.Rect) -> None:
        """How many wait, and who is next."""
        left = area.left + round(area.width * _LEFT)
        box = pygame.Rect(left, area.top, area.right - left, area.height)
        rule = self._mirror(pygame.Rect(left, area.top + self._gap, 2, area.height - 2 * self._gap))
        pygame.draw.rect(self._panel.surface, _RULE, rule)
        texts = [sheet.aside, *sheet.following]
        if box.height < len(texts) * self._unit * _LINE:
            texts = [sheet.aside, *([" · ".join(sheet.following)] if sheet.following else [])]
        height = min(box.height // len(texts), round(self._unit * 0.12))
        top = box.centery - len(texts) * height // 2
        for place, text in enumerate(texts):
            line = pygame.Rect(box.left + self._gap, top + place * height, box.width - self._gap, height)
            face, colour = (BOLD, INK) if place else (REGULAR, QUIET)
            self._line(text, line, face, colour, "centre", capitals=0.5 if place else 0.36)

    def _row(self, buttons: Sequence[Button], top: int) -> None:
        parts = sum(_MAIN if button.is_main else 1 for button in buttons)
        room = self._page.width - self._gap * (parts - 1)
        left, used = self._page.left, 0
        for button in buttons:
            used += _MAIN if button.is_main else 1
            right = self._page.left + round(room * used / parts) + self._gap * (used - 1)
            rect = pygame.Rect(left, top, right - left, self._row_height)
            self._button(button, self._mirror(rect), is_banner=self._is_banner(button))
            left = right + self._gap

    def _is_banner(self, button: Button) -> bool:
        return self._shown is not None and button is self._shown.banner

    def _button(self, button: Button, rect: pygame.Rect, *, is_banner: bool) -> None:
        surface, radius = self._panel.surface, self._gap
        ground = ACCENT if button.is_main else _AMBER if is_banner else WHITE
        pygame.draw.rect(surface, ground, rect, border_radius=radius)
        edge = INK if is_banner else ACCENT
        pygame.draw.rect(surface, edge, rect, width=max(2, self._gap // 4), border_radius=radius)
        face, colour = (BOLD, WHITE) if button.is_main else (BOLD if is_banner else REGULAR, INK)
        box = rect.inflate(-2 * self._gap, -self._gap)
        if button.note:
            note = pygame.Rect(box.left, box.bottom - round(box.height * 0.36), box.width, round(box.height * 0.36))
            box.height -= note.height
            size_px = fitting_size(button.note, REGULAR, width_px=note.width, capitals_px=round(self._unit * 0.032))
            self._at(button.note, REGULAR, size_px, QUIET, note, "centre")
        largest_px = round(self._unit * (0.065 if button.is_main else 0.056))
        draw_paragraph(surface, button.text, face, colour, box, largest_px=largest_px, align="centre")
        self.zones.append(Zone(rect, button.target))

    def _line(
        self, text: str, box: pygame.Rect, face: Path, colour: Colour, align: Align, *, capitals: float = 0.4
    ) -> None:
        """One line, its capitals at most this share of its box."""
        size_px = fitting_size(text, face, width_px=box.width, capitals_px=round(box.height * capitals))
        self._text(text, face, size_px, colour, box, align)

    def _text(self, text: str, face: Path, size_px: int, colour: Colour, box: pygame.Rect, align: Align) -> None:
        """A line in a box that is not mirrored yet."""
        if self._is_mirrored and align != "centre":
            align = "left" if align == "right" else "right"
        self._at(text, face, size_px, colour, self._mirror(box), align)

    def _at(self, text: str, face: Path, size_px: int, colour: Colour, box: pygame.Rect, align: Align) -> None:
        x = {"left": box.left, "centre": box.centerx, "right": box.right}[align]
        draw_line(self._panel.surface, text, face, size_px, colour, x=x, middle_y=box.centery, align=align)

    def _mirror(self, rect: pygame.Rect) -> pygame.Rect:
        return mirrored(rect, self._panel.size_px[0]) if self._is_mirrored else rect
