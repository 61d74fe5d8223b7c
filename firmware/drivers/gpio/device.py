"""A button and a lamp on two pins, through gpiozero."""

from __future__ import annotations

import time
from collections.abc import Callable

import gpiozero

from firmware.drivers.gpio.lamp import Lamp

__all__ = ["Button", "Gpio", "OnEdge"]

OnEdge = Callable[[bool, float], None]
"""Called with whether the button is now pressed, and the monotonic time in seconds.

Rule: it enqueues and does nothing else. One exception kills the thread that serves every button of the process (lgpio,
tried); `Gpio.is_alive` tells.
"""


class Button:
    """Connect it between the pin and ground; the pin is pulled up inside the Pi."""

    def __init__(self, button: gpiozero.Button) -> None:
        self._button = button

    @property
    def is_pressed(self) -> bool:
        return bool(self._button.is_pressed)

    def listen(self, on_edge: OnEdge) -> None:
        """Hear every press and release from now on, on the driver's thread, once the level has been stable."""
        self._button.when_pressed = lambda: on_edge(True, time.monotonic())  # noqa: FBT003 - an edge is what it is
        self._button.when_released = lambda: on_edge(False, time.monotonic())  # noqa: FBT003

    def close(self) -> None:
        self._button.close()


class Gpio:
    """What is wired to the Pi of a room.

    Args:
        is_served: whether the factory's callback thread lives.
    """

    def __init__(self, button: Button, lamp: Lamp, factory: gpiozero.Factory, *, is_served: Callable[[], bool]) -> None:
        self.button = button
        self.lamp = lamp
        self._factory = factory
        self._is_served = is_served

    def is_alive(self) -> bool:
        """Whether presses are still heard and the lamp is still played; if not, only a restart helps."""
        return self._is_served() and self.lamp.is_alive()

    def close(self) -> None:
        self.lamp.close()
        self.button.close()
        self._factory.close()
