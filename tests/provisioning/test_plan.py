"""What a plan refuses, in sentences that say what to correct."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.edge.site import Device, Site
from provisioning.plan import Endpoint, Plan, PlanError, SitePlan

_CENTRAL = Endpoint(host="file.example", port=8883)


def _endpoint(site: Site) -> Endpoint:
    return Endpoint(host=f"{site.id}.local", port=8883)


def _plan(*sites: Site, central: Endpoint = _CENTRAL, user: str = "borne", url: str = "https://file.example") -> Plan:
    return Plan(
        sites=tuple(SitePlan(site=site, broker=_endpoint(site)) for site in sites),
        central=central,
        web=Endpoint(host="127.0.0.1", port=8080),
        public_url=url,
        broker_user=user,
    )


def _refusal(*sites: Site, central: Endpoint = _CENTRAL, user: str = "borne", url: str = "https://file.example") -> str:
    with pytest.raises(PlanError) as raised:
        _plan(*sites, central=central, user=user, url=url)
    return str(raised.value)


def _with(site: Site, devices: Sequence[Device]) -> Site:
    return site.model_copy(update={"devices": list(devices)})


def test_a_centre_without_a_controller_is_refused(site_plan: Site) -> None:
    assert _refusal(_with(site_plan, site_plan.devices[1:])) == (
        "aubagne: no device is the controller; add one with role = 'controller' to the centre's file"
    )


@pytest.mark.parametrize("table", ["device", "link", "uplink"])
def test_a_hardware_table_may_not_overwrite_what_provisioning_writes(site_plan: Site, table: str) -> None:
    kiosk = Device(id="aubagne-kiosk-1", role="kiosk", hardware={table: {"host": "192.0.2.66"}})

    assert _refusal(_with(site_plan, [site_plan.devices[0], kiosk])) == (
        f"aubagne: aubagne-kiosk-1 has a hardware table {table!r}, which provisioning writes itself; remove it"
    )


def test_two_centres_of_one_name_and_two_brokers_of_one_address_are_refused(site_plan: Site) -> None:
    lines = _refusal(site_plan, site_plan).splitlines()

    assert lines == [
        "2 centres are called 'aubagne'; give each its own id",
        "2 brokers listen on aubagne.local:8883; give each its own port",
    ]


def test_the_central_broker_s_address_is_its_own(site_plan: Site) -> None:
    assert _refusal(site_plan, central=_endpoint(site_plan)) == (
        "2 brokers listen on aubagne.local:8883; give each its own port"
    )


def test_slips_that_lead_elsewhere_than_to_the_agent_are_refused(site_plan: Site) -> None:
    assert _refusal(site_plan, url="https://other.example") == (
        "aubagne: slips would lead to https://file.example, but the agent answers at https://other.example; "
        "correct public_url in the centre's file or give --public-url"
    )


def test_a_user_that_would_add_a_line_to_the_broker_s_configuration_is_refused(site_plan: Site) -> None:
    assert "is no user's name" in _refusal(site_plan, user="borne\nallow_anonymous true")


@pytest.mark.parametrize("host", ["", "kiosk 1", "-x", "a\nb", "host/path", "a..b", "x" * 64])
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(PlanError, match="is no host; give a name like"):
        Endpoint(host=host, port=8883)


@pytest.mark.parametrize("host", ["kiosk-1.local", "file.example", "192.0.2.7", "2001:db8::7", "localhost"])
def test_names_and_addresses_are_hosts(host: str) -> None:
    assert Endpoint(host=host, port=8883).host == host


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_what_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(PlanError, match="is no port; give one of 1 to 65535"):
        Endpoint(host="localhost", port=port)
