"""What the one button of a room means, by what the room is doing and for how long."""

from __future__ import annotations

import pytest

from core.room import events as e
from core.room.commands import Press
from core.room.passage import Policy
from tests.core.room.given import ROOM_1, ROOM_2, a_morning, called, given, ticket

_A001 = ticket("A001")
_CALLED = [*a_morning("A001", "A002"), called("A001")]
_RECALLED = [e.TicketRecalled(ticket=_A001)]
_NOBODY_CAME = [e.TicketNotPresent(ticket=_A001), called("A002")]
_VISIT_OVER = [e.TicketCompleted(ticket=_A001), called("A002")]


def test_a_press_in_a_free_room_calls_the_next() -> None:
    given(a_morning("A001", "A002")).when(Press(room=ROOM_2)).then(called("A001"))


@pytest.mark.parametrize(
    ("after_s", "events"),
    [
        (0, _RECALLED),
        (19.999, _RECALLED),
        (20, _NOBODY_CAME),
        (179.999, _NOBODY_CAME),
        (180, _VISIT_OVER),
        (3600, _VISIT_OVER),
    ],
)
def test_a_press_after_a_call_means_what_the_time_since_then_says(after_s: float, events: list[e.Event]) -> None:
    given(_CALLED).when(Press(room=ROOM_2), after_s=after_s).then(*events)


@pytest.mark.parametrize("after_s", [0, 25, 3600])
def test_a_press_once_the_patient_is_with_the_doctor_ends_the_visit(after_s: float) -> None:
    given([*_CALLED, e.ServiceStarted(ticket=_A001)]).when(Press(room=ROOM_2), after_s=after_s).then(*_VISIT_OVER)


def test_the_times_are_counted_from_the_last_summons() -> None:
    again = given(_CALLED).when(Press(room=ROOM_2)).then(*_RECALLED)
    again.when(Press(room=ROOM_2), after_s=10).then(*_RECALLED)


def test_a_resumed_ticket_is_as_one_just_called() -> None:
    parked = [*_CALLED, e.TicketParked(ticket=_A001), e.TicketResumed(ticket=_A001)]
    given(parked).when(Press(room=ROOM_2), after_s=5).then(*_RECALLED)


@pytest.mark.parametrize(
    ("after_s", "event"), [(30, e.TicketNotPresent(ticket=_A001)), (600, e.TicketCompleted(ticket=_A001))]
)
def test_what_ends_is_ended_even_when_nobody_waits(after_s: float, event: e.Event) -> None:
    given([*a_morning("A001"), called("A001")]).when(Press(room=ROOM_2), after_s=after_s).then(event)


def test_two_rooms_that_press_at_once_get_two_patients() -> None:
    first = given(a_morning("A001", "A002")).when(Press(room=ROOM_1)).then(called("A001", ROOM_1))
    first.when(Press(room=ROOM_2)).then(called("A002", ROOM_2))


def test_a_centre_may_set_both_times() -> None:
    patient = Policy(recall_window_s=5, grace_s=60)
    given(_CALLED, patient).when(Press(room=ROOM_2), after_s=5).then(*_NOBODY_CAME)
    given(_CALLED, patient).when(Press(room=ROOM_2), after_s=60).then(*_VISIT_OVER)
