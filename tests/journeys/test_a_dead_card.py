"""The kiosk's card dies in the middle of the evening, and with it the site broker and the controller.

Rooms, big screen and agent bring the day back: the next press calls the right patient, and no number comes twice.
"""

from __future__ import annotations

import sqlite3

import zxingcpp

from agent.store.store import Store
from borne.demo.stage import SITE, Stage
from borne.demo.watch import Watch
from core.room.ids import ServiceId, SiteId
from core.room.state import SiteState
from tests.journeys.centre import Centre
from tests.mosquitto import wait_until

CONSULTATION = ServiceId("consultation")
_BACK_S = 40.0


def test_a_dead_card_costs_nobody_their_place(centre: Centre, stage: Stage) -> None:
    centre.come_on_duty("room-1", "room-2")
    for _ in range(4):
        centre.visitor.take_ticket(CONSULTATION)
    centre.wait_for_lamp("room-1", "steady")
    centre.press("room-1")
    wait_until(lambda: centre.shows("A001", "1"), what="the big screen shows A001 → Salle 1")
    lost_epoch, lost = on_the_disk(stage)

    centre.replace_card("controller", "kiosk")

    wait_until(lambda: is_rebuilt(stage, lost_epoch, lost), what="the new disk has the day", deadline_s=_BACK_S)
    centre.wait_for_lamp("room-2", "steady")
    centre.press("room-2")
    wait_until(lambda: centre.shows("A002", "2"), what="the big screen shows A002 → Salle 2")
    wait_until(centre.visitor.is_open, what="the kiosk is open", deadline_s=_BACK_S)
    centre.visitor.take_ticket(CONSULTATION)
    wait_until(lambda: len(on_the_disk(stage)[1].tickets) == 5, what="the new ticket is taken in")

    slips = [code.text for slip in centre.slips() for code in zxingcpp.read_barcodes(slip)]
    _, site = on_the_disk(stage)
    assert [one.number for one in site.tickets.values()] == ["A001", "A002", "A003", "A004", "B001"]
    assert {slip.rsplit("/", 1)[1] for slip in slips} == {one.token for one in site.tickets.values()}
    wait_until(lambda: at_the_agent(stage) == on_the_disk(stage)[1], what="the agent's picture is the site's")


def on_the_disk(stage: Stage) -> tuple[str, SiteState]:
    """The site's journal, and what it folds to."""
    watch = Watch(stage.journal)
    watch.look()
    watch.close()
    return watch.epoch, watch.state


def is_rebuilt(stage: Stage, lost_epoch: str, lost: SiteState) -> bool:
    try:
        epoch, state = on_the_disk(stage)
    except (sqlite3.Error, TypeError):  # it is being made
        return False
    return epoch != lost_epoch and state.tickets.keys() == lost.tickets.keys()


def at_the_agent(stage: Stage) -> SiteState | None:
    with Store(f"sqlite:///{stage.tree.agent / 'agent.db'}") as store:
        stream = store.stream(SiteId(SITE), on_the_disk(stage)[0])
    return stream.state if stream else None
