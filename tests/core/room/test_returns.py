"""Patients who were not there, or were sent for an exam, and are back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.room import commands as c
from core.room import events as e
from core.room.decide import overdue
from core.room.passage import Policy, order_of_passage
from tests.core.room.given import (
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
    present,
    ticket,
)

_A001 = ticket("A001")
_RETURN_MS = NINE - 45 * 60_000
_BACK_FROM_EXAM = e.TicketRequeued(ticket=_A001, priority=e.Priority.RETURN, key_ms=_RETURN_MS)


def _absent(*waiting: str) -> Given:
    """A001 was called at nine and did not come."""
    return given([*a_morning("A001", *waiting), called("A001"), e.TicketNotPresent(ticket=_A001)])


def _parked(*waiting: str) -> Given:
    """A001 was seen in room 2 and sent for an X-ray."""
    seen = given([*a_morning("A001", *waiting), called("A001"), e.ServiceStarted(ticket=_A001)])
    return seen.when(c.Park(room=ROOM_2), after_s=600).then(e.TicketParked(ticket=_A001, owner=doctor_of(ROOM_2)))


def test_who_was_absent_and_shows_the_slip_has_the_old_place() -> None:
    back = _absent("A002", "A003").when(present("A001"), after_s=900)

    state = back.then(e.TicketRequeued(ticket=_A001, returns=1)).state
    assert [one.number for one in order_of_passage(state)] == ["A001", "A002", "A003"]


def test_the_old_place_is_kept_for_an_hour_from_the_last_summons() -> None:
    absent = _absent()

    absent.when(present("A001"), after_s=3599.9).then(e.TicketRequeued(ticket=_A001, returns=1))
    absent.when(present("A001"), after_s=3600).then_rejected("ticket-over")
    assert overdue(absent.state, NINE + 3_599_999, Policy()) == []
    assert overdue(absent.state, NINE + 3_600_000, Policy()) == [c.GiveUp(ticket=_A001)]
    absent.when(c.GiveUp(ticket=_A001), after_s=3600).then(e.TicketCancelled(ticket=_A001, reason="not-present")).when(
        present("A001"), after_s=3601
    ).then_rejected("ticket-over")


def test_an_absent_patient_comes_back_twice_by_slip_and_then_only_through_staff() -> None:
    here = _absent()
    for returns in (1, 2):
        here = here.when(present("A001"), after_s=60).then(e.TicketRequeued(ticket=_A001, returns=returns))
        here = here.later(called("A001"), e.TicketNotPresent(ticket=_A001), after_s=60)

    assert "came back 2 times" in here.when(present("A001"), after_s=60).then_rejected("ticket-over")
    here.when(c.Requeue(ticket=_A001), after_s=60).then(e.TicketRequeued(ticket=_A001))


def test_who_has_gone_for_an_exam_is_nobodys_next() -> None:
    parked = _parked().when(c.CallNext(room=ROOM_2), after_s=700)
    parked.then_rejected("nobody-waits")
    assert overdue(_parked().state, NINE + 5 * 3_600_000, Policy()) == []


@pytest.mark.parametrize("command", [present("A001"), c.Requeue(ticket=_A001)], ids=lambda one: type(one).__name__)
def test_who_is_back_from_an_exam_has_a_head_start_and_the_same_doctor(command: c.Command) -> None:
    parked = _parked("A002").later(
        issued("A003", minute=-44, disk_seq=3), issued("A004", minute=-46, disk_seq=4), after_s=0
    )

    back = parked.when(command, after_s=2700).then(_BACK_FROM_EXAM)

    assert [one.number for one in order_of_passage(back.state)] == ["A004", "A001", "A003", "A002"]
    free = back.when(c.Cancel(ticket=ticket("A004"), reason="left")).after()
    free.when(c.CallNext(room=ROOM_1), after_s=2710).then(called("A003", ROOM_1))
    free.when(c.CallNext(room=ROOM_2), after_s=2710).then(called("A001"))


def test_the_room_that_parked_a_patient_calls_them_back_past_those_who_wait() -> None:
    recalled = given([*a_morning("A001", "A002"), called("A001"), e.TicketRecalled(ticket=_A001, nth=1)])
    resumed = (
        recalled.when(c.Park(room=ROOM_2), after_s=600).after().when(c.Resume(ticket=_A001, room=ROOM_2), after_s=2700)
    )

    state = resumed.then(e.TicketResumed(ticket=_A001, practitioner=doctor_of(ROOM_2))).state
    inside = state.in_room(ROOM_2)
    assert inside is not None
    assert (inside.number, inside.recalls, inside.called_at_ms) == ("A001", 0, NINE + 2_700_000)


def test_who_resumes_for_a_colleague_is_the_one_who_called_last() -> None:
    handed_over = _parked().later(
        e.DutyEnded(room=ROOM_2, reason="said"), on_duty(ROOM_2, who="doctor-vidal"), after_s=700
    )

    state = handed_over.when(c.Resume(ticket=_A001, room=ROOM_2), after_s=2700).after().state
    assert state.tickets[_A001].practitioner == "doctor-vidal"


def test_who_was_called_in_vain_after_an_exam_still_belongs_to_the_same_doctor() -> None:
    back = _parked().when(present("A001"), after_s=2700).after()
    absent = back.later(called("A001"), e.TicketNotPresent(ticket=_A001), after_s=2800)

    again = absent.when(present("A001"), after_s=3000).then(e.TicketRequeued(ticket=_A001, returns=1))

    again.when(c.CallNext(room=ROOM_1), after_s=3010).then_rejected("nobody-waits")
    assert again.state.tickets[_A001].key_ms == _RETURN_MS


def test_a_patient_can_leave_from_the_phone_while_away() -> None:
    _parked().when(c.Cancel(ticket=_A001, reason="left")).then(e.TicketCancelled(ticket=_A001, reason="left"))


def _seen(*others: str) -> Given:
    """A001's visit with the doctor of room 2 is over."""
    return given([*a_morning("A001", *others), called("A001"), e.TicketCompleted(ticket=_A001)])


_WITH_RESULT = replace(present("A001"), with_result=True)


def test_who_brings_a_result_once_the_visit_is_over_goes_on_with_the_same_doctor() -> None:
    back = (
        _seen("A002")
        .when(_WITH_RESULT, after_s=3600)
        .then(
            e.TicketRequeued(
                ticket=_A001, priority=e.Priority.RETURN, key_ms=_RETURN_MS, returns=1, owner=doctor_of(ROOM_2)
            )
        )
    )

    assert back.state.tickets[_A001].ended_at_ms is None
    back.when(c.CallNext(room=ROOM_1), after_s=3610).then(called("A002", ROOM_1))
    back.when(c.CallNext(room=ROOM_2), after_s=3610).then(called("A001"))


def test_without_a_result_a_visit_that_is_over_is_over() -> None:
    _seen().when(present("A001"), after_s=3600).then_rejected("ticket-over")


def test_a_result_is_brought_twice_at_most() -> None:
    here = _seen()
    for _ in range(Policy().max_returns):
        here = (
            here.when(_WITH_RESULT, after_s=60)
            .after()
            .later(called("A001"), e.TicketCompleted(ticket=_A001), after_s=60)
        )

    here.when(_WITH_RESULT, after_s=60).then_rejected("ticket-over")
