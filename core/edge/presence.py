"""Birth and will: a device says that it is there, and the broker says when it has gone without a word.

Every state carries `boot`, a counter on the device's disk: a will that arrives late, from a connection of before the
restart, has a smaller one and is ignored. Birth and will are both retained, or a device could stay "lost" for ever.
"""

from __future__ import annotations

import os
from pathlib import Path

from core.edge.link import Will
from core.room.ids import DeviceId
from core.wire.messages import DeviceState, encode
from core.wire.topics import SiteTopics

__all__ = ["count_boot", "device_will", "is_newer"]


def count_boot(data: Path) -> int:
    """Count this start on disk, durably, before anything is said under it.

    A file that is lost or damaged begins again from 1; the device then lives under a new disk id anyway.
    """
    path = data / "boot"
    data.mkdir(parents=True, exist_ok=True)
    try:
        boot = max(0, int(path.read_text())) + 1
    except (FileNotFoundError, ValueError):
        boot = 1
    fresh = path.with_suffix(".new")
    with fresh.open("w") as stream:
        stream.write(str(boot))
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
    folder = os.open(data, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return boot


def device_will(topics: SiteTopics, device: DeviceId, state: DeviceState) -> Will:
    """The will of a device: its present state, lost."""
    return topics.dev(device, "state"), encode(state.model_copy(update={"state": "lost"}))


def is_newer(state: DeviceState, known: DeviceState | None) -> bool:
    """Whether a state replaces the one known: a will of an older boot does not."""
    return known is None or state.state != "lost" or state.boot >= known.boot
