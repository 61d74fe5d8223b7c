"""What happens behind the screen: one thread that owns the disk, the printer and the link.

A wish comes in from the screen; a number goes to the disk, the ticket to the controller, the slip to the printer, and
the answer back. The screen waits for none of them: whenever it is woken it reads `desk`, whole and immutable. Nor does
a call for help: while the printer works, on a thread of its own, this one calls the team and hears who comes.

Rule: nothing ends this thread but `stop`. A disk that cannot be opened is tried again every second, and says so.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from core.edge.clock import Clock
from core.edge.disk import disk_alert
from core.edge.journal import CorruptJournal, JournalFault
from core.edge.site import Site
from core.room.ids import SiteId
from core.wire.messages import Alert
from firmware.drivers.printer import Printer
from firmware.inbox import Arrived, Inbox, LinkChanged
from firmware.kiosk.desk.attended import AttendedPrinter
from firmware.kiosk.desk.clerk import Clerk
from firmware.kiosk.desk.store import open_store
from firmware.kiosk.desk.team import Helpline
from firmware.kiosk.dialogue.desk import Answer, Desk
from firmware.kiosk.dialogue.errands import CallTeam, Errand, Present, PrintAgain, Wish
from firmware.kiosk.settings import KioskFile
from firmware.station import Settled, Station

__all__ = ["Office"]

_log = logging.getLogger(__name__)

_Item = Arrived | LinkChanged | Errand
_TICK_S = 1.0
_CALLING_TICK_S = 0.2
"""While nobody has confirmed a call for help, so that it is said in time."""
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
        self._printer = AttendedPrinter(printer, self._attend)
        self._wake = wake
        self._inbox: Inbox[_Item] = Inbox()
        self._waiting: deque[_Item] = deque()
        """Taken from the inbox, to be done."""
        self._clerk: Clerk | None = None
        """None while the disk does not let one work."""
        self._stopping = threading.Event()
        self._beat_s = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="office", daemon=True)
        self.beside: tuple[Alert, ...] = ()
        """What is wrong with hardware that is not the office's; replaced whole."""
        self._faults: dict[str, Alert] = {}
        self._outage: Station | None = None
        """Says from afar what is wrong, while there is no clerk …"""
        self._helpline: Helpline | None = None
        """… and calls the team for a patient."""
        self._open_again_s = float("-inf")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End after the slip that is being printed."""
        self._stopping.set()
        self._thread.join(_STOP_S)

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive() and time.monotonic() - self._beat_s < _ALIVE_S

    def give(self, wish: Errand) -> None:
        """Ask for a ticket, or for the place of a slip; the answer appears on the desk."""
        self._inbox.put(wish)

    def _run(self) -> None:
        self._clerk = self._open()
        if self._clerk is not None:
            self._clerk = self._work(self._clerk, None)  # the printer is known before anybody wants a slip
        while not self._stopping.is_set():
            self._beat_s = time.monotonic()
            if not self._waiting:
                self._waiting += self._inbox.take(_CALLING_TICK_S if self.desk.team == "asked" else _TICK_S)
            item = self._waiting.popleft() if self._waiting else None
            self._clerk = self._clerk or self._open()
            if self._clerk is not None:
                self._clerk = self._work(self._clerk, item)
            else:
                self._work_without(item)
        for worker in (self._clerk, self._outage):
            if worker is not None:
                worker.stop()

    def _attend(self) -> None:
        """While the printer works: the centre is heard and the team called; any other errand waits for the slip."""
        self._waiting += self._inbox.take(0.0)
        urgent = [item for item in self._waiting if isinstance(item, Arrived | LinkChanged | CallTeam)]
        self._waiting = deque(item for item in self._waiting if item not in urgent)
        if self._clerk is not None:
            self._clerk.attend(urgent)
            self._show(self._clerk.desk)

    def _work(self, clerk: Clerk, item: _Item | None) -> Clerk | None:
        """Have an item done; None when the journal turns out to be damaged: it is set aside when it is opened again."""
        try:
            if item is not None:
                clerk.take(item)
                self._show(clerk.desk)
            is_idle = not self._waiting and self._inbox.is_empty
            clerk.tick([*self._faults.values(), *self.beside], is_idle=is_idle)
            self._show(clerk.desk)
        except CorruptJournal as error:
            _log.error("%s", error)
            clerk.stop()
            if isinstance(item, Errand):
                self._decline(item)
            return None
        except Exception as error:
            _log.exception("the office failed at %s", type(item).__name__)
            self._faults["program-fault"] = Alert(
                code="program-fault", detail=f"{type(error).__name__}: {error}; see the log"
            )
            if isinstance(item, Errand):
                self._decline(item)
        return clerk

    def _work_without(self, item: _Item | None) -> None:
        """No clerk, no ticket; but the team can be called."""
        if self._outage is None or self._helpline is None:
            return
        match item:
            case CallTeam():
                self._helpline.call()
            case Arrived() | LinkChanged():
                if isinstance(self._outage.handle(item), Settled):
                    self._helpline.settle()
            case Wish() | Present() | PrintAgain():
                self._decline(item)
        if self._outage.late_questions():
            self._helpline.settle()
        self._helpline.look()
        self._show(replace(self.desk, team=self._helpline.state))

    def _open(self) -> Clerk | None:
        """Open the disk and begin to work; None while the disk does not let us."""
        if time.monotonic() < self._open_again_s:
            return None
        try:
            clerk = self._opened()
        except (JournalFault, CorruptJournal, OSError) as fault:
            self._open_again_s = time.monotonic() + _TICK_S
            self._suffer(fault)
            return None
        if self._outage is not None:
            self._outage.stop()
            self._outage = self._helpline = None
        clerk.start()
        self._show(clerk.desk)
        return clerk

    def _opened(self) -> Clerk:
        store, aside = open_store(self._settings.data / "tickets.db")
        if aside is not None:
            _log.error("the journal was damaged; it is kept as %s", aside)
            self._faults["journal-set-aside"] = Alert(
                code="journal-set-aside", detail=f"the damaged journal is kept as {aside.name}"
            )
        with contextlib.ExitStack() as undo:
            undo.callback(store.journal.close)
            clerk = Clerk(
                self._settings,
                self._site,
                store,
                clock=self._clock,
                printer=self._printer,
                inbox=self._inbox,
            )
            undo.pop_all()
        return clerk

    def _suffer(self, fault: Exception) -> None:
        """Say on the screen and in the health that no ticket can be given."""
        if self._outage is None or self._helpline is None:
            _log.error("no ticket can be given: %s", fault)
            self._outage = Station(self._settings, SiteId(self._site.id), leaves=["answer"], inbox=self._inbox)
            self._helpline = Helpline(self._outage)
            self._outage.start()
        self._outage.link.watch()
        wrong = [*self._faults.values(), *self.beside, *self._helpline.alerts]
        self._outage.tell([*wrong, disk_alert(fault, self._settings.data)])
        self._show(replace(self.desk, state="out-of-order"))

    def _decline(self, wish: Errand) -> None:
        if self.desk.answer is None or self.desk.answer.wish != wish.id:
            self._show(replace(self.desk, answer=Answer(wish.id, None)))

    def _show(self, desk: Desk) -> None:
        if desk != self.desk:
            self.desk = desk
            self._wake()
