"""Edges become gestures."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from firmware.room.gestures import ButtonState, Edge, Gesture, Holds, due_s, follow, is_stuck, ticked

HOLDS = Holds()
UP = ButtonState()
DOWN = ButtonState(down_since_s=5.0)


def edge(at_s: float, *, is_pressed: bool) -> Edge:
    return Edge("call", is_pressed, at_s)


def let_go_after(held_s: float, *, looked_s: float = 0.01) -> Gesture | None:
    """What a hold means to a unit that looks at its button every so often."""
    button, _ = follow(UP, edge(100.0, is_pressed=True), HOLDS)
    for look in range(int(held_s / looked_s) + 1):
        button = ticked(button, min(100.0 + look * looked_s, 100.0 + held_s), HOLDS)
    button = ticked(button, 100.0 + held_s, HOLDS)
    up, gesture = follow(button, edge(100.0 + held_s, is_pressed=False), HOLDS)
    assert up == UP
    return gesture


@pytest.mark.parametrize(
    ("held_s", "meant"),
    [
        (0.0, Gesture.PRESS),
        (0.12, Gesture.PRESS),
        (1.4, Gesture.PRESS),
        (1.6, Gesture.UNDO),
        (3.9, Gesture.UNDO),
        (4.1, Gesture.LEAVE),
        (9.9, Gesture.LEAVE),
        (10.1, None),
        (3600.0, None),
    ],
)
def test_a_gesture_is_known_by_how_long_the_button_was_held(held_s: float, meant: Gesture | None) -> None:
    assert let_go_after(held_s, looked_s=0.25) is meant


def test_a_hand_on_the_button_says_nothing_yet() -> None:
    assert follow(UP, edge(5.0, is_pressed=True), HOLDS) == (DOWN, Gesture.DOWN)


def test_an_edge_told_twice_changes_nothing() -> None:
    assert follow(DOWN, edge(6.0, is_pressed=True), HOLDS) == (DOWN, None)
    assert follow(UP, edge(6.0, is_pressed=False), HOLDS) == (UP, None)


def test_the_lamp_ticks_once_at_the_first_hold_and_once_more_at_the_second() -> None:
    assert due_s(DOWN, HOLDS) == 6.5
    assert ticked(DOWN, 6.4, HOLDS).ticks == 0
    once = ticked(DOWN, 6.5, HOLDS)
    assert once.ticks == 1
    assert due_s(once, HOLDS) == 9.0
    twice = ticked(once, 9.1, HOLDS)
    assert twice.ticks == 2
    assert due_s(twice, HOLDS) is None
    assert due_s(UP, HOLDS) is None


def test_a_hold_of_which_the_lamp_told_nothing_is_no_gesture() -> None:
    assert follow(DOWN, edge(7.0, is_pressed=False), HOLDS) == (UP, Gesture.UNSURE)


def test_a_button_that_was_down_before_us_is_no_gesture_when_it_is_let_go() -> None:
    found = ButtonState(5.0, is_seen=False)

    assert due_s(found, HOLDS) is None
    assert follow(found, edge(5.1, is_pressed=False), HOLDS) == (UP, Gesture.UNSURE)


def test_a_button_is_stuck_once_it_has_been_down_for_longer_than_a_hand_holds_it() -> None:
    assert not is_stuck(DOWN, 15.0, HOLDS)
    assert is_stuck(DOWN, 15.1, HOLDS)
    assert not is_stuck(UP, 1e9, HOLDS)


def test_holds_that_are_not_in_order_are_refused() -> None:
    with pytest.raises(ValidationError, match="give each more than the one before"):
        Holds(undo_ms=4000, leave_ms=1500)


pauses = st.one_of(st.sampled_from([0.0, 0.001, 0.02, 1.49, 1.5, 2.5, 4.0, 6.0, 10.0]), st.floats(0, 60))
steps = st.lists(st.tuples(st.booleans(), pauses, st.booleans()))
"""Each an edge, how long after the one before, and whether the unit looked at its button between."""


@dataclass(frozen=True)
class Told:
    """What a unit has told of a sequence of edges."""

    gesture: Gesture | None
    held_s: float | None
    """How long the button had been down, where it went up."""
    looked: int
    """How many ticks it had told the hand of before."""


def tell(given_steps: list[tuple[bool, float, bool]]) -> list[Told]:
    button, told, down_s = UP, [], None
    times = accumulate(pause for _, pause, _ in given_steps)
    for (is_pressed, _, looks), at_s in zip(given_steps, times, strict=True):
        if looks:
            button = ticked(button, at_s, HOLDS)
        looked = button.ticks
        button, gesture = follow(button, edge(at_s, is_pressed=is_pressed), HOLDS)
        held_s = None
        if is_pressed and down_s is None:
            down_s = at_s
        elif not is_pressed and down_s is not None:
            held_s, down_s = at_s - down_s, None
        told.append(Told(gesture, held_s, looked))
    return told


@given(steps)
def test_every_hand_that_comes_says_one_thing_at_most_and_only_when_it_goes(
    given_steps: list[tuple[bool, float, bool]],
) -> None:
    told = tell(given_steps)

    hands = sum(one.gesture is Gesture.DOWN for one in told)
    assert sum(one.gesture not in (None, Gesture.DOWN) for one in told) <= hands
    for one in told:
        if one.held_s is None:
            assert one.gesture in (None, Gesture.DOWN)


@given(steps)
def test_a_hold_means_what_its_time_says_if_the_lamp_has_said_so_too_and_else_nothing(
    given_steps: list[tuple[bool, float, bool]],
) -> None:
    for one in tell(given_steps):
        match one.gesture:
            case Gesture.PRESS:
                assert one.held_s is not None
                assert one.held_s < 1.5 + 1e-6
                assert one.looked == 0
            case Gesture.UNDO:
                assert one.held_s is not None
                assert 1.5 - 1e-6 <= one.held_s < 4.0 + 1e-6
                assert one.looked == 1
            case Gesture.LEAVE:
                assert one.held_s is not None
                assert 4.0 - 1e-6 <= one.held_s <= 10.0 + 1e-6
                assert one.looked == 2


@given(steps)
@example([(True, 14.001, False), (False, 4.0, False)])
def test_whoever_holds_a_button_under_a_lamp_that_ticks_in_time_is_understood(
    given_steps: list[tuple[bool, float, bool]],
) -> None:
    always_looking = [(is_pressed, pause, True) for is_pressed, pause, _ in given_steps]

    for one in tell(always_looking):
        assert one.gesture is not Gesture.UNSURE
        if one.held_s is not None:
            assert (one.gesture is None) == (1000 * one.held_s > HOLDS.stuck_ms)


@given(steps, st.floats(0, 60))
def test_a_button_is_stuck_only_while_it_is_down_and_has_been_for_so_long(
    given_steps: list[tuple[bool, float, bool]], after_s: float
) -> None:
    button, at_s = UP, 0.0
    went_down_s: float | None = None
    for is_pressed, pause, _ in given_steps:
        at_s += pause
        button, _ = follow(button, edge(at_s, is_pressed=is_pressed), HOLDS)
        went_down_s = None if not is_pressed else at_s if went_down_s is None else went_down_s

    held_ms = None if went_down_s is None else 1000 * (at_s + after_s - went_down_s)
    assert is_stuck(button, at_s + after_s, HOLDS) == (held_ms is not None and held_ms > HOLDS.stuck_ms)
