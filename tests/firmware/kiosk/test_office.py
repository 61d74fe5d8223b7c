"""The office over a real broker, a real journal and the file printer, with a controller played by hand."""

from __future__ import annotations

import contextlib
import itertools
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from core.edge.clock import ManualClock
from core.edge.site import Site
from core.edge.words import say
from core.room.announce import Circumstances, Said, of_newcomer, of_ticket
from core.room.duty import DutyState
from core.room.ids import Number, RoomId, ServiceId
from core.room.outlook import Told, Wait
from core.room.phrases import Phrase
from core.wire.messages import Answer as ControllersAnswer
from core.wire.messages import BoardRoom
from firmware.drivers.control import ControlClient, ControlSocket
from firmware.drivers.printer import Printer, PrinterStatus, make_printer
from firmware.drivers.printer.escpos import encode
from firmware.drivers.printer.profiles import Profile
from firmware.kiosk.desk.office import Office
from firmware.kiosk.desk.slip import Slip, draw
from firmware.kiosk.dialogue.desk import Answer
from firmware.kiosk.dialogue.errands import Present, Wish
from firmware.kiosk.dialogue.pages import Checked, NotPrinted, Taken
from firmware.kiosk.settings import KioskFile
from tests.firmware.kiosk.hand import HandController
from tests.mosquitto import Mosquitto, wait_until

Kiosk = tuple[KioskFile, Site]
OpenOffice = Callable[..., Office]


@pytest.fixture
def cues(socket_path: Path) -> Iterator[tuple[ControlSocket, ControlClient]]:
    control = ControlSocket(socket_path)
    yield control, ControlClient(socket_path)
    control.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def printer(kiosk: Kiosk, cues: tuple[ControlSocket, ControlClient]) -> Printer:
    return make_printer(kiosk[0].printer, cues[0])


@pytest.fixture
def open_office(kiosk: Kiosk, printer: Printer, clock: ManualClock) -> Iterator[OpenOffice]:
    with contextlib.ExitStack() as stack:

        def open_one(printer: Printer = printer) -> Office:
            office = Office(*kiosk, clock=clock, printer=printer, wake=lambda: None)
            office.start()
            stack.callback(office.stop)
            return office

        yield open_one


def is_ready(office: Office) -> None:
    wait_until(lambda: office.desk.state == "ready", what="the kiosk may give tickets")


_wishes = itertools.count(1)


def give(office: Office, language: str = "fr") -> Answer:
    wish = Wish(next(_wishes), ServiceId("consultation"), language)
    office.give(wish)
    wait_until(lambda: office.desk.answer is not None and office.desk.answer.wish == wish.id, what="an answer")
    assert office.desk.answer
    return office.desk.answer


def entries(kiosk: Kiosk) -> list[dict[str, str]]:
    """What another process finds on the kiosk's disk."""
    with contextlib.closing(sqlite3.connect(kiosk[0].data / "tickets.db")) as db:
        return [json.loads(body) for (body,) in db.execute("SELECT body FROM entry ORDER BY seq")]


def jobs(kiosk: Kiosk) -> list[bytes]:
    return [path.read_bytes() for path in sorted(kiosk[0].printer.folder.glob("*.bin"))]


def expected_job(
    kiosk: Kiosk, printer: Printer, ahead: str | None, time_text: str | None, said: Said | None = None
) -> bytes:
    """The slip of the newest ticket on the disk, in French."""
    ticket = next(entry for entry in reversed(entries(kiosk)) if entry["kind"] == "issued")
    slip = Slip(
        site_name=kiosk[1].name,
        number=ticket["number"],
        service="Consultation",
        time_text=time_text,
        ahead=ahead,
        url=f"{kiosk[1].public_url}/t/{ticket['token']}",
        advice=say(Phrase("slip.advice"), "fr"),
        wait=say(said.wait, "fr") if said else None,
        notes=tuple(say(one, "fr") for one in (said.advice, said.in_time) if one) if said else (),
    )
    return encode(draw(slip, printer.profile), printer.profile)


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


