"""A person before the office, and what is found of its work: on the desk, on the disk and in the printer's tray."""

from __future__ import annotations

import contextlib
import itertools
import json
import sqlite3
from collections.abc import Callable
from zoneinfo import ZoneInfo

from core.edge.site import Site
from core.edge.words import say
from core.room.announce import Circumstances, Said
from core.room.ids import ServiceId
from core.room.outlook import Wait
from core.room.phrases import Phrase
from firmware.drivers.control import ControlClient, ControlSocket
from firmware.drivers.printer import Printer
from firmware.drivers.printer.escpos import encode
from firmware.kiosk.desk.office import Office
from firmware.kiosk.desk.slip import Slip, draw
from firmware.kiosk.dialogue.desk import Answer
from firmware.kiosk.dialogue.errands import Wish
from firmware.kiosk.settings import KioskFile
from tests.mosquitto import wait_until

__all__ = [
    "CONSULTATION", "HERE", "TEN_MS", "WAIT", "Cues", "Kiosk", "OpenOffice",
    "entries", "expected_job", "give", "is_ready", "jobs", "next_wish",
]  # fmt: skip

Kiosk = tuple[KioskFile, Site]
Cues = tuple[ControlSocket, ControlClient]
OpenOffice = Callable[..., Office]
"""Opens one, with the printer of its file or another one."""

CONSULTATION = ServiceId("consultation")
TEN_MS = 1_795_338_000_000
"""Where the kiosk's clock stands: 22 November 2026, 10:00."""
WAIT = Wait(p10_s=1900, p25_s=2300, p50_s=2700, p75_s=3000, p90_s=3200, in_time=80)
HERE = Circumstances(now_ms=TEN_MS, zone=ZoneInfo("Europe/Paris"), is_on_duty=True)

_wishes = itertools.count(1)


def next_wish() -> int:
    return next(_wishes)


def is_ready(office: Office) -> None:
    wait_until(lambda: office.desk.state == "ready", what="the kiosk may give tickets")


def give(office: Office, language: str = "fr") -> Answer:
    wish = Wish(next_wish(), CONSULTATION, language)
    office.give(wish)
    wait_until(lambda: office.desk.answer is not None and office.desk.answer.wish == wish.id, what="an answer")
    assert office.desk.answer
    return office.desk.answer


def entries(kiosk: Kiosk) -> list[dict[str, str]]:
    """What another process finds on the kiosk's disk."""
    with contextlib.closing(sqlite3.connect(kiosk[0].data / "tickets.db")) as db:
        return [json.loads(body) for (body,) in db.execute("SELECT body FROM entry ORDER BY seq")]


def jobs(kiosk: Kiosk) -> list[bytes]:
    return [path.read_bytes() for path in sorted(kiosk[0].printer.folder.glob("*.bin"))]


def expected_job(
    kiosk: Kiosk, printer: Printer, ahead: str | None, time_text: str | None, said: Said | None = None
) -> bytes:
    """The slip of the newest ticket on the disk, in French."""
    ticket = next(entry for entry in reversed(entries(kiosk)) if entry["kind"] == "issued")
    slip = Slip(
        site_name=kiosk[1].name,
        number=ticket["number"],
        service="Consultation",
        time_text=time_text,
        ahead=ahead,
        url=f"{kiosk[1].public_url}/t/{ticket['token']}",
        advice=say(Phrase("slip.advice"), "fr"),
        wait=say(said.wait, "fr") if said else None,
        notes=tuple(say(one, "fr") for one in (said.advice, said.in_time) if one) if said else (),
    )
    return encode(draw(slip, printer.profile), printer.profile)
