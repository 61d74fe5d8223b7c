"""The screen that shows and is touched: `make_panel` for a device file's `[panel]` table."""

from firmware.drivers.panel.port import Held, Panel, Scan, Touch
from firmware.drivers.panel.settings import PanelSettings, make_panel

__all__ = ["Held", "Panel", "PanelSettings", "Scan", "Touch", "make_panel"]
