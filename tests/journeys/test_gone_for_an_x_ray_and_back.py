"""The patient is sent for an X-ray and comes back: to the same doctor, and before those who came after."""

from __future__ import annotations

import pytest

from tests.journeys.day import DARK, LIT, Day


@pytest.mark.story(begins="2026-11-22 10:00", speed=90)
def test_back_from_the_x_ray_the_patient_sees_the_same_doctor(day: Day) -> None:
    vallon, garrigue = day.doctor("1"), day.doctor("2")
    assert (vallon.presses(), garrigue.presses()) == ("yes", "yes")  # on duty
    ankle, second, third = day.patients_come(3)

    assert vallon.presses() == "yes"
    day.board.calls("A001", "1")
    day.visit_goes_on()
    assert vallon.presses("park") == "yes"
    ankle.reads("Vous reviendrez dans la même salle", "Salle 1")
    assert vallon.presses() == "yes"
    day.board.calls("A002", "1")

    ankle.shows_the_slip()
    ankle.reads("Vous êtes le prochain")
    day.board.has_next("A001")
    assert garrigue.presses() == "yes"  # who does not take the colleague's patient
    day.board.calls("A003", "2")
    garrigue.sees_the_lamp(DARK)
    vallon.sees_the_lamp(LIT)

    day.visit_goes_on()
    assert vallon.presses() == "yes"
    day.board.calls("A001", "1")
    second.reads("Votre visite est terminée")
    third.reads("Vous êtes avec le médecin")
