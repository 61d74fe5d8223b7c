"""Text in the order in which it is drawn from left to right, letters joined.

Neither SDL_ttf nor Pillow's basic layout knows about direction; SDL's own right-to-left turns "A042" into "240A", a
wrong number in a patient's hand. Shape each drawn line by itself: a line broken after shaping reads from its end.

Rule: text without a right-to-left letter comes back unchanged and costs no import.
"""

from __future__ import annotations

import functools
import re

__all__ = ["is_right_to_left", "visual"]

_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")  # Hebrew, Arabic, their presentation forms

_MARK = "\N{RIGHT-TO-LEFT MARK}"
"""Parts a number from a Latin name before it, and is not to be seen."""


def is_right_to_left(text: str) -> bool:
    """Whether a line of this text starts at the right."""
    return _RIGHT_TO_LEFT.search(text) is not None


@functools.lru_cache(maxsize=1024)
def visual(line: str) -> str:
    """One line as its glyphs stand from left to right."""
    if not is_right_to_left(line):
        return line
    import arabic_reshaper

    # bidi's own get_display, the compiled one, leaves brackets as they are: ")A042(".
    from bidi.algorithm import get_display

    return str(get_display(arabic_reshaper.reshape(line), base_dir="R")).replace(_MARK, "")
