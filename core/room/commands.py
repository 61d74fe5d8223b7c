"""What somebody wants of a site. Commands are wishes: imperative, and each is done or rejected as a whole.

Rule: a command brings its own ids and words; deciding it makes nothing up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.room.events import PrintOutcome, Priority
from core.room.ids import DeviceId, DiskId, Number, RoomId, ServiceId, TicketId, Token

__all__ = [
    "AdmitTicket",
    "CallNext",
    "Cancel",
    "Command",
    "Complete",
    "GrantLetter",
    "MarkNoShow",
    "OpenDay",
    "Park",
    "Press",
    "Recall",
    "RefuseReport",
    "ReportPrint",
    "Requeue",
    "Resume",
    "SetPriority",
    "StaffAct",
    "Start",
    "Transfer",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDay:
    """Begin a service day; whoever still waits from the day before is let go."""

    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantLetter:
    """Give a kiosk's disk the letter that it numbers under."""

    disk: DiskId
    kiosk: DeviceId


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmitTicket:
    """Take in a ticket that a kiosk gave."""

    ticket: TicketId
    number: Number
    token: Token
    service: ServiceId
    language: str
    kiosk: DeviceId
    disk: DiskId
    disk_seq: int
    ordered_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPrint:
    """Take in what became of a slip."""

    ticket: TicketId
    outcome: PrintOutcome
    kiosk: DeviceId
    disk: DiskId
    disk_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseReport:
    """Pass over a kiosk's report that cannot be read."""

    kiosk: DeviceId
    disk: DiskId
    disk_seq: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """The one button of a room: what it means follows from what the room is doing (`decide.press`)."""

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
)
"""What a person may ask for over the wire."""

Command = OpenDay | GrantLetter | AdmitTicket | ReportPrint | RefuseReport | StaffAct
