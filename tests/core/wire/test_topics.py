from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.room.ids import DeviceId, SiteId
from core.wire.topics import AGENT_STATE, Address, SiteTopics, parse
from tests.core.wire.strategies import ids

_DEV = ["state", "evt", "ack", "ask", "answer", "cmd", "res", "want", "have", "kept"]
_UP = ["log", "snap", "link", "fleet", "have", "res"]
_DOWN = ["ack", "snap", "cmd", "job", "cfg", "net"]


@given(ids, ids, st.sampled_from(_DEV), st.sampled_from(_UP), st.sampled_from(_DOWN))
def test_every_topic_that_is_made_is_read_back(site: str, device: str, dev: str, up: str, down: str) -> None:
    topics = SiteTopics(SiteId(site))
    assert parse(topics.screen) == Address(SiteId(site), "screen", "screen")
    assert parse(topics.dev(device, dev)) == Address(SiteId(site), "dev", dev, DeviceId(device))
    assert parse(topics.up(up)) == Address(SiteId(site), "up", up)
    assert parse(topics.down(down)) == Address(SiteId(site), "down", down)


def test_topics_are_as_the_protocol_writes_them() -> None:
    topics = SiteTopics(SiteId("aubagne"))
    assert topics.screen == "fq/1/aubagne/screen"
    assert topics.dev("+", "evt") == "fq/1/aubagne/dev/+/evt"
    assert topics.up("log") == "fq/1/aubagne/up/log"
    assert topics.down("ack") == "fq/1/aubagne/down/ack"
    assert AGENT_STATE == "fq/1/agent/state"


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "fq/1",
        "fq/1/",
        "fq/2/aubagne/screen",
        "xfq/1/aubagne/screen",
        AGENT_STATE,
        "fq/1/aubagne/screen/more",
        "fq/1/aubagne/up/evt",
        "fq/1/aubagne/down/log",
        "fq/1/aubagne/dev/aubagne-kiosk-1/of-a-later-release",
        "fq/1/aubagne/dev/aubagne-kiosk-1/evt/more",
        "$SYS/broker/uptime",
    ],
)
def test_what_is_no_topic_of_a_site_is_read_as_nothing(topic: str) -> None:
    assert parse(topic) is None


@given(st.lists(st.sampled_from(["fq", "1", "aubagne", "dev", "up", "screen", "log", "", "#", "$SYS"])).map("/".join))
def test_no_topic_is_too_strange_to_read(topic: str) -> None:
    address = parse(topic)
    assert address is None or topic.endswith(address.leaf)
