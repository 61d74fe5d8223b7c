"""The screen: all that displays, lamps, kiosks and the screens of rooms render. It never leaves the centre."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.room.duty import DutyState
from core.room.events import Priority
from core.room.ids import DeviceId, DiskId, Letter, Number, PractitionerId, RoomId, ServiceId, TicketId
from core.room.numbering import LAST
from core.room.outlook import Told, Wait
from core.wire.identity import ID, LETTER, NUMBER, Id
from core.wire.parts import Day, Instant, Message, Millis, Text

__all__ = ["BoardRoom", "Call", "Doubt", "Elsewhere", "Expected", "Parked", "Ringing", "Screen", "Waiting"]


class Parked(BaseModel):
    """One whom a room has put aside."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    ticket: Annotated[TicketId, ID]
    number: Annotated[Number, NUMBER]


class BoardRoom(BaseModel):
    """A room as the centre's screens show it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    room: Annotated[RoomId, ID]
    number: Annotated[Number, NUMBER] | None = None
    """Who is called or with the doctor; None when the room is free."""
    ticket: Annotated[TicketId, ID] | None = None
    """Theirs, named so that the room's own screen can ask for an act on it."""
    is_in_service: bool = False
    called_at_ms: Millis | None = None
    """First call to this room, on the site clock."""
    started_at_ms: Millis | None = None
    """Since when they are with the doctor."""
    duty: DutyState = DutyState.OFF
    practitioner: Text | None = None
    """The name to show; None for whoever it is: "Doctor, room 2"."""
    practitioner_id: Annotated[PractitionerId, ID] | None = None
    """Who that is, for a journal that is lost; None off duty."""
    until_ms: Millis | None = None
    waiting: Annotated[int, Field(ge=0)] = 0
    """How many wait whom this room may serve."""
    next: Annotated[list[Annotated[Number, NUMBER]], Field(max_length=3)] = []
    """The ones that it would call, in order."""
    parked: Annotated[list[Parked], Field(max_length=20)] = []
    """Those who are away and come back to it."""


class Call(BaseModel):
    """A summons, for the board."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    number: Annotated[Number, NUMBER]
    room: Annotated[RoomId, ID]
    at_ms: Millis
    """Last call or recall, on the site clock."""
    calls: int
    """How many times this ticket was summoned: a change means a new chime."""


class Waiting(BaseModel):
    """One who waits, for the board."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    ticket: Annotated[TicketId, ID] | None = None
    """Named so that a room's own screen can ask for an act on it."""
    number: Annotated[Number, NUMBER]
    service: Annotated[ServiceId, ID]
    priority: Priority = Priority.ORDINARY
    since_ms: Millis | None = None
    """When the ticket was given, on the site clock."""
    is_claimed: bool = False
    """Whether the class is what the patient declared, and nobody has looked yet."""
    told: Told | None = None
    """What was told last of the wait."""


class Expected(BaseModel):
    """Who comes next by the plan."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    room: Annotated[RoomId, ID]
    practitioner: Text | None = None
    begins_ms: Instant


class Doubt(BaseModel):
    """A question about a doctor that only a person can answer."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: Literal["missing", "past-end"]
    """Planned and not there; there, and long past the end."""
    room: Annotated[RoomId, ID]
    practitioner: Text | None = None
    since_ms: Millis


class Ringing(BaseModel):
    """Somebody calls the team, and no room has acknowledged it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    device: Annotated[DeviceId, ID]
    at_ms: Millis
    heard: Annotated[list[Annotated[RoomId, ID]], Field(max_length=12)] = []
    """The rooms whose unit says that it rings there: only then has the team been warned."""
    behind: Annotated[list[Annotated[DeviceId, ID]], Field(max_length=30)] = []
    """Devices where somebody has called the team meanwhile: each one's warning rings once this one is acknowledged."""


class Elsewhere(BaseModel):
    """Another centre of the network that gives tickets, as the agent last knew it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: Text
    distance_m: Annotated[int, Field(ge=0)] | None = None
    """As the crow flies; None where nobody has said where the centres are."""
    closes_ms: Instant | None = None
    waiting: Annotated[int, Field(ge=0)] | None = None
    wait: Wait | None = None
    """Of somebody who takes a ticket there now; None while nobody forecasts."""
    heard_ms: Instant
    """Until when all this was true."""


class Screen(Message):
    """`screen`: all that displays, lamps and kiosks render, whole in each message."""

    max_bytes: ClassVar[int] = 208 * 1024
    """All numbers of one letter waiting are 173 KB, and what twelve rooms can hold 20; thirty people are 5."""

    epoch: Id
    rev: int
    """The journal's `seq` that this shows; a smaller one of the same epoch is never shown after a larger one."""
    beat: Text
    """Changes at least every two seconds while the controller lives."""
    at_ms: Instant
    day: Day | None = None
    """A kiosk compares days by their text."""
    rooms: list[BoardRoom]
    calls: list[Call]
    """Newest first."""
    waiting: list[Waiting]
    """In order of passage."""
    last_numbers: dict[Annotated[Letter, LETTER], Annotated[int, Field(ge=0, le=LAST)]]
    """By letter, the highest count taken in today: where a kiosk goes on after it hears of a new day."""
    letters: dict[Annotated[DiskId, ID], Annotated[Letter, LETTER]]
    is_gathering: bool = False
    """The controller's disk is empty and it asks what others have kept of the day: nothing here is to be shown."""
    intake: Literal["open", "full", "closed"] = "open"
    """Whether kiosks give tickets; `closed` only by a clock that is certain."""
    opens_ms: Instant | None = None
    """The next opening, while closed or full; None where no hours are known."""
    closes_ms: Millis | None = None
    """Today's closing, while open."""
    newcomers: Annotated[dict[Annotated[ServiceId, ID], Wait], Field(max_length=50)] = Field(default_factory=dict)
    """What somebody is told who takes a ticket now, by service; empty while nobody forecasts."""
    expected: Expected | None = None
    """While nobody is on duty."""
    elsewhere: Annotated[list[Elsewhere], Field(max_length=3)] = Field(default_factory=list)
    """The nearest centres that give tickets, while this one does not."""
    warning: Ringing | None = None
    doubts: Annotated[list[Doubt], Field(max_length=24)] = Field(default_factory=list)

    def room(self, room: RoomId) -> BoardRoom:
        """A room; one that is not named here is off duty."""
        return next((one for one in self.rooms if one.room == room), BoardRoom(room=room))
