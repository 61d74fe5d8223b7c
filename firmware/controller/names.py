"""Who holds a ticket, where the centre asks for it: from the kiosk to the room that calls, and no further.

Names are no events. They are in a table of their own beside the journal, and in the memory of the one unit whose room
has called; a name that is lost is missed by nobody, because the number is called.

Rule: a name goes with its ticket: erased when that has ended, and all of them at closing and with a new day, also by
the first turn after a crash. Nothing here writes a name into a log, an alert or an error.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from core.edge.site import Site
from core.room.ids import DeviceId, RoomId, TicketId
from core.room.state import SiteState
from core.room.transitions import ENDED
from core.wire.messages import DeviceState, Named
from firmware.controller.nametable import NameTable, is_damage, open_table

__all__ = ["Names"]

_log = logging.getLogger(__name__)


class Names:
    """Used from the controller's thread."""

    def __init__(self, site: Site, folder: Path, send: Callable[[DeviceId, Named], bool]) -> None:
        """
        Args:
            send: tells a room unit; False when the link is down.
        """
        self.fault: OSError | sqlite3.Error | None = None
        """Why the disk took or erased nothing the last time."""
        self._folder = folder
        self._send = send
        self._units = {
            DeviceId(device.id): RoomId(device.room)
            for device in site.devices
            if device.role == "room" and device.room is not None
        }
        self._table: NameTable | None = None
        self._day = ""
        self._held: dict[TicketId, Named] = {}
        self._over: set[TicketId] = set()
        """Those whose name the disk has not let us erase yet."""
        self._told: dict[DeviceId, tuple[str | None, int, TicketId]] = {}
        """What each unit knows: which start of it, and whose name."""

    def take(self, kiosk: DeviceId, named: Named, state: SiteState) -> None:
        """Keep the name of a ticket that this kiosk has given and that is not over; another one is not kept."""
        ticket = state.tickets.get(named.ticket)
        if ticket is None or ticket.kiosk != kiosk or ticket.state in ENDED or self._table is None:
            return
        try:
            self._table.put(named, self._day)
        except sqlite3.Error as fault:
            self._suffer(fault)
        else:
            self._held[named.ticket], self.fault = named, None

    def follow(self, state: SiteState, fleet: Mapping[DeviceId, DeviceState], *, is_closed: bool) -> None:
        """Erase what is over, then tell the rooms that have called; after each commit.

        Args:
            fleet: the devices as last heard.
            is_closed: whether it is a certain hour at which the centre is closed.
        """
        day = state.day or ""
        if self._table is None and not self._has_opened(day):
            return
        are_over = is_closed or day != self._day
        self._day = day
        for ticket in [one for one in self._held if are_over or _is_over(state, one)]:
            del self._held[ticket]
            self._over.add(ticket)
        self._erase()
        for unit, room in self._units.items():
            self._tell(unit, fleet.get(unit), state, room)

    def close(self) -> None:
        if self._table is not None:
            self._table.close()

    def _has_opened(self, day: str) -> bool:
        try:
            self._table, self._held = open_table(self._folder, day)
        except (OSError, sqlite3.Error) as fault:
            self._suffer(fault)
            return False
        self._day, self.fault = day, None
        return True

    def _erase(self) -> None:
        """What the disk does not let us erase is tried again with every turn."""
        if not self._over or self._table is None:
            return
        try:
            self._table.erase(self._over)
        except sqlite3.Error as fault:
            self._suffer(fault)
        else:
            self._over.clear()
            self.fault = None

    def _tell(self, unit: DeviceId, health: DeviceState | None, state: SiteState, room: RoomId) -> None:
        ticket = state.in_room(room)
        named = self._held.get(ticket.id) if ticket is not None else None
        if health is None or health.state == "lost" or named is None:
            self._told.pop(unit, None)
            return
        known = (health.start, health.boot, named.ticket)
        if self._told.get(unit) != known and self._send(unit, named):
            self._told[unit] = known

    def _suffer(self, fault: OSError | sqlite3.Error) -> None:
        if self.fault is None:
            _log.error("names are neither kept nor erased: %s", fault)
        self.fault = fault
        if self._table is not None and is_damage(fault):
            self._table.close()
            self._table = None  # the next turn overwrites it
            self._held.clear()
            self._over.clear()


def _is_over(state: SiteState, ticket: TicketId) -> bool:
    known = state.tickets.get(ticket)
    return known is None or known.state in ENDED
