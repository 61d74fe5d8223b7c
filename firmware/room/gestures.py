"""What a hand does on a button, from the edges that the driver hears.

    let go before 1.5 s    press
    after 1.5 s            undo, once the lamp has ticked
    after 4 s              leave, once the lamp has ticked twice
    after 10 s             nothing: something lies on the button, or its contact is welded

Rules: everything that makes a gesture of edges lives here. A gesture is known when the hand lets go, and none waits to
see whether another follows. A hold means what the lamp has told the hand that it means: one of which it was not told in
time is no gesture. Nothing here reads a clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated

from pydantic import Field, model_validator

from core.edge.config import Settings
from firmware.drivers.gpio import ButtonName

__all__ = ["ButtonState", "Edge", "Gesture", "Holds", "due_s", "follow", "is_stuck", "ticked"]

_Milliseconds = Annotated[int, Field(ge=300, le=60_000)]


class Holds(Settings):
    """The `[button]` table of a room unit: how long a hand stays on its button for what."""

    undo_ms: _Milliseconds = 1500
    leave_ms: _Milliseconds = 4000
    stuck_ms: _Milliseconds = 10_000
    """Nobody holds a button so long."""

    @model_validator(mode="after")
    def _are_in_order(self) -> Holds:
        if not self.undo_ms < self.leave_ms < self.stuck_ms:
            raise ValueError(
                f"undo_ms = {self.undo_ms}, leave_ms = {self.leave_ms}, stuck_ms = {self.stuck_ms}: give each more"
                " than the one before"
            )
        return self


class Gesture(Enum):
    """What a hand said."""

    DOWN = "down"
    """It is on the button, and may mean anything yet."""
    PRESS = "press"
    UNDO = "undo"
    LEAVE = "leave"
    UNSURE = "unsure"
    """A hold of which the lamp had not told what it means: this process was held up, or began in the middle of it."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A button went down or up, bounces removed."""

    button: ButtonName
    is_pressed: bool
    at_s: float
    """Monotonic seconds."""


@dataclass(frozen=True, slots=True)
class ButtonState:
    """Where a button is."""

    down_since_s: float | None = None
    """Monotonic seconds; None while it is up."""
    ticks: int = 0
    """How many holds the lamp has told the hand of."""
    is_seen: bool = True
    """Whether we saw it go down; nobody knows for how long the hand has been on one that was down before us."""


_BY_TICKS = (Gesture.PRESS, Gesture.UNDO, Gesture.LEAVE)


def follow(button: ButtonState, edge: Edge, holds: Holds) -> tuple[ButtonState, Gesture | None]:
    """The button after an edge, and what the hand said by it.

    An edge to where the button is already, told twice, changes nothing.
    """
    if edge.is_pressed == (button.down_since_s is not None):
        return button, None
    if button.down_since_s is None:
        return ButtonState(edge.at_s), Gesture.DOWN
    held_ms = 1000 * (edge.at_s - button.down_since_s)
    if held_ms > holds.stuck_ms:
        return ButtonState(), None
    ticks = sum(edge.at_s >= tick_s for tick_s in _ticks_s(button.down_since_s, holds))
    is_sure = button.is_seen and ticks == button.ticks
    return ButtonState(), (_BY_TICKS[ticks] if is_sure else Gesture.UNSURE)


def due_s(button: ButtonState, holds: Holds) -> float | None:
    """The monotonic second of the next tick; None when none is to come."""
    if button.down_since_s is None or not button.is_seen or button.ticks == len(_BY_TICKS) - 1:
        return None
    return _ticks_s(button.down_since_s, holds)[button.ticks]


def _ticks_s(down_since_s: float, holds: Holds) -> tuple[float, float]:
    """When a hand has held long enough for the next meaning. Reckoned once, for the lamp and for the hand: in floating
    point four seconds after an instant are not always four seconds from it.
    """
    return down_since_s + holds.undo_ms / 1000, down_since_s + holds.leave_ms / 1000


def ticked(button: ButtonState, now_s: float, holds: Holds) -> ButtonState:
    """The button after time has passed; with each tick that it counts more, the lamp is to tell the hand."""
    while (tick_s := due_s(button, holds)) is not None and now_s >= tick_s:
        button = replace(button, ticks=button.ticks + 1)
    return button


def is_stuck(button: ButtonState, now_s: float, holds: Holds) -> bool:
    """Whether the button has been down for longer than a hand would hold it."""
    return button.down_since_s is not None and 1000 * (now_s - button.down_since_s) > holds.stuck_ms
