"""Who gets in at all, and under whose name."""

from __future__ import annotations

import shutil
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from provisioning.authority import Authority
from provisioning.identity import LAN_LIFE, Registrar
from provisioning.tree import Tree
from tests.broker.client import Client, Refused, context
from tests.mosquitto import Mosquitto

_CMD = "fq/1/aubagne/dev/{}/cmd"


def _refuses(port: int, tls: ssl.SSLContext | None) -> bool:
    try:
        with Client(port, tls):
            return False
    except Refused:
        return True


def test_a_device_with_its_certificate_gets_in(site_broker: Mosquitto, provisioned: Tree) -> None:
    assert not _refuses(site_broker.port, context(provisioned.device("aubagne", "aubagne-kiosk-1")))


def test_a_client_without_tls_is_refused(site_broker: Mosquitto) -> None:
    assert _refuses(site_broker.port, None)


def test_a_client_without_a_certificate_is_refused(site_broker: Mosquitto, provisioned: Tree) -> None:
    anonymous = ssl.create_default_context(cafile=provisioned.broker("aubagne") / "ca.crt")

    assert _refuses(site_broker.port, anonymous)


def test_a_certificate_of_a_foreign_authority_of_the_same_name_is_refused(
    site_broker: Mosquitto, provisioned: Tree, tmp_path: Path
) -> None:
    now = datetime.now(tz=UTC)
    foreign = Registrar(authority=Authority.create("aubagne", now=now), now=now, life=LAN_LIFE)
    foreign.equip(tmp_path, name="aubagne-kiosk-1")
    shutil.copy(provisioned.broker("aubagne") / "ca.crt", tmp_path)

    assert _refuses(site_broker.port, context(tmp_path))


def test_an_expired_certificate_is_refused(site_broker: Mosquitto, provisioned: Tree, tmp_path: Path) -> None:
    authority = Authority.load(provisioned.authority("aubagne"))
    long_ago = Registrar(authority=authority, now=datetime.now(tz=UTC) - LAN_LIFE, life=LAN_LIFE - timedelta(days=1))
    long_ago.equip(tmp_path, name="aubagne-kiosk-1")

    assert _refuses(site_broker.port, context(tmp_path))


def test_a_broker_s_own_certificate_opens_no_connection(site_broker: Mosquitto, provisioned: Tree) -> None:
    assert _refuses(site_broker.port, context(provisioned.broker("aubagne"), stem="server"))


def test_what_a_centre_trusts_opens_nothing_at_the_network(central_broker: Mosquitto, provisioned: Tree) -> None:
    folder = provisioned.device("aubagne", "aubagne-controller")

    assert _refuses(central_broker.port, context(folder, stem="device", ca="uplink-ca.crt"))
    assert not _refuses(central_broker.port, context(folder, stem="uplink", ca="uplink-ca.crt"))


def test_a_device_refuses_a_broker_that_shows_a_device_s_certificate(mosquitto_binary: Path, provisioned: Tree) -> None:
    broker, room = provisioned.broker("aubagne"), provisioned.device("aubagne", "aubagne-room-1")
    shutil.copy(room / "device.crt", broker / "server.crt")
    shutil.copy(room / "device.key", broker / "server.key")

    kiosk = context(provisioned.device("aubagne", "aubagne-kiosk-1"))
    with (
        Mosquitto(mosquitto_binary, broker) as impostor,
        socket.create_connection(("127.0.0.1", impostor.port)) as connection,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        kiosk.wrap_socket(connection, server_hostname="127.0.0.1")


def test_a_device_with_the_client_id_of_another_neither_throws_it_out_nor_becomes_it(
    site_broker: Mosquitto, provisioned: Tree
) -> None:
    identity = {
        name: context(provisioned.device("aubagne", f"aubagne-{name}")) for name in ("kiosk-1", "kiosk-2", "controller")
    }
    with (
        Client(site_broker.port, identity["controller"]) as controller,
        Client(site_broker.port, identity["kiosk-2"], client_id="aubagne-kiosk-2") as victim,
        Client(site_broker.port, identity["kiosk-1"], client_id="aubagne-kiosk-2") as thief,
    ):
        victim.subscribe("#")
        thief.subscribe("#")
        controller.publish(_CMD.format("aubagne-kiosk-2"), b"for the victim")
        controller.publish(_CMD.format("aubagne-kiosk-1"), b"for the thief")

        assert victim.next_message() == (_CMD.format("aubagne-kiosk-2"), b"for the victim")
        assert thief.next_message() == (_CMD.format("aubagne-kiosk-1"), b"for the thief")


def test_two_connections_of_one_device_are_one_and_the_newer_stays(site_broker: Mosquitto, provisioned: Tree) -> None:
    identity = context(provisioned.device("aubagne", "aubagne-kiosk-1"))
    with Client(site_broker.port, identity) as older, Client(site_broker.port, identity) as newer:
        assert older.disconnected.wait(timeout=5)
        assert not newer.disconnected.is_set()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_current_versions_of_tls_are_spoken(
    site_broker: Mosquitto, provisioned: Tree, version: ssl.TLSVersion
) -> None:
    identity = context(provisioned.device("aubagne", "aubagne-kiosk-1"))
    identity.minimum_version = identity.maximum_version = version

    assert not _refuses(site_broker.port, identity)
