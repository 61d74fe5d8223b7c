"""What the centre's screens are told of a day, and what the network is alerted to."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from core.room import events as e
from core.room.ids import DeviceId, Number, PractitionerId, ServiceId, TicketId
from core.room.opening import Opening
from core.room.outlook import Told, Wait
from core.room.passage import Policy
from core.room.roster import Roster, Shift
from core.room.state import SiteState, fold
from core.wire.coding import decode, encode
from core.wire.messages import Doubt, Elsewhere, Expected, Kept, Parked, Ringing, Screen, Waiting
from firmware.controller.alerts import alerts_of
from firmware.controller.screen import screen_of
from tests.core.room.given import (
    CONSULTATION,
    NINE,
    ROOM_1,
    ROOM_2,
    SMALL_WOUND,
    a_morning,
    called,
    issued,
    on_duty,
    ticket,
)

VALLON, ARNAUD = PractitionerId("dr-vallon"), PractitionerId("dr-arnaud")
MINUTE, HOUR = 60_000, 3_600_000
CLOSING = NINE + 13 * HOUR
NAMES = {VALLON: "Dr Vallon", ARNAUD: "Dr Arnaud"}
PLAN = Roster(shifts=[Shift(practitioner=ARNAUD, room=ROOM_2, begins_ms=NINE, ends_ms=CLOSING)], names=NAMES)
WAIT = Wait(p10_s=86_400, p25_s=86_400, p50_s=86_400, p75_s=86_400, p90_s=86_400, in_time=100)
OPEN = Opening(zone=ZoneInfo("Europe/Paris"))


def day(*events: e.Event) -> SiteState:
    return fold(e.Record(at_ms=NINE, event=event) for event in events)


def shown(state: SiteState, policy: Policy | None = None, *, at_ms: int = NINE, is_hour_certain: bool = True) -> Screen:
    """As a device reads it."""
    screen = screen_of(
        state,
        [ROOM_1, ROOM_2],
        policy or Policy(),
        is_hour_certain=is_hour_certain,
        epoch="epoch",
        rev=1,
        beat="1.0",
        at_ms=at_ms,
    )
    return decode(Screen, encode(screen))


def test_a_room_shows_its_doctor_whom_it_is_with_and_who_follows() -> None:
    state = day(
        *a_morning("A001", "A002", "A003", "A004", "A005"),
        on_duty(ROOM_2, who=VALLON, until_min=600),
        called("A001"),
        e.ServiceStarted(ticket=ticket("A001")),
    )

    room = shown(state, Policy(roster=Roster(names=NAMES))).rooms[1]

    assert (room.number, room.ticket, room.is_in_service) == ("A001", ticket("A001"), True)
    assert (room.called_at_ms, room.started_at_ms) == (NINE, NINE)
    assert (room.duty, room.practitioner, room.practitioner_id) == ("on", "Dr Vallon", VALLON)
    assert room.until_ms == NINE + 10 * HOUR
    assert (room.waiting, room.next) == (4, ["A002", "A003", "A004"])


def test_a_room_without_a_doctor_shows_none_but_who_would_be_called() -> None:
    state = day(e.DayOpened(day="2026-11-22"), *a_morning("A001")[3:])

    room = shown(state).rooms[0]

    assert (room.duty, room.practitioner, room.practitioner_id, room.until_ms) == ("off", None, None, None)
    assert (room.waiting, room.next) == (1, ["A001"])


def test_each_room_counts_those_whom_it_may_serve() -> None:
    state = day(*a_morning("A001"), issued("A002", minute=5, service=SMALL_WOUND, disk_seq=2))

    first, second = shown(state, Policy(rooms={ROOM_1: frozenset({SMALL_WOUND})})).rooms

    assert (first.next, second.next) == (["A002"], ["A001", "A002"])


def test_a_patient_who_is_away_for_an_exam_is_shown_by_the_room_that_waits_for_them() -> None:
    state = day(
        *a_morning("A001"),
        called("A001"),
        e.ServiceStarted(ticket=ticket("A001")),
        e.TicketParked(ticket=ticket("A001"), owner=PractitionerId("doctor-of-room-2")),
    )

    assert [room.parked for room in shown(state).rooms] == [[], [Parked(ticket=ticket("A001"), number="A001")]]


def test_those_who_wait_are_named_so_that_a_room_can_ask_for_an_act() -> None:
    assert shown(day(*a_morning("A001"))).waiting == [
        Waiting(
            ticket=ticket("A001"), number="A001", service="consultation", priority=e.Priority.ORDINARY, since_ms=NINE
        )
    ]


def test_a_day_on_which_every_number_of_a_kiosk_waits_still_fits_a_screen_and_its_copies() -> None:
    """With twelve rooms, a score put aside by each, long names, real ids, and each told how long it takes."""
    numbers = [f"A{n:03d}" for n in range(1, 1000)]
    services = [ServiceId(f"{n}" + "s" * 31) for n in range(6)]
    told = e.WaitsTold(tickets=dict.fromkeys(map(ticket, numbers), WAIT), newcomers=dict.fromkeys(services, WAIT))
    screen = shown(day(*a_morning(*numbers), told))
    one = TicketId("5f0c8b1e9d3a4c7fa2b6e1d08c94f357")
    parked = [Parked(ticket=one, number=Number("B001"))] * 20
    full = {"ticket": one, "number": "C001", "practitioner": "é" * 60, "practitioner_id": "p" * 32, "parked": parked}
    room = screen.rooms[0].model_copy(update={**full, "called_at_ms": NINE, "started_at_ms": NINE, "until_ms": NINE})
    waiting = [who.model_copy(update={"ticket": one, "service": "s" * 32}) for who in screen.waiting]
    far = Elsewhere(name="é" * 40, distance_m=99_999, closes_ms=CLOSING, waiting=99, wait=WAIT, heard_ms=NINE)
    screen = screen.model_copy(update={"rooms": [room] * 12, "waiting": waiting, "elsewhere": [far] * 3})

    assert len(screen.waiting) == 999
    assert decode(Screen, encode(screen)) == screen
    assert decode(Kept, encode(Kept(screen=screen))).screen == screen


def test_a_warning_rings_until_it_is_acknowledged() -> None:
    raised = e.WarningRaised(device=DeviceId("aubagne-kiosk-1"))

    assert shown(day(*a_morning(), raised)).warning == Ringing(device=DeviceId("aubagne-kiosk-1"), at_ms=NINE)
    assert shown(day(*a_morning(), raised, e.WarningAcknowledged(room=ROOM_1))).warning is None


@pytest.mark.parametrize(
    ("at_ms", "is_stopped", "intake", "opens_ms", "closes_ms"),
    [
        (NINE - 1, False, "closed", NINE, None),
        (NINE, False, "open", None, CLOSING),
        (CLOSING - 1, False, "open", None, CLOSING),
        (CLOSING - 1, True, "full", NINE + 24 * HOUR, CLOSING),
        (CLOSING, False, "closed", NINE + 24 * HOUR, None),
        (CLOSING, True, "closed", NINE + 24 * HOUR, None),
    ],
)
def test_kiosks_hear_whether_the_centre_takes_patients(
    at_ms: int, is_stopped: bool, intake: str, opens_ms: int | None, closes_ms: int | None
) -> None:
    state = day(*a_morning(), *([e.IntakeStopped()] if is_stopped else []))

    screen = shown(state, Policy(opening=OPEN), at_ms=at_ms)

    assert (screen.intake, screen.opens_ms, screen.closes_ms) == (intake, opens_ms, closes_ms)


@pytest.mark.parametrize(("policy", "is_hour_certain"), [(Policy(), True), (Policy(opening=OPEN), False)])
def test_without_hours_or_without_the_true_hour_a_centre_is_open(policy: Policy, is_hour_certain: bool) -> None:
    state = day(*a_morning(), e.IntakeStopped())

    screen = shown(state, policy, at_ms=CLOSING + HOUR, is_hour_certain=is_hour_certain)

    assert (screen.intake, screen.opens_ms, screen.closes_ms) == ("open", None, None)


def test_a_doctor_who_has_not_come_and_one_who_has_not_left_are_questions_and_alerts() -> None:
    state = day(e.DayOpened(day="2026-11-22"), on_duty(ROOM_1, who=VALLON, until_min=20))
    policy, at_ms = Policy(roster=PLAN), NINE + 30 * MINUTE

    assert shown(state, policy, at_ms=at_ms).doubts == [
        Doubt(kind="missing", room=ROOM_2, practitioner="Dr Arnaud", since_ms=NINE),
        Doubt(kind="past-end", room=ROOM_1, practitioner="Dr Vallon", since_ms=NINE + 20 * MINUTE),
    ]
    assert [(alert.code, alert.detail) for alert in alerts_of(state, policy, at_ms)] == [
        ("doctor-missing", "planned and not on duty: Dr Arnaud in room-2"),
        ("duty-past-end", "on duty past the end: Dr Vallon in room-1"),
    ]


def test_a_doctor_without_a_name_is_somebody() -> None:
    state = day(e.DayOpened(day="2026-11-22"))

    (alert,) = alerts_of(state, Policy(roster=replace(PLAN, names={})), NINE + HOUR)

    assert alert.detail == "planned and not on duty: somebody in room-2"


def test_while_nobody_knows_the_hour_no_doctor_is_missed() -> None:
    state = day(e.DayOpened(day="2026-11-22"))

    assert shown(state, Policy(roster=PLAN), at_ms=NINE + HOUR, is_hour_certain=False).doubts == []


def test_a_day_on_which_all_is_well_has_no_alerts() -> None:
    assert alerts_of(day(*a_morning("A001")), Policy(), NINE) == []


def test_those_who_wait_and_newcomers_are_shown_what_they_are_told() -> None:
    told = e.WaitsTold(tickets={ticket("A002"): WAIT}, newcomers={CONSULTATION: WAIT})

    screen = shown(day(*a_morning("A001", "A002"), told))

    assert [one.told for one in screen.waiting] == [None, Told(at_ms=NINE, wait=WAIT)]
    assert screen.newcomers == {CONSULTATION: WAIT}
    assert shown(day(*a_morning("A001"), told, e.WaitsForgotten())).newcomers == {}


def test_of_a_very_long_queue_only_the_first_are_shown_how_long_it_takes() -> None:
    numbers = [f"A{n:03d}" for n in range(1, 100)]
    screen = shown(day(*a_morning(*numbers), e.WaitsTold(tickets=dict.fromkeys(map(ticket, numbers), WAIT))))

    assert [one.told is not None for one in screen.waiting] == [True] * 60 + [False] * 39


def test_while_nobody_is_on_duty_it_is_shown_who_comes_next() -> None:
    nobody = day(e.DayOpened(day="2026-11-22"))
    arnaud = Expected(room=ROOM_2, practitioner="Dr Arnaud", begins_ms=NINE)
    policy = Policy(roster=PLAN)

    assert shown(nobody, policy, at_ms=NINE - HOUR).expected == arnaud
    assert shown(nobody, Policy(roster=replace(PLAN, names={})), at_ms=NINE - HOUR).expected == Expected(
        room=ROOM_2, begins_ms=NINE
    )
    assert shown(nobody, policy, at_ms=NINE - HOUR, is_hour_certain=False).expected is None
    assert shown(day(on_duty(ROOM_1)), policy, at_ms=NINE - HOUR).expected is None
    assert shown(day(on_duty(ROOM_1), e.DutyPaused(room=ROOM_1)), policy, at_ms=NINE - HOUR).expected is None
