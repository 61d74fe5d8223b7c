"""Where the broker's program comes from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from borne.demo.mosquitto import MosquittoMissing, find_mosquitto, unpack
from provisioning.tree import Tree
from tests.broker.client import Client, context
from tests.mosquitto import Mosquitto


def _program(folder: Path, script: str) -> Path:
    folder.mkdir(parents=True)
    program = folder / "mosquitto"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def test_a_mosquitto_that_is_too_old_or_does_not_run_is_passed_over(tmp_path: Path) -> None:
    _program(tmp_path / "old", "echo mosquitto version 1.6.12; exit 3")
    _program(tmp_path / "broken", "exit 127")
    good = _program(tmp_path / "good", "echo mosquitto version 2.0.11; exit 3")
    path = ":".join(str(tmp_path / name) for name in ("old", "absent", "broken", "good"))

    assert find_mosquitto(tmp_path / "tools", path=path) == good


def test_the_one_unpacked_earlier_is_taken_where_the_machine_has_none(tmp_path: Path) -> None:
    unpacked = _program(tmp_path / "tools" / "mosquitto", "echo mosquitto version 2.0.21; exit 3")

    assert find_mosquitto(tmp_path / "tools", path=str(tmp_path)) == unpacked


def test_where_there_is_none_and_no_apt_one_line_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(MosquittoMissing) as raised:
        find_mosquitto(tmp_path / "tools", path=str(tmp_path))

    assert str(raised.value) == ("mosquitto 2.0.11 or later is missing: install it with this system's package manager")


@pytest.mark.heavy
def test_unpacking_without_root_gives_a_broker_that_lets_a_device_in(
    tmp_path: Path, provisioned: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    _forget_mosquitto(tmp_path, monkeypatch)

    binary = unpack(tmp_path / "tools")

    assert binary
    with (
        Mosquitto(binary, provisioned.broker("aubagne")) as broker,
        Client(broker.port, context(provisioned.device("aubagne", "aubagne-kiosk-1"))) as kiosk,
    ):
        assert kiosk.may_publish("fq/1/aubagne/dev/aubagne-kiosk-1/state")


def _forget_mosquitto(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have apt believe that this machine has neither mosquitto nor its libraries."""
    packages = Path("/var/lib/dpkg/status").read_text().split("\n\n")
    known = re.compile(r"Package: (mosquitto|libmosquitto|libcjson|libdlt|libwrap)")
    (folder / "status").write_text("\n\n".join(package for package in packages if not known.match(package)))
    (folder / "apt.conf").write_text(f'Dir::State::status "{folder / "status"}";\n')
    monkeypatch.setenv("APT_CONFIG", str(folder / "apt.conf"))
