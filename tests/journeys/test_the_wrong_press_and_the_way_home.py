"""A press too many is taken back by holding the button, and a longer hold at the door is the way home."""

from __future__ import annotations

import pytest

from tests.journeys.day import DARK, LIT, Day

UNDO_S, LEAVE_S = 2.5, 5.0
"""Well after the lamp has said "let go now"."""


@pytest.mark.story(begins="2026-11-22 18:00", speed=20)
def test_a_press_too_many_is_taken_back(day: Day) -> None:
    tramontane = day.doctor("1")
    assert tramontane.presses() == "yes"  # on duty
    first, second = day.patients_come(2)
    assert tramontane.presses() == "yes"
    day.board.calls("A001", "1")
    day.nobody_comes()

    assert tramontane.presses() == "yes"  # the sleeve on the button
    second.reads("C’est à vous")
    first.reads("Vous avez été appelé")
    assert tramontane.holds(UNDO_S) == "yes"
    first.reads("C’est à vous")
    second.reads("Vous êtes le prochain")
    day.board.has_next("A002")
    assert tramontane.holds(UNDO_S) == "no"  # there is nothing more to take back


@pytest.mark.story(begins="2026-11-22 18:00", speed=60)
def test_one_gesture_at_the_door(day: Day) -> None:
    day.plan_has_come("Dr Tramontane")
    tramontane = day.doctor("1")
    assert tramontane.presses() == "yes"  # on duty, until 22:00
    first, _ = day.patients_come(2)
    assert tramontane.presses() == "yes"
    first.reads("C’est à vous")
    day.visit_goes_on()

    assert tramontane.holds(LEAVE_S) == "yes"  # for a coffee
    first.reads("Votre visite est terminée")
    day.board.says("pause")
    tramontane.sees_the_lamp(DARK)
    day.centre_page_reads("Dr Tramontane", "en pause")

    assert tramontane.presses() == "yes"  # back
    tramontane.sees_the_lamp(LIT)
    day.board.says("waiting", 1)
