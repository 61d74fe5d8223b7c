"""Much is wrong at the centre at once, and whoever watches over the network is told of each thing where it is wrong."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import tomli_w

from borne.demo.centres import CARE_ROOM
from borne.demo.stage import SITE, Stage
from tests.journeys.centre import Centre
from tests.journeys.day import Day
from tests.journeys.scene import plan
from tests.mosquitto import wait_until


def _rewire(stage: Stage, room: str, **tables: dict[str, Any]) -> None:
    """Put other tables into a room unit's file."""
    file = stage.tree.device(SITE, f"{SITE}-{room}") / "device.toml"
    file.write_text(tomli_w.dumps(tomllib.loads(file.read_text()) | tables))


@pytest.fixture
def fated(stage: Stage) -> None:
    """A plan, of which the centre has kept a copy that cannot be read; and one room unit without its pins."""
    plan(
        stage,
        "room-1,Dr Vallon,2026-11-22T14:00,2026-11-22T22:00",
        "room-2,Dr Arnaud,2026-11-22T14:00,2026-11-22T20:00",
    )
    stage.journal.parent.mkdir(parents=True, exist_ok=True)
    stage.journal.with_name("plan.json").write_text("{")
    _rewire(stage, "room-1", gpio={"driver": "mock", "call": {"pin": 17, "nc_pin": 22}})
    _rewire(stage, "room-2", button={"undo_ms": 600, "leave_ms": 1200, "stuck_ms": 2000})
    _rewire(stage, CARE_ROOM.id, gpio={"driver": "lgpio", "chip": 250})


@pytest.mark.heavy
@pytest.mark.story(begins="2026-11-22 19:45", speed=120)
def test_every_trouble_of_a_centre_is_in_the_health_of_the_network(
    fated: None, stage: Stage, centre: Centre, day: Day
) -> None:
    def is_told(device: str, code: str, detail: str) -> None:
        wait_until(
            lambda: detail in day.alerts(device).get(code, ""),
            what=f"{code} of {device}",
            deadline_s=20,
        )

    day.plan_has_come("Dr Arnaud")
    arnaud = day.doctor("2")
    assert arnaud.presses() == "yes"  # on duty, until eight
    centre.stop("display")
    day.doctor("1").unit.call("gpio", "wire", contact="nc", state="broken")

    is_told("controller", "plan-set-aside", "plan.damaged")
    is_told("controller", "doctor-missing", "Dr Vallon in room-1")
    is_told(CARE_ROOM.id, "gpio-dead", "/dev/gpiochip250")
    is_told("room-1", "button-wire-broken", "button call")
    is_told("controller", "duty-past-end", "Dr Arnaud in room-2")
    arnaud.unit.call("gpio", "press")
    is_told("room-2", "button-stuck", "button call")
    wait_until(lambda: day.trouble("display").get("state") == "lost", what="the big screen is lost", deadline_s=20)
    centre.go_on("display")
    wait_until(lambda: not day.trouble("display"), what="the big screen is back", deadline_s=20)
