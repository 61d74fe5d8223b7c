"""A sheet drawn on the panel, and what lies under a finger.

Sizes come from millimetres: a target is 20 mm with 3 mm around it, a capital 6.1 mm high, which is 0.7 degrees for
eyes at 50 cm (EN 301 549, 5.1.4). What is read from left to right in French stands mirrored in Arabic.

Rule: the whole screen is drawn, and only when its sheet changes; SDL's partial updates gain little (measured).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import pygame

from core.edge.words import RIGHT_TO_LEFT
from firmware.drivers.panel import Panel, touchable
from firmware.drivers.panel.fonts import BOLD, CAPITALS, REGULAR
from firmware.drivers.panel.text import Colour
from firmware.drivers.panel.touchable import ACCENT, INK, PAPER, QUIET, WHITE, mirrored, target_at
from firmware.kiosk.flow import Target
from firmware.kiosk.letters import Paragraph, draw, fit
from firmware.kiosk.sheet import Button, Sheet

__all__ = ["CAPITAL_MM", "GAP_MM", "TARGET_MM", "View", "Zone"]

TARGET_MM = 20.0
GAP_MM = 3.0
CAPITAL_MM = 6.1

Zone: TypeAlias = touchable.Zone[Target]

_ORNAMENT = 4
"""Rank of lines that leave before a button grows smaller for them."""
_AT_EASE = 1.25
"""Share of its least height to which a button grows smaller for lines that could leave."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A text of a column, before it is laid out."""

    text: str
    face: Path
    colour: Colour
    largest_px: float
    rank: int = 0
    """Where there is no room for all, lines leave, the highest rank first; 0 stays."""


