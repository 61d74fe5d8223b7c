"""A journal's records as the days that learning reads.

Each record is folded into the state, and what it changed of tickets and duties is told as facts. An act that was taken
back within its two minutes has not happened.

Rule: only days that are over are told; the plan is as the policy has it, so a day that it no longer holds teaches
nothing of lateness.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from math import inf

from core.forecast.day import DayHistory, Fact, Planned, What
from core.forecast.kinds import is_closing, kind_of, midnight_ms, newcomers, service_day
from core.room import events as e
from core.room.duty import Duty, DutyState, unnamed
from core.room.ids import RoomId
from core.room.passage import Policy
from core.room.roster import Shift
from core.room.state import SiteState, Ticket, evolve
from core.room.transitions import IN_ROOM, TicketState

__all__ = ["histories"]

_SEEN = (TicketState.PARKED, TicketState.DONE)
"""From here a ticket comes back: from an exam, or with its result once the visit was over."""


def histories(records: Iterable[e.Record[e.Event]], policy: Policy) -> list[DayHistory]:
    """The days of a journal that are over, oldest first.

    Raises:
        CorruptHistory: a record could not have followed the ones before it.
    """
    days: list[DayHistory] = []
    state, teller = SiteState(), None
    for record in records:
        if isinstance(record.event, e.DayOpened):
            if teller is not None:
                days.append(teller.told())
            teller = _Teller(record.event.day, policy)
        after = evolve(state, record.event, record.at_ms)
        if teller is not None and not isinstance(record.event, e.DayOpened):
            teller.take(record, state, after)
        state = after
    return days


class _Teller:
    """A day in the telling."""

    def __init__(self, day: str, policy: Policy) -> None:
        self._day, self._policy = date.fromisoformat(day), policy
        self._midnight_ms = midnight_ms(self._day, policy)
        opening = None if policy.opening is None else policy.opening.interval(day)
        self._closes_min = None if opening is None else self._minute(opening[1])
        self._facts: list[Fact] = []

    def told(self) -> DayHistory:
        """The day, once it is over."""
        return DayHistory(
            day=self._day.isoformat(),
            weekday=self._day.weekday(),
            plan=tuple(
                self._planned(shift)
                for shift in self._policy.roster.shifts
                if service_day(shift.begins_ms, self._policy) == self._day
            ),
            facts=tuple(self._facts),
            closes_min=self._closes_min,
            newcomers=newcomers(self._policy),
            return_head_start_min=self._policy.head_start_min[e.Priority.RETURN],
        )

    def take(self, record: e.Record[e.Event], before: SiteState, after: SiteState) -> None:
        """Tell what a record has changed."""
        event, at_min = record.event, self._minute(record.at_ms)
        if isinstance(event, e.ActUndone):
            self._take_back(event, before)
            return
        if isinstance(event, e.TicketCancelled) and event.reason == "day-over":
            return
        ticket = getattr(event, "ticket", None)
        if ticket is not None and ticket in after.tickets:
            was, now = before.tickets.get(ticket), after.tickets[ticket]
            self._facts += (replace(fact, at_min=at_min) for fact in self._of_ticket(was, now))
        room = getattr(event, "room", None)
        if room is not None and before.duties.get(room) != after.duties.get(room):
            was_duty, now_duty = before.on_duty(room), after.on_duty(room)
            self._facts += (replace(fact, at_min=at_min) for fact in self._of_duty(was_duty, now_duty))

    def _take_back(self, event: e.ActUndone, before: SiteState) -> None:
        """Drop what the room's last act was told as: all of one instant, about its tickets and its practitioner."""
        tickets = {one.ticket for one in event.tickets}
        duty = before.duties.get(event.room) if event.duty is not None else None
        who = None if duty is None else duty.practitioner

        def is_undone(fact: Fact) -> bool:
            return fact.ticket in tickets if fact.ticket else fact.practitioner == who

        last = max((fact.at_min for fact in self._facts if is_undone(fact)), default=None)
        self._facts = [fact for fact in self._facts if fact.at_min != last or not is_undone(fact)]

    def _of_ticket(self, was: Ticket | None, now: Ticket) -> Iterator[Fact]:
        state = None if was is None else was.state
        if was is not None and state in IN_ROOM:
            yield from self._of_visit(was, now)
        elif now.state is TicketState.WAITING:
            if state is TicketState.NO_SHOW:
                yield self._fact("back", now)
            elif state is TicketState.WAITING:
                yield self._fact("moved", now)
            else:
                yield self._came(now, is_back=state in _SEEN)
        elif now.state is TicketState.CALLED:
            if state is TicketState.PARKED:
                yield self._came(now, is_back=True)
            yield self._fact("called", now)
        elif now.state is TicketState.CANCELLED:
            yield self._fact("left", now)

    def _of_visit(self, was: Ticket, now: Ticket) -> Iterator[Fact]:
        """What a ticket in a room has become: absent, called in vain by somebody who leaves, or seen."""
        if now.state in IN_ROOM:
            return
        if now.state is TicketState.NO_SHOW:
            yield self._fact("absent", was)
        elif now.state is TicketState.WAITING and (now.service, now.key_ms, now.owner) == (
            was.service,
            was.key_ms,
            was.owner,
        ):
            yield self._fact("back", was)
        else:
            yield self._fact("ended", was)
            if now.state is TicketState.PARKED:
                yield replace(self._fact("away", now), practitioner=now.owner or "")
            elif now.state is TicketState.WAITING:
                yield self._came(now, is_back=True)

    def _came(self, ticket: Ticket, *, is_back: bool) -> Fact:
        owner = ticket.owner if ticket.back_to is None else None
        return replace(self._fact("came", ticket), practitioner=owner or "", is_back=is_back)

    def _fact(self, what: What, ticket: Ticket) -> Fact:
        room = ticket.room or RoomId("")
        return Fact(
            at_min=0.0,
            what=what,
            ticket=ticket.id,
            practitioner=ticket.practitioner or unnamed(room),
            kind=kind_of(ticket.service, ticket.priority, self._policy),
            key_min=self._minute(ticket.key_ms),
            service=ticket.service,
        )

    def _of_duty(self, was: Duty | None, now: Duty | None) -> Iterator[Fact]:
        if was is not None and (now is None or now.practitioner != was.practitioner):
            yield Fact(at_min=0.0, what="off", practitioner=was.practitioner)
            was = None
        if now is None:
            return
        if was is None or was.until_ms != now.until_ms:
            yield Fact(at_min=0.0, what="on", practitioner=now.practitioner, planned=self._presence(now))
        if was is not None and was.state is not now.state:
            what: What = "paused" if now.state is DutyState.PAUSE else "resumed"
            yield Fact(at_min=0.0, what=what, practitioner=now.practitioner)

    def _presence(self, duty: Duty) -> Planned:
        ends_min = None if duty.until_ms is None else self._minute(duty.until_ms)
        return Planned(
            practitioner=duty.practitioner,
            begins_min=self._minute(duty.since_ms),
            ends_min=inf if ends_min is None else ends_min,
            is_closing=is_closing(ends_min, self._closes_min, self._policy),
            services=self._policy.rooms.get(duty.room),
        )

    def _planned(self, shift: Shift) -> Planned:
        ends_min = self._minute(shift.ends_ms)
        return Planned(
            practitioner=shift.practitioner,
            begins_min=self._minute(shift.begins_ms),
            ends_min=ends_min,
            is_closing=is_closing(ends_min, self._closes_min, self._policy),
            services=self._policy.rooms.get(shift.room),
        )

    def _minute(self, at_ms: int) -> float:
        return (at_ms - self._midnight_ms) / 60_000
