"""From a centre's file to the folder of every machine."""

from __future__ import annotations

import stat
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any, get_args

import pytest
from cryptography import x509

from agent.settings import load_agent
from broker_config.acl import site_acl
from core.edge.config import load
from core.edge.device import DeviceFile, load_device
from core.edge.opening import OpeningTable, Weekday
from core.edge.place import Place
from core.edge.reception import ReceptionTable, WarningTable
from core.edge.site import Device, Room, Service, Site
from firmware.drivers.gpio.settings import ButtonSettings, LgpioSettings
from firmware.drivers.sound import Words
from firmware.drivers.sound.settings import AplaySoundSettings
from firmware.kiosk.settings import load_kiosk
from provisioning.identity import LAN_LIFE
from provisioning.plan import Endpoint, Plan, SitePlan
from provisioning.provision import provision
from provisioning.tree import Tree
from scripts.clips import wanted

_RUNBOOKS = Path(__file__).parents[2] / "docs" / "runbooks"
_NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def _plan(site: Site, *, host: str = "aubagne-controller.local", clock: dict[str, Any] | None = None) -> Plan:
    return Plan(
        sites=(SitePlan(site=site, broker=Endpoint(host=host, port=8883)),),
        central=Endpoint(host="file.example", port=8883),
        web=Endpoint(host="127.0.0.1", port=8080),
        public_url=site.public_url,
        agent_clock=clock,
    )


def _table(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text())


def _contents(out: Path) -> dict[Path, tuple[bytes, int]]:
    return {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in out.rglob("*") if file.is_file()}


