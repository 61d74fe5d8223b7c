"""Somebody stands before the kiosk with pain in the chest: the rooms ring, somebody comes; and what the kiosk says when
nobody can have heard it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from borne.demo.stage import Stage, children
from borne.demo.supervisor import Supervisor
from core.edge.clock import ScaledClock
from firmware.room.lamp import WARNING
from tests.chaos.proxy import Proxy
from tests.journeys.centre import Centre
from tests.journeys.day import Day
from tests.journeys.kiosk_hand import KioskHand
from tests.journeys.scene import wires_of
from tests.mosquitto import wait_until

_ROOMS = ("room-1", "room-2", "room-care")


@pytest.fixture
def wires(stage: Stage) -> Iterator[Proxy]:
    with wires_of(stage, *_ROOMS) as wires:
        yield wires


@pytest.fixture
def centre(wires: Proxy, stage: Stage, clock: ScaledClock, mosquitto_binary: Path) -> Iterator[Centre]:
    with ExitStack() as stack:
        supervisor = stack.enter_context(Supervisor(children(stage, mosquitto_binary), stage.logs))
        centre = Centre(stage, clock, supervisor)
        centre.wait_until_open()
        yield centre


@pytest.mark.story(begins="2026-11-22 10:00", speed=5)
def test_the_team_is_warned_and_comes(day: Day, stage: Stage) -> None:
    vallon, garrigue = day.doctor("1"), day.doctor("2")
    assert garrigue.presses() == "yes"  # on duty; nobody is in room 1
    patient = KioskHand(stage)

    patient.calls_the_team()

    patient.reads_of_the_team("heard")
    for doctor in (vallon, garrigue):
        doctor.sees_the_lamp(WARNING.name)
        assert doctor.hears_the_buzzer()
    garrigue.looks_down()
    assert garrigue.presses() == "yes"
    patient.reads_of_the_team("coming")
    assert garrigue.lamp != WARNING.name
    vallon.looks_down()
    assert vallon.lamp != WARNING.name


@pytest.mark.story(begins="2026-11-22 10:00", speed=5)
def test_where_nobody_is_on_duty_the_kiosk_says_so_although_the_rooms_ring(day: Day, stage: Stage) -> None:
    patient = KioskHand(stage)

    patient.calls_the_team()

    patient.reads_of_the_team("unheard")
    wait_until(lambda: "help-unheard" in day.alerts("kiosk"), what="the network's health says so")
    assert day.doctor("1").lamp == WARNING.name
    assert day.doctor("1").presses() == "yes"  # somebody was there after all
    patient.reads_of_the_team("coming")
    wait_until(lambda: "help-unheard" not in day.alerts("kiosk"), what="it is over")


@pytest.mark.story(begins="2026-11-22 10:00", speed=5)
def test_with_every_room_cut_off_the_kiosk_says_so_until_one_is_back(day: Day, stage: Stage, wires: Proxy) -> None:
    vallon, garrigue = day.doctor("1"), day.doctor("2")
    assert (vallon.presses(), garrigue.presses()) == ("yes", "yes")  # on duty
    for room in _ROOMS:
        wires.cut(room, "silent")
    patient = KioskHand(stage)

    patient.calls_the_team()

    patient.reads_of_the_team("unheard", within_s=5.0)
    wires.heal("room-2")
    patient.reads_of_the_team("heard", within_s=30.0)
    wait_until(lambda: garrigue.lamp == WARNING.name, what="room 2 rings")
    assert garrigue.presses() == "yes"
    patient.reads_of_the_team("coming")


@pytest.mark.story(begins="2026-11-22 10:00", speed=5)
def test_a_controller_that_dies_meanwhile_takes_the_confirmation_with_it_and_brings_it_back(
    day: Day, centre: Centre, stage: Stage
) -> None:
    vallon = day.doctor("1")
    assert vallon.presses() == "yes"  # on duty
    patient = KioskHand(stage)
    patient.calls_the_team()
    patient.reads_of_the_team("heard")

    centre.stop("controller")
    patient.reads_of_the_team("unheard")
    centre.go_on("controller")
    patient.reads_of_the_team("heard")
    centre.kill("controller")

    vallon.sees_the_lamp(WARNING.name)
    vallon.presses_until_it_is_done()
    patient.reads_of_the_team("coming")
