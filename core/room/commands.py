"""What somebody wants of a site. Commands are wishes: imperative, and each is done or rejected as a whole.

Rule: a command brings its own ids and words; deciding it makes nothing up.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.room.events import PrintOutcome, Priority
from core.room.ids import DeviceId, DiskId, Letter, Number, RoomId, ServiceId, TicketId, Token
from core.room.outlook import Wait
from core.room.staff_acts import (
    AcknowledgeWarning,
    CallNext,
    Cancel,
    ComeOnDuty,
    Complete,
    GoOffDuty,
    Leave,
    MarkNoShow,
    Park,
    Pause,
    Press,
    RaiseWarning,
    Recall,
    ReopenIntake,
    Requeue,
    Resume,
    SendToCare,
    SetPriority,
    StaffAct,
    Start,
    StayUntil,
    Transfer,
    Undo,
)

__all__ = [
    "AcknowledgeWarning",
    "AdmitTicket",
    "CallNext",
    "Cancel",
    "ComeOnDuty",
    "Command",
    "Complete",
    "EndDuty",
    "GiveUp",
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
    wait: Wait | None = None
    """What the kiosk and the slip said of it."""
    claim: Priority = Priority.ORDINARY
    """The class that the patient declares: a card, or courtesy."""
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
    with_result: bool = False
    """Whether the patient comes back with the result of an exam: then a visit of today that is over goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndDuty:
    """Somebody has left long ago without saying so."""

    room: RoomId


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp:
    """A patient who was absent has not come back in time."""

    ticket: TicketId


@dataclass(frozen=True, slots=True, kw_only=True)
class StopIntake:
    """The people who wait fill the time that is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeIntake:
    """There is room again."""


Command = (
    OpenDay
    | SetClock
    | GrantLetter
    | AdmitTicket
    | ReportPrint
    | RefuseReport
    | PresentSlip
    | EndDuty
    | GiveUp
    | StopIntake
    | ResumeIntake
    | StaffAct
)
