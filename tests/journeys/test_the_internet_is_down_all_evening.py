"""The internet is down all evening: the plan of the day is at the centre already, and nobody there notices. Phones say
how old their page is, and know everything afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from borne.demo.stage import Stage
from tests.chaos.proxy import Proxy
from tests.journeys.centre import Centre
from tests.journeys.day import DARK, LIT, Day
from tests.journeys.scene import internet_of


@pytest.fixture
def internet(stage: Stage) -> Iterator[Proxy]:
    with internet_of(stage) as proxy:
        yield proxy


@pytest.mark.story(begins="2026-11-22 18:00", speed=60)
def test_the_centre_does_not_notice(internet: Proxy, centre: Centre, day: Day) -> None:
    day.plan_has_come("Dr Tramontane")
    early = day.patient_comes()
    early.reads("Vous êtes le prochain")

    internet.cut("uplink", "loud")
    centre.kill("controller")  # and the power is no better
    tramontane = day.doctor("1")
    tramontane.presses_until_it_is_done()  # on duty
    tramontane.sees_the_lamp(LIT)
    late = day.patient_comes()
    assert tramontane.presses() == "yes"
    day.board.calls("A001", "1")
    early.reads("Sans nouvelles du centre depuis")
    day.visit_goes_on()
    assert tramontane.presses() == "yes"
    day.board.calls("A002", "1")
    tramontane.sees_the_lamp(DARK)

    internet.heal("uplink")
    early.reads("Votre visite est terminée")
    late.reads("Salle 1")
    day.centre_page_reads("Dr Tramontane", "22:00")
