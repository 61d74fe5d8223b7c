"""Where provisioning leaves what belongs to whom.

    out/
      central/authority/            ca.key, ca.crt: signs sites' uplinks, the agent and the central broker
      central/broker/               mosquitto.conf, acl, ca.crt, server.crt, server.key
      central/agent/                agent.toml, ca.crt, agent.crt, agent.key
      sites/{site}/authority/       ca.key, ca.crt: signs the devices of this centre and its broker
      sites/{site}/broker/          as above
      sites/{site}/devices/{id}/    device.toml, site.toml, ca.crt, device.crt, device.key; a controller's uplink

Rule: each folder but `authority` can be carried to its machine as it is, to any place there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Tree"]


@dataclass(frozen=True)
class Tree:
    """The folders under one output folder."""

    out: Path

    @property
    def central_authority(self) -> Path:
        return self.out / "central" / "authority"

    @property
    def central_broker(self) -> Path:
        return self.out / "central" / "broker"

    @property
    def agent(self) -> Path:
        return self.out / "central" / "agent"

    def authority(self, site: str) -> Path:
        return self.out / "sites" / site / "authority"

    def broker(self, site: str) -> Path:
        return self.out / "sites" / site / "broker"

    def device(self, site: str, device: str) -> Path:
        return self.out / "sites" / site / "devices" / device
