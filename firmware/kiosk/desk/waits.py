"""What the kiosk says of a wait, from the newest screen of the controller.

Rule: what a slip says is what is reported, and nothing is reported that nobody was told.
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from core.edge.site import Site
from core.room.announce import Said, longest, of_newcomer, of_ticket
from core.room.ids import Number, RoomId, ServiceId
from core.room.outlook import Told, Wait
from core.wire.messages import Screen
from firmware.around import around

__all__ = ["Promise", "Waits"]


@dataclass(frozen=True, slots=True)
class Promise:
    """What a slip says of the wait."""

    said: Said | None = None
    wait: Wait | None = None
    """The forecast behind it; None when no figure is said."""


class Waits:
    """Of one centre; of a controller that is not heard, None, nothing is said."""

    def __init__(self, site: Site) -> None:
        self._zone = ZoneInfo(site.timezone)
        self._labels = {RoomId(room.id): room.label for room in site.rooms}
        self._offered = [ServiceId(service.id) for service in site.offered]

    def of_newcomer(self, screen: Screen | None) -> Said | None:
        """What the start page says."""
        if screen is None:
            return None
        waits = {service: screen.newcomers[service] for service in self._offered if service in screen.newcomers}
        return of_newcomer(longest(waits), around(screen, self._labels, self._zone))

    def of_waiting(self, screen: Screen | None, number: Number | None) -> Said | None:
        """What somebody is told who shows the slip with this number."""
        mine = next((one for one in screen.waiting if one.number == number), None) if screen else None
        return of_ticket(mine.told, around(screen, self._labels, self._zone)) if screen and mine else None

    def promise(self, screen: Screen | None, service: ServiceId, *, is_hour_known: bool) -> Promise:
        """What the slip of a ticket says that is given now."""
        if screen is None:
            return Promise()
        wait = screen.newcomers.get(service)
        told = None if wait is None else Told(at_ms=screen.at_ms, wait=wait)
        said = of_ticket(told, around(screen, self._labels, self._zone if is_hour_known else None))
        return Promise(said, wait if said is not None and said.is_promise else None)
