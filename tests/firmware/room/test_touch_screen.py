"""A room unit with a touch screen, as a real process: touched and seen through the control socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from core.edge.device import load_device
from core.edge.site import Site
from core.room.commands import CallNext, Press, StaffAct
from core.wire.messages import Answer
from firmware.drivers.control import ControlClient, ControlSocket
from firmware.drivers.panel import make_panel
from firmware.drivers.panel.settings import DummyPanelSettings
from firmware.room import flow as f
from firmware.room.lamp import NO, SOMEBODY_WAITS, YES
from firmware.room.pages import sheet_of
from firmware.room.settings import RoomFile
from firmware.room.sheet import Place
from firmware.room.touch import TouchScreen
from firmware.room.view import View
from provisioning.tree import Tree
from tests.firmware.room.given import ROOM, given_screen
from tests.firmware.stage import DeviceProcess, PlayedController
from tests.mosquitto import wait_until

DEVICE = "aubagne-room-2"
SOMEBODY = given_screen(rev=5, waiting=1)
PANEL = DummyPanelSettings(driver="dummy", width=800, height=480, width_mm=108.0)
TABLES = """[gpio]
driver = "mock"

[panel]
driver = "dummy"
width = 800
height = 480
width_mm = 108.0
"""


@pytest.fixture
def unit(provisioned: Tree, short_path: Path) -> Iterator[DeviceProcess]:
    unit = DeviceProcess(provisioned.device("aubagne", DEVICE), "room", TABLES, short_path)
    yield unit
    unit.close()


def lamp(unit: DeviceProcess) -> str:
    return str(unit.call("gpio", "lamps")["27"]["pattern"])


def frames(unit: DeviceProcess) -> int:
    return int(unit.call("panel", "frame_number")["number"])


def touch_main(unit: DeviceProcess, site: Site, played: PlayedController) -> None:
    """Touch the likeliest button of the page that a free room sees: the first one, until it is no longer deaf."""
    panel = make_panel(PANEL)
    view = View(panel)
    view.show(sheet_of(f.Flow(), SOMEBODY, Place(room=ROOM, site=site, language="fr"), is_fresh=True))
    x, y = view.zones[0].rect.center
    panel.close()

    for _ in range(20):
        unit.call("panel", "touch", x=x, y=y)
        with suppress(TimeoutError):
            wait_until(lambda: bool(played.asks), what="the question", deadline_s=2 * f.SETTLE_S)
            return
    raise AssertionError("no touch was taken for a question")


def start_with(unit: DeviceProcess, played: PlayedController) -> None:
    played.show(SOMEBODY)
    unit.start()
    wait_until(lambda: lamp(unit) == SOMEBODY_WAITS.name, what="the lamp follows")
    wait_until(lambda: frames(unit) > 1, what="the page follows")


def test_a_touch_asks_and_its_outcome_is_seen_on_screen_and_lamp(
    unit: DeviceProcess, played: PlayedController, site_plan: Site
) -> None:
    start_with(unit, played)
    before = frames(unit)

    touch_main(unit, site_plan, played)

    wait_until(lambda: lamp(unit) == YES.name, what="the lamp says yes")
    wait_until(lambda: frames(unit) >= before + 2, what="asking, then done")
    assert [ask.act for ask in played.asks] == [CallNext(room="room-2")]


def test_a_touch_on_what_has_just_come_under_the_finger_is_not_meant_for_it(
    provisioned: Tree, short_path: Path, site_plan: Site
) -> None:
    path = provisioned.device("aubagne", DEVICE) / "device.toml"
    path.write_text(path.read_text() + TABLES)
    settings, _ = load_device(path, RoomFile, "room")
    with closing(ControlSocket(short_path / "panel")) as control, closing(make_panel(PANEL, control)) as panel:
        screen, client = TouchScreen(panel, settings, site_plan), ControlClient(control.path)
        x, y = 100, 320  # on the first button of the row above the lowest

        screen.show(given_screen(), is_fresh=True)
        client.call("panel", "touch", x=x, y=y)
        assert screen.wait(1.0) == []

        acts: list[StaffAct] = []
        for _ in range(20):
            acts += screen.wait(2 * f.SETTLE_S)
            client.call("panel", "touch", x=x, y=y)
            acts += screen.wait(1.0)
            if acts:
                break
        assert acts == [CallNext(room="room-2")]


def test_the_button_goes_on_beside_the_screen(unit: DeviceProcess, played: PlayedController) -> None:
    start_with(unit, played)
    before = frames(unit)

    unit.call("gpio", "tap")

    wait_until(lambda: lamp(unit) == YES.name, what="the lamp says yes")
    wait_until(lambda: frames(unit) > before, what="the outcome on the screen")
    assert [ask.act for ask in played.asks] == [Press(room="room-2")]


def test_a_refusal_is_seen_on_screen_and_lamp(unit: DeviceProcess, played: PlayedController, site_plan: Site) -> None:
    played.answer = lambda ask: Answer(id=ask.id, outcome="rejected", code="nobody-waits")
    start_with(unit, played)

    touch_main(unit, site_plan, played)

    wait_until(lambda: lamp(unit) == NO.name, what="the lamp says no")


def test_a_screen_at_rest_is_not_drawn_again_and_the_watchdog_is_fed(
    unit: DeviceProcess, played: PlayedController
) -> None:
    start_with(unit, played)
    before = frames(unit)

    assert [unit.hear(timeout_s=2.0) for _ in range(8)] == ["WATCHDOG=1"] * 8
    assert frames(unit) - before <= 1  # the minute may have changed


def test_told_to_stop_the_unit_ends_without_a_word(unit: DeviceProcess, played: PlayedController) -> None:
    start_with(unit, played)

    assert unit.end() == (0, "")
    wait_until(lambda: played.states[DEVICE].state == "lost", what="it has said that it is gone")


def test_a_unit_whose_screen_cannot_be_opened_says_so_and_its_button_goes_on(
    provisioned: Tree, short_path: Path, played: PlayedController
) -> None:
    tables = TABLES.replace('"dummy"', '"window"\nvideo_driver = "wayland"')
    unit = DeviceProcess(provisioned.device("aubagne", DEVICE), "room", tables, short_path)
    try:
        played.show(SOMEBODY)
        unit.start()
        wait_until(lambda: lamp(unit) == SOMEBODY_WAITS.name, what="the lamp follows")
        wait_until(
            lambda: [alert.code for alert in played.states[DEVICE].alerts] == ["panel-absent"], what="the unit says so"
        )

        unit.call("gpio", "tap")
        wait_until(lambda: lamp(unit) == YES.name, what="the lamp says yes")
    finally:
        unit.close()
