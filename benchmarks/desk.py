"""A kiosk's real back office, on a real disk, and its printer behind a real socket; no panel."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.centre import Centre, Child, start, wait_until
from core.edge.clock import make_clock
from core.room.ids import ServiceId
from firmware.drivers.printer import make_printer
from firmware.kiosk.desk.office import Office
from firmware.kiosk.dialogue.errands import Wish
from firmware.kiosk.settings import load_kiosk

__all__ = ["MODEL", "PAUSE_S", "Desk", "paper"]

MODEL = "epson-tm-t20iii"
PAUSE_S = 0.05
"""Between two patients, however quick: time to prepare the next code."""


@contextlib.contextmanager
def paper(folder: Path, *says: str) -> Iterator[tuple[Child, dict[str, Any]]]:
    """A network printer, and the hardware tables of a kiosk that prints there."""
    with start(sys.executable, "-m", "benchmarks.paper", *says, log=folder / "paper.log") as printer:
        table = {"driver": "tcp", "profile": MODEL, "host": "127.0.0.1", "port": int(printer.hear())}
        yield printer, {"panel": {"driver": "dummy", "width": 1280, "height": 800}, "printer": table}


class Desk:
    """The back office, ready to give tickets."""

    def __init__(self, centre: Centre, printer: Child) -> None:
        settings, site = load_kiosk(centre.device("kiosk") / "device.toml")
        self._changed = threading.Event()
        self._printer = printer
        self._driver = make_printer(settings.printer, None)
        self._office = Office(
            settings, site, clock=make_clock(settings.clock), printer=self._driver, wake=self._changed.set
        )
        self._office.start()
        self._wish = 0
        wait_until(lambda: self._office.desk.state == "ready", "the kiosk has its letter")

    def one_ticket(self) -> float:
        """Seconds from the wish to the last byte."""
        time.sleep(PAUSE_S)
        self._wish += 1
        began_s = time.monotonic()
        self._office.give(Wish(id=self._wish, service=ServiceId("consultation"), language="fr"))
        printed_s = float(self._printer.hear())
        wait_until(lambda: (answer := self._office.desk.answer) is not None and answer.wish == self._wish, "the answer")
        return printed_s - began_s

    def close(self) -> None:
        self._office.stop()
        self._driver.close()
