"""The command line: what is imported, what is printed, with which code it ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from borne.cli import run
from core.edge.site import Site
from provisioning.tree import Tree


def test_help_names_every_command_with_its_purpose(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["--help"])

    shown = capsys.readouterr().out
    assert ended.value.code == 0
    for command in ("controller", "kiosk", "room", "display", "agent", "provision", "check-config", "demo"):
        assert f"\n  {command} " in shown


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["kioks"],
        ["kiosk"],
        ["check-config", "--config", "device.toml", "--role", "printer"],
        ["demo", "--once", "--windows"],
        ["demo", "--patients", "0"],
        ["demo", "--speed", "1000"],
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(arguments)

    assert ended.value.code == 2
    assert "usage: borne" in capsys.readouterr().err


@pytest.mark.parametrize("role", ["controller", "kiosk", "room", "display", "agent"])
def test_a_file_that_is_not_there_stops_every_role_with_a_sentence(
    role: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([role, "--config", str(tmp_path / "device.toml")]) == 2
    assert "device.toml: cannot be read (No such file or directory)" in capsys.readouterr().err


def test_check_config_prints_defaults_with_what_was_given(
    provisioned: Tree, site_plan: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    file = provisioned.device(site_plan.id, f"{site_plan.id}-controller") / "device.toml"

    assert run(["check-config", "--config", str(file), "--role", "controller"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert 'device.id = "aubagne-controller"' in lines
    assert 'clock.driver = "system"' in lines
    assert f'uplink.ca = "{file.parent / "uplink-ca.crt"}"' in lines


def test_check_config_knows_the_agent_s_file(provisioned: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    file = provisioned.agent / "agent.toml"

    assert run(["check-config", "--config", str(file), "--role", "agent"]) == 0
    assert f'store.url = "sqlite:///{file.parent / "agent.db"}"' in capsys.readouterr().out.splitlines()


def test_check_config_names_the_key_that_is_wrong(
    provisioned: Tree, site_plan: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    file = provisioned.device(site_plan.id, f"{site_plan.id}-controller") / "device.toml"
    file.write_text(file.read_text() + "\n[clok]\n")

    assert run(["check-config", "--config", str(file), "--role", "controller"]) == 2
    assert "clok = {}: no such key; did you mean 'clock'?" in capsys.readouterr().err


def test_a_demo_refuses_a_folder_that_holds_something_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.odt").touch()

    assert run(["demo", "--once", "--out", str(tmp_path)]) == 2
    assert "holds files that no demo made; give an empty folder with --out" in capsys.readouterr().err
    assert (tmp_path / "thesis.odt").exists()


def test_a_command_imports_nothing_of_the_others() -> None:
    program = (
        "import sys; from borne.cli import run; run(['room', '--config', 'none.toml'])\n"
        "others = ('agent', 'provisioning', 'pygame', 'starlette', 'sqlalchemy')\n"
        "print([name for name in others if name in sys.modules])"
    )

    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)

    assert shown.stdout.splitlines()[-1] == "[]"
