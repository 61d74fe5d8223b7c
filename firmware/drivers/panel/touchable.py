"""What the pages of every touch screen of a centre share: their colours, what lies under a finger, and the mirror.

Rule: what is read from left to right in French stands mirrored in Arabic, and is touched where it is seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import pygame

from firmware.drivers.panel.text import Colour

__all__ = ["ACCENT", "INK", "PAPER", "QUIET", "WHITE", "Zone", "mirrored", "target_at"]

TargetT = TypeVar("TargetT")

PAPER: Colour = (250, 248, 244)
INK: Colour = (22, 35, 43)
QUIET: Colour = (74, 90, 99)
"""6.7:1 on paper."""
ACCENT: Colour = (11, 92, 102)
"""7.2:1 on paper, 7.7:1 under white letters."""
WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True)
class Zone(Generic[TargetT]):
    """Where a finger means something."""

    rect: pygame.Rect
    target: TargetT


def target_at(zones: Iterable[Zone[TargetT]], x: int, y: int) -> TargetT | None:
    """What a finger at this pixel is on."""
    return next((zone.target for zone in zones if zone.rect.collidepoint(x, y)), None)


def mirrored(rect: pygame.Rect, width_px: int) -> pygame.Rect:
    """The place of a rectangle on a page of this width that is read from right to left."""
    return pygame.Rect(width_px - rect.right, rect.top, rect.width, rect.height)
