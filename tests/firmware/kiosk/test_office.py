"""The office over a real broker, a real journal and the file printer: tickets, the day and what stops it."""

from __future__ import annotations

import time
from typing import Literal

import pytest

from core.edge.clock import ManualClock
from core.edge.words import say
from core.room.phrases import Phrase
from firmware.drivers.printer import Printer
from firmware.kiosk.dialogue.pages import Taken
from tests.firmware.kiosk.hand import HandController
from tests.firmware.kiosk.office import Kiosk, OpenOffice, entries, expected_job, give, is_ready, jobs
from tests.mosquitto import Mosquitto, wait_until


def test_no_ticket_is_given_before_a_controller_has_granted_a_letter(
    site_broker: Mosquitto, open_office: OpenOffice, kiosk: Kiosk
) -> None:
    office = open_office()

    assert office.desk.state == "starting"
    assert give(office).page is None
    assert entries(kiosk) == []


def test_a_wish_becomes_a_number_a_slip_and_two_reports(
    controller: HandController, open_office: OpenOffice, kiosk: Kiosk, printer: Printer
) -> None:
    controller.waiting = ["B001", "B002"]
    office = open_office()
    is_ready(office)
    wait_until(lambda: office.desk.waiting == 2, what="two others wait")

    assert give(office).page == Taken("A001")

    wait_until(lambda: controller.outcomes == ["printed"], what="the controller knows the slip")
    assert [(one.number, one.language) for one in controller.issued] == [("A001", "fr")]
    before = say(Phrase("slip.before", count=2), "fr")
    assert jobs(kiosk) == [expected_job(kiosk, printer, before, "22/11/2026  10:00")]
    wait_until(lambda: office.desk.waiting == 3, what="the new ticket waits too")


def test_a_clock_that_is_not_set_leaves_the_time_off_the_slip(
    controller: HandController, open_office: OpenOffice, kiosk: Kiosk, printer: Printer, clock: ManualClock
) -> None:
    clock.synchronised = False
    office = open_office()
    is_ready(office)
    wait_until(lambda: office.desk.waiting == 0, what="the controller is heard")

    give(office)

    assert jobs(kiosk) == [expected_job(kiosk, printer, say(Phrase("slip.nobody-before"), "fr"), None)]


def test_cut_off_from_the_broker_slips_go_on_without_a_count_and_all_is_told_later(
    controller: HandController, open_office: OpenOffice, kiosk: Kiosk, printer: Printer, site_broker: Mosquitto
) -> None:
    office = open_office()
    is_ready(office)
    give(office)
    wait_until(lambda: office.desk.waiting == 1, what="the controller is heard")

    site_broker.kill()
    wait_until(lambda: office.desk.waiting is None, what="no count on the screen")
    assert [give(office).page for _ in range(2)] == [Taken("A002"), Taken("A003")]

    assert jobs(kiosk)[-1] == expected_job(kiosk, printer, None, "22/11/2026  10:00")
    site_broker.start()
    wait_until(lambda: len(controller.reports) == 6, what="all is told", deadline_s=20)
    assert [report.number for report in controller.issued] == ["A001", "A002", "A003"]


def test_a_controller_that_refuses_the_disk_stops_the_kiosk(
    controller: HandController, open_office: OpenOffice, kiosk: Kiosk
) -> None:
    office = open_office()
    is_ready(office)
    controller.refuses = "number-taken"
    give(office)

    wait_until(lambda: office.desk.state == "out-of-order", what="the screen says so")
    wait_until(lambda: "tickets-refused" in controller.alerts, what="a technician can know")
    assert give(office).page is None
    assert len(jobs(kiosk)) == 1


def test_when_999_are_given_the_kiosk_says_so(controller: HandController, open_office: OpenOffice) -> None:
    controller.waiting = ["A998"]
    office = open_office()
    is_ready(office)

    assert give(office).page == Taken("A999")

    assert office.desk.state == "out-of-order"
    wait_until(lambda: "numbers-exhausted" in controller.alerts, what="a technician can know")


def test_a_new_day_begins_at_one(controller: HandController, open_office: OpenOffice) -> None:
    office = open_office()
    is_ready(office)
    give(office)
    wait_until(lambda: len(controller.reports) == 2, what="all is told")
    yesterday = dict(controller.reports)

    controller.reports = {place: report for place, report in yesterday.items() if report.kind == "printed"}
    controller.day = "2026-11-23"

    wait_until(lambda: office.desk.waiting == 0, what="the new day is heard")
    assert give(office).page == Taken("A001")


def test_the_office_says_whether_it_lives(open_office: OpenOffice, site_broker: Mosquitto) -> None:
    office = open_office()
    started_s = time.monotonic()

    assert office.is_alive
    office.stop()
    assert not office.is_alive
    assert time.monotonic() - started_s < 5


_EVENING_MS, _NINE_MS = 1_795_382_400_000, 1_795_420_800_000
"""Sunday 22 November 2026 at 22:20 in Paris, and Monday at 9:00."""


@pytest.mark.parametrize("intake", ["full", "closed"])
def test_a_centre_that_takes_nobody_any_more_says_when_it_opens(
    controller: HandController, open_office: OpenOffice, intake: Literal["full", "closed"]
) -> None:
    office = open_office()
    is_ready(office)
    controller.at_ms, controller.opens_ms, controller.intake = _EVENING_MS, _NINE_MS, intake

    wait_until(lambda: office.desk.intake == intake, what="the screen says so")

    assert office.desk.opens == Phrase("kiosk.opens-tomorrow", {"time": "09:00"})
    assert not office.desk.gives_tickets
    controller.intake = "open"
    wait_until(lambda: office.desk.gives_tickets, what="it opens again")


def test_a_kiosk_that_hears_no_controller_gives_tickets_although_it_was_closed(
    controller: HandController, open_office: OpenOffice, kiosk: Kiosk
) -> None:
    office = open_office()
    is_ready(office)
    controller.intake = "closed"
    wait_until(lambda: office.desk.intake == "closed", what="the centre is closed")

    controller.is_silent = True

    wait_until(lambda: office.desk.gives_tickets, what="nobody says so any more", deadline_s=15)
    assert isinstance(give(office).page, Taken)
