"""The demo's centres as their files say them: one with every device, and five light ones. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from borne.demo.reception import CARE, FEW_SERVICES, RECEPTION, SERVICES, WARNING
from core.edge.opening import OpeningTable
from core.edge.place import Place
from core.edge.reception import ReceptionTable
from core.edge.site import Device, Room, Site

__all__ = ["CARE_ROOM", "HOURS", "KIOSK_PX", "SITE", "TOUCH_ROOM", "TOWNS", "Centre", "Town", "town"]

SITE = "aubagne"
HOURS = "09:00-22:00"
"""Of every day (field notes)."""
_AUBAGNE = Place(latitude=43.2927, longitude=5.5703)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A light centre."""

    name: str
    rooms: int
    place: Place
    hours: str = HOURS


TOWNS = {
    "trets": Town(name="Centre de soins de Trets", rooms=2, place=Place(latitude=43.4478, longitude=5.6847)),
    "la-ciotat": Town(
        name="Centre de soins de La Ciotat",
        rooms=3,
        place=Place(latitude=43.1748, longitude=5.6045),
        hours="09:00-24:00",
    ),
    "salon": Town(
        name="Centre de soins de Salon-de-Provence", rooms=2, place=Place(latitude=43.6403, longitude=5.0970)
    ),
    "le-thor": Town(name="Centre de soins du Thor", rooms=1, place=Place(latitude=43.9294, longitude=4.9947)),
    "vannes": Town(name="Centre de soins de Vannes", rooms=3, place=Place(latitude=47.6582, longitude=-2.7608)),
}
"""By id. La Ciotat is there for whoever comes to Aubagne too late."""
KIOSK_PX = (1280, 800)
TOUCH_ROOM = "room-1"
"""Whose unit has a touch screen of its own, of 5 inches, in a centre that is equipped."""

CARE_ROOM = Room(id="room-care", label="S", services=[CARE.id])
_GPIO = {"driver": "mock", "help": {"pin": 23}, "park": {"pin": 24}, "buzzer_pin": 18}
"""Of a room unit; its call button and its lamp are where they always are."""
_VOICE = {"sound": {"driver": "mock"}, "gpio": {"driver": "mock"}}
"""Of a kiosk: a loudspeaker that tells its words, and the single key."""


@dataclass(frozen=True, kw_only=True)
class Centre:
    """The one with every device."""

    rooms: int
    kiosks: int
    is_equipped: bool
    button: Mapping[str, int]
    """The `[button]` table of the room units; empty for what a person's hand is used to."""
    has_windows: bool
    public_url: str
    clock: Mapping[str, Any]
    sockets: Path
    """The folder of the control sockets."""
    slips: Path

    def site(self) -> Site:
        """The centre's file."""
        rooms = [Room(id=f"room-{label}", label=str(label)) for label in range(1, self.rooms + 1)]
        return Site(
            id=SITE,
            name="Centre de soins d'Aubagne",
            public_url=self.public_url,
            opening=OpeningTable(every_day=HOURS) if self.is_equipped else None,
            place=_AUBAGNE,
            reception=RECEPTION if self.is_equipped else ReceptionTable(),
            warning=WARNING,
            services=[*SERVICES, CARE] if self.is_equipped else FEW_SERVICES,
            rooms=rooms + [CARE_ROOM] * self.is_equipped,
            devices=[
                Device(id=f"{SITE}-controller", role="controller", hardware={"clock": dict(self.clock)}),
                *(self._kiosk(number) for number in range(1, self.kiosks + 1)),
                *(self._room_unit(room.id) for room in rooms + [CARE_ROOM] * self.is_equipped),
                Device(
                    id=f"{SITE}-display",
                    role="display",
                    hardware=self._hardware("display", panel=self._panel((1920, 1080), width_mm=1210.0)),
                ),
            ],
        )

    def _kiosk(self, number: int) -> Device:
        name = "kiosk" if number == 1 else f"kiosk-{number}"
        folder = self.slips if number == 1 else self.slips / name
        printer = {"driver": "file", "folder": str(folder)}
        panel = self._panel(KIOSK_PX, width_mm=217.0)
        hardware = self._hardware(name, panel=panel, printer=printer, **_VOICE)
        return Device(id=f"{SITE}-{name}", role="kiosk", hardware=hardware)

    def _room_unit(self, room: str) -> Device:
        tables: dict[str, dict[str, Any]] = {"gpio": _GPIO}
        if self.button:
            tables["button"] = dict(self.button)
        if self.is_equipped and room == TOUCH_ROOM:
            tables["panel"] = self._panel((800, 480), width_mm=108.0)
        return Device(id=f"{SITE}-{room}", role="room", room=room, hardware=self._hardware(room, **tables))

    def _panel(self, size_px: Sequence[int], *, width_mm: float) -> dict[str, Any]:
        size = {"width": size_px[0], "height": size_px[1], "width_mm": width_mm}
        return {"driver": "window", "full_screen": False, **size} if self.has_windows else {"driver": "dummy", **size}

    def _hardware(self, name: str, **tables: dict[str, Any]) -> dict[str, dict[str, Any]]:
        return {"clock": dict(self.clock), "control": {"socket": str(self.sockets / f"{name}.sock")}, **tables}


def town(site: str, *, public_url: str, clock: Mapping[str, Any]) -> Site:
    """A light centre: nothing but a controller, which plays the rest."""
    one = TOWNS[site]
    return Site(
        id=site,
        name=one.name,
        public_url=public_url,
        place=one.place,
        opening=OpeningTable(every_day=one.hours),
        services=FEW_SERVICES,
        rooms=[Room(id=f"room-{label}", label=str(label)) for label in range(1, one.rooms + 1)],
        devices=[Device(id=f"{site}-controller", role="controller", hardware={"clock": dict(clock)})],
    )
