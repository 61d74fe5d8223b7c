"""Which rooms let the warning of this moment ring, by what their units say of themselves.

Rule: pure. A unit is believed only for the very warning that it names; what it said of an earlier one proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.edge.site import Device
from core.room.ids import DeviceId, RoomId
from core.room.state import SiteState
from core.wire.messages import DeviceState

__all__ = ["heard_in"]


def heard_in(state: SiteState, fleet: Mapping[DeviceId, DeviceState], devices: Iterable[Device]) -> list[RoomId]:
    """The rooms where the warning is to be heard or seen, each once; none while there is no warning.

    Args:
        fleet: the devices as last heard.
        devices: of the centre's file.
    """
    warning = state.warning
    if warning is None:
        return []
    units = ((device.room, fleet.get(DeviceId(device.id))) for device in devices if device.role == "room")
    return sorted(
        {
            RoomId(room)
            for room, unit in units
            if room and unit is not None and unit.state != "lost" and unit.rings_ms == warning.at_ms
        }
    )
