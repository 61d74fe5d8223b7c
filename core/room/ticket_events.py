"""What has happened to a ticket. Events are facts: past tense, never refused, kept for ever in this form.

Rule: a field is only ever added, with None for its default, which is not written.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from core.room.ids import DeviceId, DiskId, Number, PractitionerId, RoomId, ServiceId, TicketId, Token
from core.room.outlook import Wait

__all__ = [
    "PrintOutcome",
    "PrintReported",
    "Priority",
    "PriorityChanged",
    "ServiceStarted",
    "TicketCalled",
    "TicketCancelled",
    "TicketCompleted",
    "TicketEvent",
    "TicketIssued",
    "TicketNotPresent",
    "TicketParked",
    "TicketPresented",
    "TicketRecalled",
    "TicketRequeued",
    "TicketRestored",
    "TicketResumed",
    "TicketState",
    "TicketTransferred",
]


class Priority(StrEnum):
    """A named class of head start; a human sets it, the kiosk never computes it (EU 2017/745, rule 11)."""

    URGENT = "urgent"
    SOON = "soon"
    """Raised by staff: not in danger, and not to wait for its turn."""
    CARD = "card"
    """Carte mobilité inclusion: priority by law (code de l'action sociale et des familles, art. L. 241-3)."""
    RETURN = "return"
    """Back with the result of an exam."""
    COURTESY = "courtesy"
    """Pregnancy or an infant."""
    ORDINARY = "ordinary"


class TicketState(StrEnum):
    """Where a ticket is in its life; which state follows which is `core.room.transitions`."""

    WAITING = "waiting"
    CALLED = "called"
    IN_SERVICE = "in-service"
    PARKED = "parked"
    NO_SHOW = "no-show"
    TO_CONFIRM = "to-confirm"
    """A rebuilt journal cannot tell whether it was seen: never called by itself, back when its slip is presented."""
    DONE = "done"
    CANCELLED = "cancelled"


class PrintOutcome(StrEnum):
    """What became of a slip. Until the kiosk has told one of these of a ticket, its slip is queued."""

    PRINTED = "printed"
    FAILED = "failed"
    """No paper in the patient's hand: the screen showed the number instead."""
    UNKNOWN = "unknown"
    """A crash or a mute printer hid it; the ticket keeps its place and is not printed again by itself."""
    REPRINTED = "reprinted"
    """Printed once more, with the same number, because the patient before the screen asked for it."""


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
    is_doubtful: Literal[True] | None = None
    """`ordered_at_ms` was told by a site clock that no time server had set."""
    wait: Wait | None = None
    """What the kiosk and the slip said; None when they gave no figure."""
    is_claimed: Literal[True] | None = None
    """The class is what the patient declared at the kiosk, and nobody has looked yet."""
    kind: Literal["ticket-issued"] = "ticket-issued"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRestored:
    """A ticket of a journal that is lost, as far as it is known. Told again, it replaces what was known of it."""

    ticket: TicketId
    number: Number
    token: Token
    service: ServiceId
    language: str
    kiosk: DeviceId | None = None
    """None while only its number is known."""
    ordered_at_ms: int
    priority: Priority
    key_ms: int
    state: TicketState
    slip: PrintOutcome | None = None
    room: RoomId | None = None
    calls: int = 0
    called_at_ms: int | None = None
    summoned_at_ms: int | None = None
    started_at_ms: int | None = None
    ended_at_ms: int | None = None
    back_at_ms: int | None = None
    recalls: int | None = None
    returns: int | None = None
    practitioner: PractitionerId | None = None
    owner: PractitionerId | None = None
    back_to: ServiceId | None = None
    is_doubtful: Literal[True] | None = None
    is_claimed: Literal[True] | None = None
    disk: DiskId | None = None
    disk_seq: int | None = None
    """Place in the kiosk's own journal, if the kiosk has told of it."""
    replaces: TicketId | None = None
    """The stand-in under which its number was known before a kiosk told of it."""
    kind: Literal["ticket-restored"] = "ticket-restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPresented:
    """A patient showed a slip that no disk knows: it has a place from now on."""

    ticket: TicketId
    number: Number
    token: Token
    service: ServiceId
    language: str
    ordered_at_ms: int
    priority: Priority
    key_ms: int
    kind: Literal["ticket-presented"] = "ticket-presented"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintReported:
    """A kiosk says what became of a slip."""

    ticket: TicketId
    outcome: PrintOutcome
    disk: DiskId
    disk_seq: int
    kind: Literal["print-reported"] = "print-reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCalled:
    """A room summons the next patient."""

    ticket: TicketId
    room: RoomId
    practitioner: PractitionerId | None = None
    """Who is on duty in that room."""
    kind: Literal["ticket-called"] = "ticket-called"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRecalled:
    """The same ticket is summoned again to the same room."""

    ticket: TicketId
    nth: int | None = None
    """1 for the first since the room called it; None in records of before recalls were limited."""
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
    """Put aside by its room: the patient is away for an exam, and comes back to the same practitioner."""

    ticket: TicketId
    owner: PractitionerId | None = None
    """To whom the patient comes back."""
    kind: Literal["ticket-parked"] = "ticket-parked"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketResumed:
    """A parked ticket is summoned again by its room."""

    ticket: TicketId
    practitioner: PractitionerId | None = None
    """Who is on duty in that room."""
    kind: Literal["ticket-resumed"] = "ticket-resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRequeued:
    """Back among those who wait, at the key it had unless another is named."""

    ticket: TicketId
    priority: Priority | None = None
    key_ms: int | None = None
    returns: int | None = None
    """How often the patient has shown the slip after an absence or a visit, this time included; None in other cases."""
    owner: PractitionerId | None = None
    """Of a visit that was over, the practitioner: the patient is back with a result."""
    kind: Literal["ticket-requeued"] = "ticket-requeued"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketTransferred:
    """Sent to wait for another service; the number is kept, and the key unless another is named."""

    ticket: TicketId
    service: ServiceId
    owner: PractitionerId | None = None
    """To whom the patient comes back from there, or has come back."""
    back_to: ServiceId | None = None
    """The service that the patient goes on waiting for when this one is done."""
    priority: Priority | None = None
    key_ms: int | None = None
    kind: Literal["ticket-transferred"] = "ticket-transferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityChanged:
    """Staff set the class of a waiting ticket; the one that was declared, to confirm it."""

    ticket: TicketId
    priority: Priority
    key_ms: int
    kind: Literal["priority-changed"] = "priority-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCancelled:
    """Withdrawn before its end."""

    ticket: TicketId
    reason: Literal["left", "staff", "day-over", "not-present"]
    """`not-present`: called in vain, and not back in time."""
    kind: Literal["ticket-cancelled"] = "ticket-cancelled"


TicketEvent = (
    TicketCalled
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
"""What moves a ticket from state to state."""
