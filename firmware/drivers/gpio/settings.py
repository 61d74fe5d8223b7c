"""The `[gpio]` table of a device file, and the pins it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import gpiozero
from pydantic import Field, model_validator

from core.edge.config import Settings
from firmware.drivers.control import ControlSocket
from firmware.drivers.errors import GpioAbsent, GpioFault, PinBusy
from firmware.drivers.gpio.device import Button, Gpio
from firmware.drivers.gpio.lamp import Lamp
from firmware.drivers.gpio.mock import MockBoard, obey

__all__ = ["GpioSettings", "LgpioSettings", "MockGpioSettings", "make_gpio"]

Pin = Annotated[int, Field(ge=2, le=27)]
"""Broadcom number: GPIO17, not pin 11 of the header."""


class _GpioSettings(Settings):
    button_pin: Pin = 17
    lamp_pin: Pin = 27
    bounce_ms: Annotated[int, Field(ge=0, le=200)] = 20
    """How long a level must be stable to count; a shorter tap is lost. 20 made 11 noisy edges one press (tried)."""

    @model_validator(mode="after")
    def _has_two_pins(self) -> _GpioSettings:
        if self.button_pin == self.lamp_pin:
            raise ValueError(f"button and lamp are both on pin {self.lamp_pin}; give each its own")
        return self


class LgpioSettings(_GpioSettings):
    driver: Literal["lgpio"]
    chip: Annotated[int, Field(ge=0)] = 0
    """Number of /dev/gpiochip; 0 on every Pi since kernel 6.6.45 (gpiozero issue 1166)."""


class MockGpioSettings(_GpioSettings):
    """The named fake."""

    driver: Literal["mock"]


GpioSettings = Annotated[LgpioSettings | MockGpioSettings, Field(discriminator="driver")]


def make_gpio(settings: GpioSettings, control: ControlSocket | None = None) -> Gpio:
    """The button and the lamp of the settings, claimed.

    Raises:
        GpioAbsent: there is no such chip.
        PinBusy: somebody holds a pin.
    """
    match settings:
        case MockGpioSettings():
            board = MockBoard()
            gpio = _wired(settings, board, is_served=board.is_alive, refusal=gpiozero.GPIOZeroError)
            if control:
                obey(control, board, gpio, button_pin=settings.button_pin, lamp_pin=settings.lamp_pin)
            return gpio
        case LgpioSettings():
            factory, is_served, refusal = _lgpio(settings.chip)
            return _wired(settings, factory, is_served=is_served, refusal=refusal)


def _wired(
    settings: _GpioSettings, factory: gpiozero.Factory, *, is_served: Callable[[], bool], refusal: type[Exception]
) -> Gpio:
    try:
        button = gpiozero.Button(settings.button_pin, bounce_time=settings.bounce_ms / 1000, pin_factory=factory)
        output = gpiozero.DigitalOutputDevice(settings.lamp_pin, pin_factory=factory)
    except (gpiozero.GPIOZeroError, refusal) as error:
        factory.close()
        if "busy" in str(error):
            raise PinBusy(f"pin {settings.button_pin} or {settings.lamp_pin} is in use; stop what holds it") from error
        raise GpioFault(f"pins {settings.button_pin} and {settings.lamp_pin} cannot be used ({error})") from error
    return Gpio(Button(button), Lamp(output), factory, is_served=is_served)


def _lgpio(chip: int) -> tuple[gpiozero.Factory, Callable[[], bool], type[Exception]]:
    """lgpio, imported here: its import starts a thread and makes a pipe in the working directory."""
    try:
        import lgpio
        from gpiozero.pins.lgpio import LGPIOFactory
    except OSError as error:
        raise GpioAbsent(
            f"lgpio cannot write into the working directory ({error.strerror}); start elsewhere"
        ) from error
    try:
        factory = LGPIOFactory(chip=chip)
    except lgpio.error as error:
        raise GpioAbsent(
            f"/dev/gpiochip{chip} cannot be opened ({error}); join the group gpio, look at chip"
        ) from error
    is_served = lgpio._notify_thread.is_alive  # noqa: SLF001 - the only sign of life that lgpio gives
    return factory, is_served, lgpio.error
