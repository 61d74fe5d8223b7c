"""Garbage where a centre's kiosks tell names: counted, logged without what it says, and kept nowhere."""

from __future__ import annotations

import json

import pytest

from core.edge.site import Site
from core.wire.messages import Named
from tests.conftest import make_site
from tests.firmware.controller.test_controller import Centre, waiting
from tests.hostile.garbage import draw
from tests.hostile.neighbours import DEV, memory_kb
from tests.hostile.test_garbage_at_the_controller import refused, throw
from tests.mosquitto import wait_until
from tests.peer import Peer

_TOPIC = f"{DEV}/aubagne-kiosk-1/name"
_GROWTH_KB = 20_000


@pytest.fixture
def site_plan() -> Site:
    site = make_site("aubagne")
    return site.model_copy(update={"reception": site.reception.model_copy(update={"asks_name": True})})


def test_garbage_for_a_name_changes_nothing_is_counted_and_is_not_repeated_in_the_log(
    centre: Centre, network: Peer
) -> None:
    centre.issue(1)
    centre.wait_for(waiting(1), "A001 waits")
    process = centre.process
    assert process
    small_kb = memory_kb(process.pid)
    spoilt = [
        json.dumps({"ticket": "t1", "first_name": first_name, "born": born}).encode()
        for first_name, born in (("Wyvern\u202e", 1950), ("Wyvern" * 9, None), ("Wyvern\0", None), ("Wyvern", 19500))
    ]
    payloads = [*spoilt, *draw(Named, count=150)]

    throw(centre, centre.kiosk, _TOPIC, payloads)

    wait_until(lambda: refused(network).get(_TOPIC) == len(payloads), what="all is counted")
    assert memory_kb(process.pid) < small_kb + _GROWTH_KB
    centre.kiosk.say(_TOPIC, {"ticket": "t1", "first_name": "Josette"})
    names = centre.folder / "data" / "names.db"
    wait_until(lambda: b"Josette" in names.read_bytes(), what="the next good name is kept")
    assert b"Wyvern" not in names.read_bytes()
    process.terminate()
    _, written = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "Traceback" not in written
    assert "Wyvern" not in written
    assert "Josette" not in written
    assert written.count(f"dropped a message on {_TOPIC}:") == 1


def test_a_room_unit_names_nobody(centre: Centre, network: Peer) -> None:
    centre.issue(1)
    centre.wait_for(waiting(1), "A001 waits")

    centre.room.say(f"{DEV}/aubagne-room-1/name", {"ticket": "t1", "first_name": "Wyvern"})
    centre.room.say(_TOPIC, {"ticket": "t1", "first_name": "Wyvern"})
    centre.kiosk.say(_TOPIC, {"ticket": "t1", "first_name": "Josette"})

    names = centre.folder / "data" / "names.db"
    wait_until(lambda: b"Josette" in names.read_bytes(), what="the kiosk's word is kept")
    assert b"Wyvern" not in names.read_bytes()
