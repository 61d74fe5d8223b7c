"""A printer that behaves badly on cue, at the end of each kind of line: what the patient sees, what the ticket and the
health say, and that nothing of it comes out later. One kiosk process for each line, looked at from outside.
"""

from __future__ import annotations

import base64
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
import tomli_w
import zxingcpp
from PIL import Image

from core.room.ids import Number
from core.wire.messages import IssuedReport, PrintedReport
from firmware.drivers.control import ControlClient, ControlError
from firmware.drivers.panel import make_panel
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.flow import flow_of
from firmware.kiosk.dialogue.pages import NotPrinted, Page, Start, Taken
from firmware.kiosk.dialogue.targets import Begin, Done, PrintNow, Target
from firmware.kiosk.settings import load_kiosk
from firmware.kiosk.sheets.sheet import sheet_of
from provisioning.provision import provision
from tests.conftest import make_plan, make_site
from tests.firmware.kiosk.hand import HandController
from tests.firmware.kiosk.printers import Transport, Trouble, addresses, make_rig
from tests.mosquitto import Mosquitto, wait_until

_PUBLIC = "https://file.example/t/"
_SETTLED_S = 0.35
"""A page is deaf for a quarter of a second after it has appeared."""
_SPEED = 10
"""Of the clock by which the kiosk looks at its printer now and then."""
_WELL = Desk(state="ready", waiting=0)
_WELL_AGAIN = replace(_WELL, can_print_again=True)
Outcome = Literal["printed", "failed", "unknown"]


class Person:
    """In front of a kiosk process: a finger and two eyes."""

    def __init__(self, config: Path, control: Path) -> None:
        self._settings, self._site = load_kiosk(config)
        self._cues = ControlClient(control)

    def touch(self, target: Target, page: Page, desk: Desk = _WELL) -> None:
        """Put a finger where that page has it, once it is not deaf any more."""
        zones, _ = self._drawn(page, desk)
        appeared_s = time.monotonic()
        wait_until(lambda: time.monotonic() - appeared_s > _SETTLED_S, what="the page listens")
        x, y = zones[target]
        self._cues.call("panel", "touch", x=x, y=y)

    def sees(self, page: Page, *desks: Desk) -> None:
        """Wait for exactly that page, with one of these desks behind it."""
        wanted = [self._drawn(page, desk)[1] for desk in desks or (_WELL,)]
        wait_until(lambda: self.frame() in wanted, what=f"the screen shows {page}", deadline_s=15)

    def photographs(self) -> list[str]:
        """The addresses on the screen."""
        return [code.text for code in zxingcpp.read_barcodes(self._picture())]

    def frame(self) -> bytes:
        """Empty while there is none."""
        try:
            return self._picture().tobytes()
        except ControlError:
            return b""

    def _picture(self) -> Image.Image:
        return Image.open(io.BytesIO(base64.b64decode(str(self._cues.call("panel", "frame")["png"]))))

    def _drawn(self, page: Page, desk: Desk) -> tuple[dict[Target, tuple[int, int]], bytes]:
        import pygame

        from firmware.kiosk.drawing.view import View

        panel = make_panel(self._settings.panel)
        try:
            view = View(panel)
            view.show(sheet_of(replace(flow_of(self._site), page=page), desk, self._site))
            return {zone.target: zone.rect.center for zone in view.zones}, pygame.image.tobytes(panel.surface, "RGB")
        finally:
            panel.close()


class Kiosk:
    """A kiosk with a printer, its controller, and a person before it."""

    def __init__(self, transport: Transport, folder: Path, mosquitto: Path, stack: ExitStack) -> None:
        site = make_site("aubagne")
        tree = provision(make_plan(site), folder / "provisioned", now=datetime.now(tz=UTC))
        stack.enter_context(Mosquitto(mosquitto, tree.broker(site.id)))
        self.controller = stack.enter_context(HandController(tree.device(site.id, f"{site.id}-controller"), site.id))
        control = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="borne-"))) / "control"
        self.rig = make_rig(transport, folder, control)
        stack.callback(self.rig.close)
        config = tree.device(site.id, f"{site.id}-kiosk-1") / "device.toml"
        now_ms = time.time_ns() // 1_000_000
        hardware = {
            "panel": {"driver": "dummy", "width": 800, "height": 480, "width_mm": 154},
            "printer": self.rig.table,
            "control": {"socket": str(control)},
            "clock": {"driver": "scaled", "origin_ms": now_ms, "start_ms": now_ms, "speed": _SPEED},
        }
        config.write_text(config.read_text() + "\n" + tomli_w.dumps(hardware))
        process = subprocess.Popen(
            [sys.executable, "-m", "borne", "kiosk", "--config", config],
            env=os.environ | {"SDL_VIDEODRIVER": "dummy", "PYGAME_HIDE_SUPPORT_PROMPT": "1"},
        )
        stack.callback(process.wait, 20)
        stack.callback(process.terminate)
        self.person = Person(config, control)
        wait_until(lambda: bool(self.controller.letters and self.controller.states), what="it has its letter")

    def take_a_ticket(self) -> IssuedReport:
        """Touch the screen for one; the controller hears of it."""
        before = len(self.controller.issued)
        ready = Desk(state="ready", waiting=before)
        self.person.sees(Start(), ready)
        self.person.touch(Begin(), Start(), ready)
        wait_until(lambda: len(self.controller.issued) > before, what="a ticket is given")
        return self.controller.issued[-1]

    def outcomes(self, ticket: IssuedReport) -> list[str]:
        """All that was told of its slip."""
        told = self.controller.reports.values()
        return [one.outcome.value for one in told if isinstance(one, PrintedReport) and one.ticket == ticket.ticket]

    def is_alerted(self, code: str | None) -> bool:
        return self.controller.alerts == ({code} if code else set())


