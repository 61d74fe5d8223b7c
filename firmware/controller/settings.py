"""The controller's device file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.edge.device import DeviceFile
from core.edge.link import LinkSettings

__all__ = ["ControllerFile", "UplinkSettings"]


class UplinkSettings(LinkSettings):
    """The central broker, which a thousand sites find again at the same moment after it was away."""

    keep_alive_s: int = 20
    retry_limit_s: float = 15.0


class ControllerFile(DeviceFile):
    gather_s: Annotated[float, Field(ge=0, le=60)] = 6.0
    """How long a new disk asks the centre and the network for the day before it opens one, at most. A device that lost
    its broker tries again within 3 s and needs up to a second to be heard."""
    forecasts: bool = True
    """Whether waits are forecast, in a process of its own that takes some 30 MB of memory."""
    uplink: UplinkSettings | None = None
    """Where the certificate's name is the site's id; a centre without one works alone for good."""
