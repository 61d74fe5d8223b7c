"""The room unit's device file.

[gpio]      buttons, lamp, buzzer: firmware/drivers/gpio/settings.py
[button]    how long a hand stays on the button for what
[panel]     the small touch screen, where there is one: firmware/drivers/panel/settings.py
[staff]     the language of that screen
"""

from __future__ import annotations

from pydantic import field_validator

from core.edge.config import Settings
from core.edge.device import DeviceFile, Identity
from core.edge.site import Language
from core.room.ids import RoomId
from firmware.drivers.gpio import GpioSettings
from firmware.drivers.panel.settings import PanelSettings
from firmware.room.gestures import Holds

__all__ = ["RoomFile", "StaffSettings"]


class StaffSettings(Settings):
    """Those who work in the room."""

    language: Language = "fr"


class RoomFile(DeviceFile):
    gpio: GpioSettings
    button: Holds = Holds()
    panel: PanelSettings | None = None
    """A touch screen from 3.5 inches (480 x 320, 73 mm wide) on; None where button and lamp are all."""
    staff: StaffSettings = StaffSettings()

    @field_validator("device")
    @classmethod
    def _stands_in_a_room(cls, device: Identity) -> Identity:
        if device.room is None:
            raise ValueError('a room unit calls patients to its room; add room = "…"')
        return device

    @property
    def room(self) -> RoomId:
        return RoomId(self.device.room or "")
