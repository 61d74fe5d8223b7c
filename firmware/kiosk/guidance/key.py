"""What a hand says by the kiosk's single physical key, for who reads by ear.

    let go before one second    the next choice
    held for one second         this choice

Rules: everything that makes a gesture of edges lives here. Unlike at the button of a room, a hold is a gesture while it
lasts: nothing lights up for who does not see, and what follows is heard at once. Nothing here reads a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = ["HOLD_S", "Gesture", "KeyState", "follow", "held"]

HOLD_S = 1.0
"""Longer than a hesitant press, shorter than it takes to doubt whether anything happens."""


class Gesture(Enum):
    NEXT = "next"
    CHOOSE = "choose"


@dataclass(frozen=True, slots=True)
class KeyState:
    """Where the key is."""

    down_since_s: float | None = None
    """Monotonic seconds; None while it is up."""
    has_chosen: bool = False
    """Whether this hold has been a gesture already: whoever leans on the key chooses once."""

    @property
    def due_s(self) -> float | None:
        """The monotonic second at which the hand will have held long enough; None when nothing is to come."""
        return None if self.down_since_s is None or self.has_chosen else self.down_since_s + HOLD_S


def follow(key: KeyState, at_s: float, *, is_pressed: bool) -> tuple[KeyState, Gesture | None]:
    """The key after an edge, bounces removed, and what the hand said by it.

    An edge to where the key is already, told twice, changes nothing.

    Args:
        at_s: monotonic seconds, of the edge itself: a process that was held up still knows a press from a hold.
    """
    if is_pressed == (key.down_since_s is not None):
        return key, None
    if is_pressed:
        return KeyState(at_s), None
    if key.due_s is None:
        return KeyState(), None
    return KeyState(), Gesture.CHOOSE if at_s >= key.due_s else Gesture.NEXT


def held(key: KeyState, now_s: float) -> tuple[KeyState, Gesture | None]:
    """The key after time has passed, and what the hand on it has said by staying."""
    if key.due_s is None or now_s < key.due_s:
        return key, None
    return KeyState(key.down_since_s, has_chosen=True), Gesture.CHOOSE
