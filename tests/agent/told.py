"""A centre's days with waits that were told, and what they came to by the pure scoring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from operator import itemgetter

from agent.promises import Scoring, scored
from agent.scores import DayScore
from core.room import events as e
from core.room.ids import PractitionerId, RoomId
from core.room.outlook import Wait
from tests.agent.site import EVENING_MS, Day, visit

__all__ = ["HALF_AN_HOUR", "told_day", "told_days", "truth", "wait"]

_MIN_MS = 60_000
_DAY_MS = 24 * 60 * _MIN_MS


def wait(p10: int, p50: int, p90: int) -> Wait:
    """Minutes."""
    p25, p75 = (p10 + p50) // 2, (p50 + p90) // 2
    return Wait(p10_s=60 * p10, p25_s=60 * p25, p50_s=60 * p50, p75_s=60 * p75, p90_s=60 * p90)


HALF_AN_HOUR = wait(20, 30, 42)
"""Said as "between 25 and 45 minutes"."""


def told_day(day: str, patients: int, *, began_ms: int = EVENING_MS) -> list[e.Record[e.Event]]:
    """Each patient is told half an hour, told so again, and called a little later than the one before."""
    made, room = Day(day), RoomId("room-2")
    opening = [*made.opening, e.DutyBegan(room=room, practitioner=PractitionerId("dr-vallon"))]
    events: list[tuple[int, e.Event]] = [(0, event) for event in opening]
    for place in range(patients):
        given = 10 * place
        ticket = replace(made.issue(), ordered_at_ms=began_ms + given * _MIN_MS, wait=HALF_AN_HOUR)
        again = e.WaitsTold(tickets={ticket.ticket: HALF_AN_HOUR})
        events += [(given, ticket), (given + 10, again)]
        events += [(given + 15 + place % 50, event) for event in visit(ticket.ticket)]
    events.append((10 * patients + 60, e.DutyEnded(room=room, reason="said")))
    in_time = sorted(events, key=itemgetter(0))
    return [e.Record(at_ms=began_ms + minute * _MIN_MS, event=event) for minute, event in in_time]


def told_days(first: date, count: int, patients: int) -> Iterator[list[e.Record[e.Event]]]:
    for later in range(count):
        day = date.fromordinal(first.toordinal() + later)
        yield told_day(day.isoformat(), patients, began_ms=EVENING_MS + later * _DAY_MS)


def truth(records: list[e.Record[e.Event]]) -> Mapping[date, DayScore]:
    """By day, of records taken in at once."""
    return {date.fromisoformat(day): score for day, score in scored(Scoring(), records).days.items()}
