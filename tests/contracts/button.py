"""What every button, lamp and buzzer must do."""

import queue
from typing import Protocol

import pytest

from firmware.drivers.gpio import Gpio
from firmware.drivers.gpio.patterns import (
    DOUBLE_FLASH,
    FAST_BLINK,
    OFF,
    ONE_LONG,
    ONE_TICK,
    SHORT_BLINK,
    STEADY,
    THREE_SHORT,
    TWO_TICKS,
    TWO_TONES,
)
from tests.mosquitto import wait_until

Edges = queue.SimpleQueue[tuple[bool, float]]

PATIENCE_S = 20.0


class ButtonRig(Protocol):
    gpio: Gpio

    def press(self) -> None:
        """Have the button pressed and kept so."""
        ...

    def release(self) -> None: ...

    def break_wire(self) -> None:
        """Have the wire of the normally closed contact pulled off."""
        ...

    def mend_wire(self) -> None: ...

    def expect_lamp(self, pattern: str, looks: str) -> None:
        """The lamp plays this rhythm."""
        ...

    def expect_buzzer(self, pattern: str, sounds: str) -> None:
        """The buzzer plays this rhythm."""
        ...


class ButtonContract:
    @pytest.fixture
    def rig(self) -> ButtonRig:
        raise NotImplementedError("a class of tests brings its own rig")

    @pytest.fixture
    def edges(self, rig: ButtonRig) -> Edges:
        heard: Edges = queue.SimpleQueue()
        rig.gpio.buttons["call"].listen(lambda is_pressed, at_s: heard.put((is_pressed, at_s)))
        return heard

    def test_a_press_and_its_release_are_heard_once_each_and_in_order(self, rig: ButtonRig, edges: Edges) -> None:
        rig.press()
        is_pressed, pressed_s = edges.get(timeout=PATIENCE_S)
        assert is_pressed
        assert rig.gpio.buttons["call"].is_pressed

        rig.release()
        is_pressed, released_s = edges.get(timeout=PATIENCE_S)
        assert not is_pressed
        assert not rig.gpio.buttons["call"].is_pressed

        assert released_s > pressed_s
        assert edges.empty()

    def test_the_driver_is_alive_after_presses(self, rig: ButtonRig, edges: Edges) -> None:
        rig.press()
        edges.get(timeout=PATIENCE_S)
        rig.release()
        edges.get(timeout=PATIENCE_S)

        assert rig.gpio.is_alive()

    def test_a_broken_wire_is_noticed_and_a_mended_one_too(self, rig: ButtonRig) -> None:
        button = rig.gpio.buttons["call"]
        assert not button.is_wire_broken()

        rig.break_wire()
        wait_until(button.is_wire_broken, what="the broken wire", deadline_s=PATIENCE_S)

        rig.mend_wire()
        wait_until(lambda: not button.is_wire_broken(), what="the wire mended", deadline_s=PATIENCE_S)

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
        for answer, looks in (
            (ONE_LONG, "one long light, then lit"),
            (THREE_SHORT, "three short lights, then lit"),
            (ONE_TICK, "dark, one very short light, then lit"),
            (TWO_TICKS, "dark, two very short lights, then lit"),
        ):
            lamp.show(answer)
            rig.expect_lamp(STEADY.name, looks)

    def test_the_buzzer_sounds_and_falls_silent(self, rig: ButtonRig) -> None:
        buzzer = rig.gpio.buzzer
        assert buzzer is not None

        buzzer.show(FAST_BLINK)
        rig.expect_buzzer(FAST_BLINK.name, "sounding fast, without a pause")
        buzzer.show(OFF)
        rig.expect_buzzer(OFF.name, "silent")
        buzzer.show(TWO_TONES)
        rig.expect_buzzer(OFF.name, "two tones, then silent")
