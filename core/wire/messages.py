"""Every message, as a model with a docstring under each field. Who sends it where: `docs/protocol.md`.

Rule: on the wire an unknown field is ignored, so that old and new firmware can talk; a known one out of its bounds
makes the whole message a `WireError` (`core.wire.coding`), which the receiver counts, logs once and drops.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, TypeAdapter

from core.forecast.habits import Habits
from core.room.commands import StaffAct
from core.room.events import Event, PrintOutcome, Priority, Record
from core.room.ids import DeviceId, DiskId, Letter, Number, PractitionerId, RoomId, ServiceId, TicketId, Token
from core.room.ordering import KioskTime
from core.room.outlook import Wait
from core.room.state import SiteState
from core.wire.identity import ID, LETTER, NUMBER, SLIP, TOKEN, Id
from core.wire.parts import Day, Instant, Message, Millis, Text
from core.wire.screen import BoardRoom, Call, Doubt, Elsewhere, Expected, Parked, Ringing, Screen, Waiting

__all__ = [
    "Ack",
    "AgentState",
    "Alert",
    "Answer",
    "AnyEvent",
    "Ask",
    "BoardRoom",
    "Call",
    "DayHours",
    "DeviceState",
    "Doubt",
    "Elsewhere",
    "Expected",
    "Fleet",
    "IssuedReport",
    "Kept",
    "Learnt",
    "LetterWanted",
    "LinkState",
    "LogBatch",
    "Message",
    "Named",
    "Network",
    "Outcome",
    "Parked",
    "Presented",
    "PrintedReport",
    "Report",
    "Reports",
    "Ringing",
    "Screen",
    "Shift",
    "SiteConfig",
    "Snap",
    "Waiting",
]

AnyEvent = Annotated[Event, Field(discriminator="kind")]


def _is_exact(time: KioskTime) -> KioskTime:
    if not all(0 <= one < 2**53 for one in (time.boot, time.mono_ms, time.wall_ms)):
        raise ValueError("an instant out of range")
    return time


_Time = Annotated[KioskTime, AfterValidator(_is_exact)]


def _is_dated(record: Record[Event]) -> Record[Event]:
    if not 0 <= record.at_ms < 2**53:
        raise ValueError("a time out of range")
    return record


_Cut = Annotated[Text, BeforeValidator(lambda text: text[:200] if isinstance(text, str) else text)]


class Alert(BaseModel):
    """A fault that a person should know of."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    code: Id
    """Stable word for programs and catalogues: `paper-out`, `second-controller`."""
    detail: _Cut = ""
    """What a person is to do; longer than 200 signs is cut."""


class DeviceState(Message):
    """`dev/{device}/state`: birth, will and health of a device."""

    boot: Annotated[int, Field(ge=0)]
    """Starts counted on the device's disk; a will of an older boot is ignored."""
    start: Id | None = None
    """Random, made with each start of the program: one that comes back after another shows two devices of one name."""
    role: Literal["controller", "kiosk", "room", "display"]
    state: Literal["ready", "alert", "lost"]
    """`alert` works but needs a human; `lost` is the will."""
    version: Text = ""
    epoch: Id | None = None
    """Of a controller: its journal's."""
    births: int = 0
    """Of a controller: connections since its start. One that grows while we were away shows that another one lives."""
    alerts: Annotated[list[Alert], Field(max_length=20)] = Field(default_factory=list)
    refused: dict[Text, int] = Field(default_factory=dict)
    """Messages dropped since start, by reason."""
    shown_rev: int | None = None
    """Of a display or room unit: revision of the screen it renders."""
    rings_ms: Millis | None = None
    """Of a room unit: the warning that it lets ring now, by when it was raised."""
    slips_left: Annotated[int, Field(ge=0)] | None = None
    """Of a kiosk: about how many slips its roll is good for; None while nobody knows how much of it is left."""


