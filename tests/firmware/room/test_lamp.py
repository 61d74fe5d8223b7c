"""What the lamp says."""

from __future__ import annotations

import itertools

import pytest

from core.wire.messages import Answer
from firmware.drivers.gpio.patterns import Pattern
from firmware.room.lamp import NO, NOBODY_WAITS, SOMEBODY_WAITS, TROUBLE, YES, answer_to_press, lasting
from tests.firmware.stage import make_screen

LASTING = (NOBODY_WAITS, SOMEBODY_WAITS, TROUBLE)
QUESTION = "0123456789abcdef0123456789abcdef"


def test_the_lamp_is_dark_when_nobody_waits() -> None:
    assert lasting(make_screen(1), is_fresh=True) == NOBODY_WAITS
    assert not any(lit_ms for lit_ms, _ in NOBODY_WAITS.steps)


def test_the_lamp_says_that_somebody_waits() -> None:
    assert lasting(make_screen(1, waiting=("A042",)), is_fresh=True) == SOMEBODY_WAITS


@pytest.mark.parametrize("screen", [None, make_screen(1), make_screen(1, waiting=("A042",))])
def test_without_the_controller_the_lamp_says_trouble_whatever_was_known(screen) -> None:
    assert lasting(screen, is_fresh=False) == TROUBLE


def test_before_the_first_screen_the_lamp_says_trouble() -> None:
    assert lasting(None, is_fresh=True) == TROUBLE


def test_only_a_press_that_is_done_is_answered_yes() -> None:
    assert answer_to_press(Answer(id=QUESTION, outcome="done", number="A042")) == YES
    assert answer_to_press(Answer(id=QUESTION, outcome="rejected", code="nobody-waits")) == NO
    assert answer_to_press(Answer(id=QUESTION, outcome="expired")) == NO
    assert answer_to_press(None) == NO


def test_answers_are_played_once_and_the_rest_lasts() -> None:
    assert YES.is_once
    assert NO.is_once
    assert not any(pattern.is_once for pattern in LASTING)


def test_any_two_patterns_differ_in_rhythm_for_an_eye_that_sees_only_light_and_dark() -> None:
    for one, other in itertools.combinations((*LASTING, YES, NO), 2):
        assert rhythm(one) != rhythm(other)


def rhythm(pattern: Pattern) -> list[str]:
    """What stays in the mind: how many lights there are, each long or short, and whether dark follows."""
    return [
        ("long" if lit_ms >= 500 else "short") + (" dark" if dark_ms else "") if lit_ms else "dark"
        for lit_ms, dark_ms in pattern.steps
    ]
