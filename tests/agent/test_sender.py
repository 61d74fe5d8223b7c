"""The plan on its way to the sites, over a real broker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from agent.roster.changes import replaced, with_day
from agent.roster.plan import Plan, Planned
from agent.roster.sender import Sender
from agent.settings import load_agent
from agent.store.plans import PlanStore
from core.edge.clock import ManualClock
from core.edge.link import Link
from core.wire.messages import DayHours
from tests.agent.roster.given import AUBAGNE, CENTRES, NOW_MS, entry, planned
from tests.agent.site import PlayedSite
from tests.mosquitto import Mosquitto, wait_until

VALLON = planned("vallon", "2026-11-23 09:00", "14:00")
MISTRAL = planned("mistral", "2026-11-23 14:00", "22:00")
_DAY_S = 24 * 60 * 60


@dataclass
class Office:
    """The agent's sender on its own link, and a store that another process could write to."""

    store: PlanStore
    clock: ManualClock
    link: Link
    sender: Sender
    shown: list[Plan] = field(default_factory=list)

    def add(self, shift: Planned) -> None:
        self.store.change(lambda plan: replaced(plan, [], [entry(shift)], CENTRES), now_ms=NOW_MS)


@pytest.fixture
def office(agent_file: Path, central_broker: Mosquitto) -> Iterator[Office]:
    settings, clock = load_agent(agent_file), ManualClock(NOW_MS)
    link = Link(
        settings.link,
        client_id="agent",
        filters=["fq/1/+/up/link"],
        on_message=lambda _topic, _payload: None,
        on_up=lambda: office.sender.link_is_up(),
        on_down=lambda: None,
    )
    sender = Sender(
        PlanStore(settings.store.url), CENTRES, clock, lambda topic, data: link.publish(topic, data, retain=True)
    )
    office = Office(PlanStore(settings.store.url), clock, link, sender)
    sender.start(office.shown.append)
    link.start()
    yield office
    sender.stop()
    link.stop()
    office.store.close()


def people(site: PlayedSite) -> list[str]:
    return list(site.configs[-1].practitioners.values()) if site.configs else []


def test_a_change_reaches_the_site_and_the_pages_whoever_made_it(
    office: Office, play: Callable[..., PlayedSite]
) -> None:
    site = play()

    office.add(VALLON)
    wait_until(lambda: people(site) == ["Dr Vallon"], what="the site knows of Dr Vallon")
    office.add(MISTRAL)
    wait_until(lambda: people(site) == ["Dr Vallon", "Dr Mistral"], what="and of Dr Mistral")
    office.store.change(lambda plan: with_day(plan, AUBAGNE, date(2026, 12, 25), None), now_ms=NOW_MS)
    wait_until(lambda: site.configs[-1].days == {"2026-12-25": DayHours()}, what="and of Christmas")

    told = [config.rev for config in site.configs]
    assert told == sorted(set(told)), "each says more than the one before"
    assert office.shown[-1] == office.store.read()


def test_a_site_that_comes_later_is_told_what_was_planned_meanwhile(
    office: Office, play: Callable[..., PlayedSite]
) -> None:
    office.add(VALLON)
    wait_until(lambda: bool(office.shown), what="the plan was looked at")

    site = play()

    wait_until(lambda: people(site) == ["Dr Vallon"], what="the site is told by the broker")


def test_a_broker_that_has_forgotten_everything_is_told_again(
    office: Office, play: Callable[..., PlayedSite], central_broker: Mosquitto
) -> None:
    site = play()
    office.add(VALLON)
    wait_until(lambda: people(site) == ["Dr Vallon"], what="the site is told")
    told = len(site.configs)

    central_broker.restart()

    wait_until(lambda: len(site.configs) > told, what="the site is told again", deadline_s=20)
    assert people(site) == ["Dr Vallon"]


def test_with_a_new_day_the_weeks_move_on(office: Office, play: Callable[..., PlayedSite]) -> None:
    site = play()
    office.add(VALLON)
    wait_until(lambda: people(site) == ["Dr Vallon"], what="the site is told")
    before = site.configs[-1].rev

    office.clock.advance(3 * _DAY_S)

    wait_until(lambda: people(site) == [], what="the shift is over for the site")
    assert site.configs[-1].rev > before
