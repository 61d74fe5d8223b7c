"""The network's folders: the central broker and the agent."""

from __future__ import annotations

from typing import Any

import tomli_w

from broker_config.acl import central_acl
from broker_config.conf import render_central
from core.edge.site import Site
from provisioning.files import write
from provisioning.identity import Registrar
from provisioning.plan import Plan
from provisioning.systemd import agent_unit, broker_unit
from provisioning.tree import Tree

__all__ = ["make_central"]


def make_central(plan: Plan, tree: Tree, registrar: Registrar) -> None:
    """Write or renew the folders of the central broker and of the agent.

    Raises:
        AuthorityError: a key already there cannot be read.
    """
    broker, agent = tree.central_broker, tree.agent
    bind = plan.central.host if plan.central.is_loopback else None
    registrar.equip_broker(broker, hosts=[plan.central.host])
    write(broker / "mosquitto.conf", render_central(port=plan.central.port, bind=bind, user=plan.broker_user))
    write(broker / "acl", central_acl())
    write(broker / "borne-broker.service", broker_unit())

    registrar.equip(agent, name="agent", stem="agent")
    write(agent / "agent.toml", tomli_w.dumps(_agent_table(plan)))
    write(agent / "borne-agent.service", agent_unit())


def _agent_table(plan: Plan) -> dict[str, Any]:
    table: dict[str, Any] = {
        "link": {
            "host": plan.central.host,
            "port": plan.central.port,
            "ca": "ca.crt",
            "certificate": "agent.crt",
            "key": "agent.key",
        },
        "store": {"url": "sqlite:///agent.db"},
        "web": {"host": plan.web.host, "port": plan.web.port, "public_url": plan.public_url},
        "sites": [_site_table(one.site) for one in plan.sites],
    }
    if plan.agent_clock is not None:
        table["clock"] = dict(plan.agent_clock)
    return table


def _site_table(site: Site) -> dict[str, Any]:
    return {
        "id": site.id,
        "name": site.name,
        "timezone": site.timezone,
        "rooms": {room.id: room.label for room in site.rooms},
        # Where it is and when it is open: what the other centres are told of it.
        **site.model_dump(mode="json", include={"place", "opening"}, exclude_none=True),
    }
