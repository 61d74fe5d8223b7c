"""The stage: provisioned as a real centre is, in a folder of its own."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from borne.demo.stage import SITE, TOWNS, Pace, Stage, build, children, clear
from core.edge.config import ConfigError
from firmware.controller.settings import ControllerFile
from firmware.drivers.control import ControlSocket
from firmware.kiosk.settings import load_kiosk

PACE = Pace(origin_ms=1_000, start_ms=2_000, speed=60.0)


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
