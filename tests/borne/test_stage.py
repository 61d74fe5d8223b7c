"""The stage: provisioned as a real centre is, in a folder of its own."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.settings import load_agent
from agent.store.plans import PlanStore
from borne.demo.stage import SITE, TOWNS, Pace, Stage, build, children, clear
from borne.demo.team import hour_ms, while_open_ms
from core.edge.config import ConfigError
from core.edge.device import load_device
from core.room.ids import SiteId
from core.room.roster import Roster, planned
from core.wire.messages import Learnt
from firmware.controller.kept import KeptMessage
from firmware.controller.plan import policy_of
from firmware.controller.settings import ControllerFile
from firmware.drivers.control import ControlSocket
from firmware.kiosk.settings import load_kiosk
from firmware.room.settings import RoomFile

PACE = Pace(origin_ms=1_000, start_ms=2_000, speed=60.0)
AN_EVENING = Pace(origin_ms=0, start_ms=1_768_239_000_000)
"""Monday, 12 January 2026, 18:30 in Paris."""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    built = build(tmp_path / "demo", PACE, rooms=3, public_url="http://127.0.0.1:8480")
    yield built
    shutil.rmtree(built.sockets)


def test_every_process_of_a_centre_and_of_the_network_is_on_the_stage(stage: Stage) -> None:
    assert [child.name for child in children(stage, Path("/usr/sbin/mosquitto"))] == [
        "central-broker",
        "site-broker",
        "agent",
        "controller",
        "kiosk",
        "room-1",
        "room-2",
        "room-3",
        "display",
        "towns",
    ]


def test_all_devices_go_by_one_clock(stage: Stage) -> None:
    files = [*stage.tree.out.rglob("device.toml"), stage.tree.agent / "agent.toml"]

    clocks = [tomllib.loads(file.read_text())["clock"] for file in files]

    assert clocks == [{"driver": "scaled", "origin_ms": 1_000, "start_ms": 2_000, "speed": 60.0}] * (6 + len(TOWNS) + 1)


def test_the_kiosk_s_file_is_one_that_a_kiosk_takes(stage: Stage) -> None:
    settings, site = load_kiosk(stage.tree.device(SITE, f"{SITE}-kiosk") / "device.toml")

    assert settings.control is not None
    assert settings.control.socket == stage.control("kiosk")
    assert site.public_url == "http://127.0.0.1:8480"


def test_light_centres_have_an_uplink_and_no_device_but_a_controller(stage: Stage) -> None:
    for town in TOWNS:
        files = list((stage.tree.out / "sites" / town / "devices").iterdir())
        assert [file.name for file in files] == [f"{town}-controller"]
        assert ControllerFile.model_validate(tomllib.loads((files[0] / "device.toml").read_text())).uplink is not None


def test_a_second_kiosk_leaves_its_slips_in_a_folder_of_its_own(tmp_path: Path) -> None:
    stage = build(tmp_path / "demo", PACE, kiosks=2, has_towns=False)

    printers = [
        load_kiosk(stage.tree.device(SITE, f"{SITE}-{kiosk}") / "device.toml")[0].printer.folder
        for kiosk in ("kiosk", "kiosk-2")
    ]

    assert stage.kiosks == ["kiosk", "kiosk-2"]
    assert printers == [stage.slips, stage.slips / "kiosk-2"]
    assert [child.name for child in children(stage, Path("mosquitto"))][-1] == "display"
    shutil.rmtree(stage.sockets)


def test_control_sockets_lie_where_their_path_is_short_enough(stage: Stage) -> None:
    ControlSocket(stage.control("display")).close()


def test_an_earlier_run_s_folder_is_used_again(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    clear(out)
    (out / "slips").mkdir()
    (out / "slips" / "0001.bin").touch()
    (out / "report.json").touch()
    (out / "notes.txt").touch()

    clear(out)

    assert {file.name for file in out.iterdir()} == {".borne-demo", "notes.txt"}


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("mine")

    with pytest.raises(ConfigError, match="holds files that no demo made"):
        clear(tmp_path)

    assert (tmp_path / "report.json").read_text() == "mine"


@pytest.fixture
def equipped(tmp_path: Path) -> Iterator[Stage]:
    built = build(tmp_path / "demo", AN_EVENING, rooms=4, is_equipped=True)
    yield built
    shutil.rmtree(built.sockets)


def test_an_equipped_centre_has_a_care_room_hours_and_a_room_with_a_touch_screen(equipped: Stage) -> None:
    units = {
        device.room: load_device(equipped.tree.device(SITE, device.id) / "device.toml", RoomFile, "room")[0]
        for device in equipped.site.devices
        if device.role == "room"
    }

    assert [room for room, unit in units.items() if unit.panel is not None] == ["room-1"]
    assert equipped.screens == ("kiosk", "display", "room-1")
    assert equipped.rooms[-1] == "room-care"
    policy = policy_of(equipped.site)
    assert policy.care == policy.rooms[equipped.rooms[-1]]
    assert policy.opening is not None
    assert policy.opening.now(AN_EVENING.start_ms) is not None


def test_every_room_has_one_practitioner_at_a_time_all_week(equipped: Stage) -> None:
    settings = load_agent(equipped.tree.agent / "agent.toml")
    plan = PlanStore(settings.store.url).read()
    roster = Roster(shifts=plan.at(SiteId(SITE)), names=plan.names)

    assert settings.staff is not None
    assert settings.staff.token.get_secret_value() == equipped.staff_token
    for room in equipped.rooms:
        shift = planned(roster, room, AN_EVENING.start_ms)
        assert shift is not None
        assert roster.names[shift.practitioner].startswith("Inf." if room == "room-care" else "Dr")
        assert shift.begins_ms <= AN_EVENING.start_ms < shift.ends_ms == hour_ms(AN_EVENING.start_ms, 22)
    assert len(roster.shifts) == 8 * 2 * len(equipped.rooms)


def test_an_equipped_centre_has_habits_already(equipped: Stage) -> None:
    names = PlanStore(load_agent(equipped.tree.agent / "agent.toml").store.url).read().names

    learnt = KeptMessage(equipped.journal.parent / "habits.json", Learnt).message

    assert learnt is not None
    assert learnt.habits.upto == "2026-01-11"
    assert learnt.habits.practitioners.keys() == {who for who, name in names.items() if name.startswith("Dr")}


@pytest.mark.parametrize(
    ("hour", "shown"), [(3, 17.5), (9, 17.5), (9.5, 9.5), (12.25, 12.25), (20, 20), (21.5, 17.5), (23.9, 17.5)]
)
def test_the_workbench_opens_at_an_hour_at_which_the_centre_is_open(hour: float, shown: float) -> None:
    a_day_ms = AN_EVENING.start_ms

    assert while_open_ms(hour_ms(a_day_ms, hour)) == hour_ms(a_day_ms, shown)
