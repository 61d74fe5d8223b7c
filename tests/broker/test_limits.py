"""What the brokers bear, and what they keep."""

from __future__ import annotations

from pathlib import Path

import pytest

from broker_config.conf import render_central, render_site
from core.wire.messages import LogBatch, Reports, Snap
from provisioning.tree import Tree
from tests.broker.client import Client, context
from tests.mosquitto import Mosquitto

_EVT = "fq/1/aubagne/dev/aubagne-kiosk-1/evt"
_SNAP = "fq/1/aubagne/up/snap"


def test_the_largest_batch_of_tickets_passes_and_a_larger_packet_is_cut_off(
    site_broker: Mosquitto, provisioned: Tree
) -> None:
    with (
        Client(site_broker.port, context(provisioned.device("aubagne", "aubagne-controller"))) as controller,
        Client(site_broker.port, context(provisioned.device("aubagne", "aubagne-kiosk-1"))) as kiosk,
    ):
        controller.subscribe(_EVT)
        assert kiosk.publish(_EVT, bytes(Reports.max_bytes)) == 0
        assert len(controller.next_message()[1]) == Reports.max_bytes

        kiosk.publish(_EVT, bytes(Reports.max_bytes + 8192))
        assert kiosk.disconnected.wait(timeout=5)
    assert "oversize" in site_broker.log


def test_the_largest_snapshot_passes_and_a_larger_packet_is_cut_off(
    central_broker: Mosquitto, provisioned: Tree
) -> None:
    identity = context(provisioned.device("aubagne", "aubagne-controller"), stem="uplink", ca="uplink-ca.crt")
    largest = max(Snap.max_bytes, LogBatch.max_bytes)
    with (
        Client(central_broker.port, context(provisioned.agent, stem="agent")) as agent,
        Client(central_broker.port, identity) as site,
    ):
        agent.subscribe(_SNAP)
        assert site.publish(_SNAP, bytes(largest)) == 0
        assert len(agent.next_message()[1]) == largest

        site.publish(_SNAP, bytes(largest + 8192))
        assert site.disconnected.wait(timeout=5)
    assert "oversize" in central_broker.log


@pytest.mark.parametrize(("asked_s", "granted_s"), [(10, None), (600, 30)])
def test_a_silent_device_is_given_up_within_45_seconds_whatever_it_asks(
    site_broker: Mosquitto, provisioned: Tree, asked_s: int, granted_s: int | None
) -> None:
    identity = context(provisioned.device("aubagne", "aubagne-kiosk-1"))
    with Client(site_broker.port, identity, keep_alive=asked_s) as kiosk:
        assert getattr(kiosk.connack, "ServerKeepAlive", None) == granted_s


@pytest.mark.parametrize(("asked_s", "granted_s"), [(30, None), (600, 60)])
def test_a_silent_site_is_given_up_within_90_seconds_whatever_it_asks(
    central_broker: Mosquitto, provisioned: Tree, asked_s: int, granted_s: int | None
) -> None:
    identity = context(provisioned.agent, stem="agent")
    with Client(central_broker.port, identity, keep_alive=asked_s) as agent:
        assert getattr(agent.connack, "ServerKeepAlive", None) == granted_s


def test_nothing_retained_outlives_the_broker(site_broker: Mosquitto, provisioned: Tree) -> None:
    kiosk, controller = (
        context(provisioned.device("aubagne", device)) for device in ("aubagne-kiosk-1", "aubagne-controller")
    )
    state, have = (f"fq/1/aubagne/dev/aubagne-kiosk-1/{leaf}" for leaf in ("state", "have"))
    with Client(site_broker.port, kiosk) as client:
        client.publish(state, retain=True)
    with Client(site_broker.port, controller) as client:
        client.subscribe(state)
        assert client.next_message()[0] == state

    site_broker.stop()
    site_broker.start()

    with Client(site_broker.port, controller) as client, Client(site_broker.port, kiosk) as publisher:
        client.subscribe("fq/1/#")
        publisher.publish(have)
        assert client.topics_until(have) == []
    folder = provisioned.broker("aubagne")
    assert not list(folder.glob("*.db"))


@pytest.mark.parametrize("render", [render_site, render_central])
def test_every_line_of_a_configuration_stands_under_its_reason(render) -> None:  # type: ignore[no-untyped-def]
    paragraphs = render(port=8883).split("\n\n")

    unexplained = [paragraph for paragraph in paragraphs if not paragraph.lstrip().startswith("#")]

    assert unexplained == []


def test_a_broker_of_a_real_centre_listens_on_every_address_and_on_one_port_only() -> None:
    lines = [line for line in render_site(port=8883).splitlines() if line.startswith("listener")]

    assert lines == ["listener 8883"]


def test_a_broker_on_this_machine_alone_listens_on_loopback(provisioned: Tree) -> None:
    conf = Path(provisioned.broker("aubagne") / "mosquitto.conf").read_text()

    assert " 127.0.0.1\n" in conf