@pytest.fixture(scope="module", params=["usb", "tcp", "file"])
def kiosk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, mosquitto_binary: Path
) -> Iterator[Kiosk]:
    with ExitStack() as stack:
        yield Kiosk(request.param, tmp_path_factory.mktemp(request.param), mosquitto_binary, stack)


@dataclass(frozen=True)
class Row:
    """One trouble, and what it comes to."""

    trouble: Trouble
    outcome: Outcome
    alerts: tuple[str | None, ...]
    """What the health says, by the nature of the line; None is that all is well."""
    is_forgotten: bool = True
    """Whether the health has nothing more to say once the printer is well, before it has printed the next slip."""


ROWS = [
    Row("none", "printed", (None,)),
    Row("unasked status", "printed", (None,)),
    Row("paper out", "failed", ("paper-out",)),
    Row("cover open", "failed", ("cover-open",)),
    Row("unplugged", "failed", ("printer-absent",)),
    Row("mute", "failed", ("printer-mute",)),
    Row("paper ends in the slip", "unknown", ("paper-out",)),
    Row("power lost in the slip", "unknown", (None,)),
    # A socket takes what its printer does not: there it looks mute.
    Row("stall", "unknown", ("printer-stalled", "printer-mute"), is_forgotten=False),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.trouble)
def test_what_patient_ticket_and_technician_are_told_and_that_nothing_comes_later(kiosk: Kiosk, row: Row) -> None:
    before = addresses(kiosk.rig)
    kiosk.rig.begin(row.trouble)

    ticket = kiosk.take_a_ticket()

    url = _PUBLIC + ticket.token
    if row.outcome == "printed":
        page: Page = Taken(Number(ticket.number))
        kiosk.person.sees(page)
        assert kiosk.person.photographs() == []
    else:
        page = NotPrinted(Number(ticket.number), url, is_sure=row.outcome == "failed")
        kiosk.person.sees(page, _WELL, _WELL_AGAIN)
        assert kiosk.person.photographs() == [url], "to be photographed"
    wait_until(lambda: kiosk.outcomes(ticket) == [row.outcome], what="the ticket says it")
    wait_until(lambda: any(map(kiosk.is_alerted, row.alerts)), what=f"the health says {row.alerts}")

    kiosk.rig.end(row.trouble)
    if row.is_forgotten:
        wait_until(lambda: kiosk.is_alerted(None), what="all is well again")
    if row.outcome != "printed":
        kiosk.person.sees(page, _WELL_AGAIN)
    kiosk.person.touch(Done(), page, _WELL if row.outcome == "printed" else _WELL_AGAIN)
    following = kiosk.take_a_ticket()
    kiosk.person.sees(Taken(Number(following.number)))
    kiosk.person.touch(Done(), Taken(Number(following.number)))
    wait_until(lambda: kiosk.outcomes(following) == ["printed"], what="the next slip is out")
    wait_until(lambda: kiosk.is_alerted(None), what="all is well again")
    assert addresses(kiosk.rig) == [*before, *([url] if row.outcome == "printed" else []), _PUBLIC + following.token]
    assert kiosk.outcomes(ticket) == [row.outcome]


def test_who_still_stands_there_has_the_slip_printed_when_the_new_roll_is_in(kiosk: Kiosk) -> None:
    before = addresses(kiosk.rig)
    kiosk.rig.begin("paper out")
    ticket = kiosk.take_a_ticket()
    page = NotPrinted(Number(ticket.number), _PUBLIC + ticket.token, is_sure=True)
    kiosk.person.sees(page)
    kiosk.rig.end("paper out")
    kiosk.person.sees(page, _WELL_AGAIN)
    assert addresses(kiosk.rig) == before, "nobody has asked"

    kiosk.person.touch(PrintNow(), page, _WELL_AGAIN)

    kiosk.person.sees(Taken(Number(ticket.number)))
    wait_until(lambda: kiosk.outcomes(ticket) == ["failed", "reprinted"], what="the ticket says it")
    assert addresses(kiosk.rig) == [*before, _PUBLIC + ticket.token]
    kiosk.person.touch(Done(), Taken(Number(ticket.number)))