class View:
    """Used from the main thread."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        width, height = panel.size_px
        px_per_mm = width / panel.width_mm
        self._target = math.ceil(TARGET_MM * px_per_mm)
        self._gap = math.ceil(GAP_MM * px_per_mm)
        self._least = math.ceil(CAPITAL_MM * px_per_mm / CAPITALS)
        self._is_wide = width > height
        self._page = pygame.Rect(0, 0, width, height).inflate(-2 * self._gap, -2 * self._gap)
        self._unit = min(height, 0.9 * width)
        """What letters grow with on larger panels."""
        self._strip_height = max(self._target, round(self._unit * 0.13))
        self._shown: Sheet | None = None
        self._mirrored = False
        self.zones: list[Zone] = []
        self.smallest_px = 0
        """Size of the smallest letters on the sheet."""

    @property
    def services_at_most(self) -> int:
        """How many services find room at their least size below a title."""
        title = math.ceil(1.2 * self._least)
        height = self._page.height - self._strip_height - self._gap - title
        return height // (self._target + self._gap) * (2 if self._is_wide else 1)

    def show(self, sheet: Sheet) -> None:
        """Put a sheet on the screen, if another one is there."""
        if sheet == self._shown:
            return
        self._shown = sheet
        self._mirrored = sheet.language in RIGHT_TO_LEFT
        self.zones = []
        self.smallest_px = self._page.height
        self._panel.surface.fill(PAPER)
        body = self._page.copy()
        if sheet.way_out or sheet.languages:
            strip = self._strip(sheet)
            body.height = strip.top - self._gap - body.top
        if sheet.code:
            self._code_and_text(sheet, body)
        elif sheet.keys:
            self._text_and_keys(sheet, body)
        elif sheet.buttons:
            self._text_and_buttons(sheet, body)
        else:
            self._column(self._lines(sheet), body)
        self._panel.show()

    def target_at(self, x: int, y: int) -> Target | None:
        """What a finger at this pixel is on."""
        return target_at(self.zones, x, y)

    def _strip(self, sheet: Sheet) -> pygame.Rect:
        """The lowest row: the way out, as an icon where words find no room, then the other languages."""
        height, gap = self._strip_height, self._gap
        strip = pygame.Rect(self._page.left, self._page.bottom - height, self._page.width, height)
        buttons = [*((sheet.way_out,) if sheet.way_out else ()), *sheet.languages]
        texts = [button.text for button in buttons]
        widths = [(strip.width - gap * (len(buttons) - 1)) // len(buttons)] * len(buttons)
        largest_px = self._common_px(texts, (widths[0], height), share=0.065)
        if sheet.way_out and largest_px < self._least:
            rest = (strip.width - height - gap * (len(buttons) - 1)) // len(sheet.languages)
            largest_px = self._common_px(texts[1:], (rest, height), share=0.065)
            texts[0], widths = sheet.way_out.icon, [height, *[rest] * len(sheet.languages)]
        left = strip.left
        for button, text, width in zip(buttons, texts, widths, strict=True):
            self._button(replace(button, text=text), pygame.Rect(left, strip.top, width, height), largest_px)
            left += width + gap
        return strip

    def _text_and_buttons(self, sheet: Sheet, area: pygame.Rect) -> None:
        """Text above, the ways in below: within reach of those who sit."""
        columns = 2 if self._is_wide and len(sheet.buttons) > 2 else 1
        rows = math.ceil(len(sheet.buttons) / columns)
        least = rows * self._target + (rows - 1) * self._gap
        share = 0.5 if len(sheet.buttons) == 1 else 0.8
        desired = rows * max(1.2 * self._target, self._unit * (0.27 if rows == 1 else 0.21))
        height = max(least, round(min(area.height * share, desired)))
        lines = self._lines(sheet)
        for lowest, staying in ((math.ceil(_AT_EASE * least), _ORNAMENT - 1), (least, 0)):
            while height > lowest and not self._laid_out(lines, area.width, area.height - height - self._gap, staying):
                height = max(lowest, height - self._gap)
        grid = pygame.Rect(area.left, area.bottom - height, area.width, height)
        text = pygame.Rect(area.left, area.top, area.width, area.height - height - self._gap)
        self._column(lines, text, is_low=True)
        self._grid(sheet.buttons, grid, columns, rows)

    def _grid(self, buttons: Sequence[Button], area: pygame.Rect, columns: int, rows: int) -> None:
        height = (area.height - self._gap * (rows - 1)) // rows
        width = (area.width - self._gap * (columns - 1)) // columns
        is_main = len(buttons) == 1
        largest_px = self._common_px([one.text for one in buttons], (width, height), share=0.085 if is_main else 0.075)
        for index, button in enumerate(buttons):
            row, column = divmod(index, columns)
            is_alone = column == 0 and index == len(buttons) - 1
            rect = pygame.Rect(
                area.left + column * (width + self._gap),
                area.top + row * (height + self._gap),
                area.width if is_alone else width,
                height,
            )
            self._button(button, rect, largest_px, is_main=is_main)

    def _text_and_keys(self, sheet: Sheet, area: pygame.Rect) -> None:
        """What is typed above, the keypad below, never mirrored: Arabic numbers run from left to right."""
        step = self._target + self._gap
        columns = min((area.width + self._gap) // step, 6 if self._is_wide else 4)
        rows = math.ceil(len(sheet.keys) / columns)
        height = max(rows * step - self._gap, min(area.height // 2, rows * 2 * step))
        grid = pygame.Rect(area.left, area.bottom - height, area.width, height)
        text = pygame.Rect(area.left, area.top, area.width, area.height - height - self._gap)
        self._column(self._lines(sheet), text)
        width, height = (grid.width + self._gap) // columns, (grid.height + self._gap) // rows
        mirrored, self._mirrored = self._mirrored, False
        for index, key in enumerate(sheet.keys):
            row, column = divmod(index, columns)
            rect = pygame.Rect(
                grid.left + column * width, grid.top + row * height, width - self._gap, height - self._gap
            )
            self._button(key, rect, round(self._unit * 0.1))
        self._mirrored = mirrored

    def _code_and_text(self, sheet: Sheet, area: pygame.Rect) -> None:
        """The code with the number beside it, or above on an upright panel; what to do across the whole width."""
        lines = self._lines(sheet)
        number, advice = lines[:-1], lines[-1:]
        laid_out = self._laid_out(advice, area.width, area.height // 3) or self._squeezed(advice, area)
        below = laid_out[0][0].height_px
        upper = pygame.Rect(area.left, area.top, area.width, area.height - below - self._gap)
        side = min(upper.height, area.width // 2) if self._is_wide else min(upper.height * 2 // 3, area.width)
        if self._is_wide:
            code = pygame.Rect(upper.left, upper.top, side, side)
            text = pygame.Rect(code.right + self._gap, upper.top, upper.width - side - self._gap, upper.height)
        else:
            code = pygame.Rect(upper.centerx - side // 2, upper.bottom - side, side, side)
            text = pygame.Rect(upper.left, upper.top, upper.width, upper.height - side - self._gap)
        self._code(sheet.code, self._mirror(code))
        self._column(number, self._mirror(text))
        self._column(advice, pygame.Rect(area.left, area.bottom - below, area.width, below))

    def _code(self, address: str, rect: pygame.Rect) -> None:
        from firmware.kiosk.slip import qr_code  # Pillow is not loaded for the first frame

        drawn = qr_code(address, self._panel.size_px[0]).convert("RGB")
        code = pygame.image.frombytes(drawn.tobytes(), drawn.size, "RGB")
        pygame.draw.rect(self._panel.surface, WHITE, rect, border_radius=self._gap // 2)
        self._panel.surface.blit(pygame.transform.scale(code, rect.size), rect)

    def _lines(self, sheet: Sheet) -> list[_Line]:
        unit = self._unit
        is_waited = bool(sheet.wait)
        lines = [
            _Line(sheet.eyebrow, REGULAR, QUIET, unit * 0.07, _ORNAMENT),
            _Line(sheet.title, BOLD, INK, unit * 0.1, 3 if is_waited else 0),
            _Line(sheet.label, REGULAR, QUIET, unit * 0.07, _ORNAMENT),
            _Line(sheet.number, BOLD, ACCENT, unit * 0.42),
            _Line(sheet.body, REGULAR, INK, unit * 0.075, 2 if is_waited else 0),
            _Line(sheet.wait, BOLD, INK, unit * 0.075, 1 if sheet.note else 0),
            _Line(sheet.note, REGULAR, INK, unit * 0.075),
        ]
        return [line for line in lines if line.text]

    def _column(self, lines: Sequence[_Line], area: pygame.Rect, *, is_low: bool = False) -> None:
        """Lines one below the other, in the middle of their area or, if it is high, not far above what follows."""
        laid_out = self._laid_out(lines, area.width, area.height) or self._squeezed(lines, area)
        space = self._gap
        used = sum(one.height_px for one, _ in laid_out) + space * (len(laid_out) - 1)
        top = area.centery - used // 2
        if is_low:
            top = max(top, area.bottom - used - round(self._unit * 0.25))
        for paragraph, colour in laid_out:
            self._write(paragraph, colour, (area.centerx, top + paragraph.height_px // 2))
            top += paragraph.height_px + space

    def _laid_out(
        self, lines: Sequence[_Line], width: int, height: int, staying: int = 0
    ) -> list[tuple[Paragraph, Colour]] | None:
        """The lines at the largest common scale, as many as have room. None when they do not fit legibly.

        Args:
            staying: the highest rank of those that may not leave.
        """
        for most in sorted({staying, *(line.rank for line in lines if line.rank > staying)}, reverse=True):
            chosen = [line for line in lines if line.rank <= most]
            for percent in range(100, 20, -8):
                fitted = [self._at_scale(line, width, percent / 100) for line in chosen]
                used = sum(one.height_px for one in fitted) + self._gap * (len(fitted) - 1)
                if used <= height and min(one.size_px for one in fitted) >= self._least:
                    return list(zip(fitted, (line.colour for line in chosen), strict=True))
        return None

    def _at_scale(self, line: _Line, width: int, scale: float) -> Paragraph:
        largest = round(max(line.largest_px * scale, self._least))
        return fit(
            line.text, line.face, (round(width * 0.96), largest * 4), largest_px=largest, smallest_px=self._least
        )

    def _squeezed(self, lines: Sequence[_Line], area: pygame.Rect) -> list[tuple[Paragraph, Colour]]:
        """Each line in an equal share of the height: not legible for all, but all there."""
        needed = [line for line in lines if not line.rank]
        box = (area.width, (area.height - self._gap * (len(needed) - 1)) // len(needed))
        return [
            (fit(line.text, line.face, box, largest_px=self._least, smallest_px=self._least), line.colour)
            for line in needed
        ]

    def _button(self, button: Button, rect: pygame.Rect, largest_px: int, *, is_main: bool = False) -> None:
        rect = self._mirror(rect)
        surface, radius = self._panel.surface, round(self._gap * 1.2)
        pygame.draw.rect(surface, ACCENT if is_main else WHITE, rect, border_radius=radius)
        pygame.draw.rect(surface, ACCENT, rect, width=max(2, self._gap // 6), border_radius=radius)
        label = self._label(button.text, rect.size, largest_px, BOLD if is_main else REGULAR)
        self._write(label, WHITE if is_main else INK, rect.center)
        self.zones.append(Zone(rect, button.target))

    def _common_px(self, texts: Sequence[str], box: tuple[int, int], *, share: float) -> int:
        """The size at which each of these texts fits its button: buttons of a row are written alike."""
        largest_px = round(self._unit * share)
        return min(self._label(text, box, largest_px).size_px for text in texts)

    def _label(self, text: str, box: tuple[int, int], largest_px: int, face: Path = REGULAR) -> Paragraph:
        inner = (box[0] - self._gap, box[1])
        return fit(text, face, inner, largest_px=largest_px, smallest_px=self._least)

    def _write(self, paragraph: Paragraph, colour: Colour, middle: tuple[int, int]) -> None:
        self.smallest_px = min(self.smallest_px, paragraph.size_px)
        draw(self._panel.surface, paragraph, colour, middle)

    def _mirror(self, rect: pygame.Rect) -> pygame.Rect:
        return mirrored(rect, self._panel.size_px[0]) if self._mirrored else rect
