"""What follows from each command. Why one is rejected is in `test_rejections`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.room import commands as c
from core.room import events as e
from core.room.decide import decide_or_refuse, overdue
from core.room.ids import DeviceId, Letter
from core.room.outlook import Wait
from core.room.passage import Policy
from core.room.slips import restored
from tests.core.room.given import (
    KIOSK,
    NINE,
    ROOM_1,
    ROOM_2,
    SMALL_WOUND,
    a_morning,
    admit,
    called,
    disk_of,
    doctor_of,
    given,
    granted,
    issued,
    present,
    printed,
    ticket,
)

_A001 = ticket("A001")
_IN_SERVICE = [*a_morning("A001", "A002"), called("A001"), e.ServiceStarted(ticket=_A001)]
_PARKED = [*a_morning("A001", "A002"), called("A001"), e.TicketParked(ticket=_A001)]
_NO_SHOW = [*a_morning("A001", "A002"), called("A001"), e.TicketNotPresent(ticket=_A001)]
_DOCTORS_GO = [e.DutyEnded(room=room, reason="day-over") for room in (ROOM_1, ROOM_2)]
_NIGHT_S = 19 * 3600
_WAIT = Wait(p10_s=600, p25_s=900, p50_s=1200, p75_s=1500, p90_s=1800)
_TOMORROW = c.OpenDay(day="2026-11-23", began_ms=NINE + _NIGHT_S * 1000)


@pytest.mark.parametrize(
    ("history", "command", "events"),
    [
        ([], c.OpenDay(day="2026-11-22", began_ms=NINE), [e.DayOpened(day="2026-11-22")]),
        ([], c.GrantLetter(disk=disk_of("A"), kiosk=KIOSK), [granted("A")]),
        ([granted("A")], c.GrantLetter(disk=disk_of("B"), kiosk=KIOSK), [granted("B")]),
        (a_morning(), admit("A001"), [issued("A001")]),
        (a_morning(), replace(admit("A001"), wait=_WAIT), [replace(issued("A001"), wait=_WAIT)]),
        (
            a_morning("A001"),
            printed("A001", disk_seq=2),
            [e.PrintReported(ticket=_A001, outcome=e.PrintOutcome.PRINTED, disk=disk_of("A"), disk_seq=2)],
        ),
        (
            a_morning("A001"),
            c.RefuseReport(kiosk=KIOSK, disk=disk_of("A"), disk_seq=2, code="unreadable"),
            [e.ReportRefused(kiosk=KIOSK, disk=disk_of("A"), disk_seq=2, code="unreadable")],
        ),
        (a_morning("A001", "A002"), c.CallNext(room=ROOM_2), [called("A001")]),
        ([*a_morning("A001"), called("A001")], c.Recall(room=ROOM_2), [e.TicketRecalled(ticket=_A001, nth=1)]),
        ([*a_morning("A001"), called("A001")], c.Start(room=ROOM_2), [e.ServiceStarted(ticket=_A001)]),
        ([*a_morning("A001"), called("A001")], c.Complete(room=ROOM_2), [e.TicketCompleted(ticket=_A001)]),
        (_IN_SERVICE, c.Complete(room=ROOM_2), [e.TicketCompleted(ticket=_A001)]),
        ([*a_morning("A001"), called("A001")], c.MarkNoShow(room=ROOM_2), [e.TicketNotPresent(ticket=_A001)]),
        (_IN_SERVICE, c.Park(room=ROOM_2), [e.TicketParked(ticket=_A001, owner=doctor_of(ROOM_2))]),
        (_PARKED, c.Resume(ticket=_A001, room=ROOM_2), [e.TicketResumed(ticket=_A001, practitioner=doctor_of(ROOM_2))]),
        (_NO_SHOW, c.Requeue(ticket=_A001), [e.TicketRequeued(ticket=_A001)]),
        (
            _IN_SERVICE,
            c.Transfer(ticket=_A001, service=SMALL_WOUND),
            [e.TicketTransferred(ticket=_A001, service=SMALL_WOUND)],
        ),
        (
            a_morning("A001"),
            c.SetPriority(ticket=_A001, priority=e.Priority.CARD),
            [e.PriorityChanged(ticket=_A001, priority=e.Priority.CARD, key_ms=NINE - 60 * 60_000)],
        ),
        (
            a_morning("A001"),
            c.Cancel(ticket=_A001, reason="left"),
            [e.TicketCancelled(ticket=_A001, reason="left")],
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, list) else "",
)
def test_a_command_that_can_be_done_becomes_its_events(
    history: list[e.Event], command: c.Command, events: list[e.Event]
) -> None:
    given(history).when(command).then(*events)


def to_confirm(number: str) -> e.TicketRestored:
    known = given(a_morning(number)).state.tickets[ticket(number)]
    return restored(replace(known, state=e.TicketState.TO_CONFIRM))


_ANOTHER_A001 = replace(admit("A001", disk_seq=2), ticket=ticket("another"))


def test_a_new_day_lets_go_of_those_who_still_wait_and_of_nobody_else() -> None:
    history = [*_IN_SERVICE, e.TicketCompleted(ticket=_A001), issued("A003", disk_seq=3), called("A003")]
    tomorrow = (
        given(history)
        .when(_TOMORROW, after_s=_NIGHT_S)
        .then(
            e.TicketCancelled(ticket=ticket("A002"), reason="day-over"),
            e.TicketCancelled(ticket=ticket("A003"), reason="day-over"),
            *_DOCTORS_GO,
            e.DayOpened(day="2026-11-23"),
        )
    )
    assert tomorrow.state.tickets == {}
    assert tomorrow.state.day == "2026-11-23"


def test_numbers_begin_again_on_a_new_day_and_the_kiosks_journal_does_not() -> None:
    tomorrow = given(a_morning("A001")).when(_TOMORROW, after_s=_NIGHT_S)
    tomorrow.then(e.TicketCancelled(ticket=_A001, reason="day-over"), *_DOCTORS_GO, e.DayOpened(day="2026-11-23")).when(
        admit("A001", disk_seq=2)
    ).then(issued("A001", disk_seq=2))


def test_a_slip_that_waits_is_shown_and_nothing_changes() -> None:
    given(a_morning("A001")).when(present("A001")).then()


@pytest.mark.parametrize("slip", ["A001", issued("A001").token])
def test_an_absent_patient_who_shows_the_slip_is_back_where_they_were(slip: str) -> None:
    given(_NO_SHOW).when(present(slip)).then(e.TicketRequeued(ticket=_A001, returns=1))


def test_a_ticket_to_confirm_is_never_called_by_itself_and_waits_again_once_its_slip_is_shown() -> None:
    doubtful = given([*a_morning("A001"), to_confirm("A001")])
    doubtful.when(c.CallNext(room=ROOM_2)).then_rejected("nobody-waits")

    doubtful.when(present("A001")).then(e.TicketRequeued(ticket=_A001)).when(c.CallNext(room=ROOM_2)).then(
        called("A001")
    )


@pytest.mark.parametrize(
    ("slip", "at_ms"),
    [
        pytest.param("B007", NINE + 600_000, id="nobody knows its disk: now"),
        pytest.param("A002", NINE + 60_000 - 1, id="before the next of its disk"),
        pytest.param("A004", NINE + 60_001, id="after the one before it"),
        pytest.param("A009", NINE + 600_000, id="far behind the last: now"),
    ],
)
def test_a_slip_that_nobody_knows_has_a_place_among_its_neighbours(slip: str, at_ms: int) -> None:
    made = given(a_morning("A001", "A003")).when(present(slip), after_s=600).after().state.with_slip(slip)

    assert made is not None
    assert (made.id, made.kiosk, made.language, made.state) == (ticket("shown"), None, "ar", "waiting")
    assert made.key_ms == made.ordered_at_ms == at_ms


def test_a_kiosk_that_tells_later_of_a_slip_that_was_shown_gives_it_its_own_name_and_keeps_its_place() -> None:
    shown = given(a_morning("A001", "A003")).when(present("A002"), after_s=600).after()
    key_ms = shown.state.tickets[ticket("shown")].key_ms

    told = shown.when(replace(admit("A002", disk_seq=3), ordered_at_ms=NINE)).after().state

    assert ticket("shown") not in told.tickets
    assert told.tickets[ticket("A002")].key_ms == key_ms
    assert told.tickets[ticket("A002")].kiosk == KIOSK
    assert told.reported[disk_of("A")] == 3


def test_a_number_mistyped_before_it_was_given_takes_nothing_from_the_patient_who_gets_it() -> None:
    called_in_vain = given(a_morning("A001")).when(present("A002"), after_s=60).after()
    state = called_in_vain.when(c.Cancel(ticket=ticket("shown"), reason="staff")).after()

    told = state.when(replace(admit("A002", disk_seq=2), ordered_at_ms=NINE + 600_000)).after().state

    assert [(one.number, one.state.value) for one in told.tickets.values()] == [
        ("A001", "waiting"),
        ("A002", "waiting"),
    ]


def test_a_ticket_that_a_lost_journal_knew_is_to_confirm() -> None:
    told = given(a_morning()).when(replace(admit("A001"), was_told=True)).after().state

    assert [(one.number, one.state.value) for one in told.tickets.values()] == [("A001", "to-confirm")]


def test_a_ticket_that_is_told_again_after_a_rebuild_stays_as_it_is() -> None:
    rebuilt = given([*a_morning("A001"), called("A001")])

    told = rebuilt.when(replace(admit("A001", disk_seq=2), was_told=True)).after().state

    assert told.tickets == rebuilt.state.tickets
    assert told.reported[disk_of("A")] == 2


def test_a_disk_keeps_its_letter_when_its_controller_is_new() -> None:
    asked = c.GrantLetter(disk=disk_of("C"), kiosk=KIOSK, letter=Letter("C"))

    given([e.DayOpened(day="2026-11-22")]).when(asked).then(granted("C"))
    given([e.DayOpened(day="2026-11-22"), replace(granted("C"), disk=disk_of("other"))]).when(asked).then(
        replace(granted("C"), letter=Letter("A"))
    )


def test_a_letter_on_a_slip_of_today_is_given_to_no_other_disk() -> None:
    shown = given([e.DayOpened(day="2026-11-22")]).when(present("A007")).after()

    shown.when(c.GrantLetter(disk=disk_of("new"), kiosk=KIOSK)).then(replace(granted("B"), disk=disk_of("new")))


def test_a_disk_asks_twice_and_holds_one_letter() -> None:
    given([granted("A")]).when(c.GrantLetter(disk=disk_of("A"), kiosk=KIOSK)).then()


def test_the_letter_of_a_replaced_disk_is_free_again_on_the_next_day_only() -> None:
    replaced = given([e.DayOpened(day="2026-11-22"), granted("A"), granted("B"), granted("C", DeviceId("other"))])
    wanted = c.GrantLetter(disk=disk_of("new"), kiosk=DeviceId("third"))

    replaced.when(wanted).then(e.LetterGranted(disk=disk_of("new"), kiosk=DeviceId("third"), letter="D"))
    tomorrow = replaced.when(_TOMORROW, after_s=_NIGHT_S).then(e.DayOpened(day="2026-11-23"))
    tomorrow.when(wanted).then(e.LetterGranted(disk=disk_of("new"), kiosk=DeviceId("third"), letter="A"))


def test_what_became_of_yesterdays_last_slip_changes_nothing_today() -> None:
    today = given([*a_morning("A001"), e.DayOpened(day="2026-11-23")])
    told = e.PrintReported(ticket=_A001, outcome=e.PrintOutcome.PRINTED, disk=disk_of("A"), disk_seq=2)

    after = today.when(printed("A001", disk_seq=2)).then(told)

    assert after.state.tickets == {}
    assert after.state.reported[disk_of("A")] == 2


@pytest.mark.parametrize("disk_seq", [0, 1])
@pytest.mark.parametrize(
    "report",
    [
        admit("A002"),
        printed("A001", disk_seq=0),
        c.RefuseReport(kiosk=KIOSK, disk=disk_of("A"), disk_seq=0, code="unreadable"),
    ],
    ids=lambda report: type(report).__name__,
)
def test_a_report_out_of_turn_is_a_mistake_of_the_program(
    report: c.AdmitTicket | c.ReportPrint | c.RefuseReport, disk_seq: int
) -> None:
    out_of_turn = type(report)(**{name: getattr(report, name) for name in report.__slots__} | {"disk_seq": disk_seq})
    with pytest.raises(ValueError, match=f"report {disk_seq} of disk disk-a where 2 follows"):
        given(a_morning("A001")).when(out_of_turn)


def test_a_report_that_cannot_be_true_is_passed_over_and_the_next_follows() -> None:
    state = given(a_morning("A001")).state
    refused = e.ReportRefused(kiosk=KIOSK, disk=disk_of("A"), disk_seq=2, code="number-taken")

    assert decide_or_refuse(state, _ANOTHER_A001, Policy()) == [refused]

    after = given([*a_morning("A001"), refused])
    assert after.state.refused == 1
    after.when(admit("A002", disk_seq=3)).then(issued("A002", disk_seq=3))


def test_whoever_was_called_a_grace_time_ago_is_with_the_doctor() -> None:
    state = given([*a_morning("A001", "A002"), called("A001"), called("A002", ROOM_1)]).state

    assert overdue(state, NINE + 179_999, Policy()) == []
    assert overdue(state, NINE + 180_000, Policy()) == [c.Start(room=ROOM_2), c.Start(room=ROOM_1)]
    assert overdue(given(_IN_SERVICE).state, NINE + 3_600_000, Policy()) == []
