"""A kiosk in a process of its own, with a finger and eyes."""

from __future__ import annotations

import base64
import io
import signal
import subprocess
import sys
import time
from pathlib import Path

from PIL import Image

from core.room.ids import ServiceId
from firmware.drivers.control import ControlClient, ControlError
from firmware.drivers.panel import make_panel
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.flow import SETTLE_S, Flow
from firmware.kiosk.dialogue.targets import Target
from firmware.kiosk.drawing.view import View
from firmware.kiosk.sheets.sheet import sheet_of
from tests.firmware.kiosk.office import Kiosk
from tests.mosquitto import wait_until

__all__ = ["Process"]

_BETWEEN_TOUCHES_S = SETTLE_S + 0.5
"""A page is deaf in its first moment, which begins when it is drawn, some time after the touch before."""


class Process:
    """`borne kiosk`."""

    def __init__(self, config: Path, kiosk: Kiosk) -> None:
        self._settings, self._site = kiosk
        assert self._settings.control
        self._config = config
        self._cues = ControlClient(self._settings.control.socket)
        self._process: subprocess.Popen[str] | None = None
        self._touched_s = 0.0

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "borne", "kiosk", "--config", self._config], stderr=subprocess.PIPE, text=True
        )

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Signal the process; its exit code and what it wrote."""
        assert self._process
        self._process.send_signal(number)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        assert self._process
        _, errors = self._process.communicate(timeout=20)
        return self._process.returncode, errors

    def close(self) -> None:
        if self._process and self._process.poll() is None:
            self.end(signal.SIGKILL)

    def cue(self, device: str, do: str, **values: object) -> dict[str, object]:
        return self._cues.call(device, do, **values)

    def sees(self, desk: Desk, *, flow: Flow | None = None) -> None:
        """Wait until the screen shows exactly the page of this desk."""
        wanted = self._drawn(desk, flow)[1]
        wait_until(lambda: self._frame() == wanted, what=f"the screen shows {desk}")

    def touch(self, target: Target, desk: Desk, *, flow: Flow | None = None) -> None:
        """Put a finger on what the page of this desk shows there, no sooner after the last one than a person can."""
        view, _ = self._drawn(desk, flow)
        x, y = next(zone.rect.center for zone in view.zones if zone.target == target)
        wait_until(lambda: time.monotonic() > self._touched_s + _BETWEEN_TOUCHES_S, what="the finger is lifted")
        self.cue("panel", "touch", x=x, y=y)
        self._touched_s = time.monotonic()

    def _frame(self) -> bytes | None:
        try:
            png = str(self.cue("panel", "frame")["png"])
        except ControlError:  # not started yet
            return None
        return Image.open(io.BytesIO(base64.b64decode(png))).tobytes()

    def _drawn(self, desk: Desk, flow: Flow | None) -> tuple[View, bytes]:
        import pygame

        panel = make_panel(self._settings.panel)
        try:
            view = View(panel)
            services = tuple(ServiceId(service.id) for service in self._site.services)
            view.show(sheet_of(flow or Flow(services=services), desk, self._site))
            return view, pygame.image.tobytes(panel.surface, "RGB")
        finally:
            panel.close()
