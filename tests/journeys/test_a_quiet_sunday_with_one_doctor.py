"""A quiet Sunday morning: one doctor, one patient. The lamp is dark while there is nothing to do."""

from __future__ import annotations

import pytest

from tests.journeys.day import DARK, LIT, Day


@pytest.mark.story(begins="2026-11-22 09:55", speed=60)
def test_one_doctor_one_patient_and_a_button(day: Day) -> None:
    day.plan_has_come("Dr Vallon")
    vallon = day.doctor("1")

    assert vallon.presses() == "yes"  # good morning
    day.centre_page_reads("Dr Vallon", "17:00", "Personne n’attend")
    assert vallon.presses() == "no"  # nobody waits
    vallon.sees_the_lamp(DARK)

    patient = day.patient_comes()
    vallon.sees_the_lamp(LIT)
    assert vallon.hears_the_buzzer()
    patient.reads("Vous êtes le prochain")

    assert vallon.presses() == "yes"
    patient.reads("C’est à vous", "Salle 1")
    day.board.calls("A001", "1")
    vallon.sees_the_lamp(DARK)

    day.visit_goes_on()
    patient.reads("Vous êtes avec le médecin")
    assert vallon.presses() == "yes"  # the visit is over, nobody follows
    patient.reads("Votre visite est terminée")
    day.board.says("nobody-waits")
    assert vallon.presses() == "no"
