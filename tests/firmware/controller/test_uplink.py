"""The uplink over a real central broker, with an agent played by hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.edge.clock import ManualClock
from core.edge.device import load_device
from core.edge.journal import Journal
from core.edge.site import Site
from core.room.commands import GrantLetter
from core.room.ids import DeviceId, DiskId, SiteId
from core.room.passage import Policy
from core.wire.coding import encode
from core.wire.messages import Ack, AgentState
from core.wire.topics import AGENT_STATE, SiteTopics
from firmware.controller.sequencer import Sequencer
from firmware.controller.settings import ControllerFile
from firmware.controller.uplink import Uplink
from firmware.inbox import Inbox, Work
from provisioning.tree import Tree
from tests.mosquitto import Mosquitto
from tests.peer import Peer

TOPICS = SiteTopics(SiteId("aubagne"))
LOG, SNAP, LINK = (TOPICS.up(leaf) for leaf in ("log", "snap", "link"))
THERE, GONE = (encode(AgentState(boot=1, online=online)) for online in (True, False))
DEADLINE_S = 10.0


class Running:
    """An uplink and the turns of its controller."""

    def __init__(self, folder: Path, site: SiteId) -> None:
        settings, _ = load_device(folder / "device.toml", ControllerFile, "controller")
        assert settings.uplink
        self.inbox: Inbox[Work] = Inbox()
        self.journal = Journal(folder / "site.journal")
        self.sequencer = Sequencer(self.journal, ManualClock(), ZoneInfo("Europe/Paris"), Policy())
        self.uplink = Uplink(settings.uplink, site, self.sequencer, boot=1, inbox=self.inbox)
        self.happens()
        self.uplink.start()

    def happens(self) -> None:
        """Something that the agent is to know."""
        self.sequencer.submit(GrantLetter(disk=DiskId(f"disk-{self.journal.last}"), kiosk=DeviceId("kiosk-1")))
        self.sequencer.commit()

    def turn(self) -> None:
        now_s = time.monotonic()
        for handle, item in self.inbox.take(0.01):
            handle(item, now_s)
        self.uplink.pump(now_s)

    def turns_until(self, condition: Callable[[], bool]) -> None:
        end_s = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < end_s
            self.turn()

    def close(self) -> None:
        self.uplink.stop()
        self.journal.close()


@pytest.fixture
def running(provisioned: Tree, site_plan: Site, central_broker: Mosquitto) -> Iterator[Running]:
    running = Running(provisioned.device(site_plan.id, f"{site_plan.id}-controller"), SiteId(site_plan.id))
    yield running
    running.close()


@pytest.fixture
def agent(provisioned: Tree, central_broker: Mosquitto) -> Iterator[Peer]:
    with Peer(provisioned.agent, central_broker.port, "agent", [LOG, SNAP, LINK], stem="agent") as agent:
        yield agent


def firsts(agent: Peer) -> list[int]:
    return [batch["first"] for batch in agent.on(LOG)]


def test_without_an_agent_the_newest_state_is_left_and_the_log_waits(running: Running, agent: Peer) -> None:
    running.turns_until(lambda: bool(agent.on(SNAP)))

    assert agent.last(LINK)["online"]
    assert firsts(agent) == []

    agent.say(AGENT_STATE, THERE, retain=True)
    running.turns_until(lambda: bool(agent.on(LOG)))
    assert firsts(agent) == [1]


def test_an_agent_that_has_gone_is_sent_no_log_until_it_is_back(running: Running, agent: Peer) -> None:
    agent.say(AGENT_STATE, THERE, retain=True)
    running.turns_until(lambda: bool(agent.on(LOG)))
    agent.say(AGENT_STATE, GONE, retain=True)
    agent.say(TOPICS.down("ack"), encode(Ack(epoch=running.journal.epoch, upto=1)))
    running.turns_until(lambda: running.journal.acked == 1)

    running.happens()
    running.turns_until(lambda: agent.last(SNAP)["seq"] == 2)
    assert firsts(agent) == [1]

    agent.say(AGENT_STATE, THERE, retain=True)
    running.turns_until(lambda: len(agent.on(LOG)) == 2)
    assert firsts(agent) == [1, 2]


def test_after_a_cut_what_is_not_acknowledged_goes_once(
    running: Running, agent: Peer, provisioned: Tree, site_plan: Site, central_broker: Mosquitto
) -> None:
    agent.say(AGENT_STATE, THERE, retain=True)
    running.turns_until(lambda: bool(agent.on(LOG)))

    folder = provisioned.device(site_plan.id, f"{site_plan.id}-controller")
    usurper = Peer(folder, central_broker.port, site_plan.id, [AGENT_STATE], stem="uplink", ca="uplink-ca.crt")
    with usurper:
        running.turns_until(lambda: not running.uplink.link.is_up)
    running.turns_until(lambda: len(agent.on(LOG)) > 1)
    agent.say(TOPICS.down("ack"), encode(Ack(epoch=running.journal.epoch, upto=running.journal.last)))
    running.turns_until(lambda: not running.uplink.outbox.waiting)

    assert firsts(agent) == [1, 1]
