"""Who is planned where and when, and what the plan makes one ask.

Rule: a plan never puts anybody on duty and never takes anybody off. It names the one who presses, and it raises a
question when presence (`core.room.duty`) says something else; a person answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from core.room.duty import DutyState
from core.room.ids import PractitionerId, RoomId
from core.room.state import SiteState

if TYPE_CHECKING:
    from core.room.passage import Policy

__all__ = ["Doubt", "Roster", "Shift", "comes_next", "doubts", "is_past_end", "planned", "room_of"]

_EARLY_MS = 60 * 60_000
"""Who comes within an hour before a shift comes for that shift."""
_LATE_MS = 60 * 60_000
"""Who is later than this is expected no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A practitioner planned for a room."""

    practitioner: PractitionerId
    room: RoomId
    begins_ms: int
    ends_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The plan, as far as the site has it."""

    shifts: Sequence[Shift] = ()
    names: Mapping[PractitionerId, str] = field(default_factory=dict)
    """As patients may read them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A question about a practitioner that only a person can answer."""

    kind: Literal["missing", "past-end"]
    """Planned and not there; there, and long past the end."""
    room: RoomId
    practitioner: PractitionerId
    since_ms: int
    """When they should have come, or meant to leave."""


def planned(roster: Roster, room: RoomId, now_ms: int) -> Shift | None:
    """Whom a room expects now: the shift that covers the instant or begins within the hour.

    Where one shift ends as another begins there are two. Somebody who comes has more likely come for the one whose
    beginning is nearer.
    """
    shifts = [
        shift for shift in roster.shifts if shift.room == room and shift.begins_ms - _EARLY_MS <= now_ms < shift.ends_ms
    ]
    return min(shifts, key=lambda shift: (abs(now_ms - shift.begins_ms), shift.practitioner), default=None)


def comes_next(state: SiteState, roster: Roster, now_ms: int) -> Shift | None:
    """Whom the plan expects first, late or still to come; None when nobody. Who came and has left comes no more.

    Whoever is later than an hour is named only where nobody else is to come before that shift ends.
    """
    coming = sorted(
        (shift for shift in roster.shifts if now_ms < shift.ends_ms and not _has_come(state, shift)),
        key=lambda shift: (shift.begins_ms, shift.room, shift.practitioner),
    )
    overdue = next((shift for shift in coming if now_ms >= shift.begins_ms + _LATE_MS), None)
    timely = next((shift for shift in coming if now_ms < shift.begins_ms + _LATE_MS), None)
    if overdue is None or (timely is not None and timely.begins_ms < overdue.ends_ms):
        return timely
    return overdue


def room_of(state: SiteState, practitioner: PractitionerId) -> RoomId | None:
    """Where a practitioner is on duty, a break included; None when nowhere."""
    return next(
        (
            room
            for room, duty in state.duties.items()
            if duty.practitioner == practitioner and duty.state is not DutyState.OFF
        ),
        None,
    )


def doubts(state: SiteState, roster: Roster, now_ms: int, policy: Policy) -> list[Doubt]:
    """The open questions, oldest first."""
    missing = [
        Doubt(kind="missing", room=shift.room, practitioner=shift.practitioner, since_ms=shift.begins_ms)
        for shift in roster.shifts
        if _is_missing(state, shift, now_ms, policy)
    ]
    past_end = [
        Doubt(kind="past-end", room=room, practitioner=duty.practitioner, since_ms=duty.until_ms or now_ms)
        for room, duty in state.duties.items()
        if is_past_end(state, room, now_ms, policy)
    ]
    return sorted([*missing, *past_end], key=lambda doubt: (doubt.since_ms, doubt.kind, doubt.room))


def is_past_end(state: SiteState, room: RoomId, now_ms: int, policy: Policy) -> bool:
    """Whether a practitioner is still on duty well after they meant to leave: then a colleague may end it for them."""
    duty = state.on_duty(room)
    return duty is not None and duty.until_ms is not None and now_ms - duty.until_ms >= policy.late_min * 60_000


def _is_missing(state: SiteState, shift: Shift, now_ms: int, policy: Policy) -> bool:
    """Planned for some time already, still planned, and not seen since: who came and has left is not missing."""
    if not shift.begins_ms + policy.late_min * 60_000 <= now_ms < shift.ends_ms:
        return False
    return not _has_come(state, shift)


def _has_come(state: SiteState, shift: Shift) -> bool:
    return room_of(state, shift.practitioner) is not None or any(
        duty.practitioner == shift.practitioner and duty.since_ms >= shift.begins_ms for duty in state.duties.values()
    )
