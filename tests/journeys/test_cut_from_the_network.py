"""The internet is down all evening, and was all month: nothing changes at the centre, the phones are told how old their
page is, and afterwards everything is told in order while new patients come.
"""

from __future__ import annotations

import re
import shutil
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
import tomli_w

from borne.demo.ports import HOST
from borne.demo.stage import SITE, Pace, Stage, build
from borne.demo.watch import Watch, read_only
from core.edge.clock import ScaledClock
from core.edge.journal import Journal
from core.room.ids import ServiceId
from core.wire.coding import encode_record
from tests.agent.site import Day, records
from tests.chaos.proxy import Proxy
from tests.journeys.centre import EVENING_MS, Centre
from tests.mosquitto import wait_until

CONSULTATION = ServiceId("consultation")
_DAYS, _PATIENTS = 20, 150
"""Of a busy centre, 12,000 events: far more than the week that a cut may last."""
_DAY_MS = 24 * 60 * 60 * 1000


@pytest.fixture
def stage(tmp_path: Path, pace: Pace) -> Iterator[Stage]:
    built = build(tmp_path / "stage", pace, has_towns=False)
    _fill(built.journal)
    yield built
    shutil.rmtree(built.sockets)


@pytest.fixture
def internet(stage: Stage) -> Iterator[Proxy]:
    """The centre's line, cut from the beginning."""
    with Proxy({"uplink": stage.broker_ports["central-broker"]}) as proxy:
        file = stage.tree.device(SITE, f"{SITE}-controller") / "device.toml"
        settings = tomllib.loads(file.read_text())
        settings["uplink"]["port"] = proxy.ports["uplink"]
        settings["uplink"]["retry_limit_s"] = 1.0
        file.write_text(tomli_w.dumps(settings))
        proxy.cut("uplink", "loud")
        yield proxy


@pytest.fixture
def agent(stage: Stage) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://{HOST}:{stage.web_port}", timeout=5, trust_env=False) as client:
        yield client


@pytest.fixture
def cut_off(internet: Proxy, centre: Centre) -> Centre:
    return centre


def _fill(path: Path) -> None:
    """The journal of a month that nobody could be told."""
    path.parent.mkdir(parents=True)
    with Journal(path) as journal:
        for n in range(_DAYS, 0, -1):
            at_ms = EVENING_MS - n * _DAY_MS
            events = Day(f"{datetime.fromtimestamp(at_ms / 1000, ZoneInfo('Europe/Paris')):%Y-%m-%d}").busy(_PATIENTS)
            journal.append([encode_record(record) for record in records(*events, at_ms=at_ms)])


def test_a_month_without_the_internet(cut_off: Centre, internet: Proxy, stage: Stage, agent: httpx.Client) -> None:
    cut_off.come_on_duty("room-1")
    for _ in range(8):
        cut_off.visitor.take_ticket(CONSULTATION)
    cut_off.wait_for_lamp("room-1", "steady")
    alone = [press_to_lamp(cut_off) for _ in range(3)]
    assert len(cut_off.slips()) == 8
    assert agent.get(f"/api/v1/sites/{SITE}").json()["waiting"] is None, "the network has never heard of the centre"

    internet.heal("uplink")
    began_s = time.monotonic()
    wait_until(lambda: waiting(agent) is not None, what="the page has caught up", deadline_s=20)
    caught_up_s, at_first = time.monotonic() - began_s, told(stage)
    draining = []
    while not draining or told(stage) < journal_end(stage):
        draining.append(press_to_lamp(cut_off))
    drained_s = time.monotonic() - began_s

    print(f"page right after {caught_up_s:.2f} s with {at_first} of {journal_end(stage)} events stored, all after")
    print(f"{drained_s:.2f} s; press to lamp {max(alone):.3f} s alone, {max(draining):.3f} s during the drain")
    assert max(draining) < 0.5
    wait_until(lambda: stored(stage) == on_the_disk(stage), what="everything once, in order")
    wait_until(lambda: waiting(agent) == in_the_room(stage), what="the page is the centre's own picture")


