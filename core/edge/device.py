"""The device file: who this Pi is, where its disk is, which broker it speaks to. Every role adds its drivers to it."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import Field

from core.edge.broker import LinkSettings
from core.edge.clock import ClockSettings, SystemClockSettings
from core.edge.config import ConfigError, Settings, load
from core.edge.site import Role, Site
from core.wire.identity import Id

__all__ = ["DeviceFile", "Identity", "load_device"]


class Identity(Settings):
    """The `[device]` table."""

    id: Id
    role: Role
    room: Id | None = None
    """The room of a room unit."""


class ControlSettings(Settings):
    """The `[control]` table: the socket through which the fakes of a device are driven. Absent on a real device."""

    socket: Path


class DeviceFile(Settings):
    """What every device file holds."""

    site: Path
    """The centre's file."""
    data: Path
    """Folder of this device's own disk."""
    device: Identity
    link: LinkSettings
    clock: ClockSettings = Field(default_factory=SystemClockSettings)
    control: ControlSettings | None = None


DeviceFileT = TypeVar("DeviceFileT", bound=DeviceFile)


def load_device(path: Path, model: type[DeviceFileT], role: Role) -> tuple[DeviceFileT, Site]:
    """Read a device file and the centre's file that it names; relative paths are taken from the device file's folder.

    Raises:
        ConfigError: either file is wrong, or is the file of another role or centre.
    """
    settings = load(path, model)
    if settings.device.role != role:
        raise ConfigError(
            f"{path}: device.role = {settings.device.role!r}: this is the file of another role than {role!r}"
        )
    folder = path.resolve().parent
    moved: dict[str, object] = {
        "site": folder / settings.site,
        "data": folder / settings.data,
        **{
            name: value.beside(folder)
            for name in type(settings).model_fields
            if isinstance(value := getattr(settings, name), LinkSettings)
        },
    }
    if settings.control is not None:
        moved["control"] = ControlSettings(socket=folder / settings.control.socket)
    settings = settings.model_copy(update=moved)
    site = load(settings.site, Site)
    known = [device.id for device in site.devices]
    if settings.device.id not in known:
        raise ConfigError(f"{path}: device.id = {settings.device.id!r}: {settings.site} knows only {', '.join(known)}")
    return settings, site
