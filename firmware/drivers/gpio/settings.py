"""The `[gpio]` table of a device file, and the pins it names.

    [gpio]
    driver = "lgpio"
    call = { pin = 17, nc_pin = 22 }
    help = { pin = 23 }
    lamp_pin = 27

Rule: a pin serves one thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Literal

import gpiozero
from pydantic import Field, model_validator

from core.edge.config import Settings
from firmware.drivers.control import ControlSocket
from firmware.drivers.errors import GpioAbsent, GpioFault, PinBusy
from firmware.drivers.gpio.device import Button, ButtonName, Gpio
from firmware.drivers.gpio.mock import Hand, MockBoard, obey
from firmware.drivers.gpio.player import Player

__all__ = ["ButtonSettings", "GpioSettings", "LgpioSettings", "MockGpioSettings", "make_gpio"]

Pin = Annotated[int, Field(ge=2, le=27)]
"""Broadcom number: GPIO17, not pin 11 of the header."""


class ButtonSettings(Settings):
    """A button: each contact between its pin and ground, without a resistor."""

    pin: Pin
    """Of the normally open contact."""
    nc_pin: Pin | None = None
    """Of the normally closed contact of a changeover button: with it a broken wire raises an alert."""


class _GpioSettings(Settings):
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
    def _has_a_pin_for_each(self) -> _GpioSettings:
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


class LgpioSettings(_GpioSettings):
    driver: Literal["lgpio"]
    chip: Annotated[int, Field(ge=0)] = 0
    """Number of /dev/gpiochip; 0 on every Pi since kernel 6.6.45 (gpiozero issue 1166)."""


class MockGpioSettings(_GpioSettings):
    """The named fake."""

    driver: Literal["mock"]


GpioSettings = Annotated[LgpioSettings | MockGpioSettings, Field(discriminator="driver")]


def make_gpio(settings: GpioSettings, control: ControlSocket | None = None) -> Gpio:
    """The buttons, the lamp and the buzzer of the settings, claimed.

    Raises:
        GpioAbsent: there is no such chip.
        PinBusy: somebody holds a pin.
    """
    match settings:
        case MockGpioSettings():
            board = MockBoard()
            gpio = _wired(settings, board, is_served=board.is_alive, refusal=gpiozero.GPIOZeroError)
            hands = {name: Hand(board, one.pin, one.nc_pin) for name, one in settings.buttons.items()}
            if control:
                obey(control, board, gpio, hands, lamp_pin=settings.lamp_pin, buzzer_pin=settings.buzzer_pin)
            return gpio
        case LgpioSettings():
            factory, is_served, refusal = _lgpio(settings.chip)
            return _wired(settings, factory, is_served=is_served, refusal=refusal)


def _wired(
    settings: _GpioSettings, factory: gpiozero.Factory, *, is_served: Callable[[], bool], refusal: type[Exception]
) -> Gpio:
    def contact(pin: int) -> gpiozero.DigitalInputDevice:
        bounce_s = settings.bounce_ms / 1000
        return gpiozero.DigitalInputDevice(pin, pull_up=True, bounce_time=bounce_s, pin_factory=factory)

    try:
        buttons = {
            name: Button(contact(one.pin), None if one.nc_pin is None else contact(one.nc_pin))
            for name, one in settings.buttons.items()
        }
        lamp, buzzer = (
            None if pin is None else gpiozero.DigitalOutputDevice(pin, pin_factory=factory)
            for pin in (settings.lamp_pin, settings.buzzer_pin)
        )
    except (gpiozero.GPIOZeroError, refusal) as error:
        factory.close()
        pins = ", ".join(f"{pin} ({use})" for pin, use in settings.pins.items())
        if "busy" in str(error):
            raise PinBusy(f"one of the pins {pins} is in use; stop what holds it") from error
        raise GpioFault(f"the pins {pins} cannot be used ({error})") from error
    return Gpio(buttons, Player(lamp, "lamp"), buzzer and Player(buzzer, "buzzer"), factory, is_served=is_served)


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
