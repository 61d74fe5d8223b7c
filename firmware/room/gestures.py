"""What a hand does on the one button, from the edges that the driver hears.

Rules: everything that makes a gesture of edges lives here. A press is a press at the instant the button goes down: no
gesture waits to see whether another follows. Nothing here reads a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = ["STUCK_S", "ButtonState", "Edge", "Gesture", "follow", "is_stuck"]

STUCK_S = 10.0
"""Nobody holds a button so long: something lies on it, or its contact is welded."""


class Gesture(Enum):
    """What the doctor said."""

    PRESS = "press"


@dataclass(frozen=True, slots=True)
class Edge:
    """The button went down or up, bounces removed."""

    is_pressed: bool
    at_s: float
    """Monotonic seconds."""


@dataclass(frozen=True, slots=True)
class ButtonState:
    """Where the button is."""

    down_since_s: float | None = None
    """Monotonic seconds; None while it is up."""


def follow(button: ButtonState, edge: Edge) -> tuple[ButtonState, Gesture | None]:
    """The button after an edge, and the gesture that the edge completes.

    An edge to where the button is already, told twice, changes nothing.
    """
    is_down = button.down_since_s is not None
    match is_down, edge.is_pressed:
        case False, True:
            return ButtonState(edge.at_s), Gesture.PRESS
        case True, False:
            return ButtonState(), None
        case _:
            return button, None


def is_stuck(button: ButtonState, now_s: float) -> bool:
    """Whether the button has been down for longer than a hand would hold it."""
    return button.down_since_s is not None and now_s - button.down_since_s > STUCK_S
