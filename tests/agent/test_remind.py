"""A site whose controller has an empty disk asks the agent for its day; an agent that lost its store is told again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.edge.link import LinkSettings
from core.room.ids import SiteId
from core.wire.coding import decode, encode
from core.wire.messages import LinkState, Snap
from provisioning.tree import Tree
from tests.agent.conftest import RunningIngest
from tests.agent.site import Day, PlayedSite
from tests.mosquitto import Mosquitto, wait_until
from tests.peer import Peer

LINK, SNAP = "fq/1/aubagne/up/link", "fq/1/aubagne/down/snap"
ASKING = encode(LinkState(boot=1, epoch="an-empty-disk", online=True, is_gathering=True))

OpenIngest = Callable[[], RunningIngest]


def new_controller(provisioned: Tree, central_broker: Mosquitto) -> Peer:
    folder = provisioned.device("aubagne", "aubagne-controller")
    return Peer(folder, central_broker.port, "aubagne", [SNAP], stem="uplink", ca="uplink-ca.crt")


def uplink(provisioned: Tree, central_broker: Mosquitto) -> LinkSettings:
    settings = LinkSettings(
        host="127.0.0.1",
        port=central_broker.port,
        ca=Path("uplink-ca.crt"),
        certificate=Path("uplink.crt"),
        key=Path("uplink.key"),
    )
    return settings.beside(provisioned.device("aubagne", "aubagne-controller"))


def answer_to(site: Peer) -> Snap:
    known = len(site.on(SNAP))
    site.say(LINK, ASKING, retain=True)
    wait_until(lambda: len(site.on(SNAP)) > known, what="the agent answers")
    return decode(Snap, site.heard_last(SNAP))


def test_it_is_told_the_newest_state_however_often_it_asks_and_after_a_restart_of_the_agent(
    open_ingest: OpenIngest, provisioned: Tree, central_broker: Mosquitto, tmp_path: Path
) -> None:
    agent = open_ingest()
    day = Day()
    with PlayedSite(tmp_path / "card", uplink(provisioned, central_broker)) as lost:
        lost.write(*day.opening, day.issue(), day.issue())
        wait_until(lambda: lost.acked == 4, what="the day is stored")
        lost.say("snap", lost.snap())
        wait_until(lambda: (view := agent.view()) is not None and view.waiting == 2, what="it is shown")

    with new_controller(provisioned, central_broker) as site:
        for _ in range(2):
            told = answer_to(site)
            assert (told.epoch, told.seq, told.state) == (lost.epoch, 4, lost.state)
        agent.close()
        open_ingest()
        told = answer_to(site)
        assert (told.epoch, told.seq, told.state) == (lost.epoch, 4, lost.state)


def test_where_nothing_is_known_it_is_told_so_at_once(
    open_ingest: OpenIngest, provisioned: Tree, central_broker: Mosquitto
) -> None:
    open_ingest()
    with new_controller(provisioned, central_broker) as site:
        told = answer_to(site)

    assert (told.epoch, told.seq, dict(told.state.tickets)) == ("an-empty-disk", 0, {})


def test_an_agent_that_lost_its_store_is_told_the_whole_journal_again(
    open_ingest: OpenIngest, play: Callable[..., PlayedSite], agent_file: Path
) -> None:
    agent = open_ingest()
    site = play()
    day = Day()
    site.write(*day.busy(patients=3))
    wait_until(lambda: site.acked == site.last, what="all is stored")
    agent.close()
    for file in agent_file.parent.glob("agent.db*"):
        file.unlink()

    again = open_ingest()

    def holds() -> int:
        return len(again.store.bodies(SiteId("aubagne"), site.epoch, first=1, last=site.last))

    wait_until(lambda: holds() == site.last, what="all is stored again")
    wait_until(lambda: (view := again.view()) is not None and view.state == site.state, what="and shown")
