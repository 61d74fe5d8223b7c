"""The call for help from the kiosk: what the screen may say of it, from the touch until somebody comes."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.edge.clock import ManualClock
from core.edge.site import Site
from core.room.duty import DutyState
from core.room.ids import DeviceId, RoomId
from core.wire.messages import BoardRoom, Ringing, Screen
from firmware.drivers.printer import make_printer
from firmware.kiosk.desk.office import Office
from firmware.kiosk.desk.team import UNHEARD_S, Call, called, is_due, seen, state_of
from firmware.kiosk.dialogue.errands import CallTeam
from firmware.kiosk.settings import KioskFile
from tests.firmware.kiosk.hand import HandController
from tests.firmware.stage import make_screen
from tests.mosquitto import wait_until

KIOSK, OTHER = DeviceId("aubagne-kiosk-1"), DeviceId("aubagne-room-1")
ROOM_1, ROOM_2 = RoomId("room-1"), RoomId("room-2")
QUIET = make_screen(5)


def rings(*heard: str, device: str = KIOSK, behind: tuple[str, ...] = ()) -> Screen:
    """Both rooms are on duty."""
    return QUIET.model_copy(update={"warning": Ringing(device=device, at_ms=1, heard=list(heard), behind=list(behind))})


def looks(call: Call, *screens: Screen | None, at_s: float) -> Call:
    for screen in screens:
        call = seen(call, screen, KIOSK, at_s)
    return call


ASKED = looks(called(Call(), 100.0), QUIET, at_s=100.0)


def test_nobody_has_called() -> None:
    assert state_of(looks(Call(), QUIET, at_s=1.0), 1.0) is None
    assert not is_due(Call(), 1.0)


def test_the_team_is_warned_only_once_a_unit_says_that_it_rings() -> None:
    assert (state_of(ASKED, 100.1), is_due(ASKED, 100.1)) == ("asked", True)
    ringing = looks(ASKED, rings(), at_s=100.2)
    assert (state_of(ringing, 100.2), is_due(ringing, 100.2)) == ("asked", False)

    heard = looks(ringing, rings(ROOM_2), at_s=100.4)

    assert state_of(heard, 100.4) == "heard"
    assert state_of(looks(heard, rings(ROOM_2), at_s=400.0), 400.0) == "heard", "for as long as it rings"


def test_without_a_confirmation_for_three_seconds_nobody_has_heard_it() -> None:
    ringing = looks(ASKED, rings(), at_s=100.2)

    assert state_of(ringing, 100.0 + UNHEARD_S - 0.1) == "asked"
    assert state_of(ringing, 100.0 + UNHEARD_S) == "unheard"
    assert state_of(looks(ringing, rings(ROOM_1), at_s=105.0), 105.0) == "heard", "late, and true all the same"


@pytest.mark.parametrize("duty", [DutyState.OFF, DutyState.PAUSE])
def test_a_unit_that_rings_in_an_empty_room_warns_nobody(duty: DutyState) -> None:
    empty = rings(ROOM_2).model_copy(update={"rooms": [BoardRoom(room=ROOM_2, duty=duty)]})

    assert state_of(looks(ASKED, empty, at_s=100.2), 104.0) == "unheard"


def test_a_controller_that_is_not_heard_is_no_team() -> None:
    assert state_of(looks(called(Call(), 100.0), None, at_s=100.0), 100.0) == "unheard"
    heard = looks(ASKED, rings(ROOM_2), at_s=100.4)
    dead = looks(heard, None, at_s=110.0)
    assert state_of(dead, 110.0) == "unheard", "the rooms ring no more"

    assert state_of(looks(dead, rings(ROOM_2), at_s=120.0), 120.0) == "heard", "it is back, and rings on"


def test_somebody_comes_once_the_warning_is_acknowledged_and_that_stays_for_a_minute() -> None:
    coming = looks(ASKED, rings(ROOM_2), QUIET, at_s=101.0)

    assert state_of(coming, 101.0) == "coming"
    assert state_of(looks(coming, None, at_s=130.0), 130.0) == "coming", "whatever the network does now"
    assert state_of(coming, 161.0) is None
    again = called(coming, 120.0)
    assert (state_of(again, 120.0), is_due(again, 120.0)) == ("asked", True)


@pytest.mark.parametrize("change", [{"epoch": "another"}, {"day": "2026-11-23"}])
def test_a_warning_that_a_lost_journal_or_a_new_day_has_swallowed_is_not_answered(change: dict[str, str]) -> None:
    swallowed = looks(ASKED, rings(ROOM_2), QUIET.model_copy(update=change), at_s=101.0)

    assert (state_of(swallowed, 101.0), is_due(swallowed, 101.0)) == ("asked", True)


def test_while_another_ones_warning_rings_ours_is_unheard_until_it_rings_itself() -> None:
    behind = looks(ASKED, rings(ROOM_1, ROOM_2, device=OTHER, behind=(KIOSK,)), at_s=100.2)
    assert (state_of(behind, 100.3), is_due(behind, 100.3)) == ("asked", False)
    assert state_of(behind, 103.5) == "unheard"

    assert state_of(looks(behind, rings(ROOM_1), at_s=104.0), 104.0) == "heard"
    assert state_of(looks(behind, rings(ROOM_1), QUIET, at_s=105.0), 105.0) == "coming"


def test_a_call_that_nobody_takes_is_made_again_for_two_minutes() -> None:
    alone = looks(called(Call(), 100.0), None, at_s=100.0)

    assert is_due(alone, 219.0)
    assert not is_due(alone, 221.0)
    assert state_of(alone, 221.0) is None
    assert is_due(called(alone, 215.0), 300.0), "counted from the last touch"


def test_a_kiosk_that_starts_while_its_warning_rings_says_so() -> None:
    assert state_of(looks(Call(), rings(), at_s=100.0), 100.0) == "asked"
    assert state_of(looks(Call(), rings(ROOM_1), at_s=100.0), 100.0) == "heard"


def test_one_more_touch_does_not_begin_the_three_seconds_anew() -> None:
    assert state_of(called(looks(ASKED, rings(), at_s=100.2), 102.9), 103.1) == "unheard"


def test_a_call_that_was_unheard_is_remembered_until_one_is_acknowledged() -> None:
    assert not looks(ASKED, rings(), at_s=102.9).was_unheard

    unheard = looks(ASKED, rings(), at_s=103.1)
    assert unheard.was_unheard
    assert looks(unheard, rings(ROOM_1), at_s=104.0).was_unheard, "late is late"
    assert not looks(unheard, QUIET, at_s=110.0).was_unheard, "somebody has acknowledged it"


def test_a_call_that_no_controller_took_is_remembered_until_the_next_one_is_acknowledged() -> None:
    alone = looks(called(Call(), 100.0), None, at_s=100.0)
    given_up = looks(alone, QUIET, at_s=400.0)
    assert (state_of(given_up, 400.0), given_up.was_unheard) == (None, True)

    tried = looks(called(given_up, 500.0), rings(ROOM_1), at_s=500.5)
    assert tried.was_unheard
    assert not looks(tried, QUIET, at_s=501.0).was_unheard


Kiosk = tuple[KioskFile, Site]


@pytest.fixture
def office(kiosk: Kiosk, controller: HandController) -> Iterator[Office]:
    controller.rooms = [BoardRoom(room=ROOM_1, duty=DutyState.ON), BoardRoom(room=ROOM_2)]
    with contextlib.ExitStack() as stack:
        printer = make_printer(kiosk[0].printer)
        stack.callback(printer.close)
        office = Office(*kiosk, clock=ManualClock(), printer=printer, wake=lambda: None)
        office.start()
        stack.callback(office.stop)
        yield office


def wait_for(office: Office, team: str | None, within_s: float = 10.0) -> None:
    wait_until(lambda: office.desk.team == team, what=f"of the team: {team}", deadline_s=within_s)


def heard_in(controller: HandController, *rooms: RoomId) -> None:
    assert controller.warning is not None
    controller.warning = controller.warning.model_copy(update={"heard": list(rooms)})


def test_the_office_calls_and_says_what_the_rooms_say(office: Office, controller: HandController) -> None:
    wait_until(lambda: office.desk.is_linked, what="the controller is heard")
    began_s = time.monotonic()

    office.give(CallTeam(1))

    wait_for(office, "asked", within_s=1.0)
    wait_until(lambda: controller.warning is not None, what="the controller has the warning")
    heard_in(controller, ROOM_2)
    wait_for(office, "unheard")
    assert UNHEARD_S <= time.monotonic() - began_s < UNHEARD_S + 1.0, "an empty room does not count"
    wait_until(lambda: "help-unheard" in controller.alerts, what="who watches over the kiosks is told")
    heard_in(controller, ROOM_1)
    wait_for(office, "heard")
    assert "help-unheard" in controller.alerts, "for as long as nobody has acknowledged it"
    controller.warning = None
    wait_for(office, "coming")
    wait_until(lambda: "help-unheard" not in controller.alerts, what="all is well again")


def test_a_controller_that_takes_no_call_is_asked_until_it_does(office: Office, controller: HandController) -> None:
    wait_until(lambda: office.desk.is_linked, what="the controller is heard")
    controller.warns = False

    office.give(CallTeam(1))
    wait_for(office, "unheard", within_s=4.0)
    controller.warns = True

    wait_until(lambda: controller.warning is not None, what="it has been asked again")
    heard_in(controller, ROOM_1)
    wait_for(office, "heard")


def test_without_a_controller_the_office_says_so_at_once(office: Office, controller: HandController) -> None:
    wait_until(lambda: office.desk.is_linked, what="the controller is heard")
    controller.is_silent = True
    wait_until(lambda: not office.desk.is_linked, what="it is not heard any more")

    office.give(CallTeam(1))
    wait_for(office, "unheard", within_s=1.0)

    controller.is_silent = False
    wait_until(lambda: controller.warning is not None, what="once it is back it is asked")


def test_a_kiosk_without_its_disk_still_calls_the_team(
    kiosk: Kiosk, office: Office, controller: HandController
) -> None:
    office.stop()
    disk = Path(kiosk[0].data)
    disk.rename(disk.with_name("gone"))
    disk.write_text("a file where the folder should be")
    printer = make_printer(kiosk[0].printer)
    crippled = Office(*kiosk, clock=ManualClock(), printer=printer, wake=lambda: None)
    crippled.start()
    try:
        wait_until(lambda: crippled.desk.state == "out-of-order", what="no ticket can be given")

        crippled.give(CallTeam(1))

        wait_until(lambda: controller.warning is not None, what="the controller has the warning")
        wait_until(lambda: "help-unheard" in controller.alerts, what="who watches over the kiosks is told")
        heard_in(controller, ROOM_1)
        wait_for(crippled, "heard")
        controller.warning = None
        wait_for(crippled, "coming")
    finally:
        crippled.stop()
        printer.close()
