"""What is there before a journey begins: what time it is, who is planned, who came before, which line leads out.

Rule: written into the files from which the real processes start, or taken in by the command that a centre would use.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import tomli_w

from borne.cli import run
from borne.demo.stage import SITE, Pace, Stage
from core.edge.journal import Journal
from core.room.events import TicketIssued
from core.wire.coding import encode_record
from tests.agent.site import Day, records
from tests.chaos.proxy import Proxy

__all__ = ["at", "internet_of", "people_who_wait", "plan", "starting_at", "wires_of"]

_CURTAIN_S = 6.0
"""How long the processes usually take to come up: so long before its hour the story's clock begins."""


def at(hour: str) -> int:
    """An instant in Aubagne, `2026-11-22 20:40`, in milliseconds."""
    return int(datetime.fromisoformat(hour).replace(tzinfo=ZoneInfo("Europe/Paris")).timestamp()) * 1000


def starting_at(hour: str, speed: float) -> Pace:
    """The clock that shows this hour about when the centre has opened, and runs so many times faster."""
    now_ms = time.time_ns() // 1_000_000
    return Pace(origin_ms=now_ms + int(_CURTAIN_S * 1000), start_ms=at(hour), speed=speed)


def plan(stage: Stage, *shifts: str) -> None:
    """Have the agent plan these and no others: lines like `room-2,Dr Vallon,2026-11-22T09:00,2026-11-22T22:00`."""
    rows = ["site,room,practitioner,name,begins,ends"]
    for shift in shifts:
        room, name, begins, ends = shift.split(",")
        rows.append(f"{SITE},{room},{name.lower().replace(' ', '-')},{name},{begins},{ends}")
    file = stage.out / "plan.csv"
    file.write_text("\n".join(rows))
    assert run(["roster", "import", str(file), "--config", str(stage.tree.agent / "agent.toml")]) == 0


def people_who_wait(stage: Stage, hours: Sequence[str]) -> list[TicketIssued]:
    """Those who came before the story begins, one at each of these hours, as the controller's disk has them."""
    day = Day(hours[0][:10])
    people = [replace(day.issue(), ordered_at_ms=at(hour), key_ms=at(hour)) for hour in hours]
    stage.journal.parent.mkdir(parents=True, exist_ok=True)
    with Journal(stage.journal) as journal:
        journal.append([encode_record(one) for one in records(*day.opening, *people, at_ms=at(hours[-1]))])
    return people


@contextmanager
def internet_of(stage: Stage) -> Iterator[Proxy]:
    """The centre's line, whose wire `uplink` can be cut."""
    file = stage.tree.device(SITE, f"{SITE}-controller") / "device.toml"
    with Proxy({"uplink": stage.broker_ports["central-broker"]}) as proxy:
        settings = tomllib.loads(file.read_text())
        settings["uplink"] |= {"port": proxy.ports["uplink"], "retry_limit_s": 1.0}
        file.write_text(tomli_w.dumps(settings))
        yield proxy


@contextmanager
def wires_of(stage: Stage, *names: str) -> Iterator[Proxy]:
    """The wires between devices and the centre's broker, by name of the process; each can be cut."""
    with Proxy(dict.fromkeys(names, stage.broker_ports["site-broker"])) as proxy:
        for name in names:
            file = stage.tree.device(SITE, f"{SITE}-{name}") / "device.toml"
            settings = tomllib.loads(file.read_text())
            settings["link"] |= {"port": proxy.ports[name], "retry_limit_s": 1.0}
            file.write_text(tomli_w.dumps(settings))
        yield proxy
