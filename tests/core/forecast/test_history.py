"""A journal's day as facts, and the moment that they come to: the same as the site's own state gives."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from core.forecast.evidence import evidence_of
from core.forecast.floor import Floor
from core.forecast.history import histories
from core.forecast.live import moment_of
from core.forecast.moment import Moment
from core.room import commands as c
from core.room.events import Priority
from core.room.ids import PractitionerId, RoomId, ServiceId
from core.room.opening import Opening
from core.room.passage import Policy
from core.room.roster import Roster, Shift
from tests.core.forecast.journal import Journal
from tests.core.room.given import CONSULTATION, NINE, ROOM_1, ROOM_2, issued, on_duty, present, ticket

CARE, CARE_ROOM = ServiceId("care"), RoomId("care-room")
LATE = PractitionerId("doctor-who-is-late")


def _at(minute: float) -> int:
    return NINE + round(minute * 60_000)


POLICY = Policy(
    rooms={
        ROOM_1: frozenset({CONSULTATION}),
        ROOM_2: frozenset({CONSULTATION}),
        CARE_ROOM: frozenset({CARE}),
    },
    care=frozenset({CARE}),
    opening=Opening(zone=ZoneInfo("Europe/Paris")),
    roster=Roster(shifts=(Shift(practitioner=LATE, room=ROOM_2, begins_ms=_at(0), ends_ms=_at(300)),)),
)


def _a_day() -> Journal:
    journal = Journal(POLICY)
    journal.happens(0, on_duty(ROOM_1, until_min=240))
    journal.comes(1, "A001", "A002", "A003", "A004", "A005")
    journal.happens(8, on_duty(ROOM_2, until_min=300, who=LATE))
    journal.does(8, c.CallNext(room=ROOM_1))
    journal.does(9, c.CallNext(room=ROOM_2))
    journal.does(20, c.Park(room=ROOM_1))
    journal.does(20, c.CallNext(room=ROOM_1))
    journal.does(22, c.MarkNoShow(room=ROOM_1))
    journal.does(22, c.CallNext(room=ROOM_1))
    journal.does(30, c.SetPriority(ticket=ticket("A005"), priority=Priority.URGENT))
    journal.does(31, c.Complete(room=ROOM_2))
    journal.does(31, c.Pause(room=ROOM_2))
    return journal


def _told(journal: Journal, minute: float) -> Moment:
    """The moment that the facts of a closed day come to."""
    [day] = histories(journal.closed(), POLICY)
    floor = Floor(day)
    for fact in day.facts:
        floor.take(fact)
    return floor.moment(9 * 60 + minute)


def _comparable(moment: Moment) -> Moment:
    """Without what only one of the two can know: the date, when somebody left for an exam, and that visit."""
    return replace(
        moment,
        at_ms=0,
        away=tuple(sorted((replace(one, since_min=0.0) for one in moment.away), key=lambda one: one.kind)),
        stretches=tuple(
            sorted((replace(one, begins_min=0.0) for one in moment.stretches), key=lambda one: one.practitioner)
        ),
        seen=(),
    )


def test_the_facts_of_a_day_come_to_the_same_moment_as_the_state():
    journal = _a_day()

    live, told = moment_of(journal.state, POLICY, _at(35)), _told(journal, 35)

    assert _comparable(told) == _comparable(live)
    assert set(live.seen) < set(told.seen)
    assert [place.kind for place in live.waiting] == ["urgent"]
    assert {one.kind for one in live.away} == {"return", "consultation"}
    assert live.closes_min == 13 * 60 - 35


def test_a_day_shows_its_visits_absences_exams_and_who_came_late():
    [day] = histories(_a_day().closed(), POLICY)

    shown = evidence_of(day)

    assert [(one.practitioner, one.kind, one.lasted_min) for one in shown.seen] == [
        ("doctor-of-room-1", "consultation", 12.0),
        (LATE, "consultation", 22.0),
    ]
    assert sum(is_absent for _, is_absent in shown.absences) == 1
    assert (shown.sent, shown.coming, shown.missing) == (1, [8.0], 0)
    assert shown.head_starts == {"urgent": [600.0]}
    assert shown.came == 5
    assert shown.graces == [2.0]


def test_a_day_that_is_not_over_teaches_nothing():
    assert histories(_a_day().records, POLICY) == []


def test_an_act_that_was_taken_back_has_not_happened():
    journal = _a_day()
    journal.does(36, c.Press(room=ROOM_1))
    before = _told(journal, 37)

    journal.does(37, c.Complete(room=ROOM_1))
    journal.takes_back(38, ROOM_1)

    assert _told(journal, 37) == before


def test_who_is_back_with_a_result_is_no_newcomer():
    journal = _a_day()
    journal.does(40, c.Complete(room=ROOM_1))
    journal.does(50, replace(present("A004"), with_result=True))

    live, told = moment_of(journal.state, POLICY, _at(55)), _told(journal, 55)

    back = next(place for place in live.waiting if place.ticket == ticket("A004"))
    assert (back.kind, back.owner, back.came_min) == ("return", "doctor-of-room-1", -5.0)
    assert _comparable(told) == _comparable(live)
    [day] = histories(journal.closed(), POLICY)
    assert evidence_of(day).came == 5
    journal.does(60, c.CallNext(room=ROOM_1))
    journal.does(75, c.Complete(room=ROOM_1))
    [day] = histories(journal.closed(), POLICY)
    assert [one.lasted_min for one in evidence_of(day).seen][-1] == 15.0


@pytest.mark.parametrize(("level", "shown"), [(Priority.CARD, {"card": [60.0]}), (Priority.ORDINARY, {"card": []})])
def test_a_claim_teaches_once_what_staff_made_of_it(level: Priority, shown: dict[str, list[float]]):
    journal = Journal(POLICY)
    journal.happens(1, replace(issued("A001", minute=1, priority=Priority.CARD), is_claimed=True))
    journal.does(2, c.SetPriority(ticket=ticket("A001"), priority=level))

    [day] = histories(journal.closed(), POLICY)

    assert evidence_of(day).head_starts == shown


def test_who_is_in_the_care_room_comes_back_to_their_doctor():
    journal = _a_day()
    journal.happens(40, on_duty(CARE_ROOM))
    journal.does(41, c.SendToCare(room=ROOM_1))
    journal.does(42, c.CallNext(room=CARE_ROOM))

    live = moment_of(journal.state, POLICY, _at(45))

    [back] = [one for one in live.away if one.during == "care"]
    assert (back.kind, back.owner, back.service) == ("return", "doctor-of-room-1", CONSULTATION)
    assert dict(live.newcomers) == {CONSULTATION: CONSULTATION}


def test_who_has_left_is_not_expected_again_and_who_is_late_is():
    journal = Journal(POLICY)
    late = moment_of(journal.state, POLICY, _at(20))
    journal.happens(25, on_duty(ROOM_2, until_min=300, who=LATE))
    journal.does(60, c.GoOffDuty(room=ROOM_2))

    assert [(one.practitioner, one.begins_min, one.is_on) for one in late.stretches] == [(LATE, -20.0, False)]
    assert moment_of(journal.state, POLICY, _at(70)).stretches == ()
