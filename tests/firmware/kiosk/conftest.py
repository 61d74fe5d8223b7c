"""A provisioned kiosk with a fake screen and printer, and a controller played by hand."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w

from core.edge.site import Site
from firmware.kiosk.settings import KioskFile, load_kiosk
from provisioning.tree import Tree
from tests.firmware.kiosk.hand import HandController
from tests.mosquitto import Mosquitto


@pytest.fixture(autouse=True)
def _no_screen() -> None:
    """SDL opens nothing and says nothing, whichever test imports pygame first."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"


@pytest.fixture
def socket_path() -> Iterator[Path]:
    """A path short enough for a Unix socket."""
    with tempfile.TemporaryDirectory(prefix="borne-") as folder:
        yield Path(folder) / "control"


@pytest.fixture
def kiosk_file(provisioned: Tree, site_plan: Site, socket_path: Path) -> Path:
    """The device file of the first kiosk, with hardware."""
    path = provisioned.device(site_plan.id, f"{site_plan.id}-kiosk-1") / "device.toml"
    hardware = {
        "panel": {"driver": "dummy", "width": 800, "height": 480, "width_mm": 154},
        "printer": {"driver": "file", "folder": "slips"},
        "control": {"socket": str(socket_path)},
        "clock": {"driver": "scaled", "origin_ms": 0, "start_ms": 0, "speed": 1},
    }
    path.write_text(path.read_text() + "\n" + tomli_w.dumps(hardware))
    return path


@pytest.fixture
def kiosk(kiosk_file: Path) -> tuple[KioskFile, Site]:
    return load_kiosk(kiosk_file)


@pytest.fixture
def controller(site_broker: Mosquitto, provisioned: Tree, site_plan: Site) -> Iterator[HandController]:
    folder = provisioned.device(site_plan.id, f"{site_plan.id}-controller")
    with HandController(folder, site_plan.id) as controller:
        yield controller
