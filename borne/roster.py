"""`borne roster`: the plan in and out of files, beside a running agent or without it.

Rule: an import is whole or not at all; the running agent sends it to the sites within two seconds.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from agent.roster.changes import imported
from agent.roster.csv import write_csv
from agent.roster.files import read_file
from agent.roster.ical import write_ical
from agent.roster.plan import Entry, Plan, PlanError, by_id
from agent.settings import AgentFile, load_agent
from agent.store.engine import StoreFault
from agent.store.plans import PlanStore
from core.edge.clock import make_clock
from core.edge.config import ConfigError
from core.room.ids import PractitionerId, SiteId

__all__ = ["add_arguments", "run"]

_DONE, _CHECK_FAILED = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `borne roster`."""
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    take = acts.add_parser("import", help="take a CSV table or an iCalendar file into the plan")
    take.add_argument("file", type=Path, metavar="FILE", help="its shifts replace those of the days that it covers")
    take.add_argument("--site", metavar="SITE", help="the centre of a calendar's events that name none")
    give = acts.add_parser("export", help="print the plan")
    give.add_argument("--site", metavar="SITE", help="of one centre only")
    give.add_argument("--practitioner", metavar="ID", help="of one practitioner only, as a calendar")
    give.add_argument("--format", choices=["csv", "ics"], default="csv")
    for act in (take, give):
        act.add_argument("--config", type=Path, required=True, metavar="FILE", help="the agent's file")


def run(args: argparse.Namespace) -> int:
    """Carry out `borne roster`; returns the exit code.

    Raises:
        ConfigError: the agent's file is wrong, or names no such centre.
    """
    settings = load_agent(args.config)
    if args.site is not None and args.site not in by_id(settings.sites):
        known = ", ".join(sorted(by_id(settings.sites)))
        raise ConfigError(f"{args.config}: no centre is called {args.site!r}; give one of {known}")
    store = PlanStore(settings.store.url)
    try:
        return _import(args, settings, store) if args.act == "import" else _export(args, settings, store)
    except PlanError as error:
        for problem in error.problems:
            print(problem.said("en"), file=sys.stderr)
        print("nothing was changed", file=sys.stderr)
        return _CHECK_FAILED
    except StoreFault as fault:
        print(f"{fault}\nnothing was changed; try again once the database works", file=sys.stderr)
        return _CHECK_FAILED
    finally:
        store.close()


def _import(args: argparse.Namespace, settings: AgentFile, store: PlanStore) -> int:
    try:
        data = args.file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{args.file}: cannot be read ({error.strerror}); give a CSV or iCalendar file") from error
    centres, now_ms = by_id(settings.sites), make_clock(settings.clock).wall_ms()
    entries: list[Entry] = []

    def change(plan: Plan) -> Plan:
        site = None if args.site is None else SiteId(args.site)
        entries.extend(read_file(data, centres, now_ms=now_ms, site=site, known=plan.names))
        return imported(plan, entries, centres)

    store.change(change, now_ms=now_ms)
    print(f"{len(entries)} shifts taken in from {args.file}")
    return _DONE


def _export(args: argparse.Namespace, settings: AgentFile, store: PlanStore) -> int:
    plan, centres = store.read(), by_id(settings.sites)
    site = None if args.site is None else SiteId(args.site)
    if args.format == "csv" and args.practitioner is None:
        sys.stdout.write(write_csv(plan, centres, site))
        return _DONE
    who = None if args.practitioner is None else PractitionerId(args.practitioner)
    now_ms = make_clock(settings.clock).wall_ms()
    sys.stdout.write(write_ical(plan, centres, now_ms=now_ms, site=site, practitioner=who).decode())
    return _DONE
