"""`borne provision` as a technician meets it: what it writes, says and returns."""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path

import pytest
import tomli_w

from core.edge.site import Site
from provisioning.cli import add_arguments, run


@pytest.fixture
def site_file(tmp_path: Path, site_plan: Site) -> Path:
    file = tmp_path / "aubagne.toml"
    file.write_text(tomli_w.dumps(site_plan.model_dump(mode="json", exclude_none=True)))
    return file


def _run(*arguments: str | Path) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return run(parser.parse_args([str(argument) for argument in arguments]))


def test_a_centre_is_provisioned_from_its_file_alone(
    site_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"

    assert _run("--site", site_file, "--out", out) == 0

    controller = tomllib.loads((out / "sites/aubagne/devices/aubagne-controller/device.toml").read_text())
    assert controller["link"]["host"] == "aubagne-controller.local"
    assert controller["uplink"]["host"] == "file.example"
    assert {controller["link"]["port"], controller["uplink"]["port"]} == {8883}
    printed = capsys.readouterr().out
    folders = [Path(line.rsplit(maxsplit=1)[1]) for line in printed.splitlines()]
    assert len(folders) == 2 + 1 + 6
    assert [folder for folder in folders if not folder.is_dir()] == []


def test_warning_signs_that_no_doctor_has_signed_are_said_and_hold_nothing_up(
    site_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("--site", site_file, "--out", tmp_path / "out") == 0
    assert "aubagne: no doctor has signed the warning signs" in capsys.readouterr().err

    signed = '\n[warning]\nsigned_by = "Dr Vallon, 12/11/2026"\nsigns = [{ fr = "Douleur dans la poitrine" }]\n'
    site_file.write_text(site_file.read_text() + signed)

    assert _run("--site", site_file, "--out", tmp_path / "out") == 0
    assert capsys.readouterr().err == ""


def test_addresses_may_be_given(site_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    addresses = ("--broker", "192.0.2.7:1884", "--central", "hub.example", "--web", "[::1]:8081")
    assert _run("--site", site_file, "--out", out, *addresses) == 0

    kiosk = tomllib.loads((out / "sites/aubagne/devices/aubagne-kiosk-1/device.toml").read_text())
    assert (kiosk["link"]["host"], kiosk["link"]["port"]) == ("192.0.2.7", 1884)
    agent = tomllib.loads((out / "central/agent/agent.toml").read_text())
    assert (agent["link"]["host"], agent["link"]["port"]) == ("hub.example", 8883)
    assert (agent["web"]["host"], agent["web"]["port"]) == ("::1", 8081)


def test_a_wrong_centre_s_file_is_a_failed_check_and_writes_nothing(
    site_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site_file.write_text(site_file.read_text().replace("public_url", "publik_url"))

    assert _run("--site", site_file, "--out", tmp_path / "out") == 1
    assert "did you mean 'public_url'?" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_plan_that_cannot_be_is_a_failed_check_and_writes_nothing(
    site_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("--site", site_file, "--out", tmp_path / "out", "--public-url", "https://other.example") == 1
    assert "slips would lead to https://file.example" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_port_that_is_no_number_is_a_failed_check(
    site_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("--site", site_file, "--out", tmp_path / "out", "--central", "hub.example:mqtt") == 1
    assert "hub.example:mqtt: not an address; give HOST or HOST:PORT" in capsys.readouterr().err


def test_one_broker_for_two_centres_is_wrong_usage(
    site_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("--site", site_file, "--site", site_file, "--out", tmp_path, "--broker", "kiosk.local") == 2
    assert "--broker names one centre's broker" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_a_failed_check(
    site_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("a file")

    assert _run("--site", site_file, "--out", tmp_path / "out") == 1
    assert "give an --out that can be written" in capsys.readouterr().err