def test_the_page_says_how_old_it_is_while_the_centre_cannot_be_heard(
    cut_off: Centre, internet: Proxy, stage: Stage, clock: ScaledClock, agent: httpx.Client
) -> None:
    internet.heal("uplink")
    cut_off.come_on_duty("room-1")
    cut_off.visitor.take_ticket(CONSULTATION)
    wait_until(lambda: waiting(agent) == 1, what="the page is the centre's", deadline_s=20)
    assert "Situation à" in agent.get(f"/c/{SITE}?lang=fr").text

    from_ms = clock.wall_ms()
    internet.cut("uplink", "loud")
    wait_until(
        lambda: "Sans nouvelles du centre depuis" in agent.get(f"/c/{SITE}?lang=fr").text, what="the page says so"
    )
    until_ms = clock.wall_ms()

    for _ in range(2):
        cut_off.visitor.take_ticket(CONSULTATION)
    cut_off.wait_for_lamp("room-1", "steady")
    cut_off.press("room-1")
    wait_until(lambda: cut_off.shows("B001", "1"), what="the big screen shows B001 → Salle 1")
    page = agent.get(f"/c/{SITE}?lang=fr").text
    as_of = re.search(r"depuis[^0-9]*(\d\d:\d\d)", page)
    assert as_of, page
    assert clock_time(from_ms) <= as_of.group(1) <= clock_time(until_ms)
    assert waiting(agent) == 1, "what was true then"

    for name in ("central-broker", "agent"):
        cut_off.stop(name)
    cut_off.visitor.take_ticket(CONSULTATION)
    for name in ("central-broker", "agent"):
        cut_off.go_on(name)
    internet.heal("uplink")

    wait_until(lambda: waiting(agent) == 3, what="the page has caught up", deadline_s=30)
    wait_until(lambda: stored(stage) == on_the_disk(stage), what="everything once, in order", deadline_s=30)


def press_to_lamp(centre: Centre) -> float:
    """Real seconds from a tap to the lamp's answer, debouncing included."""
    wait_until(lambda: centre.lamp("room-1") in {"steady", "off"}, what="the lamp is at rest")
    began_s = time.monotonic()
    centre.press("room-1")
    wait_until(lambda: centre.lamp("room-1") in {"one-long", "three-short"}, what="an answer")
    return time.monotonic() - began_s


def clock_time(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, ZoneInfo('Europe/Paris')):%H:%M}"


def waiting(agent: httpx.Client) -> int | None:
    count = agent.get(f"/api/v1/sites/{SITE}").json()["waiting"]
    return None if count is None else int(count)


def on_the_disk(stage: Stage) -> list[tuple[int, str]]:
    """The site's journal."""
    with closing(read_only(stage.journal)) as db:
        return [(seq, body.decode()) for seq, body in db.execute("SELECT seq, body FROM entry ORDER BY seq")]


def journal_end(stage: Stage) -> int:
    with closing(read_only(stage.journal)) as db:
        return int(db.execute("SELECT max(seq) FROM entry").fetchone()[0])


def stored(stage: Stage) -> list[tuple[int, str]]:
    """What the agent has of it."""
    with closing(read_only(stage.tree.agent / "agent.db")) as db:
        return list(db.execute("SELECT seq, body FROM event ORDER BY seq"))


def told(stage: Stage) -> int:
    with closing(read_only(stage.tree.agent / "agent.db")) as db:
        return int(db.execute("SELECT coalesce(max(upto), 0) FROM stream").fetchone()[0])


def in_the_room(stage: Stage) -> int:
    watch = Watch(stage.journal)
    watch.look()
    watch.close()
    return sum(ticket.state == "waiting" for ticket in watch.state.tickets.values())
