"""Loudspeaker and key, as the kiosk has them: tried by a technician, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from core.edge.site import Site
from firmware.drivers.control import ControlClient, ControlSocket
from firmware.drivers.gpio import make_gpio
from firmware.drivers.gpio.settings import MockGpioSettings
from firmware.drivers.sound.settings import MockSoundSettings
from firmware.kiosk.dialogue.desk import Desk, Tried
from firmware.kiosk.dialogue.errands import SoundTest
from firmware.kiosk.dialogue.flow import flow_of
from firmware.kiosk.guidance.guide import Guide
from firmware.kiosk.settings import KioskFile
from firmware.kiosk.sheets.sheet import sheet_of

MOCK_SOUND = MockSoundSettings(driver="mock")
MOCK_KEY = MockGpioSettings(driver="mock")
Make = Callable[..., Guide]


@pytest.fixture
def control(tmp_path: Path) -> Iterator[ControlSocket]:
    control = ControlSocket(tmp_path / "control")
    yield control
    control.close()


@pytest.fixture
def make(kiosk: tuple[KioskFile, Site], control: ControlSocket) -> Iterator[Make]:
    """A guide over hardware of the device file."""
    settings, site = kiosk
    flow = flow_of(site)
    with ExitStack() as stack:

        def made(**hardware: object) -> Guide:
            file = settings.model_copy(update=hardware)
            guide = Guide(file, control, flow, sheet_of(flow, Desk(), site), lambda: None)
            stack.callback(guide.close)
            return guide

        yield made


def test_a_technician_hears_the_loudspeaker(make: Make, control: ControlSocket, site_plan: Site) -> None:
    guide = make(sound=MOCK_SOUND)

    guide.try_sound(SoundTest(7), flow_of(site_plan))

    assert ControlClient(control.path).call("sound", "said")["said"][-1]["texts"] == ["♪", "Bienvenue"]
    assert guide.with_test(Desk()).tested == Tried(7, is_good=True)


def test_a_technician_is_told_what_is_wrong(make: Make, control: ControlSocket, site_plan: Site) -> None:
    guide = make(sound=MOCK_SOUND)
    ControlClient(control.path).call("sound", "card", present=False)

    guide.try_sound(SoundTest(7), flow_of(site_plan))

    tested = guide.with_test(Desk()).tested
    assert tested is not None
    assert (tested.is_good, tested.fault) == (False, "no sound card; plug one in")
    assert [(one.code, one.detail) for one in guide.alerts] == [("sound-absent", "no sound card; plug one in")]


def test_a_kiosk_without_a_loudspeaker_says_so_when_it_is_tried(make: Make, site_plan: Site) -> None:
    guide = make()

    guide.try_sound(SoundTest(7), flow_of(site_plan))

    tested = guide.with_test(Desk()).tested
    assert tested is not None
    assert "[sound]" in tested.fault
    assert guide.alerts == ()


def test_a_newer_test_of_the_printer_is_what_is_shown(make: Make, site_plan: Site) -> None:
    guide = make(sound=MOCK_SOUND)
    guide.try_sound(SoundTest(7), flow_of(site_plan))

    printed = Desk(tested=Tried(8, is_good=True))

    assert guide.with_test(printed) == printed


def test_a_key_that_somebody_else_holds_is_an_alert_and_no_end(make: Make) -> None:
    holder = make_gpio(MOCK_KEY)
    try:
        (found,) = make(gpio=MOCK_KEY).alerts
    finally:
        holder.close()

    assert found.code == "key-dead"
    assert "in use" in found.detail
