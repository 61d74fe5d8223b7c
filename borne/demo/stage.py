"""The stage: one centre with every device, five light ones, both brokers and the agent, on this machine.

Provisioned exactly as real centres are; only the drivers named in the device files differ.
"""

from __future__ import annotations

import getpass
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from borne.demo.centres import KIOSK_PX, SITE, TOUCH_ROOM, TOWNS, Centre, town
from borne.demo.ports import HOST, free_ports, is_listening
from borne.demo.supervisor import Child
from borne.demo.team import lay_habits, plan_team
from core.edge.config import ConfigError
from core.edge.site import Device, Site
from core.room.ids import RoomId
from provisioning.plan import Endpoint, Plan, SitePlan
from provisioning.provision import provision
from provisioning.tree import Tree

__all__ = ["SITE", "TOWNS", "Pace", "Stage", "build", "children", "clear"]

_MARK = ".borne-demo"
"""Stands in a folder that a demo has made, and may clear."""
_LEFT_BY_A_RUN = ("run", "slips", "screens", "report.json")


@dataclass(frozen=True, kw_only=True)
class Pace:
    """What time it is on the stage."""

    origin_ms: int
    """When the machine's clock reads this …"""
    start_ms: int
    """… it is this time on the stage,"""
    speed: float = 1.0
    """where time runs so many times faster."""

    def table(self) -> dict[str, Any]:
        """The `[clock]` table of a device file."""
        return {"driver": "scaled", "origin_ms": self.origin_ms, "start_ms": self.start_ms, "speed": self.speed}


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where everything stands."""

    out: Path
    tree: Tree
    site: Site
    sockets: Path
    """A short folder: the path of a control socket has at most 107 bytes (unix(7))."""
    web_port: int
    broker_ports: dict[str, int]
    """By name of the child process."""
    has_windows: bool
    seed: int
    screens: tuple[str, ...]
    """The processes whose panel can be looked at, and touched where it is not the big screen's."""
    staff_token: str | None
    """The password of the staff's pages at the agent; None where they are off."""
    opened_ms: int
    """When the light centres' evening began."""
    towns: tuple[str, ...]
    """Light centres beside this one."""

    @property
    def slips(self) -> Path:
        return self.out / "slips"

    @property
    def kiosks(self) -> list[str]:
        """The kiosks' processes."""
        return [_short(device) for device in self.site.devices if device.role == "kiosk"]

    @property
    def kiosk_px(self) -> tuple[int, int]:
        return KIOSK_PX

    @property
    def logs(self) -> Path:
        return self.out / "run" / "logs"

    @property
    def rooms(self) -> list[RoomId]:
        return [RoomId(room.id) for room in self.site.rooms]

    @property
    def journal(self) -> Path:
        """The site's journal, on its controller's disk."""
        return self.tree.device(SITE, f"{SITE}-controller") / "data" / "site.journal"

    def control(self, name: str) -> Path:
        """The control socket of a child process."""
        return self.sockets / f"{name}.sock"


