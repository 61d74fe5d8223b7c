"""What a person may ask of a room, of its practitioner or of a ticket: by a button, on a screen, from the network.

Rule: these travel over the wire and are told apart by `kind`; a field is only ever added, with a default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.room.events import Priority
from core.room.ids import DeviceId, PractitionerId, RoomId, ServiceId, TicketId

__all__ = [
    "AcknowledgeWarning",
    "CallNext",
    "Cancel",
    "ComeOnDuty",
    "Complete",
    "GoOffDuty",
    "Leave",
    "MarkNoShow",
    "Park",
    "Pause",
    "Press",
    "RaiseWarning",
    "Recall",
    "ReopenIntake",
    "Requeue",
    "Resume",
    "SendToCare",
    "SetPriority",
    "StaffAct",
    "Start",
    "StayUntil",
    "Transfer",
    "Undo",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """The one button of a room: what it means follows from what the room is doing (`core.room.press`)."""

    room: RoomId
    kind: Literal["press"] = "press"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNext:
    room: RoomId
    kind: Literal["call-next"] = "call-next"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    room: RoomId
    kind: Literal["recall"] = "recall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    room: RoomId
    kind: Literal["start"] = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete:
    room: RoomId
    kind: Literal["complete"] = "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkNoShow:
    room: RoomId
    kind: Literal["no-show"] = "no-show"


@dataclass(frozen=True, slots=True, kw_only=True)
class Park:
    room: RoomId
    kind: Literal["park"] = "park"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    ticket: TicketId
    room: RoomId
    kind: Literal["resume"] = "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requeue:
    ticket: TicketId
    kind: Literal["requeue"] = "requeue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    ticket: TicketId
    service: ServiceId
    kind: Literal["transfer"] = "transfer"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPriority:
    ticket: TicketId
    priority: Priority
    kind: Literal["set-priority"] = "set-priority"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    ticket: TicketId
    reason: Literal["left", "staff"]
    kind: Literal["cancel"] = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComeOnDuty:
    """A practitioner is there, or back from a break."""

    room: RoomId
    practitioner: PractitionerId | None = None
    """None: whom the plan names for this room now, else whoever it is."""
    until_ms: int | None = None
    kind: Literal["come-on-duty"] = "come-on-duty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """End the visit, and pause, or go off duty when the shift is over: one gesture at the door."""

    room: RoomId
    kind: Literal["leave"] = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    room: RoomId
    kind: Literal["pause"] = "pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOffDuty:
    """Said in the room, or by a colleague for one who left without saying."""

    room: RoomId
    kind: Literal["go-off-duty"] = "go-off-duty"


@dataclass(frozen=True, slots=True, kw_only=True)
class StayUntil:
    room: RoomId
    until_ms: int
    kind: Literal["stay-until"] = "stay-until"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendToCare:
    """Send the patient in the room to the care room; they come back to the same practitioner."""

    room: RoomId
    kind: Literal["send-to-care"] = "send-to-care"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenIntake:
    """Take more people although the evening is full."""

    room: RoomId
    kind: Literal["reopen-intake"] = "reopen-intake"


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseWarning:
    """Call the team. The device is whoever asks: the controller fills it in."""

    device: DeviceId | None = None
    kind: Literal["raise-warning"] = "raise-warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeWarning:
    room: RoomId
    kind: Literal["acknowledge-warning"] = "acknowledge-warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Take back the last act of a room."""

    room: RoomId
    kind: Literal["undo"] = "undo"


StaffAct = (
    Press
    | CallNext
    | Recall
    | Start
    | Complete
    | MarkNoShow
    | Park
    | Resume
    | Requeue
    | Transfer
    | SetPriority
    | Cancel
    | ComeOnDuty
    | Leave
    | Pause
    | GoOffDuty
    | StayUntil
    | SendToCare
    | ReopenIntake
    | RaiseWarning
    | AcknowledgeWarning
    | Undo
)
"""What a person may ask for over the wire."""
