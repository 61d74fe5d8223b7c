"""A provisioned kiosk with a fake screen and printer, and a controller played by hand."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import tomli_w

from core.edge.clock import ManualClock
from core.edge.site import Site
from core.room.duty import DutyState
from core.room.ids import RoomId, ServiceId
from core.wire.messages import BoardRoom
from firmware.drivers.control import ControlClient, ControlSocket
from firmware.drivers.printer import Printer, make_printer
from firmware.kiosk.desk.office import Office
from firmware.kiosk.settings import load_kiosk
from provisioning.tree import Tree
from tests.firmware.kiosk.hand import HandController
from tests.firmware.kiosk.office import CONSULTATION, TEN_MS, WAIT, Cues, Kiosk, OpenOffice
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
def kiosk(kiosk_file: Path) -> Kiosk:
    return load_kiosk(kiosk_file)


@pytest.fixture
def controller(site_broker: Mosquitto, provisioned: Tree, site_plan: Site) -> Iterator[HandController]:
    folder = provisioned.device(site_plan.id, f"{site_plan.id}-controller")
    with HandController(folder, site_plan.id) as controller:
        yield controller


@pytest.fixture
def cues(socket_path: Path) -> Iterator[Cues]:
    control = ControlSocket(socket_path)
    yield control, ControlClient(socket_path)
    control.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def printer(kiosk: Kiosk, cues: Cues) -> Printer:
    return make_printer(kiosk[0].printer, cues[0])


@pytest.fixture
def open_office(kiosk: Kiosk, printer: Printer, clock: ManualClock) -> Iterator[OpenOffice]:
    with contextlib.ExitStack() as stack:

        def open_one(printer: Printer = printer) -> Office:
            office = Office(*kiosk, clock=clock, printer=printer, wake=lambda: None)
            office.start()
            stack.callback(office.stop)
            return office

        yield open_one


@pytest.fixture
def forecasting(controller: HandController) -> HandController:
    """It says how long newcomers wait."""
    controller.at_ms, controller.newcomers = TEN_MS, {CONSULTATION: WAIT, ServiceId("care"): replace(WAIT, p90_s=9000)}
    controller.rooms = [BoardRoom(room=RoomId("room-1"), duty=DutyState.ON), BoardRoom(room=RoomId("room-2"))]
    return controller
