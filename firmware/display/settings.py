"""The display's device file."""

from __future__ import annotations

from core.edge.device import DeviceFile
from core.edge.site import Language
from firmware.drivers.panel.settings import PanelSettings

__all__ = ["DisplayFile"]


class DisplayFile(DeviceFile):
    panel: PanelSettings
    language: Language = "fr"
    """Of the few words on the board; numbers need none."""
