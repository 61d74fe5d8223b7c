"""Who may ask for what, as one small rule per asker.

A room unit stands in a locked room, and its screen is used by who works there: it asks for all that concerns its own
room, and for what any colleague may do to a ticket. A kiosk stands among strangers. The network asks for what somebody
decided elsewhere; who that may be is the agent's matter.

Rule: pure. What is allowed is still decided by the rules of the centre (`core.room.decide`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from core.edge.site import Device
from core.room import commands as c
from core.room.ids import DeviceId, RoomId
from core.wire.identity import new_id, new_token
from core.wire.messages import LetterWanted, Presented

__all__ = ["Asked", "Granted", "granted_to", "granted_to_network"]

Asked = c.StaffAct | LetterWanted | Presented
Granted = c.StaffAct | c.GrantLetter | c.PresentSlip


def granted_to(device: Device, act: Asked, is_past_end: Callable[[RoomId], bool]) -> Granted | None:
    """The command that a device may have for its question; None when it asks for what is not its own.

    Args:
        is_past_end: whether a room's practitioner is on duty well after their end, so that a colleague may end it.
    """
    match device.role:
        case "kiosk":
            return _granted_to_kiosk(DeviceId(device.id), act)
        case "room":
            return _granted_to_room(device, act, is_past_end)
        case _:
            return None


def granted_to_network(act: Asked, is_past_end: Callable[[RoomId], bool]) -> Granted | None:
    """As `granted_to`, for what the agent asks: of a doctor's duty no more than a colleague may."""
    match act:
        case c.Cancel() | c.SetPriority() | c.Transfer() | c.StayUntil() | c.ReopenIntake():
            return act
        case c.GoOffDuty() if is_past_end(act.room):
            return act
        case _:
            return None


def _granted_to_kiosk(kiosk: DeviceId, act: Asked) -> Granted | None:
    match act:
        case LetterWanted():
            return c.GrantLetter(disk=act.disk, kiosk=kiosk, letter=act.letter)
        case Presented():
            return c.PresentSlip(
                slip=act.slip,
                ticket=new_id(),
                token=new_token(),
                service=act.service,
                language=act.language,
                with_result=act.with_result,
            )
        case c.RaiseWarning():
            return replace(act, device=kiosk)
        case _:
            return None


def _granted_to_room(device: Device, act: Asked, is_past_end: Callable[[RoomId], bool]) -> Granted | None:
    match act:
        case LetterWanted() | Presented():
            return None
        case c.RaiseWarning():
            return replace(act, device=DeviceId(device.id))
        case c.SetPriority() | c.Transfer() | c.Requeue() | c.Cancel(reason="staff"):
            return act
        case c.Cancel():
            return None
        case c.GoOffDuty() if is_past_end(act.room):
            return act
        case _:
            return act if act.room == device.room else None
