"""What the tests of hostile neighbours share: names, the devices as processes, and what a person is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from provisioning.tree import Tree
from tests.firmware.stage import DeviceProcess
from tests.peer import Peer

__all__ = ["CONTROLLER", "DEV", "FLEET", "NAMES", "alerts", "health", "make_device", "memory_kb"]

DEV = "fq/1/aubagne/dev"
FLEET = "fq/1/aubagne/up/fleet"
CONTROLLER = "aubagne-controller"
NAMES = {"kiosk": "aubagne-kiosk-1", "room": "aubagne-room-2", "display": "aubagne-display"}
"""A device of each role."""

_STILL = '[clock]\ndriver = "scaled"\norigin_ms = 0\nstart_ms = 1795338000000\nspeed = 0.00001\n'
"""A clock that stands, so that a picture changes only with what it shows."""
_PANEL = '[panel]\ndriver = "dummy"\nwidth = 1280\nheight = 720\nwidth_mm = 952\n'
_HARDWARE = {
    "kiosk": _STILL + _PANEL + '[printer]\ndriver = "file"\nfolder = "slips"\n',
    "room": _STILL + '[gpio]\ndriver = "mock"\n',
    "display": _STILL + _PANEL,
}


def make_device(role: str, tree: Tree, short: Path, *, folder: Path | None = None) -> DeviceProcess:
    """
    Args:
        short: a folder with a short path, for sockets.
        folder: of a copy of its card.
    """
    return DeviceProcess(folder or tree.device("aubagne", NAMES[role]), role, _HARDWARE[role], short)


def health(network: Peer, device: str = CONTROLLER) -> dict[str, Any]:
    """The newest that the agent is told of a device; empty before the first."""
    return dict(network.last(FLEET).get("devices", {}).get(device, {}))


def alerts(network: Peer, device: str = CONTROLLER) -> dict[str, str]:
    """Codes and details, as the agent is told."""
    return {one["code"]: one["detail"] for one in health(network, device).get("alerts", ())}


def memory_kb(pid: int) -> int:
    """What a process keeps in memory (proc(5), VmRSS)."""
    (line,) = [one for one in Path(f"/proc/{pid}/status").read_text().splitlines() if one.startswith("VmRSS")]
    return int(line.split()[1])
