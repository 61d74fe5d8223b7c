"""Which act of staff a gesture on a button of the room asks for.

Rule: pure. Only urgent help does not wait for the hand to let go: whoever needs it may not be able to.
"""

from __future__ import annotations

from core.room.commands import AcknowledgeWarning, Leave, Park, Press, RaiseWarning, StaffAct, Undo
from core.room.ids import RoomId
from firmware.drivers.gpio import ButtonName
from firmware.room.gestures import Gesture

__all__ = ["act_of"]


def act_of(button: ButtonName, gesture: Gesture, room: RoomId, *, is_ringing: bool) -> StaffAct | None:
    """The act; None when the gesture asks for nothing.

    Args:
        is_ringing: whether somebody calls the team: then any gesture says no more than "I have heard it".
    """
    match button, gesture:
        case "help", Gesture.DOWN:
            return RaiseWarning()
        case ("help", _) | (_, Gesture.DOWN):
            return None
        case "call", Gesture.PRESS:
            return Press(room=room)  # the controller takes it for an acknowledgement, whenever it rings there
        case _ if is_ringing:
            return AcknowledgeWarning(room=room)
        case "call", Gesture.UNDO:
            return Undo(room=room)
        case "call", Gesture.LEAVE:
            return Leave(room=room)
        case "park", _:
            return Park(room=room)
        case _:
            return None
