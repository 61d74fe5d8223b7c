"""The button under the desk and the lamp above it: `make_gpio` for a device file's `[gpio]` table.

There is one driver, over gpiozero; the seam between real and fake is gpiozero's pin factory, always named by the device
file (without a name gpiozero falls from one factory to the next in silence).
"""

from firmware.drivers.gpio.device import Button, Gpio, OnEdge
from firmware.drivers.gpio.lamp import Lamp
from firmware.drivers.gpio.patterns import Pattern
from firmware.drivers.gpio.settings import GpioSettings, make_gpio

__all__ = ["Button", "Gpio", "GpioSettings", "Lamp", "OnEdge", "Pattern", "make_gpio"]
