"""Which rooms have heard the warning: only those whose unit says that it lets this very one ring."""

from __future__ import annotations

from typing import Any

import pytest

from core.edge.site import Site
from core.room import events as e
from core.room.ids import DeviceId
from core.wire.messages import DeviceState
from firmware.controller.ringing import heard_in
from tests.core.room.given import KIOSK, ROOM_1, ROOM_2, a_morning, given
from tests.firmware.controller.test_controller import SCREEN, Centre, centre
from tests.mosquitto import wait_until
from tests.peer import Peer

__all__ = ["centre"]

_DEV = "fq/1/aubagne/dev"
_RINGS = given([*a_morning(), e.WarningRaised(device=KIOSK)]).state
_AT_MS = _RINGS.warning.at_ms if _RINGS.warning else 0


def _unit(rings_ms: int | None = _AT_MS, state: str = "ready") -> DeviceState:
    return DeviceState(boot=1, role="room", state=state, rings_ms=rings_ms)


@pytest.mark.parametrize(
    ("unit", "is_heard"),
    [
        (_unit(), True),
        (_unit(state="alert"), True),
        (_unit(state="lost"), False),
        (_unit(rings_ms=None), False),
        (_unit(rings_ms=_AT_MS - 1), False),
        (None, False),
    ],
)
def test_a_room_has_heard_it_if_its_unit_lives_and_names_this_warning(
    site_plan: Site, unit: DeviceState | None, is_heard: bool
) -> None:
    fleet = {} if unit is None else {DeviceId("aubagne-room-2"): unit}

    assert heard_in(_RINGS, fleet, site_plan.devices) == ([ROOM_2] if is_heard else [])


def test_no_other_device_speaks_for_a_room_and_without_a_warning_none_rings(site_plan: Site) -> None:
    everybody = {DeviceId(device.id): _unit() for device in site_plan.devices}

    assert heard_in(_RINGS, everybody, site_plan.devices) == [ROOM_1, ROOM_2]
    assert heard_in(given(a_morning()).state, everybody, site_plan.devices) == []


def _says(peer: Peer, device: str, **state: Any) -> None:
    peer.say(f"{_DEV}/{device}/state", {"boot": 1, "role": "room", "state": "ready", **state}, retain=True)


def _ask(centre: Centre, peer: Peer, device: str, act: dict[str, Any], question: str) -> None:
    message = {"id": question, "beat": centre.screen()["beat"], "ttl_s": 5, "act": act}
    peer.say(f"{_DEV}/{device}/ask", message)


def test_the_screen_says_at_once_and_without_an_event_where_it_rings(centre: Centre) -> None:
    unit = centre.peer("aubagne-room-2", [SCREEN])
    _ask(centre, centre.kiosk, "aubagne-kiosk-1", {"kind": "raise-warning"}, "help")
    centre.wait_for(lambda screen: "warning" in screen, "the warning rings")
    warning, rev = centre.screen()["warning"], centre.screen()["rev"]
    assert (warning["device"], warning.get("heard")) == ("aubagne-kiosk-1", [])

    _says(unit, "aubagne-room-2", rings_ms=warning["at_ms"] - 1)
    _says(unit, "aubagne-room-2", rings_ms=warning["at_ms"])

    centre.wait_for(lambda screen: screen["warning"]["heard"] == ["room-2"], "room 2 has heard it")
    assert centre.screen()["rev"] == rev
    _says(unit, "aubagne-room-2", state="lost", rings_ms=warning["at_ms"])
    centre.wait_for(lambda screen: screen["warning"]["heard"] == [], "its unit is gone")


def test_a_warning_of_another_device_rings_after_the_first_and_has_to_be_heard_itself(centre: Centre) -> None:
    unit = centre.peer("aubagne-room-2", [SCREEN])
    _ask(centre, unit, "aubagne-room-2", {"kind": "raise-warning"}, "help-1")
    centre.wait_for(lambda screen: "warning" in screen, "the first one rings")
    first = centre.screen()["warning"]["at_ms"]
    _says(unit, "aubagne-room-2", rings_ms=first)
    _ask(centre, centre.kiosk, "aubagne-kiosk-1", {"kind": "raise-warning"}, "help-2")
    centre.wait_for(lambda screen: screen["warning"].get("behind") == ["aubagne-kiosk-1"], "the second one waits")
    assert centre.screen()["warning"]["device"] == "aubagne-room-2"

    _ask(centre, unit, "aubagne-room-2", {"kind": "acknowledge-warning", "room": "room-2"}, "seen-1")

    centre.wait_for(lambda screen: screen["warning"]["device"] == "aubagne-kiosk-1", "the second one rings")
    assert centre.screen()["warning"]["heard"] == [], "what was said of the first proves nothing"
    _says(unit, "aubagne-room-2", rings_ms=centre.screen()["warning"]["at_ms"])
    centre.wait_for(lambda screen: screen["warning"]["heard"] == ["room-2"], "and is heard")
    _ask(centre, unit, "aubagne-room-2", {"kind": "press", "room": "room-2"}, "seen-2")
    centre.wait_for(lambda screen: "warning" not in screen, "it is quiet")


def test_after_a_restart_the_warning_rings_on_and_is_confirmed_anew(centre: Centre) -> None:
    unit = centre.peer("aubagne-room-2", [SCREEN])
    _ask(centre, centre.kiosk, "aubagne-kiosk-1", {"kind": "raise-warning"}, "help")
    centre.wait_for(lambda screen: "warning" in screen, "the warning rings")
    at_ms = centre.screen()["warning"]["at_ms"]
    centre.kill()
    _says(unit, "aubagne-room-2", rings_ms=at_ms)

    centre.start()

    wait_until(lambda: centre.screen()["warning"]["heard"] == ["room-2"], what="it rings, and room 2 has heard it")
