"""A device as a real process, and a controller played by hand at the other end of a real broker."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any

from core.edge.device import load_device
from core.edge.link import Link
from core.room.duty import DutyState
from core.room.ids import DeviceId, SiteId
from core.wire.coding import decode, encode
from core.wire.messages import Answer, Ask, BoardRoom, Call, DeviceState, Kept, Screen, Waiting
from core.wire.topics import SiteTopics, parse
from firmware.controller.settings import ControllerFile
from firmware.drivers.control import ControlClient
from provisioning.tree import Tree
from tests.mosquitto import wait_until

__all__ = ["DeviceProcess", "PlayedController", "make_screen"]

_ROOT = Path(__file__).parents[2]
_START_S = 15.0
AT_MS = 1_795_338_000_000


def make_screen(
    rev: int, *, calls: tuple[tuple[str, str], ...] = (), waiting: tuple[str, ...] = (), call_age_ms: int = 0
) -> Screen:
    """A screen with these calls, each a number and a room, newest first; both rooms are on duty, and free."""
    rooms = [BoardRoom(room=room, duty=DutyState.ON, waiting=len(waiting)) for room in ("room-1", "room-2")]
    return Screen(
        epoch="epoch-1",
        rev=rev,
        beat="none",
        at_ms=AT_MS,
        day="2026-11-22",
        rooms=rooms,
        calls=[Call(number=number, room=room, at_ms=AT_MS - call_age_ms, calls=1) for number, room in calls],
        waiting=[Waiting(number=number, service="consultation") for number in waiting],
        last_numbers={},
        letters={},
    )


class PlayedController:
    """Publishes the screen it is given with a new beat five times a second, and answers as it is told."""

    def __init__(self, tree: Tree, site: str) -> None:
        path = tree.device(site, f"{site}-controller") / "device.toml"
        settings, _ = load_device(path, ControllerFile, "controller")
        self.topics = SiteTopics(SiteId(site))
        self.screen: Screen | None = None
        self.answer: Callable[[Ask], Answer | None] = lambda ask: Answer(id=ask.id, outcome="done")
        self.asks: list[Ask] = []
        self.states: dict[str, DeviceState] = {}
        self.kept: dict[str, Kept] = {}
        self._beats = itertools.count()
        self._silent = threading.Event()
        self._closed = threading.Event()
        self.link = Link(
            settings.link,
            client_id=settings.device.id,
            filters=[self.topics.dev("+", leaf) for leaf in ("ask", "state", "kept")],
            on_message=self._hear,
            on_up=lambda: None,
            on_down=lambda: None,
        )
        self._thread = threading.Thread(target=self._beat, name="played-controller", daemon=True)

    def fall_silent(self) -> None:
        """Neither beat nor answer from now on, as a process that hangs."""
        self._silent.set()

    def show(self, screen: Screen) -> None:
        self.screen = screen
        self._publish()

    def __enter__(self) -> PlayedController:
        self.link.start()
        self._thread.start()
        wait_until(lambda: self.link.is_up, what="the played controller is connected")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closed.set()
        self._thread.join(5)
        self.link.stop()

    def _beat(self) -> None:
        while not self._closed.wait(0.2):
            self._publish()

    def _publish(self) -> None:
        if self.screen is not None and not self._silent.is_set():
            beating = self.screen.model_copy(update={"beat": f"1.{next(self._beats)}"})
            self.link.publish(self.topics.screen, encode(beating), retain=True)

    def _hear(self, topic: str, payload: bytes) -> None:
        address = parse(topic)
        assert address
        assert address.device
        if address.leaf == "state":
            self.states[address.device] = decode(DeviceState, payload)
            return
        if address.leaf == "kept":
            self.kept[address.device] = decode(Kept, payload)
            return
        ask = decode(Ask, payload)
        self.asks.append(ask)
        answer = self.answer(ask)
        if answer is not None and not self._silent.is_set():
            self.link.publish(self.topics.dev(DeviceId(address.device), "answer"), encode(answer))


class DeviceProcess:
    """`firmware.{role}.app.run` in a process of its own, with its fakes' control socket and a service manager's ear."""

    def __init__(self, folder: Path, role: str, hardware: str, short: Path) -> None:
        """
        Args:
            hardware: TOML tables added to the device's file.
            short: a folder with a short path, for sockets.
        """
        self.folder = folder
        self.role = role
        self._config = folder / "device.toml"
        control = short / f"{role}.control"
        with self._config.open("a", encoding="utf-8") as stream:
            stream.write(f'\n{hardware}\n[control]\nsocket = "{control}"\n')
        self.control = ControlClient(control)
        self._notify = short / f"{role}.notify"
        self._ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._ear.bind(bytes(self._notify))
        self._heard: SimpleQueue[str] = SimpleQueue()
        threading.Thread(target=self._listen, name="service-manager", daemon=True).start()
        self._process: subprocess.Popen[str] | None = None

    def call(self, device: str, do: str, **values: Any) -> dict[str, Any]:
        return self.control.call(device, do, **values)

    def start(self) -> None:
        """Start, and wait until the process says that it is ready."""
        borne = [sys.executable, "-W", "error", "-m", "borne", self.role, "--log-level", "warning"]
        self._process = subprocess.Popen(
            [*borne, "--config", self._config],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(_ROOT), "NOTIFY_SOCKET": str(self._notify)},
            stderr=subprocess.PIPE,
            text=True,
        )
        while self.hear() != "READY=1":
            pass

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def hear(self, timeout_s: float = _START_S) -> str:
        """The next thing said to the service manager.

        Raises:
            queue.Empty: nothing was.
        """
        return self._heard.get(timeout=timeout_s)

    def _listen(self) -> None:
        while said := self._ear.recv(4096):
            self._heard.put(said.decode())

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Signal the process and wait for its end.

        Returns:
            Its code, and what it wrote to stderr.
        """
        assert self._process
        self._process.send_signal(number)
        return self.wait()

    def wait(self) -> tuple[int, str]:
        """As `end`, for a process that ends by itself."""
        assert self._process
        _, written = self._process.communicate(timeout=10)
        code, self._process = self._process.returncode, None
        return code, written

    def close(self) -> None:
        if self._process is not None:
            self.end(signal.SIGKILL)
        self._ear.shutdown(socket.SHUT_RDWR)
        self._ear.close()
