"""The one type family: DejaVu Sans, shipped so that every device draws alike.

It alone covers Latin with the French signs, Arabic with its presentation forms, and Cyrillic: SDL_ttf has no fall-back
from one font to another (the cmaps were checked).
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["BOLD", "CAPITALS", "REGULAR"]

_FOLDER = Path(__file__).parents[1] / "fonts"

REGULAR = _FOLDER / "DejaVuSans.ttf"
BOLD = _FOLDER / "DejaVuSans-Bold.ttf"

CAPITALS = 0.729
"""Height of the capitals and digits for a size of 1 (their H is 1493 of 2048 units high)."""
