"""What a device says of itself reaches the controller, however slow the broker between them was."""

from __future__ import annotations

import pytest

from core.edge.device import load_device
from core.edge.site import Site
from core.room.ids import SiteId
from firmware.inbox import Inbox
from firmware.room.settings import RoomFile
from firmware.station import Station
from provisioning.tree import Tree
from tests.firmware.stage import PlayedController
from tests.mosquitto import Mosquitto, wait_until

_ROOM = "aubagne-room-2"


@pytest.fixture
def station(provisioned: Tree, site_plan: Site) -> Station:
    path = provisioned.device(site_plan.id, _ROOM) / "device.toml"
    path.write_text(path.read_text() + '[gpio]\ndriver = "mock"\n')
    settings, _ = load_device(path, RoomFile, "room")
    return Station(settings, SiteId(site_plan.id), leaves=["answer"], inbox=Inbox())


def test_a_health_that_the_broker_was_too_busy_to_take_is_told_again(
    station: Station, played: PlayedController, site_broker: Mosquitto
) -> None:
    station.start()
    wait_until(lambda: station.link.is_up, what="the link is up")

    site_broker.pause()
    for rev in range(2000):  # more than wait for one connection (`Link`)
        station.tell([], shown_rev=rev)
    site_broker.resume()

    def is_told() -> bool:
        station.tell([], shown_rev=1999)
        return _ROOM in played.states and played.states[_ROOM].shown_rev == 1999

    wait_until(is_told, what="the newest health is told")
    station.stop()
