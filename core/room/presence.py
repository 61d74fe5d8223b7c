"""Practitioners who come, take a break and leave, as their rooms tell it.

Rule: only a room with somebody on duty calls patients, and one on pause or off duty holds none. A practitioner is on
duty in one room at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from core.room import commands as c
from core.room import events as e
from core.room.duty import Duty, DutyState, unnamed
from core.room.ids import PractitionerId, RoomId
from core.room.passage import Policy, next_for
from core.room.rejection import reject
from core.room.roster import planned, room_of
from core.room.staff import finished
from core.room.state import SiteState
from core.room.transitions import TicketState

__all__ = ["arrive", "come_on_duty", "day_over", "end_silent", "go_off_duty", "has_left", "leave", "pause", "stay"]

_DAY_MS = 24 * 3_600_000


def arrive(state: SiteState, room: RoomId, now_ms: int, policy: Policy) -> e.DutyBegan:
    """Whoever presses in a room where nobody is on duty: the one planned there now, else whoever it is.

    A plan that names somebody who is on duty elsewhere is wrong about them.
    """
    shift = planned(policy.roster, room, now_ms)
    if shift is None or room_of(state, shift.practitioner) is not None:
        return _began(room, unnamed(room), None, policy)
    return _began(room, shift.practitioner, shift.ends_ms, policy)


def come_on_duty(state: SiteState, command: c.ComeOnDuty, now_ms: int, policy: Policy) -> list[e.Event]:
    """A practitioner is there, or back from a break.

    A name given where "whoever it is" is on duty says who that is. A name other than the one on duty takes the room
    over from somebody who left without saying; the room must be free then.
    """
    room, who, until_ms = command.room, command.practitioner, command.until_ms
    if until_ms is not None:
        _within_a_day(until_ms, now_ms)
    duty = state.on_duty(room)
    if duty is not None and who in (None, duty.practitioner):
        resumed: list[e.Event] = [e.DutyResumed(room=room)] if duty.state is DutyState.PAUSE else []
        said: list[e.Event] = [] if until_ms is None else [e.DutyUntilSet(room=room, until_ms=until_ms)]
        if not resumed and not said:
            reject("already-on-duty", f"{duty.practitioner} is on duty in {room}")
        return [*resumed, *said]
    if who is None:
        began = arrive(state, room, now_ms, policy)
        return [began if until_ms is None else replace(began, until_ms=until_ms)]
    elsewhere = room_of(state, who)
    if elsewhere is not None:
        reject("on-duty-elsewhere", f"{who} is on duty in {elsewhere}: leave that room first")
    ended: list[e.Event] = []
    if duty is not None and duty.practitioner != unnamed(room):
        busy = state.in_room(room)
        if busy is not None:
            reject("room-busy", f"{duty.practitioner} is with {busy.number} in {room}")
        ended = [e.DutyEnded(room=room, reason="said")]
    if until_ms is None:
        shift = planned(policy.roster, room, now_ms)
        until_ms = shift.ends_ms if shift is not None and shift.practitioner == who else None
    return [*ended, _began(room, who, until_ms, policy)]


def _began(room: RoomId, who: PractitionerId, until_ms: int | None, policy: Policy) -> e.DutyBegan:
    began = e.DutyBegan(room=room, practitioner=who, until_ms=until_ms)
    return began if policy.is_hour_known else replace(began, is_doubtful=True)


def pause(state: SiteState, room: RoomId) -> list[e.Event]:
    """A break begins between two patients, so that a room on pause holds nobody."""
    duty = state.on_duty(room)
    if duty is None or duty.state is DutyState.PAUSE:
        reject("not-on-duty", f"nobody takes patients in {room}")
    busy = state.in_room(room)
    if busy is not None:
        reject("room-busy", f"{room} is with {busy.number}: end the visit first")
    return [e.DutyPaused(room=room)]


def leave(state: SiteState, room: RoomId, now_ms: int, policy: Policy) -> list[e.Event]:
    """One gesture at the door: whoever is in the room has been seen, and the practitioner is away.

    For good when the shift is over or nearly so, when no end is known and nobody waits, or when they were on pause
    already; else on pause. A pause that is for good after all harms nobody: only patients who are back wait for that
    practitioner, and not for long (`has_left`).
    """
    duty = state.on_duty(room)
    if duty is None:
        reject("not-on-duty", f"nobody is on duty in {room}")
    if duty.state is DutyState.PAUSE:
        is_for_good = True
    elif duty.until_ms is not None:
        is_for_good = now_ms >= duty.until_ms - policy.leave_min * 60_000
    else:
        is_for_good = next_for(state, room, policy) is None
    away: e.Event = e.DutyEnded(room=room, reason="said") if is_for_good else e.DutyPaused(room=room)
    return [*_let_go(state, room, now_ms, policy), away]


def go_off_duty(state: SiteState, room: RoomId, now_ms: int, policy: Policy) -> list[e.Event]:
    if state.on_duty(room) is None:
        reject("not-on-duty", f"nobody is on duty in {room}")
    return [*_let_go(state, room, now_ms, policy), e.DutyEnded(room=room, reason="said")]


def stay(state: SiteState, command: c.StayUntil, now_ms: int) -> list[e.Event]:
    if state.on_duty(command.room) is None:
        reject("not-on-duty", f"nobody is on duty in {command.room}")
    _within_a_day(command.until_ms, now_ms)
    return [e.DutyUntilSet(room=command.room, until_ms=command.until_ms)]


def end_silent(state: SiteState, room: RoomId, policy: Policy) -> list[e.Event]:
    if state.on_duty(room) is None:
        reject("not-on-duty", f"nobody is on duty in {room}")
    ticket = state.in_room(room)
    seen = [] if ticket is None else [finished(ticket, policy)]
    return [*seen, e.DutyEnded(room=room, reason="silent")]


def has_left(state: SiteState, room: RoomId, now_ms: int, policy: Policy) -> bool:
    """Whether a practitioner must have left without saying: the room has done nothing for long, and it is past the end,
    or a patient of theirs has been waiting all that time.

    A patient inside is a visit, which nobody but the end of the duty and two hours can tell from an empty room.
    """
    duty = state.on_duty(room)
    if duty is None:
        return False
    still_ms = now_ms - _last_act_ms(state, duty)
    is_past_end = duty.until_ms is not None and now_ms - duty.until_ms >= policy.silent_min * 60_000
    if state.in_room(room) is not None:
        return is_past_end and still_ms >= policy.longest_visit_min * 60_000
    if is_past_end and still_ms >= policy.silent_min * 60_000:
        return True
    waited_ms = (now_ms - back_ms for back_ms in _waiting_for_them(state, duty))
    return min(still_ms, max(waited_ms, default=0)) >= policy.own_min * 60_000


def _last_act_ms(state: SiteState, duty: Duty) -> int:
    """As far as a room's duty, its last summons and its last end of a visit show it."""
    acts_ms = [duty.since_ms]
    for ticket in state.tickets.values():
        if ticket.room == duty.room:
            acts_ms += [ticket.summoned_at_ms or 0, ticket.ended_at_ms or 0]
    return max(acts_ms)


