"""Rhythms of a lamp, and of a buzzer, that a tired eye or ear tells apart without colour (EN 301 549, 8.1.3).

None flashes more than three times in a second (WCAG 2.3.1).
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "DOUBLE_FLASH",
    "FAST_BLINK",
    "OFF",
    "ONE_LONG",
    "ONE_TICK",
    "SHORT_BLINK",
    "STEADY",
    "THREE_SHORT",
    "TWO_TICKS",
    "TWO_TONES",
    "Pattern",
]


@dataclass(frozen=True)
class Pattern:
    """A rhythm; `is_once` ones give way, when over, to the one that was shown before them."""

    name: str
    steps: tuple[tuple[int, int], ...]
    """Milliseconds on and off, in turn."""
    is_once: bool = False


OFF = Pattern("off", ((0, 1000),))
STEADY = Pattern("steady", ((1000, 0),))
SHORT_BLINK = Pattern("short-blink", ((150, 2850),))
DOUBLE_FLASH = Pattern("double-flash", ((120, 180), (120, 1580)))
FAST_BLINK = Pattern("fast-blink", ((200, 200),))

ONE_LONG = Pattern("one-long", ((1000, 300),), is_once=True)
THREE_SHORT = Pattern("three-short", ((140, 200), (140, 200), (140, 500)), is_once=True)

ONE_TICK = Pattern("one-tick", ((60, 240),), is_once=True)
TWO_TICKS = Pattern("two-ticks", ((60, 240), (60, 240)), is_once=True)
TWO_TONES = Pattern("two-tones", ((250, 150), (250, 150)), is_once=True)
