"""An act asked of a site over a real broker: done once, never late, and its outcome always known."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from agent.remote import Outcome, Remote
from core.room.commands import Cancel
from core.room.ids import SiteId, TicketId
from core.wire.coding import decode, encode
from core.wire.messages import Answer, Ask
from tests.agent.conftest import RunningIngest
from tests.agent.site import PlayedSite
from tests.mosquitto import wait_until

AUBAGNE = SiteId("aubagne")
LEAVE = Cancel(ticket=TicketId("ticket-1"), reason="left")
BEAT = "3.1.7"


def controller(ask: Ask) -> Answer:
    """Does what is asked under its newest beat, as a site's controller."""
    if ask.beat != BEAT:
        return Answer(id=ask.id, outcome="expired", beat=BEAT)
    return Answer(id=ask.id, outcome="done")


def ask(remote: Remote, site: SiteId = AUBAGNE, *, limit_s: float = 5.0) -> Outcome:
    return asyncio.run(remote.ask(site, LEAVE, limit_s=limit_s))


@pytest.fixture
def ingest(open_ingest: Callable[[], RunningIngest]) -> RunningIngest:
    running = open_ingest()
    wait_until(lambda: running.ingest.health.link_is_up, what="the agent is connected")
    return running


def connected(ingest: RunningIngest, site: PlayedSite) -> PlayedSite:
    site.say("link", site.birth)
    site.say("snap", site.snap())
    wait_until(lambda: ingest.view() is not None, what="the site is there")
    return site


def test_an_agent_that_knows_no_beat_learns_one_and_asks_again_under_it(
    ingest: RunningIngest, play: Callable[..., PlayedSite]
) -> None:
    site = connected(ingest, play())
    site.answer = controller

    assert ask(ingest.ingest.remote) == Outcome("done")

    assert [one.beat for one in site.asks] == ["", BEAT]
    assert [one.act for one in site.asks] == [LEAVE, LEAVE]
    assert site.asks[0].id != site.asks[1].id, "the second is another question: the first stays expired for ever"


def test_a_beat_that_is_known_is_tried_first(ingest: RunningIngest, play: Callable[..., PlayedSite]) -> None:
    site = connected(ingest, play())
    site.answer = controller
    ask(ingest.ingest.remote)

    assert ask(ingest.ingest.remote) == Outcome("done")

    assert [one.beat for one in site.asks] == ["", BEAT, BEAT]


def test_it_is_asked_twice_and_no_more(ingest: RunningIngest, play: Callable[..., PlayedSite]) -> None:
    site = connected(ingest, play())
    site.answer = lambda ask: Answer(id=ask.id, outcome="expired", beat=f"beat-{len(site.asks)}")

    assert ask(ingest.ingest.remote) == Outcome("expired")

    assert len(site.asks) == 2


def test_a_rejection_brings_its_reason(ingest: RunningIngest, play: Callable[..., PlayedSite]) -> None:
    site = connected(ingest, play())
    site.answer = lambda ask: Answer(id=ask.id, outcome="rejected", code="not-now")

    assert ask(ingest.ingest.remote) == Outcome("rejected", "not-now")


def test_a_site_that_does_not_answer_leaves_the_outcome_unknown(
    ingest: RunningIngest, play: Callable[..., PlayedSite]
) -> None:
    site = connected(ingest, play())

    assert ask(ingest.ingest.remote, limit_s=0.2) == Outcome("unknown")

    assert len(site.asks) == 1


def test_another_site_cannot_answer() -> None:
    sent: list[Ask] = []
    remote = Remote(lambda topic, payload: _answered_by("trets", remote, sent, payload))

    assert ask(remote, limit_s=0.1) == Outcome("unknown")
    assert len(sent) == 1


def _answered_by(site: str, remote: Remote, sent: list[Ask], payload: bytes) -> bool:
    asked = decode(Ask, payload)
    sent.append(asked)
    answer = encode(Answer(id=asked.id, outcome="done"))
    threading.Thread(target=remote.heard, args=[f"fq/1/{site}/up/res", answer]).start()
    return True


def test_an_answer_from_another_thread_wakes_whoever_waits() -> None:
    remote = Remote(lambda topic, payload: _answered_by("aubagne", remote, [], payload))

    async def many() -> list[Outcome]:
        return await asyncio.gather(*(remote.ask(AUBAGNE, LEAVE) for _ in range(200)))

    assert asyncio.run(many()) == [Outcome("done")] * 200


def test_without_a_link_nothing_is_asked() -> None:
    assert ask(Remote(lambda _topic, _payload: False)) == Outcome("not-asked")


def test_what_cannot_be_read_is_counted(ingest: RunningIngest, play: Callable[..., PlayedSite]) -> None:
    site = connected(ingest, play())

    site.say("res", b"{}")

    wait_until(
        lambda: ingest.ingest.health.refused.get("fq/1/aubagne/up/res") == 1, what="the message is counted as refused"
    )
