"""Every topic, made and read in one place. Grammar and directions: `docs/protocol.md`.

Rule: `dev/…` and `screen` never leave the centre; only `up/…` and `down/…` cross to the network.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from core.room.ids import DeviceId, SiteId

__all__ = ["AGENT_STATE", "PREFIX", "Address", "SiteTopics", "parse"]

PREFIX = "fq/1"
"""Product, and the major version of the wire format: a breaking change runs `fq/1` and `fq/2` side by side."""

AGENT_STATE = f"{PREFIX}/agent/state"

_DEV_LEAVES = frozenset({"state", "evt", "ack", "ask", "answer", "cmd", "res", "want", "have", "kept", "name"})
_UP_LEAVES = frozenset({"log", "snap", "link", "fleet", "habits", "have", "res"})
_DOWN_LEAVES = frozenset({"ack", "snap", "cmd", "job", "cfg", "net"})


class SiteTopics:
    """The topics of one site."""

    def __init__(self, site: SiteId) -> None:
        self.site = site
        self.screen = f"{PREFIX}/{site}/screen"

    def dev(self, device: DeviceId | str, leaf: str) -> str:
        """A device's topic; `+` for the device makes it a filter over all devices."""
        return f"{PREFIX}/{self.site}/dev/{device}/{leaf}"

    def up(self, leaf: str) -> str:
        return f"{PREFIX}/{self.site}/up/{leaf}"

    def down(self, leaf: str) -> str:
        return f"{PREFIX}/{self.site}/down/{leaf}"


@dataclass(frozen=True, slots=True)
class Address:
    """A topic, read."""

    site: SiteId
    branch: str
    """`dev`, `screen`, `up` or `down`."""
    leaf: str
    device: DeviceId | None = None


@functools.lru_cache(maxsize=1024)
def parse(topic: str) -> Address | None:
    """Read a topic of a site; None for anything that is not one."""
    match topic.removeprefix(PREFIX + "/").split("/") if topic.startswith(PREFIX + "/") else []:
        case [site, "screen"]:
            return Address(SiteId(site), "screen", "screen")
        case [site, "dev", device, leaf] if leaf in _DEV_LEAVES:
            return Address(SiteId(site), "dev", leaf, DeviceId(device))
        case [site, "up", leaf] if leaf in _UP_LEAVES:
            return Address(SiteId(site), "up", leaf)
        case [site, "down", leaf] if leaf in _DOWN_LEAVES:
            return Address(SiteId(site), "down", leaf)
        case _:
            return None
