"""The whole kiosk as the service manager starts it: touched, killed and stopped from outside."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w
import zxingcpp

from borne.demo.paper import print_out
from core.room.ids import ServiceId
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.flow import Flow
from firmware.kiosk.dialogue.pages import Languages, Start
from firmware.kiosk.dialogue.targets import Begin, ChooseLanguage, OtherLanguages
from tests.firmware.kiosk.hand import HandController
from tests.firmware.kiosk.office import Kiosk
from tests.firmware.kiosk.process import Process
from tests.mosquitto import wait_until

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
