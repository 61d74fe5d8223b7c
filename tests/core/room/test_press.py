"""What the one button of a room means, by what the room is doing and for how long."""

from __future__ import annotations

import pytest

from core.room import events as e
from core.room.commands import AcknowledgeWarning, Press, RaiseWarning
from core.room.ids import DeviceId, RoomId
from core.room.passage import Policy
from tests.core.room.given import KIOSK, NINE, ROOM_1, ROOM_2, a_morning, called, given, ticket

_A001 = ticket("A001")
_CALLED = [*a_morning("A001", "A002"), called("A001")]
_RECALLED = [e.TicketRecalled(ticket=_A001, nth=1)]
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
    again = given(_CALLED).when(Press(room=ROOM_2), after_s=15).then(*_RECALLED)
    again.when(Press(room=ROOM_2), after_s=34.999).then(e.TicketRecalled(ticket=_A001, nth=2))


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


_RINGS = e.WarningRaised(device=KIOSK)


@pytest.mark.parametrize(
    "history",
    [
        a_morning("A001", "A002"),
        _CALLED,
        [*_CALLED, e.DutyPaused(room=ROOM_2)],
        [*_CALLED, e.ServiceStarted(ticket=_A001)],
    ],
)
@pytest.mark.parametrize("room", [ROOM_2, RoomId("room-off-duty")])
def test_while_a_warning_rings_a_press_acknowledges_it_and_does_nothing_else(
    history: list[e.Event], room: RoomId
) -> None:
    quiet = given([*history, _RINGS]).when(Press(room=room), after_s=200).then(e.WarningAcknowledged(room=room))

    assert quiet.state.warning is None


def test_a_warning_rings_once_however_often_it_is_raised() -> None:
    rings = given(a_morning()).when(RaiseWarning(device=KIOSK), after_s=5).then(_RINGS)
    rings.when(RaiseWarning(device=KIOSK)).then()

    assert rings.state.warning is not None
    assert (rings.state.warning.device, rings.state.warning.at_ms) == (KIOSK, NINE + 5000)
    rings.when(AcknowledgeWarning(room=ROOM_1)).then(e.WarningAcknowledged(room=ROOM_1))


def test_a_second_warning_is_not_swallowed_by_the_first() -> None:
    other = DeviceId("room-unit-1")
    both = given([*a_morning(), _RINGS]).when(RaiseWarning(device=other), after_s=5).then(e.WarningRaised(device=other))
    assert both.state.warned_from == (KIOSK, other)
    both.when(RaiseWarning(device=other)).then()

    one_left = both.when(Press(room=ROOM_1), after_s=10).then(e.WarningAcknowledged(room=ROOM_1))
    assert one_left.state.warning is not None
    assert (one_left.state.warning.device, one_left.state.warning.at_ms) == (other, NINE + 5000)

    quiet = one_left.when(Press(room=ROOM_2), after_s=20).then(e.WarningAcknowledged(room=ROOM_2))
    assert quiet.state.warned_from == ()


def test_a_warning_without_a_device_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="names the device"):
        given(a_morning()).when(RaiseWarning())


def test_an_impatient_finger_rings_the_waiting_room_three_times_and_no_more() -> None:
    here = given(_CALLED)
    for nth in (1, 2, 3):
        here = here.when(Press(room=ROOM_2), after_s=nth).then(e.TicketRecalled(ticket=_A001, nth=nth))

    here.when(Press(room=ROOM_2), after_s=4).then_rejected("recalled-enough")
    here.when(Press(room=ROOM_2), after_s=23).then(*_NOBODY_CAME)


def test_recalls_are_counted_anew_for_the_next_call() -> None:
    last = given(
        [*_CALLED, *(e.TicketRecalled(ticket=_A001, nth=nth) for nth in (1, 2, 3)), e.TicketRequeued(ticket=_A001)]
    )

    last.later(called("A001"), after_s=60).when(Press(room=ROOM_2), after_s=61).then(*_RECALLED)


def test_a_room_of_before_duties_goes_on_with_its_patient_once_somebody_is_on_duty() -> None:
    history = [one for one in _CALLED if not isinstance(one, e.DutyBegan)]
    came = given(history).when(Press(room=ROOM_2), after_s=60).after()

    assert came.state.in_room(ROOM_2) is not None
    assert came.when(Press(room=ROOM_2), after_s=200).events[0] == e.TicketCompleted(ticket=_A001)
