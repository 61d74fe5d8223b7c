"""The name of who was called, on the touch screen of the room that called, as a real process shows it."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pygame
import pytest

from core.edge.site import Site
from core.room.ids import DeviceId
from core.wire.coding import encode
from core.wire.messages import Named, Screen
from firmware.drivers.panel import make_panel
from firmware.room import flow as f
from firmware.room.pages import sheet_of
from firmware.room.sheet import Place
from firmware.room.view import View
from provisioning.tree import Tree
from tests.conftest import make_site
from tests.firmware.room.given import ROOM, given_screen
from tests.firmware.room.test_touch_screen import PANEL, TABLES
from tests.firmware.stage import AT_MS, DeviceProcess, PlayedController
from tests.mosquitto import wait_until

DEVICE = DeviceId("aubagne-room-2")
FREE = given_screen(rev=5, waiting=1)
CALLED = given_screen(rev=6, number="A042", ticket="ticket-42", called_at_ms=AT_MS)
JOSETTE = Named(ticket="ticket-42", first_name="Josette", born=1946)


@pytest.fixture
def site_plan() -> Site:
    site = make_site("aubagne")
    return site.model_copy(update={"reception": site.reception.model_copy(update={"asks_name": True})})


@pytest.fixture
def unit(provisioned: Tree, short_path: Path) -> Iterator[DeviceProcess]:
    unit = DeviceProcess(provisioned.device("aubagne", DEVICE), "room", TABLES, short_path)
    yield unit
    unit.close()


def shows(unit: DeviceProcess, site: Site, screen: Screen, named: Named | None) -> bool:
    """Whether the page is, pixel for pixel, the first one of this moment."""
    png = base64.b64decode(unit.call("panel", "frame")["png"])
    seen = pygame.image.load(io.BytesIO(png))
    with closing(make_panel(PANEL)) as panel:
        place = Place(room=ROOM, site=site, language="fr")
        View(panel).show(sheet_of(f.Flow(), screen, place, is_fresh=True, named=named))
        return pygame.image.tobytes(seen, "RGB") == pygame.image.tobytes(panel.surface, "RGB")


def wait_for(unit: DeviceProcess, site: Site, screen: Screen, named: Named | None) -> None:
    who = "nobody's name" if named is None else "the name"
    wait_until(lambda: shows(unit, site, screen, named), what=f"the screen shows {who}")


def tell(played: PlayedController, payload: bytes | Named) -> None:
    message = encode(payload) if isinstance(payload, Named) else payload
    assert played.link.publish(played.topics.dev(DEVICE, "name"), message)


def test_the_name_stands_below_the_number_for_as_long_as_the_patient_is_there(
    unit: DeviceProcess, played: PlayedController, site_plan: Site
) -> None:
    played.show(FREE)
    unit.start()
    wait_for(unit, site_plan, FREE, None)

    tell(played, JOSETTE)  # it may come before the screen
    played.show(CALLED)

    wait_for(unit, site_plan, CALLED, JOSETTE)
    played.show(FREE.model_copy(update={"rev": 7}))
    wait_for(unit, site_plan, FREE, None)
    played.show(CALLED.model_copy(update={"rev": 8}))
    wait_for(unit, site_plan, CALLED, None)
    tell(played, JOSETTE)
    wait_for(unit, site_plan, CALLED, JOSETTE)


def test_at_closing_the_name_is_forgotten(unit: DeviceProcess, played: PlayedController, site_plan: Site) -> None:
    played.show(CALLED)
    unit.start()
    wait_for(unit, site_plan, CALLED, None)
    tell(played, JOSETTE)
    wait_for(unit, site_plan, CALLED, JOSETTE)

    played.show(CALLED.model_copy(update={"rev": 7, "intake": "closed"}))
    wait_for(unit, site_plan, CALLED, None)

    played.show(CALLED.model_copy(update={"rev": 8}))
    wait_until(lambda: played.states[DEVICE].shown_rev == 8, what="the centre is open again")
    assert shows(unit, site_plan, CALLED, None)


def test_garbage_for_a_name_is_counted_and_shown_to_nobody(
    unit: DeviceProcess, played: PlayedController, site_plan: Site
) -> None:
    played.show(CALLED)
    unit.start()
    wait_for(unit, site_plan, CALLED, None)
    topic = played.topics.dev(DEVICE, "name")

    tell(played, b'{"ticket":"ticket-42","first_name":"Wyvern\\u202e"}')

    wait_until(lambda: played.states[DEVICE].refused == {topic: 1}, what="it is counted")
    assert shows(unit, site_plan, CALLED, None)
    _, written = unit.end()
    assert f"dropped a message on {topic}: Named first_name" in written
    assert "Wyvern" not in written


def test_a_room_without_a_screen_is_sent_no_name(provisioned: Tree, short_path: Path, played: PlayedController) -> None:
    unit = DeviceProcess(provisioned.device("aubagne", DEVICE), "room", '[gpio]\ndriver = "mock"\n', short_path)
    try:
        played.show(CALLED)
        unit.start()
        wait_until(lambda: DEVICE in played.states and played.states[DEVICE].shown_rev == 6, what="it is there")

        tell(played, b"what it would have to count if it came")
        played.show(CALLED.model_copy(update={"rev": 7}))

        wait_until(lambda: played.states[DEVICE].shown_rev == 7, what="what was said after it has come")
        assert played.states[DEVICE].refused == {}
    finally:
        unit.close()
