"""A call for help waits for no slip: it is made, and who comes is said, while the printer holds everything else up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from core.room.duty import DutyState
from core.room.ids import RoomId
from core.wire.messages import BoardRoom
from firmware.drivers.printer import PrinterSettings, make_printer
from firmware.kiosk.dialogue.errands import CallTeam, Wish
from firmware.kiosk.dialogue.pages import NotPrinted, Taken
from tests.firmware.kiosk.hand import HandController
from tests.firmware.kiosk.office import CONSULTATION, Cues, Kiosk, OpenOffice, is_ready, jobs, next_wish
from tests.firmware.kiosk.printers import Rig, Transport, make_rig
from tests.mosquitto import wait_until

ROOM = RoomId("room-1")
MADE_WITHIN_S = 0.5


@pytest.fixture
def stalling(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """It takes some of the slip, and then nothing more."""
    transport: Transport = request.param
    with closing(make_rig(transport, tmp_path, tmp_path / "no-cues")) as rig:
        rig.begin("stall")
        yield rig


@pytest.mark.parametrize("stalling", ["usb", "tcp"], indirect=True)
def test_the_team_is_called_and_heard_while_a_slip_hangs_in_the_printer(
    controller: HandController, open_office: OpenOffice, stalling: Rig
) -> None:
    controller.rooms = [BoardRoom(room=ROOM, duty=DutyState.ON)]
    printer = make_printer(TypeAdapter[PrinterSettings](PrinterSettings).validate_python(stalling.table))
    office = open_office(printer)
    is_ready(office)
    wait_until(lambda: office.desk.is_linked, what="the controller is heard")
    office.give(Wish(next_wish(), CONSULTATION, "fr"))
    wait_until(lambda: len(controller.issued) == 1, what="the ticket is told, and its slip begun")

    office.give(CallTeam(next_wish()))

    wait_until(lambda: controller.warning is not None, what="the call is made", deadline_s=MADE_WITHIN_S)
    assert controller.warning is not None
    controller.warning = controller.warning.model_copy(update={"heard": [ROOM]})
    wait_until(lambda: office.desk.team == "heard", what="the screen says so", deadline_s=1.0)
    assert office.desk.answer is None, "the slip still hangs"
    wait_until(lambda: office.desk.answer is not None, what="the slip is given up")
    assert office.desk.answer is not None
    assert isinstance(office.desk.answer.page, NotPrinted)
    printer.close()


def test_who_asks_for_a_ticket_while_a_slip_is_printed_gets_the_next_one_after_it(
    controller: HandController, open_office: OpenOffice, kiosk: Kiosk, cues: Cues
) -> None:
    office = open_office()
    is_ready(office)
    cues[1].call("printer", "slow", seconds=0.5)
    first, second = (Wish(next_wish(), CONSULTATION, "fr") for _ in range(2))
    office.give(first)
    wait_until(lambda: len(controller.issued) == 1, what="the first is given")

    office.give(second)

    wait_until(lambda: office.desk.answer is not None, what="an answer")
    assert office.desk.answer is not None
    assert (office.desk.answer.wish, office.desk.answer.page) == (first.id, Taken("A001"))
    wait_until(lambda: office.desk.answer is not None and office.desk.answer.wish == second.id, what="the next one")
    assert [one.number for one in controller.issued] == ["A001", "A002"]
    assert len(jobs(kiosk)) == 2
