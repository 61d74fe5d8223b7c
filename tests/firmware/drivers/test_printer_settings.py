"""The `[printer]` table: what is wrong is named, with the nearest that would be right."""

import pytest

from core.edge.config import ConfigError, Settings, load
from firmware.drivers.printer import PrinterSettings
from firmware.drivers.printer.profiles import profile, profile_names


class DeviceFile(Settings):
    printer: PrinterSettings


def refusal(tmp_path, table: str) -> str:
    path = tmp_path / "kiosk.toml"
    path.write_text(f"[printer]\n{table}", encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load(path, DeviceFile)
    return str(refused.value)


def test_an_unknown_profile_is_refused_with_the_nearest_name(tmp_path):
    said = refusal(tmp_path, 'driver = "usb"\nprofile = "epson-tm-t20"')

    assert "'epson-tm-t20'" in said
    assert "did you mean 'epson-tm-t20ii'?" in said


def test_an_unknown_driver_is_refused_with_the_nearest_name(tmp_path):
    assert "must be one of usb, tcp, file; did you mean 'usb'?" in refusal(tmp_path, 'driver = "usbb"')


def test_an_unknown_key_is_refused(tmp_path):
    said = refusal(tmp_path, 'driver = "tcp"\nprofile = "generic-80"\nhost = "printer"\nprot = 9100')

    assert "prot" in said
    assert "did you mean 'port'?" in said


def test_every_profile_can_be_read_and_fits_its_paper():
    for name in profile_names():
        assert 46 < profile(name).width_mm <= 73
