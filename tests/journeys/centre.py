"""What a person in the demo's centre can do and see, with its real processes between two real brokers."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import signal
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import pygame
from PIL import Image

from borne.demo.paper import print_out
from borne.demo.stage import SITE, Stage
from borne.demo.supervisor import Supervisor
from borne.demo.visitor import Visitor
from core.edge.clock import ScaledClock
from core.room.ids import Number
from core.room.passage import Policy
from core.room.phrases import Phrase
from firmware.display.board import Board, CallLine
from firmware.drivers.control import ControlClient, ControlError
from tests.journeys.browser import Phone
from tests.mosquitto import wait_until

__all__ = ["EVENING_MS", "SPEED", "Centre", "expect", "public"]

SPEED = 20.0
EVENING_MS = 1_795_366_800_000
"""22 November 2026, 18:00 in Paris."""
_OPEN_S = 60.0


class Centre:
    """What a person in the centre can do and see."""

    def __init__(self, stage: Stage, clock: ScaledClock, supervisor: Supervisor) -> None:
        self._stage = stage
        self._clock = clock
        self._supervisor = supervisor
        self.visitor = Visitor(stage.site, self._control("kiosk"), size_px=(1280, 800))

    def _control(self, name: str) -> ControlClient:
        return ControlClient(self._stage.control(name), timeout_s=5)

    def wait_until_open(self) -> None:
        wait_until(self.visitor.is_open, what="the kiosk is open", deadline_s=_OPEN_S)
        for room in ("room-1", "room-2"):
            wait_until(lambda room=room: self.lamp(room) == "off", what=f"{room} is connected", deadline_s=_OPEN_S)

    def replace_card(self, *names: str) -> None:
        """What runs on one Pi dies at once, with its disk; a new card with the same certificates is put in."""
        for name in names:
            shutil.rmtree(self._stage.tree.device(SITE, f"{SITE}-{name}") / "data", ignore_errors=True)
        for name in (*names, "site-broker"):
            self.kill(name)

    def kill(self, name: str) -> None:
        """End a process as a power cut does; it is started again."""
        self._signal(name, signal.SIGKILL)

    def stop(self, name: str) -> None:
        """Have a process hang, until `go_on`."""
        self._signal(name, signal.SIGSTOP)

    def go_on(self, name: str) -> None:
        self._signal(name, signal.SIGCONT)

    def _signal(self, name: str, number: signal.Signals) -> None:
        pid = self._supervisor.pid(name)
        assert pid is not None, f"{name} does not run"
        os.kill(pid, number)

    def wait_for_lamp(self, room: str, pattern: str) -> None:
        wait_until(lambda: self.lamp(room) == pattern, what=f"the lamp of {room} is {pattern}", deadline_s=_OPEN_S)

    def lamp(self, room: str) -> str | None:
        try:
            (lamp,) = self._control(room).call("gpio", "lamps").values()
        except (ControlError, ValueError):
            return None
        return str(lamp["pattern"])

    def slips(self) -> list[Image.Image]:
        """What has come out of the printer, read from the bytes."""
        return [slip for job in sorted(self._stage.slips.glob("*.bin")) for slip in print_out(job.read_bytes())]

    def come_on_duty(self, *rooms: str) -> None:
        """Somebody comes and presses, and has the lamp's yes."""
        for room in rooms:
            self.press(room)
            self.wait_for_lamp(room, "one-long")
        for room in rooms:
            wait_until(lambda room=room: self.lamp(room) in {"steady", "off"}, what=f"the lamp of {room} is at rest")

    def press(self, room: str) -> None:
        self._control(room).call("gpio", "tap")

    def hold(self, room: str, seconds: float) -> None:
        """Keep a finger on the button for so many real seconds."""
        self._control(room).call("gpio", "hold", ms=int(1000 * seconds))

    def wait_for_nobody(self) -> None:
        """Let the time pass in which another press would only call the same patients again."""
        later_ms = self._clock.wall_ms() + (Policy().recall_window_s + 2) * 1000
        wait_until(lambda: self._clock.wall_ms() > later_ms, what="a second press means that nobody came")

    def big_screen(self) -> pygame.Surface:
        png = base64.b64decode(self._control("display").call("panel", "frame")["png"])
        return pygame.image.load(io.BytesIO(png))

    def shows(self, number: str, label: str) -> bool:
        """Whether the newest call on the big screen is, pixel for pixel, this one."""
        from firmware.display.view import View

        screen = self.big_screen()
        for is_bright in (False, True):
            expected = pygame.Surface(screen.get_size())
            view = View(expected, "fr")
            line = CallLine(Number(number), Phrase("room.name", {"label": label}), is_new=True, is_bright=is_bright)
            view.draw(_board(line))
            hero = view.layout.hero
            seen, drawn = (pygame.image.tobytes(one.subsurface(hero), "RGB") for one in (screen, expected))
            if seen == drawn:
                return True
        return False


def _board(line: CallLine) -> Board:
    nobody = Phrase("board.nobody-waits")
    return Board(site="", time=None, calls=(line,), following=(), more=0, waiting=nobody, is_stale=False)


def expect(phone: Phone, *words: str) -> None:
    def is_read() -> bool:
        text = phone.text
        return all(word in text for word in words)

    try:
        wait_until(is_read, what=f"{words} on the page")
    except TimeoutError as error:
        raise AssertionError(f"{words} expected, the page reads:\n{phone.text}") from error


def public(agent: str, site: str = "") -> Any:
    """What `/api/v1/sites` says."""
    path = f"/api/v1/sites/{site}" if site else "/api/v1/sites"
    with urllib.request.urlopen(urlsplit(agent + path).geturl(), timeout=5) as answer:
        return json.load(answer)
