"""The last ticket: kiosks stop once the people who wait fill the time that is left.

By the forecast where there is one: an evening is full once somebody who comes now would be called before closing in
less than three cases out of four. Without one, time left is what practitioners on duty, and those still to come, have
until closing, and time needed is a mean visit for everybody who waits, and the rest of a visit for everybody inside.

Rule: without known hours, or with nobody on duty and nobody planned, an evening is never full: nothing is known then,
and a ticket too many harms less than a patient sent home.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from core.room import events as e
from core.room.ids import RoomId
from core.room.passage import Policy
from core.room.rejection import reject
from core.room.roster import room_of
from core.room.state import SiteState, Ticket
from core.room.transitions import IN_ROOM, TicketState

__all__ = ["is_full", "mean_visit_ms", "reopened", "should_stop"]

_PRIOR_VISITS = 5
"""Visits of the usual length that the day's own are mixed with: the first long one says little."""
_LONGEST_MS = 60 * 60_000
"""A visit that nobody ended before lunch is no sign of a slow day."""
_SPARE_VISITS = 2
"""Room that there must be before an intake that was stopped is open again, so that kiosks do not flicker."""

_Span = tuple[int, int]


def should_stop(state: SiteState, now_ms: int, policy: Policy) -> bool:
    """Whether kiosks should give no more tickets. While the centre is closed the crowd changes nothing."""
    if policy.opening is None or state.intake.is_kept_open:
        return False
    open_now = policy.opening.now(now_ms)
    if open_now is None:
        return state.intake.is_stopped
    return is_full(state, now_ms, open_now[1], policy)


def is_full(state: SiteState, now_ms: int, closes_ms: int, policy: Policy) -> bool:
    """Whether those who are there fill the time until closing.

    An intake that is stopped stays full until there is room for two visits more.
    """
    left_ms = _time_left_ms(state, now_ms, closes_ms, policy)
    if left_ms is None:
        return False
    visit_ms = mean_visit_ms(state, policy)
    spare_ms = _forecast_spare_ms(state, closes_ms - now_ms, policy)
    if spare_ms is None:
        spare_ms = left_ms - _time_needed_ms(state, now_ms, visit_ms, policy)
    return spare_ms < _SPARE_VISITS * visit_ms if state.intake.is_stopped else spare_ms <= 0


def mean_visit_ms(state: SiteState, policy: Policy) -> float:
    """How long a visit holds a room today, from call to end."""
    visits = [
        min(ticket.ended_at_ms - ticket.called_at_ms, _LONGEST_MS)
        for ticket in state.tickets.values()
        if ticket.state is TicketState.DONE
        and ticket.service not in policy.care
        and ticket.called_at_ms is not None
        and ticket.ended_at_ms is not None
    ]
    return (sum(visits) + _PRIOR_VISITS * policy.visit_min * 60_000) / (len(visits) + _PRIOR_VISITS)


def reopened(state: SiteState, room: RoomId) -> list[e.Event]:
    """The practitioner on duty takes whoever comes, for the rest of the day.

    Raises:
        CommandRejected: it is open, or nobody is on duty there who could say so.
    """
    if state.on_duty(room) is None:
        reject("not-on-duty", f"nobody is on duty in {room} who could take more patients")
    if not state.intake.is_stopped:
        reject("intake-open", "kiosks give tickets already")
    return [e.IntakeReopened(room=room)]


def _forecast_spare_ms(state: SiteState, until_closing_ms: int, policy: Policy) -> float | None:
    """What the rooms on duty have left between the call of somebody who comes now and closing; None without a forecast.

    As long as any service is called in time, tickets are given.
    """
    rooms = sum(state.on_duty(room) is not None and _is_for_visits(room, policy) for room in state.duties)
    soonest_s = min((wait.p75_s for wait in state.newcomers.values()), default=None)
    return None if soonest_s is None or not rooms else rooms * (until_closing_ms - 1000.0 * soonest_s)


def _time_left_ms(state: SiteState, now_ms: int, closes_ms: int, policy: Policy) -> int | None:
    """Of all rooms together; None when nobody is on duty and nobody is planned."""
    spans: dict[RoomId, list[_Span]] = {}
    for room, span in chain(_of_duties(state, now_ms, closes_ms), _of_shifts(state, now_ms, closes_ms, policy)):
        if _is_for_visits(room, policy):
            spans.setdefault(room, []).append(span)
    return sum(map(_length_ms, spans.values())) if spans else None


def _of_duties(state: SiteState, now_ms: int, closes_ms: int) -> Iterator[tuple[RoomId, _Span]]:
    for room in state.duties:
        duty = state.on_duty(room)
        if duty is not None:
            yield room, (now_ms, closes_ms if duty.until_ms is None else min(duty.until_ms, closes_ms))


def _of_shifts(state: SiteState, now_ms: int, closes_ms: int, policy: Policy) -> Iterator[tuple[RoomId, _Span]]:
    """Shifts still to come. Who is late is still to come; who is missing is not, until they are there."""
    for shift in policy.roster.shifts:
        if not now_ms - policy.late_min * 60_000 < shift.begins_ms < closes_ms:
            continue
        begins_ms = max(shift.begins_ms, now_ms)
        room = room_of(state, shift.practitioner)
        if room is not None:
            # Counted in the room where they are, until they leave it.
            begins_ms = max(begins_ms, state.duties[room].until_ms or closes_ms)
        yield shift.room, (begins_ms, min(shift.ends_ms, closes_ms))


def _length_ms(spans: Iterable[_Span]) -> int:
    """The time that spans of one room cover together: a room serves one patient at a time."""
    total_ms, reached_ms = 0, 0
    for begins_ms, ends_ms in sorted(spans):
        total_ms += max(0, ends_ms - max(begins_ms, reached_ms))
        reached_ms = max(reached_ms, ends_ms)
    return total_ms


def _time_needed_ms(state: SiteState, now_ms: int, visit_ms: float, policy: Policy) -> float:
    return sum(_needs_ms(ticket, now_ms, visit_ms, policy) for ticket in state.tickets.values())


def _needs_ms(ticket: Ticket, now_ms: int, visit_ms: float, policy: Policy) -> float:
    """What a ticket will still take of the practitioners' time; who is in care comes back for a visit."""
    if ticket.service in policy.care:
        is_coming_back = ticket.back_to is not None and ticket.state in (TicketState.WAITING, *IN_ROOM)
        return visit_ms if is_coming_back else 0
    if ticket.state is TicketState.WAITING:
        return visit_ms
    if ticket.state in IN_ROOM:
        return max(0, visit_ms - (now_ms - (ticket.called_at_ms or now_ms)))
    return 0


def _is_for_visits(room: RoomId, policy: Policy) -> bool:
    """Whether a room is there for more than care."""
    offered = policy.rooms.get(room)
    return offered is None or not offered <= policy.care
