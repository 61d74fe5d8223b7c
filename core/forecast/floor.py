"""A day played again, fact by fact, as the centre's software knew it then; at any instant it gives the `Moment`.

Rule: nothing is known before it happened, and the plan is the morning's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from core.forecast.day import DayHistory, Fact, Planned
from core.forecast.habits import RETURN
from core.forecast.moment import NEWEST, Away, Busy, Moment, Place, Seen, Stretch
from core.forecast.paces import crowding
from core.room.ids import ServiceId, TicketId

__all__ = ["Call", "Floor"]

_EARLY_MIN = 60.0
"""Who comes within an hour before a shift comes for that shift."""


@dataclass(frozen=True, slots=True)
class Call:
    """A ticket at a practitioner's."""

    place: Place
    """Times since midnight."""
    at_min: float
    crowd: float


@dataclass(slots=True)
class _Presence:
    """A practitioner on duty."""

    planned: Planned
    since_min: float
    call: Call | None = None
    paused_min: float | None = None


class Floor:
    """What is known of a day."""

    def __init__(self, day: DayHistory) -> None:
        """Begin a day; its facts are taken in one by one."""
        self._day = day
        self._to_come = sorted(day.plan, key=lambda shift: shift.begins_min)
        self._present: dict[str, _Presence] = {}
        self._waiting: dict[str, Place] = {}
        self._absent: dict[str, tuple[Call, float]] = {}
        self._exams: dict[str, tuple[str, ServiceId, float]] = {}
        self._seen: list[Seen] = []
        self._came = 0

    @property
    def seen(self) -> Sequence[Seen]:
        """The visits that are over."""
        return self._seen

    @property
    def is_idle(self) -> bool:
        """Whether some practitioner on duty is free."""
        return any(one.call is None and one.paused_min is None for one in self._present.values())

    def crowd(self) -> float:
        return crowding(len(self._waiting), len(self._present))

    def take(self, fact: Fact) -> None:
        """Take the next fact in."""
        ticket, who, now = fact.ticket, fact.practitioner, fact.at_min
        match fact.what:
            case "came":
                self._exams.pop(ticket, None)
                self._came += not fact.is_back
                self._waiting[ticket] = Place(
                    ticket=TicketId(ticket),
                    service=fact.service,
                    kind=fact.kind,
                    came_min=now,
                    key_min=fact.key_min,
                    owner=who or None,
                )
            case "moved":
                self._waiting[ticket] = replace(
                    self._waiting[ticket], service=fact.service, kind=fact.kind, key_min=fact.key_min
                )
            case "back":
                call = self._absent.pop(ticket)[0] if ticket in self._absent else self._freed(who)
                if call is not None:
                    self._waiting[ticket] = call.place
            case "left":
                self._waiting.pop(ticket, None)
                self._absent.pop(ticket, None)
                self._exams.pop(ticket, None)
            case "called":
                place = self._waiting.pop(ticket)
                if who in self._present:
                    self._present[who].call = Call(place, now, self.crowd())
            case "absent":
                call = self._freed(who)
                if call is not None:
                    self._absent[ticket] = (call, now)
            case "ended":
                call = self._freed(who)
                if call is not None:
                    self._seen.append(Seen(who, call.place.kind, now - call.at_min, call.crowd))
            case "away":
                self._exams[ticket] = (who, fact.service, now)
            case "on":
                if who in self._present:
                    self._present[who].planned = fact.planned or self._present[who].planned
                    return
                planned = fact.planned or self._shift(who, now)
                self._to_come = [
                    shift for shift in self._to_come if shift.practitioner != who or shift.begins_min > now + _EARLY_MIN
                ]
                self._present[who] = _Presence(planned, now)
            case "off":
                self._present.pop(who, None)
            case "paused":
                self._present[who].paused_min = now
            case "resumed":
                self._present[who].paused_min = None

    def moment(self, now_min: float) -> Moment:
        """What is known now."""
        return Moment(
            at_ms=round(now_min * 60_000),
            minute=now_min,
            weekday=self._day.weekday,
            closes_min=None if self._day.closes_min is None else self._day.closes_min - now_min,
            stretches=tuple(self._stretches(now_min)),
            waiting=tuple(
                replace(place, came_min=place.came_min - now_min, key_min=place.key_min - now_min)
                for place in sorted(self._waiting.values(), key=lambda place: (place.key_min, place.ticket))
            ),
            away=tuple(self._away(now_min)),
            newcomers=self._day.newcomers,
            came=self._came,
            seen=tuple(self._seen[-NEWEST:]),
        )

    def _freed(self, practitioner: str) -> Call | None:
        presence = self._present.get(practitioner)
        if presence is None:
            return None
        call, presence.call = presence.call, None
        return call

    def _shift(self, practitioner: str, now_min: float) -> Planned:
        """The shift that somebody has come for; of one who is not planned nobody knows the end."""
        theirs = (shift for shift in self._to_come if shift.practitioner == practitioner and shift.ends_min > now_min)
        return min(
            theirs,
            key=lambda shift: abs(shift.begins_min - now_min),
            default=Planned(practitioner=practitioner, begins_min=now_min, ends_min=inf),
        )

    def _stretches(self, now_min: float) -> Iterator[Stretch]:
        for practitioner, one in self._present.items():
            yield replace(
                _stretch(one.planned, now_min), is_on=True, busy=_busy(one, now_min), practitioner=practitioner
            )
        for shift in self._to_come:
            if shift.ends_min > now_min:
                yield _stretch(shift, now_min)

    def _away(self, now_min: float) -> Iterator[Away]:
        for call, since_min in self._absent.values():
            place = call.place
            yield Away(
                since_min=since_min - now_min,
                waited_min=call.at_min - place.came_min,
                kind=place.kind,
                service=place.service,
                key_min=place.key_min - now_min,
                owner=place.owner,
            )
        for owner, service, since_min in self._exams.values():
            yield Away(
                since_min=since_min - now_min,
                kind=RETURN,
                service=service,
                key_min=None,
                head_start_min=self._day.return_head_start_min,
                owner=owner,
            )


def _stretch(shift: Planned, now_min: float) -> Stretch:
    return Stretch(
        practitioner=shift.practitioner,
        begins_min=shift.begins_min - now_min,
        ends_min=None if shift.ends_min == inf else shift.ends_min - now_min,
        is_closing=shift.is_closing,
        services=shift.services,
    )


def _busy(one: _Presence, now_min: float) -> Busy | None:
    if one.call is not None:
        return Busy(one.call.place.kind, one.call.at_min - now_min)
    return None if one.paused_min is None else Busy(None, one.paused_min - now_min)
