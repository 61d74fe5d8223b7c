"""A child who cannot wait: the doctor says so on the room's screen, and everybody's phone follows."""

from __future__ import annotations

import pytest

from tests.journeys.day import Day


@pytest.mark.story(begins="2026-11-22 10:00", speed=20)
def test_the_child_is_next_and_the_others_know_it(day: Day) -> None:
    vallon, garrigue = day.doctor("1"), day.doctor("2")
    assert (vallon.presses(), garrigue.presses()) == ("yes", "yes")  # on duty
    first, _, child = day.patients_come(3)
    first.reads("Vous êtes le prochain")
    child.reads("2 personnes avant vous")

    about_the_child = vallon.finger.looks_up("A003")
    vallon.finger.touches("Urgent", on=about_the_child)

    child.reads("Vous êtes le prochain")
    first.reads("1 personne avant vous")
    day.board.has_next("A003")
    assert vallon.presses() == "yes"
    child.reads("C’est à vous", "Salle 1")
    day.board.calls("A003", "1")

    assert garrigue.presses() == "yes"
    first.reads("C’est à vous", "Salle 2")
    day.board.has_next("A002")
