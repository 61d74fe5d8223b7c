"""The room unit's device file."""

from __future__ import annotations

from pydantic import field_validator

from core.edge.device import DeviceFile, Identity
from core.room.ids import RoomId
from firmware.drivers.gpio import GpioSettings

__all__ = ["RoomFile"]


class RoomFile(DeviceFile):
    gpio: GpioSettings
    """The button and the lamp."""

    @field_validator("device")
    @classmethod
    def _stands_in_a_room(cls, device: Identity) -> Identity:
        if device.room is None:
            raise ValueError('a room unit calls patients to its room; add room = "…"')
        return device

    @property
    def room(self) -> RoomId:
        return RoomId(self.device.room or "")
