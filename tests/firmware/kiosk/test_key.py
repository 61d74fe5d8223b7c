"""What a hand says by the single key."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from firmware.kiosk.guidance.key import HOLD_S, Gesture, KeyState, follow, held

UP = KeyState()
DOWN, _ = follow(UP, 5.0, is_pressed=True)


def test_a_short_press_is_the_next_choice_when_it_is_let_go() -> None:
    assert follow(UP, 5.0, is_pressed=True) == (KeyState(5.0), None)
    assert follow(DOWN, 5.3, is_pressed=False) == (UP, Gesture.NEXT)


def test_a_hold_chooses_after_a_second_without_being_let_go() -> None:
    assert held(DOWN, 5.9) == (DOWN, None)
    assert held(DOWN, 5.0 + HOLD_S)[1] is Gesture.CHOOSE


def test_whoever_leans_on_the_key_chooses_once() -> None:
    chosen, _ = held(DOWN, 6.0)

    assert held(chosen, 600.0) == (chosen, None)
    assert follow(chosen, 601.0, is_pressed=False) == (UP, None)


def test_a_process_that_was_held_up_still_tells_a_press_from_a_hold() -> None:
    assert follow(DOWN, 5.2, is_pressed=False)[1] is Gesture.NEXT
    assert follow(DOWN, 6.2, is_pressed=False)[1] is Gesture.CHOOSE


def test_an_edge_told_twice_changes_nothing() -> None:
    assert follow(DOWN, 5.1, is_pressed=True) == (DOWN, None)
    assert follow(UP, 5.1, is_pressed=False) == (UP, None)


@given(st.lists(st.tuples(st.sampled_from(["down", "up", "wait"]), st.floats(0, 5)), max_size=40))
def test_one_touch_of_the_key_is_one_gesture_by_how_long_it_lasts(moves: list[tuple[str, float]]) -> None:
    key, now_s, down_s = UP, 0.0, 0.0
    downs = said = 0
    for move, after_s in moves:
        now_s += after_s
        if move == "wait":
            key, gesture = held(key, now_s)
        else:
            if move == "down" and key.down_since_s is None:
                downs, down_s = downs + 1, now_s
            key, gesture = follow(key, now_s, is_pressed=move == "down")
        if gesture is not None:
            said += 1
            assert gesture is (Gesture.CHOOSE if now_s >= down_s + HOLD_S else Gesture.NEXT)
    assert downs - said == (key.due_s is not None)
