"""Birth and will: a device says that it is there, and the broker says when it has gone without a word.

Every state carries `boot`, a counter on the device's disk: a will that arrives late, from a connection of before the
restart, has a smaller one and is ignored. Birth and will are both retained, or a device could stay "lost" for ever.
"""

from __future__ import annotations

from pathlib import Path

from core.edge.disk import make_folder, replace_file, sync_folder
from core.edge.link import Will
from core.room.ids import DeviceId
from core.wire.coding import encode
from core.wire.messages import DeviceState
from core.wire.topics import SiteTopics

__all__ = ["count_boot", "device_will", "is_newer", "is_worth_telling"]

_COUNTS_EVERY_S = 1.0
"""A peer that sends rubbish must not make us send a state for each message."""


def count_boot(data: Path) -> int:
    """Count this start on disk, durably, before anything is said under it.

    A file that is lost or damaged begins again from 1; the device then lives under a new disk id anyway.

    Raises:
        OSError: the disk does not let us; nothing may be said under a number that it does not have.
    """
    make_folder(data)
    path = data / "boot"
    try:
        boot = max(0, int(path.read_bytes())) + 1
    except (FileNotFoundError, ValueError):
        boot = 1
    replace_file(path, str(boot).encode())
    sync_folder(data)
    return boot


def device_will(topics: SiteTopics, device: DeviceId, state: DeviceState) -> Will:
    """The will of a device: its present state, lost."""
    return topics.dev(device, "state"), encode(state.model_copy(update={"state": "lost"}))


def is_newer(state: DeviceState, known: DeviceState | None) -> bool:
    """Whether a state replaces the one known: a will of an older boot does not."""
    return known is None or state.state != "lost" or state.boot >= known.boot


def is_worth_telling(state: DeviceState, told: DeviceState, *, since_s: float) -> bool:
    """Whether a state is to be published.

    Args:
        since_s: seconds since `told` was.
    """
    if state.model_copy(update={"refused": told.refused}) != told:
        return True
    return state.refused != told.refused and since_s >= _COUNTS_EVERY_S
