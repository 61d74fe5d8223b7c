"""Two devices with one identity, as after a copied card or certificate: never silently accepted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from provisioning.tree import Tree
from tests.firmware.controller.test_controller import Centre
from tests.hostile.neighbours import DEV, NAMES, alerts, health, make_device
from tests.mosquitto import wait_until
from tests.peer import Peer


@pytest.mark.heavy
@pytest.mark.parametrize("role", sorted(NAMES))
def test_two_devices_of_one_name_are_an_alert(
    role: str, provisioned: Tree, short_path: Path, tmp_path: Path, centre: Centre, network: Peer
) -> None:
    if role == "kiosk":
        centre.kiosk.link.stop()  # played by hand under the same name
    name, other = NAMES[role], tmp_path / "copy"
    shutil.copytree(provisioned.device("aubagne", name), other)
    (short_path / "copy").mkdir()
    devices = [
        make_device(role, provisioned, short_path),
        make_device(role, provisioned, short_path / "copy", folder=other),
    ]
    try:
        devices[0].start()
        wait_until(lambda: bool(health(network, name)), what="the first is there")
        assert "second-device" not in alerts(network)

        devices[1].start()

        wait_until(lambda: name in alerts(network).get("second-device", ""), what="a person is told", deadline_s=40)
    finally:
        for device in devices:
            device.close()


def test_a_restart_and_a_new_card_are_no_second_device(centre: Centre, network: Peer) -> None:
    state = f"{DEV}/aubagne-room-1/state"
    for boot, start in ((14, "before"), (15, "restarted"), (1, "on-a-new-card"), (2, "restarted-there")):
        centre.room.say(state, {"boot": boot, "role": "room", "state": "ready", "start": start}, retain=True)
        centre.room.say(state, {"boot": boot, "role": "room", "state": "lost", "start": start}, retain=True)
    wait_until(lambda: health(network, "aubagne-room-1").get("boot") == 2, what="the newest is known")
    assert "second-device" not in alerts(network)