class IssuedReport(BaseModel):
    """A kiosk gave a ticket."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    ticket: Annotated[TicketId, ID]
    number: Annotated[Number, NUMBER]
    token: Annotated[Token, TOKEN]
    service: Annotated[ServiceId, ID]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    at: _Time
    day: date | None = None
    """The service day that it was numbered in; None while the kiosk has not heard of any."""
    wait: Wait | None = None
    """What screen and slip said of the wait; None when they gave no figure."""
    claim: Literal[Priority.CARD, Priority.COURTESY] | None = None
    """What the patient declared; staff confirm or lower it."""
    kind: Literal["issued"] = "issued"


class PrintedReport(BaseModel):
    """What became of a slip."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    ticket: Annotated[TicketId, ID]
    outcome: PrintOutcome
    """The newest of a ticket counts: one that failed may be told as reprinted later."""
    kind: Literal["printed"] = "printed"


Report = IssuedReport | PrintedReport


class Reports(Message):
    """`dev/{kiosk}/evt`: entries of the kiosk's own journal, in order."""

    max_bytes: ClassVar[int] = 256 * 1024

    epoch: Annotated[DiskId, ID]
    """The kiosk's disk."""
    first: Annotated[int, Field(ge=1)]
    """Place of the first entry; the others follow without gaps."""
    oldest: Annotated[int, Field(ge=1)] = 1
    """The first place that the disk still holds: what was before it nobody can tell any more."""
    known: Annotated[int, Field(ge=0)] = 0
    """How far a controller has ever acknowledged. What this one does not know of it, a lost journal knew."""
    told: _Time
    """When the kiosk sent this."""
    beat: Text | None = None
    """The newest beat that the kiosk has heard; None before the first. A message under an old one has waited somewhere,
    and its `told` is no longer now: it is left, and comes again."""
    entries: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=1000)]
    """Each a `Report`; one that cannot be read is passed over, not the message."""


class Ack(Message):
    """`dev/{kiosk}/ack` and `down/ack`: what is durably stored, as a contiguous prefix of one epoch.

    An acknowledgement of the highest number seen once made a prototype delete 39,999 undelivered events.
    """

    epoch: Id
    upto: Annotated[int, Field(ge=0)]
    refused: Id | None = None
    """Why nothing more of this epoch will be taken; the sender stops and raises an alert."""


class LetterWanted(BaseModel):
    """A kiosk's disk asks for the letter that it may number under."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    disk: Annotated[DiskId, ID]
    letter: Annotated[Letter, LETTER] | None = None
    """The one under which it has numbered so far."""
    kind: Literal["letter"] = "letter"


class Presented(BaseModel):
    """A patient shows a slip to a kiosk, typed or scanned."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    slip: Annotated[str, StringConstraints(pattern=SLIP)]
    """The number on it, or its token."""
    service: Annotated[ServiceId, ID]
    """What a ticket is for that nobody knows: staff can transfer it."""
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    with_result: bool = False
    """Whether the patient comes back with the result of an exam."""
    kind: Literal["present"] = "present"


_ID: TypeAdapter[str] = TypeAdapter(Id)


def _names_are_ids(act: StaffAct) -> StaffAct:
    """The rules take any string for a room; what comes over the wire must not carry one into the journal.

    An act of staff holds no text but ids, and words of ours that look like one.
    """
    for field in fields(act):
        value = getattr(act, field.name)
        if isinstance(value, str):
            _ID.validate_python(value)
    return act


class Ask(Message):
    """`dev/{device}/ask`: a question with an id and a lifetime. It acts at most once, and never late."""

    id: Id
    beat: Text
    """The newest beat of the screen that the device has heard: its age on the controller's own clock bounds the age of
    the question, without any agreement of clocks."""
    ttl_s: Annotated[float, Field(gt=0, le=60)]
    act: Annotated[
        Annotated[StaffAct, AfterValidator(_names_are_ids)] | LetterWanted | Presented, Field(discriminator="kind")
    ]


Outcome = Literal["done", "rejected", "expired"]


class Answer(Message):
    """`dev/{device}/answer`: the outcome of a question."""

    id: Id
    outcome: Outcome
    code: Id | None = None
    """Why it was rejected."""
    number: Annotated[Number, NUMBER] | None = None
    """The ticket that the room holds after the act."""
    letter: Annotated[Letter, LETTER] | None = None
    beat: Text | None = None
    """To an asker that hears no screen: the beat to ask again under."""


