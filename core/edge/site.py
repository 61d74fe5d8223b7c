"""The centre's file: what every device of a site knows about the place, in one TOML that all of them carry.

A technician writes it once per centre; `borne provision` makes the device files, certificates and access lists from it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, field_validator, model_validator

from core.edge.config import Settings
from core.edge.language import InLanguages, Language, in_language
from core.edge.opening import OpeningTable
from core.edge.place import Place
from core.edge.reception import ReceptionTable, WarningTable
from core.edge.times import TimesTable
from core.wire.identity import Id

__all__ = ["Device", "Language", "Pictogram", "Role", "Room", "Service", "Site"]

Role = Literal["controller", "kiosk", "room", "display"]
Pictogram = Literal["doctor", "child", "wound", "result", "other"]


class Service(Settings):
    """What people wait for."""

    id: Id
    name: InLanguages
    """What the kiosk and the slip call it."""
    phrase: InLanguages | None = None
    """A few words below the name, for whom it is: "fever, cough, pain"."""
    pictogram: Pictogram = "other"
    is_result: bool = False
    """Whether it is for those who come back with the result of an exam: they show their slip."""
    is_care: bool = False
    """Whether only a doctor sends there: dressings, an X-ray. The kiosk does not offer it."""

    def called(self, language: Language) -> str:
        return in_language(self.name, language)


class Room(Settings):
    """A place of care."""

    id: Id
    label: Annotated[str, StringConstraints(min_length=1, max_length=4)]
    """What stands on the door after the word for room: `2`."""
    services: Annotated[list[Id], Field(min_length=1)] | None = None
    """What the room is there for; None for every service that the kiosk offers."""


class Device(Settings):
    """A Pi of the centre."""

    id: Id
    role: Role
    room: Id | None = None
    """The room of a room unit."""
    hardware: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Driver tables copied into the device's file: `panel`, `printer`, `sound`, `gpio`, `clock`, `control`."""


class Site(Settings):
    """A medical centre."""

    id: Id
    name: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    public_url: Annotated[str, StringConstraints(pattern=r"^https?://[^/]+$")]
    """Scheme and host before `/t/{token}`; a host of at most 19 letters keeps the QR code readable on faded paper."""
    timezone: str = "Europe/Paris"
    place: Place | None = None
    """Where it is, for the centres around it; None where nobody has said."""
    opening: OpeningTable | None = None
    """None where no hours are known: the kiosk never says that it is closed or full."""
    times: TimesTable = Field(default_factory=TimesTable)
    reception: ReceptionTable = Field(default_factory=ReceptionTable)
    warning: WarningTable | None = None
    services: Annotated[list[Service], Field(min_length=1, max_length=6)]
    rooms: Annotated[list[Room], Field(min_length=1, max_length=12)]
    devices: list[Device] = Field(default_factory=list)

    @field_validator("id")
    @classmethod
    def _is_no_reserved_word(cls, value: str) -> str:
        if value == "agent":
            raise ValueError("no site may be called 'agent': fq/1/agent/state is the agent's own topic")
        return value

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("no such time zone; give one like Europe/Paris") from error
        return value

    @model_validator(mode="after")
    def _is_consistent(self) -> Site:
        for what, ids in (
            ("service", [service.id for service in self.services]),
            ("room", [room.id for room in self.rooms]),
            ("device", [device.id for device in self.devices]),
        ):
            doubled = {one for one in ids if ids.count(one) > 1}
            if doubled:
                raise ValueError(f"two {what}s are called {doubled.pop()!r}; give each its own id")
        rooms = {room.id for room in self.rooms}
        for device in self.devices:
            if device.role == "room" and device.room not in rooms:
                raise ValueError(
                    f"room unit {device.id!r} stands in {device.room!r}; give it a room of {sorted(rooms)}"
                )
        self._check_services()
        if sum(device.role == "controller" for device in self.devices) > 1:
            raise ValueError("two devices are controllers; a site has one, which orders everything")
        return self

    @property
    def offered(self) -> list[Service]:
        """The services that a kiosk gives tickets for."""
        return [service for service in self.services if not service.is_care]

    def _check_services(self) -> None:
        known = {service.id for service in self.services}
        offered = {service.id for service in self.offered}
        if not offered:
            raise ValueError("every service has is_care = true; give the kiosk one to offer")
        served: set[str] = set()
        for room in self.rooms:
            unknown = sorted(set(room.services or ()) - known)
            if unknown:
                raise ValueError(f"room {room.id!r} is there for {unknown[0]!r}; give it services of {sorted(known)}")
            served |= offered if room.services is None else set(room.services)
        unserved = sorted(known - served)
        if unserved:
            raise ValueError(f"no room is there for {unserved[0]!r}; name it in the services of one")
