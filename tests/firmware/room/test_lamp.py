"""What the lamp says, and what the buzzer."""

from __future__ import annotations

import itertools

import pytest

from core.room.duty import DutyState
from core.room.ids import RoomId
from core.wire.messages import Answer, Ringing, Screen
from firmware.drivers.gpio.patterns import Pattern
from firmware.room.buzzer import FIRST_PATIENT, RINGING, SILENCE, has_first_patient, sound
from firmware.room.lamp import NO, NOBODY_WAITS, SOMEBODY_WAITS, TICKS, TROUBLE, WARNING, YES, answer_to, lasting
from tests.firmware.room.given import ROOM, given_screen

LASTING = (NOBODY_WAITS, SOMEBODY_WAITS, TROUBLE, WARNING)
QUESTION = "0123456789abcdef0123456789abcdef"
EMPTY = given_screen()
SOMEBODY = given_screen(waiting=1)
RINGS = given_screen(waiting=1, warning=Ringing(device="aubagne-kiosk-1", at_ms=1))


def shown(screen: Screen | None, *, is_fresh: bool = True) -> Pattern:
    return lasting(screen, ROOM, is_fresh=is_fresh)


def test_the_lamp_is_dark_when_nobody_waits() -> None:
    assert shown(EMPTY) == NOBODY_WAITS
    assert not any(lit_ms for lit_ms, _ in NOBODY_WAITS.steps)


def test_the_lamp_says_that_somebody_waits() -> None:
    assert shown(SOMEBODY) == SOMEBODY_WAITS


@pytest.mark.parametrize("duty", [DutyState.OFF, DutyState.PAUSE])
def test_a_room_that_takes_nobody_is_dark_whoever_waits(duty: DutyState) -> None:
    assert shown(given_screen(waiting=5, duty=duty)) == NOBODY_WAITS


def test_whoever_waits_for_another_room_only_does_not_light_this_lamp() -> None:
    assert shown(given_screen(waiting=5, room=RoomId("room-3"))) == NOBODY_WAITS


@pytest.mark.parametrize("screen", [None, EMPTY, SOMEBODY, RINGS])
def test_without_the_controller_the_lamp_says_trouble_whatever_was_known(screen: Screen | None) -> None:
    assert shown(screen, is_fresh=False) == TROUBLE
    assert sound(screen, is_fresh=False) == SILENCE


def test_before_the_first_screen_the_lamp_says_trouble() -> None:
    assert shown(None) == TROUBLE


def test_a_warning_flickers_and_rings_until_somebody_has_heard_it() -> None:
    assert shown(RINGS) == WARNING
    assert sound(RINGS, is_fresh=True) == RINGING
    assert sound(SOMEBODY, is_fresh=True) == SILENCE


def test_a_warning_is_seen_by_those_on_a_break_too() -> None:
    warning = Ringing(device="aubagne-kiosk-1", at_ms=1)
    assert shown(given_screen(duty=DutyState.PAUSE, warning=warning)) == WARNING


@pytest.mark.parametrize(
    ("before", "after", "is_first"),
    [
        (EMPTY, SOMEBODY, True),
        (EMPTY, EMPTY, False),
        (SOMEBODY, given_screen(waiting=2), False),
        (EMPTY, given_screen(waiting=1, number="A041"), False),
        (given_screen(number="A043"), SOMEBODY, False),
        (given_screen(duty=DutyState.OFF), given_screen(waiting=1, duty=DutyState.OFF), False),
        (given_screen(duty=DutyState.OFF), SOMEBODY, False),
        (given_screen(duty=DutyState.PAUSE), given_screen(waiting=1, duty=DutyState.PAUSE), False),
        (None, SOMEBODY, False),
    ],
)
def test_the_buzzer_tells_an_idle_doctor_of_the_first_patient(
    before: Screen | None, after: Screen, is_first: bool
) -> None:
    assert has_first_patient(before, after, ROOM) == is_first
    assert FIRST_PATIENT.is_once


def test_only_an_act_that_is_done_is_answered_yes() -> None:
    assert answer_to(Answer(id=QUESTION, outcome="done", number="A042")) == YES
    assert answer_to(Answer(id=QUESTION, outcome="rejected", code="nobody-waits")) == NO
    assert answer_to(Answer(id=QUESTION, outcome="expired")) == NO
    assert answer_to(None) == NO


def test_answers_and_ticks_are_played_once_and_the_rest_lasts() -> None:
    assert all(pattern.is_once for pattern in (YES, NO, *TICKS))
    assert not any(pattern.is_once for pattern in LASTING)


def test_any_two_patterns_differ_in_rhythm_for_an_eye_that_sees_only_light_and_dark() -> None:
    for one, other in itertools.combinations((*LASTING, YES, NO, *TICKS), 2):
        assert rhythm(one) != rhythm(other)


@pytest.mark.parametrize("pattern", [*LASTING, YES, NO, *TICKS, RINGING, FIRST_PATIENT])
def test_nothing_flashes_more_than_three_times_in_a_second(pattern: Pattern) -> None:
    played = list(itertools.islice(itertools.cycle(pattern.steps), 0 if pattern.is_once else 12)) or pattern.steps
    starts_ms = list(itertools.accumulate((lit_ms + dark_ms for lit_ms, dark_ms in played), initial=0))
    lit_ms = [start for start, step in zip(starts_ms, played, strict=False) if step[0] and step[1]]
    assert all(later - first >= 1000 for first, later in zip(lit_ms, lit_ms[3:], strict=False))


def rhythm(pattern: Pattern) -> tuple[bool, list[str]]:
    """What stays in the mind: whether it goes on, how many lights there are, each long or short, and the dark after."""
    return pattern.is_once, [
        ("long" if lit_ms >= 500 else "short") + (" dark" if dark_ms else "") if lit_ms else "dark"
        for lit_ms, dark_ms in pattern.steps
    ]
