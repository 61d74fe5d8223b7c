"""A site's state as a `Moment`: who waits, who is on duty, who may come back.

Rule: it reads the state, the plan and the hours, and adds nothing of its own; what is likely is the habits' to say.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator

from core.forecast.habits import CARE
from core.forecast.kinds import is_closing, kind_of, midnight_ms, newcomers, service_day
from core.forecast.moment import NEWEST, Away, Busy, Moment, Place, Seen, Stretch
from core.forecast.paces import crowding
from core.room.duty import Duty, DutyState
from core.room.events import Priority
from core.room.passage import Policy, offers, order_of_passage
from core.room.roster import Shift, room_of
from core.room.state import SiteState, Ticket
from core.room.transitions import IN_ROOM, TicketState

__all__ = ["moment_of"]

_EARLY_MS = 60 * 60_000
"""Who came within an hour before a shift came for that shift."""


def moment_of(state: SiteState, policy: Policy, now_ms: int) -> Moment:
    """What is known of a site now.

    Args:
        now_ms: the site clock, UTC milliseconds since 1970.
    """
    day = service_day(now_ms, policy)
    open_now = None if policy.opening is None else policy.opening.now(now_ms)
    reader = _Reader(state, policy, now_ms, None if open_now is None else _minutes(open_now[1], now_ms))
    return Moment(
        at_ms=now_ms,
        minute=_minutes(now_ms, midnight_ms(day, policy)),
        weekday=day.weekday(),
        closes_min=reader.closes_min,
        stretches=(*reader.on_duty(), *reader.to_come()),
        waiting=tuple(reader.place(ticket) for ticket in order_of_passage(state)),
        away=tuple(reader.away()),
        newcomers=newcomers(policy),
        came=len(state.tickets),
        seen=tuple(reader.seen()),
    )


class _Reader:
    """A state in the reading."""

    def __init__(self, state: SiteState, policy: Policy, now_ms: int, closes_min: float | None) -> None:
        self._state, self._policy, self._now_ms = state, policy, now_ms
        self.closes_min = closes_min

    def on_duty(self) -> Iterator[Stretch]:
        for duty in self._state.duties.values():
            if duty.state is not DutyState.OFF:
                ends_min = None if duty.until_ms is None else self._ago(duty.until_ms)
                yield Stretch(
                    practitioner=duty.practitioner,
                    begins_min=0.0,
                    ends_min=ends_min,
                    is_on=True,
                    is_closing=is_closing(ends_min, self.closes_min, self._policy),
                    services=self._policy.rooms.get(duty.room),
                    busy=self._busy(duty),
                )

    def to_come(self) -> Iterator[Stretch]:
        for shift in self._policy.roster.shifts:
            if shift.ends_ms > self._now_ms and self._is_to_come(shift):
                ends_min = self._ago(shift.ends_ms)
                yield Stretch(
                    practitioner=shift.practitioner,
                    begins_min=self._ago(shift.begins_ms),
                    ends_min=ends_min,
                    is_closing=is_closing(ends_min, self.closes_min, self._policy),
                    services=self._policy.rooms.get(shift.room),
                )

    def place(self, ticket: Ticket) -> Place:
        owner = None if ticket.owner is None or ticket.back_to is not None else ticket.owner
        theirs = None if owner is None else room_of(self._state, owner)
        is_theirs = theirs is not None and offers(theirs, ticket.service, self._policy)
        return Place(
            ticket=ticket.id,
            service=ticket.service,
            kind=kind_of(ticket.service, ticket.priority, self._policy),
            came_min=self._ago(ticket.ordered_at_ms if ticket.back_at_ms is None else ticket.back_at_ms),
            key_min=self._ago(ticket.key_ms),
            owner=owner if is_theirs else None,
        )

    def away(self) -> Iterator[Away]:
        """The absent, those gone for an exam, and those who come back from care to the doctor who sent them."""
        for ticket in self._state.tickets.values():
            called_ms = ticket.summoned_at_ms or ticket.ordered_at_ms
            if ticket.state is TicketState.NO_SHOW:
                yield Away(
                    since_min=self._ago(called_ms),
                    kind=kind_of(ticket.service, ticket.priority, self._policy),
                    service=ticket.service,
                    key_min=self._ago(ticket.key_ms),
                    waited_min=_minutes(called_ms, ticket.ordered_at_ms),
                    owner=ticket.owner,
                )
            elif ticket.state is TicketState.PARKED:
                # A state does not tell when the visit ended; it began at the call.
                left_ms = min(self._now_ms, called_ms + round(self._policy.visit_min * 60_000))
                yield self._returning(ticket, left_ms, None)
            elif ticket.back_to is not None and ticket.state in (TicketState.WAITING, *IN_ROOM):
                yield self._returning(ticket, called_ms if ticket.state in IN_ROOM else self._now_ms, CARE)

    def seen(self) -> list[Seen]:
        """Visits of today that are over, oldest first."""
        tickets = self._state.tickets.values()
        came = sorted(ticket.ordered_at_ms for ticket in tickets)
        went = sorted(at_ms for one in tickets if (at_ms := one.called_at_ms or one.ended_at_ms) is not None)
        rooms = sum(duty.state is not DutyState.OFF for duty in self._state.duties.values())
        done = [
            (ticket.ended_at_ms, ticket.called_at_ms, ticket)
            for ticket in tickets
            if ticket.state is TicketState.DONE and ticket.ended_at_ms is not None and ticket.called_at_ms is not None
        ]
        return [
            Seen(
                ticket.practitioner or "",
                kind_of(ticket.service, ticket.priority, self._policy),
                _minutes(ended_ms, called_ms),
                crowding(bisect(came, called_ms) - bisect(went, called_ms), rooms),
            )
            for ended_ms, called_ms, ticket in sorted(done, key=lambda one: one[0])[-NEWEST:]
        ]

    def _returning(self, ticket: Ticket, since_ms: int, during: str | None) -> Away:
        return Away(
            since_min=self._ago(since_ms),
            kind=Priority.RETURN.value,
            service=ticket.back_to or ticket.service,
            key_min=None,
            head_start_min=self._policy.head_start_min[Priority.RETURN],
            owner=ticket.owner,
            during=during,
        )

    def _busy(self, duty: Duty) -> Busy | None:
        ticket = self._state.in_room(duty.room)
        if ticket is not None and ticket.called_at_ms is not None:
            kind = kind_of(ticket.service, ticket.priority, self._policy)
            return Busy(kind, self._ago(ticket.called_at_ms))
        return Busy(None, self._ago(duty.since_ms)) if duty.state is DutyState.PAUSE else None

    def _is_to_come(self, shift: Shift) -> bool:
        """Whether nobody has come to it yet; who came and left does not come again."""
        return not any(
            duty.practitioner == shift.practitioner
            and (duty.since_ms >= shift.begins_ms - _EARLY_MS or self._is_here_until_after(duty, shift))
            for duty in self._state.duties.values()
        )

    def _is_here_until_after(self, duty: Duty, shift: Shift) -> bool:
        is_on = duty.state is not DutyState.OFF
        return is_on and (shift.begins_ms <= self._now_ms or (duty.until_ms or 0) >= shift.ends_ms)

    def _ago(self, at_ms: int) -> float:
        return _minutes(at_ms, self._now_ms)


def _minutes(at_ms: int, from_ms: int) -> float:
    return (at_ms - from_ms) / 60_000