def build(
    out: Path,
    pace: Pace,
    *,
    rooms: int = 2,
    kiosks: int = 1,
    has_towns: bool = True,
    has_windows: bool = False,
    is_equipped: bool = False,
    button: Mapping[str, int] | None = None,
    public_url: str | None = None,
    seed: int = 1,
    opened_ms: int | None = None,
) -> Stage:
    """Write and provision everything that the processes start from.

    Args:
        out: cleared first, if a demo made it.
        kiosks: the first leaves its slips in `slips`, each other one in a folder of its own below that.
        has_towns: whether the light centres are there.
        is_equipped: whether the centre has opening hours, a plan, a care room, and a touch screen in its first room;
            without them it has what the smallest one has.
        button: the `[button]` table of the room units, where no person's hand holds them.
        public_url: what the slips' codes lead to, if that is not the agent itself.
        opened_ms: since when the light centres have been busy; from the beginning of the play without it.

    Raises:
        ConfigError: `out` holds something else.
    """
    clear(out)
    out = out.resolve()
    sockets = Path(tempfile.mkdtemp(prefix="borne-"))
    towns = tuple(TOWNS) if has_towns else ()
    web_port, central_port, *site_ports = free_ports(3 + len(towns))
    url = public_url or f"http://{HOST}:{web_port}"
    site = Centre(
        rooms=rooms,
        kiosks=kiosks,
        is_equipped=is_equipped,
        button=button or {},
        has_windows=has_windows,
        public_url=url,
        clock=pace.table(),
        sockets=sockets,
        slips=out / "slips",
    ).site()
    plan = Plan(
        sites=tuple(
            SitePlan(site=one, broker=Endpoint(host=HOST, port=port))
            for one, port in zip(
                (site, *(town(name, public_url=url, clock=pace.table()) for name in towns)), site_ports, strict=True
            )
        ),
        central=Endpoint(host=HOST, port=central_port),
        web=Endpoint(host=HOST, port=web_port),
        public_url=url,
        broker_user=getpass.getuser(),
        agent_clock=pace.table(),
    )
    tree = provision(plan, out / "run", now=datetime.now(tz=UTC))
    if is_equipped:
        lay_habits(tree.device(SITE, f"{SITE}-controller") / "data", around_ms=pace.start_ms)
    return Stage(
        out=out,
        tree=tree,
        site=site,
        sockets=sockets,
        web_port=web_port,
        broker_ports={"central-broker": plan.central.port, "site-broker": plan.sites[0].broker.port},
        has_windows=has_windows,
        seed=seed,
        screens=("kiosk", "display", *([TOUCH_ROOM] if is_equipped else [])),
        staff_token=plan_team(tree.agent, site, around_ms=pace.start_ms) if is_equipped else None,
        opened_ms=pace.start_ms if opened_ms is None else opened_ms,
        towns=towns,
    )


def clear(out: Path) -> None:
    """Empty a folder that an earlier demo left, or make it.

    Raises:
        ConfigError: it holds something else.
    """
    if out.exists() and any(out.iterdir()) and not (out / _MARK).exists():
        raise ConfigError(f"{out}: holds files that no demo made; give an empty folder with --out")
    out.mkdir(parents=True, exist_ok=True)
    (out / _MARK).touch()
    for name in _LEFT_BY_A_RUN:
        left = out / name
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink(missing_ok=True)


def children(stage: Stage, mosquitto: Path) -> list[Child]:
    """The processes of the stage, in the order in which they start."""
    tree = stage.tree
    towns = [str(tree.device(name, f"{name}-controller") / "device.toml") for name in stage.towns]
    play = ("--seed", str(stage.seed), "--opened-ms", str(stage.opened_ms))
    return [
        _broker("central-broker", mosquitto, tree.central_broker, stage),
        _broker("site-broker", mosquitto, tree.broker(SITE), stage),
        _python("agent", tree.agent, "borne", "agent", "--config", "agent.toml"),
        *(_device(stage, device) for device in stage.site.devices),
        *([_python("towns", tree.out, "borne.demo.towns", *play, *towns)] if towns else []),
    ]


def _broker(name: str, mosquitto: Path, folder: Path, stage: Stage) -> Child:
    port = stage.broker_ports[name]
    return Child(
        name=name,
        command=(mosquitto, "-c", "mosquitto.conf"),
        folder=folder,
        is_ready=lambda: is_listening(port),
    )


def _device(stage: Stage, device: Device) -> Child:
    folder = stage.tree.device(stage.site.id, device.id)
    return _python(_short(device), folder, "borne", device.role, "--config", "device.toml")


def _python(name: str, folder: Path, module: str, *arguments: str) -> Child:
    return Child(name=name, command=(sys.executable, "-m", module, *arguments), folder=folder)


def _short(device: Device) -> str:
    """What a device is called within its centre: its process, its log and its control socket."""
    return device.id.removeprefix(f"{SITE}-")
