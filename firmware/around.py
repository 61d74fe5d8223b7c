"""What bears on the words of a wait, as the centre's screen tells it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from core.room.announce import Circumstances, Expected
from core.room.duty import DutyState
from core.room.ids import RoomId
from core.room.phrases import Phrase
from core.wire.messages import Screen

__all__ = ["around"]


def around(screen: Screen, labels: Mapping[RoomId, str], zone: tzinfo | None) -> Circumstances:
    """
    Args:
        screen: a fresh one: of an old one nothing is said.
        labels: what stands on each room's door.
        zone: of the clock on the wall; None where the hour is not to be trusted.
    """
    expected = screen.expected
    return Circumstances(
        now_ms=screen.at_ms,
        zone=zone,
        is_on_duty=not screen.rooms or any(room.duty is not DutyState.OFF for room in screen.rooms),
        expected=None
        if expected is None
        else Expected(
            who=expected.practitioner or Phrase("duty.unnamed", {"label": labels.get(expected.room, expected.room)}),
            at_ms=expected.begins_ms,
        ),
    )
