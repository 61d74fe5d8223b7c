"""The screen that shows and is touched: `make_panel` for the `[panel]` table of a device file."""

from firmware.drivers.panel.make import make_panel
from firmware.drivers.panel.port import Held, Panel, Scan, Touch

__all__ = ["Held", "Panel", "Scan", "Touch", "make_panel"]
