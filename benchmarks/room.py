"""A room unit that presses, and a display that sees it: the real stations, on the processes of a real centre."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.centre import SITE, Centre, wait_until
from core.edge.device import load_device
from core.edge.journal import Journal
from core.room.commands import ComeOnDuty, Press, Requeue
from core.room.events import DayOpened, Event, Record, TicketIssued
from core.room.ids import RoomId, SiteId
from core.wire.coding import encode_record
from core.wire.messages import Screen
from firmware.display.settings import DisplayFile
from firmware.inbox import Arrived, Inbox, LinkChanged
from firmware.room.settings import RoomFile
from firmware.station import ScreenChanged, Station

__all__ = ["EVENING_MS", "PressedRoom", "evening_clock", "lay"]

EVENING_MS = 1_795_366_800_000
"""22 November 2026, 18:00 in Aubagne."""
_ROOM = RoomId("room-1")
_TTL_S = 3.0
_LATE_S = 10.0


def evening_clock() -> Mapping[str, Any]:
    """A `[clock]` table: it is 18:00 now, and time goes on as it does."""
    return {"driver": "scaled", "origin_ms": time.time_ns() // 1_000_000, "start_ms": EVENING_MS, "speed": 1.0}


def lay(centre: Centre, history: Sequence[Record[Event]]) -> TicketIssued:
    """Lay a journal on the controller's disk; returns the first ticket of its last day."""
    data = centre.device("controller") / "data"
    data.mkdir(exist_ok=True)
    with Journal(data / "site.journal") as journal:
        journal.append([encode_record(record) for record in history])
    opened = max(place for place, record in enumerate(history) if isinstance(record.event, DayOpened))
    return next(record.event for record in history[opened:] if isinstance(record.event, TicketIssued))


class PressedRoom:
    """The first who waits is called, seen, and put back at the place that they had: every press finds the same day."""

    def __init__(self, centre: Centre, first: TicketIssued) -> None:
        """
        Args:
            first: of those who wait.
        """
        self._first = first
        self._asks: Inbox[Arrived | LinkChanged] = Inbox()
        self._sees: Inbox[Arrived | LinkChanged] = Inbox()
        settings, _ = load_device(centre.device("room-1") / "device.toml", RoomFile, "room")
        display, _ = load_device(centre.device("display") / "device.toml", DisplayFile, "display")
        self._unit = Station(settings, SiteId(SITE), leaves=["answer"], inbox=self._asks)
        self._display = Station(display, SiteId(SITE), leaves=[], inbox=self._sees)
        for station in (self._unit, self._display):
            station.start()
        wait_until(self._is_ready, "the controller is heard")
        self._ask(ComeOnDuty(room=_ROOM))
        self._when(lambda screen: any(one.room == _ROOM and one.duty == "on" for one in screen.rooms))

    def press(self) -> tuple[float, float]:
        """The monotonic seconds of the press, and of the call on the big screen."""
        self._listen()
        pressed_s = time.monotonic()
        self._ask(Press(room=_ROOM))
        return pressed_s, self._when(lambda screen: any(call.number == self._first.number for call in screen.calls))

    def put_back(self) -> None:
        """Back among those who wait, and seen there."""
        self._ask(Requeue(ticket=self._first.ticket))
        self._when(lambda screen: screen.waiting[0].number == self._first.number)

    def close(self) -> None:
        for station in (self._unit, self._display):
            station.stop()

    def _ask(self, act: ComeOnDuty | Press | Requeue) -> None:
        if self._unit.ask(act, ttl_s=_TTL_S) is None:
            raise AssertionError("the controller was not reached")

    def _when(self, is_so: Callable[[Screen], bool]) -> float:
        """The monotonic second at which the big screen is first seen to be so."""
        end_s = time.monotonic() + _LATE_S
        while time.monotonic() < end_s:
            for item in self._sees.take(_LATE_S):
                news = self._display.handle(item)
                if isinstance(news, ScreenChanged) and is_so(news.screen):
                    return time.monotonic()
        raise TimeoutError(f"not on the big screen within {_LATE_S:g} s")

    def _listen(self) -> None:
        """Take in what came since the last press."""
        for station, inbox in ((self._unit, self._asks), (self._display, self._sees)):
            for item in inbox.take(0):
                station.handle(item)

    def _is_ready(self) -> bool:
        self._listen()
        return self._unit.screen_is_fresh() and self._display.screen_is_fresh()
