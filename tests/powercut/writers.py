"""The processes whose power is cut: each writes with the product's own code and tells what it would tell the outside.

Run with a disk that remembers (`disk.c`); a told line stands in its recording between the writes, at its own place.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.store.store import Changes, SiteRow, Store
from agent.stream import Stream, bodies_of, follow
from core.edge.clock import ManualClock
from core.edge.journal import Journal, open_journal
from core.edge.outbox import Outbox
from core.edge.presence import count_boot
from core.room.commands import AdmitTicket, GrantLetter, Press
from core.room.decide import CommandRejected
from core.room.events import PrintOutcome
from core.room.ids import DeviceId, DiskId, Letter, RoomId, ServiceId, SiteId, Token
from core.room.ordering import KioskTime
from core.room.passage import Policy
from core.wire.coding import decode, encode_record, wrap_log
from core.wire.identity import new_id, new_token
from core.wire.messages import IssuedReport, LogBatch, Screen
from firmware.controller.sequencer import Sequencer
from firmware.kept import KeptScreen
from firmware.kiosk.desk.count import next_number
from firmware.kiosk.desk.store import open_store
from tests.agent.site import Day, records
from tests.firmware.stage import make_screen

SITE, KIOSK, EPOCH = SiteId("aubagne"), DeviceId("aubagne-kiosk-1"), "e" * 32


def tell(**values: object) -> None:
    """One line to the outside, in one write."""
    os.write(1, json.dumps(values).encode() + b"\n")


class Herald:
    """Tells each entry of a journal once it is durable; first those that are there already."""

    def __init__(self, journal: Journal) -> None:
        self._journal, self._upto = journal, journal.first - 1
        self.tell_new()

    def tell_new(self) -> None:
        for body in self._journal.read(self._upto, 10_000):
            self._upto += 1
            tell(seq=self._upto, body=body.decode())


def kiosk(data: Path, chance: random.Random, synchronous: str | None) -> None:
    """Tickets given and printed, sent and acknowledged now and then, over days that begin."""
    boot = count_boot(data)
    tell(boot=boot)
    store, aside = open_store(data / "tickets.db")
    if synchronous:
        store.journal._db.execute(f"PRAGMA synchronous={synchronous}")
    tell(disk=store.disk, aside=bool(aside))
    herald = Herald(store.journal)

    def send(first: int, bodies: Sequence[bytes]) -> bool:
        taken.append(first + chance.randrange(len(bodies)))
        return True

    taken: list[int] = []
    outbox = Outbox(store.journal, send)
    for turn in range(40):
        day = f"2026-{boot:02d}-{1 + turn // 15:02d}"
        store.hear(_screen(day, store.disk))
        number = next_number(store.count)
        assert number
        at = KioskTime(boot=boot, mono_ms=turn, wall_ms=turn, is_synchronised=False)
        report = IssuedReport(
            ticket=new_id(), number=number, token=new_token(), service="consultation", language="fr", at=at
        )
        store.issue(report)
        tell(given=number, day=day)
        store.note(report.ticket, PrintOutcome.PRINTED)
        herald.tell_new()
        outbox.pump(turn)
        if taken and chance.random() < 0.3:
            tell(taken=max(taken))
            outbox.acknowledged(store.disk, max(taken), turn)
            taken.clear()
    if chance.random() < 0.5:
        store.journal.close()


def _screen(day: str, disk: DiskId) -> Screen:
    letters = {disk: Letter("A")}
    return Screen(
        epoch="e", rev=1, beat="1", at_ms=0, day=day, rooms=[], calls=[], waiting=[], last_numbers={}, letters=letters
    )


def site(data: Path, chance: random.Random, synchronous: str | None) -> None:
    """The sequencer of a centre: batches of tickets and presses, acknowledged now and then, over days that begin."""
    boot = count_boot(data)
    tell(boot=boot)
    journal, aside = open_journal(data / "site.journal")
    if synchronous:
        journal._db.execute(f"PRAGMA synchronous={synchronous}")
    clock = ManualClock(1_795_366_800_000 + boot * 5 * 86_400_000)
    sequencer = Sequencer(journal, clock, ZoneInfo("Europe/Paris"), Policy())
    tell(disk=journal.epoch, aside=bool(aside))
    herald = Herald(journal)
    disk = DiskId(new_id())
    sequencer.let_time_pass()
    sequencer.submit(GrantLetter(disk=disk, kiosk=KIOSK))
    for turn in range(1, 41):
        sequencer.let_time_pass()
        for place in (2 * turn - 1, 2 * turn):
            sequencer.submit_report(_ticket(disk, place, sequencer.now_ms()))
        with contextlib.suppress(CommandRejected):  # nobody waits any more
            sequencer.submit(Press(room=RoomId("room-1")))
        sequencer.commit()
        herald.tell_new()
        if chance.random() < 0.3:
            tell(taken=journal.last)
            journal.acknowledge(journal.last)
        clock.advance(3600)
    if chance.random() < 0.5:
        journal.close()


def _ticket(disk: DiskId, place: int, now_ms: int) -> AdmitTicket:
    return AdmitTicket(
        ticket=new_id(),
        number=f"A{place:03d}",
        token=Token(new_token()),
        service=ServiceId("consultation"),
        language="fr",
        kiosk=KIOSK,
        disk=disk,
        disk_seq=place,
        ordered_at_ms=now_ms,
    )


def agent(data: Path, chance: random.Random, synchronous: str | None) -> None:
    """The agent's store: batches of a site's journal, each written and then acknowledged."""
    tell(boot=count_boot(data))
    store = Store(f"sqlite:///{data / 'agent.db'}")
    if synchronous:
        with store._engine.connect() as pooled:
            pooled.exec_driver_sql(f"PRAGMA synchronous={synchronous}")
    stream = store.stream(SITE, EPOCH) or Stream(site=SITE, epoch=EPOCH)
    tell(disk=EPOCH, aside=False)
    day = Day(f"2026-11-{1 + stream.upto % 28:02d}")
    events = day.busy(patients=30)
    while events:
        size = chance.randrange(1, 12)
        batch, events = events[:size], events[size:]
        payload = wrap_log(EPOCH, stream.upto + 1, [encode_record(one) for one in records(*batch)])
        followed = follow(stream, decode(LogBatch, payload), bodies_of(payload))
        assert followed
        key = SITE, EPOCH
        row = SiteRow(site=SITE, epoch=EPOCH, as_of_ms=followed.stream.at_ms)
        store.write(Changes(entries={key: followed.entries}, streams={key: followed.stream}, sites={SITE: row}))
        stream = followed.stream
        for entry in followed.entries:
            tell(seq=entry.seq, body=entry.body)
    if chance.random() < 0.5:
        store.close()


def room(data: Path, chance: random.Random, _synchronous: str | None) -> None:
    """A room unit, or a display: the newest screen, kept."""
    boot = count_boot(data)
    tell(boot=boot)
    kept = KeptScreen(data)
    for turn in range(40):
        waiting = tuple(f"A{n:03d}" for n in range(1, chance.randrange(2, 300)))
        kept.keep(make_screen(100 * boot + turn, waiting=waiting), float(10 * turn))
        assert kept.fault is None


_WRITERS: dict[str, Callable[[Path, random.Random, str | None], None]] = {
    "kiosk": kiosk,
    "site": site,
    "agent": agent,
    "room": room,
}

if __name__ == "__main__":
    _WRITERS[sys.argv[1]](Path(sys.argv[2]), random.Random(sys.argv[3]), sys.argv[4] or None)
