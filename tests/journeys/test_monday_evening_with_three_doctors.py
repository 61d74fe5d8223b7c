"""Monday, 17:30: three doctors, thirty people in the waiting room, and a button that is pressed every few minutes."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import cycle

import pytest

from borne.demo.stage import Stage
from core.room.events import TicketIssued
from tests.journeys.day import DARK, Day
from tests.journeys.scene import people_who_wait

PEOPLE = 30


@pytest.fixture
def people(stage: Stage) -> list[TicketIssued]:
    """They have come every two minutes."""
    return people_who_wait(stage, [f"2026-11-23 16:{2 * n:02}" for n in range(PEOPLE)])


@pytest.mark.heavy
@pytest.mark.story(begins="2026-11-23 17:30", speed=120, rooms=3)
def test_thirty_people_are_called_in_order(people: Sequence[TicketIssued], day: Day) -> None:
    day.plan_has_come("Dr Cigale")
    doctors = [day.doctor(room) for room in ("1", "2", "3")]
    assert [doctor.presses() for doctor in doctors] == ["yes", "yes", "yes"]  # on duty
    day.centre_page_reads("Dr Tramontane", "Dr Restanque", "Dr Cigale", "30 personnes attendent")
    last = day.patient(people[-1].number, people[-1].token)
    last.reads("29 personnes avant vous")
    day.board.has_next("A001")

    to_lamp, to_board = [], []
    for person, doctor in zip(people, cycle(doctors), strict=False):
        pressed_s = doctor.taps()
        to_board.append(day.board.time_of_call(person.number, doctor.room) - pressed_s)
        to_lamp.append(doctor.time_of_answer(pressed_s) - pressed_s)
        if doctor is doctors[-1]:
            day.visit_goes_on()

    last.reads("Vous êtes avec le médecin")
    for doctor in doctors:
        doctor.sees_the_lamp(DARK)
    assert len(to_lamp) == len(to_board) == PEOPLE
    print(f"from the finger's going up, {PEOPLE} presses: lamp {summary(to_lamp)}; big screen {summary(to_board)}")
    assert statistics.median(to_lamp) < 0.2


def summary(seconds: Sequence[float]) -> str:
    p99 = statistics.quantiles(seconds, n=100, method="inclusive")[98]
    return f"{1000 * statistics.median(seconds):.0f} ms in the middle, {1000 * p99:.0f} ms of 99 in 100"
