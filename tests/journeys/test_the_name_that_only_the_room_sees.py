"""A patient leaves a first name and a year of birth; the doctor who calls reads them, and nobody and nothing else ever
does: no file, no log, no topic, no page, and after closing not even the controller's own disk.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
import tomli_w

from borne.demo.stage import SITE, Pace, Stage, build, children
from borne.demo.supervisor import Supervisor
from borne.demo.watch import read_only
from core.edge.clock import ScaledClock
from core.edge.device import load_device
from core.edge.opening import OpeningTable
from core.room.ids import RoomId, ServiceId
from core.wire.messages import Named, Screen
from firmware.drivers.control import ControlClient, ControlError
from firmware.drivers.panel import make_panel
from firmware.kiosk.dialogue.pages import Birth, Name, Services
from firmware.kiosk.dialogue.targets import Choose, Confirm, Key
from firmware.room import flow as f
from firmware.room.pages import sheet_of
from firmware.room.settings import RoomFile
from firmware.room.sheet import Place
from tests.journeys.centre import Centre
from tests.journeys.day import Day, page_at
from tests.journeys.kiosk_hand import KioskHand
from tests.journeys.scene import at
from tests.mosquitto import wait_until
from tests.peer import Peer

_NAME, _YEAR = "WYVQUILL", "1907"
_NAMED = re.compile(rf"{_NAME}|(?<![0-9A-Za-z.]){_YEAR}(?![0-9A-Za-z])".encode(), re.IGNORECASE)
"""In figures that stand by themselves: digits within a time or an id are nobody's year."""
_CONSULTATION = ServiceId("consultation")
_CLOSES = "21:08"
_TOWN = "trets"
_STEP_PX = 3
_SCREEN_TOPIC = f"fq/1/{SITE}/screen"
_KIOSK_TOPIC, _ROOM_TOPIC = f"fq/1/{SITE}/dev/{SITE}-kiosk/name", f"fq/1/{SITE}/dev/{SITE}-room-1/name"


@pytest.fixture
def stage(tmp_path: Path, pace: Pace) -> Iterator[Stage]:
    """A centre that asks for names; a town's and the big screen's certificates are free for those who listen."""
    built = build(tmp_path / "stage", pace, is_equipped=True)
    site = built.site.model_copy(
        update={
            "reception": built.site.reception.model_copy(update={"asks_name": True}),
            "opening": OpeningTable(every_day=f"09:00-{_CLOSES}"),
        }
    )
    for device in site.devices:
        file = built.tree.device(SITE, device.id) / "site.toml"
        settings = tomllib.loads(file.read_text())
        settings.setdefault("reception", {})["asks_name"] = True
        settings["opening"] = {"every_day": f"09:00-{_CLOSES}"}
        file.write_text(tomli_w.dumps(settings))
    _let_hear_everything(built.tree.broker(SITE) / "acl", f"{SITE}-display")
    _let_hear_everything(built.tree.central_broker / "acl", _TOWN)
    yield replace(built, site=site)
    shutil.rmtree(built.sockets)


@pytest.fixture
def centre(stage: Stage, clock: ScaledClock, mosquitto_binary: Path) -> Iterator[Centre]:
    running = [one for one in children(stage, mosquitto_binary) if one.name not in {"display", "towns"}]
    with Supervisor(running, stage.logs) as supervisor:
        centre = Centre(stage, clock, supervisor)
        centre.wait_until_open()
        yield centre


@pytest.fixture
def listeners(centre: Centre, stage: Stage) -> Iterator[list[Peer]]:
    """Who hears every topic of both brokers."""
    with ExitStack() as stack:
        within = Peer(
            stage.tree.device(SITE, f"{SITE}-display"), stage.broker_ports["site-broker"], f"{SITE}-display", ["#"]
        )
        beyond = Peer(
            stage.tree.device(_TOWN, f"{_TOWN}-controller"),
            stage.broker_ports["central-broker"],
            _TOWN,
            ["#"],
            stem="uplink",
            ca="uplink-ca.crt",
        )
        yield [stack.enter_context(one) for one in (within, beyond)]


