"""The centre in the storm: the demo's stage with a wire that can be cut before every broker, and blows that can fall.

Rule: what is done here could be done by the world. Nothing is known of a process but its number, and whose child it is.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import tomli_w

from borne.demo.evening import BUTTON
from borne.demo.stage import SITE, Pace, Stage, build, children
from borne.demo.supervisor import Child, Supervisor
from core.edge.crash import CRASH_POINTS
from firmware.drivers.control import ControlClient, ControlError
from tests.chaos.proxy import Proxy
from tests.chaos.schedule import POINTS, Blow, Target
from tests.clockshim.shim import ShimmedClock, build_shim
from tests.processes import children_of

__all__ = ["SPEED", "Centre"]

SPEED = 60.0
"""Centre seconds to a real one."""

_SET_UP_MS = 6000
_RESTART_S, _RESTART_LIMIT_S = 0.2, 0.8
"""Short, as the storm is: systemd's own pause doubles too."""
_BOARD_PX = (960, 540)
"""Small, so that looking at it four times a second costs little."""

_FORECASTER = "forecaster"
"""The controller's own child, which it keeps running itself."""

_PRINTER_CUES: Mapping[str, tuple[str, dict[str, object], dict[str, object]]] = {
    "ends": ("paper", {"state": "ends"}, {"state": "ok"}),
    "out": ("paper", {"state": "out"}, {"state": "ok"}),
    "mute": ("mute", {"on": True}, {"on": False}),
    "offline": ("offline", {"on": True}, {"on": False}),
    "unplugged": ("unplugged", {"on": True}, {"on": False}),
    "cover": ("cover", {"open": True}, {"open": False}),
    "slow": ("slow", {"seconds": 2.0}, {"seconds": 0}),
}
"""By what goes wrong: the cue, how it begins and how it ends."""


