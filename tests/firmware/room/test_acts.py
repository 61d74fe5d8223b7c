"""Gestures become acts."""

from __future__ import annotations

import pytest

from core.room.commands import AcknowledgeWarning, Leave, Park, Press, RaiseWarning, StaffAct, Undo
from core.room.ids import RoomId
from firmware.drivers.gpio import ButtonName
from firmware.room.acts import act_of
from firmware.room.gestures import Gesture

ROOM = RoomId("room-2")


@pytest.mark.parametrize(
    ("button", "gesture", "act"),
    [
        ("call", Gesture.PRESS, Press(room=ROOM)),
        ("call", Gesture.UNDO, Undo(room=ROOM)),
        ("call", Gesture.LEAVE, Leave(room=ROOM)),
        ("call", Gesture.UNSURE, None),
        ("park", Gesture.PRESS, Park(room=ROOM)),
        ("park", Gesture.UNSURE, Park(room=ROOM)),
    ],
)
def test_what_a_gesture_asks_for(button: ButtonName, gesture: Gesture, act: StaffAct | None) -> None:
    assert act_of(button, gesture, ROOM, is_ringing=False) == act


@pytest.mark.parametrize("button", ["call", "park"])
def test_a_hand_that_has_not_let_go_asks_for_nothing(button: ButtonName) -> None:
    assert act_of(button, Gesture.DOWN, ROOM, is_ringing=False) is None


@pytest.mark.parametrize("is_ringing", [False, True])
def test_urgent_help_is_called_when_the_hand_comes_and_once(is_ringing: bool) -> None:
    assert act_of("help", Gesture.DOWN, ROOM, is_ringing=is_ringing) == RaiseWarning()
    for gesture in (Gesture.PRESS, Gesture.UNDO, Gesture.LEAVE, Gesture.UNSURE):
        assert act_of("help", gesture, ROOM, is_ringing=is_ringing) is None


@pytest.mark.parametrize("button", ["call", "park"])
@pytest.mark.parametrize("gesture", [Gesture.PRESS, Gesture.UNDO, Gesture.LEAVE, Gesture.UNSURE])
def test_while_a_warning_rings_any_gesture_only_acknowledges_it(button: ButtonName, gesture: Gesture) -> None:
    act = act_of(button, gesture, ROOM, is_ringing=True)

    assert act in (Press(room=ROOM), AcknowledgeWarning(room=ROOM))
