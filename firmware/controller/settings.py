"""The controller's device file."""

from __future__ import annotations

from core.edge.device import DeviceFile
from core.edge.link import LinkSettings

__all__ = ["ControllerFile", "UplinkSettings"]


class UplinkSettings(LinkSettings):
    """The central broker, which a thousand sites find again at the same moment after it was away."""

    keep_alive_s: int = 20
    retry_limit_s: float = 15.0


class ControllerFile(DeviceFile):
    uplink: UplinkSettings | None = None
    """Where the certificate's name is the site's id; a centre without one works alone for good."""