class Centre:
    """Everything runs from entering `with` until leaving it."""

    def __init__(self, out: Path, mosquitto: Path, *, seed: int, opening_ms: int, bug: str | None = None) -> None:
        """
        Args:
            opening_ms: the centre's time at the beginning.
            bug: to be planted; see `tests.chaos.planted`.
        """
        pace = Pace(origin_ms=time.time_ns() // 1_000_000 + _SET_UP_MS, start_ms=opening_ms, speed=SPEED)
        self.stage: Stage = build(out, pace, rooms=3, kiosks=2, has_towns=False, button=BUTTON, seed=seed)
        self.deaths: Counter[str] = Counter()
        """How often each process was killed from here."""
        self._killed: set[int] = set()
        wires = dict.fromkeys((*self._devices(), "controller"), self.stage.broker_ports["site-broker"])
        central = self.stage.broker_ports["central-broker"]
        self.proxy = Proxy({**wires, "uplink": central, "agent": central})
        self._rewire()
        self._points = out / "crash-points"
        self._clocks: dict[str, ShimmedClock] = {}
        clocks = self.stage.out / "clocks"
        clocks.mkdir()
        for name in (*self.stage.kiosks, "controller", "agent"):
            self._clocks[name] = ShimmedClock(build_shim(), clocks / name)
        self._children = [self._prepared(child, bug) for child in children(self.stage, mosquitto)]
        self.processes = Supervisor(
            self._children, self.stage.logs, restart_s=_RESTART_S, restart_limit_s=_RESTART_LIMIT_S
        )

    @property
    def target(self) -> Target:
        return Target(
            processes=[*(child.name for child in self._children), _FORECASTER],
            wires=sorted(self.proxy.ports),
            kiosks=self.stage.kiosks,
        )

    @property
    def board_px(self) -> tuple[int, int]:
        return _BOARD_PX

    def pid(self, name: str) -> int | None:
        """The process of a name now; None while it is dead."""
        if name != _FORECASTER:
            return self.processes.pid(name)
        controller = self.processes.pid("controller")
        return next(iter(children_of(controller)), None) if controller else None

    def begin(self, blow: Blow) -> None:
        """Let a blow fall."""
        match blow.kind:
            case "crash":
                folder = self._points / blow.target
                (folder / blow.how).touch()
            case "kill":
                self._signal(blow.target, signal.SIGKILL)
            case "pause":
                self._signal(blow.target, signal.SIGSTOP)
            case "cut":
                self.proxy.cut(blow.target, blow.how)
            case "clock":
                self._clocks[blow.target].jump(int(blow.how) / SPEED, is_synchronised=False)
            case "printer":
                cue, begins, _ = _PRINTER_CUES[blow.how]
                self._printer(blow.target, cue, begins)

    def end(self, blow: Blow) -> None:
        """Let what a blow broke be whole again."""
        match blow.kind:
            case "pause":
                self._signal(blow.target, signal.SIGCONT)
            case "cut":
                self.proxy.heal(blow.target)
            case "clock":
                self._clocks[blow.target].jump(0, is_synchronised=True)
            case "printer":
                cue, _, ends = _PRINTER_CUES[blow.how]
                self._printer(blow.target, cue, ends)

    def hits(self) -> dict[str, list[str]]:
        """The crash points at which each process has died."""
        return {name: sorted(one.stem for one in (self._points / name).glob("*.hit")) for name in POINTS}

    def armed(self) -> dict[str, list[str]]:
        """The crash points that no process has passed since they were armed."""
        left = {name: [one.name for one in (self._points / name).iterdir() if one.suffix != ".hit"] for name in POINTS}
        return {name: points for name, points in left.items() if points}

    def __enter__(self) -> Centre:
        self.proxy.__enter__()
        try:
            self.processes.start()
        except BaseException:
            self.proxy.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.processes.stop()
        self.proxy.__exit__(None, None, None)
        shutil.rmtree(self.stage.sockets, ignore_errors=True)

    def _devices(self) -> list[str]:
        return [device.id.removeprefix(f"{SITE}-") for device in self.stage.site.devices if device.role != "controller"]

    def _rewire(self) -> None:
        """Have every link begin at its own wire."""
        for name in (*self._devices(), "controller"):
            file = self.stage.tree.device(SITE, f"{SITE}-{name}") / "device.toml"
            settings = tomllib.loads(file.read_text(encoding="utf-8"))
            settings["link"]["port"] = self.proxy.ports[name]
            settings["clock"]["may_be_wrong"] = name in (*self.stage.kiosks, "controller")
            if name == "controller":
                settings["uplink"]["port"] = self.proxy.ports["uplink"]
            if name == "display":
                settings["panel"]["width"], settings["panel"]["height"] = _BOARD_PX
            file.write_text(tomli_w.dumps(settings), encoding="utf-8")
        file = self.stage.tree.agent / "agent.toml"
        settings = tomllib.loads(file.read_text(encoding="utf-8"))
        settings["link"]["port"] = self.proxy.ports["agent"]
        file.write_text(tomli_w.dumps(settings), encoding="utf-8")

    def _prepared(self, child: Child, bug: str | None) -> Child:
        environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
        if child.name in POINTS:
            (self._points / child.name).mkdir(parents=True)
            environment[CRASH_POINTS] = str((self._points / child.name).resolve())
        if child.name in self._clocks:
            environment |= self._clocks[child.name].environment
        command = list(child.command)
        if bug is not None and "borne" in command:
            command[command.index("borne") :] = ["tests.chaos.planted", bug, *command[command.index("borne") + 1 :]]
        return replace(child, environment=environment, command=command)

    def _signal(self, name: str, number: signal.Signals) -> None:
        pid = self.pid(name)
        if pid is None or pid in self._killed:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
            if number is signal.SIGKILL:
                self._killed.add(pid)
                self.deaths[name] += 1

    def _printer(self, kiosk: str, cue: str, values: dict[str, object]) -> None:
        """A kiosk that is dead comes back with a printer that is well."""
        with contextlib.suppress(ControlError):
            ControlClient(self.stage.control(kiosk), timeout_s=1.0).call("printer", cue, **values)