@pytest.mark.heavy
@pytest.mark.story(begins="2026-11-22 21:00", speed=15)
def test_the_name_is_read_in_the_room_that_calls_and_nowhere_else(
    day: Day, centre: Centre, stage: Stage, clock: ScaledClock, listeners: list[Peer]
) -> None:
    within, _ = listeners
    vallon, patient, room = day.doctor("1"), KioskHand(stage), _Room(stage, within)
    assert vallon.presses() == "yes"  # on duty

    patient.begins(until=Services())
    patient.touches(Choose(_CONSULTATION), on=Services(), until=Name(_CONSULTATION))
    patient.types(_NAME, [Name(_CONSULTATION, _NAME[:n]) for n in range(len(_NAME) + 1)])
    patient.touches(Confirm(), on=Name(_CONSULTATION, _NAME), until=Birth(_CONSULTATION, _NAME))
    year = [Birth(_CONSULTATION, _NAME, _YEAR[:n]) for n in range(len(_YEAR))]
    patient.types(_YEAR[:-1], year)
    names = stage.journal.with_name("names.db")
    patient.touches_until(Key(_YEAR[-1]), on=year[-1], is_done=lambda: _NAME.encode() in names.read_bytes())
    ticket = day.reads_the_newest_slip()
    assert vallon.presses() == "yes"
    ticket.reads("C’est à vous", "Salle 1")

    room.reads_the_name()
    for process in ("controller", "room-1"):
        centre.kill(process)
        told = len(within.on(_ROOM_TOPIC))
        wait_until(lambda told=told: len(within.on(_ROOM_TOPIC)) > told, what=f"{process} is back", deadline_s=30)  # type: ignore[misc]
        room.reads_the_name()
    assert _files_with_the_name(stage) == [names]
    assert _NAMED.search(page_at(ticket.address).encode()) is None

    wait_until(lambda: clock.wall_ms() > at(f"2026-11-22 {_CLOSES}"), what="the centre closes", deadline_s=90)
    wait_until(lambda: _files_with_the_name(stage) == [], what="the name is in no file any more")
    with closing(read_only(names)) as table:
        assert table.execute("SELECT count(*) FROM name").fetchone() == (0,)
    room.reads_no_name()
    for listener in listeners:
        assert len({topic for topic, _ in listener.heard}) > 5
    heard = [topic for listener in listeners for topic, payload in listener.heard if _NAMED.search(payload)]
    assert set(heard) == {_KIOSK_TOPIC, _ROOM_TOPIC}
    assert heard.count(_KIOSK_TOPIC) == 1


class _Room:
    """What the doctor reads on the touch screen of room 1."""

    def __init__(self, stage: Stage, within: Peer) -> None:
        self._place = Place(room=RoomId("room-1"), site=stage.site, language="fr")
        settings, _ = load_device(stage.tree.device(SITE, f"{SITE}-room-1") / "device.toml", RoomFile, "room")
        assert settings.panel is not None
        self._panel = settings.panel
        self._unit = ControlClient(stage.control("room-1"))
        self._within = within

    def reads_the_name(self) -> None:
        wait_until(lambda: self._shows(is_named=True), what="the name on the screen of the room", deadline_s=20)

    def reads_no_name(self) -> None:
        wait_until(lambda: self._shows(is_named=False), what="no name on the screen of the room", deadline_s=20)

    def _shows(self, *, is_named: bool) -> bool:
        """Whether the screen is as it should be, wherever a name makes a difference."""
        screen = Screen.model_validate(self._within.last(_SCREEN_TOPIC))
        ticket = screen.room(self._place.room).ticket
        assert ticket is not None
        named = Named(ticket=ticket, first_name=_NAME, born=int(_YEAR))
        still_open = screen.model_copy(update={"intake": "open"})
        with_name, without = (self._drawn(still_open, one) for one in (named, None))
        places = [place for place, colour in with_name.items() if without[place] != colour]
        expected = with_name if is_named else without
        try:
            seen = self._unit.call("panel", "colours", at=places)["colours"]
        except ControlError:
            return False
        return [tuple(one) for one in seen] == [expected[place] for place in places]

    def _drawn(self, screen: Screen, named: Named | None) -> dict[tuple[int, int], tuple[int, ...]]:
        with closing(make_panel(self._panel)) as panel:
            from firmware.room.view import View  # needs pygame, which the panel has set up

            View(panel).show(sheet_of(f.Flow(), screen, self._place, is_fresh=True, named=named))
            width, height = panel.size_px
            return {
                (x, y): tuple(panel.surface.get_at((x, y)))[:3]
                for x in range(0, width, _STEP_PX)
                for y in range(0, height, _STEP_PX)
            }


def _files_with_the_name(stage: Stage) -> list[Path]:
    """Of everything that the centre, the agent and both brokers have ever written."""
    found = []
    for path in stage.out.rglob("*"):
        with suppress(FileNotFoundError):
            if path.is_file() and _NAMED.search(path.read_bytes()):
                found.append(path)
    return found


def _let_hear_everything(acl: Path, user: str) -> None:
    lines = acl.read_text()
    rule = "topic read #\n"
    block = f"user {user}\n"
    acl.write_text(lines.replace(block, block + rule) if block in lines else f"{lines}\n{block}{rule}")
