"""What happens behind the screen: one thread that owns the disk, the printer and the link.

A wish comes in from the screen; a number goes to the disk, the ticket to the controller, the slip to the printer, and
the answer back. The screen waits for none of them: whenever it is woken it reads `desk`, whole and immutable.

Rule: nothing ends this thread but `stop`. A disk that cannot be opened is tried again every second, and says so.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from core.edge.clock import Clock
from core.edge.journal import CorruptJournal, JournalFault
from core.edge.site import Site
from core.wire.messages import Alert
from firmware.drivers.printer import Printer
from firmware.inbox import Arrived, LinkChanged
from firmware.kiosk.clerk import Clerk
from firmware.kiosk.flow import Answer, Desk, Wish
from firmware.kiosk.health import alert
from firmware.kiosk.settings import KioskFile
from firmware.kiosk.store import open_store

__all__ = ["Office"]

_log = logging.getLogger(__name__)

_TICK_S = 1.0
_ALIVE_S = 15.0
"""Longest rightful silence: a slip of 8 s, questions to a mute printer, a disk that waits 5 s for a lock."""
_STOP_S = 12.0


class Office:
    """Used from the thread of the screen."""

    def __init__(
        self, settings: KioskFile, site: Site, *, clock: Clock, printer: Printer, wake: Callable[[], None]
    ) -> None:
        """
        Args:
            wake: called from the office's thread when `desk` has changed.
        """
        self.desk = Desk()
        self._settings = settings
        self._site = site
        self._clock = clock
        self._printer = printer
        self._wake = wake
        self._inbox: queue.SimpleQueue[Arrived | LinkChanged | Wish] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._beat_s = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="office", daemon=True)
        self._faults: dict[str, Alert] = {}

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End after the slip that is being printed."""
        self._stopping.set()
        self._thread.join(_STOP_S)

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive() and time.monotonic() - self._beat_s < _ALIVE_S

    def give(self, wish: Wish) -> None:
        """Ask for a ticket; the answer appears on the desk."""
        self._inbox.put(wish)

    def _run(self) -> None:
        clerk = self._open()
        while not self._stopping.is_set():
            self._beat_s = time.monotonic()
            item = self._next_item()
            clerk = clerk or self._open()
            if clerk is not None:
                self._work(clerk, item)
            elif isinstance(item, Wish):
                self._decline(item)
        if clerk is not None:
            clerk.stop()

    def _next_item(self) -> Arrived | LinkChanged | Wish | None:
        try:
            return self._inbox.get(timeout=_TICK_S)
        except queue.Empty:
            return None

    def _work(self, clerk: Clerk, item: Arrived | LinkChanged | Wish | None) -> None:
        try:
            if item is not None:
                clerk.take(item)
                self._show(clerk.desk)
            clerk.tick(list(self._faults.values()), is_idle=self._inbox.empty())
            self._show(clerk.desk)
        except Exception as error:
            _log.exception("the office failed at %s", type(item).__name__)
            self._faults["program-fault"] = alert("program-fault", f"{type(error).__name__}: {error}; see the log")
            if isinstance(item, Wish):
                self._decline(item)

    def _open(self) -> Clerk | None:
        """Open the disk and begin to work; None while the disk does not let us."""
        try:
            clerk = self._opened()
        except (JournalFault, CorruptJournal, OSError) as error:
            if self.desk.state != "out-of-order":
                _log.error("no ticket can be given: %s", error)
            self._show(replace(self.desk, state="out-of-order"))
            return None
        clerk.start()
        self._show(clerk.desk)
        return clerk

    def _opened(self) -> Clerk:
        store, aside = open_store(self._settings.data / "tickets.db")
        if aside is not None:
            _log.error("the journal was damaged; it is kept as %s", aside)
            self._faults["journal-set-aside"] = alert(
                "journal-set-aside", f"the damaged journal is kept as {aside.name}"
            )
        with contextlib.ExitStack() as undo:
            undo.callback(store.journal.close)
            clerk = Clerk(
                self._settings,
                self._site,
                store,
                clock=self._clock,
                printer=self._printer,
                enqueue=self._inbox.put,
            )
            undo.pop_all()
        return clerk

    def _decline(self, wish: Wish) -> None:
        if self.desk.answer is None or self.desk.answer.wish != wish.id:
            self._show(replace(self.desk, answer=Answer(wish.id, None)))

    def _show(self, desk: Desk) -> None:
        if desk != self.desk:
            self.desk = desk
            self._wake()
