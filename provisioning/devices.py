"""A centre's folders: its broker, and one per device with everything that the device starts from."""

from __future__ import annotations

from typing import Any

import tomli_w

from broker_config.acl import site_acl
from broker_config.conf import render_site
from core.edge.site import Device
from provisioning.files import write
from provisioning.identity import Registrar
from provisioning.plan import Endpoint, SitePlan
from provisioning.systemd import broker_unit, role_unit
from provisioning.tree import Tree

__all__ = ["make_site"]


def make_site(
    plan: SitePlan, tree: Tree, *, lan: Registrar, uplink: Registrar, central: Endpoint, broker_user: str
) -> None:
    """Write or renew the folders of one centre.

    Args:
        lan: gives the identities that the site's broker knows.
        uplink: gives the one by which the central broker knows the site.

    Raises:
        AuthorityError: a key already there cannot be read.
    """
    site, broker = plan.site, tree.broker(plan.site.id)
    bind = plan.broker.host if plan.broker.is_loopback else None
    lan.equip_broker(broker, hosts=[plan.broker.host])
    write(broker / "mosquitto.conf", render_site(port=plan.broker.port, bind=bind, user=broker_user))
    write(broker / "acl", site_acl(site))
    write(broker / "borne-broker.service", broker_unit())

    site_text = tomli_w.dumps(site.model_dump(mode="json", exclude_none=True, exclude_unset=True))
    for device in site.devices:
        folder = tree.device(site.id, device.id)
        lan.equip(folder, name=device.id)
        if device.role == "controller":
            uplink.equip(folder, name=site.id, stem="uplink", ca="uplink-ca.crt")
        write(folder / "site.toml", site_text)
        write(folder / "device.toml", tomli_w.dumps(_device_table(device, plan.broker, central)))
        write(folder / f"borne-{device.role}.service", role_unit(device.role))


def _device_table(device: Device, broker: Endpoint, central: Endpoint) -> dict[str, Any]:
    table: dict[str, Any] = {
        "site": "site.toml",
        "data": "data",
        "device": {"id": device.id, "role": device.role} | ({"room": device.room} if device.room else {}),
        "link": _link_table(broker, stem="device", ca="ca.crt"),
    }
    if device.role == "controller":
        table["uplink"] = _link_table(central, stem="uplink", ca="uplink-ca.crt")
    return table | device.hardware


def _link_table(endpoint: Endpoint, *, stem: str, ca: str) -> dict[str, Any]:
    return {
        "host": endpoint.host,
        "port": endpoint.port,
        "ca": ca,
        "certificate": f"{stem}.crt",
        "key": f"{stem}.key",
    }
