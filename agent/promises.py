"""What was told of waits, held against what happened. Pure.

A promise is a wait as it was told to a ticket: by the kiosk and the slip, or later, while it waited. It is scored when
the ticket is called, by the times of the records themselves, so that a backlog that arrives late is scored as it would
have been at once. A call counts once anything else has happened to its ticket: until then it can be taken back, and
one that is taken back has called nobody.

Rule: every promise is scored as it was told, or is counted as one that never came to a call; none is left out because
of how it went. Nothing here is made better afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from agent.scores import DayScore, Tally
from core.room import events as e
from core.room.announce import promise_min
from core.room.duty import Duty, DutyBegan, DutyEnded, DutyRestored, DutyState
from core.room.ids import RoomId, TicketId
from core.room.outlook import Wait
from core.room.transitions import TicketState

__all__ = ["Call", "Kind", "Promise", "Scored", "Scoring", "scored"]

Kind = Literal["first", "later"]
"""A ticket's first promise, of which each person has one; what was told after it."""

_TOO_LITTLE_S = 10 * 60


class Promise(NamedTuple):
    """What was told, as far as it is scored. A tuple, because a site's open ones are written with every commit."""

    at_ms: int
    p10_s: int
    p50_s: int
    p90_s: int
    upto_s: int
    """The upper end of what was said."""
    is_first: bool
    is_shown: bool
    """False while nobody is on duty: the words for it leave the figure out."""


class Call(NamedTuple):
    """A ticket's call that can still be taken back."""

    at_ms: int
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """How far the promises of a journal have been scored."""

    day: str | None = None
    """The open service day; nothing is scored before the first is opened."""
    open: Mapping[TicketId, tuple[Promise, ...]] = field(default_factory=dict)
    """Of those who have not been called; empty for one who waits again after a call."""
    called: Mapping[TicketId, Call] = field(default_factory=dict)
    rooms: frozenset[RoomId] = frozenset()
    """Where somebody is on duty."""
    score: DayScore = field(default_factory=DayScore)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A scoring after some records."""

    scoring: Scoring
    days: Mapping[str, DayScore]
    """Every day on which they changed anything, whole."""


def scored(scoring: Scoring, records: Iterable[e.Record[e.Event]]) -> Scored:
    """Score what some records bring."""
    draft = _Draft(scoring)
    for record in records:
        draft.take(record.event, record.at_ms)
    return draft.finished()


class _Draft:
    """A scoring in the making."""

    def __init__(self, scoring: Scoring) -> None:
        self._before = scoring.score
        self._day = scoring.day
        self._open = dict(scoring.open)
        self._called = dict(scoring.called)
        self._rooms = set(scoring.rooms)
        self._tallies: dict[Kind, Tally] = {"first": scoring.score.first, "later": scoring.score.later}
        self._days: dict[str, DayScore] = {}

    def finished(self) -> Scored:
        """The outcome; the draft is not used after it."""
        self._note()
        scoring = Scoring(
            day=self._day,
            open=self._open,
            called=self._called,
            rooms=frozenset(self._rooms),
            score=DayScore(**self._tallies),
        )
        return Scored(scoring=scoring, days=self._days)

    def take(self, event: e.Event, at_ms: int) -> None:
        match event:
            case e.DayOpened():
                self._close(event.carried or ())
                self._day = event.day
            case DutyBegan():
                self._on_duty(event.room)
            case DutyEnded():
                self._rooms.discard(event.room)
            case DutyRestored():
                self._restore(event.duty)
            case _ if self._day is None:
                pass
            case e.TicketIssued():
                if event.wait is not None:
                    self._tell(event.ticket, event.wait, event.ordered_at_ms, is_shown=True)
            case e.WaitsTold():
                for ticket, wait in event.tickets.items():
                    if wait is not None:
                        self._tell(ticket, wait, at_ms, is_shown=bool(self._rooms))
            case e.TicketCalled():
                promises = self._open.pop(event.ticket, ())
                if promises:
                    self._called[event.ticket] = Call(at_ms, promises)
            case e.ActUndone():
                for one in event.tickets:
                    call = self._called.pop(one.ticket, None)
                    if call is not None and one.state is TicketState.WAITING:
                        self._open[one.ticket] = call.promises
                if event.duty is not None:
                    self._restore(event.duty)
            case e.TicketRequeued() | e.TicketTransferred():
                self._stands(event.ticket)
                self._open.setdefault(event.ticket, ())
            case e.ClockSet():
                # Told by a clock that was late, and not moved with it: nobody knows how long these have waited.
                moved = self._open.keys() & set(event.tickets)
                self._open = {ticket: _later(self._open[ticket], event.by_ms) for ticket in moved}
            case _ if self._called and isinstance(event, e.TicketEvent):
                self._stands(event.ticket)

    def _tell(self, ticket: TicketId, wait: Wait, at_ms: int, *, is_shown: bool) -> None:
        known = self._open.get(ticket)
        is_first = known is None
        if known and not known[-1].is_shown:
            # Nobody has read it.
            *earlier, unseen = known
            known, is_first = tuple(earlier), unseen.is_first
        upto_s = 60 * promise_min(wait)
        promise = Promise(at_ms, wait.p10_s, wait.p50_s, wait.p90_s, upto_s, is_first, is_shown)
        self._open[ticket] = (*(known or ()), promise)

    def _on_duty(self, room: RoomId) -> None:
        if not self._rooms:
            self._open = {
                ticket: tuple(promise._replace(is_shown=True) for promise in promises)
                for ticket, promises in self._open.items()
            }
        self._rooms.add(room)

    def _restore(self, duty: Duty) -> None:
        if duty.state is DutyState.OFF:
            self._rooms.discard(duty.room)
        else:
            self._on_duty(duty.room)

    def _stands(self, ticket: TicketId) -> None:
        """A call that cannot be taken back any more."""
        call = self._called.pop(ticket, None)
        for promise in call.promises if call else ():
            self._add(promise, _outcome(promise, call.at_ms if call else 0))

    def _close(self, carried: Iterable[TicketId]) -> None:
        """End the day. Who is carried over goes on waiting for the call."""
        for ticket in list(self._called):
            self._stands(ticket)
        staying = {ticket: self._open.pop(ticket) for ticket in carried if ticket in self._open}
        for promises in self._open.values():
            for promise in promises:
                if promise.is_shown:
                    self._add(promise, Tally(uncalled=1))
        self._note()
        self._open, self._before = staying, DayScore()
        self._tallies = {"first": Tally(), "later": Tally()}

    def _add(self, promise: Promise, outcome: Tally) -> None:
        kind: Kind = "first" if promise.is_first else "later"
        self._tallies[kind] += outcome

    def _note(self) -> None:
        score = DayScore(**self._tallies)
        if self._day is not None and score != self._before:
            self._days[self._day] = score


def _outcome(promise: Promise, called_ms: int) -> Tally:
    waited_s = max(0, called_ms - promise.at_ms) // 1000
    return Tally(
        told=1,
        error_s=abs(waited_s - promise.p50_s),
        covered=int(promise.p10_s <= waited_s <= promise.p90_s),
        under=int(waited_s > promise.p50_s + _TOO_LITTLE_S),
        late=int(waited_s > promise.upto_s + _TOO_LITTLE_S),
        kept=int(waited_s <= promise.upto_s),
    )


def _later(promises: tuple[Promise, ...], by_ms: int) -> tuple[Promise, ...]:
    return tuple(promise._replace(at_ms=promise.at_ms + by_ms) for promise in promises)
