"""One ticket's whole life: a finger, a slip, a code, a phone, two doctors' buttons, the big screen, the network's page.

Every process is the real one, between two real brokers; the panel, the printer and the buttons are the named fakes.
"""

from __future__ import annotations

import re

import zxingcpp

from borne.demo.ports import HOST
from borne.demo.stage import SITE, Stage
from core.room.ids import ServiceId
from tests.journeys.browser import Phone
from tests.journeys.centre import Centre, expect, public
from tests.mosquitto import wait_until

PEOPLE = 4


def test_one_tickets_whole_life(centre: Centre, stage: Stage, phone: Phone) -> None:
    agent = f"http://{HOST}:{stage.web_port}"
    centre.come_on_duty("room-1", "room-2")

    for _ in range(PEOPLE):
        centre.visitor.take_ticket(ServiceId("consultation"))

    slips = centre.slips()
    assert len(slips) == PEOPLE
    (code,) = zxingcpp.read_barcodes(slips[-1])
    assert re.fullmatch(rf"{agent}/t/[A-Za-z0-9_-]{{16}}", code.text)

    phone.open(code.text)
    expect(phone, "A004", "3 personnes avant vous")
    assert public(agent, SITE)["waiting"] == PEOPLE
    assert centre.lamp("room-2") == "steady"
    phone.mark()

    centre.press("room-1")
    expect(phone, "2 personnes avant vous")
    wait_until(lambda: centre.shows("A001", "1"), what="the big screen shows A001 → Salle 1")
    centre.press("room-2")
    expect(phone, "1 personne avant vous")
    centre.wait_for_nobody()
    centre.press("room-1")
    expect(phone, "Vous êtes le prochain")
    centre.press("room-2")
    expect(phone, "C’est à vous", "Salle 2")

    wait_until(lambda: centre.shows("A004", "2"), what="the big screen shows A004 → Salle 2")
    assert not phone.was_reloaded(), "the page followed by itself"
    wait_until(lambda: centre.lamp("room-2") == "off", what="nobody waits any more")
    assert public(agent, SITE)["waiting"] == 0
    phone.open(f"{agent}/?lang=fr")
    expect(phone, "Centre de soins d'Aubagne", "Personne n’attend")
    wait_until(lambda: len(public(agent)["sites"]) == 6, what="five more centres live on the network page")
