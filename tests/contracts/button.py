"""What every button and lamp must do."""

import queue
from typing import Protocol

import pytest

from firmware.drivers.gpio import Gpio
from firmware.drivers.gpio.patterns import DOUBLE_FLASH, FAST_BLINK, OFF, ONE_LONG, SHORT_BLINK, STEADY, THREE_SHORT

Edges = queue.SimpleQueue[tuple[bool, float]]

PATIENCE_S = 20.0


class ButtonRig(Protocol):
    gpio: Gpio

    def press(self) -> None:
        """Have the button pressed and kept so."""
        ...

    def release(self) -> None: ...

    def expect_lamp(self, pattern: str, looks: str) -> None:
        """The lamp plays this rhythm."""
        ...


class ButtonContract:
    @pytest.fixture
    def rig(self) -> ButtonRig:
        raise NotImplementedError("a class of tests brings its own rig")

    @pytest.fixture
    def edges(self, rig: ButtonRig) -> Edges:
        heard: Edges = queue.SimpleQueue()
        rig.gpio.button.listen(lambda is_pressed, at_s: heard.put((is_pressed, at_s)))
        return heard

    def test_a_press_and_its_release_are_heard_once_each_and_in_order(self, rig: ButtonRig, edges: Edges) -> None:
        rig.press()
        is_pressed, pressed_s = edges.get(timeout=PATIENCE_S)
        assert is_pressed
        assert rig.gpio.button.is_pressed

        rig.release()
        is_pressed, released_s = edges.get(timeout=PATIENCE_S)
        assert not is_pressed
        assert not rig.gpio.button.is_pressed

        assert released_s > pressed_s
        assert edges.empty()

    def test_the_driver_is_alive_after_presses(self, rig: ButtonRig, edges: Edges) -> None:
        rig.press()
        edges.get(timeout=PATIENCE_S)
        rig.release()
        edges.get(timeout=PATIENCE_S)

        assert rig.gpio.is_alive()

    def test_each_rhythm_can_be_told_from_the_others(self, rig: ButtonRig) -> None:
        lamp = rig.gpio.lamp
        for pattern, looks in (
            (STEADY, "lit all the time"),
            (SHORT_BLINK, "a short light every three seconds"),
            (DOUBLE_FLASH, "two short lights every two seconds"),
            (FAST_BLINK, "blinking fast, without a pause"),
            (OFF, "dark"),
        ):
            lamp.show(pattern)
            rig.expect_lamp(pattern.name, looks)

    def test_an_answer_is_played_once_and_gives_way(self, rig: ButtonRig) -> None:
        lamp = rig.gpio.lamp
        lamp.show(STEADY)
        for answer, looks in ((ONE_LONG, "one long light, then lit"), (THREE_SHORT, "three short lights, then lit")):
            lamp.show(answer)
            rig.expect_lamp(STEADY.name, looks)