CONSULTATION = ServiceId("consultation")
TEN_MS = 1_795_338_000_000
"""Where the kiosk's clock stands: 22 November 2026, 10:00."""
WAIT = Wait(p10_s=1900, p25_s=2300, p50_s=2700, p75_s=3000, p90_s=3200, in_time=80)
HERE = Circumstances(now_ms=TEN_MS, zone=ZoneInfo("Europe/Paris"), is_on_duty=True)


@pytest.fixture
def forecasting(controller: HandController) -> HandController:
    """It says how long newcomers wait."""
    controller.at_ms, controller.newcomers = TEN_MS, {CONSULTATION: WAIT, ServiceId("care"): replace(WAIT, p90_s=9000)}
    controller.rooms = [BoardRoom(room=RoomId("room-1"), duty=DutyState.ON), BoardRoom(room=RoomId("room-2"))]
    return controller


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


@dataclass
class WatchfulPrinter:
    """A printer that looks at the kiosk's disk when the first byte comes."""

    profile: Profile
    look: Callable[[], list[dict[str, str]]]
    seen: list[list[dict[str, str]]] = field(default_factory=list)

    def ask(self) -> None: ...

    def status(self) -> PrinterStatus:
        return PrinterStatus(online=True)

    def send(self, job: bytes, *, timeout_s: float, meanwhile: Callable[[], None] = lambda: None) -> None:
        self.seen.append(self.look())

    def close(self) -> None: ...


def test_the_number_is_on_the_disk_before_the_first_byte_goes_to_the_printer(
    controller: HandController, open_office: OpenOffice, kiosk: Kiosk, printer: Printer
) -> None:
    watchful = WatchfulPrinter(printer.profile, lambda: entries(kiosk))
    office = open_office(watchful)
    is_ready(office)

    give(office)

    assert [entry["number"] for entry in watchful.seen[0]] == ["A001"]


def test_the_controller_hears_of_a_ticket_while_its_slip_is_printed(
    controller: HandController, open_office: OpenOffice, kiosk: Kiosk, cues: tuple[ControlSocket, ControlClient]
) -> None:
    office = open_office()
    is_ready(office)
    cues[1].call("printer", "slow", seconds=1.0)
    wish = Wish(next(_wishes), ServiceId("consultation"), "fr")

    office.give(wish)

    wait_until(lambda: len(controller.issued) == 1, what="the controller knows the ticket")
    assert office.desk.answer is None
    assert jobs(kiosk) == []
    wait_until(lambda: controller.outcomes == ["printed"], what="the controller knows the slip")


@pytest.mark.parametrize(
    ("cue", "mended", "alert"),
    [
        (("paper", {"state": "out"}), ("paper", {"state": "ok"}), "paper-out"),
        (("cover", {"open": True}), ("cover", {"open": False}), "cover-open"),
        (("unplugged", {"on": True}), ("unplugged", {"on": False}), "printer-absent"),
    ],
)
def test_a_slip_that_cannot_be_printed_keeps_its_place_and_is_not_printed_later(
    controller: HandController,
    open_office: OpenOffice,
    kiosk: Kiosk,
    cues: tuple[ControlSocket, ControlClient],
    cue: tuple[str, dict[str, object]],
    mended: tuple[str, dict[str, object]],
    alert: str,
) -> None:
    office = open_office()
    is_ready(office)
    cues[1].call("printer", cue[0], **cue[1])

    page = give(office).page

    assert isinstance(page, NotPrinted)
    assert (page.number, page.is_sure) == ("A001", True)
    assert page.url == f"https://file.example/t/{entries(kiosk)[0]['token']}"
    wait_until(lambda: controller.outcomes == ["failed"], what="the controller knows")
    wait_until(lambda: alert in controller.alerts, what="a technician can know")
    cues[1].call("printer", mended[0], **mended[1])
    wait_until(lambda: not controller.alerts, what="all is well again")
    assert jobs(kiosk) == []
    assert give(office).page == Taken("A002")