def _certificate(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


@pytest.fixture
def tree(tmp_path: Path, site_plan: Site) -> Tree:
    return provision(_plan(site_plan), tmp_path, now=_NOW)


def test_a_room_unit_s_file_names_its_room_and_its_broker(tree: Tree) -> None:
    assert _table(tree.device("aubagne", "aubagne-room-2") / "device.toml") == {
        "site": "site.toml",
        "data": "data",
        "device": {"id": "aubagne-room-2", "role": "room", "room": "room-2"},
        "link": {
            "host": "aubagne-controller.local",
            "port": 8883,
            "ca": "ca.crt",
            "certificate": "device.crt",
            "key": "device.key",
        },
    }


def test_a_device_starts_from_its_file(tree: Tree, site_plan: Site) -> None:
    for device in site_plan.devices:
        if device.role != "controller":
            folder = tree.device("aubagne", device.id)
            settings, site = load_device(folder / "device.toml", DeviceFile, device.role)

            assert (settings.device.id, settings.data, site) == (device.id, folder / "data", site_plan)
            assert [settings.link.ca, settings.link.certificate, settings.link.key] == [
                folder / name for name in ("ca.crt", "device.crt", "device.key")
            ]


def test_the_runbook_s_kiosk_comes_out_with_its_loudspeaker_and_its_key_and_its_clips_can_be_made(
    tmp_path: Path, site_plan: Site
) -> None:
    runbook = (_RUNBOOKS / "a-kiosk-that-speaks.md").read_text()
    (device,) = tomllib.loads(dedent(runbook.partition("```toml\n")[2].partition("```")[0]))["devices"]
    hardware = device["hardware"] | {"panel": {"driver": "dummy"}, "printer": {"driver": "file", "folder": "slips"}}
    speaking = Device.model_validate(device | {"hardware": hardware})
    site = site_plan.model_copy(update={"devices": [*site_plan.devices, speaking]})
    folder = provision(_plan(site), tmp_path, now=_NOW).device("aubagne", speaking.id)

    kiosk, _ = load_kiosk(folder / "device.toml")

    assert kiosk.sound == AplaySoundSettings(
        driver="aplay", device="plughw:CARD=Headphones", clips=Path("/var/lib/borne/kiosk/clips")
    )
    assert kiosk.gpio == LgpioSettings(driver="lgpio", call=ButtonSettings(pin=17, nc_pin=22))
    assert Words("Centre de Aubagne", "fr") in wanted("fr", load(folder / "site.toml", Site))


def test_only_the_controller_has_an_uplink_and_there_it_is_the_site(tree: Tree, site_plan: Site) -> None:
    folders = {device.id: tree.device("aubagne", device.id) for device in site_plan.devices}

    assert [name for name, folder in folders.items() if "uplink" in _table(folder / "device.toml")] == [
        "aubagne-controller"
    ]
    controller = folders["aubagne-controller"]
    assert _table(controller / "device.toml")["uplink"] == {
        "host": "file.example",
        "port": 8883,
        "ca": "uplink-ca.crt",
        "certificate": "uplink.crt",
        "key": "uplink.key",
    }
    assert _certificate(controller / "uplink.crt").subject.rfc4514_string() == "CN=aubagne"
    assert _certificate(controller / "device.crt").subject.rfc4514_string() == "CN=aubagne-controller"
    assert [file for name, folder in folders.items() for file in folder.glob("uplink*") if folder != controller] == []


def test_the_agent_s_file_names_its_broker_its_store_its_address_and_its_centres(
    tmp_path: Path, site_plan: Site
) -> None:
    tree = provision(_plan(site_plan, clock={"driver": "system"}), tmp_path, now=_NOW)

    assert _table(tree.agent / "agent.toml") == {
        "link": {
            "host": "file.example",
            "port": 8883,
            "ca": "ca.crt",
            "certificate": "agent.crt",
            "key": "agent.key",
        },
        "store": {"url": "sqlite:///agent.db"},
        "web": {"host": "127.0.0.1", "port": 8080, "public_url": "https://file.example"},
        "sites": [
            {
                "id": "aubagne",
                "name": site_plan.name,
                "timezone": "Europe/Paris",
                "rooms": {"room-1": "1", "room-2": "2"},
            }
        ],
        "clock": {"driver": "system"},
    }


def test_every_file_that_a_machine_is_told_of_lies_beside(tree: Tree) -> None:
    named = [
        file.parent / table[key]
        for file in tree.out.rglob("*.toml")
        if file.name != "site.toml"
        for table in _table(file).values()
        if isinstance(table, dict)
        for key in ("ca", "certificate", "key")
        if key in table
    ]
    named += [
        conf.parent / line.split()[1]
        for conf in tree.out.rglob("mosquitto.conf")
        for line in conf.read_text().splitlines()
        if line.startswith(("cafile", "certfile", "keyfile", "acl_file"))
    ]

    assert len(named) == 3 * (6 + 1 + 1) + 4 * 2
    assert [file for file in named if not file.is_file()] == []


def test_hardware_tables_are_copied_as_they_stand(tmp_path: Path, site_plan: Site) -> None:
    hardware = {"printer": {"driver": "usblp", "width_dots": 576}, "panel": {"size_mm": [155.5, 86]}}
    kiosk = Device(id="aubagne-kiosk-1", role="kiosk", hardware=hardware)
    controller = Device(id="aubagne-controller", role="controller")
    site = site_plan.model_copy(update={"devices": [controller, kiosk]})

    tree = provision(_plan(site), tmp_path, now=_NOW)

    table = _table(tree.device("aubagne", "aubagne-kiosk-1") / "device.toml")
    assert {name: table[name] for name in hardware} == hardware


def test_each_device_carries_the_centre_s_file(tree: Tree, site_plan: Site) -> None:
    copies = [load(tree.device("aubagne", device.id) / "site.toml", Site) for device in site_plan.devices]

    assert copies == [site_plan] * 6


def test_the_centre_s_file_keeps_its_hours_and_what_each_room_is_there_for(tmp_path: Path, site_plan: Site) -> None:
    opening = OpeningTable(week=dict.fromkeys(get_args(Weekday), "09:00-22:00"), holidays="closed", holiday_region="57")
    care = Service(id="care", name={"fr": "Soins"}, is_care=True)
    rooms = [*site_plan.rooms, Room(id="room-3", label="3", services=["care"])]
    site = site_plan.model_copy(update={"opening": opening, "services": [*site_plan.services, care], "rooms": rooms})

    tree = provision(_plan(site), tmp_path, now=_NOW)

    assert load(tree.device("aubagne", "aubagne-controller") / "site.toml", Site) == site


def test_the_centre_s_file_keeps_what_its_kiosks_show_and_the_agent_learns_where_it_is_and_no_code(
    tmp_path: Path, site_plan: Site
) -> None:
    child = Service(id="child", name={"fr": "Enfant"}, phrase={"fr": "moins de 3 ans"}, pictogram="child")
    site = site_plan.model_copy(
        update={
            "services": [*site_plan.services, child],
            "reception": ReceptionTable(asks_name=True, corner_code="271828"),
            "warning": WarningTable(signs=[{"fr": "Douleur dans la poitrine"}], signed_by="Dr Vallon, 12/11/2026"),
            "place": Place(latitude=43.2927, longitude=5.5703),
            "opening": OpeningTable(every_day="09:00-22:00"),
        }
    )

    tree = provision(_plan(site), tmp_path, now=_NOW)

    assert load(tree.device("aubagne", "aubagne-kiosk-1") / "site.toml", Site) == site
    (told,) = load_agent(tree.agent / "agent.toml").sites
    assert (told.place, told.opening) == (site.place, site.opening)
    assert [
        file for file in (tmp_path / "central").rglob("*") if file.is_file() and b"271828" in file.read_bytes()
    ] == []


def test_private_keys_are_for_their_owner_only(tree: Tree) -> None:
    keys = list(tree.out.rglob("*.key"))

    assert len(keys) == 6 + 1 + 1 + 2 + 2, "devices, uplink, agent, brokers, authorities"
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}
    assert len({key.read_bytes() for key in keys}) == len(keys), "no two machines share a key"


