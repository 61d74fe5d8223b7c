"""The central access list, every line of it: a site has its own branch, the agent all branches, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from provisioning.authority import Authority
from provisioning.identity import UPLINK_LIFE, Registrar
from provisioning.tree import Tree
from tests.broker.client import Client, context
from tests.mosquitto import Mosquitto

_UP = ("log", "snap", "link", "fleet", "have", "res")
_DOWN = ("ack", "cmd", "job", "cfg", "net")
_AGENT_STATE = "fq/1/agent/state"


@dataclass(frozen=True)
class Network:
    aubagne: Client
    trets: Client
    agent: Client


@pytest.fixture
def network(central_broker: Mosquitto, provisioned: Tree) -> Iterator[Network]:
    now = datetime.now(tz=UTC)
    central = Registrar(authority=Authority.load(provisioned.central_authority), now=now, life=UPLINK_LIFE)
    trets = provisioned.device("trets", "trets-controller")
    central.equip(trets, name="trets", stem="uplink", ca="uplink-ca.crt")
    folders = (provisioned.device("aubagne", "aubagne-controller"), trets)
    identities = [context(folder, stem="uplink", ca="uplink-ca.crt") for folder in folders]
    identities.append(context(provisioned.agent, stem="agent"))
    with ExitStack() as stack:
        yield Network(*(stack.enter_context(Client(central_broker.port, tls)) for tls in identities))


def test_a_site_may_say_only_its_own_up_branch(network: Network) -> None:
    own = {f"fq/1/aubagne/up/{leaf}" for leaf in _UP}
    foreign = {f"fq/1/trets/up/{leaf}" for leaf in _UP} | {f"fq/1/aubagne/down/{leaf}" for leaf in _DOWN}
    inside = {"fq/1/aubagne/screen", "fq/1/aubagne/dev/aubagne-kiosk-1/state"}

    granted = {topic for topic in own | foreign | inside | {_AGENT_STATE} if network.aubagne.may_publish(topic)}

    assert granted == own


def test_the_agent_may_say_every_down_branch_and_its_own_state(network: Network) -> None:
    down = {f"fq/1/{site}/down/{leaf}" for site in ("aubagne", "trets") for leaf in _DOWN}
    refused = {"fq/1/aubagne/up/log", "fq/1/aubagne/screen", "fq/1/aubagne/dev/aubagne-room-1/cmd"}

    granted = {topic for topic in down | refused | {_AGENT_STATE} if network.agent.may_publish(topic)}

    assert granted == down | {_AGENT_STATE}


def test_a_site_hears_only_its_own_down_branch_and_whether_the_agent_is_there(network: Network) -> None:
    network.aubagne.subscribe("#")

    for leaf in _DOWN:
        network.agent.publish(f"fq/1/trets/down/{leaf}")
        network.agent.publish(f"fq/1/aubagne/down/{leaf}")
    network.trets.publish("fq/1/trets/up/snap")
    network.aubagne.publish("fq/1/aubagne/up/snap")
    network.agent.publish(_AGENT_STATE)

    assert network.aubagne.topics_until(_AGENT_STATE) == [f"fq/1/aubagne/down/{leaf}" for leaf in _DOWN]


def test_the_agent_hears_every_up_branch_and_its_own_state(network: Network) -> None:
    network.agent.subscribe("#")

    network.agent.publish("fq/1/aubagne/down/cmd")
    for leaf in _UP:
        network.aubagne.publish(f"fq/1/aubagne/up/{leaf}")
        network.trets.publish(f"fq/1/trets/up/{leaf}")
    network.agent.publish(_AGENT_STATE)

    expected = [f"fq/1/{site}/up/{leaf}" for leaf in _UP for site in ("aubagne", "trets")]
    assert network.agent.topics_until(_AGENT_STATE) == expected
