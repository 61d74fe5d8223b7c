"""The `[gpio]` table of a device file, and the pins it names.

    [gpio]
    driver = "lgpio"
    call = { pin = 17, nc_pin = 22 }
    help = { pin = 23 }
    lamp_pin = 27

Rule: a pin serves one thing. gpiozero takes 50 ms to import and is not needed to read a device file: `wiring` has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from core.edge.config import Settings
from firmware.drivers.control import ControlSocket
from firmware.drivers.gpio.device import ButtonName, Gpio

__all__ = ["ButtonSettings", "GpioSettings", "LgpioSettings", "MockGpioSettings", "PinSettings", "make_gpio"]

Pin = Annotated[int, Field(ge=2, le=27)]
"""Broadcom number: GPIO17, not pin 11 of the header."""


class ButtonSettings(Settings):
    """A button: each contact between its pin and ground, without a resistor."""

    pin: Pin
    """Of the normally open contact."""
    nc_pin: Pin | None = None
    """Of the normally closed contact of a changeover button: with it a broken wire raises an alert."""


class PinSettings(Settings):
    call: ButtonSettings = ButtonSettings(pin=17)
    """The one button that is enough for the whole day."""
    help: ButtonSettings | None = None
    """Urgent help: rings in every room."""
    park: ButtonSettings | None = None
    """Puts the patient aside, who comes back to this practitioner."""
    lamp_pin: Pin = 27
    buzzer_pin: Pin | None = None
    """An active buzzer, which sounds while its pin is high: the first patient has come, somebody calls for help."""
    bounce_ms: Annotated[int, Field(ge=0, le=200)] = 20
    """How long a level must be stable to count; a shorter tap is lost. 20 made 11 noisy edges one press (tried)."""

    @property
    def buttons(self) -> dict[ButtonName, ButtonSettings]:
        """Those that are wired."""
        named: dict[ButtonName, ButtonSettings | None] = {"call": self.call, "help": self.help, "park": self.park}
        return {name: button for name, button in named.items() if button is not None}

    @property
    def pins(self) -> dict[int, str]:
        """What each pin is for."""
        return {pin: use for use, pin in self._uses()}

    @model_validator(mode="after")
    def _has_a_pin_for_each(self) -> PinSettings:
        taken: dict[int, str] = {}
        for use, pin in self._uses():
            if pin in taken:
                raise ValueError(f"{taken[pin]} and {use} are both on pin {pin}; give each its own")
            taken[pin] = use
        return self

    def _uses(self) -> Iterator[tuple[str, int]]:
        for name, button in self.buttons.items():
            yield name, button.pin
            if button.nc_pin is not None:
                yield f"{name} (nc_pin)", button.nc_pin
        yield "lamp", self.lamp_pin
        if self.buzzer_pin is not None:
            yield "buzzer", self.buzzer_pin


class LgpioSettings(PinSettings):
    driver: Literal["lgpio"]
    chip: Annotated[int, Field(ge=0)] = 0
    """Number of /dev/gpiochip; 0 on every Pi since kernel 6.6.45 (gpiozero issue 1166)."""


class MockGpioSettings(PinSettings):
    """The named fake."""

    driver: Literal["mock"]


GpioSettings = Annotated[LgpioSettings | MockGpioSettings, Field(discriminator="driver")]


def make_gpio(settings: GpioSettings, control: ControlSocket | None = None) -> Gpio:
    """The buttons, the lamp and the buzzer of the settings, claimed.

    Raises:
        GpioAbsent: there is no such chip.
        PinBusy: somebody holds a pin.
    """
    from firmware.drivers.gpio.wiring import wired_to_chip, wired_to_mock

    match settings:
        case MockGpioSettings():
            return wired_to_mock(settings, control)
        case LgpioSettings():
            return wired_to_chip(settings, settings.chip)
