"""A doctor goes home at eight and tells nobody: the colleague is asked, and the patient who came back is not
left waiting.
"""

from __future__ import annotations

import pytest

from borne.demo.stage import Stage
from tests.journeys.day import DARK, LIT, Day
from tests.journeys.scene import at, plan


@pytest.fixture
def planned(stage: Stage) -> None:
    plan(
        stage,
        "room-1,Dr Vallon,2026-11-22T14:00,2026-11-22T22:00",
        "room-2,Dr Arnaud,2026-11-22T14:00,2026-11-22T20:00",
    )


@pytest.mark.story(begins="2026-11-22 19:40", speed=300)
def test_nobody_waits_for_a_doctor_who_is_at_home(planned: None, day: Day) -> None:
    day.plan_has_come("Dr Arnaud")
    vallon, arnaud = day.doctor("1"), day.doctor("2")
    assert (vallon.presses(), arnaud.presses()) == ("yes", "yes")  # on duty
    day.centre_page_reads("Dr Vallon", "Dr Arnaud", "20:00")
    wrist = day.patient_comes()
    assert arnaud.presses() == "yes"
    day.board.calls("A001", "2")
    assert arnaud.presses("park") == "yes"  # to the X-ray; and Dr Arnaud goes home
    wrist.shows_the_slip()
    wrist.reads("Vous êtes le prochain")
    assert vallon.presses() == "no"  # it is Dr Arnaud's patient

    day.it_is(at("2026-11-22 20:10"))
    vallon.finger.is_offered("Salle 2 : Dr Arnaud est encore là ?")
    vallon.sees_the_lamp(DARK)

    day.it_is(at("2026-11-22 20:30"))
    vallon.sees_the_lamp(LIT)
    day.centre_page_reads("Dr Vallon", "Salle 2 sans médecin")
    assert vallon.presses() == "yes"
    day.board.calls("A001", "1")
    wrist.reads("Salle 1")
