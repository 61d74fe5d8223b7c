"""The controller is gone: two kiosks number and print alone, without a count; afterwards all stand in one order."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from borne.demo.stage import SITE, Pace, Stage, build
from borne.demo.visitor import Visitor
from borne.demo.watch import Watch, read_only
from core.edge.words import say
from core.room.ids import ServiceId
from core.room.passage import order_of_passage
from core.room.phrases import Phrase
from firmware.drivers.control import ControlClient
from firmware.drivers.printer.escpos import encode
from firmware.drivers.printer.profiles import profile
from firmware.kiosk.desk.slip import Slip, draw
from tests.journeys.centre import Centre
from tests.mosquitto import wait_until

CONSULTATION = ServiceId("consultation")
_TROUBLE_S = 5.0
_PRINTER = "epson-tm-t20iii"
"""Which the file printer is, if nothing else is said."""


@pytest.fixture
def stage(tmp_path: Path, pace: Pace) -> Iterator[Stage]:
    built = build(tmp_path / "stage", pace, kiosks=2, has_towns=False)
    yield built
    shutil.rmtree(built.sockets)


@pytest.fixture
def second(stage: Stage, centre: Centre) -> Visitor:
    """A patient before the second kiosk."""
    visitor = Visitor(stage.site, ControlClient(stage.control("kiosk-2"), timeout_s=5), size_px=stage.kiosk_px)
    wait_until(visitor.is_open, what="the second kiosk is open", deadline_s=30)
    return visitor


@pytest.mark.heavy
def test_two_kiosks_alone_and_together_again(centre: Centre, second: Visitor, stage: Stage) -> None:
    centre.come_on_duty("room-1")
    first = centre.visitor
    first.take_ticket(CONSULTATION)
    second.take_ticket(CONSULTATION)
    wait_until(lambda: len(order(stage)) == 2, what="both are taken in")
    centre.wait_for_lamp("room-1", "steady")

    centre.stop("controller")
    cut_s = time.monotonic()
    for room in ("room-1", "room-2"):
        centre.wait_for_lamp(room, "double-flash")
    assert time.monotonic() - cut_s < _TROUBLE_S
    for visitor in (first, second, first, second):
        visitor.take_ticket(CONSULTATION)
    assert newest_slip(stage, "kiosk") == slip_without_a_count(stage, "kiosk")
    assert newest_slip(stage, "kiosk-2") == slip_without_a_count(stage, "kiosk-2")
    centre.kill("kiosk-2")
    wait_until(second.is_open, what="the second kiosk is back, still alone", deadline_s=30)
    second.take_ticket(CONSULTATION)
    centre.press("room-1")
    centre.wait_for_lamp("room-1", "three-short")
    centre.go_on("controller")

    wait_until(lambda: len(order(stage)) == 7, what="all are taken in", deadline_s=30)
    letters = [letter_of_disk(stage, kiosk) for kiosk in ("kiosk", "kiosk-2")]
    one, two = letters
    expected = [f"{one}001", f"{two}001", f"{one}002", f"{two}002", f"{one}003", f"{two}003", f"{two}004"]
    assert order(stage) == expected, "as they were given, and the press of the cut is not done late"
    centre.wait_for_lamp("room-1", "steady")
    centre.press("room-1")
    wait_until(lambda: centre.shows(expected[0], "1"), what="the first is called first")


def order(stage: Stage) -> list[str]:
    """The order of passage, as the site's journal has it."""
    watch = Watch(stage.journal)
    watch.look()
    watch.close()
    return [str(ticket.number) for ticket in order_of_passage(watch.state)]


def issued(stage: Stage, kiosk: str) -> dict[str, Any]:
    """The newest ticket on a kiosk's disk."""
    path = stage.tree.device(SITE, f"{SITE}-{kiosk}") / "data" / "tickets.db"
    with closing(read_only(path)) as db:
        bodies = [json.loads(body) for (body,) in db.execute("SELECT body FROM entry ORDER BY seq")]
    return next(body for body in reversed(bodies) if body["kind"] == "issued")


def letter_of_disk(stage: Stage, kiosk: str) -> str:
    return str(issued(stage, kiosk)["number"][0])


def newest_slip(stage: Stage, kiosk: str) -> bytes:
    folder = stage.slips if kiosk == "kiosk" else stage.slips / kiosk
    return max(folder.glob("*.bin")).read_bytes()


def slip_without_a_count(stage: Stage, kiosk: str) -> bytes:
    """What the newest ticket's slip looks like when nobody can know how many wait."""
    ticket = issued(stage, kiosk)
    printer = profile(_PRINTER)
    given = datetime.fromtimestamp(ticket["at"]["wall_ms"] / 1000, UTC).astimezone(ZoneInfo(stage.site.timezone))
    slip = Slip(
        site_name=stage.site.name,
        number=ticket["number"],
        service=stage.site.services[0].called(ticket["language"]),
        time_text=f"{given:%d/%m/%Y  %H:%M}",
        ahead=None,
        url=f"{stage.site.public_url}/t/{ticket['token']}",
        advice=say(Phrase("slip.advice"), ticket["language"]),
    )
    return encode(draw(slip, printer), printer)
