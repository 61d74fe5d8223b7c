"""What has happened at a site. Events are facts: past tense, never refused, kept for ever in this form.

Rule: an event carries the outcome of every decision (key, class, room), so that folding it needs no policy and sites on
different releases fold alike. A field is only ever added, with a default.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Literal, TypeVar

from core.room.ids import DeviceId, DiskId, Letter, Number, RoomId, ServiceId, TicketId, Token

__all__ = [
    "DayOpened",
    "Event",
    "LetterGranted",
    "PrintOutcome",
    "PrintReported",
    "Priority",
    "PriorityChanged",
    "Record",
    "ReportRefused",
    "ServiceStarted",
    "TicketCalled",
    "TicketCancelled",
    "TicketCompleted",
    "TicketIssued",
    "TicketNotPresent",
    "TicketParked",
    "TicketRecalled",
    "TicketRequeued",
    "TicketResumed",
    "TicketTransferred",
]


class Priority(StrEnum):
    """A named class of head start; a human sets it, the kiosk never computes it (EU 2017/745, rule 11)."""

    URGENT = "urgent"
    CARD = "card"
    """Carte mobilité inclusion: priority by law (code de l'action sociale et des familles, art. L. 241-3)."""
    RETURN = "return"
    """Back with the result of an exam."""
    COURTESY = "courtesy"
    """Pregnancy or an infant."""
    ORDINARY = "ordinary"


class PrintOutcome(StrEnum):
    """What became of a slip."""

    PRINTED = "printed"
    FAILED = "failed"
    """No paper in the patient's hand: the screen showed the number instead."""
    UNKNOWN = "unknown"
    """A crash or a mute printer hid it; the ticket keeps its place and is not printed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOpened:
    """A service day begins; numbers start again."""

    day: str
    """ISO date: `2026-11-22`."""
    kind: Literal["day-opened"] = "day-opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterGranted:
    """A kiosk's disk may number under a letter."""

    disk: DiskId
    kiosk: DeviceId
    letter: Letter
    kind: Literal["letter-granted"] = "letter-granted"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketIssued:
    """A kiosk gave a ticket and the controller has taken it in."""

    ticket: TicketId
    number: Number
    token: Token
    service: ServiceId
    language: str
    kiosk: DeviceId
    disk: DiskId
    disk_seq: int
    """Place in the kiosk's own journal: what makes telling it twice harmless."""
    ordered_at_ms: int
    """When it was given, on the site clock."""
    priority: Priority
    key_ms: int
    """`ordered_at_ms` less the head start of the class: smallest first."""
    kind: Literal["ticket-issued"] = "ticket-issued"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintReported:
    """A kiosk says what became of a slip."""

    ticket: TicketId
    outcome: PrintOutcome
    disk: DiskId
    disk_seq: int
    kind: Literal["print-reported"] = "print-reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRefused:
    """A kiosk's report could not be true; it is passed over, counted and raised as an alert."""

    kiosk: DeviceId
    disk: DiskId
    disk_seq: int
    code: str
    kind: Literal["report-refused"] = "report-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCalled:
    """A room summons the next patient."""

    ticket: TicketId
    room: RoomId
    kind: Literal["ticket-called"] = "ticket-called"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRecalled:
    """The same ticket is summoned again to the same room."""

    ticket: TicketId
    kind: Literal["ticket-recalled"] = "ticket-recalled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStarted:
    """The patient is with the doctor."""

    ticket: TicketId
    kind: Literal["service-started"] = "service-started"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCompleted:
    """The visit is over."""

    ticket: TicketId
    kind: Literal["ticket-completed"] = "ticket-completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketNotPresent:
    """Called and absent: a no-show, who can come back."""

    ticket: TicketId
    kind: Literal["ticket-not-present"] = "ticket-not-present"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketParked:
    """Put aside by its room, which alone resumes it."""

    ticket: TicketId
    kind: Literal["ticket-parked"] = "ticket-parked"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketResumed:
    """A parked ticket is summoned again by its room."""

    ticket: TicketId
    kind: Literal["ticket-resumed"] = "ticket-resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRequeued:
    """Back among those who wait, at the key it had."""

    ticket: TicketId
    kind: Literal["ticket-requeued"] = "ticket-requeued"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketTransferred:
    """Sent to wait for another service, number and key kept."""

    ticket: TicketId
    service: ServiceId
    kind: Literal["ticket-transferred"] = "ticket-transferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityChanged:
    """Staff set the class of a waiting ticket."""

    ticket: TicketId
    priority: Priority
    key_ms: int
    kind: Literal["priority-changed"] = "priority-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCancelled:
    """Withdrawn before its end."""

    ticket: TicketId
    reason: Literal["left", "staff", "day-over"]
    kind: Literal["ticket-cancelled"] = "ticket-cancelled"


Event = (
    DayOpened
    | LetterGranted
    | TicketIssued
    | PrintReported
    | ReportRefused
    | TicketCalled
    | TicketRecalled
    | ServiceStarted
    | TicketCompleted
    | TicketNotPresent
    | TicketParked
    | TicketResumed
    | TicketRequeued
    | TicketTransferred
    | PriorityChanged
    | TicketCancelled
)


EventT = TypeVar("EventT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Generic[EventT]):
    """An event in a site's journal. Its `seq` is its place there: 1, 2, 3 … without gaps.

    Generic, so that the wire can say how events are told apart: by `kind` a record is read in 0.9 µs, by trials in 16.
    """

    at_ms: int
    """When the controller decided it, on the site clock: UTC milliseconds since 1970, never running backwards."""
    event: EventT
    cause: str | None = None
    """The id of the question that brought it about; the same question never acts twice."""
