"""The whole kiosk without eyes: one key, and what the loudspeaker says."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from borne.demo.paper import print_out
from core.edge.site import Site
from core.edge.words import say
from core.room.phrases import Phrase
from provisioning.tree import Tree
from tests.firmware.kiosk.hand import HandController
from tests.firmware.stage import DeviceProcess
from tests.mosquitto import wait_until

HARDWARE = """
[panel]
driver = "dummy"
width = 800
height = 480
width_mm = 154

[printer]
driver = "file"
folder = "slips"

[sound]
driver = "mock"

[gpio]
driver = "mock"

[clock]
driver = "scaled"
origin_ms = 0
start_ms = 0
speed = 1
"""


_HOLD_S = 1.2


class Blind:
    """Somebody before the kiosk who feels one key and hears."""

    def __init__(self, kiosk: DeviceProcess) -> None:
        self._kiosk = kiosk

    @property
    def heard(self) -> list[list[str]]:
        """All that was said, the newest last."""
        return [one["texts"] for one in self._kiosk.call("sound", "said")["said"]]

    def press(self) -> list[str]:
        """The key, shortly; what is said in answer."""
        before = len(self.heard)
        self._kiosk.call("gpio", "tap")
        return self._answer(before)

    def hold(self) -> list[str]:
        before = len(self.heard)
        self.hold_and_let_go()
        return self._answer(before)

    def hold_and_let_go(self) -> None:
        lifted_s = time.monotonic() + _HOLD_S + 0.1
        self._kiosk.call("gpio", "hold", ms=round(1000 * _HOLD_S))
        wait_until(lambda: time.monotonic() > lifted_s, what="the finger is lifted")

    def press_until(self, choice: str) -> None:
        for _ in range(20):
            if self.press() == [choice]:
                return
        raise AssertionError(f"{choice!r} was never offered: {self.heard}")

    def _answer(self, before: int) -> list[str]:
        wait_until(lambda: len(self.heard) > before, what="the kiosk answers the key")
        return self.heard[before]


@pytest.fixture
def kiosk(provisioned: Tree, site_plan: Site) -> Iterator[DeviceProcess]:
    folder = provisioned.device(site_plan.id, f"{site_plan.id}-kiosk-1")
    with tempfile.TemporaryDirectory(prefix="borne-") as short:
        process = DeviceProcess(folder, "kiosk", HARDWARE, Path(short))
        yield process
        process.close()


def test_from_the_start_to_a_slip_by_ear_and_one_key(controller: HandController, kiosk: DeviceProcess) -> None:
    kiosk.start()
    wait_until(lambda: controller.letters, what="the kiosk may give numbers")
    blind = Blind(kiosk)
    assert blind.heard == []

    greeting = blind.press()
    wait_until(lambda: "Prendre un ticket" in blind.heard[-1], what="the kiosk gives tickets, and says so")
    assert greeting[0] == "Appuyez pour entendre chaque choix. Gardez appuyé une seconde pour choisir."

    blind.press_until("Prendre un ticket")
    blind.hold()

    wait_until(lambda: _numbers(blind) == ["A, 0, 0, 1"] * 2, what="the number is said twice")
    assert "Prenez votre ticket" in blind.heard[-1]
    assert [report.number for report in controller.issued] == ["A001"]
    wait_until(lambda: controller.outcomes == ["printed"], what="the slip is out")
    (slip,) = (kiosk.folder / "slips").glob("*.bin")
    assert print_out(slip.read_bytes())

    blind.press_until("Terminé")
    blind.hold_and_let_go()
    assert blind.heard[-1] == ["Terminé"]  # nothing more: who comes next finds a kiosk that is silent …
    assert blind.press()[0] == greeting[0]  # … until the key is pressed


def _numbers(blind: Blind) -> list[str]:
    return [text for text in blind.heard[-1] if text.startswith("A, ")]


def test_another_language_by_ear(controller: HandController, kiosk: DeviceProcess) -> None:
    kiosk.start()
    wait_until(lambda: controller.letters, what="the kiosk may give numbers")
    blind = Blind(kiosk)
    blind.press()
    wait_until(lambda: "Prendre un ticket" in blind.heard[-1], what="the kiosk gives tickets, and says so")

    blind.press_until("العربية")
    blind.hold()

    wait_until(lambda: "Français" in blind.heard[-1], what="the page is read anew")
    assert kiosk.call("sound", "said")["said"][-1]["languages"] == ["ar", "en", "es", "fr"]
    assert say(Phrase("kiosk.take-a-ticket"), "ar") in blind.heard[-1]


def test_what_is_wrong_with_sound_and_key_is_told_from_afar(controller: HandController, kiosk: DeviceProcess) -> None:
    kiosk.start()
    wait_until(lambda: controller.states, what="the kiosk is heard")

    kiosk.call("sound", "card", present=False)
    wait_until(lambda: "sound-absent" in controller.alerts, what="the missing sound card is known")

    kiosk.call("sound", "card", present=True)
    wait_until(lambda: "sound-absent" not in controller.alerts, what="it is back")
