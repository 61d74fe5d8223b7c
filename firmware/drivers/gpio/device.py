"""Buttons, a lamp and a buzzer on the pins of a Pi, through gpiozero."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from firmware.drivers.gpio.contacts import Contacts, is_broken, moved
from firmware.drivers.gpio.player import Player

if TYPE_CHECKING:
    import gpiozero

__all__ = ["Button", "ButtonName", "Gpio", "OnEdge"]

ButtonName = Literal["call", "help", "park"]

OnEdge = Callable[[bool, float], None]
"""Called with whether the button is now pressed, and the monotonic time in seconds.

Rule: it enqueues and does nothing else. One exception kills the thread that serves every button of the process (lgpio,
tried); `Gpio.is_alive` tells.
"""


class Button:
    """Connect its normally open contact between the pin and ground; the pin is pulled up inside the Pi.

    The normally closed contact of a changeover button goes to a second pin in the same way: with it a broken or shorted
    wire is noticed, and is not taken for a press.
    """

    def __init__(self, no: gpiozero.DigitalInputDevice, nc: gpiozero.DigitalInputDevice | None = None) -> None:
        """
        Args:
            no: the normally open contact.
            nc: the normally closed one.
        """
        self._no = no
        self._nc = nc
        self._on_edge: OnEdge | None = None
        self._contacts = Contacts()
        no.when_activated = lambda: self._move(no=True)
        no.when_deactivated = lambda: self._move(no=False)
        if nc is not None:
            nc.when_activated = lambda: self._move(nc=True)
            nc.when_deactivated = lambda: self._move(nc=False)
        self._move(no=bool(no.is_active), nc=None if nc is None else bool(nc.is_active))

    @property
    def is_pressed(self) -> bool:
        return self._contacts.is_pressed

    def is_wire_broken(self) -> bool:
        """Whether its two contacts cannot both be right; never known of a button with one."""
        return is_broken(self._contacts, time.monotonic())

    def listen(self, on_edge: OnEdge) -> None:
        """Hear every press and release from now on, on the driver's thread, once the level has been stable."""
        self._on_edge = on_edge

    def close(self) -> None:
        self._no.close()
        if self._nc is not None:
            self._nc.close()

    def _move(self, *, no: bool | None = None, nc: bool | None = None) -> None:
        at_s = time.monotonic()
        was_pressed = self._contacts.is_pressed
        if self._nc is None and no is not None:
            nc = not no
        self._contacts = moved(self._contacts, at_s, no=no, nc=nc)
        if self._on_edge is not None and self._contacts.is_pressed != was_pressed:
            self._on_edge(self._contacts.is_pressed, at_s)


class Gpio:
    """What is wired to the Pi of a room."""

    def __init__(
        self,
        buttons: Mapping[ButtonName, Button],
        lamp: Player,
        buzzer: Player | None,
        factory: gpiozero.Factory,
        *,
        is_served: Callable[[], bool],
    ) -> None:
        """
        Args:
            is_served: whether the factory's callback thread lives.
        """
        self.buttons = buttons
        self.lamp = lamp
        self.buzzer = buzzer
        self._factory = factory
        self._is_served = is_served

    def is_alive(self) -> bool:
        """Whether presses are still heard and rhythms still played; if not, only a restart helps."""
        return self._is_served() and all(player.is_alive() for player in self._players())

    def close(self) -> None:
        for player in self._players():
            player.close()
        for button in self.buttons.values():
            button.close()
        self._factory.close()

    def _players(self) -> list[Player]:
        return [player for player in (self.lamp, self.buzzer) if player is not None]
