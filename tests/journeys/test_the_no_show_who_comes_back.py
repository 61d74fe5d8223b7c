"""Nobody comes when A001 is called: the next is called, and whoever was only outside has the place back."""

from __future__ import annotations

import pytest

from tests.journeys.day import Day


@pytest.mark.story(begins="2026-11-22 15:00", speed=60)
def test_who_was_only_outside_is_next_again(day: Day) -> None:
    vallon = day.doctor("1")
    assert vallon.presses() == "yes"  # on duty
    smoker, second, third = day.patients_come(3)

    assert vallon.presses() == "yes"
    day.board.calls("A001", "1")
    day.nobody_comes()
    assert vallon.presses() == "yes"
    day.board.calls("A002", "1")
    smoker.reads("Vous avez été appelé")
    day.board.has_next("A003")

    smoker.shows_the_slip()
    smoker.reads("Vous êtes le prochain")
    third.reads("1 personne avant vous")
    day.board.has_next("A001")

    day.visit_goes_on()
    assert vallon.presses() == "yes"
    second.reads("Votre visite est terminée")
    smoker.reads("C’est à vous", "Salle 1")
