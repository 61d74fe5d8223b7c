"""A kiosk that hangs is ended and started again: the whole chain, with a service manager played by hand."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.edge.site import Site
from firmware.drivers.control import ControlClient, ControlError
from firmware.drivers.panel import make_panel
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.flow import flow_of
from firmware.kiosk.dialogue.targets import Begin, Target
from firmware.kiosk.drawing.view import View
from firmware.kiosk.settings import KioskFile
from firmware.kiosk.sheets.sheet import sheet_of
from provisioning.systemd import role_unit
from tests.firmware.kiosk.hand import HandController
from tests.mosquitto import wait_until

Kiosk = tuple[KioskFile, Site]

_WATCHDOG_S = 3.0
"""The unit's is 20 s; the kiosk feeds it twice a second."""
_STARTS_S = 15.0
_OFFICE_HANGS_S = 40.0
"""What the office may rightfully take without a word, 15 s, and the watchdog, and a machine that is busy."""


class ServiceManager:
    """What systemd does for a unit with `Type=notify`, `WatchdogSec` and `Restart=always` (systemd.service(5))."""

    def __init__(self, config: Path, address: Path) -> None:
        self.aborted: list[str] = []
        """What each process that was not heard wrote when it was ended, oldest first."""
        self._command = [sys.executable, "-m", "borne", "kiosk", "--log-level", "error", "--config", str(config)]
        self._environment = os.environ | {"NOTIFY_SOCKET": str(address)}
        self._ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._ear.bind(bytes(address))
        self._stopping = threading.Event()
        self._process = self._started()
        self._thread = threading.Thread(target=self._watch, name="service-manager")
        self._thread.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._process.kill()
        self._process.communicate()
        self._ear.close()

    def _started(self) -> subprocess.Popen[str]:
        self._ear.settimeout(_STARTS_S)
        return subprocess.Popen(self._command, env=self._environment, stderr=subprocess.PIPE, text=True)

    def _watch(self) -> None:
        while not self._stopping.is_set():
            try:
                self._ear.recv(100)
                self._ear.settimeout(_WATCHDOG_S)
            except TimeoutError:
                self._process.send_signal(signal.SIGABRT)
                self.aborted.append(self._process.communicate(timeout=10)[1])
                self._process = self._started()


class Visitor:
    """A finger and an eye at a kiosk that shows its start page."""

    def __init__(self, kiosk: Kiosk) -> None:
        settings, site = kiosk
        assert settings.control
        self._cues = ControlClient(settings.control.socket, timeout_s=1)
        with contextlib.closing(make_panel(settings.panel)) as panel:
            view = View(panel)
            view.show(sheet_of(flow_of(site), Desk(state="ready", waiting=0), site))
            self._places: dict[Target, tuple[int, int]] = {zone.target: zone.rect.center for zone in view.zones}

    def cue(self, device: str, do: str, **values: object) -> None:
        self._cues.call(device, do, **values)

    def touch(self, target: Target) -> None:
        x, y = self._places[target]
        self.cue("panel", "touch", x=x, y=y)

    def waits_for_the_way_in(self) -> None:
        """Until the kiosk has said more than that it starts."""
        wait_until(lambda: self.shown() >= 2, what="the kiosk gives tickets", deadline_s=_STARTS_S)

    def shown(self) -> int:
        """How many frames it has shown; 0 while there is no kiosk."""
        try:
            return int(self._cues.call("panel", "frame_number")["number"])
        except ControlError:
            return 0


@pytest.fixture
def visitor(kiosk: Kiosk) -> Visitor:
    return Visitor(kiosk)


@pytest.fixture
def manager(controller: HandController, kiosk_file: Path, socket_path: Path) -> Iterator[Callable[[], ServiceManager]]:
    with contextlib.ExitStack() as stack:

        def started() -> ServiceManager:
            return stack.enter_context(contextlib.closing(ServiceManager(kiosk_file, socket_path.with_name("notify"))))

        yield started


def test_a_screen_that_hangs_is_ended_although_its_process_lives_and_the_next_patient_gets_the_next_number(
    manager: Callable[[], ServiceManager], controller: HandController, visitor: Visitor
) -> None:
    systemd = manager()
    visitor.waits_for_the_way_in()
    frozen = systemd.pid
    visitor.touch(Begin())
    wait_until(lambda: controller.outcomes == ["printed"], what="the first slip")

    visitor.cue("panel", "freeze")
    frames = visitor.shown()
    wait_until(lambda: len(systemd.aborted) == 1, what="the service manager ends it")
    assert visitor.shown() in (0, frames)
    assert "panel/dummy.py" in systemd.aborted[0]
    assert "panel/sdl.py" not in systemd.aborted[0]

    visitor.waits_for_the_way_in()
    assert systemd.pid != frozen
    _touch_until_given(visitor, controller, 2)
    assert [ticket.number for ticket in controller.issued] == ["A001", "A002"]


@pytest.mark.heavy  # it waits out the office's longest rightful silence
def test_an_office_that_hangs_is_not_hidden_by_a_screen_that_goes_on(
    manager: Callable[[], ServiceManager], kiosk: Kiosk, visitor: Visitor
) -> None:
    boot = kiosk[0].data / "boot"
    boot.parent.mkdir(parents=True)
    os.mkfifo(boot)  # whoever reads it waits without end, as for a dying disk

    systemd = manager()
    wait_until(lambda: visitor.shown() == 1, what="it says that it starts", deadline_s=_STARTS_S)
    wait_until(lambda: len(systemd.aborted) == 1, what="the service manager ends it", deadline_s=_OFFICE_HANGS_S)
    assert "core/edge/presence.py" in systemd.aborted[0]
    assert "panel/sdl.py" in systemd.aborted[0]

    wait_until(lambda: _answers(boot), what="the next process reads, and the disk answers", deadline_s=_STARTS_S)
    visitor.waits_for_the_way_in()


def test_the_unit_of_a_kiosk_asks_for_what_is_played_here() -> None:
    unit = role_unit("kiosk").splitlines()

    assert {"Type=notify", "WatchdogSec=20", "Restart=always", "StartLimitIntervalSec=0"} <= set(unit)


def _touch_until_given(visitor: Visitor, controller: HandController, count: int) -> None:
    """As a person does: a page is deaf in its first quarter of a second."""
    deadline_s = time.monotonic() + _STARTS_S
    while len(controller.issued) < count:
        assert time.monotonic() < deadline_s, "no ticket"
        visitor.touch(Begin())
        with contextlib.suppress(TimeoutError):
            wait_until(lambda: len(controller.issued) == count, what="a ticket", deadline_s=1)


def _answers(fifo: Path) -> bool:
    """Whether somebody waits at its other end; who does has read a zero."""
    try:
        end = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:  # nobody does yet (fifo(7))
        return False
    os.write(end, b"0")
    os.close(end)
    return True
