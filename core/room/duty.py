"""Who is on duty in a room: the practitioner's presence, as the site's journal has it. The plan is `core.room.roster`.

Rule: presence wins over any plan; a duty begins and ends by what somebody did, or did not do for long.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from core.room.ids import PractitionerId, RoomId

__all__ = [
    "Duty",
    "DutyBegan",
    "DutyEnded",
    "DutyEvent",
    "DutyPaused",
    "DutyRestored",
    "DutyResumed",
    "DutyState",
    "DutyUntilSet",
    "after",
    "begun_later",
    "unnamed",
]


class DutyState(StrEnum):
    """Whether a room's practitioner takes patients."""

    ON = "on"
    PAUSE = "pause"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A room's practitioner."""

    room: RoomId
    state: DutyState
    practitioner: PractitionerId
    since_ms: int
    """When this state began, on the site clock."""
    until_ms: int | None = None
    """When the practitioner means to leave; None when nobody has said."""
    is_doubtful: Literal[True] | None = None
    """Whether these times were told by a site clock in doubt, which `ClockSet` will put forward."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyBegan:
    """A practitioner has come on duty in a room."""

    room: RoomId
    practitioner: PractitionerId
    until_ms: int | None = None
    is_doubtful: Literal[True] | None = None
    """Whether the site clock was in doubt."""
    kind: Literal["duty-began"] = "duty-began"


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyPaused:
    """A practitioner takes a break."""

    room: RoomId
    kind: Literal["duty-paused"] = "duty-paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyResumed:
    """A practitioner is back from a break."""

    room: RoomId
    kind: Literal["duty-resumed"] = "duty-resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyEnded:
    """A practitioner has left."""

    room: RoomId
    reason: Literal["said", "silent", "day-over"]
    """`silent`: the room did nothing for long, past the end or while a patient of theirs waited."""
    kind: Literal["duty-ended"] = "duty-ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyUntilSet:
    """A practitioner says until when."""

    room: RoomId
    until_ms: int
    kind: Literal["duty-until-set"] = "duty-until-set"


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRestored:
    """A room's duty of a journal that is lost, as far as it is known."""

    room: RoomId
    duty: Duty
    kind: Literal["duty-restored"] = "duty-restored"


DutyEvent = DutyBegan | DutyPaused | DutyResumed | DutyEnded | DutyUntilSet | DutyRestored


def unnamed(room: RoomId) -> PractitionerId:
    """Whoever is on duty in a room without a plan that names somebody: "Doctor, room 2"."""
    return PractitionerId(f"at-{room}")


def after(duty: Duty | None, event: DutyEvent, at_ms: int) -> Duty:
    """The room's duty after an event.

    Raises:
        ValueError: nobody was on duty whom the event could be about.
    """
    if isinstance(event, DutyBegan):
        return Duty(
            room=event.room,
            state=DutyState.ON,
            practitioner=event.practitioner,
            since_ms=at_ms,
            until_ms=event.until_ms,
            is_doubtful=event.is_doubtful,
        )
    if isinstance(event, DutyRestored):
        return event.duty
    if duty is None or duty.state is DutyState.OFF:
        raise ValueError(f"nobody is on duty in {event.room}")
    match event:
        case DutyPaused():
            return replace(duty, state=DutyState.PAUSE, since_ms=at_ms)
        case DutyResumed():
            return replace(duty, state=DutyState.ON, since_ms=at_ms)
        case DutyEnded():
            return replace(duty, state=DutyState.OFF, since_ms=at_ms, until_ms=None)
        case DutyUntilSet():
            return replace(duty, until_ms=event.until_ms)


def begun_later(duty: Duty, by_ms: int) -> Duty:
    """The duty once the late clock by which its times were told is set."""
    until_ms = None if duty.until_ms is None else duty.until_ms + by_ms
    return replace(duty, since_ms=duty.since_ms + by_ms, until_ms=until_ms, is_doubtful=None)