def _waiting_for_them(state: SiteState, duty: Duty) -> Iterator[int]:
    """Since when patients wait who belong to a practitioner."""
    for ticket in state.tickets.values():
        if ticket.state is TicketState.WAITING and ticket.owner == duty.practitioner and ticket.back_at_ms is not None:
            yield ticket.back_at_ms


def day_over(state: SiteState, began_ms: int, busy: Collection[RoomId]) -> list[e.Event]:
    """Nobody is on duty from one service day to the next.

    Who came since the day began, or nobody knows when, is there for this day; who is with a patient is not sent away
    from them.

    Args:
        busy: rooms that hold a patient who goes on in the new day.
    """
    return [
        e.DutyEnded(room=room, reason="day-over")
        for room, duty in state.duties.items()
        if duty.state is not DutyState.OFF and not duty.is_doubtful and duty.since_ms < began_ms and room not in busy
    ]


def _let_go(state: SiteState, room: RoomId, now_ms: int, policy: Policy) -> list[e.Event]:
    """What becomes of a patient whose doctor leaves.

    Called within the grace time and not seen yet, they keep their place for the next room; else the visit is over.
    """
    ticket = state.in_room(room)
    if ticket is None:
        return []
    called_for_s = (now_ms - (ticket.summoned_at_ms or now_ms)) / 1000
    if ticket.state is TicketState.CALLED and called_for_s < policy.grace_s:
        return [e.TicketRequeued(ticket=ticket.id)]
    return [finished(ticket, policy)]


def _within_a_day(until_ms: int, now_ms: int) -> None:
    if not now_ms < until_ms <= now_ms + _DAY_MS:
        reject("not-a-time-to-leave", "a practitioner leaves later than now, and within a day")
