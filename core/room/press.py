"""What the one button of a room means: it follows from what the room is doing, and for how long.

Rule: no press can hurt. It never skips a step, and what it does can be taken back (`core.room.undo`).
"""

from __future__ import annotations

from core.room import events as e
from core.room.duty import DutyState
from core.room.ids import RoomId
from core.room.passage import Policy, next_for
from core.room.presence import arrive
from core.room.staff import acknowledge_warning, call_next, finished, recall
from core.room.state import SiteState, evolve
from core.room.transitions import TicketState

__all__ = ["press"]


def press(state: SiteState, room: RoomId, now_ms: int, policy: Policy) -> list[e.Event]:
    """What follows from a press.

    In this order: a warning rings: it is acknowledged, and nothing else. Off duty: on duty. On pause: back. Nobody
    called: call the next. Just called: summon the same patient again. Within the grace time: nobody came, call the
    next. Later: the visit is over, call the next. When nobody waits, what ends is still ended.

    Raises:
        CommandRejected: nobody waits, or a recall too many.
    """
    if state.warning is not None:
        return acknowledge_warning(state, room)
    duty = state.on_duty(room)
    if duty is None:
        return [arrive(state, room, now_ms, policy)]
    if duty.state is DutyState.PAUSE:
        return [e.DutyResumed(room=room)]
    ticket = state.in_room(room)
    if ticket is None:
        return call_next(state, room, policy)
    called_for_s = (now_ms - (ticket.summoned_at_ms or now_ms)) / 1000
    came = ticket.state is TicketState.IN_SERVICE or called_for_s >= policy.grace_s
    if not came and called_for_s < policy.recall_window_s:
        return recall(state, room, policy)
    last = finished(ticket, policy) if came else e.TicketNotPresent(ticket=ticket.id)
    following = next_for(evolve(state, last, now_ms), room, policy)
    if following is None:
        return [last]
    return [last, e.TicketCalled(ticket=following.id, room=room, practitioner=duty.practitioner)]
