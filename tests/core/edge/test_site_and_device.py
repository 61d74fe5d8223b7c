"""The centre's file and the device file, and what a technician is told of each mistake in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.edge.config import ConfigError, load
from core.edge.device import DeviceFile, load_device
from core.edge.site import Service, Site

_SITE = """
id = "aubagne"
name = "Centre d’Aubagne"
public_url = "https://file.example"

[[services]]
id = "consultation"
name = { fr = "Consultation", en = "Consultation", ar = "استشارة" }

[[rooms]]
id = "room-1"
label = "1"

[[devices]]
id = "aubagne-controller"
role = "controller"

[[devices]]
id = "aubagne-kiosk-1"
role = "kiosk"

[[devices]]
id = "aubagne-room-1"
role = "room"
room = "room-1"
"""

_DEVICE = """
site = "../site.toml"
data = "data"

[device]
id = "aubagne-kiosk-1"
role = "kiosk"

[link]
host = "controller.local"
port = 8883
ca = "ca.crt"
certificate = "device.crt"
key = "device.key"
"""


def _site(tmp_path: Path, text: str = _SITE) -> Site:
    (tmp_path / "site.toml").write_text(text)
    return load(tmp_path / "site.toml", Site)


def _device(tmp_path: Path, text: str = _DEVICE) -> tuple[DeviceFile, Site]:
    (tmp_path / "site.toml").write_text(_SITE)
    (tmp_path / "kiosk").mkdir()
    (tmp_path / "kiosk" / "device.toml").write_text(text)
    return load_device(tmp_path / "kiosk" / "device.toml", DeviceFile, "kiosk")


def test_a_centre_is_read(tmp_path: Path) -> None:
    site = _site(tmp_path)
    assert (site.id, site.timezone) == ("aubagne", "Europe/Paris")
    assert [device.role for device in site.devices] == ["controller", "kiosk", "room"]


def test_a_service_without_a_name_in_a_language_is_called_as_in_french() -> None:
    service = Service(id="small-wound", name={"fr": "Petite blessure", "en": "Small wound"})
    assert [service.called(language) for language in ("fr", "en", "ar")] == [
        "Petite blessure",
        "Small wound",
        "Petite blessure",
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        (
            '"aubagne"',
            '"agent"',
            "id = 'agent': no site may be called 'agent': fq/1/agent/state is the agent's own topic",
        ),
        ('"aubagne"', '"Aubagne"', "id = 'Aubagne': String should match pattern '^[a-z0-9][a-z0-9-]{0,31}$'"),
        ("https://file.example", "file.example", "public_url = 'file.example': String should match pattern"),
        (
            "https://file.example",
            "https://file.example/t",
            "public_url = 'https://file.example/t': String should match",
        ),
        ('fr = "Consultation", ', "", "give it in French at least: { fr = "),
        ("ar = ", "de = ", "services.0.name.de = 'de': must be one of fr, en, es, ar"),
        ('label = "1"', 'label = "Room 1"', "rooms.0.label = 'Room 1': String should have at most 4 characters"),
        (
            '"kiosk"',
            '"kiosc"',
            "devices.1.role = 'kiosc': must be one of controller, kiosk, room, display; did you mean",
        ),
        (
            '"aubagne-kiosk-1"',
            '"aubagne-controller"',
            "site.toml: two devices are called 'aubagne-controller'; give each its own id",
        ),
        (
            'room = "room-1"',
            'room = "room-9"',
            "site.toml: room unit 'aubagne-room-1' stands in 'room-9'; give it a room of ['room-1']",
        ),
        ('role = "kiosk"', 'role = "controller"', "site.toml: two devices are controllers; a site has one"),
        (
            'id = "aubagne"',
            'id = "aubagne"\ntimezone = "Europe/Pariss"',
            "no such time zone; give one like Europe/Paris",
        ),
        ('id = "aubagne"', 'id = "aubagne"\ntimezone = "Europe"', "no such time zone; give one like Europe/Paris"),
        ('id = "aubagne"', 'id = "aubagne"\ntimezone = "../passwd"', "no such time zone; give one like Europe/Paris"),
        ("[[services]]", "[[service]]", "services is missing; add it"),
        (
            "[[services]]",
            "[times]\ngrace_s = 5\n[[services]]",
            "times.grace_s = 5: Input should be greater",
        ),
        (
            "[[services]]",
            "[times]\nrecall_window_s = 60\ngrace_s = 60\n[[services]]",
            "a press within 60 s recalls, and one within 60 s says that nobody came; give grace_s the longer time",
        ),
    ],
)
def test_a_mistake_in_the_centres_file_has_its_sentence(tmp_path: Path, right: str, wrong: str, sentence: str) -> None:
    assert right in _SITE
    with pytest.raises(ConfigError) as refused:
        _site(tmp_path, _SITE.replace(right, wrong))
    assert sentence in str(refused.value)


def test_paths_of_a_device_are_taken_from_the_folder_of_its_file(tmp_path: Path) -> None:
    settings, site = _device(tmp_path)
    folder = tmp_path / "kiosk"
    assert settings.data == folder / "data"
    assert (settings.link.ca, settings.link.certificate, settings.link.key) == (
        folder / "ca.crt",
        folder / "device.crt",
        folder / "device.key",
    )
    assert site.id == "aubagne"
    assert settings.control is None


def test_the_socket_of_the_fakes_is_taken_from_there_too(tmp_path: Path) -> None:
    settings, _ = _device(tmp_path, _DEVICE + '[control]\nsocket = "control"\n')
    assert settings.control is not None
    assert settings.control.socket == tmp_path / "kiosk" / "control"


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ('role = "kiosk"', 'role = "room"', "device.role = 'room': this is the file of another role than 'kiosk'"),
        (
            '"aubagne-kiosk-1"',
            '"trets-kiosk-1"',
            "knows only aubagne-controller, aubagne-kiosk-1, aubagne-room-1",
        ),
        ('"../site.toml"', '"absent.toml"', "absent.toml: cannot be read (No such file or directory)"),
        ("port = 8883", "port = 8883\nprot = 1", "link.prot = 1: no such key; did you mean 'port'?"),
    ],
)
def test_a_mistake_in_a_device_file_has_its_sentence(tmp_path: Path, right: str, wrong: str, sentence: str) -> None:
    assert right in _DEVICE
    with pytest.raises(ConfigError) as refused:
        _device(tmp_path, _DEVICE.replace(right, wrong))
    assert sentence in str(refused.value)
