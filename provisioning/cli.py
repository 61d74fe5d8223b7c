"""Commands for technicians.

exit code   meaning
0           done
1           a check failed; the lines on standard error say what to correct
2           wrong usage
3           the device cannot be reached
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from core.edge.clock import SystemClock
from core.edge.config import ConfigError, load
from core.edge.site import Site
from provisioning.authority import AuthorityError
from provisioning.plan import Endpoint, Plan, PlanError, SitePlan, controller_of
from provisioning.provision import provision

__all__ = ["add_arguments", "run"]

_DONE, _CHECK_FAILED, _USAGE = 0, 1, 2

_UNSIGNED = (
    "{site}: no doctor has signed the warning signs, so its kiosks show the usual ones; "
    "have one read them, and add [warning] with signs and signed_by to the centre's file"
)

_PORT = 8883
"""Registered with IANA for MQTT over TLS."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `borne provision`."""
    parser.add_argument("--site", type=Path, action="append", required=True, metavar="FILE", help="a centre's file")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="one folder per machine goes here")
    parser.add_argument("--broker", metavar="HOST[:PORT]", help="the centre's broker (its controller's .local name)")
    parser.add_argument("--central", metavar="HOST[:PORT]", help="the central broker (the host of public_url)")
    parser.add_argument("--web", default="127.0.0.1:8080", metavar="HOST:PORT", help="where the agent serves pages")
    parser.add_argument("--public-url", metavar="URL", help="what phones open (the first centre's public_url)")
    parser.add_argument(
        "--broker-user", default="borne", metavar="NAME", help="who the brokers become if root starts them"
    )


def run(args: argparse.Namespace) -> int:
    """Carry out `borne provision`; returns the exit code."""
    if args.broker and len(args.site) > 1:
        print("--broker names one centre's broker; give one --site with it", file=sys.stderr)
        return _USAGE
    try:
        plan = _plan(args)
        tree = provision(plan, args.out, now=datetime.fromtimestamp(SystemClock().wall_ms() / 1000, tz=UTC))
    except (ConfigError, PlanError, AuthorityError) as error:
        print(error, file=sys.stderr)
        return _CHECK_FAILED
    except OSError as error:
        print(f"{error.filename}: {error.strerror}; give an --out that can be written", file=sys.stderr)
        return _CHECK_FAILED
    print(f"central broker   {tree.central_broker}\nagent            {tree.agent}")
    for site_plan in plan.sites:
        site = site_plan.site
        print(f"{site.id}: broker   {tree.broker(site.id)}")
        for device in site.devices:
            print(f"{site.id}: {device.role:<8} {tree.device(site.id, device.id)}")
        if site.warning is None and any(device.role == "kiosk" for device in site.devices):
            print(_UNSIGNED.format(site=site.id), file=sys.stderr)
    return _DONE


def _plan(args: argparse.Namespace) -> Plan:
    sites = [load(path, Site) for path in args.site]
    public_url = args.public_url or sites[0].public_url
    return Plan(
        sites=tuple(
            SitePlan(site=site, broker=_endpoint(args.broker or f"{controller_of(site).id}.local")) for site in sites
        ),
        central=_endpoint(args.central or urlsplit(public_url).hostname or ""),
        web=_endpoint(args.web),
        public_url=public_url,
        broker_user=args.broker_user,
    )


def _endpoint(text: str) -> Endpoint:
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise PlanError(f"{text}: not an address; give HOST or HOST:PORT") from error
    return Endpoint(host=host or "", port=_PORT if port is None else port)
