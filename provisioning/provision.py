"""One act: from a plan to the folders of every machine in it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from provisioning.authority import Authority
from provisioning.central import make_central
from provisioning.devices import make_site
from provisioning.identity import LAN_LIFE, UPLINK_LIFE, Registrar
from provisioning.plan import Plan
from provisioning.tree import Tree

__all__ = ["provision"]


def provision(plan: Plan, out: Path, *, now: datetime) -> Tree:
    """Make what is missing under `out`, bring the rest up to date, keep every key.

    Raises:
        AuthorityError: a key or certificate already there cannot be read.
        OSError: `out` cannot be written.
    """
    tree = Tree(out)
    central = Authority.open(tree.central_authority, "central", now=now)
    uplink = Registrar(authority=central, now=now, life=UPLINK_LIFE)
    make_central(plan, tree, uplink)
    for site_plan in plan.sites:
        site = site_plan.site.id
        lan = Registrar(authority=Authority.open(tree.authority(site), site, now=now), now=now, life=LAN_LIFE)
        make_site(site_plan, tree, lan=lan, uplink=uplink, central=plan.central, broker_user=plan.broker_user)
    return tree
