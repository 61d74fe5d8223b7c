"""What somebody wants of a site. Commands are wishes: imperative, and each is done or rejected as a whole.

Rule: a command brings its own ids and words; deciding it makes nothing up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.room.events import PrintOutcome, Priority
from core.room.ids import DeviceId, DiskId, Letter, Number, PractitionerId, RoomId, ServiceId, TicketId, Token

__all__ = [
    "AcknowledgeWarning",
    "AdmitTicket",
    "CallNext",
    "Cancel",
    "ComeOnDuty",
    "Command",
    "Complete",
    "EndDuty",
    "GoOffDuty",
    "GrantLetter",
    "Leave",
    "MarkNoShow",
    "OpenDay",
    "Park",
    "Pause",
    "PresentSlip",
    "Press",
    "RaiseWarning",
    "Recall",
    "RefuseReport",
    "ReopenIntake",
    "ReportPrint",
    "Requeue",
    "Resume",
    "ResumeIntake",
    "SendToCare",
    "SetClock",
    "SetPriority",
    "StaffAct",
    "Start",
    "StayUntil",
    "StopIntake",
    "Transfer",
    "Undo",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDay:
    """Begin a service day; whoever is left over from the day before is let go."""

    day: str
    began_ms: int
    """Since when it has been this day, on the site clock: who came since belongs to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetClock:
    """Put what the site clock has said forward with it."""

    by_ms: int
    was_in_doubt: bool
    """Whether only times told in doubt were late; else all were, because a time server had been wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantLetter:
    """Give a kiosk's disk the letter that it numbers under."""

    disk: DiskId
    kiosk: DeviceId
    letter: Letter | None = None
    """The one under which it has numbered so far; given again if no other disk holds it."""


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
    is_doubtful: bool = False
    """Whether the site clock was in doubt when it told this time."""
    was_told: bool = False
    """Whether a journal that is lost had taken it in: what became of it since, this kiosk does not know."""


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
class PresentSlip:
    """A patient shows a slip, typed or scanned: who is not expected any more is expected again."""

    slip: str
    """The number on it, or its token."""
    ticket: TicketId
    token: Token
    """Of the ticket that is made when nobody knows the number."""
    service: ServiceId
    language: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class EndDuty:
    """Somebody has left long ago without saying so."""

    room: RoomId


@dataclass(frozen=True, slots=True, kw_only=True)
class StopIntake:
    """The people who wait fill the time that is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeIntake:
    """There is room again."""


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

Command = (
    OpenDay
    | SetClock
    | GrantLetter
    | AdmitTicket
    | ReportPrint
    | RefuseReport
    | PresentSlip
    | EndDuty
    | StopIntake
    | ResumeIntake
    | StaffAct
)
