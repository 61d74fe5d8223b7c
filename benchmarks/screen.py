"""A kiosk and the yardstick of its screen as processes: started on a word, touched, and read from outside."""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.centre import Centre, Child, start
from firmware.drivers.control import ControlClient
from firmware.drivers.panel import make_panel
from firmware.drivers.panel.settings import DummyPanelSettings
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.flow import flow_of
from firmware.kiosk.dialogue.targets import Target
from firmware.kiosk.sheets.sheet import sheet_of

__all__ = ["ScreenProcess", "kiosk", "places", "plain"]

_GO = ("sh", "-c", 'read -r go && exec "$@"', "sh", "env")
"""Waits for a line before it becomes the command, so that a limit holds from the command's first instruction."""
_LISTENS_S = 60.0
"""Longest silence of a kiosk that starts under a small quota."""

Put = Callable[[int], object]
"""Told the number of a process before it begins: into a group with a limit, for one."""


class ScreenProcess:
    """The kiosk, started, with its way in on the screen."""

    def __init__(self, child: Child, began_s: float, cues: ControlClient) -> None:
        self.pid = child.pid
        self.began_s = began_s
        self._cues = cues

    def shown_s(self) -> list[float]:
        """Monotonic seconds of its newest frames, oldest first."""
        return [float(second) for second in self._cues.call("panel", "frame_times")["shown_s"]]

    def touch(self, place: tuple[int, int]) -> float:
        """Put a finger there; returns when."""
        x, y = place
        touched_s = time.monotonic()
        self._cues.call("panel", "touch", x=x, y=y)
        return touched_s


@contextlib.contextmanager
def kiosk(centre: Centre, control: Path, put: Put = lambda _pid: None) -> Iterator[ScreenProcess]:
    """The kiosk of a centre, from the moment at which it has shown more than that it starts.

    Args:
        control: the control socket that its device file names.
    """
    address = control.with_name("notify")
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as manager:
        manager.bind(bytes(address))
        manager.settimeout(_LISTENS_S)
        try:
            with centre.role("kiosk", *_GO, f"NOTIFY_SOCKET={address}") as child:
                process = ScreenProcess(child, _go(child, put), ControlClient(control))
                manager.recv(100)
                while len(process.shown_s()) < 2:
                    manager.recv(100)  # it feeds the watchdog after each look, so that asking costs it next to nothing
                yield process
        finally:
            address.unlink()


@contextlib.contextmanager
def plain(log: Path, put: Put = lambda _pid: None) -> Iterator[tuple[Child, float]]:
    """The yardstick, and how many seconds its first frame took."""
    with start(*_GO, sys.executable, "-m", "benchmarks.plain", log=log) as child:
        began_s = _go(child, put)
        yield child, float(child.hear()) - began_s


def places(centre: Centre, size_px: tuple[int, int]) -> dict[Target, tuple[int, int]]:
    """Where a finger goes on the start page of a kiosk that is ready."""
    width, height = size_px
    panel = make_panel(DummyPanelSettings(driver="dummy", width=width, height=height))

    from firmware.kiosk.drawing.view import View  # needs pygame, which the panel has set up

    with contextlib.closing(panel):
        view = View(panel)
        view.show(sheet_of(flow_of(centre.site), Desk(state="ready", waiting=0), centre.site))
        return {zone.target: zone.rect.center for zone in view.zones}


def _go(child: Child, put: Put) -> float:
    put(child.pid)
    began_s = time.monotonic()
    child.say("go")
    return began_s
