"""What the start page tells of the centre and its neighbours."""

from __future__ import annotations

from core.edge.site import Site
from core.edge.words import say
from core.room.duty import DutyState
from core.room.ids import RoomId
from core.room.outlook import Wait
from core.wire.messages import BoardRoom, Elsewhere
from firmware.kiosk.desk.told import Told
from firmware.kiosk.dialogue.desk import OnDuty
from tests.firmware.stage import AT_MS, make_screen

_HOUR_MS = 3_600_000
_WAIT = Wait(p10_s=900, p25_s=1140, p50_s=1500, p75_s=1920, p90_s=2280, in_time=100)
_AURIOL = Elsewhere(
    name="Auriol", distance_m=7400, closes_ms=AT_MS + 2 * _HOUR_MS, waiting=4, wait=_WAIT, heard_ms=AT_MS - 180_000
)


def test_it_names_the_doctors_who_take_patients_and_until_when(site_plan: Site) -> None:
    rooms = [
        BoardRoom(room=RoomId("room-1"), duty=DutyState.PAUSE, practitioner="Dr Arnaud"),
        BoardRoom(room=RoomId("room-2"), duty=DutyState.ON, practitioner="Dr Vallon", until_ms=AT_MS + _HOUR_MS),
        BoardRoom(room=RoomId("elsewhere"), duty=DutyState.ON),
    ]
    screen = make_screen(1).model_copy(update={"rooms": rooms, "closes_ms": AT_MS + 12 * _HOUR_MS})

    told = Told(site_plan)

    assert told.doctors(screen) == (
        OnDuty("Dr Vallon", "2", "11:00"),
        OnDuty(None, "elsewhere"),
    )
    assert told.closes(screen) == "22:00"


def test_it_names_the_centres_around_with_the_age_of_the_news(site_plan: Site) -> None:
    silent = _AURIOL.model_copy(update={"name": "Trets", "heard_ms": AT_MS - 2 * _HOUR_MS, "closes_ms": None})
    screen = make_screen(1).model_copy(update={"elsewhere": [_AURIOL, silent]})

    near, far = Told(site_plan).elsewhere(screen)

    assert (near.name, near.age_min, near.distance_m, near.closes) == ("Auriol", 3, 7400, "12:00")
    assert near.wait is not None
    assert say(near.wait, "en") == "between 15 and 40\N{NO-BREAK SPACE}minutes"
    assert (far.name, far.age_min, far.closes) == ("Trets", 120, None)
    assert far.wait is None, "of two hours ago no wait is said"


def test_of_a_controller_that_is_not_heard_it_tells_nothing(site_plan: Site) -> None:
    told = Told(site_plan)

    assert (told.closes(None), told.doctors(None), told.elsewhere(None)) == (None, (), ())
