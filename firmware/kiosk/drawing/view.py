"""A sheet drawn on the panel, and what lies under a finger.

What is read from left to right in French stands mirrored in Arabic; keys to type never do.

Rule: the whole screen is drawn, and only when its sheet changes; SDL's partial updates gain little (measured).
"""

from __future__ import annotations

from typing import TypeAlias

import pygame

from core.edge.words import RIGHT_TO_LEFT
from firmware.drivers.panel import Panel, touchable
from firmware.drivers.panel.touchable import WHITE, mirrored, target_at
from firmware.kiosk.dialogue.targets import Cell, Target
from firmware.kiosk.drawing.bars import Box
from firmware.kiosk.drawing.column import Placed
from firmware.kiosk.drawing.labels import Written, draw_label
from firmware.kiosk.drawing.letters import Align, draw
from firmware.kiosk.drawing.palette import CONTRAST, DARK, PLAIN, Palette
from firmware.kiosk.drawing.plan import Plan, plan
from firmware.kiosk.drawing.sizes import Sizes
from firmware.kiosk.sheets.parts import Sheet

__all__ = ["View", "Zone"]

Zone: TypeAlias = touchable.Zone[Target]


class View:
    """Used from the main thread."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self.sizes = Sizes(panel)
        self._shown: Sheet | None = None
        self._is_drawn = True
        """Whether the sheet that is shown was drawn by this view."""
        self._palette: Palette = PLAIN
        self._mirrored = False
        self._held: Zone | None = None
        self.zones: list[Zone] = []
        self.written: list[Written] = []
        """The texts that were drawn, and where."""
        self.code: pygame.Rect | None = None
        """Where a QR code was drawn."""

    @property
    def services_at_most(self) -> int:
        """How many services find room at their least size below a title."""
        sizes = self.sizes
        height = sizes.page.height - sizes.target - sizes.gap - round(1.2 * sizes.least)
        return height // (sizes.target + sizes.gap) * (2 if sizes.is_wide else 1)

    def show(self, sheet: Sheet) -> None:
        """Put a sheet on the screen, if another one is there."""
        if sheet == self._shown:
            return
        self._draw(sheet)
        self._panel.show()

    def take_as_shown(self, sheet: Sheet) -> None:
        """Know that a sheet is on the screen; it is drawn, unseen, when a finger asks what lies there."""
        self._shown, self._is_drawn = sheet, False

    def target_at(self, x: int, y: int) -> Target | None:
        """What a finger at this pixel is on."""
        if self._shown is not None and not self._is_drawn:
            self._draw(self._shown)
        return target_at(self.zones, x, y)

    def held_at(self, x: int, y: int) -> Target | None:
        """What a finger means that has stayed at this pixel for long."""
        return target_at([self._held] if self._held else [], x, y)

    def _draw(self, sheet: Sheet) -> None:
        self._shown, self._is_drawn = sheet, True
        self._mirrored = sheet.language in RIGHT_TO_LEFT
        self._palette = CONTRAST if sheet.look.contrast else DARK if sheet.is_dark else PLAIN
        self.zones, self.written, self.code, self._held = [], [], None, None
        self._panel.surface.fill(self._palette.paper)
        if sheet.cells is not None:
            self._fields(sheet.cells)
        else:
            self._page(sheet)

    def _page(self, sheet: Sheet) -> None:
        arranged = plan(sheet, self.sizes)
        focused = _focused(sheet, arranged)
        for text in arranged.texts:
            self._text(text)
        if arranged.code is not None:
            self.code = self._mirror(arranged.code)
            self._code(sheet.code, self.code)
        for box in arranged.boxes:
            self._button(box, is_key=box.button in sheet.keys, is_focused=box.button.target == focused)
        if sheet.anywhere is not None:
            self.zones.append(Zone(self.sizes.screen, sheet.anywhere))
        if sheet.held is not None:
            top = pygame.Rect(0, 0, self.sizes.width, self.sizes.target + self.sizes.gap)
            self._held = Zone(top, sheet.held)

    def _text(self, text: Placed) -> None:
        colours = {"ink": self._palette.ink, "quiet": self._palette.quiet, "accent": self._palette.accent}
        rect = self._mirror(text.rect)
        side: Align = "right" if self._mirrored else "left"
        align = side if text.is_point else "centre"
        self.written.append((draw(self._panel.surface, text.paragraph, colours[text.tone], rect, align), rect))

    def _code(self, address: str, rect: pygame.Rect) -> None:
        from firmware.kiosk.code import qr_code  # Pillow is not loaded for the first frame

        drawn = qr_code(address, self.sizes.width).convert("RGB")
        code = pygame.image.frombytes(drawn.tobytes(), drawn.size, "RGB")
        pygame.draw.rect(self._panel.surface, WHITE, rect, border_radius=self.sizes.gap // 2)
        self._panel.surface.blit(pygame.transform.scale(code, rect.size), rect)

    def _button(self, box: Box, *, is_key: bool, is_focused: bool) -> None:
        rect = box.rect if is_key else self._mirror(box.rect)
        surface, palette, gap = self._panel.surface, self._palette, self.sizes.gap
        radius, border = round(gap * 1.2), self.sizes.border
        is_filled = box.is_main or (box.button.is_chosen and box.label.text is None)
        fill = palette.accent if is_filled else palette.button
        on_fill = palette.on_accent if is_filled else palette.accent
        pygame.draw.rect(surface, fill, rect, border_radius=radius)
        if box.button.is_chosen:
            border *= 3
        pygame.draw.rect(surface, palette.accent, rect, width=border, border_radius=radius)
        if is_focused:
            ring = rect.inflate(-gap, -gap)
            pygame.draw.rect(surface, on_fill, ring, width=max(3, gap // 3), border_radius=radius)
        ink = palette.on_accent if box.is_main else palette.ink
        self.written += draw_label(
            surface,
            box.label,
            rect,
            ink,
            on_fill,
            pad=gap,
            is_mirrored=self._mirrored and not is_key,
            is_centred=box.is_main,
        )
        self.zones.append(Zone(rect, box.button.target))

    def _fields(self, touched: frozenset[tuple[int, int]]) -> None:
        """The whole screen as fields; one that was touched is filled and crossed."""
        sizes, palette, surface = self.sizes, self._palette, self._panel.surface
        step = sizes.target + sizes.gap
        columns, rows = (sizes.page.width + sizes.gap) // step, (sizes.page.height + sizes.gap) // step
        width, height = (sizes.page.width + sizes.gap) // columns, (sizes.page.height + sizes.gap) // rows
        for column, row in ((column, row) for row in range(rows) for column in range(columns)):
            left, top = sizes.page.left + column * width, sizes.page.top + row * height
            rect = pygame.Rect(left, top, width - sizes.gap, height - sizes.gap)
            is_touched = (column, row) in touched
            pygame.draw.rect(surface, palette.accent, rect, 0 if is_touched else sizes.border)
            if is_touched:
                pygame.draw.line(surface, palette.on_accent, rect.topleft, rect.bottomright, sizes.gap // 2)
            self.zones.append(Zone(rect, Cell(column, row)))

    def _mirror(self, rect: pygame.Rect) -> pygame.Rect:
        return mirrored(rect, self.sizes.width) if self._mirrored else rect


def _focused(sheet: Sheet, arranged: Plan) -> Target | None:
    """What the single key stands on; a language whose name has no room is behind the globe."""
    if sheet.focus is None:
        return None
    target = sheet.controls[sheet.focus].target
    is_drawn = any(box.button.target == target for box in arranged.boxes)
    return target if is_drawn or sheet.globe is None else sheet.globe.target
