"""What the lamp says, by rhythm alone.

    dark                       nobody waits
    lit                        somebody waits
    two flashes, again         trouble: a press would not reach the controller
    one long light             yes, your press is done
    three short lights         no, it is not: nobody waits, or nobody answered

Answers are played once, at once, over whatever lasts; then the lamp returns to what lasts.
"""

from __future__ import annotations

from core.wire.messages import Answer, Screen
from firmware.drivers.gpio.patterns import DOUBLE_FLASH, OFF, ONE_LONG, STEADY, THREE_SHORT, Pattern

__all__ = ["NO", "NOBODY_WAITS", "SOMEBODY_WAITS", "TROUBLE", "YES", "answer_to_press", "lasting"]

NOBODY_WAITS = OFF
SOMEBODY_WAITS = STEADY
TROUBLE = DOUBLE_FLASH
YES = ONE_LONG
NO = THREE_SHORT


def lasting(screen: Screen | None, *, is_fresh: bool) -> Pattern:
    """What the lamp shows between answers.

    Args:
        is_fresh: whether the controller is heard; an old screen says nothing about who waits now.
    """
    if screen is None or not is_fresh:
        return TROUBLE
    return SOMEBODY_WAITS if screen.waiting else NOBODY_WAITS


def answer_to_press(answer: Answer | None) -> Pattern:
    """What the lamp plays when a press has its outcome.

    Args:
        answer: None when the question's lifetime passed in silence, or it could not be asked.
    """
    return YES if answer is not None and answer.outcome == "done" else NO
