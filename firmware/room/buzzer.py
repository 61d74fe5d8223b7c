"""What the buzzer says, where one is wired: the first patient has come, somebody calls the team.

Rule: it never repeats what the lamp says of a press; a patient sits beside it.
"""

from __future__ import annotations

from core.room.duty import DutyState
from core.room.ids import RoomId
from core.wire.messages import Screen
from firmware.drivers.gpio.patterns import FAST_BLINK, OFF, TWO_TONES, Pattern

__all__ = ["FIRST_PATIENT", "RINGING", "SILENCE", "has_first_patient", "sound"]

SILENCE = OFF
RINGING = FAST_BLINK
FIRST_PATIENT = TWO_TONES


def sound(screen: Screen | None, *, is_fresh: bool) -> Pattern:
    """What the buzzer plays for as long as it is so.

    Args:
        is_fresh: whether the controller is heard; without it nobody knows whether the warning was acknowledged.
    """
    return RINGING if is_fresh and screen is not None and screen.warning is not None else SILENCE


def has_first_patient(before: Screen | None, after: Screen, room: RoomId) -> bool:
    """Whether a practitioner who sat idle has somebody to call now.

    Args:
        before: the screen heard last; None when there was none, and nobody can say what is new.
    """
    if before is None:
        return False
    was, here = before.room(room), after.room(room)
    is_idle = all(one.duty is DutyState.ON and one.number is None for one in (was, here))
    return is_idle and was.waiting == 0 and here.waiting > 0
