"""What a patient says beside "a ticket, please" - a card, a name, a result - and to whom the office tells it."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.edge.clock import ManualClock
from core.edge.site import Site
from core.room.events import Priority
from core.room.ids import ServiceId
from core.wire.messages import Answer as ControllersAnswer
from firmware.drivers.printer import make_printer
from firmware.kiosk.desk.office import Office
from firmware.kiosk.dialogue.errands import Present, Wish
from firmware.kiosk.dialogue.pages import Checked
from firmware.kiosk.settings import KioskFile
from tests.firmware.kiosk.hand import HandController
from tests.mosquitto import wait_until

OpenOffice = Callable[[Site], Office]
_ids = itertools.count(1)
_NAME, _YEAR = "Qvyntelle-Öznur", 1937


@pytest.fixture
def open_office(kiosk: tuple[KioskFile, Site]) -> Iterator[OpenOffice]:
    with contextlib.ExitStack() as stack:

        def open_one(site: Site) -> Office:
            printer = make_printer(kiosk[0].printer)
            stack.callback(printer.close)
            office = Office(kiosk[0], site, clock=ManualClock(), printer=printer, wake=lambda: None)
            office.start()
            stack.callback(office.stop)
            wait_until(lambda: office.desk.state == "ready", what="the kiosk may give tickets")
            return office

        yield open_one


def asking_names(site: Site) -> Site:
    return site.model_copy(update={"reception": site.reception.model_copy(update={"asks_name": True})})


def take(office: Office, wish: Wish) -> None:
    office.give(wish)
    wait_until(lambda: office.desk.answer is not None and office.desk.answer.wish == wish.id, what="an answer")


def a_wish() -> Wish:
    return Wish(next(_ids), ServiceId("consultation"), "fr")


@pytest.mark.parametrize("claim", ["card", "courtesy", None])
def test_what_a_patient_declares_goes_with_the_ticket(
    controller: HandController, open_office: OpenOffice, kiosk: tuple[KioskFile, Site], claim: str | None
) -> None:
    office = open_office(kiosk[1])

    take(office, replace(a_wish(), claim=claim))

    wait_until(lambda: len(controller.issued) == 1, what="the controller knows the ticket")
    assert controller.issued[0].claim == (Priority(claim) if claim else None)


def test_a_name_goes_to_the_controller_behind_its_ticket_and_nowhere_else(
    controller: HandController, open_office: OpenOffice, kiosk: tuple[KioskFile, Site]
) -> None:
    office = open_office(asking_names(kiosk[1]))

    take(office, replace(a_wish(), first_name=_NAME, born=_YEAR))

    wait_until(lambda: bool(controller.names), what="the controller knows the name")
    (named,), (issued,) = controller.names, controller.issued
    assert (named.ticket, named.first_name, named.born) == (issued.ticket, _NAME, _YEAR)
    assert not _files_with(kiosk[0].data.parent, _NAME, str(_YEAR))


@pytest.mark.parametrize(("first_name", "born"), [("", None), ("\u202eamor", 1950), ("x" * 41, None)])
def test_no_name_and_one_that_nobody_can_read_is_not_told(
    controller: HandController, open_office: OpenOffice, kiosk: tuple[KioskFile, Site], first_name: str, born: int
) -> None:
    office = open_office(asking_names(kiosk[1]))

    take(office, replace(a_wish(), first_name=first_name, born=born))
    take(office, replace(a_wish(), first_name="Ana"))

    wait_until(lambda: [named.first_name for named in controller.names] == ["Ana"], what="the second one only")
    assert "program-fault" not in controller.alerts


def test_a_centre_that_does_not_ask_for_names_tells_none(
    controller: HandController, open_office: OpenOffice, kiosk: tuple[KioskFile, Site]
) -> None:
    office = open_office(kiosk[1])

    take(office, replace(a_wish(), first_name=_NAME, born=_YEAR))

    wait_until(lambda: controller.outcomes == ["printed"], what="all is told")
    assert controller.names == []


def test_who_is_back_with_a_result_says_so(
    controller: HandController, open_office: OpenOffice, kiosk: tuple[KioskFile, Site]
) -> None:
    controller.presented = ControllersAnswer(id="any", outcome="done", number="A042")
    office = open_office(kiosk[1])
    wait_until(lambda: office.desk.is_linked, what="the controller is heard")

    for with_result in (True, False):
        office.give(Present(next(_ids), "A042", "fr", with_result=with_result))
        wait_until(lambda n=with_result: controller.results[-1:] == [n], what="the controller is asked")  # type: ignore[misc]

    wait_until(lambda: office.desk.answer is not None, what="an answer")
    assert office.desk.answer is not None
    assert office.desk.answer.page == Checked("kept", "A042")


def _files_with(folder: Path, *words: str) -> list[Path]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in files if any(word.encode() in path.read_bytes() for word in words)]
