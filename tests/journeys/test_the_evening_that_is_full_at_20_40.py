"""At 20:40 those who wait fill the evening: the kiosk stops, and the doctor who takes more says so with one touch."""

from __future__ import annotations

import pytest

from borne.demo.stage import Stage
from tests.journeys.day import Day
from tests.journeys.scene import plan


@pytest.fixture
def planned(stage: Stage) -> None:
    """One doctor is left at this hour."""
    plan(
        stage,
        "room-1,Dr Tramontane,2026-11-22T17:00,2026-11-22T22:00",
        "room-2,Dr Restanque,2026-11-22T14:00,2026-11-22T20:00",
    )


@pytest.mark.story(begins="2026-11-22 20:40", speed=20)
def test_the_kiosk_stops_until_the_doctor_takes_more(planned: None, day: Day) -> None:
    day.plan_has_come("Dr Tramontane")
    tramontane = day.doctor("1")
    assert tramontane.presses() == "yes"  # on duty, until 22:00

    # A visit takes 17.5 minutes, and 80 are left.
    waiting = [*day.patients_come(4), day.last_patient_comes()]
    waiting[-1].reads("4 personnes avant vous")  # who has a ticket is seen

    tramontane.finger.touches("La borne ne donne plus de ticket. Rouvrir ?")
    day.kiosk_gives_tickets()
    late = day.patient_comes()
    late.reads("5 personnes avant vous")
    assert tramontane.presses() == "yes"
    waiting[0].reads("C’est à vous", "Salle 1")