def test_a_key_left_open_by_a_copy_is_closed_again(tree: Tree, site_plan: Site) -> None:
    key = tree.device("aubagne", "aubagne-display") / "device.key"
    key.chmod(0o644)

    provision(_plan(site_plan), tree.out, now=_NOW)

    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_second_run_touches_no_file(tree: Tree, site_plan: Site) -> None:
    before = _contents(tree.out)

    provision(_plan(site_plan), tree.out, now=_NOW + timedelta(days=30))

    assert _contents(tree.out) == before


def test_a_device_that_leaves_the_plan_leaves_the_access_list_and_nothing_else_changes(
    tree: Tree, site_plan: Site
) -> None:
    before = _contents(tree.out)
    fewer = site_plan.model_copy(update={"devices": site_plan.devices[:-1]})

    provision(_plan(fewer), tree.out, now=_NOW)

    after = _contents(tree.out)
    assert {file.name for file in after if after[file] != before[file]} == {"acl", "site.toml"}
    assert (tree.broker("aubagne") / "acl").read_text() == site_acl(fewer)
    assert "aubagne-display" not in site_acl(fewer)


def test_a_broker_that_moves_gets_a_new_certificate_for_its_old_key(tree: Tree, site_plan: Site) -> None:
    broker = tree.broker("aubagne")
    key = (broker / "server.key").read_bytes()

    provision(_plan(site_plan, host="192.0.2.7"), tree.out, now=_NOW)

    names = _certificate(broker / "server.crt").extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == ["192.0.2.7"]
    assert (broker / "server.key").read_bytes() == key


@pytest.mark.parametrize(("age", "is_renewed"), [(LAN_LIFE / 2 - timedelta(days=1), False), (LAN_LIFE / 2, True)])
def test_a_certificate_is_renewed_at_half_its_life_for_the_same_key(
    tree: Tree, site_plan: Site, *, age: timedelta, is_renewed: bool
) -> None:
    folder = tree.device("aubagne", "aubagne-kiosk-1")
    old, key = _certificate(folder / "device.crt"), (folder / "device.key").read_bytes()

    provision(_plan(site_plan), tree.out, now=_NOW + age)

    new = _certificate(folder / "device.crt")
    assert (new != old) == is_renewed
    assert new.public_key() == old.public_key()
    assert (folder / "device.key").read_bytes() == key


def test_a_centre_with_a_new_authority_gets_new_certificates(tree: Tree, site_plan: Site) -> None:
    folder = tree.device("aubagne", "aubagne-kiosk-1")
    old = _certificate(folder / "device.crt")
    (tree.authority("aubagne") / "ca.key").unlink()

    provision(_plan(site_plan), tree.out, now=_NOW)

    assert _certificate(folder / "device.crt").public_key() == old.public_key()
    _certificate(folder / "device.crt").verify_directly_issued_by(_certificate(folder / "ca.crt"))


def test_a_centre_s_devices_and_the_network_trust_different_authorities(tree: Tree) -> None:
    controller = tree.device("aubagne", "aubagne-controller")

    assert (controller / "ca.crt").read_bytes() == (tree.broker("aubagne") / "ca.crt").read_bytes()
    assert (controller / "uplink-ca.crt").read_bytes() == (tree.central_broker / "ca.crt").read_bytes()
    assert (controller / "ca.crt").read_bytes() != (controller / "uplink-ca.crt").read_bytes()