def test_a_printer_that_stops_in_a_slip_leaves_the_outcome_unknown_and_the_number_on_the_screen(
    controller: HandController, open_office: OpenOffice, cues: tuple[ControlSocket, ControlClient]
) -> None:
    office = open_office()
    is_ready(office)
    cues[1].call("printer", "stall", after=100)

    page = give(office).page

    assert isinstance(page, NotPrinted)
    assert not page.is_sure
    wait_until(lambda: controller.outcomes == ["unknown"], what="the controller knows")
    wait_until(lambda: "printer-stalled" in controller.alerts, what="a technician can know")


def test_how_many_slips_are_left_is_told_once_a_new_roll_was_seen(
    controller: HandController, open_office: OpenOffice, cues: tuple[ControlSocket, ControlClient]
) -> None:
    office = open_office()
    is_ready(office)
    give(office)
    assert controller.states[-1].slips_left is None
    cues[1].call("printer", "paper", state="out")
    give(office)
    wait_until(lambda: controller.states[-1].slips_left == 0, what="the roll is out")

    cues[1].call("printer", "paper", state="ok")
    wait_until(lambda: not controller.alerts, what="the new roll is seen")
    give(office)

    wait_until(lambda: (controller.states[-1].slips_left or 0) > 100, what="the health says how many")


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


@pytest.mark.parametrize(
    ("answer", "page"),
    [
        (ControllersAnswer(id="q", outcome="done", number="A007"), Checked("kept", Number("A007"))),
        (ControllersAnswer(id="q", outcome="rejected", code="already-called"), Checked("called")),
        (ControllersAnswer(id="q", outcome="rejected", code="ticket-over"), Checked("over")),
        (ControllersAnswer(id="q", outcome="rejected", code="unknown-slip"), Checked("unknown")),
        (ControllersAnswer(id="q", outcome="expired"), Checked("unsure")),
        (None, Checked("unsure")),
    ],
    ids=lambda value: getattr(value, "outcome", "silence"),
)
def test_a_slip_that_is_shown_is_looked_up_by_the_controller(
    controller: HandController, open_office: OpenOffice, answer: ControllersAnswer | None, page: Checked
) -> None:
    controller.presented = answer
    office = open_office()
    is_ready(office)
    wait_until(lambda: office.desk.waiting is not None, what="the controller is heard")
    wish = Present(next(_wishes), "A007", "fr")

    office.give(wish)

    wait_until(lambda: office.desk.answer == Answer(wish.id, page), what=f"the answer {page}")


def test_who_shows_a_slip_is_told_how_long_it_still_takes(forecasting: HandController, open_office: OpenOffice) -> None:
    forecasting.presented = ControllersAnswer(id="q", outcome="done", number="A007")
    forecasting.waiting, forecasting.told = ["A006", "A007"], Told(at_ms=TEN_MS - 1_200_000, wait=WAIT)
    office = open_office()
    is_ready(office)
    wait_until(lambda: office.desk.waiting == 2, what="the controller is heard")
    wish = Present(next(_wishes), "A007", "fr")

    office.give(wish)

    said = of_ticket(forecasting.told, HERE)
    assert said is not None
    assert said.short == Phrase("wait.between", {"low": 15}, 35)
    kept = Answer(wish.id, Checked("kept", Number("A007"), said))
    wait_until(lambda: office.desk.answer == kept, what="the answer")


def test_without_a_controller_a_slip_cannot_be_checked_and_the_patient_keeps_it(open_office: OpenOffice) -> None:
    office = open_office()
    wish = Present(next(_wishes), "A007", "fr")

    office.give(wish)

    wait_until(lambda: office.desk.answer == Answer(wish.id, Checked("unsure")), what="the answer")


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
