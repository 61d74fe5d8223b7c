"""What the kiosk, the slip and the phone say of a wait, said alike, kept up to date, and held against what happened."""

from __future__ import annotations

import re
from collections.abc import Sequence

import httpx
import pytest

from borne.demo.ports import HOST
from borne.demo.stage import SITE, Stage
from core.room.events import TicketIssued
from tests.journeys.day import Day, page_at
from tests.journeys.scene import people_who_wait
from tests.mosquitto import wait_until

_RANGE = re.compile(r"Attente prévue : entre (\d+) et (\d+) minutes")


@pytest.fixture
def people(stage: Stage) -> list[TicketIssued]:
    return people_who_wait(stage, [f"2026-11-23 17:{3 * n:02}" for n in range(4)])


@pytest.mark.story(begins="2026-11-23 17:30", speed=60)
def test_what_is_told_is_a_range_moves_with_the_queue_and_is_scored(
    people: Sequence[TicketIssued], day: Day, stage: Stage
) -> None:
    day.plan_has_come("Dr Tramontane")
    first, second = day.doctor("1"), day.doctor("2")
    assert first.presses() == second.presses() == "yes"  # on duty
    day.centre_page_reads("4 personnes attendent", "Attente prévue")

    late = day.patient_comes()
    late.reads("4 personnes avant vous", "Attente prévue")
    wait_until(lambda: 0 < _told(late.address)[1] <= 60, what="both doctors are reckoned with")
    low, high = _told(late.address)
    assert 0 < low < high

    for doctor in (first, second):
        assert doctor.presses() == "yes"
    late.reads("2 personnes avant vous")
    day.visit_goes_on()
    for doctor in (first, second):
        assert doctor.presses() == "yes"
    wait_until(lambda: _told(late.address)[1] < high, what="the wait has grown shorter")
    day.visit_goes_on()
    assert first.presses() == "yes"
    late.reads("C’est à vous", "Salle 1")
    day.visit_goes_on()
    assert first.presses() == "yes"
    wait_until(lambda: "5 personnes" in _figures(stage), what="what was told to each of them is scored")


def _told(address: str) -> tuple[int, int]:
    """The range on a phone, in minutes; zeros where it is none of minutes."""
    found = _RANGE.search(page_at(address))
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _figures(stage: Stage) -> str:
    """What the staff's page of figures says, without its marks."""
    assert stage.staff_token
    answer = httpx.get(
        f"http://{HOST}:{stage.web_port}/staff/figures/{SITE}",
        auth=("staff", stage.staff_token),
        timeout=5,
        trust_env=False,
    )
    answer.raise_for_status()
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())
