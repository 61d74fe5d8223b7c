"""What the agent has told of the other centres, kept on this disk: when this one closes there may be no network to ask.

Rule: nothing of an earlier service day is said. Who was on duty yesterday evening says nothing of this one, and a
patient sent to a closed door is worse off than one who was sent nowhere. Of today everything is, with its age, until
the closing of the centre that it is about.
"""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path

from core.room.day import service_day
from core.wire.messages import Elsewhere, Network
from firmware.controller.kept import KeptMessage

__all__ = ["OtherCentres"]

_KEEP_EVERY_S = 300.0
"""News comes once a minute: so often written down it would wear the card as much as the journal does."""


class OtherCentres:
    """`others.json` in the controller's data folder."""

    def __init__(self, data: Path, zone: tzinfo) -> None:
        """
        Args:
            zone: of the clock on this centre's wall.
        """
        self._zone = zone
        self.file = KeptMessage(data / "others.json", Network, every_s=_KEEP_EVERY_S)

    def open_at(self, now_ms: int) -> list[Elsewhere]:
        """Those that give tickets as far as is known, nearest first.

        Args:
            now_ms: the site clock, its hour being certain.
        """
        known = self.file.message
        if known is None:
            return []
        today = service_day(now_ms, self._zone)
        return [
            one
            for one in known.centres
            if service_day(one.heard_ms, self._zone) == today and (one.closes_ms is None or now_ms < one.closes_ms)
        ]
