"""A centre as a room unit hears of it."""

from __future__ import annotations

from typing import Any

from core.edge.site import Device, Room, Service, Site
from core.room.duty import DutyState
from core.room.ids import Number, RoomId, ServiceId, TicketId
from core.wire.messages import BoardRoom, Screen, Waiting
from tests.firmware.stage import AT_MS, make_screen

__all__ = ["ROOM", "given_screen", "given_site", "given_waiting"]

ROOM = RoomId("room-2")


def given_site() -> Site:
    """Two consulting rooms and one of care."""
    return Site(
        id="aubagne",
        name="Centre de soins d’Aubagne",
        public_url="https://aubagne.example",
        services=[
            Service(id="consultation", name={"fr": "Consultation"}),
            Service(id="wound", name={"fr": "Petite blessure ou accident"}),
            Service(id="care", name={"fr": "Soins"}, is_care=True),
        ],
        rooms=[
            Room(id="room-1", label="1"),
            Room(id="room-2", label="2"),
            Room(id="room-3", label="3", services=["care"]),
        ],
        devices=[
            Device(id="aubagne-kiosk-1", role="kiosk"),
            Device(id="aubagne-room-3", role="room", room="room-3"),
        ],
    )


def given_waiting(count: int) -> list[Waiting]:
    """A043 and those after, one a minute for half an hour."""
    return [
        Waiting(
            ticket=TicketId(f"ticket-{43 + place}"),
            number=Number(f"A{43 + place:03d}"),
            service=ServiceId("consultation"),
            since_ms=AT_MS - (30 - place) * 60_000,
        )
        for place in range(count)
    ]


def given_screen(
    *, rev: int = 1, waiting: int = 0, room: RoomId = ROOM, duty: DutyState = DutyState.ON, **fields: Any
) -> Screen:
    """A screen on which so many wait for a room.

    Args:
        fields: of the screen, or of its room.
    """
    people = given_waiting(waiting)
    own = {name: fields.pop(name) for name in list(fields) if name in BoardRoom.model_fields}
    own = {"practitioner": "Dr Lemaire", **own}
    here = BoardRoom(room=room, duty=duty, waiting=waiting, next=[one.number for one in people[:3]], **own)
    return make_screen(rev).model_copy(update={"rooms": [here], "waiting": people, **fields})
