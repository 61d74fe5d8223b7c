"""Deciding, committing, starting again."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.edge.clock import ManualClock
from core.edge.journal import CorruptJournal, Journal, JournalFault
from core.room.commands import AdmitTicket, CallNext, GrantLetter, OpenDay, Press
from core.room.decide import CommandRejected
from core.room.events import DayOpened, ServiceStarted, TicketCalled, TicketIssued
from core.room.ids import DeviceId, DiskId, Number, RoomId, ServiceId, TicketId, Token
from core.room.passage import Policy
from core.room.state import fingerprint
from core.room.transitions import TicketState
from firmware.controller.sequencer import Sequencer

DISK, KIOSK, ROOM = DiskId("disk-1"), DeviceId("kiosk-1"), RoomId("room-1")
EVENING_MS = 1_795_366_800_000
"""22 November 2026, 18:00 in Paris."""


def ticket(n: int) -> AdmitTicket:
    return AdmitTicket(
        ticket=TicketId(f"ticket-{n}"),
        number=Number(f"A{n:03d}"),
        token=Token(f"{n:016d}"),
        service=ServiceId("consultation"),
        language="fr",
        kiosk=KIOSK,
        disk=DISK,
        disk_seq=n,
        ordered_at_ms=EVENING_MS + n,
    )


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(EVENING_MS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "site.journal"


def opened(path: Path, clock: ManualClock) -> Sequencer:
    return Sequencer(Journal(path), clock, ZoneInfo("Europe/Paris"), Policy())


@pytest.fixture
def sequencer(path: Path, clock: ManualClock) -> Sequencer:
    sequencer = opened(path, clock)
    sequencer.let_time_pass()
    sequencer.submit(GrantLetter(disk=DISK, kiosk=KIOSK))
    sequencer.commit()
    return sequencer


def test_everything_staged_is_one_commit(sequencer: Sequencer) -> None:
    before = sequencer.seq
    sequencer.submit_report(ticket(1))
    sequencer.submit(CallNext(room=ROOM))

    assert sequencer.seq == before
    assert [type(record.event) for record in sequencer.commit()] == [TicketIssued, TicketCalled]
    assert sequencer.seq == before + 2


def test_two_rooms_pressing_at_the_same_instant_call_two_patients(sequencer: Sequencer) -> None:
    sequencer.submit_report(ticket(1))
    sequencer.submit_report(ticket(2))
    sequencer.submit(Press(room=ROOM))
    sequencer.submit(Press(room=RoomId("room-2")))
    with pytest.raises(CommandRejected, match="nobody waits"):
        sequencer.submit(Press(room=RoomId("room-3")))
    sequencer.commit()

    called = {one.room: one.number for one in sequencer.state.tickets.values()}
    assert called == {"room-1": "A001", "room-2": "A002"}


def test_after_a_restart_the_state_is_the_same(sequencer: Sequencer, path: Path, clock: ManualClock) -> None:
    for n in range(1, 6):
        sequencer.submit_report(ticket(n))
    sequencer.submit(Press(room=ROOM))
    sequencer.commit()
    sequencer.journal.close()

    again = opened(path, clock)

    assert again.state == sequencer.state
    assert fingerprint(again.state) == fingerprint(sequencer.state)


def test_what_was_not_committed_has_not_happened(sequencer: Sequencer, path: Path, clock: ManualClock) -> None:
    durable = sequencer.state
    sequencer.submit_report(ticket(1))
    sequencer.journal.close()

    assert opened(path, clock).state == durable


def test_a_disk_that_refuses_leaves_the_state_as_the_disk_has_it(sequencer: Sequencer, path: Path) -> None:
    sequencer.submit_report(ticket(1))
    sequencer.commit()
    durable = sequencer.state
    other = sqlite3.connect(path, timeout=0)
    other.execute("BEGIN IMMEDIATE")
    sequencer.journal._db.execute("PRAGMA busy_timeout=0")

    sequencer.submit(Press(room=ROOM))
    with pytest.raises(JournalFault):
        sequencer.commit()
    assert sequencer.state == durable

    other.close()
    sequencer.submit(Press(room=ROOM))
    assert len(sequencer.commit()) == 1


def test_a_start_reads_one_day_and_not_the_years_before(sequencer: Sequencer, path: Path, clock: ManualClock) -> None:
    for n in range(1, 4):
        sequencer.submit_report(ticket(n))
    sequencer.commit()
    clock.advance(86_400)
    sequencer.let_time_pass()
    sequencer.commit()
    sequencer.submit_report(ticket(4))
    sequencer.commit()
    yesterday = sequencer.seq - 2
    sequencer.journal.acknowledge(sequencer.seq)
    sequencer.journal.prune(yesterday)
    sequencer.journal.close()

    again = opened(path, clock)

    assert again.state == sequencer.state
    assert again.state.reported == {DISK: 4}


def test_an_entry_that_could_not_have_happened_is_a_corrupt_journal(sequencer: Sequencer, path: Path) -> None:
    sequencer.journal.append([b'{"at_ms":1,"event":{"kind":"ticket-completed","ticket":"nobody"}}'])
    sequencer.journal.close()

    with pytest.raises(CorruptJournal, match="entry 3: no ticket nobody"):
        opened(path, ManualClock(EVENING_MS))


def test_a_patient_called_a_grace_time_ago_is_with_the_doctor(sequencer: Sequencer, clock: ManualClock) -> None:
    sequencer.submit_report(ticket(1))
    sequencer.submit(Press(room=ROOM))
    sequencer.let_time_pass()
    assert ServiceStarted not in {type(record.event) for record in sequencer.commit()}

    clock.advance(180)
    sequencer.let_time_pass()

    assert [type(record.event) for record in sequencer.commit()] == [ServiceStarted]
    assert sequencer.state.tickets[TicketId("ticket-1")].state is TicketState.IN_SERVICE


def test_the_day_changes_at_four_and_only_with_a_clock_that_has_been_set(
    sequencer: Sequencer, path: Path, clock: ManualClock
) -> None:
    assert sequencer.state.day == "2026-11-22"
    clock.advance(10 * 3600 - 1)
    sequencer.let_time_pass()
    assert sequencer.commit() == []

    clock.synchronised = False
    sequencer.journal.close()
    sequencer = opened(path, clock)
    clock.advance(2)
    sequencer.let_time_pass()
    assert sequencer.commit() == []

    clock.synchronised = True
    sequencer.let_time_pass()
    assert [record.event for record in sequencer.commit()] == [DayOpened(day="2026-11-23")]


def test_a_day_never_begins_again(sequencer: Sequencer) -> None:
    with pytest.raises(CommandRejected, match="is open") as rejected:
        sequencer.submit(OpenDay(day="2026-11-22", began_ms=EVENING_MS))
    assert rejected.value.code == "day-already-open"
