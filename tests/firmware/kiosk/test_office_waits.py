"""What the office says of the wait, on the start page and on the slip."""

from __future__ import annotations

from dataclasses import replace

from core.edge.clock import ManualClock
from core.edge.words import say
from core.room.announce import Said, of_newcomer, of_ticket
from core.room.ids import RoomId
from core.room.outlook import Told
from core.room.phrases import Phrase
from core.wire.messages import BoardRoom
from firmware.drivers.printer import Printer
from tests.firmware.kiosk.hand import HandController
from tests.firmware.kiosk.office import (
    HERE,
    TEN_MS,
    WAIT,
    Kiosk,
    OpenOffice,
    entries,
    expected_job,
    give,
    is_ready,
    jobs,
)
from tests.mosquitto import wait_until


def test_the_slip_says_what_the_start_page_said_and_the_controller_hears_it(
    forecasting: HandController, open_office: OpenOffice, kiosk: Kiosk, printer: Printer
) -> None:
    office = open_office()
    is_ready(office)
    wait_until(lambda: office.desk.wait is not None, what="the start page says how long it takes")
    assert office.desk.wait == of_newcomer(WAIT, HERE)

    give(office)

    said = of_ticket(Told(at_ms=TEN_MS, wait=WAIT), HERE)
    assert said is not None
    assert said.advice == Phrase("wait.come-back", {"time": "10:30"})
    nobody = say(Phrase("slip.nobody-before"), "fr")
    assert jobs(kiosk) == [expected_job(kiosk, printer, nobody, "22/11/2026  10:00", said)]
    wait_until(lambda: len(forecasting.issued) == 1, what="the controller knows the ticket")
    assert forecasting.issued[0].wait == WAIT


def test_a_kiosk_whose_clock_is_not_set_says_how_long_and_not_at_what_time(
    forecasting: HandController, open_office: OpenOffice, kiosk: Kiosk, printer: Printer, clock: ManualClock
) -> None:
    clock.synchronised = False
    office = open_office()
    is_ready(office)
    wait_until(lambda: office.desk.wait is not None, what="the start page says how long it takes")

    give(office)

    said = of_ticket(Told(at_ms=TEN_MS, wait=WAIT), replace(HERE, zone=None))
    nobody = say(Phrase("slip.nobody-before"), "fr")
    assert jobs(kiosk) == [expected_job(kiosk, printer, nobody, None, said)]
    wait_until(lambda: len(forecasting.issued) == 1, what="the controller knows the ticket")
    assert forecasting.issued[0].wait == WAIT


def test_where_nobody_is_on_duty_no_wait_is_promised(
    forecasting: HandController, open_office: OpenOffice, kiosk: Kiosk, printer: Printer
) -> None:
    forecasting.rooms = [BoardRoom(room=RoomId("room-1"))]
    office = open_office()
    is_ready(office)
    nobody = Said(kind="nobody", wait=Phrase("duty.nobody"))
    wait_until(lambda: office.desk.wait == nobody, what="the start page says that nobody is there")

    give(office)

    before = say(Phrase("slip.nobody-before"), "fr")
    assert jobs(kiosk) == [expected_job(kiosk, printer, before, "22/11/2026  10:00", nobody)]
    wait_until(lambda: len(forecasting.issued) == 1, what="the controller knows the ticket")
    assert forecasting.issued[0].wait is None


def test_a_kiosk_that_hears_no_controller_says_nothing_of_the_wait(
    forecasting: HandController, open_office: OpenOffice, kiosk: Kiosk, printer: Printer
) -> None:
    office = open_office()
    is_ready(office)
    wait_until(lambda: office.desk.wait is not None, what="the start page says how long it takes")
    forecasting.is_silent = True
    wait_until(lambda: office.desk.wait is None, what="the start page says nothing any more")

    give(office)

    assert jobs(kiosk) == [expected_job(kiosk, printer, None, "22/11/2026  10:00")]
    issued = next(entry for entry in entries(kiosk) if entry["kind"] == "issued")
    assert issued["wait"] is None
