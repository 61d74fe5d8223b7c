"""The units: readable by systemd's rules, and restarting whatever dies or hangs."""

from __future__ import annotations

import configparser
from typing import get_args

import pytest

from core.edge.site import Role
from provisioning.systemd import agent_unit, broker_unit, role_unit

_UNITS = {role: role_unit(role) for role in get_args(Role)} | {"agent": agent_unit(), "broker": broker_unit()}

_KNOWN = {
    "Unit": {"Description", "After", "Conflicts", "StartLimitIntervalSec"},
    "Service": {
        "Type",
        "ExecStart",
        "ExecReload",
        "WorkingDirectory",
        "User",
        "SupplementaryGroups",
        "TTYPath",
        "StandardInput",
        "StandardOutput",
        "StandardError",
        "TTYReset",
        "TTYVHangup",
        "Restart",
        "RestartSec",
        "WatchdogSec",
        "NoNewPrivileges",
        "ProtectSystem",
        "ProtectHome",
        "ReadWritePaths",
    },
    "Install": {"WantedBy"},
}
"""systemd.unit(5), systemd.service(5) and systemd.exec(5); systemd ignores what it does not know."""


def _parse(unit: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(unit)
    return parser


@pytest.mark.parametrize("name", _UNITS)
def test_a_unit_holds_known_settings_in_their_sections(name: str) -> None:
    parsed = _parse(_UNITS[name])

    assert set(parsed.sections()) == set(_KNOWN)
    for section, known in _KNOWN.items():
        assert set(parsed[section]) <= known


@pytest.mark.parametrize("name", _UNITS)
def test_whatever_dies_is_started_again_for_ever(name: str) -> None:
    parsed = _parse(_UNITS[name])

    assert parsed["Service"]["Restart"] == "always"
    assert parsed["Unit"]["StartLimitIntervalSec"] == "0"


@pytest.mark.parametrize("name", [name for name in _UNITS if name != "broker"])
def test_a_role_that_hangs_is_restarted_and_starts_from_its_own_folder(name: str) -> None:
    service = _parse(_UNITS[name])["Service"]

    assert service["Type"] == "notify"
    assert service["WatchdogSec"] == "20"
    program, role, option, file = service["ExecStart"].split()
    assert (role, option) == (name, "--config")
    assert program.startswith("/")
    assert file.startswith(service["WorkingDirectory"] + "/")
    assert service["ReadWritePaths"] == service["WorkingDirectory"]


def test_the_console_is_the_kiosk_s_and_no_login_hears_what_is_typed_there() -> None:
    service = _parse(role_unit("kiosk"))["Service"]

    assert (service["TTYPath"], service["StandardInput"]) == ("/dev/tty1", "tty-force")
    assert service["StandardOutput"] == service["StandardError"] == "journal", "they would follow the console"


@pytest.mark.parametrize(
    ("role", "groups"),
    [
        ("controller", set()),
        ("kiosk", {"video", "render", "input", "lp", "gpio", "audio"}),
        ("room", {"video", "render", "input", "gpio"}),
        ("display", {"video", "render", "input", "audio"}),
    ],
)
def test_a_role_may_open_its_screen_its_printer_its_pins_and_its_loudspeaker(role: Role, groups: set[str]) -> None:
    assert set(_parse(_UNITS[role])["Service"].get("SupplementaryGroups", "").split()) == groups


def test_the_broker_s_unit_replaces_debian_s_and_reads_the_access_list_anew_on_reload() -> None:
    parsed = _parse(broker_unit())

    assert parsed["Unit"]["Conflicts"] == "mosquitto.service"
    assert parsed["Service"]["ExecReload"] == "/bin/kill -HUP $MAINPID"
    assert "WatchdogSec" not in parsed["Service"]
