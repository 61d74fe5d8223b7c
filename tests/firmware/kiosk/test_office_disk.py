"""The office and the disks: its own that refuses or is damaged, and a controller's that is empty."""

from __future__ import annotations

import sqlite3

from firmware.kiosk.dialogue.pages import Taken
from tests.firmware.kiosk.hand import HandController
from tests.firmware.kiosk.office import Kiosk, OpenOffice, give, is_ready, jobs
from tests.mosquitto import wait_until


def test_a_disk_that_cannot_be_opened_is_tried_until_it_can(
    controller: HandController, open_office: OpenOffice, kiosk: Kiosk
) -> None:
    kiosk[0].data.write_text("a file where the folder should be")
    office = open_office()
    wait_until(lambda: office.desk.state == "out-of-order", what="the screen says so")
    assert give(office).page is None

    kiosk[0].data.unlink()

    is_ready(office)
    assert give(office).page == Taken("A001")


def test_a_disk_that_stops_taking_entries_stops_the_numbers_until_it_recovers(
    controller: HandController, open_office: OpenOffice, kiosk: Kiosk
) -> None:
    office = open_office()
    is_ready(office)
    give(office)
    wait_until(lambda: len(controller.reports) == 2, what="all is told")
    holder = sqlite3.connect(kiosk[0].data / "tickets.db", isolation_level=None)
    for table in ("entry", "fact"):
        holder.execute(f"CREATE TRIGGER no_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no space'); END")

    assert give(office).page is None

    assert office.desk.state == "out-of-order"
    wait_until(lambda: "disk-fault" in controller.alerts, what="a technician can know")
    assert len(jobs(kiosk)) == 1
    for table in ("entry", "fact"):
        holder.execute(f"DROP TRIGGER no_{table}")
    holder.close()
    is_ready(office)
    assert give(office).page == Taken("A002")


def test_a_damaged_journal_is_set_aside_and_said(
    controller: HandController, open_office: OpenOffice, kiosk: Kiosk
) -> None:
    kiosk[0].data.mkdir()
    (kiosk[0].data / "tickets.db").write_bytes(b"this was a database once" * 100)

    office = open_office()

    is_ready(office)
    wait_until(lambda: "journal-set-aside" in controller.alerts, what="a technician can know")
    assert (kiosk[0].data / "tickets.db.corrupt-1").exists()


def test_a_controller_that_has_lost_everything_is_told_the_whole_day_again(
    controller: HandController, open_office: OpenOffice
) -> None:
    office = open_office()
    is_ready(office)
    give(office)
    give(office)
    wait_until(lambda: len(controller.reports) == 4, what="all is told")
    told = dict(controller.reports)

    controller.reports, controller.epoch = {}, "another-disk"

    wait_until(lambda: controller.reports == told, what="all is told again")
    assert controller.known == 4, "and that somebody had it all"


def test_asked_for_the_day_the_kiosk_says_what_it_has_and_tells_no_ticket_before_it_is_known(
    controller: HandController, open_office: OpenOffice
) -> None:
    office = open_office()
    is_ready(office)
    give(office)
    wait_until(lambda: len(controller.reports) == 2, what="all is told")

    controller.reports, controller.epoch, controller.is_gathering = {}, "another-disk", True
    wait_until(lambda: controller.kept != [], what="the kiosk answers")
    assert give(office).page == Taken("A002")

    kept = controller.kept[-1]
    assert (kept.disk, kept.letter, kept.day) == (next(iter(controller.letters)), "A", "2026-11-22")
    assert kept.screen is not None
    assert (kept.screen.epoch, controller.reports) == ("by-hand", {})

    controller.is_gathering = False
    wait_until(lambda: len(controller.reports) == 4, what="the decided day is told all of it")
