"""One ticket's whole life: a finger, a slip, a code, a phone, two doctors' buttons, the big screen, the network's page.

Every process is the real one, between two real brokers; the panel, the printer and the buttons are the named fakes.
"""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pygame
import pytest
import zxingcpp
from PIL import Image

from borne.demo.paper import print_out
from borne.demo.ports import HOST
from borne.demo.stage import SITE, Pace, Stage, build, children
from borne.demo.supervisor import Supervisor
from borne.demo.visitor import Visitor
from core.edge.clock import ScaledClock
from core.room.ids import Number, ServiceId
from core.room.passage import Policy
from core.room.phrases import Phrase
from firmware.display.board import Board, CallLine
from firmware.drivers.control import ControlClient, ControlError
from tests.journeys.browser import Phone, open_phone
from tests.mosquitto import wait_until

SPEED = 20.0
EVENING_MS = 1_795_366_800_000
"""22 November 2026, 18:00 in Paris."""
PEOPLE = 4
_OPEN_S = 60.0


class Centre:
    """What a person in the centre can do and see."""

    def __init__(self, stage: Stage, clock: ScaledClock) -> None:
        self._stage = stage
        self._clock = clock
        self.visitor = Visitor(stage.site, self._control("kiosk"), size_px=(1280, 800))

    def _control(self, name: str) -> ControlClient:
        return ControlClient(self._stage.control(name), timeout_s=5)

    def wait_until_open(self) -> None:
        wait_until(self.visitor.is_open, what="the kiosk is open", deadline_s=_OPEN_S)
        for room in ("room-1", "room-2"):
            wait_until(lambda room=room: self.lamp(room) == "off", what=f"{room} is connected", deadline_s=_OPEN_S)

    def lamp(self, room: str) -> str | None:
        try:
            (lamp,) = self._control(room).call("gpio", "lamps").values()
        except (ControlError, ValueError):
            return None
        return str(lamp["pattern"])

    def slips(self) -> list[Image.Image]:
        """What has come out of the printer, read from the bytes."""
        return [slip for job in sorted(self._stage.slips.glob("*.bin")) for slip in print_out(job.read_bytes())]

    def press(self, room: str) -> None:
        self._control(room).call("gpio", "tap")

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


@pytest.fixture
def pace() -> Pace:
    return Pace(origin_ms=time.time_ns() // 1_000_000, start_ms=EVENING_MS, speed=SPEED)


@pytest.fixture
def stage(tmp_path: Path, pace: Pace) -> Iterator[Stage]:
    built = build(tmp_path / "stage", pace)
    yield built
    shutil.rmtree(built.sockets)


@pytest.fixture
def centre(stage: Stage, pace: Pace, mosquitto_binary: Path) -> Iterator[Centre]:
    clock = ScaledClock(origin_ms=pace.origin_ms, start_ms=pace.start_ms, speed=pace.speed)
    with Supervisor(children(stage, mosquitto_binary), stage.logs):
        centre = Centre(stage, clock)
        centre.wait_until_open()
        yield centre


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Phone]:
    with open_phone(tmp_path / "profile") as phone:
        yield phone


def test_one_tickets_whole_life(centre: Centre, stage: Stage, phone: Phone) -> None:
    agent = f"http://{HOST}:{stage.web_port}"

    for _ in range(PEOPLE):
        centre.visitor.take_ticket(ServiceId("consultation"))

    slips = centre.slips()
    assert len(slips) == PEOPLE
    (code,) = zxingcpp.read_barcodes(slips[-1])
    assert re.fullmatch(rf"{agent}/t/[A-Za-z0-9_-]{{16}}", code.text)

    phone.open(code.text)
    expect(phone, "A004", "3 personnes avant vous")
    assert public(agent, SITE)["waiting"] == PEOPLE
    assert centre.lamp("room-2") == "steady"
    phone.mark()

    centre.press("room-1")
    expect(phone, "2 personnes avant vous")
    wait_until(lambda: centre.shows("A001", "1"), what="the big screen shows A001 → Salle 1")
    centre.press("room-2")
    expect(phone, "1 personne avant vous")
    centre.wait_for_nobody()
    centre.press("room-1")
    expect(phone, "Vous êtes le prochain")
    centre.press("room-2")
    expect(phone, "C’est à vous", "Salle 2")

    wait_until(lambda: centre.shows("A004", "2"), what="the big screen shows A004 → Salle 2")
    assert not phone.was_reloaded(), "the page followed by itself"
    wait_until(lambda: centre.lamp("room-2") == "off", what="nobody waits any more")
    assert public(agent, SITE)["waiting"] == 0
    phone.open(f"{agent}/?lang=fr")
    expect(phone, "Centre de soins d'Aubagne", "Personne n’attend")
    wait_until(lambda: len(public(agent)["sites"]) == 6, what="five more centres live on the network page")


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