class Kept(Message):
    """`dev/{device}/kept`: what a device still has of a day, told to a controller that gathers."""

    max_bytes: ClassVar[int] = 216 * 1024

    screen: Screen | None = None
    """The newest screen of another journal that it has; None when it has none."""
    disk: Annotated[DiskId, ID] | None = None
    """Of a kiosk: its disk …"""
    letter: Annotated[Letter, LETTER] | None = None
    """… the letter it numbers under …"""
    day: Day | None = None
    """… and the service day of its numbers."""


class Named(Message):
    """`dev/{kiosk}/name`, `dev/{room}/name`: who holds a ticket, where a centre asks for it.

    Never retained, in no journal, and never up: the kiosk tells the controller, and that one the room that calls. A
    name that is lost on the way is missed by nobody: the number is called. No error and no `repr` shows it.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    ticket: Annotated[TicketId, ID]
    first_name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=r"^\P{C}*$")] = Field(
        default="", repr=False
    )
    """Empty where the patient left it out; nothing that cannot be seen (Unicode, general category C)."""
    born: Annotated[int, Field(ge=1900, le=2100)] | None = Field(default=None, repr=False)
    """Year of birth."""


class LogBatch(Message):
    """`up/log`: a run of the site's journal."""

    max_bytes: ClassVar[int] = 256 * 1024

    epoch: Id
    first: Annotated[int, Field(ge=1)]
    oldest: Annotated[int, Field(ge=1)] = 1
    """The first place that the site still holds."""
    records: Annotated[
        list[Annotated[Record[AnyEvent], AfterValidator(_is_dated)]], Field(min_length=1, max_length=1000)
    ]


class Snap(Message):
    """`up/snap`, `down/snap`: the site's whole small state. Folding the log to the same `seq` must give the same
    fingerprint."""

    max_bytes: ClassVar[int] = 1024 * 1024

    epoch: Id
    seq: Annotated[int, Field(ge=0)]
    fingerprint: Id
    at_ms: Millis
    state: SiteState


class LinkState(Message):
    """`up/link`: whether the site's uplink is there; its will says it is not."""

    boot: Annotated[int, Field(ge=0)]
    epoch: Id
    online: bool
    is_gathering: bool = False
    """The journal is empty and the controller asks what the agent knows of the one before, on `down/snap`."""


class Fleet(Message):
    """`up/fleet`: the site's devices, as the controller last heard them."""

    max_bytes: ClassVar[int] = 512 * 1024
    """Thirty devices, each of which says as much as a `DeviceState` may hold."""

    devices: dict[Annotated[DeviceId, ID], DeviceState]


class Learnt(Message):
    """`up/habits`: what a site has learnt from its own journal. Retained."""

    max_bytes: ClassVar[int] = 64 * 1024

    epoch: Id
    """The journal …"""
    seq: Annotated[int, Field(ge=0)]
    """… and up to where it has been learnt from: the end of the newest day that is over."""
    habits: Habits


class Shift(BaseModel):
    """A practitioner planned for a room."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    practitioner: Annotated[PractitionerId, ID]
    room: Annotated[RoomId, ID]
    begins_ms: Millis
    ends_ms: Millis


class DayHours(BaseModel):
    """When a centre is open on one day, whatever its week says. Minutes since midnight, local; None twice: closed."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    opens_min: Annotated[int, Field(ge=0, lt=1440)] | None = None
    closes_min: Annotated[int, Field(gt=0, le=1440)] | None = None


class SiteConfig(Message):
    """`down/cfg`: what the network has planned for a site: who is on duty when, and days unlike others. Retained."""

    max_bytes: ClassVar[int] = 512 * 1024

    rev: Annotated[int, Field(ge=0)]
    """Grows with each change; an older one never replaces a newer."""
    practitioners: dict[Annotated[PractitionerId, ID], Text] = Field(default_factory=dict)
    """Names, as patients may read them."""
    shifts: Annotated[list[Shift], Field(max_length=2000)] = Field(default_factory=list)
    days: dict[Day, DayHours] = Field(default_factory=dict)


class Network(Message):
    """`down/net`: the other centres in brief, those that give tickets, nearest first. Retained."""

    at_ms: Instant
    """When the agent wrote this."""
    centres: Annotated[list[Elsewhere], Field(max_length=10)] = Field(default_factory=list)


class AgentState(Message):
    """`fq/1/agent/state`: whether the agent is there; a new boot asks every site to tell its state again."""

    boot: Annotated[int, Field(ge=0)]
    online: bool
