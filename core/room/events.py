"""What has happened at a site. Events are facts: past tense, never refused, kept for ever in this form.

Rule: an event carries the outcome of every decision (key, class, room, practitioner), so that folding it needs no
policy and sites on different releases fold alike. A field is only ever added, with None for its default, which is not
written: an old record stays what it was, byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from core.room.duty import (
    Duty,
    DutyBegan,
    DutyEnded,
    DutyEvent,
    DutyPaused,
    DutyRestored,
    DutyResumed,
    DutyState,
    DutyUntilSet,
)
from core.room.ids import DeviceId, DiskId, Letter, RoomId, ServiceId, TicketId
from core.room.outlook import Wait
from core.room.ticket_events import (
    PrintOutcome,
    PrintReported,
    Priority,
    PriorityChanged,
    ServiceStarted,
    TicketCalled,
    TicketCancelled,
    TicketCompleted,
    TicketEvent,
    TicketIssued,
    TicketNotPresent,
    TicketParked,
    TicketPresented,
    TicketRecalled,
    TicketRequeued,
    TicketRestored,
    TicketResumed,
    TicketState,
    TicketTransferred,
)

__all__ = [
    "ActUndone",
    "ClockSet",
    "DayOpened",
    "Duty",
    "DutyBegan",
    "DutyEnded",
    "DutyEvent",
    "DutyPaused",
    "DutyRestored",
    "DutyResumed",
    "DutyState",
    "DutyUntilSet",
    "Event",
    "IntakeReopened",
    "IntakeStopped",
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
    "WaitsForgotten",
    "WaitsTold",
    "WarningAcknowledged",
    "WarningRaised",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOpened:
    """A service day begins; numbers start again."""

    day: str
    """ISO date: `2026-11-22`."""
    carried: tuple[TicketId, ...] | None = None
    """Tickets that belong to this day although they were taken in before it was opened; None for none."""
    kind: Literal["day-opened"] = "day-opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSet:
    """The site clock was late, and has been put forward; what it had said of these tickets and duties moves with it."""

    by_ms: int
    tickets: tuple[TicketId, ...]
    """Those whose time had been told by the late clock."""
    rooms: tuple[RoomId, ...] | None = None
    """Those where somebody came on duty by it."""
    kind: Literal["clock-set"] = "clock-set"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterGranted:
    """A kiosk's disk may number under a letter."""

    disk: DiskId
    kiosk: DeviceId
    letter: Letter
    upto: int | None = None
    """Of a rebuilt journal: how far the lost one had taken in this disk's own journal; None when that is not known."""
    kind: Literal["letter-granted"] = "letter-granted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRefused:
    """A kiosk's report could not be true; it is passed over, counted and raised as an alert."""

    kiosk: DeviceId
    disk: DiskId
    disk_seq: int
    code: str
    kind: Literal["report-refused"] = "report-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeStopped:
    """The people who wait fill the time that is left: kiosks give no more tickets."""

    kind: Literal["intake-stopped"] = "intake-stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeReopened:
    """Kiosks give tickets again: there is room, or the practitioner on duty takes more."""

    room: RoomId | None = None
    """Whose practitioner said so, for the rest of the day; None when there is room again."""
    kind: Literal["intake-reopened"] = "intake-reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningRaised:
    """Somebody calls the team: it rings in every room until acknowledged."""

    device: DeviceId
    kind: Literal["warning-raised"] = "warning-raised"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningAcknowledged:
    """A room has heard the warning and goes to see."""

    room: RoomId
    kind: Literal["warning-acknowledged"] = "warning-acknowledged"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActUndone:
    """A room took its last act back: what it touched is as it was before."""

    room: RoomId
    tickets: tuple[TicketRestored, ...] = ()
    duty: Duty | None = None
    """The room's duty as it was; None when the act did not touch it."""
    kind: Literal["act-undone"] = "act-undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitsTold:
    """What patients are told of their wait from now on."""

    tickets: Mapping[TicketId, Wait | None] = field(default_factory=dict)
    """Those whose wait has moved enough to be told anew; None for one of whom nobody can say any more."""
    newcomers: Mapping[ServiceId, Wait] = field(default_factory=dict)
    """Of somebody who takes a ticket now, by service; whole each time."""
    kind: Literal["waits-told"] = "waits-told"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitsForgotten:
    """Nobody forecasts any more: no wait is told until one does."""

    kind: Literal["waits-forgotten"] = "waits-forgotten"


Event = (
    DayOpened
    | ClockSet
    | LetterGranted
    | TicketIssued
    | TicketRestored
    | TicketPresented
    | PrintReported
    | ReportRefused
    | TicketEvent
    | DutyEvent
    | IntakeStopped
    | IntakeReopened
    | WarningRaised
    | WarningAcknowledged
    | ActUndone
    | WaitsTold
    | WaitsForgotten
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
