"""The button, the lamp and the buzzer of the rig against the contract of all of them."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from firmware.drivers.gpio import Gpio, make_gpio
from hw_tests.conftest import Ask, RigFile
from tests.contracts.button import ButtonContract, ButtonRig


class RealRig:
    def __init__(self, gpio: Gpio, ask: Ask) -> None:
        self.gpio = gpio
        self._ask = ask

    def press(self) -> None:
        self._ask("Press the button and keep it pressed; with the other hand press Enter.")

    def release(self) -> None:
        self._ask("Let the button go, then press Enter.")

    def break_wire(self) -> None:
        self._ask("Pull the wire off the button's normally closed contact, then press Enter.")

    def mend_wire(self) -> None:
        self._ask("Put the wire back onto the normally closed contact, then press Enter.")

    def expect_buzzer(self, pattern: str, sounds: str) -> None:
        said = self._ask(f"The buzzer should be: {sounds} ({pattern}). Is it so? [y/n]")
        assert said == "y", f"the person did not hear the buzzer {sounds}"

    def expect_lamp(self, pattern: str, looks: str) -> None:
        said = self._ask(f"The lamp should be: {looks} ({pattern}). Is it so? [y/n]")
        assert said == "y", f"the person did not see the lamp {looks}"


class TestRealButton(ButtonContract):
    @pytest.fixture
    def rig(self, rig_file: RigFile, ask: Ask) -> Iterator[ButtonRig]:
        assert rig_file.gpio is not None, "the rig file has no [gpio] table; add it or leave this file out"
        with closing(make_gpio(rig_file.gpio)) as gpio:
            yield RealRig(gpio, ask)
