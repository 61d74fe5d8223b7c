"""A running controller between two real brokers, and its neighbours played by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from provisioning.tree import Tree
from tests.agent.conftest import agent, agent_file, http, play
from tests.firmware.conftest import played, short_path
from tests.firmware.controller.test_controller import DISK, Centre
from tests.mosquitto import Mosquitto
from tests.peer import Peer

__all__ = ["agent", "agent_file", "centre", "http", "network", "play", "played", "short_path"]


@pytest.fixture
def centre(provisioned: Tree, site_broker: Mosquitto, central_broker: Mosquitto) -> Iterator[Centre]:
    with ExitStack() as stack:
        centre = Centre(stack, provisioned, site_broker)
        centre.start()
        centre.wait_for(lambda screen: not screen.get("is_gathering"), "the day is open")
        assert centre.ask({"kind": "letter", "disk": DISK}, question="the-letter")["letter"] == "A"
        centre.come_on_duty()
        yield centre


@pytest.fixture
def network(provisioned: Tree, central_broker: Mosquitto) -> Iterator[Peer]:
    """The agent's place, from which a centre's health is read."""
    with Peer(provisioned.agent, central_broker.port, "agent", ["fq/1/+/up/#"], stem="agent") as peer:
        yield peer
