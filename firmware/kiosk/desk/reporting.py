"""What the controller is told of this disk: its entries until it has them all, and that it has no letter yet.

Rule: nothing is told on a connection before the controller has shown there that it knows this disk; otherwise it would
refuse the disk's tickets.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from core.edge.journal import JournalFault
from core.edge.outbox import Outbox
from core.room.ordering import KioskTime
from core.wire.coding import wrap_reports
from core.wire.messages import Ack, Alert, Kept, LetterWanted, Screen
from firmware.kiosk.desk.store import Store
from firmware.station import Station

__all__ = ["Reporting"]

_LETTER_TTL_S = 5.0
_LETTER_AGAIN_S = 2.0


class Reporting:
    """Over a station; used from the thread that owns it and the disk."""

    def __init__(self, station: Station, store: Store, now: Callable[[], KioskTime]) -> None:
        self._station = station
        self._store = store
        self._now = now
        self._outbox = Outbox(store.journal, self._send)
        self._epoch: str | None = None
        """The controller's journal that was heard last."""
        self._is_listed = False
        self._is_asking = False
        self._ask_again_s = float("-inf")

    @property
    def is_refused(self) -> bool:
        """Whether the controller takes nothing of this disk any more."""
        return self._outbox.refused is not None

    @property
    def alerts(self) -> list[Alert]:
        if not self.is_refused:
            return []
        return [Alert(code="tickets-refused", detail=f"the controller refuses this disk: {self._outbox.refused}")]

    def see(self, screen: Screen) -> None:
        """Take in a screen. A controller with another journal may lack what the one before it had acknowledged."""
        self._is_listed = self._store.disk in screen.letters
        if screen.epoch != self._epoch:
            self._epoch, self._outbox.refused = screen.epoch, None
            self._outbox.link_is_up()

    def link_is_up(self) -> None:
        self._is_listed = False
        self._outbox.link_is_up()

    def offer_the_day(self) -> None:
        """To a controller that has lost it."""
        self._is_listed = False
        count = self._store.count
        self._station.offer(
            Kept(screen=self._station.screen, disk=self._store.disk, letter=count.letter, day=count.day)
        )

    def acknowledged(self, ack: Ack) -> None:
        self._outbox.acknowledged(ack.epoch, ack.upto, time.monotonic(), ack.refused)

    def pump(self) -> None:
        """Tell what may be told now.

        Raises:
            CorruptJournal: it cannot be read.
        """
        if not self._is_listed:
            return
        try:
            self._outbox.pump(time.monotonic())
        except JournalFault as fault:
            self._store.fault = fault

    def want_letter(self) -> None:
        """Ask for one where the newest screen has none for this disk; it comes with a later screen."""
        screen = self._station.screen
        if screen is None or self._store.disk in screen.letters:
            return
        if not self._is_asking and time.monotonic() >= self._ask_again_s:
            wanted = LetterWanted(disk=self._store.disk, letter=self._store.count.letter)
            self._is_asking = self._station.ask(wanted, ttl_s=_LETTER_TTL_S) is not None

    def letter_settled(self) -> None:
        """That question has its end."""
        self._is_asking = False
        self._ask_again_s = time.monotonic() + _LETTER_AGAIN_S

    def _send(self, first: int, bodies: Sequence[bytes]) -> bool:
        oldest, known = self._store.journal.first, self._outbox.known
        beat = self._station.screen.beat if self._station.screen else None
        wrapped = wrap_reports(self._store.disk, first, bodies, self._now(), oldest=oldest, known=known, beat=beat)
        return self._station.publish("evt", wrapped)
