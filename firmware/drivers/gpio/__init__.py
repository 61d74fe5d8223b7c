"""The buttons under the desk, the lamp above it, the buzzer: `make_gpio` for a device file's `[gpio]` table.

There is one driver, over gpiozero; the seam between real and fake is gpiozero's pin factory, always named by the device
file (without a name gpiozero falls from one factory to the next in silence).
"""

from firmware.drivers.gpio.device import Button, ButtonName, Gpio, OnEdge
from firmware.drivers.gpio.patterns import Pattern
from firmware.drivers.gpio.player import Player
from firmware.drivers.gpio.settings import GpioSettings, make_gpio

__all__ = ["Button", "ButtonName", "Gpio", "GpioSettings", "OnEdge", "Pattern", "Player", "make_gpio"]
