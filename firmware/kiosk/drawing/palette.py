"""The colours of a page: one accent, paper and ink; white on black for who asks for contrast; dark for nobody.

Rule: every pair that is used for letters is at least 4.5:1, and 7:1 where somebody has asked for contrast.
"""

from __future__ import annotations

from dataclasses import dataclass

from firmware.drivers.panel.text import Colour
from firmware.drivers.panel.touchable import ACCENT, INK, PAPER, QUIET, WHITE

__all__ = ["CONTRAST", "DARK", "PLAIN", "Palette"]

_BLACK: Colour = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Palette:
    paper: Colour
    ink: Colour
    quiet: Colour
    accent: Colour
    """Of the number, the borders and the pictograms; what the large button is filled with."""
    button: Colour
    """What the other buttons are filled with."""
    on_accent: Colour


PLAIN = Palette(paper=PAPER, ink=INK, quiet=QUIET, accent=ACCENT, button=WHITE, on_accent=WHITE)
CONTRAST = Palette(paper=_BLACK, ink=WHITE, quiet=WHITE, accent=WHITE, button=_BLACK, on_accent=_BLACK)
DARK = Palette(paper=INK, ink=PAPER, quiet=PAPER, accent=PAPER, button=INK, on_accent=INK)
