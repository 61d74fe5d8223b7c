"""Edges become gestures."""

from __future__ import annotations

from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from firmware.room.gestures import STUCK_S, ButtonState, Edge, Gesture, follow, is_stuck

UP = ButtonState()
DOWN = ButtonState(down_since_s=5.0)


def test_a_press_is_a_press_at_the_instant_the_button_goes_down() -> None:
    assert follow(UP, Edge(is_pressed=True, at_s=5.0)) == (DOWN, Gesture.PRESS)


def test_letting_go_says_nothing() -> None:
    assert follow(DOWN, Edge(is_pressed=False, at_s=5.2)) == (UP, None)


def test_an_edge_told_twice_changes_nothing() -> None:
    assert follow(DOWN, Edge(is_pressed=True, at_s=6.0)) == (DOWN, None)
    assert follow(UP, Edge(is_pressed=False, at_s=6.0)) == (UP, None)


def test_a_button_is_stuck_once_it_has_been_down_for_longer_than_a_hand_holds_it() -> None:
    assert not is_stuck(DOWN, 5.0 + STUCK_S)
    assert is_stuck(DOWN, 5.1 + STUCK_S)
    assert not is_stuck(UP, 1e9)


edges = st.lists(st.tuples(st.booleans(), st.floats(0, 60))).map(
    lambda steps: [
        Edge(is_pressed=is_pressed, at_s=at_s)
        for (is_pressed, _), at_s in zip(steps, accumulate(pause for _, pause in steps), strict=True)
    ]
)


@given(edges)
def test_there_are_as_many_presses_as_times_the_button_went_down(given_edges: list[Edge]) -> None:
    button, presses = UP, 0
    for edge in given_edges:
        button, gesture = follow(button, edge)
        presses += gesture is Gesture.PRESS

    levels = [False, *(edge.is_pressed for edge in given_edges)]
    assert presses == sum(later and not earlier for earlier, later in pairwise(levels))


@given(edges, st.floats(0, 60))
def test_a_button_is_stuck_only_while_it_is_down_and_has_been_for_so_long(
    given_edges: list[Edge], after_s: float
) -> None:
    button = UP
    for edge in given_edges:
        button, _ = follow(button, edge)
    now_s = (given_edges[-1].at_s if given_edges else 0.0) + after_s

    went_down_s = None
    for edge in reversed(given_edges):
        if not edge.is_pressed:
            break
        went_down_s = edge.at_s
    assert is_stuck(button, now_s) == (went_down_s is not None and now_s - went_down_s > STUCK_S)
