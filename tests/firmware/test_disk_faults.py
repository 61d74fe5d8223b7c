"""Room unit and display on a disk that refuses: they work on, and say what is wrong."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware.room.lamp import SOMEBODY_WAITS
from provisioning.tree import Tree
from tests.firmware.stage import DeviceProcess, PlayedController, make_screen
from tests.mosquitto import wait_until
from tests.powercut.library import FaultyDisk

ILLNESSES = [
    pytest.param(errno.ENOSPC, "disk-full", id="full"),
    pytest.param(errno.EROFS, "disk-read-only", id="read-only"),
    pytest.param(errno.EIO, "disk-fault", id="broken"),
]
PANEL = '[panel]\ndriver = "dummy"\nwidth = 1280\nheight = 720\nwidth_mm = 952'
ROOM, DISPLAY = "aubagne-room-2", "aubagne-display"
SOMEBODY = make_screen(5, waiting=("A042",))


@pytest.fixture(params=[ROOM, DISPLAY])
def device(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def process(device: str, provisioned: Tree, short_path: Path, faulty_disk: FaultyDisk) -> Iterator[DeviceProcess]:
    folder = provisioned.device("aubagne", device)
    role, hardware = ("room", '[gpio]\ndriver = "mock"') if device == ROOM else ("display", PANEL)
    process = DeviceProcess(folder, role, hardware, short_path)
    faulty_disk.under(folder / "data")
    yield process
    process.close()


def alerts(played: PlayedController, device: str) -> set[str]:
    state = played.states.get(device)
    return {alert.code for alert in state.alerts} if state else set()


def works(process: DeviceProcess, device: str, played: PlayedController, rev: int) -> None:
    """Wait until the device shows a revision, and the lamp of a room unit that somebody waits."""
    wait_until(lambda: device in played.states and played.states[device].shown_rev == rev, what=f"{device} shows {rev}")
    if device == ROOM:
        wait_until(
            lambda: process.call("gpio", "lamps")["27"]["pattern"] == SOMEBODY_WAITS.name, what="the lamp follows"
        )


def is_kept(process: DeviceProcess, rev: int) -> bool:
    kept = process.folder / "data" / "screen.json"
    return kept.exists() and f'"rev":{rev}' in kept.read_text()


@pytest.mark.parametrize(("code", "alert"), ILLNESSES)
def test_a_disk_that_refuses_from_the_start_stops_no_device(
    process: DeviceProcess, device: str, played: PlayedController, faulty_disk: FaultyDisk, code: int, alert: str
) -> None:
    played.show(SOMEBODY)
    faulty_disk.falls_ill(code)
    process.start()

    works(process, device, played, 5)
    wait_until(lambda: alerts(played, device) == {alert}, what="the health says what is wrong")
    assert played.states[device].boot == 0, "no number that is not on the disk"

    faulty_disk.recovers()
    wait_until(lambda: not alerts(played, device), what="all is well")
    wait_until(lambda: is_kept(process, 5), what="the screen is on the disk")
    assert (process.folder / "data" / "boot").read_text() == "1"


@pytest.mark.parametrize(("code", "alert"), ILLNESSES)
def test_a_disk_that_begins_to_refuse_stops_no_device(
    process: DeviceProcess, device: str, played: PlayedController, faulty_disk: FaultyDisk, code: int, alert: str
) -> None:
    played.show(SOMEBODY)
    process.start()
    wait_until(lambda: is_kept(process, 5), what="the screen is on the disk")
    faulty_disk.falls_ill(code)

    played.show(make_screen(6, waiting=("A042",)))

    works(process, device, played, 6)
    wait_until(lambda: alerts(played, device) == {alert}, what="the health says what is wrong")
    assert played.states[device].boot == 1

    faulty_disk.recovers()
    wait_until(lambda: not alerts(played, device), what="all is well")
    assert is_kept(process, 6)
