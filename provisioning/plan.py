"""What is to be provisioned, checked as a whole before the first file is written."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.edge.site import Device, Site

__all__ = ["Endpoint", "Plan", "PlanError", "SitePlan", "controller_of"]

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})*", re.IGNORECASE)
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_OWN_TABLES = frozenset({"device", "link", "uplink"})
"""Tables of a device's file that provisioning itself fills."""


class PlanError(Exception):
    """A plan that cannot be carried out; the message is one line per thing to correct."""


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where a server listens, as those who connect to it say it."""

    host: str
    port: int

    def __post_init__(self) -> None:
        """Refuse what could not be connected to.

        Raises:
            PlanError: no host name or address, or no port.
        """
        if not (_is_address(self.host) or _HOST.fullmatch(self.host)):
            raise PlanError(f"{self.host!r} is no host; give a name like kiosk-1.local or an address like 192.0.2.7")
        if not 0 < self.port < 65536:
            raise PlanError(f"{self.port} is no port; give one of 1 to 65535, usually 8883")

    @property
    def is_loopback(self) -> bool:
        return self.host == "localhost" or (_is_address(self.host) and ipaddress.ip_address(self.host).is_loopback)


@dataclass(frozen=True, kw_only=True)
class SitePlan:
    """A centre, and where its broker listens."""

    site: Site
    broker: Endpoint


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Some centres, the central broker and the agent."""

    sites: tuple[SitePlan, ...]
    central: Endpoint
    web: Endpoint
    """Where the agent's pages are served; a proxy usually stands before it."""
    public_url: str
    """What phones open; the same at every centre."""
    broker_user: str = "borne"
    """Who the brokers become if root starts them; must be able to read the keys."""
    agent_clock: Mapping[str, Any] | None = None
    """The agent's `[clock]`, where it is not the machine's."""

    def __post_init__(self) -> None:
        """Check the plan as a whole.

        Raises:
            PlanError: with every reason at once.
        """
        problems = [*self._problems(), *(line for plan in self.sites for line in _site_problems(plan.site))]
        if problems:
            raise PlanError("\n".join(problems))

    def _problems(self) -> Iterator[str]:
        for site, count in Counter(plan.site.id for plan in self.sites).items():
            if count > 1:
                yield f"{count} centres are called {site!r}; give each its own id"
        endpoints = Counter([self.central, *(plan.broker for plan in self.sites)])
        for endpoint, count in endpoints.items():
            if count > 1:
                yield f"{count} brokers listen on {endpoint.host}:{endpoint.port}; give each its own port"
        for plan in self.sites:
            if plan.site.public_url != self.public_url:
                yield (
                    f"{plan.site.id}: slips would lead to {plan.site.public_url}, but the agent answers at "
                    f"{self.public_url}; correct public_url in the centre's file or give --public-url"
                )
        if not _USER.fullmatch(self.broker_user):
            yield f"{self.broker_user!r} is no user's name; give the one who runs mosquitto"


def controller_of(site: Site) -> Device:
    """The site's only controller; that there is at most one, `Site` sees to.

    Raises:
        PlanError: there is none.
    """
    for device in site.devices:
        if device.role == "controller":
            return device
    raise PlanError(f"{site.id}: no device is the controller; add one with role = 'controller' to the centre's file")


def _site_problems(site: Site) -> Iterator[str]:
    try:
        controller_of(site)
    except PlanError as error:
        yield str(error)
    for device in site.devices:
        for table in sorted(_OWN_TABLES & device.hardware.keys()):
            yield f"{site.id}: {device.id} has a hardware table {table!r}, which provisioning writes itself; remove it"


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
