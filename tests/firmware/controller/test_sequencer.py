"""Deciding, committing, starting again."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.edge.clock import ManualClock
from core.edge.journal import CorruptJournal, Journal, JournalFault
from core.room.commands import (
    AdmitTicket,
    CallNext,
    ComeOnDuty,
    GoOffDuty,
    GrantLetter,
    OpenDay,
    Press,
    RaiseWarning,
    SetPriority,
    StayUntil,
    Undo,
)
from core.room.decide import CommandRejected
from core.room.duty import unnamed
from core.room.events import (
    ActUndone,
    ClockSet,
    DayOpened,
    DutyEnded,
    IntakeStopped,
    Priority,
    ServiceStarted,
    TicketCalled,
    TicketIssued,
)
from core.room.ids import DeviceId, DiskId, Number, PractitionerId, RoomId, ServiceId, TicketId, Token
from core.room.opening import Opening
from core.room.passage import Policy
from core.room.roster import Roster, Shift
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
    for room in (ROOM, "room-2", "room-3"):
        sequencer.submit(ComeOnDuty(room=RoomId(room)))
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

    with pytest.raises(CorruptJournal, match="entry 6: no ticket nobody"):
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
    assert sequencer.commit()[-1].event == DayOpened(day="2026-11-23")


def test_a_day_never_begins_again(sequencer: Sequencer) -> None:
    with pytest.raises(CommandRejected, match="is open") as rejected:
        sequencer.submit(OpenDay(day="2026-11-22", began_ms=EVENING_MS))
    assert rejected.value.code == "day-already-open"


def called(sequencer: Sequencer, room: RoomId = ROOM) -> str | None:
    ticket = sequencer.state.in_room(room)
    return ticket.number if ticket else None


def test_the_last_act_of_a_room_can_be_taken_back_once(sequencer: Sequencer) -> None:
    sequencer.submit_report(ticket(1))
    before = sequencer.state
    sequencer.submit_act(CallNext(room=ROOM), "q1", ROOM)
    sequencer.commit()

    sequencer.submit_act(Undo(room=ROOM), "q2", ROOM)

    (undone,) = sequencer.commit()
    assert (type(undone.event), undone.cause) == (ActUndone, "q2")
    assert sequencer.state == before
    with pytest.raises(CommandRejected) as rejected:
        sequencer.submit_act(Undo(room=ROOM), "q3", ROOM)
    assert rejected.value.code == "nothing-to-undo"


def test_each_room_takes_its_own_act_back(sequencer: Sequencer) -> None:
    for n in (1, 2):
        sequencer.submit_report(ticket(n))
    sequencer.submit_act(CallNext(room=ROOM), "q1", ROOM)
    sequencer.submit_act(CallNext(room=RoomId("room-2")), "q2", RoomId("room-2"))

    sequencer.submit_act(Undo(room=ROOM), "q3", ROOM)

    assert (called(sequencer), called(sequencer, RoomId("room-2"))) == (None, "A002")


def test_an_act_on_a_ticket_is_taken_back_by_the_room_that_asked_for_it(sequencer: Sequencer) -> None:
    sequencer.submit_report(ticket(1))
    urgent = SetPriority(ticket=TicketId("ticket-1"), priority=Priority.URGENT)
    sequencer.submit_act(urgent, "q1", RoomId("room-2"))

    sequencer.submit_act(Undo(room=RoomId("room-2")), "q2", RoomId("room-2"))

    assert sequencer.state.tickets[TicketId("ticket-1")].priority is Priority.ORDINARY


def test_what_changes_nothing_leaves_the_act_before_it_to_be_taken_back(sequencer: Sequencer) -> None:
    sequencer.submit_report(ticket(1))
    sequencer.submit_act(CallNext(room=ROOM), "q1", ROOM)
    sequencer.submit_act(RaiseWarning(device=KIOSK), "q2", None)
    sequencer.submit_act(Press(room=ROOM), "q3", ROOM)  # acknowledges it

    sequencer.submit_act(Undo(room=ROOM), "q4", ROOM)

    assert called(sequencer) is None


def test_an_act_that_the_disk_refused_cannot_be_taken_back_and_one_before_it_can(
    sequencer: Sequencer, path: Path
) -> None:
    for n in (1, 2):
        sequencer.submit_report(ticket(n))
    sequencer.submit_act(CallNext(room=ROOM), "q1", ROOM)
    sequencer.commit()
    other = sqlite3.connect(path, timeout=0)
    other.execute("BEGIN IMMEDIATE")
    sequencer.journal._db.execute("PRAGMA busy_timeout=0")
    sequencer.submit_act(Undo(room=ROOM), "q2", ROOM)
    with pytest.raises(JournalFault):
        sequencer.commit()
    other.close()
    assert called(sequencer) == "A001"

    sequencer.submit_act(Undo(room=ROOM), "q3", ROOM)
    sequencer.commit()

    assert called(sequencer) is None


def test_after_a_restart_nothing_can_be_taken_back(sequencer: Sequencer, path: Path, clock: ManualClock) -> None:
    sequencer.submit_report(ticket(1))
    sequencer.submit_act(CallNext(room=ROOM), "q1", ROOM)
    sequencer.commit()
    sequencer.journal.close()

    with pytest.raises(CommandRejected) as rejected:
        opened(path, clock).submit_act(Undo(room=ROOM), "q2", ROOM)

    assert rejected.value.code == "nothing-to-undo"


def test_a_plan_that_comes_during_the_day_holds_from_the_next_press_on(
    sequencer: Sequencer, path: Path, clock: ManualClock
) -> None:
    vallon, room = PractitionerId("dr-vallon"), RoomId("room-4")
    shift = Shift(practitioner=vallon, room=room, begins_ms=EVENING_MS, ends_ms=EVENING_MS + 4 * 3_600_000)
    sequencer.policy = Policy(roster=Roster(shifts=[shift]))

    sequencer.submit_act(Press(room=room), "q1", room)

    assert sequencer.state.duties[room].practitioner == vallon
    assert sequencer.state.duties[room].until_ms == shift.ends_ms


def test_who_has_left_without_saying_goes_off_duty_and_a_full_evening_stops_the_kiosks_by_time_alone(
    sequencer: Sequencer, clock: ManualClock
) -> None:
    sequencer.policy = Policy(opening=Opening(zone=ZoneInfo("Europe/Paris")))
    for room in ("room-2", "room-3"):
        sequencer.submit(GoOffDuty(room=RoomId(room)))
    sequencer.submit(StayUntil(room=ROOM, until_ms=EVENING_MS + 3_600_000))
    for n in (1, 2, 3):
        sequencer.submit_report(ticket(n))
    sequencer.commit()
    sequencer.let_time_pass()
    assert sequencer.commit() == [], "an hour is left for three visits"

    clock.advance(1200)
    sequencer.let_time_pass()
    assert [record.event for record in sequencer.commit()] == [IntakeStopped()]

    clock.advance(2400 + 1800)
    sequencer.let_time_pass()
    events = [record.event for record in sequencer.commit()]
    assert DutyEnded(room=ROOM, reason="silent") in events


def test_a_plan_says_nothing_while_nobody_knows_the_hour(sequencer: Sequencer, path: Path, clock: ManualClock) -> None:
    sequencer.journal.close()
    clock.synchronised = False
    again = opened(path, clock)
    room = RoomId("room-4")
    shift = Shift(practitioner=PractitionerId("dr-vallon"), room=room, begins_ms=0, ends_ms=EVENING_MS * 2)
    closed = Opening(week=(None,) * 7)
    again.policy = Policy(roster=Roster(shifts=[shift]), opening=closed)

    again.let_time_pass()
    again.submit_act(Press(room=room), "q1", room)

    assert again.state.duties[room].practitioner == unnamed(room)
    assert not again.state.intake.is_stopped


def test_a_doctor_who_comes_before_the_clock_is_set_stays_on_duty_when_the_day_opens(
    sequencer: Sequencer, path: Path, clock: ManualClock
) -> None:
    sequencer.journal.close()
    clock.synchronised = False
    again = opened(path, clock)
    room = RoomId("room-4")
    again.submit_act(Press(room=room), "q1", room)
    again.commit()
    again.journal.close()
    again = opened(path, clock)

    clock.jump(13 * 3600)
    clock.synchronised = True
    again.let_time_pass()

    assert [record.event for record in again.commit() if isinstance(record.event, ClockSet)]
    assert [room for room in again.state.duties if again.state.on_duty(room)] == [room]
    assert again.state.duties[room].since_ms == again.now_ms()
