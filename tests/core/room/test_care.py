"""The care room: a patient whom the doctor sends there, and who comes back to the same doctor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.room import commands as c
from core.room import events as e
from core.room.ids import RoomId, ServiceId
from core.room.passage import Policy, order_of_passage, waiting_for
from tests.core.room.given import (
    CONSULTATION,
    NINE,
    ROOM_1,
    ROOM_2,
    Given,
    a_morning,
    called,
    doctor_of,
    given,
    issued,
    on_duty,
    ticket,
)

_CARE, _CARE_ROOM = ServiceId("care"), RoomId("care-room")
_POLICY = Policy(
    care=frozenset({_CARE}),
    rooms={
        ROOM_1: frozenset({CONSULTATION}),
        ROOM_2: frozenset({CONSULTATION}),
        _CARE_ROOM: frozenset({_CARE}),
    },
)
_A001 = ticket("A001")
_RETURN_MS = NINE - 45 * 60_000
_SENT = e.TicketTransferred(ticket=_A001, service=_CARE, owner=doctor_of(ROOM_2), back_to=CONSULTATION)
_BACK = e.TicketTransferred(
    ticket=_A001,
    service=CONSULTATION,
    owner=doctor_of(ROOM_2),
    priority=e.Priority.RETURN,
    key_ms=_RETURN_MS,
)


def _sent_to_care() -> Given:
    visit = [*a_morning("A001", "A002"), on_duty(_CARE_ROOM), called("A001"), e.ServiceStarted(ticket=_A001)]
    return given(visit, _POLICY).when(c.SendToCare(room=ROOM_2), after_s=600).then(_SENT)


def _in_care() -> Given:
    return _sent_to_care().later(called("A001", _CARE_ROOM), after_s=700)


def test_a_patient_sent_to_care_waits_for_the_care_room_alone_at_the_place_they_had() -> None:
    sent = _sent_to_care()

    assert [one.number for one in order_of_passage(sent.state)] == ["A001", "A002"]
    sent.when(c.CallNext(room=ROOM_2), after_s=610).then(called("A002"))
    sent.when(c.CallNext(room=_CARE_ROOM), after_s=610).then(called("A001", _CARE_ROOM))


@pytest.mark.parametrize(
    ("command", "more"),
    [
        (c.Complete(room=_CARE_ROOM), []),
        (c.Press(room=_CARE_ROOM), []),
        (c.Leave(room=_CARE_ROOM), [e.DutyEnded(room=_CARE_ROOM, reason="said")]),
        (c.GoOffDuty(room=_CARE_ROOM), [e.DutyEnded(room=_CARE_ROOM, reason="said")]),
    ],
    ids=lambda one: type(one).__name__,
)
def test_the_end_of_care_is_the_way_back_to_the_doctor(command: c.Command, more: list[e.Event]) -> None:
    _in_care().when(command, after_s=1500).then(_BACK, *more)


def test_who_is_back_from_care_is_called_by_the_doctor_who_sent_them_and_by_no_other() -> None:
    back = _in_care().when(c.Complete(room=_CARE_ROOM), after_s=1500).after()

    back.when(c.CallNext(room=ROOM_1), after_s=1510).then(called("A002", ROOM_1))
    back.when(c.CallNext(room=ROOM_2), after_s=1510).then(called("A001"))


def test_who_is_back_waits_through_a_break_of_their_doctor_and_not_for_one_who_has_left() -> None:
    back = _in_care().when(c.Complete(room=_CARE_ROOM), after_s=1500).after()
    on_pause = back.when(c.Pause(room=ROOM_2), after_s=1510).after()
    gone = on_pause.when(c.GoOffDuty(room=ROOM_2), after_s=1520).after()

    assert [one.number for one in waiting_for(on_pause.state, ROOM_1, _POLICY)] == ["A002"]
    assert [one.number for one in waiting_for(gone.state, ROOM_1, _POLICY)] == ["A001", "A002"]


def test_who_belongs_to_a_doctor_who_does_not_offer_it_any_more_may_be_seen_by_all() -> None:
    back = _in_care().when(c.Complete(room=_CARE_ROOM), after_s=1500).after()
    gone = back.when(c.GoOffDuty(room=ROOM_2), after_s=1520).after()
    in_the_care_room = gone.later(e.DutyBegan(room=_CARE_ROOM, practitioner=doctor_of(ROOM_2)), after_s=1530)

    in_the_care_room.when(c.CallNext(room=ROOM_1), after_s=1540).then(called("A001", ROOM_1))


def test_who_is_sent_to_care_belongs_to_nobody_on_the_way_even_where_every_room_offers_care() -> None:
    everywhere = given([*a_morning("A001"), on_duty(_CARE_ROOM), called("A001")], replace(_POLICY, rooms={}))
    sent = everywhere.when(c.SendToCare(room=ROOM_2), after_s=600).then(_SENT)

    sent.when(c.CallNext(room=_CARE_ROOM), after_s=610).then(called("A001", _CARE_ROOM))


def test_who_had_a_larger_head_start_keeps_it_on_the_way_back() -> None:
    urgent = given([*a_morning(), on_duty(_CARE_ROOM), issued("A001", priority=e.Priority.URGENT)], _POLICY)
    care = urgent.later(called("A001"), _SENT, called("A001", _CARE_ROOM), after_s=600)

    care.when(c.Complete(room=_CARE_ROOM), after_s=1500).then(
        replace(_BACK, priority=e.Priority.URGENT, key_ms=NINE - 600 * 60_000)
    )


def test_care_is_not_sent_to_care() -> None:
    _in_care().when(c.SendToCare(room=_CARE_ROOM)).then_rejected("not-now")


def test_who_is_parked_in_care_still_comes_back_to_the_doctor() -> None:
    parked = (
        _in_care()
        .when(c.Park(room=_CARE_ROOM), after_s=900)
        .then(e.TicketParked(ticket=_A001, owner=doctor_of(ROOM_2)))
    )

    parked.when(c.Resume(ticket=_A001, room=_CARE_ROOM), after_s=950).then(
        e.TicketResumed(ticket=_A001, practitioner=doctor_of(_CARE_ROOM))
    ).when(c.Complete(room=_CARE_ROOM), after_s=1500).then(_BACK)


def test_a_transfer_by_staff_ends_every_claim_on_the_patient() -> None:
    back = _in_care().when(c.Complete(room=_CARE_ROOM), after_s=1500).after()

    sent_on = back.when(c.Transfer(ticket=_A001, service=CONSULTATION), after_s=1510)

    sent_on.then(e.TicketTransferred(ticket=_A001, service=CONSULTATION)).when(
        c.CallNext(room=ROOM_1), after_s=1520
    ).then(called("A001", ROOM_1))


def test_a_room_that_is_set_to_some_services_calls_only_those_who_wait_for_them() -> None:
    history = [*a_morning("A001"), on_duty(_CARE_ROOM)]

    given(history, _POLICY).when(c.CallNext(room=_CARE_ROOM)).then_rejected("nobody-waits")
    for_care = given([*history, issued("A002", minute=1, service=_CARE, disk_seq=2)], _POLICY)
    for_care.when(c.CallNext(room=_CARE_ROOM)).then(called("A002", _CARE_ROOM))
    for_care.when(c.CallNext(room=ROOM_1)).then(called("A001", ROOM_1))


def test_a_doctor_who_treats_in_the_same_room_goes_on_with_the_same_patient() -> None:
    alone = given([*a_morning("A001", "A002"), called("A001")], replace(_POLICY, rooms={}))
    care = alone.later(_SENT, called("A001"), e.ServiceStarted(ticket=_A001), after_s=60)

    care.when(c.Press(room=ROOM_2), after_s=900).then(_BACK, called("A001"))
