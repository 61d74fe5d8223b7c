"""An act taken back: everything as it was, or a reason why not."""

from __future__ import annotations

import pytest

from core.room import commands as c
from core.room import events as e
from core.room.duty import DutyState, unnamed
from core.room.ids import PractitionerId, RoomId, ServiceId
from core.room.passage import Policy
from core.room.rejection import CommandRejected
from core.room.state import SiteState, evolve, fingerprint
from core.room.undo import Act, undo
from tests.core.room.given import (
    KIOSK,
    NINE,
    ROOM_1,
    ROOM_2,
    SMALL_WOUND,
    Given,
    a_morning,
    called,
    disk_of,
    given,
    on_duty,
    ticket,
)

_A001, _A002 = ticket("A001"), ticket("A002")
_ROOM_3 = RoomId("room-3")
_POLICY = Policy(care=frozenset({ServiceId("care")}))
_ACT_S = 600
_FREE = given([*a_morning("A001", "A002"), on_duty(ROOM_2, until_min=60)], _POLICY)
_CALLED = _FREE.later(called("A001"), after_s=_ACT_S - 60)
_INSIDE = _CALLED.later(e.ServiceStarted(ticket=_A001), after_s=_ACT_S - 30)
_PARKED = _INSIDE.later(e.TicketParked(ticket=_A001), after_s=_ACT_S - 20)


def _act(before: Given, command: c.Command, room: RoomId = ROOM_2) -> tuple[Act, Given]:
    after = before.when(command, after_s=_ACT_S).after()
    return Act(room=room, at_ms=NINE + _ACT_S * 1000, before=before.state, after=after.state), after


def _taken_back(state: SiteState, act: Act | None, *, after_s: float = 10) -> SiteState:
    now_ms = NINE + int((_ACT_S + after_s) * 1000)
    return evolve(state, undo(state, act, now_ms, _POLICY), now_ms)


def _rejected(state: SiteState, act: Act | None, *, after_s: float = 10) -> str:
    with pytest.raises(CommandRejected) as why:
        _taken_back(state, act, after_s=after_s)
    assert str(why.value)
    return why.value.code


@pytest.mark.parametrize(
    ("before", "command"),
    [
        (_FREE, c.Press(room=ROOM_2)),
        (_CALLED, c.Press(room=ROOM_2)),
        (_INSIDE, c.Press(room=ROOM_2)),
        (_CALLED, c.Recall(room=ROOM_2)),
        (_CALLED, c.Start(room=ROOM_2)),
        (_INSIDE, c.Complete(room=ROOM_2)),
        (_CALLED, c.MarkNoShow(room=ROOM_2)),
        (_INSIDE, c.Park(room=ROOM_2)),
        (_PARKED, c.Resume(room=ROOM_2, ticket=_A001)),
        (_PARKED, c.Requeue(ticket=_A001)),
        (_CALLED, c.Transfer(ticket=_A001, service=SMALL_WOUND)),
        (_FREE, c.SetPriority(ticket=_A002, priority=e.Priority.URGENT)),
        (_FREE, c.Cancel(ticket=_A002, reason="staff")),
        (_INSIDE, c.SendToCare(room=ROOM_2)),
        (_FREE, c.Pause(room=ROOM_2)),
        (_INSIDE, c.Leave(room=ROOM_2)),
        (_CALLED, c.GoOffDuty(room=ROOM_2)),
        (_FREE, c.StayUntil(room=ROOM_2, until_ms=NINE + 3 * 3_600_000)),
        (_FREE, c.ComeOnDuty(room=ROOM_2, practitioner=PractitionerId("doctor-vidal"))),
        (_FREE.later(e.DutyPaused(room=ROOM_2), after_s=60), c.Press(room=ROOM_2)),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, Given) else "",
)
def test_every_act_of_staff_can_be_taken_back_and_leaves_no_trace(before: Given, command: c.Command) -> None:
    act, after = _act(before, command)
    assert fingerprint(after.state) != fingerprint(before.state)

    assert _taken_back(after.state, act) == before.state


