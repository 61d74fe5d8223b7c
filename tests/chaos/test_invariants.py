"""Each invariant finds what breaks it, and nothing in an evening that was sound."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from core.room.duty import DutyBegan
from core.room.events import (
    ActUndone,
    DayOpened,
    Event,
    LetterGranted,
    PrintOutcome,
    PrintReported,
    Priority,
    Record,
    TicketCalled,
    TicketIssued,
    WaitsForgotten,
    WaitsTold,
)
from core.room.ids import DeviceId, DiskId, Letter, Number, PractitionerId, RoomId, ServiceId, TicketId, Token
from core.room.ordering import KioskTime
from core.room.outlook import Wait
from core.room.slips import restored
from core.room.state import fold
from core.wire.coding import encode_record
from core.wire.messages import IssuedReport, PrintedReport
from tests.chaos.evidence import Evidence, KioskDisk, Sight
from tests.chaos.invariants import check
from tests.chaos.reading import PaperSlip
from tests.chaos.schedule import Blow
from tests.chaos.tape import Entry

_NOW_MS = 1_768_233_600_000
_DISK = DiskId("9b2f6d0e1c8a47f3b5d4e6a7f8091c2d")
_NUMBERS = ("A001", "A002")
_FIRST = TicketId("ticket-a001")
_WAIT = Wait(p10_s=60, p25_s=120, p50_s=180, p75_s=240, p90_s=300)


def _issued(place: int, number: str) -> TicketIssued:
    return TicketIssued(
        ticket=TicketId(f"ticket-{number.lower()}"),
        number=Number(number),
        token=Token(f"token-of-{number}---"),
        service=ServiceId("consultation"),
        language="fr",
        kiosk=DeviceId("aubagne-kiosk"),
        disk=_DISK,
        disk_seq=place,
        ordered_at_ms=_NOW_MS + place,
        priority=Priority.ORDINARY,
        key_ms=_NOW_MS + place,
    )


def _history() -> list[Record[Event]]:
    events: list[Event] = [
        DayOpened(day="2026-01-12"),
        LetterGranted(disk=_DISK, kiosk=DeviceId("aubagne-kiosk"), letter=Letter("A")),
    ]
    place = count(1)
    for number in _NUMBERS:
        issued = _issued(next(place), number)
        events += [
            issued,
            PrintReported(ticket=issued.ticket, outcome=PrintOutcome.PRINTED, disk=_DISK, disk_seq=next(place)),
        ]
    events.append(DutyBegan(room=RoomId("room-1"), practitioner=PractitionerId("dr-vallon")))
    records = [Record(at_ms=_NOW_MS + n, event=event) for n, event in enumerate(events)]
    called = TicketCalled(ticket=TicketId("ticket-a001"), room=RoomId("room-1"))
    return [
        *records,
        Record(at_ms=_NOW_MS + 90, event=WaitsTold(newcomers={ServiceId("consultation"): _WAIT})),
        Record(at_ms=_NOW_MS + 100, event=called, cause="press-1"),
    ]


def _reports() -> list[IssuedReport | PrintedReport]:
    reports: list[IssuedReport | PrintedReport] = []
    for number in _NUMBERS:
        issued = IssuedReport(
            ticket=TicketId(f"ticket-{number.lower()}"),
            number=Number(number),
            token=Token(f"token-of-{number}---"),
            service=ServiceId("consultation"),
            language="fr",
            at=KioskTime(boot=1, mono_ms=1, wall_ms=_NOW_MS, is_synchronised=True),
        )
        reports += [issued, PrintedReport(ticket=issued.ticket, outcome=PrintOutcome.PRINTED)]
    return reports


def entry(at_s: float, kind: str, **what: object) -> Entry:
    return Entry(at_s=at_s, kind=kind, what=what)


def phone(at_s: float, state: str) -> Entry:
    return entry(at_s, "phone", token="token-of-A001---", told={"number": "A001", "state": state})


@pytest.fixture
def sound() -> Evidence:
    """Two patients, of whom one is called."""
    records = _history()
    bodies = [encode_record(record) for record in records]
    state = fold(records)
    return Evidence(
        tape=[
            entry(1.0, "touch", kiosk="kiosk", service="consultation"),
            entry(2.0, "served", kiosk="kiosk"),
            entry(2.5, "lamp", room="room-1", shows="steady"),
            entry(3.0, "lamp", room="room-1", shows="one-long"),
            entry(4.5, "lamp", room="room-1", shows="steady"),
            phone(3.5, "waiting"),
            phone(4.0, "called"),
            entry(4.5, "acknowledged", upto=6, stored=7),
            entry(5.0, "memory", process="kiosk", kb=40_000),
        ],
        blows=[],
        slips=[
            PaperSlip(file=f"{n}.bin", token=f"token-of-{number}---", number=Number(number))
            for n, number in enumerate(_NUMBERS)
        ],
        boards=[
            Sight(at_s=0.5, calls=(), is_stale=False),
            Sight(at_s=3.5, calls=((Number("A001"), "1"),), is_stale=False),
        ],
        labels={"room-1": "1", "room-2": "2"},
        kiosks={"kiosk": KioskDisk(disk=_DISK, first=1, reports=_reports())},
        records=records,
        bodies=bodies,
        state=state,
        stored={seq: body.decode() for seq, body in enumerate(bodies, 1)},
        stored_upto=len(bodies),
        stored_state=state,
        healed_after_s=1.0,
        last_lamps={"room-1": "steady"},
        last_page={"waiting": 1, "online": True},
        deaths={"kiosk": 1},
        restarts={"kiosk": 1},
        dead=[],
        not_passed={},
        complaints=[],
    )


def broken(seen: Evidence) -> set[int]:
    return {number for number, _ in check(seen)}


def test_a_sound_evening_breaks_nothing(sound: Evidence) -> None:
    assert check(sound) == []


def test_two_slips_with_one_number_are_found(sound: Evidence) -> None:
    again = PaperSlip(file="9.bin", token="token-of-A002---", number=Number("A001"))

    assert 1 in broken(replace(sound, slips=[*sound.slips, again]))


def test_an_evening_that_becomes_two_service_days_is_found(sound: Evidence) -> None:
    tomorrow = Record(at_ms=_NOW_MS + 200, event=DayOpened(day="2026-01-13"))

    assert 1 in broken(replace(sound, records=[*sound.records, tomorrow]))


@pytest.mark.parametrize(
    "token", ["token-nobody-knows", None, "token-of-A001---"], ids=["unknown", "unreadable", "again"]
)
def test_a_slip_that_is_not_in_the_store_exactly_once_is_found(sound: Evidence, token: str | None) -> None:
    stray = PaperSlip(file="9.bin", token=token, number=Number("A003"))

    assert 2 in broken(replace(sound, slips=[*sound.slips, stray]))


def test_a_slip_whose_print_is_not_what_the_store_says_is_found(sound: Evidence) -> None:
    first, second = sound.slips

    assert broken(replace(sound, slips=[first, replace(second, number=Number("A007"))])) == {2}


def test_an_entry_that_the_agent_lacks_is_found(sound: Evidence) -> None:
    stored = dict(sound.stored)
    del stored[3]

    assert {2, 3, 5} <= broken(replace(sound, stored=stored))


def test_a_ticket_that_its_kiosk_gave_and_the_site_never_heard_of_is_found(sound: Evidence) -> None:
    forgotten = replace(sound, records=[one for one in sound.records if getattr(one.event, "number", "") != "A002"])

    assert 3 in broken(forgotten)


def test_an_entry_that_is_acknowledged_before_it_is_stored_is_found(sound: Evidence) -> None:
    too_early = entry(5.0, "acknowledged", upto=7, stored=6)

    assert broken(replace(sound, tape=[*sound.tape, too_early])) == {3}


def test_a_room_that_holds_two_is_found(sound: Evidence) -> None:
    second = TicketCalled(ticket=TicketId("ticket-a002"), room=RoomId("room-1"))

    assert 4 in broken(replace(sound, records=[*sound.records, Record(at_ms=_NOW_MS + 200, event=second)]))


def test_a_room_that_calls_while_nobody_is_on_duty_is_found(sound: Evidence) -> None:
    second = TicketCalled(ticket=TicketId("ticket-a002"), room=RoomId("room-2"))

    assert 4 in broken(replace(sound, records=[*sound.records, Record(at_ms=_NOW_MS + 200, event=second)]))


def test_a_call_that_was_shown_and_is_forgotten_is_found(sound: Evidence) -> None:
    shown = Sight(at_s=4.0, calls=((Number("A002"), "2"),), is_stale=False)

    assert 4 in broken(replace(sound, boards=[*sound.boards, shown]))


def test_a_lamp_that_said_yes_to_a_press_that_was_not_done_is_found(sound: Evidence) -> None:
    yes = entry(9.0, "lamp", room="room-1", shows="one-long")

    assert broken(replace(sound, tape=[*sound.tape, yes])) == {4}


def test_a_phone_that_goes_back_is_found(sound: Evidence) -> None:
    assert broken(replace(sound, tape=[*sound.tape, phone(5.0, "waiting")])) == {5}


def test_a_phone_and_a_board_may_go_back_with_a_call_that_was_taken_back(sound: Evidence) -> None:
    undone = ActUndone(room=RoomId("room-1"), tickets=(restored(fold(sound.records[:-1]).tickets[_FIRST]),))
    records = [*sound.records, Record(at_ms=_NOW_MS + 200, event=undone)]
    back = Sight(at_s=4.5, calls=(), is_stale=False)

    seen = replace(sound, records=records, tape=[*sound.tape, phone(5.0, "waiting")], boards=[*sound.boards, back])

    assert 5 not in broken(seen)


@pytest.mark.parametrize(("is_stale", "expected"), [(False, {5}), (True, set())])
def test_a_board_that_goes_back_may_do_so_only_if_it_says_that_it_is_old(
    sound: Evidence, is_stale: bool, expected: set[int]
) -> None:
    back = Sight(at_s=4.0, calls=(), is_stale=is_stale)
    again = replace(sound.boards[1], at_s=5.0)

    assert broken(replace(sound, boards=[*sound.boards, back, again])) == expected


def test_a_network_that_never_caught_up_is_found(sound: Evidence) -> None:
    assert broken(replace(sound, healed_after_s=None)) == {6}


@pytest.mark.parametrize(
    "change",
    [
        {"stored_state": None},
        {"last_page": {"waiting": 2, "online": True}},
        {"last_page": {"waiting": 1, "online": False}},
        {"last_lamps": {"room-1": "double-flash"}},
    ],
)
def test_a_picture_that_is_not_the_centre_s_is_found(sound: Evidence, change: dict[str, object]) -> None:
    assert broken(replace(sound, **change)) == {6}


def test_a_centre_that_foretells_nobody_s_wait_any_more_is_found(sound: Evidence) -> None:
    silent = fold([Record(at_ms=_NOW_MS + 200, event=WaitsForgotten())], sound.state)

    assert broken(replace(sound, state=silent, stored_state=silent)) == {6}


@pytest.mark.parametrize(
    ("blow", "expected"),
    [
        (Blow(21.0, "kill", "kiosk"), set()),
        (Blow(21.0, "kill", "controller"), {7}),
        (Blow(21.0, "cut", "kiosk", "silent", 20.0), {7}),
    ],
)
def test_who_waits_for_a_slip_that_only_a_struck_kiosk_may_owe_is_found(
    sound: Evidence, blow: Blow, expected: set[int]
) -> None:
    tape = [*sound.tape, entry(20.0, "touch", kiosk="kiosk"), entry(35.0, "served", kiosk="kiosk")]

    assert broken(replace(sound, tape=tape, blows=[blow])) == expected


def test_a_lamp_that_does_not_tell_of_a_stopped_controller_is_found(sound: Evidence) -> None:
    assert broken(replace(sound, blows=[Blow(10.0, "pause", "controller", lasts_s=8.0)])) == {7}


def test_a_process_that_grows_is_found(sound: Evidence) -> None:
    assert broken(replace(sound, tape=[*sound.tape, entry(9.0, "memory", process="agent", kb=900_000)])) == {8}


@pytest.mark.parametrize(
    "change",
    [
        {"restarts": {"kiosk": 2}},
        {"dead": ["display"]},
        {"not_passed": {"agent": ["store.written-not-committed"]}},
        {"complaints": ["agent: Traceback (most recent call last):"]},
    ],
)
def test_a_process_that_dies_by_itself_or_stays_dead_or_complains_is_found(
    sound: Evidence, change: dict[str, object]
) -> None:
    assert broken(replace(sound, **change)) == {9}
