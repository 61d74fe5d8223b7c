"""Days of a small centre, laid into a journal: its one doctor sees everybody for 25 minutes from 9:00 on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from core.edge.journal import Journal
from core.room import events as e
from core.room.ids import DeviceId, DiskId, Number, PractitionerId, RoomId, ServiceId, TicketId, Token
from core.wire.coding import encode_record
from provisioning.tree import Tree
from tests.firmware.controller.test_controller import DISK, Centre
from tests.firmware.controller.test_rebuild import set_key
from tests.mosquitto import Mosquitto

__all__ = ["DAY_MS", "FOUR_MS", "MINUTE_MS", "day", "days", "lay", "running"]

ROOM, DOCTOR = RoomId("room-1"), PractitionerId("dr-vallon")
FOUR_MS = 1_795_143_600_000
"""20 November 2026, 4:00 in Paris: a day begins."""
MINUTE_MS, DAY_MS = 60_000, 86_400_000
_PATIENTS = 12
_VISIT_MIN = 25


def days(count: int) -> list[e.Record[e.Event]]:
    """So many days, and the opening of the next one."""
    return [record for number in range(count) for record in day(number)] + _opening(count)


def lay(data: Path, records: list[e.Record[e.Event]]) -> str:
    """Returns the journal's epoch."""
    with Journal(data / "site.journal") as journal:
        journal.append([encode_record(record) for record in records])
        return journal.epoch


def day(number: int) -> list[e.Record[e.Event]]:
    nine_ms = FOUR_MS + number * DAY_MS + 5 * 60 * MINUTE_MS
    happened: list[tuple[float, e.Event]] = [(0, e.DutyBegan(room=ROOM, practitioner=DOCTOR))]
    for place in range(_PATIENTS):
        ticket = _issued(number * _PATIENTS + place + 1, place, nine_ms)
        called = 1 + place * _VISIT_MIN
        happened += [
            (0.5, ticket),
            (called, e.TicketCalled(ticket=ticket.ticket, room=ROOM, practitioner=DOCTOR)),
            (called + 1, e.ServiceStarted(ticket=ticket.ticket)),
            (called + _VISIT_MIN - 0.5, e.TicketCompleted(ticket=ticket.ticket)),
        ]
    happened.append((12 * 60, e.DutyEnded(room=ROOM, reason="said")))
    by_time = sorted(happened, key=lambda one: one[0])
    return _opening(number) + [e.Record(at_ms=nine_ms + round(at * MINUTE_MS), event=event) for at, event in by_time]


def _opening(number: int) -> list[e.Record[e.Event]]:
    opened = e.DayOpened(day=f"2026-11-{20 + number}")
    return [e.Record(at_ms=FOUR_MS + number * DAY_MS, event=opened)]


def _issued(disk_seq: int, place: int, at_ms: int) -> e.TicketIssued:
    return e.TicketIssued(
        ticket=TicketId(f"ticket-{disk_seq}"),
        number=Number(f"A{place + 1:03d}"),
        token=Token(f"{disk_seq:016d}"),
        service=ServiceId("consultation"),
        language="fr",
        kiosk=DeviceId("aubagne-kiosk-1"),
        disk=DiskId(DISK),
        disk_seq=disk_seq,
        ordered_at_ms=at_ms,
        priority=e.Priority.ORDINARY,
        key_ms=at_ms,
    )


@contextmanager
def running(tree: Tree, broker: Mosquitto, records: list[e.Record[e.Event]]) -> Iterator[Centre]:
    """A real controller with forecasts, at 10:00 of the second day, on a journal that has these records."""
    with ExitStack() as stack:
        centre = Centre(stack, tree, broker)
        ten_ms = FOUR_MS + DAY_MS + 6 * 60 * MINUTE_MS
        for key, value in (("forecasts", "true"), ("origin_ms", time.time_ns() // 1_000_000), ("start_ms", ten_ms)):
            set_key(centre, key, value)
        (centre.folder / "data").mkdir()
        if records:
            lay(centre.folder / "data", records)
        centre.start()
        assert centre.ask({"kind": "letter", "disk": DISK})["letter"] == "A"
        centre.come_on_duty()
        yield centre
