"""A wound is stitched in the care room, and the patient goes back to the doctor who sent them there."""

from __future__ import annotations

import pytest

from tests.journeys.day import DARK, LIT, Day


@pytest.mark.story(begins="2026-11-22 11:00", speed=60)
def test_after_the_stitches_the_same_doctor_looks_again(day: Day) -> None:
    vallon, garrigue, nurse = day.doctor("1"), day.doctor("2"), day.doctor("S")
    assert [who.presses() for who in (vallon, garrigue, nurse)] == ["yes", "yes", "yes"]  # on duty
    wound, second = day.patients_come(2)
    nurse.sees_the_lamp(DARK)  # nobody waits for care

    assert vallon.presses() == "yes"
    day.board.calls("A001", "1")
    day.visit_goes_on()
    vallon.finger.touches("Salle de soins")
    nurse.sees_the_lamp(LIT)
    assert vallon.presses() == "yes"
    day.board.calls("A002", "1")

    assert nurse.presses() == "yes"
    wound.reads("Salle S")
    day.board.calls("A001", "S")
    day.visit_goes_on()
    assert nurse.presses() == "yes"  # the stitches are done
    wound.reads("Vous êtes le prochain")
    assert garrigue.presses() == "no"

    vallon.sees_the_lamp(LIT)
    assert vallon.presses() == "yes"
    wound.reads("C’est à vous", "Salle 1")
    second.reads("Votre visite est terminée")
