"""The technician's corner: what follows on which touch behind its code.

Rule: pure, and the only way out of it is the kiosk's own start page.
"""

from __future__ import annotations

import math

from firmware.kiosk.dialogue.errands import Errand, PrintTest, SoundTest
from firmware.kiosk.dialogue.pages import Cleaning, Code, Corner, Grid, Page
from firmware.kiosk.dialogue.targets import Back, Cell, Clean, Erase, Key, Target, TryPrinter, TrySpeaker, TryTouch

__all__ = ["CLEANING_S", "cleaned", "in_corner"]

CLEANING_S = 30
"""The screen is deaf for this long, so that the glass can be wiped."""


def in_corner(
    page: Code | Corner | Grid, target: Target, code: str, errand_id: int
) -> tuple[Page | None, Errand | None]:
    """The page after a touch, None for the start page, and what it asks of the office, if anything.

    Args:
        code: a wrong one leads back to the start, where the centre's name has to be held again.
        errand_id: of the errand, if it comes to one.
    """
    match page, target:
        case Code(typed), Key(sign):
            typed += sign
            return (Corner() if typed == code else None if len(typed) == len(code) else Code(typed)), None
        case Code(typed), Erase():
            return Code(typed[:-1]), None
        case ((Code() | Corner()), Back()):
            return None, None
        case Corner(), TryPrinter():
            return Corner(errand_id), PrintTest(errand_id)
        case Corner(), TrySpeaker():
            return Corner(errand_id), SoundTest(errand_id)
        case Corner(), TryTouch():
            return Grid(), None
        case Corner(), Clean():
            return Cleaning(CLEANING_S), None
        case Grid(cells), Cell(column, row):
            return Grid(cells | {(column, row)}), None
        case _:
            return page, None


def cleaned(since_s: float) -> Cleaning | Corner:
    """The page while the glass is wiped, and after.

    Args:
        since_s: how long the screen has been deaf.
    """
    left_s = math.ceil(CLEANING_S - since_s)
    return Cleaning(left_s) if left_s > 0 else Corner()
