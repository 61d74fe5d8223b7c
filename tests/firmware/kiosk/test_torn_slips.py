"""A kiosk that dies with a slip: the number stays valid, the ticket says that nobody knows, and the rest of the slip
neither comes out later nor before the next one.
"""

from __future__ import annotations

import os
import signal
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import tomli_w
import zxingcpp

from core.edge.crash import CRASH_POINTS
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.targets import Begin
from firmware.kiosk.settings import load_kiosk
from tests.firmware.drivers.escpos_machine import NetworkPrinter
from tests.firmware.kiosk.hand import HandController
from tests.firmware.kiosk.process import Process
from tests.mosquitto import wait_until

READY, AFTER_ONE = Desk(state="ready", waiting=0), Desk(state="ready", waiting=1)
MID_SLIP = 3_000
"""Bytes, of 60,000 and more."""


@pytest.fixture
def machine() -> Iterator[NetworkPrinter]:
    machine = NetworkPrinter()
    yield machine
    machine.unplug()


@pytest.fixture
def start(kiosk_file: Path, machine: NetworkPrinter) -> Iterator[Callable[[str], Process]]:
    """Starts a kiosk with a printer of some model."""
    started: list[Process] = []

    def with_printer(profile: str) -> Process:
        printer = {"driver": "tcp", "profile": profile, "host": "127.0.0.1", "port": machine.port}
        kiosk_file.write_text(tomli_w.dumps(tomllib.loads(kiosk_file.read_text()) | {"printer": printer}))
        started.append(Process(kiosk_file, load_kiosk(kiosk_file)))
        started[-1].start()
        return started[-1]

    yield with_printer
    for process in started:
        process.close()


def addresses(machine: NetworkPrinter) -> list[list[str]]:
    """What a phone reads on each piece of paper, in order."""
    return [[code.text for code in zxingcpp.read_barcodes(slip.convert("L"))] for slip in machine.slips]


def the_next_one_gets_a_slip(process: Process, controller: HandController) -> str:
    """Its address."""
    process.start()
    wait_until(lambda: controller.outcomes == ["unknown"], what="nobody knows what became of the first slip")
    process.sees(AFTER_ONE)
    process.touch(Begin(), AFTER_ONE)
    wait_until(lambda: controller.outcomes == ["unknown", "printed"], what="the next slip is out")
    assert [one.number for one in controller.issued] == ["A001", "A002"]
    return f"https://file.example/t/{controller.issued[1].token}"


@pytest.mark.parametrize("profile", ["generic-80", "custom-vkp80"])
def test_half_a_slip_that_cannot_be_forgotten_is_cut_off_before_the_next_one(
    controller: HandController, start: Callable[[str], Process], machine: NetworkPrinter, profile: str
) -> None:
    process = start(profile)
    process.sees(READY)
    machine.after(MID_SLIP, lambda: os.kill(process.pid, signal.SIGKILL))
    process.touch(Begin(), READY)
    assert process.ended()[0] == -signal.SIGKILL

    address = the_next_one_gets_a_slip(process, controller)

    assert addresses(machine) == [[], [address]], "what was left is a piece of its own"


def test_half_a_slip_that_can_be_forgotten_does_not_come_out_with_the_new_roll(
    controller: HandController, start: Callable[[str], Process], machine: NetworkPrinter
) -> None:
    def die_without_paper() -> None:
        machine.paper = "out"
        os.kill(process.pid, signal.SIGKILL)

    process = start("epson-tm-t20iii")
    process.sees(READY)
    machine.after(MID_SLIP, die_without_paper)
    process.touch(Begin(), READY)
    process.ended()
    process.start()
    wait_until(lambda: controller.alerts == {"paper-out"}, what="it is back, and asks for paper")

    machine.paper = "ok"

    wait_until(lambda: not controller.alerts, what="the new roll is seen")
    assert all(slip.getextrema() == (255, 255) for slip in machine.slips), "white paper at most"


@pytest.mark.parametrize(("point", "came_out"), [("kiosk.given-not-printed", False), ("kiosk.printed-not-noted", True)])
def test_a_ticket_between_two_effects_keeps_its_number_and_has_one_slip_at_most(
    controller: HandController,
    start: Callable[[str], Process],
    machine: NetworkPrinter,
    tmp_path: Path,
    point: str,
    *,
    came_out: bool,
) -> None:
    (tmp_path / point).touch()
    os.environ[CRASH_POINTS] = str(tmp_path)
    process = start("epson-tm-t20iii")
    process.sees(READY)
    process.touch(Begin(), READY)
    process.ended()
    assert (tmp_path / f"{point}.hit").exists()

    address = the_next_one_gets_a_slip(process, controller)

    first = [f"https://file.example/t/{controller.issued[0].token}"] if came_out else []
    assert [one for one in addresses(machine) if one] == [*([first] if first else []), [address]]
