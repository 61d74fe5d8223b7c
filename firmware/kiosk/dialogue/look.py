"""How a patient wants to read: plain until somebody asks for more, and plain again for the next one.

Rule: pure; what a look does to a page is the view's matter, what it sounds like the voice's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from firmware.kiosk.dialogue.targets import Option

__all__ = ["VOLUMES", "Look", "toggled"]

VOLUMES = 4
"""Steps of loudness, 6 dB each: 18 dB of range, 12 of them in two steps (EN 301 549, 8.2.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    contrast: bool = False
    """White on black, nothing in between."""
    larger: bool = False
    """Letters a third larger."""
    low: bool = False
    """Every control in the lower part, for who sits in a wheelchair."""
    voice: bool = False
    """What stands on a page is spoken."""
    volume: int = 1
    """Of the voice, 0 to `VOLUMES` - 1."""


def toggled(look: Look, option: Option) -> Look:
    """The look after a touch on one of its options; the volume goes one step up, and from the top to the bottom."""
    match option:
        case "volume":
            return replace(look, volume=(look.volume + 1) % VOLUMES)
        case "contrast":
            return replace(look, contrast=not look.contrast)
        case "larger":
            return replace(look, larger=not look.larger)
        case "low":
            return replace(look, low=not look.low)
        case "voice":
            return replace(look, voice=not look.voice)
