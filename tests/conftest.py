"""What every test may ask for, and the rules that hold for all of them.

Autouse: log lines must format, the environment stays clean. For the whole run: no connection leaves this machine.
"""

from __future__ import annotations

import getpass
import ipaddress
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from borne.demo.mosquitto import find_mosquitto
from borne.demo.ports import HOST, free_ports
from core.edge.site import Device, Room, Service, Site
from provisioning.plan import Endpoint, Plan, SitePlan
from provisioning.provision import provision
from provisioning.tree import Tree
from tests.mosquitto import Mosquitto
from tests.powercut.library import FaultyDisk, build

_OURS = ("agent", "borne", "broker_config", "core", "firmware", "provisioning")


class OutsideNetwork(RuntimeError):
    """A test tried to reach another machine."""


def _refuse_outside(event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        # A path is a Unix socket, and bytes one in the abstract namespace.
        host = address[0] if isinstance(address, tuple) else "localhost"
    elif event == "socket.getaddrinfo":
        host = arguments[0] or "localhost"
    else:
        return
    if not _is_here(host):
        raise OutsideNetwork(f"{event} to {host!r}; tests talk to this machine only")


def _is_here(host: str | bytes) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost"
    return address.is_loopback or address.is_unspecified


# An audit hook also sees what libraries written in C do through the socket module, and cannot be taken off again.
sys.addaudithook(_refuse_outside)


class _Formatting(logging.Handler):
    """Formats every line of our own loggers and keeps what goes wrong, even where a boundary swallows exceptions."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        try:
            record.getMessage()
        except (TypeError, ValueError, KeyError) as error:
            self.faults.append(f"{record.pathname}:{record.lineno}: {record.msg!r} % {record.args!r}: {error}")


@contextmanager
def log_lines_must_format(*names: str) -> Iterator[None]:
    """Fails at its end if one of these loggers was given a line that does not format, at any level."""
    handler = _Formatting()
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)
    assert not handler.faults, "\n".join(handler.faults)


@pytest.fixture(autouse=True)
def _log_lines_must_format() -> Iterator[None]:
    with log_lines_must_format(*_OURS):
        yield


@pytest.fixture(autouse=True)
def _clean_environment() -> Iterator[None]:
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def mosquitto_binary() -> Path:
    return find_mosquitto(Path(__file__).parent.parent / ".tools")


@pytest.fixture(scope="session")
def disk_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Preloaded, it makes a disk remember what was synced, or refuse."""
    return build(tmp_path_factory.mktemp("library"))


@pytest.fixture
def faulty_disk(disk_library: Path, tmp_path: Path) -> FaultyDisk:
    """For the processes that a test starts."""
    return FaultyDisk(disk_library, tmp_path / "ill")


@pytest.fixture
def site_plan() -> Site:
    """A small centre: two kiosks, two consulting rooms, a display and a controller."""
    return make_site("aubagne")


def make_site(site: str) -> Site:
    return Site(
        id=site,
        name=f"Centre de {site.title()}",
        public_url="https://file.example",
        services=[Service(id="consultation", name={"fr": "Consultation", "en": "Consultation"})],
        rooms=[Room(id="room-1", label="1"), Room(id="room-2", label="2")],
        devices=[
            Device(id=f"{site}-controller", role="controller"),
            Device(id=f"{site}-kiosk-1", role="kiosk"),
            Device(id=f"{site}-kiosk-2", role="kiosk"),
            Device(id=f"{site}-room-1", role="room", room="room-1"),
            Device(id=f"{site}-room-2", role="room", room="room-2"),
            Device(id=f"{site}-display", role="display"),
        ],
    )


def make_plan(*sites: Site) -> Plan:
    """Everything on this machine, on ports that are free now."""
    central, web, *brokers = (Endpoint(host=HOST, port=port) for port in free_ports(2 + len(sites)))
    return Plan(
        sites=tuple(SitePlan(site=site, broker=broker) for site, broker in zip(sites, brokers, strict=True)),
        central=central,
        web=web,
        public_url="https://file.example",
        broker_user=getpass.getuser(),
    )


@pytest.fixture(scope="session")
def _key_material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("keys")
    provision(make_plan(make_site("aubagne")), out, now=datetime.now(tz=UTC))
    return out


@pytest.fixture
def provisioned(tmp_path: Path, site_plan: Site, _key_material: Path) -> Tree:
    """The folders of `site_plan`'s devices, of both brokers and of the agent; keys are those of the whole run."""
    out = tmp_path / "provisioned"
    shutil.copytree(_key_material, out)
    return provision(make_plan(site_plan), out, now=datetime.now(tz=UTC))


@pytest.fixture
def site_broker(mosquitto_binary: Path, provisioned: Tree, site_plan: Site) -> Iterator[Mosquitto]:
    with Mosquitto(mosquitto_binary, provisioned.broker(site_plan.id)) as broker:
        yield broker


@pytest.fixture
def central_broker(mosquitto_binary: Path, provisioned: Tree) -> Iterator[Mosquitto]:
    with Mosquitto(mosquitto_binary, provisioned.central_broker) as broker:
        yield broker
