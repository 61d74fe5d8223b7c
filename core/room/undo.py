"""To take back the last act of a room, so that no press can hurt.

Rule: all or nothing. What an act touched comes back exactly as it was, or, once anything else has happened to it, not
at all. Pure: the controller remembers each room's newest act in memory; after a restart there is none to take back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.room import events as e
from core.room.duty import Duty, DutyState, unnamed
from core.room.ids import RoomId
from core.room.passage import Policy
from core.room.rejection import reject
from core.room.slips import restored
from core.room.state import SiteState, Ticket, evolve
from core.room.transitions import IN_ROOM

__all__ = ["Act", "undo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody in a room asked for, and what came of it."""

    room: RoomId
    at_ms: int
    before: SiteState
    after: SiteState

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to take back: a warning acknowledged, a question that changed nothing."""
        return not self.touches_duty and not any(self.touched())

    @property
    def touches_duty(self) -> bool:
        return self.before.duties.get(self.room) != self.after.duties.get(self.room)

    def touched(self) -> Iterator[Ticket]:
        """The tickets that it changed, as they were."""
        for was in self.before.tickets.values():
            now = self.after.tickets.get(was.id)
            if now is not None and _but_for_the_slip(now) != _but_for_the_slip(was):
                yield was


def undo(state: SiteState, act: Act | None, now_ms: int, policy: Policy) -> e.ActUndone:
    """The event that takes a room's newest act back.

    Args:
        act: None when none is remembered, or it has been taken back already.

    Raises:
        CommandRejected: `nothing-to-undo`, `too-late`, or `changed-since`.
    """
    if act is None or act.is_empty:
        reject("nothing-to-undo", "no act of this room is remembered that could be taken back")
    if now_ms - act.at_ms > policy.undo_s * 1000:
        reject("too-late", f"the last act of {act.room} is more than {policy.undo_s} s ago")
    tickets = []
    for was in act.touched():
        now = state.tickets.get(was.id)
        if now is None or _but_for_the_slip(now) != _but_for_the_slip(act.after.tickets[was.id]):
            reject("changed-since", f"{was.number} is no longer as the act left it")
        tickets.append(restored(replace(was, slip=now.slip)))
    duty = None
    if act.touches_duty:
        if state.duties.get(act.room) != act.after.duties.get(act.room):
            reject("changed-since", f"the duty of {act.room} is no longer as the act left it")
        duty = act.before.duties.get(act.room) or _nobody(act.room, now_ms)
    undone = e.ActUndone(room=act.room, tickets=tuple(tickets), duty=duty)
    _fits(evolve(state, undone, now_ms), undone)
    return undone


def _but_for_the_slip(ticket: Ticket) -> Ticket:
    """What became of the paper is told by the kiosk whenever it likes, and is no act of a room."""
    return replace(ticket, slip=None)


def _nobody(room: RoomId, now_ms: int) -> Duty:
    """The duty of a room where nobody had been on duty."""
    return Duty(room=room, state=DutyState.OFF, practitioner=unnamed(room), since_ms=now_ms)


def _fits(state: SiteState, undone: e.ActUndone) -> None:
    """Other rooms have gone on: what comes back must not take a place that is taken.

    Raises:
        CommandRejected: a room would hold two patients, or one without a practitioner, or a practitioner be in two.
    """
    for ticket in undone.tickets:
        if ticket.room is None or ticket.state not in IN_ROOM:
            continue
        duty = state.on_duty(ticket.room)
        inside = [one for one in state.tickets.values() if one.room == ticket.room and one.state in IN_ROOM]
        if len(inside) > 1 or duty is None or duty.state is not DutyState.ON:
            reject("changed-since", f"{ticket.room} cannot take {ticket.number} back any more")
    if undone.duty is not None and undone.duty.state is not DutyState.OFF:
        rooms = [
            room
            for room, duty in state.duties.items()
            if duty.practitioner == undone.duty.practitioner and duty.state is not DutyState.OFF
        ]
        if len(rooms) > 1:
            reject("changed-since", f"{undone.duty.practitioner} is on duty in another room by now")
