"""The demo's centres as their files say them: one with every device, and five light ones. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.edge.opening import OpeningTable
from core.edge.site import Device, Room, Service, Site

__all__ = ["CARE_ROOM", "HOURS", "KIOSK_PX", "SITE", "TOUCH_ROOM", "TOWNS", "Centre", "town"]

SITE = "aubagne"
TOWNS = {
    "trets": ("Centre de soins de Trets", 2),
    "la-ciotat": ("Centre de soins de La Ciotat", 3),
    "salon": ("Centre de soins de Salon-de-Provence", 2),
    "le-thor": ("Centre de soins du Thor", 1),
    "vannes": ("Centre de soins de Vannes", 3),
}
"""The light centres: id, name and rooms."""
HOURS = "09:00-22:00"
"""Of every day (field notes)."""
KIOSK_PX = (1280, 800)
TOUCH_ROOM = "room-1"
"""Whose unit has a touch screen of its own, of 5 inches, in a centre that is equipped."""

_SERVICES = [
    Service(
        id="consultation",
        name={"fr": "Consultation", "en": "See a doctor", "es": "Consulta médica", "ar": "استشارة طبية"},
    ),
    Service(
        id="soins",
        name={"fr": "Petite blessure", "en": "Small injury", "es": "Herida leve", "ar": "إصابة بسيطة"},
    ),
]
_CARE = Service(
    id="nursing",
    name={"fr": "Soins infirmiers", "en": "Nursing care", "es": "Enfermería", "ar": "تمريض"},
    is_care=True,
)
CARE_ROOM = Room(id="room-care", label="S", services=[_CARE.id])
_GPIO = {"driver": "mock", "help": {"pin": 23}, "park": {"pin": 24}, "buzzer_pin": 18}
"""Of a room unit; its call button and its lamp are where they always are."""


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
            services=[*_SERVICES, _CARE] if self.is_equipped else _SERVICES,
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
        hardware = self._hardware(name, panel=self._panel(KIOSK_PX, width_mm=217.0), printer=printer)
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
    name, rooms = TOWNS[site]
    return Site(
        id=site,
        name=name,
        public_url=public_url,
        services=_SERVICES,
        rooms=[Room(id=f"room-{label}", label=str(label)) for label in range(1, rooms + 1)],
        devices=[Device(id=f"{site}-controller", role="controller", hardware={"clock": dict(clock)})],
    )
