"""A centre whose clocks nobody has set: controller and kiosk as processes, each under a wall clock that jumps."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import tomli_w

from borne.demo.paper import print_out
from borne.demo.visitor import Visitor
from core.edge.clock import SystemClock
from core.edge.journal import Journal
from core.edge.site import Service, Site
from core.room.events import DayOpened, Event, Record, TicketIssued
from core.room.ids import ServiceId
from core.room.passage import order_of_passage
from core.room.state import SiteState, fold
from core.wire.coding import decode_record
from firmware.drivers.control import ControlClient
from provisioning.tree import Tree
from tests.clockshim.shim import ShimmedClock, build_shim
from tests.conftest import make_site
from tests.mosquitto import Mosquitto, wait_until

_DAY_S = 86_400
_YEAR_S = 365 * _DAY_S
_OPEN_S = 30.0
_PANEL_PX = (1280, 800)


class Machine:
    """A role in a process of its own, on a machine whose clock can be moved."""

    def __init__(self, folder: Path, role: str) -> None:
        self.folder = folder
        self._role = role
        self.clock = ShimmedClock(build_shim(), folder / "clock", is_synchronised=False)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "borne", self._role, "--config", self.folder / "device.toml"],
            env=os.environ | self.clock.environment | {"PYTHONPATH": str(Path(__file__).parents[2])},
        )

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait(10)
            self._process = None


class Centre:
    """What patients do, and what is written down."""

    def __init__(self, controller: Machine, kiosk: Machine, site: Site, control: Path) -> None:
        self.controller = controller
        self.kiosk = kiosk
        self._visitor = Visitor(site, ControlClient(control, timeout_s=5), size_px=_PANEL_PX)

    def start(self) -> None:
        self.controller.start()
        self.kiosk.start()
        wait_until(self._visitor.is_open, what="the kiosk is open", deadline_s=_OPEN_S)

    def take_ticket(self) -> None:
        known = len(self.of_kind(TicketIssued))
        self._visitor.take_ticket(ServiceId("consultation"))
        wait_until(lambda: len(self.of_kind(TicketIssued)) > known, what="the ticket is taken in")

    def records(self) -> list[Record[Event]]:
        """The site's journal, as its disk has it."""
        with Journal(self.controller.folder / "data" / "site.journal") as journal:
            return [decode_record(body) for body in journal.read(0)]

    def of_kind(self, kind: type[Event]) -> list[Event]:
        return [record.event for record in self.records() if isinstance(record.event, kind)]

    def state(self) -> SiteState:
        return fold(self.records())

    def waiting(self) -> list[str]:
        return [ticket.number for ticket in order_of_passage(self.state())]

    def slip_heights(self) -> list[int]:
        """Of the slips, first one first: a slip that says the time has a line more."""
        jobs = sorted((self.kiosk.folder / "slips").glob("*.bin"))
        return [slip.height for job in jobs for slip in print_out(job.read_bytes())]


@pytest.fixture
def site_plan() -> Site:
    """With two services, so that the kiosk asks which."""
    site = make_site("aubagne")
    wound = Service(id="small-wound", name={"fr": "Petite plaie", "en": "Small wound"})
    return site.model_copy(update={"services": [*site.services, wound]})


@pytest.fixture
def centre(provisioned: Tree, site_plan: Site, site_broker: Mosquitto) -> Iterator[Centre]:
    folders = {role: provisioned.device(site_plan.id, f"{site_plan.id}-{role}") for role in ("controller", "kiosk-1")}
    with tempfile.TemporaryDirectory(prefix="borne-") as short, ExitStack() as stack:
        control = Path(short) / "kiosk"
        hardware = {
            "panel": {"driver": "dummy", "width": _PANEL_PX[0], "height": _PANEL_PX[1]},
            "printer": {"driver": "file", "folder": "slips"},
            "control": {"socket": str(control)},
        }
        with (folders["kiosk-1"] / "device.toml").open("a") as stream:
            stream.write("\n" + tomli_w.dumps(hardware))
        nobody_has_kept_a_day = folders["controller"] / "device.toml"
        nobody_has_kept_a_day.write_text("gather_s = 0\n" + nobody_has_kept_a_day.read_text())
        controller, kiosk = Machine(folders["controller"], "controller"), Machine(folders["kiosk-1"], "kiosk")
        stack.callback(controller.kill)
        stack.callback(kiosk.kill)
        yield Centre(controller, kiosk, site_plan, control)


def test_nobody_is_lost_while_the_clocks_of_a_centre_jump(centre: Centre) -> None:
    centre.controller.clock.jump(-3 * _YEAR_S)
    centre.kiosk.clock.jump(+12 * _YEAR_S)
    centre.start()
    centre.take_ticket()
    assert centre.state().day is None, "nobody knows what day it is"

    centre.controller.clock.jump(+_DAY_S)
    centre.kiosk.clock.jump(-_DAY_S)
    centre.take_ticket()
    assert centre.waiting() == ["A001", "A002"]

    centre.controller.kill()
    centre.controller.clock.jump(-2 * _YEAR_S)
    centre.controller.start()
    centre.take_ticket()
    assert centre.state().day is None

    centre.controller.clock.jump(0, is_synchronised=True)
    wait_until(lambda: centre.state().day is not None, what="a time server has answered")
    assert centre.waiting() == ["A001", "A002", "A003"]
    ages_ms = [SystemClock().wall_ms() - one.ordered_at_ms for one in centre.state().tickets.values()]
    assert all(0 <= age_ms < 120_000 for age_ms in ages_ms), "each is as old as it is"

    centre.controller.clock.jump(+_DAY_S)
    wait_until(lambda: len(centre.of_kind(DayOpened)) == 2, what="a time server has lied")
    centre.controller.clock.jump(0)
    centre.kiosk.clock.jump(0, is_synchronised=True)
    centre.take_ticket()
    centre.take_ticket()

    assert centre.waiting() == ["A001", "A002", "A003", "A004", "A005"]
    times_ms = [record.at_ms for record in centre.records()]
    assert times_ms == sorted(times_ms)
    bare, *_, timed = centre.slip_heights()
    assert centre.slip_heights()[:3] == [bare] * 3
    assert timed > bare, "with a clock that is set, a slip says the time"
