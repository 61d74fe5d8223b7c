"""Garbage on every topic that the agent reads: counted by topic, the pages unchanged, and no other centre stopped."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.wire.messages import Alert, DeviceState, Fleet, LinkState, LogBatch, Message, Snap
from tests.agent.conftest import AgentProcess
from tests.agent.site import Day, PlayedSite
from tests.hostile.garbage import draw
from tests.hostile.neighbours import memory_kb
from tests.mosquitto import Mosquitto, wait_until

Play = Callable[..., PlayedSite]

_UP = "fq/1/aubagne/up"
_READS: dict[str, type[Message]] = {"log": LogBatch, "snap": Snap, "link": LinkState, "fleet": Fleet}


def healthz(http: httpx.Client) -> dict[str, Any]:
    return dict(http.get("/healthz").json())


def test_garbage_on_every_topic_changes_no_page_and_is_counted_by_topic(
    agent: AgentProcess, http: httpx.Client, play: Play
) -> None:
    site, day = play(), Day()
    mine = day.issue()
    site.write(*day.opening, mine)
    wait_until(lambda: site.acked == 3, what="the ticket is acknowledged")
    before, small_kb = http.get("/api/v1/sites").json()["sites"], memory_kb(agent.pid)

    for leaf, model in _READS.items():
        topic = f"{_UP}/{leaf}"
        for n, payload in enumerate(draw(model, count=60), 1):
            site.say(leaf, payload)
            wait_until(
                lambda topic=topic, n=n: healthz(http)["refused"].get(topic) == n,  # type: ignore[misc]
                what=f"{n} on {topic} are counted",
            )

    after = http.get("/api/v1/sites").json()["sites"]
    assert [without_age(one) for one in after] == [without_age(one) for one in before]
    assert "A001" in http.get(f"/t/{mine.token}").text
    assert memory_kb(agent.pid) < small_kb + 30_000
    site.write(day.issue())
    wait_until(lambda: site.acked == 4, what="the next event is taken")
    assert "Traceback" not in agent.log
    for leaf in _READS:
        assert agent.log.count(f"dropped a message on {_UP}/{leaf}:") == 1


def without_age(site: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in site.items() if name not in {"as_of", "online"}}


@pytest.mark.parametrize("at_ms", [-1, 2**53, 2**63, 10**400])
def test_an_event_at_an_impossible_time_stops_nobodys_other_events(
    agent: AgentProcess, http: httpx.Client, play: Play, at_ms: int
) -> None:
    site, day = play(), Day()
    event = {"day": "2026-11-22", "kind": "day-opened"}
    poison = {"epoch": "f" * 32, "first": 1, "records": [{"at_ms": at_ms, "event": event}]}
    site.say("log", json.dumps(poison).encode())
    site.write(*day.opening)

    wait_until(lambda: site.acked == 2, what="the good events are acknowledged")
    wait_until(lambda: healthz(http)["refused"] == {f"{_UP}/log": 1}, what="the bad one is counted")
    assert healthz(http)["well"]


def test_what_a_centres_devices_were_sent_is_seen_at_the_agent(
    agent: AgentProcess, http: httpx.Client, play: Play
) -> None:
    topic = "fq/1/aubagne/dev/aubagne-room-1/ask"
    well = DeviceState(boot=1, role="display", state="ready")
    hit = DeviceState(boot=1, role="controller", state="ready", refused={topic: 7})
    dry = DeviceState(boot=1, role="kiosk", state="alert", alerts=[Alert(code="paper-out", detail="since 18:40")])
    play().say("fleet", Fleet(devices={"screen": well, "controller": hit, "kiosk": dry}))

    wait_until(
        lambda: (
            healthz(http)["devices"]
            == {
                "aubagne": {
                    "controller": {"state": "ready", "alerts": {}, "refused": {topic: 7}},
                    "kiosk": {"state": "alert", "alerts": {"paper-out": "since 18:40"}, "refused": {}},
                }
            }
        ),
        what="the two that a person should look at",
    )


def test_garbage_that_the_broker_keeps_is_read_first_and_stops_nothing(
    agent_file: Path, central_broker: Mosquitto, play: Play
) -> None:
    site, day = play(), Day()
    states = set(_READS) - {"log"}
    for leaf in states:
        site.say(leaf, b"[" * 50_000)
    agent = AgentProcess(agent_file.parent)
    agent.start()
    try:
        site.write(*day.opening)
        wait_until(lambda: site.acked == 2, what="the good events are acknowledged")
        refused = set(httpx.get(f"{agent.url}/healthz", timeout=5, trust_env=False).json()["refused"])
        assert refused == {f"{_UP}/{leaf}" for leaf in states}
    finally:
        agent.kill()
