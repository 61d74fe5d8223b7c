"""A USB printer by the kernel's usblp device, without libusb.

It needs the printer in "printer class" mode (Epson TM-T20III: 04B8:0E28; in vendor mode, 04B8:0202, there is no usblp).
Measured against libusb: it stops in time on a refusing printer, and works again after the cable was out and in.
"""

from __future__ import annotations

import os
from pathlib import Path

from firmware.drivers.printer.line import Line

__all__ = ["usb_line"]


def usb_line(path: Path) -> Line:
    """The line to the printer behind a device file such as `/dev/usb/lp0`."""
    return Line(str(path), lambda: os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC), is_stream=False)
