"""What the lamp says, by rhythm alone.

    dark                       nobody waits for this room, or it takes nobody: off duty, on a pause
    lit                        somebody waits for this room
    two flashes, again         trouble: a press would not reach the controller
    flickering                 somebody calls the team; a press says "I have heard it"
    one long light             yes, your press is done
    three short lights         no, it is not: nobody waits, or nobody answered
    one tick, two ticks        let go now for undo, for leave

Answers and ticks are played once, at once, over whatever lasts; then the lamp returns to what lasts.
"""

from __future__ import annotations

from core.room.duty import DutyState
from core.room.ids import RoomId
from core.wire.messages import Answer, Screen
from firmware.drivers.gpio.patterns import (
    DOUBLE_FLASH,
    FAST_BLINK,
    OFF,
    ONE_LONG,
    ONE_TICK,
    STEADY,
    THREE_SHORT,
    TWO_TICKS,
    Pattern,
)

__all__ = ["NO", "NOBODY_WAITS", "SOMEBODY_WAITS", "TICKS", "TROUBLE", "WARNING", "YES", "answer_to", "lasting"]

NOBODY_WAITS = OFF
SOMEBODY_WAITS = STEADY
TROUBLE = DOUBLE_FLASH
WARNING = FAST_BLINK
YES = ONE_LONG
NO = THREE_SHORT
TICKS = (ONE_TICK, TWO_TICKS)


def lasting(screen: Screen | None, room: RoomId, *, is_fresh: bool) -> Pattern:
    """What the lamp of a room shows between answers.

    Args:
        is_fresh: whether the controller is heard; an old screen says nothing about who waits now.
    """
    if screen is None or not is_fresh:
        return TROUBLE
    if screen.warning is not None:
        return WARNING
    here = screen.room(room)
    return SOMEBODY_WAITS if here.duty is DutyState.ON and here.waiting else NOBODY_WAITS


def answer_to(answer: Answer | None) -> Pattern:
    """What the lamp plays when an act has its outcome.

    Args:
        answer: None when the question's lifetime passed in silence, or it could not be asked.
    """
    return YES if answer is not None and answer.outcome == "done" else NO
