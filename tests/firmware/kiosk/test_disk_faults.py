"""The kiosk on a disk that refuses, as a process: out of order on its screen and in its health until it works again."""

from __future__ import annotations

import errno
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.edge.site import Site
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.flow import SETTLE_S
from firmware.kiosk.dialogue.targets import Begin
from firmware.kiosk.settings import KioskFile
from tests.firmware.kiosk.hand import HandController
from tests.firmware.kiosk.test_app import READY, Process, slips
from tests.mosquitto import wait_until
from tests.powercut.library import FaultyDisk

Kiosk = tuple[KioskFile, Site]

ILLNESSES = [
    pytest.param(errno.ENOSPC, "disk-full", id="full"),
    pytest.param(errno.EROFS, "disk-read-only", id="read-only"),
    pytest.param(errno.EIO, "disk-fault", id="broken"),
]


@pytest.fixture
def process(kiosk_file: Path, kiosk: Kiosk, faulty_disk: FaultyDisk) -> Iterator[Process]:
    faulty_disk.under(kiosk[0].data)
    process = Process(kiosk_file, kiosk)
    yield process
    process.close()


@pytest.mark.parametrize(("code", "alert"), ILLNESSES)
def test_a_disk_that_refuses_from_the_start_is_told_and_tickets_are_given_once_it_works(
    controller: HandController, process: Process, kiosk: Kiosk, faulty_disk: FaultyDisk, code: int, alert: str
) -> None:
    faulty_disk.falls_ill(code)

    process.start()
    process.sees(Desk(state="out-of-order"))
    wait_until(lambda: controller.alerts == {alert}, what="the health says what is wrong")

    faulty_disk.recovers()
    process.sees(READY)
    process.touch(Begin(), READY)
    wait_until(lambda: controller.outcomes == ["printed"], what="a ticket is given")
    assert [report.number for report in controller.issued] == ["A001"]
    assert controller.issued[0].at.boot == int((kiosk[0].data / "boot").read_text())
    wait_until(lambda: not controller.alerts, what="all is well")


@pytest.mark.parametrize(("code", "alert"), ILLNESSES)
def test_a_disk_that_begins_to_refuse_gives_no_number_and_goes_on_where_it_was(
    controller: HandController, process: Process, kiosk: Kiosk, faulty_disk: FaultyDisk, code: int, alert: str
) -> None:
    process.start()
    process.sees(READY)
    faulty_disk.falls_ill(code)

    process.touch(Begin(), READY)

    process.sees(Desk(state="out-of-order", waiting=0))
    wait_until(lambda: controller.alerts == {alert}, what="the health says what is wrong")
    assert slips(kiosk) == []

    faulty_disk.recovers()
    process.sees(READY)
    ready_s = time.monotonic()
    wait_until(lambda: time.monotonic() > ready_s + SETTLE_S, what="the page hears a finger")
    process.touch(Begin(), READY)
    wait_until(lambda: controller.outcomes == ["printed"], what="a ticket is given")
    assert [report.number for report in controller.issued] == ["A001"]
    assert len(slips(kiosk)) == 1


def test_a_damaged_journal_is_set_aside_and_told(controller: HandController, process: Process, kiosk: Kiosk) -> None:
    process.start()
    process.sees(READY)
    process.touch(Begin(), READY)
    wait_until(lambda: controller.outcomes == ["printed"], what="a ticket is given")
    process.end(signal.SIGKILL)
    path = kiosk[0].data / "tickets.db"
    damaged = b"x" * 2000 + path.read_bytes()[2000:]
    path.write_bytes(damaged)
    path.with_name("tickets.db-wal").unlink()

    process.start()

    wait_until(lambda: controller.alerts == {"journal-set-aside"}, what="the health says so")
    assert path.with_name("tickets.db.corrupt-1").read_bytes() == damaged
