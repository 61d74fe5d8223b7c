"""The visit was over, and the doctor had said: come back with the picture. The same ticket, the same doctor."""

from __future__ import annotations

import pytest

from borne.demo.stage import Stage
from core.room.ids import ServiceId
from firmware.kiosk.dialogue.pages import Services, Typing
from firmware.kiosk.dialogue.targets import Choose
from tests.journeys.centre import Centre
from tests.journeys.day import Day
from tests.journeys.kiosk_hand import KioskHand


@pytest.mark.heavy
@pytest.mark.story(begins="2026-11-22 10:00", speed=90)
def test_back_with_the_x_ray_the_patient_goes_on_with_the_same_doctor(day: Day, centre: Centre, stage: Stage) -> None:
    vallon, garrigue = day.doctor("1"), day.doctor("2")
    assert (vallon.presses(), garrigue.presses()) == ("yes", "yes")  # on duty
    ankle, second, _ = day.patients_come(3)
    assert vallon.presses() == "yes"
    day.board.calls("A001", "1")
    day.visit_goes_on()
    assert vallon.presses() == "yes"
    day.board.calls("A002", "1")
    ankle.reads("Votre visite est terminée")
    ankle.shows_the_slip()
    ankle.reads("Votre visite est terminée")

    day.minutes_pass(30)
    centre.visitor.approach()
    KioskHand(stage).touches(Choose(ServiceId("resultat")), on=Services(), until=Typing(with_result=True))
    ankle.shows_the_slip()

    ankle.reads("Vous êtes le prochain")
    day.board.has_next("A001")
    assert garrigue.presses() == "yes"  # who does not take the colleague's patient
    day.board.calls("A003", "2")
    assert vallon.presses() == "yes"
    day.board.calls("A001", "1")
    ankle.reads("C’est à vous", "Salle 1")
    second.reads("Votre visite est terminée")
