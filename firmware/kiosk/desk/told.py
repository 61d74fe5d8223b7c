"""What the start page tells of the centre and its neighbours, from the newest screen of the controller.

Rule: of a controller that is not heard, nothing is told.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.edge.site import Site
from core.room.announce import Circumstances, of_newcomer
from core.room.duty import DutyState
from core.room.ids import RoomId
from core.wire.messages import BoardRoom, Screen
from core.wire.messages import Elsewhere as KnownCentre
from firmware.kiosk.dialogue.desk import Elsewhere, OnDuty

__all__ = ["Told"]

_MINUTE_MS = 60_000


class Told:
    """Of one centre."""

    def __init__(self, site: Site) -> None:
        self._zone = ZoneInfo(site.timezone)
        self._labels = {RoomId(room.id): room.label for room in site.rooms}

    def closes(self, screen: Screen | None) -> str | None:
        """Today's closing, hour and minute."""
        return None if screen is None else self._clock(screen.closes_ms)

    def doctors(self, screen: Screen | None) -> tuple[OnDuty, ...]:
        """Those who take patients, in the order of the centre's file."""
        return tuple(self._doctor(room) for room in screen.rooms if room.duty is DutyState.ON) if screen else ()

    def elsewhere(self, screen: Screen | None) -> tuple[Elsewhere, ...]:
        """The nearest centres that give tickets."""
        return tuple(self._centre(one, screen.at_ms) for one in screen.elsewhere) if screen else ()

    def _doctor(self, room: BoardRoom) -> OnDuty:
        return OnDuty(room.practitioner, self._labels.get(room.room, room.room), self._clock(room.until_ms))

    def _centre(self, one: KnownCentre, now_ms: int) -> Elsewhere:
        there = Circumstances(now_ms=now_ms, zone=self._zone, is_on_duty=True, heard_ms=one.heard_ms)
        said = None if one.wait is None else of_newcomer(one.wait, there)
        return Elsewhere(
            name=one.name,
            age_min=max(0, now_ms - one.heard_ms) // _MINUTE_MS,
            distance_m=one.distance_m,
            closes=self._clock(one.closes_ms),
            wait=said.short if said is not None and said.is_promise else None,
        )

    def _clock(self, at_ms: int | None) -> str | None:
        return None if at_ms is None else f"{datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(self._zone):%H:%M}"
