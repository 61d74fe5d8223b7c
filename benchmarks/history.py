"""What a centre writes in its journal, without a centre: days of patients who are called, seen and done."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta

from core.room import events as e
from core.room.ids import DeviceId, DiskId, Letter, Number, RoomId, ServiceId, TicketId
from core.wire.identity import new_id, new_token

__all__ = ["DAY", "PATIENTS", "evening", "issued", "opening", "records"]

PATIENTS = 120
"""Of a day: 80 to 150 (field notes)."""
DAY = "2026-11-22"
"""Of the evening."""
_EVENTS = 5
_STEP_MS = 20_000
_KIOSK = DeviceId("aubagne-kiosk")
_DISK = DiskId("9b2f6d0e1c8a47f3b5d4e6a7f8091c2d")


def records(count: int, *, since: date = date(2026, 1, 1)) -> list[e.Record[e.Event]]:
    """So many records of whole days, the last perhaps broken off."""
    return list(itertools.islice(_records(since), count))


def evening(waiting: int, at_ms: int) -> list[e.Record[e.Event]]:
    """An evening on which so many wait and nobody was called yet."""
    tickets = [issued(count, at_ms + count) for count in range(1, waiting + 1)]
    return [e.Record(at_ms=at_ms, event=event) for event in [*opening(DAY), *tickets]]


def opening(day: str) -> list[e.Event]:
    return [e.DayOpened(day=day), e.LetterGranted(disk=_DISK, kiosk=_KIOSK, letter=Letter("A"))]


def issued(count: int, at_ms: int, *, disk_seq: int | None = None) -> e.TicketIssued:
    """The ticket with the `count`th number of the day."""
    return e.TicketIssued(
        ticket=new_id(),
        number=Number(f"A{count:03}"),
        token=new_token(),
        service=ServiceId("consultation"),
        language="fr",
        kiosk=_KIOSK,
        disk=_DISK,
        disk_seq=disk_seq or count,
        ordered_at_ms=at_ms,
        priority=e.Priority.ORDINARY,
        key_ms=at_ms,
    )


def _records(since: date) -> Iterator[e.Record[e.Event]]:
    at_ms = 1_767_250_800_000
    """1 January 2026, 8:00 in Aubagne."""
    disk_seq = 0
    for number in itertools.count():
        day = (since + timedelta(days=number)).isoformat()
        for event in itertools.chain(opening(day), _day(at_ms, disk_seq)):
            at_ms += _STEP_MS
            yield e.Record(at_ms=at_ms, event=event)
        disk_seq += 2 * PATIENTS


def _day(at_ms: int, disk_seq: int) -> Iterator[e.Event]:
    for count in range(1, PATIENTS + 1):
        ticket = issued(count, at_ms + count * _EVENTS * _STEP_MS, disk_seq=disk_seq + 2 * count - 1)
        yield ticket
        yield e.PrintReported(
            ticket=ticket.ticket, outcome=e.PrintOutcome.PRINTED, disk=_DISK, disk_seq=disk_seq + 2 * count
        )
        yield from _visit(ticket.ticket, RoomId(f"room-{count % 3 + 1}"))


def _visit(ticket: TicketId, room: RoomId) -> Iterator[e.Event]:
    yield e.TicketCalled(ticket=ticket, room=room)
    yield e.ServiceStarted(ticket=ticket)
    yield e.TicketCompleted(ticket=ticket)
