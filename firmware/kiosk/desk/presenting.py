"""A slip that was typed or scanned: the controller is asked for its place, and the patient told what it says.

Rule: without an answer in time nobody is told anything but that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from core.edge.site import Site
from core.room.ids import ServiceId
from core.wire.messages import Answer as ControllersAnswer
from core.wire.messages import Presented, Screen
from firmware.kiosk.desk.waits import Waits
from firmware.kiosk.dialogue.desk import Answer
from firmware.kiosk.dialogue.errands import Present
from firmware.kiosk.dialogue.pages import Checked
from firmware.station import Settled, Station

__all__ = ["Presenting"]

_TTL_S = 3.0

_REJECTED: dict[str | None, Literal["called", "over", "unknown"]] = {
    "already-called": "called",
    "ticket-over": "over",
    "unknown-slip": "unknown",
}


class Presenting:
    """Used from the thread that owns the station; one slip at a time, the newest."""

    def __init__(self, station: Station, site: Site, waits: Waits) -> None:
        self._station = station
        self._service = ServiceId(site.offered[0].id)
        self._waits = waits
        self._open: Present | None = None

    def ask(self, wish: Present) -> Answer | None:
        """Ask; None while the answer is awaited."""
        slip = Presented(slip=wish.slip, service=self._service, language=wish.language, with_result=wish.with_result)
        self._open = wish
        return None if self._station.ask(slip, ttl_s=_TTL_S) else Answer(wish.id, Checked("unsure"))

    def settle(self, settled: Settled, screen: Screen | None) -> Answer | None:
        """What the patient is told; None when it was about an earlier slip.

        Args:
            screen: the newest; None while the controller is not heard.
        """
        act = settled.ask.act
        if self._open is None or not isinstance(act, Presented) or act.slip != self._open.slip:
            return None
        checked = _checked(settled.answer)
        return Answer(self._open.id, replace(checked, wait=self._waits.of_waiting(screen, checked.number)))


def _checked(answer: ControllersAnswer | None) -> Checked:
    if answer is None or answer.outcome == "expired":
        return Checked("unsure")
    if answer.outcome == "done":
        return Checked("kept", answer.number)
    return Checked(_REJECTED.get(answer.code, "unsure"))
