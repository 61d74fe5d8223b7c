"""The pins of a `[gpio]` table, claimed through gpiozero: on the Pi's own chip, or on the named fake."""

from __future__ import annotations

from collections.abc import Callable

import gpiozero

from firmware.drivers.control import ControlSocket
from firmware.drivers.errors import GpioAbsent, GpioFault, PinBusy
from firmware.drivers.gpio.device import Button, Gpio
from firmware.drivers.gpio.mock import Hand, MockBoard, obey
from firmware.drivers.gpio.player import Player
from firmware.drivers.gpio.settings import PinSettings

__all__ = ["wired_to_chip", "wired_to_mock"]


def wired_to_mock(settings: PinSettings, control: ControlSocket | None) -> Gpio:
    """
    Raises:
        PinBusy: this process, which stands for one Pi, holds a pin already.
    """
    board = MockBoard()
    gpio = _wired(settings, board, is_served=board.is_alive, refusal=gpiozero.GPIOZeroError)
    hands = {name: Hand(board, one.pin, one.nc_pin) for name, one in settings.buttons.items()}
    if control:
        obey(control, board, gpio, hands, lamp_pin=settings.lamp_pin, buzzer_pin=settings.buzzer_pin)
    return gpio


def wired_to_chip(settings: PinSettings, chip: int) -> Gpio:
    """
    Args:
        chip: number of /dev/gpiochip.

    Raises:
        GpioAbsent: there is no such chip.
        PinBusy: somebody holds a pin.
    """
    factory, is_served, refusal = _lgpio(chip)
    return _wired(settings, factory, is_served=is_served, refusal=refusal)


def _wired(
    settings: PinSettings, factory: gpiozero.Factory, *, is_served: Callable[[], bool], refusal: type[Exception]
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
