"""A centre's real broker with a controller played by hand, for the tests of the devices beside it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.edge.site import Site
from provisioning.tree import Tree
from tests.firmware.stage import PlayedController
from tests.mosquitto import Mosquitto


@pytest.fixture
def short_path() -> Iterator[Path]:
    """The path of a Unix socket has 107 bytes at most, fewer than pytest's own folders leave."""
    with tempfile.TemporaryDirectory(prefix="borne-") as folder:
        yield Path(folder)


@pytest.fixture
def played(site_broker: Mosquitto, provisioned: Tree, site_plan: Site) -> Iterator[PlayedController]:
    with PlayedController(provisioned, site_plan.id) as controller:
        yield controller
