"""The office and its printer: what comes first, what goes on meanwhile, and what is said when it fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from core.edge.clock import ManualClock
from firmware.drivers.printer import Printer, PrinterStatus
from firmware.drivers.printer.profiles import Profile
from firmware.kiosk.dialogue.errands import Wish
from firmware.kiosk.dialogue.pages import NotPrinted, Taken
from tests.firmware.kiosk.hand import HandController
from tests.firmware.kiosk.office import CONSULTATION, Cues, Kiosk, OpenOffice, entries, give, is_ready, jobs, next_wish
from tests.mosquitto import wait_until

LOOKS_EVERY_S = 2
"""At a printer with which something is wrong."""


@dataclass
class WatchfulPrinter:
    """A printer that looks at the kiosk's disk when the first byte comes."""

    profile: Profile
    look: Callable[[], list[dict[str, str]]]
    seen: list[list[dict[str, str]]] = field(default_factory=list)

    def ask(self) -> None: ...

    def status(self) -> PrinterStatus:
        return PrinterStatus(online=True)

    def send(self, job: bytes, *, timeout_s: float) -> None:
        self.seen.append(self.look())

    def suspect(self) -> None: ...

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
    controller: HandController, open_office: OpenOffice, kiosk: Kiosk, cues: Cues
) -> None:
    office = open_office()
    is_ready(office)
    cues[1].call("printer", "slow", seconds=1.0)
    wish = Wish(next_wish(), CONSULTATION, "fr")

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
    cues: Cues,
    clock: ManualClock,
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
    clock.advance(LOOKS_EVERY_S)
    wait_until(lambda: not controller.alerts, what="all is well again")
    assert jobs(kiosk) == []
    assert give(office).page == Taken("A002")


def test_a_printer_that_stops_in_a_slip_leaves_the_outcome_unknown_and_the_number_on_the_screen(
    controller: HandController, open_office: OpenOffice, cues: Cues
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
    controller: HandController, open_office: OpenOffice, cues: Cues, clock: ManualClock
) -> None:
    office = open_office()
    is_ready(office)
    give(office)
    assert controller.states[-1].slips_left is None
    cues[1].call("printer", "paper", state="out")
    give(office)
    wait_until(lambda: controller.states[-1].slips_left == 0, what="the roll is out")

    cues[1].call("printer", "paper", state="ok")
    clock.advance(LOOKS_EVERY_S)
    wait_until(lambda: not controller.alerts, what="the new roll is seen")
    give(office)

    wait_until(lambda: (controller.states[-1].slips_left or 0) > 100, what="the health says how many")
