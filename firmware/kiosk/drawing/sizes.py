"""What a panel's millimetres mean in pixels.

A target is 20 mm with 3 mm around it, a capital 6.1 mm high: 0.7 degrees for eyes at 50 cm (EN 301 549, 5.1.4).

Rule: whatever is drawn takes its size from here.
"""

from __future__ import annotations

import math

import pygame

from firmware.drivers.panel import Panel
from firmware.drivers.panel.fonts import CAPITALS, REGULAR
from firmware.kiosk.drawing.labels import RISE
from firmware.kiosk.drawing.letters import Paragraph

__all__ = ["CAPITAL_MM", "GAP_MM", "LOW_MM", "TARGET_MM", "Sizes"]

TARGET_MM = 20.0
GAP_MM = 3.0
CAPITAL_MM = 6.1
LOW_MM = 74.0
"""Height of the lower part at least, even where half a panel is less: three rows of buttons."""
_SMALL_MM = 110.0
"""A panel that is less high has room for one question, and for no word beside it."""


class Sizes:
    """Of one panel, in pixels."""

    def __init__(self, panel: Panel) -> None:
        width, height = panel.size_px
        px_per_mm = width / panel.width_mm
        self.target = math.ceil(TARGET_MM * px_per_mm)
        self.gap = math.ceil(GAP_MM * px_per_mm)
        self.least = math.ceil(CAPITAL_MM * px_per_mm / CAPITALS)
        """Size of the smallest letters."""
        self.border = max(2, self.gap // 6)
        """Of a button."""
        lines = Paragraph(("", ""), REGULAR, self.least)
        self.row = max(self.target, lines.height_px + round(RISE * self.least) + 2 * self.border + 2)
        """Height of a button with two lines of the smallest letters."""
        self.is_wide = width > height
        self.is_small = height < _SMALL_MM * px_per_mm
        self.width = width
        self.screen = pygame.Rect(0, 0, width, height)
        self.page = self.screen.inflate(-2 * self.gap, -2 * self.gap)
        self.unit = min(height, 0.9 * width)
        """What letters grow with on larger panels."""
        self.low_top = height - max(height // 2, math.ceil(LOW_MM * px_per_mm))
        """Where the lower part begins."""
