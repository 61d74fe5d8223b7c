"""The whole kiosk as the service manager starts it: touched, killed and stopped from outside."""

from __future__ import annotations

import base64
import contextlib
import io
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w
import zxingcpp
from PIL import Image

from borne.demo.paper import print_out
from core.edge.site import Site
from core.room.ids import ServiceId
from firmware.drivers.control import ControlClient, ControlError
from firmware.drivers.panel import make_panel
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.flow import SETTLE_S, Flow
from firmware.kiosk.dialogue.pages import Languages, Start
from firmware.kiosk.dialogue.targets import Begin, ChooseLanguage, OtherLanguages, Target
from firmware.kiosk.drawing.view import View
from firmware.kiosk.settings import KioskFile
from firmware.kiosk.sheets.sheet import sheet_of
from tests.firmware.kiosk.hand import HandController
from tests.mosquitto import wait_until

Kiosk = tuple[KioskFile, Site]

_BETWEEN_TOUCHES_S = SETTLE_S + 0.5
"""A page is deaf in its first moment, which begins when it is drawn, some time after the touch before."""


class Process:
    """A kiosk in a process of its own, with a finger and eyes."""

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


READY = Desk(state="ready", waiting=0)
IN_ALL_LANGUAGES = Flow(services=(ServiceId("consultation"),), page=Languages(Start()))
ARABIC = Flow(services=(ServiceId("consultation"),), language="ar")


@pytest.fixture
def process(kiosk_file: Path, kiosk: Kiosk) -> Iterator[Process]:
    process = Process(kiosk_file, kiosk)
    yield process
    process.close()


def slips(kiosk: Kiosk) -> list[Path]:
    return sorted(kiosk[0].printer.folder.glob("*.bin"))


def test_a_finger_on_the_screen_brings_out_a_slip_whose_code_is_the_tickets_page(
    controller: HandController, process: Process, kiosk: Kiosk
) -> None:
    process.start()
    process.sees(READY)
    process.touch(OtherLanguages(), READY)
    process.sees(READY, flow=IN_ALL_LANGUAGES)
    process.touch(ChooseLanguage("ar"), READY, flow=IN_ALL_LANGUAGES)
    process.sees(READY, flow=ARABIC)

    process.touch(Begin(), READY, flow=ARABIC)

    wait_until(lambda: len(controller.reports) == 2, what="the controller knows ticket and slip")
    (ticket,) = controller.issued
    assert (ticket.number, ticket.language, controller.outcomes) == ("A001", "ar", ["printed"])
    (slip,) = print_out(slips(kiosk)[0].read_bytes())
    assert [code.text for code in zxingcpp.read_barcodes(slip.convert("L"))] == [
        f"https://file.example/t/{ticket.token}"
    ]


def test_the_picture_of_an_earlier_start_is_touched_while_the_kiosk_cannot_give_tickets_yet(
    controller: HandController, process: Process, kiosk: Kiosk
) -> None:
    process.start()
    process.sees(READY)
    process.end(signal.SIGTERM)
    boot = kiosk[0].data / "boot"
    boot.unlink()
    os.mkfifo(boot)  # whoever reads it waits without end: the page that says that the kiosk starts stays

    process.start()
    process.sees(Desk())
    assert process.cue("panel", "frame_number") == {"number": 1}

    process.touch(ChooseLanguage("ar"), Desk())
    process.sees(Desk(), flow=ARABIC)


def test_killed_while_printing_the_slip_is_unknown_and_never_printed_again(
    controller: HandController, process: Process, kiosk: Kiosk
) -> None:
    process.start()
    process.sees(READY)
    process.cue("printer", "slow", seconds=7)
    process.touch(Begin(), READY)
    wait_until(lambda: _is_on_disk(kiosk, "A001"), what="the number is on the disk")
    process.end(signal.SIGKILL)

    process.start()

    wait_until(lambda: controller.outcomes == ["unknown"], what="the controller knows")
    process.sees(Desk(state="ready", waiting=1))
    process.touch(Begin(), Desk(state="ready", waiting=1))
    wait_until(lambda: controller.outcomes == ["unknown", "printed"], what="the next slip")
    assert [report.number for report in controller.issued] == ["A001", "A002"]
    assert len(slips(kiosk)) == 1


def test_asked_to_stop_it_ends_cleanly(controller: HandController, process: Process, kiosk: Kiosk) -> None:
    process.start()
    process.sees(READY)

    assert process.end(signal.SIGTERM) == (0, "")
    assert kiosk[0].control
    assert not kiosk[0].control.socket.exists()


def test_it_feeds_the_watchdog_once_the_screen_is_there(
    controller: HandController, process: Process, socket_path: Path
) -> None:
    address = socket_path.with_name("notify")
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as manager:
        manager.bind(str(address))
        manager.settimeout(10)
        os.environ["NOTIFY_SOCKET"] = str(address)

        process.start()

        assert [manager.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ('panle = "dummy"\n', "panle = 'dummy': no such key; did you mean 'panel'?"),
        ("", "device.toml: panel.width = 100: Input should be greater than or equal to 320"),
    ],
)
def test_a_wrong_file_stops_it_with_a_sentence(process: Process, kiosk_file: Path, wrong: str, says: str) -> None:
    text = kiosk_file.read_text() if wrong else kiosk_file.read_text().replace("width = 800", "width = 100")
    kiosk_file.write_text(wrong + text)

    process.start()
    code, errors = process.ended()

    assert code == 2
    assert says in errors
    assert "Traceback" not in errors


def test_more_services_than_the_panel_holds_stop_it_with_a_sentence(process: Process, kiosk: Kiosk) -> None:
    site = kiosk[0].site
    table = tomllib.loads(site.read_text())
    table["services"] += [{"id": f"service-{n}", "name": {"fr": f"Service {n}"}} for n in range(5)]
    site.write_text(tomli_w.dumps(table))

    process.start()
    code, errors = process.ended()

    assert code == 2
    assert "services: 6 do not fit a panel of 154 mm, which has room for 4 of 20 mm" in errors


def _is_on_disk(kiosk: Kiosk, number: str) -> bool:
    with contextlib.closing(sqlite3.connect(kiosk[0].data / "tickets.db")) as db:
        return any(number.encode() in body for (body,) in db.execute("SELECT body FROM entry"))