def test_who_came_on_duty_by_mistake_is_off_duty_and_nobody() -> None:
    act, after = _act(_FREE, c.Press(room=_ROOM_3), _ROOM_3)

    back = _taken_back(after.state, act)

    assert back.on_duty(_ROOM_3) is None
    assert (back.duties[_ROOM_3].state, back.duties[_ROOM_3].practitioner) == (DutyState.OFF, unnamed(_ROOM_3))


def test_an_act_can_be_taken_back_for_two_minutes() -> None:
    act, after = _act(_FREE, c.Press(room=ROOM_2))

    assert _taken_back(after.state, act, after_s=120) == _FREE.state
    assert _rejected(after.state, act, after_s=120.001) == "too-late"


def test_what_is_not_remembered_cannot_be_taken_back() -> None:
    assert _rejected(_CALLED.state, None) == "nothing-to-undo"


@pytest.mark.parametrize(
    ("before", "command"),
    [
        (_FREE.later(e.WarningRaised(device=KIOSK), after_s=1), c.Press(room=ROOM_2)),
        (_FREE, c.RaiseWarning(device=KIOSK)),
        (_FREE.later(e.IntakeStopped(), after_s=1), c.ReopenIntake(room=ROOM_2)),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, Given) else "",
)
def test_a_warning_heard_or_raised_and_more_patients_taken_stay_as_they_are(before: Given, command: c.Command) -> None:
    act, after = _act(before, command)

    assert act.is_empty
    assert _rejected(after.state, act) == "nothing-to-undo"


def test_an_act_is_taken_back_whole_or_not_at_all() -> None:
    """The visit of A001 ended and A002 was called; A002 has left since."""
    act, after = _act(_INSIDE, c.Press(room=ROOM_2))
    gone = after.later(e.TicketCancelled(ticket=_A002, reason="left"), after_s=_ACT_S + 5)

    assert _rejected(gone.state, act) == "changed-since"


def test_what_others_do_meanwhile_does_not_matter() -> None:
    act, after = _act(_CALLED, c.Park(room=ROOM_2))
    busy = after.later(called("A002", ROOM_1), after_s=_ACT_S + 5)

    back = _taken_back(busy.state, act)

    assert back.tickets[_A001] == _CALLED.state.tickets[_A001]
    assert back.tickets[_A002] == busy.state.tickets[_A002]


def test_a_slip_that_comes_out_meanwhile_stays_printed() -> None:
    act, after = _act(_FREE, c.Press(room=ROOM_2))
    told = e.PrintReported(ticket=_A001, outcome=e.PrintOutcome.PRINTED, disk=disk_of("A"), disk_seq=3)
    printed = after.later(told, after_s=_ACT_S + 5)

    back = _taken_back(printed.state, act)

    assert (back.tickets[_A001].state, back.tickets[_A001].slip) == ("waiting", "printed")


def test_a_duty_that_has_changed_again_stays() -> None:
    act, after = _act(_FREE, c.Pause(room=ROOM_2))

    back = after.later(e.DutyResumed(room=ROOM_2), after_s=_ACT_S + 5)

    assert _rejected(back.state, act) == "changed-since"


def test_a_patient_taken_from_another_room_does_not_come_back_to_one_that_is_busy() -> None:
    """Room 1 transferred the patient whom room 2 had called, and room 2 has called the next."""
    act, after = _act(_CALLED, c.Transfer(ticket=_A001, service=SMALL_WOUND), ROOM_1)
    assert _taken_back(after.state, act) == _CALLED.state

    for since in (called("A002"), e.DutyPaused(room=ROOM_2), e.DutyEnded(room=ROOM_2, reason="said")):
        assert _rejected(after.later(since, after_s=_ACT_S + 5).state, act) == "changed-since"


def test_a_doctor_who_is_on_duty_elsewhere_by_now_does_not_come_back() -> None:
    act, after = _act(_FREE, c.GoOffDuty(room=ROOM_2))
    moved = after.later(on_duty(_ROOM_3, who=_FREE.state.duties[ROOM_2].practitioner), after_s=_ACT_S + 5)

    assert _rejected(moved.state, act) == "changed-since"


def test_yesterdays_act_is_not_taken_back_today() -> None:
    act, after = _act(_FREE, c.Press(room=ROOM_2))

    assert _rejected(after.later(e.DayOpened(day="2026-11-23"), after_s=_ACT_S + 5).state, act) == "changed-since"
